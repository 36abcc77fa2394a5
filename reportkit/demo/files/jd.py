"""JD's files of trade: orders and after-sales.

A paid order that is called off before it leaves is told by the order file alone: its state keeps the word it had,
behind (删除). Any other refund is an after-sale, and leaves the order complete.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files import jd_bill, jd_daily
from reportkit.demo.files.cells import moments, texts, words, yuan
from reportkit.demo.files.figures import picked
from reportkit.demo.files.jd_told import after_sales, order_dues, told_orders
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import buyer_name, item_id, order_id, refund_id

__all__ = ["REPORTS", "entries"]

_ID = "jd"


def orders(span: Span) -> Frame:
    """Return one row an order line; amount, freight and times are the order's, on each of its rows."""
    say, catalogue = layouts()["jd/orders"].words, span.world.catalogue
    lines, told = span.facts.lines, told_orders(span.facts.orders)
    place = lines["order"].to_numpy()
    of = told.take(place)
    cities = span.world.merchant.provinces
    addresses = {name: say["address"].format(name, cities[name].city) for name in cities}
    return {
        "number": order_id(_ID, lines["serial"]),
        "item": item_id(_ID, lines["product"]),
        "title": picked(catalogue.products["title"], lines["product"]),
        "qty": texts(lines["qty"]),
        "due": yuan(order_dues(lines, len(told))[place]),
        "state": words(of["state"], say["state"]),
        "code": picked(catalogue.skus["code"], lines["sku"]),
        "created": moments(of["created"]),
        "paid": moments(of["paid"]),
        "price": yuan(lines["listed"] // lines["qty"]),
        "freight": yuan(of["freight"]),
        "ended": moments(of["completed"].fillna(of["closed"])),
        "buyer": buyer_name(_ID, of["buyer"]),
        "address": words(of["province"], addresses),
    }


def refunds(span: Span) -> Frame:
    """Return one row an after-sale; an amount and a time stand there once money went back."""
    say, rows = layouts()["jd/refunds"].words, span.facts.refunds
    rows = rows[after_sales(rows)]
    success = rows["state"] == "success"
    amount = yuan(rows["back_goods"] + rows["back_freight"])
    return {
        "refund_number": refund_id(_ID, rows["refund"]),
        "asked": moments(rows["asked"]),
        "number": order_id(_ID, rows["serial"]),
        "item": item_id(_ID, rows["product"]),
        "title": picked(span.world.catalogue.products["title"], rows["product"]),
        "reason": texts(rows["reason"]),
        "state": words(rows["state"], say["state"]),
        "back": pc.if_else(pa.array(success.to_numpy()), amount, ""),
        "refunded": moments(rows["resolved"].where(success)),
    }


entries = jd_bill.entries

REPORTS = (
    Report("jd/orders", orders),
    Report("jd/refunds", refunds),
    *jd_bill.REPORTS,
    *jd_daily.REPORTS,
)
