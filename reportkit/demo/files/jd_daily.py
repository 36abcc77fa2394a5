"""JD's reports by day: the shop, its channels and its products as 商智 tells them, and advertising."""

from __future__ import annotations

import pandas as pd
import pyarrow.compute as pc

from reportkit.demo.files.cells import dates, grouped, texts, whole, yuan
from reportkit.demo.files.figures import averages, levels, picked, rates
from reportkit.demo.files.jd_told import deal_amounts
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import campaign_id, item_id

__all__ = ["REPORTS"]

_ID = "jd"


def shop(span: Span) -> Frame:
    """Return one row a day; the amount holds freight and nothing that was cancelled on the day it was paid."""
    rows = span.facts.visitors
    rows = rows[rows["channel"] == ""]
    amount = pd.Series(deal_amounts(rows, span.facts.refunds), index=rows.index)
    pieces = span.facts.items.groupby("day")["pay_qty"].sum().reindex(rows["day"]).fillna(0)
    return {
        "date": dates(rows["day"]),
        "amount": grouped(amount),
        "pay_qty": whole(pieces.astype(int)),
        "per_buyer": averages(amount, rows["pay_buyers"]),
        **{name: whole(rows[name]) for name in ("pay_buyers", "pay_orders", "pv", "visitors", "cart")},
    }


def sources(span: Span) -> Frame:
    """Return one row a channel and day."""
    say, rows = layouts()["jd/traffic_source"].words, span.facts.visitors
    rows = rows[rows["channel"] != ""]
    return {
        "date": dates(rows["day"]),
        **levels(rows["channel"], say["above"]),
        "visitors": texts(rows["visitors"]),
        "amount": yuan(rows["amount"]),
        "pay_buyers": texts(rows["pay_buyers"]),
        "per_visitor": averages(rows["amount"], rows["visitors"]),
        "per_buyer": averages(rows["amount"], rows["pay_buyers"]),
    }


def items(span: Span) -> Frame:
    """Return one row a product and day."""
    rows, products = span.facts.items, span.world.catalogue.products
    return {
        "date": dates(rows["day"]),
        "item": item_id(_ID, rows["product"]),
        **{name: picked(products[name], rows["product"]) for name in ("title", "l1", "l2", "code")},
        "amount": yuan(rows["amount"]),
        **{name: texts(rows[name]) for name in ("pay_qty", "pay_buyers", "pv", "visitors", "cart")},
        "cvr": rates(rows["pay_buyers"], rows["visitors"]),
        "per_buyer": averages(rows["amount"], rows["pay_buyers"]),
        "per_visitor": averages(rows["amount"], rows["visitors"]),
    }


def ads(span: Span) -> Frame:
    """Return one row a plan and day; a product line has one plan."""
    say, rows = layouts()["jd/ads"].words, span.facts.ads
    place = rows["scene"].astype(str).map(list(span.world.merchant.platforms[_ID].ads).index)
    return {
        "date": dates(rows["day"], "%Y%m%d"),
        "scene": texts(rows["scene"]),
        "plan_id": campaign_id(_ID, place.to_numpy(int)),
        "plan": pc.binary_join_element_wise(texts(rows["scene"]), say["plan"], ""),
        "impressions": whole(rows["impressions"]),
        "clicks": whole(rows["clicks"]),
        "spend": yuan(rows["spend"]),
        "orders": texts(rows["orders"]),
        "gmv": yuan(rows["gmv"]),
        "new_buyers": texts(rows["new_buyers"]),
    }


REPORTS = (
    Report("jd/traffic_shop", shop),
    Report("jd/traffic_source", sources),
    Report("jd/traffic_item", items),
    Report("jd/ads", ads),
)
