"""Pinduoduo's reports by day: the shop, and advertising by item."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.cells import dates, texts, words, yuan
from reportkit.demo.files.figures import averages, rates
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import item_id
from reportkit.demo.world import World

__all__ = ["REPORTS", "advertised"]

_ID = "pdd"


def shop(span: Span) -> Frame:
    """Return one row a day; the amount is what users paid, freight included."""
    rows = span.facts.visitors
    rows = rows[rows["channel"] == ""]
    amount = rows["amount"] - rows["platform"] - rows["influencer"] - rows["payment"]
    return {
        "date": dates(rows["day"]),
        **{name: texts(rows[name]) for name in ("visitors", "pv", "fav", "pay_orders", "pay_buyers")},
        "amount": yuan(amount),
        "cvr": rates(rows["pay_buyers"], rows["visitors"]),
        "per_buyer": averages(amount, rows["pay_buyers"]),
    }


def ads(span: Span) -> Frame:
    """Return one row a plan and day; a scene has one plan, for one item. Red packets are inside the spend."""
    say, rows = layouts()["pdd/ads"].words, span.facts.ads
    product, spend = advertised(span.world, rows["scene"]), rows["spend"] + rows["bonus"]
    scene = words(rows["scene"], {name: name for name in span.world.merchant.platforms[_ID].ads})
    return {
        "date": dates(rows["day"]),
        "item": item_id(_ID, product),
        "title": pa.array(span.world.catalogue.products["title"].take(product), pa.string()),
        "scene": scene,
        "plan": pc.binary_join_element_wise(scene, say["plan"], ""),
        "spend": yuan(spend),
        "gmv": yuan(rows["gmv"]),
        "roas": averages(rows["gmv"] * 100, spend),
        "orders": texts(rows["orders"]),
        "per_order": averages(spend, rows["orders"]),
        "impressions": texts(rows["impressions"]),
        "clicks": texts(rows["clicks"]),
    }


def advertised(world: World, scenes: Any) -> np.ndarray:
    """Return the product (place in the catalogue) that the plan of each scene advertises."""
    place = {code: number for number, code in enumerate(world.catalogue.products["code"])}
    item = {scene: place[code] for scene, code in layouts()["pdd/ads"].words["item"].items()}
    return np.array([item[str(scene)] for scene in scenes], dtype=np.int64)


REPORTS = (
    Report("pdd/traffic_shop", shop),
    Report("pdd/ads", ads),
)
