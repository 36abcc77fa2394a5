"""Pinduoduo's files of trade: orders and after-sales.

An order holds one line. Nothing tells when it was placed but its number, which begins with the day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from reportkit.demo.files import pdd_bill, pdd_daily
from reportkit.demo.files.cells import moments, texts, words, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import item_id, order_id, platform_sku_id, refund_id

__all__ = ["REPORTS", "agreed", "entries", "told_states"]

_ID = "pdd"


def orders(span: Span) -> Frame:
    """Return one row an order: 商家实收 holds what others bear for the buyer, 用户实付 does not; both hold freight."""
    say, lines, catalogue = layouts()["pdd/orders"].words, span.facts.lines, span.world.catalogue
    of = span.facts.orders.take(lines["order"].to_numpy())
    place = span.world.merchant.provinces
    skus, products = (getattr(catalogue, name).take(lines[one].to_numpy()) for name, one in _GOODS.items())
    received = lines["due"].to_numpy() + of["freight"].to_numpy()
    borne = (lines["platform"] + lines["influencer"]).to_numpy()
    return {
        "title": pa.array(products["title"], pa.string()),
        "number": order_id(_ID, of["serial"], of["created"]),
        "state": words(told_states(of), say["state"]),
        "listed": yuan(lines["listed"]),
        "freight": yuan(of["freight"]),
        "discount": yuan(lines["discount"]),
        "platform": yuan(borne),
        "payment": yuan(lines["payment"]),
        "paid_amount": yuan(received - borne - lines["payment"].to_numpy()),
        "received": yuan(received),
        "qty": texts(lines["qty"]),
        "province": words(of["province"], {name: name for name in place}),
        "city": words(of["province"], {name: one.city for name, one in place.items()}),
        "paid": moments(of["paid"]),
        "shipped": moments(of["shipped"]),
        "completed": moments(of["completed"]),
        "item": item_id(_ID, lines["product"]),
        "spec": pa.array(skus["spec"], pa.string()),
        "variant": platform_sku_id(_ID, lines["sku"]),
        "code": pa.array(skus["code"], pa.string()),
        "product": pa.array(products["code"], pa.string()),
        "refund_state": words(lines["refund_state"], say["refund_state"]),
    }


def refunds(span: Span) -> Frame:
    """Return one row an after-sale; what goes back holds freight."""
    say, rows = layouts()["pdd/refunds"].words, span.facts.refunds
    return {
        "refund_number": refund_id(_ID, rows["refund"]),
        "number": order_id(_ID, rows["serial"], rows["created"]),
        "state": words(rows["state"], say["state"]),
        "kind": words(rows["type"], say["kind"]),
        "reason": words(rows["reason"], {name: name for name in rows["reason"].cat.categories}),
        "stage": words(rows["stage"], say["stage"]),
        "received": yuan(rows["due"] + rows["freight"]),
        "back": yuan(rows["back_goods"] + rows["back_freight"]),
        "asked": moments(rows["asked"]),
        "parcel": words(rows["returned"].notna(), say["parcel"]),
        "item": item_id(_ID, rows["product"]),
        "spec": pa.array(span.world.catalogue.skus["spec"].take(rows["sku"].to_numpy()), pa.string()),
        "agreed": moments(agreed(rows)),
        "returned": moments(rows["returned"]),
    }


def agreed(refunds: pd.DataFrame) -> pd.Series:
    """Return when the refund was agreed to: the file has one time for that and for the money going back."""
    return refunds["resolved"].where(refunds["state"] == "success", refunds["agreed"])


entries = pdd_bill.entries

REPORTS = (
    Report("pdd/orders", orders),
    Report("pdd/refunds", refunds),
    *pdd_bill.REPORTS,
    *pdd_daily.REPORTS,
)

_GOODS = {"skus": "sku", "products": "product"}


def told_states(orders: pd.DataFrame) -> np.ndarray:
    """Return by order its state; of one that went back, how far it had come."""
    gone = (orders["state"] == "refunded").to_numpy()
    sent, signed = (orders[name].notna().to_numpy() for name in ("shipped", "signed"))
    come = np.select([~sent, ~signed], ["unsent", "sent"], "received")
    return np.where(gone, come, orders["state"].astype(str).to_numpy())
