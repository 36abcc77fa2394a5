"""``params/explain.yaml``: when a change is explained, and when spending and platforms are judged."""

from __future__ import annotations

from reportkit.analysis.attribute import Limits
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Explain", "read_explain"]


class Causes(Strict):
    """What is explained, and when an element is named (see analysis.attribute and analysis.beside)."""

    money: tuple[str, ...]
    least_power: float
    enough_power: float
    stands_out: float
    most_elements: int
    least_n: int
    depth: int
    history: int
    level: float
    advised: float

    @property
    def limits(self) -> Limits:
        """The limits of an attribution."""
        return Limits(self.least_power, self.enough_power, self.most_elements, self.least_n, self.depth)


class Spend(Strict):
    """The days of a marginal return, and what moves spend from one platform to another."""

    days: int
    least_days: int
    level: float
    move: tuple[float, float]
    above_breakeven: float
    budget_used: float
    stock_short: float
    index_low: float


class Traffic(Strict):
    """When a line of advertising is cheap, and when one channel carries too much."""

    cheap_share: float
    cheap_price: float
    cheap_return: float
    top_share: float


class Promoters(Strict):
    """When a platform hangs on one influencer, and when an influencer's orders come back."""

    share: float
    of_platform: float
    level: float
    least: int
    discovery: float
    times: float


class Classes(Strict):
    """When a platform is promising."""

    ahead: float
    weeks: int
    improving: int


class Explain(Strict):
    """The whole file; `costs` is the least share of sales with a known cost for a margin to count."""

    change: Causes
    spending: Spend
    traffic: Traffic
    influencers: Promoters
    costs: float
    quadrant: Classes


def read_explain(project: Project) -> Explain:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/explain.yaml")
    return load_model(Explain, read_yaml(path), str(path))
