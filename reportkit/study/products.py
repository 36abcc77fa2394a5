"""``params/products.yaml``: what the product board calls scarce, slow, new, busy."""

from __future__ import annotations

from pydantic import Field

from reportkit.analysis.inventory import Limits
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Products", "read_products"]


class Lead(Strict):
    """Days from an order to its arrival, and their standard deviation."""

    days: float
    sd: float


class Stock(Strict):
    """Demand, service level, classes, and the days that part the states of a SKU (see analysis.inventory)."""

    windows: dict[int, float]
    least: int
    level: float
    service: dict[str, float]
    abc: tuple[float, float]
    xyz: tuple[float, float]
    weeks: int
    profit_days: int
    review: float
    lead: Lead
    deliveries: int
    deliveries_days: int
    ended: tuple[str, ...]
    limits: Limits


class Lost(Strict):
    """The share of buyers who take something else: as estimated, at least and at most; days back; units of peers."""

    substitution: float
    least: float
    most: float
    level: float
    back: int
    peers: float


class Seasons(Strict):
    """Months [first, last] of each season, days for which it is looked at `after` its end, and how far `behind`."""

    months: dict[str, list[tuple[int, int]]]
    after: int
    behind: float


class Disposal(Strict):
    """Days of cover to keep, the discount at most and at least, days to send back, days of cover to clear."""

    keep: float
    discount: tuple[float, float]
    returns: int
    clear: float


class Pages(Strict):
    """When a product's page is busy or quiet, and when enough people saw it."""

    level: float
    busy: float
    quiet: float
    least_visitors: int
    least_buyers: int


class Tags(Strict):
    """When a product gets a tag."""

    margin_below: float
    new_above: float
    refunds_sd: float
    refunds_above: float
    false_share: float
    new_days: int


class Launches(Strict):
    """How long a launch is followed, and against how many earlier ones."""

    days: int
    recent: int
    least: int
    early: int
    late: int


class Pairs(Strict):
    """Which pairs count (see analysis.basket), and which make a bundle."""

    days: int
    least_n: int
    least_share: float
    least_confidence: float
    least_lift: float
    level: float
    bundle_lift: float
    bundle_confidence: float


class Cuts(Strict):
    """When a lower price is a cut, and how it is judged."""

    days: int
    deeper: float
    before: int
    level: float
    least_units: int


class Repurchase(Strict):
    """Whose coming back is looked at, and for how long."""

    buyers_days: int
    within: int
    level: float


class Products(Strict):
    """The whole file."""

    stock: Stock
    lost: Lost
    seasons: Seasons
    turnover_months: int
    disposal: Disposal
    pages: Pages
    tags: Tags
    launches: Launches
    pairs: Pairs
    cuts: Cuts
    repurchase: Repurchase
    roles: dict[str, float] = Field(default_factory=dict)
    role_gap: float
    rows: dict[str, int]


def read_products(project: Project) -> Products:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/products.yaml")
    return load_model(Products, read_yaml(path), str(path))
