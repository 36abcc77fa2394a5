"""Tmall's files of trade: the order report, the order line report and the refunds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files import tmall_bill, tmall_daily
from reportkit.demo.files.cells import constant, moments, texts, words, yuan
from reportkit.demo.files.figures import picked
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import buyer_name, item_id, line_id, order_id, refund_id

__all__ = ["REPORTS", "entries"]

_ID = "tmall"


def orders(span: Span) -> Frame:
    """Return one row an order; what was paid shrinks as money goes back."""
    say = layouts()["tmall/orders"].words
    known, lines = span.facts.orders, span.facts.lines
    due, back = (_by_order(lines, lines[column], len(known)) for column in ("due", "done_goods"))
    total = due + known["freight"].to_numpy()
    settled = np.where(known["paid"].notna(), total - back, 0)
    released = np.where(known["state"] == "completed", settled, 0)
    kinds = lines.drop_duplicates(["order", "product"])["order"]
    return {
        "number": order_id(_ID, known["serial"]),
        "buyer": buyer_name(_ID, known["buyer"]),
        "due": yuan(due),
        "freight": yuan(known["freight"]),
        "total": yuan(total),
        "paid_amount": yuan(settled),
        "state": words(known["state"], say["state"]),
        "address": words(known["province"], _addresses(span, say["address"])),
        "created": moments(known["created"]),
        "paid": moments(known["paid"]),
        "title": _titles(span, len(known), say["join"]),
        "kinds": texts(np.bincount(kinds, minlength=len(known))),
        "qty": texts(_by_order(lines, lines["qty"], len(known))),
        "shop": constant(span.world.merchant.platforms[_ID].shop, len(known)),
        "closed_because": words(known["state"], _reasons(say)),
        "stages": _stages(known),
        "refunded": yuan(back),
        "completed": moments(known["completed"]),
        "released": pc.binary_join_element_wise(yuan(released), say["unit"], ""),
        "presale": words(known["presale"], say["yes_no"]),
        "shipped": moments(known["shipped"]),
    }


def order_lines(span: Span) -> Frame:
    """Return one row an order line."""
    say, of_order = layouts()["tmall/order_lines"].words, layouts()["tmall/orders"].words
    lines, catalogue = span.facts.lines, span.world.catalogue
    of = span.facts.orders.take(lines["order"].to_numpy())
    asked = lines["refund_state"].to_numpy() != "none"
    return {
        "line_number": line_id(_ID, lines["serial"], lines["line"]),
        "number": order_id(_ID, lines["serial"]),
        "title": picked(catalogue.products["title"], lines["product"]),
        "price": yuan(lines["listed"] // lines["qty"]),
        "qty": texts(lines["qty"]),
        "spec": pc.binary_join_element_wise(say["spec"], picked(catalogue.skus["spec"], lines["sku"]), ""),
        "code": picked(catalogue.skus["code"], lines["sku"]),
        "state": words(lines["state"], of_order["state"]),
        "due": yuan(lines["due"]),
        "paid_amount": yuan(np.where(of["paid"].notna(), lines["due"] - lines["done_goods"], 0)),
        "refund_state": words(lines["refund_state"], say["refund_state"]),
        "refunded": pc.if_else(pa.array(asked), yuan(lines["back_goods"]), say["no_refund"]),
        "created": moments(of["created"]),
        "paid": moments(of["paid"]),
        "item": item_id(_ID, lines["product"]),
        "stages": _stages(of),
    }


def refunds(span: Span) -> Frame:
    """Return one row a refund: what the buyer gets back, freight included."""
    say, rows = layouts()["tmall/refunds"].words, span.facts.refunds
    catalogue = span.world.catalogue
    return {
        "number": order_id(_ID, rows["serial"]),
        "refund_number": refund_id(_ID, rows["refund"]),
        "paid": moments(rows["paid"]),
        "item": item_id(_ID, rows["product"]),
        "code": picked(catalogue.skus["code"], rows["sku"]),
        "resolved": moments(rows["resolved"]),
        "due": yuan(rows["due"] + rows["freight"]),
        "title": picked(catalogue.products["title"], rows["product"]),
        "back": yuan(rows["back_goods"] + rows["back_freight"]),
        "kind": texts(rows["type"]),
        "asked": moments(rows["asked"]),
        "state": words(rows["state"], say["state"]),
        "receipt": words(rows["stage"], say["receipt"]),
        "parcel": words(rows["stage"], say["parcel"]),
        "reason": texts(rows["reason"]),
        "returned": moments(rows["returned"]),
        "phase": words(rows["stage"], say["phase"]),
        "extent": words(rows["whole"], say["extent"]),
    }


entries = tmall_bill.entries

REPORTS = (
    Report("tmall/orders", orders),
    Report("tmall/order_lines", order_lines),
    Report("tmall/refunds", refunds),
    *tmall_bill.REPORTS,
    *tmall_daily.REPORTS,
)


def _by_order(lines: pd.DataFrame, amounts: pd.Series, count: int) -> np.ndarray:
    """Add up whole numbers of lines by their order."""
    return np.bincount(lines["order"], weights=amounts, minlength=count).astype(np.int64)


def _addresses(span: Span, form: str) -> dict[str, str]:
    return {name: form.format(name, place.city) for name, place in span.world.merchant.provinces.items()}


def _reasons(say: dict[str, dict[str, str]]) -> dict[str, str]:
    """Why an order was closed; of one that is not, that it is open."""
    return {state: say["closed_because"].get(state, str(say["open"])) for state in say["state"]}


def _titles(span: Span, count: int, between: str) -> pa.Array:
    """The titles of an order's goods, line after line."""
    lines = span.facts.lines
    titles = span.world.catalogue.products["title"].astype(object).to_numpy()
    columns = []
    for place in range(int(lines["line"].max()) + 1 if len(lines) else 1):
        column = np.full(count, None, dtype=object)
        here = lines[lines["line"] == place]
        column[here["order"].to_numpy()] = titles[here["product"].to_numpy()]
        columns.append(pa.array(column, pa.string()))
    return pc.binary_join_element_wise(*columns, between, null_handling="skip")


def _stages(known: pd.DataFrame) -> pa.Array:
    """What became of deposit and balance; nothing for an order without a deposit."""
    say = layouts()["tmall/orders"].words
    paid = pc.if_else(pa.array(known["paid"].notna()), say["balance"]["paid"], say["balance"]["unpaid"])
    text = pc.binary_join_element_wise(say["stages"], paid, "")
    return pc.if_else(pa.array(known["presale"]), text, "")
