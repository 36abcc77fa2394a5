"""The demo merchant as written in ``merchant.yaml``: what is sold where, and how people behave."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from reportkit.project import Strict, load_model, read_yaml

__all__ = [
    "Affinity",
    "Bearing",
    "Channel",
    "Festival",
    "Freight",
    "Launch",
    "Merchant",
    "Noise",
    "Product",
    "Province",
    "Repurchase",
    "Scene",
    "Shipping",
    "Shop",
    "Sku",
    "StockHabits",
    "Supplier",
    "merchant",
]

_FILE = Path(__file__).with_name("merchant.yaml")


class Channel(Strict):
    """A channel's visitors as a share of the shop's, its conversion as a factor; influencers' share."""

    share: float
    cvr: float
    carrier: str | None = None
    influencers: float = 0.0


class Scene(Strict):
    """One kind of advertising: the channel it feeds, its share of the spend, spend per sales, yuan a click.

    `part` is how much of the channel's visitors come for advertising at all.
    """

    channel: str
    share: float
    ratio: float
    click: float
    part: float = 1.0


class Bearing(Strict):
    """Which share of lines somebody else helps to pay, and how much of what is due."""

    share: float
    rate: float


class Freight(Strict):
    """What a small order is charged, in yuan, and from which sum on it is not."""

    charge: int
    free_from: int


class Shop(Strict):
    """One platform's shop: `visitors` a day at the start, `growth` a year, `promo` a power of the factors.

    `whole_percent`: an order's discount is a whole percent of every line.
    """

    shop: str
    type: str
    visitors: float
    growth: float
    cvr: float
    discount: float
    whole_percent: bool = False
    repeat: float
    second_line: float
    promo: float
    freight: Freight
    taste: dict[str, float]
    bears: dict[str, Bearing]
    channels: dict[str, Channel]
    ads: dict[str, Scene]


class Sku(Strict):
    """One variant: its share of the product's sales, price and cost as factors of the product's."""

    spec: str
    share: float
    price: float = 1.0


class Product(Strict):
    """One product; `price` and `cost` in yuan, `refund` a factor on the shop's refund share."""

    code: str
    title: str
    l1: str
    l2: str
    season: str
    role: str
    price: int
    cost: int
    weight: float
    refund: float
    listed: date
    supplier: str
    moq: int
    skus: dict[str, Sku]


class Affinity(Strict):
    """Of orders begun with `main`, the share that takes `other` too."""

    main: str
    other: str
    share: float


class Supplier(Strict):
    """Mean and deviation of a supplier's days from order to receipt."""

    lead: float
    sd: float


class Province(Strict):
    """A province with one of its cities, how many buyers live there, and a parcel's days on the way."""

    city: str
    weight: float
    days: float


class Festival(Strict):
    """Spring Festivals and the days about them on which fewer, then more, visit."""

    days: list[date]
    dip: tuple[int, int]
    least: float
    rebound: tuple[int, int]
    most: float


class Repurchase(Strict):
    """Days until a buyer comes back: lognormal, cut off at `most`."""

    median: float
    sigma: float
    most: int


class Noise(Strict):
    """Deviations of the logarithm, day by day."""

    visitors: float
    channel: float
    cvr: float
    spend: float
    claim: float


class Launch(Strict):
    """How slowly a new product reaches its weight."""

    days: int
    least: float


class Shipping(Strict):
    """Hours until dispatch (lognormal, at most) and the carrier's scan; days until receipt is confirmed."""

    median: float
    sigma: float
    most: float
    scan: tuple[float, float]
    travel: float
    confirm: float
    automatic: float


class StockHabits(Strict):
    """Reordering: days between reviews, days and deviations kept in reserve; days of inspecting what comes back."""

    review: int
    safety: int
    deviations: float
    inspection: int


class Merchant(Strict):
    """``merchant.yaml``."""

    brand: str
    unpaid: float
    balance_unpaid: float
    quantities: list[float]
    third_line: float
    history: int
    repurchase: Repurchase
    noise: Noise
    returns_to_scale: float
    hours: dict[str, list[float]]
    weekdays: list[float]
    months: list[float]
    festival: Festival
    platforms: dict[str, Shop]
    influencers: list[float]
    seasons: dict[str, list[float]]
    launch: Launch
    suppliers: dict[str, Supplier]
    affinities: list[Affinity]
    products: list[Product]
    stock: StockHabits
    provinces: dict[str, Province]
    shipping: Shipping


@cache
def merchant() -> Merchant:
    """Return the demo merchant."""
    return load_model(Merchant, read_yaml(_FILE), _FILE.name)
