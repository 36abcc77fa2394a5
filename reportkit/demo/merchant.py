"""The demo merchant as written in ``merchant.yaml``: what is sold, where, and how people behave."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from reportkit.project import Strict, load_model, read_yaml

__all__ = [
    "Merchant",
    "Phase",
    "Product",
    "Promotion",
    "Province",
    "RefundHabits",
    "Shop",
    "Subsidy",
    "merchant",
]

_FILE = Path(__file__).with_name("merchant.yaml")


class Shop(Strict):
    """One platform's shop: `visitors` a day at the start, `growth` a year, `cvr_drop` the planted fault."""

    shop: str
    shop_type: str
    visitors: float
    growth: float
    cvr: float
    refund_share: float
    ad_ratio: float
    roas: float
    cvr_drop: float


class Subsidy(Strict):
    """Which share of lines somebody else helps to pay, and how much of the line."""

    share: float
    rate: float


class RefundHabits(Strict):
    """When refunds are paid back, in days after payment, and what becomes of them."""

    first_day: float
    last_day: float
    shape: tuple[float, float]
    refused_share: float
    exchange_share: float
    partial_share: float
    goods_kept_share: float


class Phase(Strict):
    """A promotion's phase: factors on visitors, conversion and discount; share of orders with a deposit."""

    visitors: float
    cvr: float
    discount: float
    presale: float


class Promotion(Strict):
    """A yearly promotion: its phases as (first, last) days, written ``MM-DD``."""

    name: str
    phases: dict[str, tuple[str, str]]


class Product(Strict):
    """One product; `price` in yuan, `refund` a factor on the shop's refund share."""

    code: str
    title: str
    l1: str
    l2: str
    price: int
    weight: float
    refund: float
    role: str
    listed: date


class Province(Strict):
    """A province with one of its cities, and how many buyers live there."""

    city: str
    weight: float


class Merchant(Strict):
    """``merchant.yaml``."""

    brand: str
    unpaid_share: float
    repeat_share: float
    second_line_share: float
    free_freight_from: int
    freight: int
    list_discount: float
    platforms: dict[str, Shop]
    subsidies: dict[str, Subsidy]
    weekdays: list[float]
    months: list[float]
    hours: list[float]
    refunds: RefundHabits
    phases: dict[str, Phase]
    promotions: dict[str, Promotion]
    products: list[Product]
    provinces: dict[str, Province]
    carriers: dict[str, float]
    refund_reasons: dict[str, float]
    ad_scenes: dict[str, float]


@cache
def merchant() -> Merchant:
    """Return the demo merchant."""
    return load_model(Merchant, read_yaml(_FILE), _FILE.name)
