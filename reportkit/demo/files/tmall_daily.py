"""Tmall's reports by day: the shop, its channels and its items as 生意参谋 tells them, and advertising."""

from __future__ import annotations

import pandas as pd
import pyarrow.compute as pc

from reportkit.demo.files.cells import constant, dates, grouped, texts, whole, yuan
from reportkit.demo.files.figures import averages, levels, picked, rates
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import campaign_id, item_id

__all__ = ["REPORTS", "channel_sums"]

_ID = "tmall"
_SUMMED = ("visitors", "new_visitors", "fav", "cart", "order_buyers", "pay_buyers", "stay_seconds", "amount")
_FINE = 4  # digits of a rate from which a count is made again


def shop(span: Span) -> Frame:
    """Return one row a day: counts with thousands separators, rates as text with %."""
    rows = span.facts.visitors
    rows = rows[rows["channel"] == ""]
    counts = (
        "visitors",
        "pv",
        "new_visitors",
        "fav",
        "cart",
        "order_buyers",
        "pay_buyers",
        "pay_orders",
        "pay_lines",
    )
    return {
        "date": dates(rows["day"]),
        "shop": constant(span.world.merchant.platforms[_ID].shop, len(rows)),
        **{name: whole(rows[name]) for name in counts},
        "bounce": rates(rows["bounce"], rows["visitors"], _FINE),
        "stay": averages(rows["stay_seconds"] * 100, rows["visitors"]),
        "amount": grouped(rows["amount"]),
        "cvr": rates(rows["pay_buyers"], rows["visitors"]),
    }


def sources(span: Span) -> Frame:
    """Return one row a channel of the span, whose days stand in the file's name only."""
    say, rows = layouts()["tmall/traffic_source"].words, channel_sums(span.facts.visitors)
    return {
        **levels(rows["channel"], say["above"]),
        **{name: whole(rows[name]) for name in _SUMMED if name not in ("stay_seconds", "amount")},
        "stay": averages(rows["stay_seconds"] * 100, rows["visitors"]),
        "cvr": rates(rows["pay_buyers"], rows["visitors"]),
        "amount": grouped(rows["amount"]),
        "per_buyer": averages(rows["amount"], rows["pay_buyers"]),
        "per_visitor": averages(rows["amount"], rows["visitors"]),
    }


def channel_sums(visitors: pd.DataFrame) -> pd.DataFrame:
    """Return one row a channel, in the order of the channels: what its days add up to."""
    rows = visitors[visitors["channel"] != ""]
    return rows.groupby(rows["channel"].astype(str), sort=False)[list(_SUMMED)].sum().reset_index()


def items(span: Span) -> Frame:
    """Return one row an item and day."""
    rows, products = span.facts.items, span.world.catalogue.products
    return {
        "date": dates(rows["day"]),
        "item": item_id(_ID, rows["product"]),
        "title": picked(products["title"], rows["product"]),
        "code": picked(products["code"], rows["product"]),
        **{name: whole(rows[name]) for name in ("visitors", "pv", "fav", "cart", "pay_buyers", "pay_qty")},
        "amount": grouped(rows["amount"]),
        "cvr": rates(rows["pay_buyers"], rows["visitors"]),
        "per_visitor": averages(rows["amount"], rows["visitors"]),
    }


def ads(span: Span) -> Frame:
    """Return one row a plan and day; a scene has one plan."""
    say, rows = layouts()["tmall/ads"].words, span.facts.ads
    place = rows["scene"].astype(str).map(list(span.world.merchant.platforms[_ID].ads).index).to_numpy(int)
    return {
        "date": dates(rows["day"]),
        "scene_id": texts(say["first_scene"] + place),
        "scene": texts(rows["scene"]),
        "plan_id": campaign_id(_ID, place),
        "plan": pc.binary_join_element_wise(texts(rows["scene"]), say["plan"], ""),
        "shop": constant(span.world.merchant.platforms[_ID].shop, len(rows)),
        "impressions": texts(rows["impressions"]),
        "clicks": texts(rows["clicks"]),
        "spend": yuan(rows["spend"]),
        "click_rate": rates(rows["clicks"], rows["impressions"]),
        "gmv": yuan(rows["gmv"]),
        "orders": texts(rows["orders"]),
        "new_buyers": texts(rows["new_buyers"]),
        "roas": averages(rows["gmv"] * 100, rows["spend"]),
    }


REPORTS = (
    Report("tmall/traffic_shop", shop),
    Report("tmall/traffic_source", sources, every="month"),
    Report("tmall/traffic_item", items),
    Report("tmall/ads", ads),
)
