"""Douyin's files of trade: sub-orders and after-sales."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files import douyin_daily, douyin_funds
from reportkit.demo.files.cells import grouped, moments, texts, words, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import influencer_id, item_id, line_id, order_id, refund_id

__all__ = ["REPORTS", "entries"]

_ID = "douyin"


def orders(span: Span) -> Frame:
    """Return one row a sub-order; freight stands on the first of an order."""
    say, lines, catalogue = layouts()["douyin/orders"].words, span.facts.lines, span.world.catalogue
    of = span.facts.orders.take(lines["order"].to_numpy()).reset_index(drop=True)
    shop = span.world.merchant
    skus = catalogue.skus.take(lines["sku"].to_numpy())
    freight = of["freight"].where(lines["line"] == 0, 0)
    gone = lines["state"] == "refunded"
    state = of["state"].astype(str).mask(gone, "refunded")
    back = of["ended"].fillna(lines["resolved"].where(gone))
    ended = back.fillna(of["completed"]).fillna(of["cancelled"])
    scenes = {scene.channel: say["advertised"] for scene in shop.platforms[_ID].ads.values()}
    return {
        "number": order_id(_ID, lines["serial"]),
        "line_number": line_id(_ID, lines["serial"], lines["line"]),
        "title": pa.array(catalogue.products["title"].take(lines["product"].to_numpy()), pa.string()),
        "spec": pa.array(skus["spec"], pa.string()),
        "qty": texts(lines["qty"]),
        "item": item_id(_ID, lines["product"]),
        "code": pa.array(skus["code"], pa.string()),
        "price": grouped(lines["listed"] // lines["qty"]),
        "payable": grouped(_payable(lines) + freight),
        "freight": grouped(freight),
        "discounts": grouped(lines["discount"] + lines["platform"] + lines["influencer"]),
        **{name: grouped(lines[name]) for name in ("platform", "discount", "influencer", "payment")},
        "province": words(of["province"], {name: name for name in shop.provinces}),
        "city": words(of["province"], {name: one.city for name, one in shop.provinces.items()}),
        "created": moments(of["created"]),
        "ended": moments(ended),
        "paid": moments(of["paid"]),
        "state": words(state, say["state"]),
        "kind": words(of["presale"], say["kind"]),
        "influencer_id": pc.fill_null(influencer_id(_ID, of["influencer"]), say["none"]),
        "refund_state": words(lines["refund_state"], say["refund_state"]),
        "closed_because": words(state, say["closed_because"]),
        "carrier": words(of["carrier"], {name: name for name in of["carrier"].cat.categories}),
        "channel": words(of["channel"], {name: name for name in shop.platforms[_ID].channels}),
        "advertised": words(of["channel"], scenes),
        "shipped": moments(of["shipped"]),
    }


def refunds(span: Span) -> Frame:
    """Return one row an after-sale."""
    say, rows, catalogue = layouts()["douyin/refunds"].words, span.facts.refunds, span.world.catalogue
    success = (rows["state"] == "success").to_numpy()
    settled = rows["resolved"].notna().to_numpy()
    refused = rows["state"].isin(["refused", "cancelled"]).to_numpy()
    kind = rows["type"].astype(str).mask(rows["type"] == "仅退款", rows["stage"].astype(str))
    return {
        "refund_number": refund_id(_ID, rows["refund"]),
        "number": order_id(_ID, rows["serial"]),
        "line_number": line_id(_ID, rows["serial"], rows["line"]),
        "title": pa.array(catalogue.products["title"].take(rows["product"].to_numpy()), pa.string()),
        "item": item_id(_ID, rows["product"]),
        "payable": yuan(_payable(rows) + rows["freight"]),
        "freight": yuan(rows["freight"]),
        "payment": yuan(rows["payment"]),
        "stage": words(rows["stage"], say["stage"]),
        "kind": words(kind, say["kind"]),
        "goods": pc.binary_join_element_wise("¥", yuan(rows["back_goods"]), ""),
        "back_freight": yuan(rows["back_freight"]),
        "subsidy": _or_none(rows["back_subsidy"], say["none"]),
        "state": words(rows["state"], say["state"]),
        "asked": moments(rows["asked"]),
        "reason": words(rows["reason"], {name: name for name in rows["reason"].cat.categories}),
        "agreed": moments(rows["agreed"]),
        "refunded": moments(rows["resolved"].where(success)),
        "closed": moments(rows["resolved"].where(settled & refused)),
        "resolved": moments(rows["resolved"]),
        "code": pa.array(catalogue.skus["code"].take(rows["sku"].to_numpy()), pa.string()),
    }


entries = douyin_funds.entries

REPORTS = (
    Report("douyin/orders", orders),
    Report("douyin/refunds", refunds),
    *douyin_funds.REPORTS,
    *douyin_daily.REPORTS,
)


def _payable(lines: pd.DataFrame) -> pd.Series:
    """What the buyer is asked for, before freight and the payment service's own discount."""
    return lines["due"] - lines["platform"] - lines["influencer"]


def _or_none(fen: pd.Series, none: str) -> pa.Array:
    """Write yuan; `none` where there is nothing."""
    return pc.if_else(pa.array(np.asarray(fen) != 0), yuan(fen), none)
