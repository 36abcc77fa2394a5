"""Douyin's reports by day: the shop and its items as 罗盘 tells them, and advertising by account.

成交金额 of the shop is what platform and influencers bear besides what users paid. It would hold a presale's deposit
from the day it is paid; no order file tells deposits, so a presale stands wholly on the day of its balance here.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from reportkit.demo.files.cells import constant, dates, texts, words, yuan
from reportkit.demo.files.figures import averages
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import item_id
from reportkit.demo.world import World

__all__ = ["REPORTS", "accounts"]

_ID = "douyin"


def shop(span: Span) -> Frame:
    """Return one row a day; the visitors are the people who clicked an item."""
    rows = span.facts.visitors
    rows = rows[rows["channel"] == ""]
    amount = rows["amount"] - rows["payment"]
    return {
        **_days(rows["day"]),
        "shop": constant(span.world.merchant.platforms[_ID].shop, len(rows)),
        "amount": yuan(amount),
        "buyer_paid": yuan(amount - rows["platform"] - rows["influencer"]),
        **{name: texts(rows[name]) for name in ("pay_orders", "pay_buyers", "impressions", "visitors")},
    }


def items(span: Span) -> Frame:
    """Return one row an item and day; the amount is what users paid."""
    rows = span.facts.items
    return {
        **_days(rows["day"]),
        "item": item_id(_ID, rows["product"]),
        "title": pa.array(
            span.world.catalogue.products["title"].take(rows["product"].to_numpy()), pa.string()
        ),
        "shop": constant(span.world.merchant.platforms[_ID].shop, len(rows)),
        "buyer_paid": yuan(rows["amount"] - rows["borne"]),
        **{name: texts(rows[name]) for name in ("visitors", "pay_orders", "pay_buyers", "pay_qty")},
    }


def ads(span: Span) -> Frame:
    """Return one row an account and day; each scene has an account of its own."""
    rows = span.facts.ads
    return {
        "date": dates(rows["day"]),
        "account": words(rows["scene"], accounts(span.world)),
        "spend": yuan(rows["spend"]),
        **{name: texts(rows[name]) for name in ("impressions", "clicks", "orders")},
        "gmv": yuan(rows["gmv"]),
        "roas": averages(rows["gmv"] * 100, rows["spend"]),
    }


def accounts(world: World) -> dict[str, str]:
    """Return by scene the name of the account that spends for it; the lake holds a keyed hash of it."""
    form = layouts()["douyin/ads"].words["account"]
    return {scene: form.format(scene) for scene in world.merchant.platforms[_ID].ads}


def _days(days: pd.Series) -> Frame:
    """The span that was asked for, and the day."""
    return {"span": dates(days, "%Y%m%d-%Y%m%d"), "date": dates(days, "%Y%m%d")}


REPORTS = (
    Report("douyin/traffic_shop", shop),
    Report("douyin/traffic_item", items),
    Report("douyin/ads", ads),
)
