"""Douyin's files: what the world looks like through its exports."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from reportkit.demo.cells import grouped, moments, numbers, words, yuan
from reportkit.demo.layouts import Frame, layouts
from reportkit.demo.states import happened, order_states, refund_states, unit_refunds
from reportkit.demo.world import World

__all__ = ["item_numbers", "orders", "refunds"]

_ORDER = (6_920_000_000_000_000_000, 1013)
_REFUND = (7_300_000_000_000_000_000, 983)
_ITEM = (3_600_000_000_000_000_001, 1)


def item_numbers(products: pd.Series) -> list[str]:
    """Return the platform's numbers of products, given their places in the catalogue."""
    return numbers(*_ITEM, products)


def orders(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the sub-orders created between `first` and `last`, as known at `as_of`."""
    trade, say = world.trades["douyin"], layouts()["douyin/orders"].words
    created = trade.orders["created"].iloc[trade.lines["order"].to_numpy()].reset_index(drop=True)
    chosen = happened(created, first, last)
    lines = trade.lines[chosen].reset_index(drop=True)
    back = unit_refunds(trade, as_of)[chosen].reset_index(drop=True)
    known = order_states(trade, lines["order"], back["ended"], as_of)
    ended = known["completed"].fillna(known["ended"]).fillna(known["cancelled"])
    return {
        "number": numbers(*_ORDER, lines["order"]),
        "line_number": _line_numbers(lines),
        "title": [world.merchant.products[product].title for product in lines["product"]],
        "qty": [str(qty) for qty in lines["qty"]],
        "item": item_numbers(lines["product"]),
        "code": [world.merchant.products[product].code for product in lines["product"]],
        "price": grouped(lines["listed"] // lines["qty"]),
        "payable": grouped(_payable(lines)),
        "freight": grouped(lines["freight"]),
        "discounts": grouped(lines["discount"] + lines["platform"] + lines["influencer"]),
        "platform": grouped(lines["platform"]),
        "discount": grouped(lines["discount"]),
        "influencer": grouped(lines["influencer"]),
        "payment": grouped(lines["payment"]),
        "province": list(known["province"]),
        "city": [world.merchant.provinces[province].city for province in known["province"]],
        "created": moments(known["created"]),
        "ended": moments(ended),
        "paid": moments(known["paid"]),
        "state": words(known["state"], say["state"]),
        "kind": words(known["presale"], say["kind"]),
        "influencer_id": [say["influencer"] if amount else say["none"] for amount in lines["influencer"]],
        "refund_state": words(back["state"], say["refund_state"]),
        "closed_because": words(known["state"], say["closed_because"]),
        "carrier": list(known["carrier"]),
        "shipped": moments(known["shipped"]),
    }


def refunds(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the after-sales applied for between `first` and `last`, as known at `as_of`."""
    trade, say = world.trades["douyin"], layouts()["douyin/refunds"].words
    seen = refund_states(trade, as_of)
    seen = seen[happened(seen["applied"], first, last)]
    lines = trade.lines.iloc[seen["row"].to_numpy()]
    exchange = seen["outcome"] == "exchange"
    return {
        "refund_number": numbers(*_REFUND, seen.index),
        "number": numbers(*_ORDER, seen["order"]),
        "line_number": _line_numbers(lines),
        "title": [world.merchant.products[product].title for product in lines["product"]],
        "item": item_numbers(lines["product"]),
        "code": [world.merchant.products[product].code for product in lines["product"]],
        "payable": yuan(_payable(lines)),
        "freight": yuan(lines["freight"]),
        "payment": yuan(lines["payment"]),
        "kind": words(seen["returned"].astype(str).mask(exchange, "exchange"), say["kind"]),
        "goods": [f"¥{amount}" for amount in yuan(seen["goods"])],
        "subsidy": [yuan([fen])[0] if fen else say["none"] for fen in seen["subsidy"]],
        "state": words(seen["state"], say["state"]),
        "applied": moments(seen["applied"]),
        "reason": list(seen["reason"]),
        "receipt": words(seen["late"], say["receipt"]),
        "refunded": moments(seen["resolved"].where(seen["state"] == "success")),
        "closed": moments(seen["resolved"].where(seen["state"] == "refused")),
        "resolved": moments(seen["resolved"]),
    }


def _payable(lines: pd.DataFrame) -> pd.Series:
    """What the buyer is asked for, before the payment service's own discount."""
    return lines["due"] - lines["platform"] - lines["influencer"] + lines["freight"]


def _line_numbers(lines: pd.DataFrame) -> list[str]:
    number = numbers(*_ORDER, lines["order"])
    return [str(int(of) + int(place)) for of, place in zip(number, lines["line"], strict=True)]
