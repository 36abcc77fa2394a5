"""Tmall's files: what the world looks like through its exports."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from reportkit.demo.cells import moments, numbers, words, yuan
from reportkit.demo.layouts import Frame, layouts
from reportkit.demo.states import happened, order_states, refund_states, unit_refunds
from reportkit.demo.world import Trade, World

__all__ = ["item_numbers", "order_lines", "orders", "refunds"]

_ORDER = (2_400_000_000_000_000_000, 1009)
_REFUND = (180_000_000_000_000_000, 977)
_ITEM = (610_000_000_001, 1)
_JOIN = "，"


def item_numbers(products: pd.Series) -> list[str]:
    """Return the platform's numbers of products, given their places in the catalogue."""
    return numbers(*_ITEM, products)


def orders(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the order report of what was created between `first` and `last`, as known at `as_of`."""
    trade, say = world.trades["tmall"], layouts()["tmall/orders"].words
    units, back = _chosen(trade, trade.refunded, first, last, as_of)
    known = order_states(trade, units["order"], back["ended"], as_of)
    lines = trade.lines[trade.lines["order"].isin(units["order"])]
    total = units["due"] + units["freight"]
    settled = np.where(known["paid"].notna() & (known["state"] != "cancelled"), total - back["goods"], 0)
    released = np.where(known["state"] == "completed", settled, 0)
    return {
        "number": numbers(*_ORDER, units["order"]),
        "buyer": [say["buyer"].format(buyer) for buyer in known["buyer"]],
        "due": yuan(units["due"]),
        "freight": yuan(units["freight"]),
        "total": yuan(total),
        "paid_amount": yuan(settled),
        "state": words(known["state"], say["state"]),
        "address": _addresses(world, known["province"], say["address"]),
        "created": moments(known["created"]),
        "paid": moments(known["paid"]),
        "title": _titles(world, lines),
        "kinds": [str(kinds) for kinds in lines.groupby("order")["product"].nunique()],
        "qty": [str(qty) for qty in units["qty"]],
        "shop": [world.merchant.platforms["tmall"].shop] * len(units),
        "closed_because": [say["closed_because"].get(state, say["open"]) for state in known["state"]],
        "stages": _stages(known, say),
        "refunded": yuan(back["goods"]),
        "completed": moments(known["completed"]),
        "released": [f"{amount}{say['unit']}" for amount in yuan(released)],
    }


def order_lines(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the order line report, as `orders`."""
    trade, say = world.trades["tmall"], layouts()["tmall/order_lines"].words
    units, back = _chosen(trade, trade.refunded, first, last, as_of)
    lines = trade.lines[trade.lines["order"].isin(units["order"])].reset_index(drop=True)
    ended = lines["order"].map(dict(zip(units["order"], back["ended"], strict=True)))
    known = order_states(trade, lines["order"], ended.astype("datetime64[s]"), as_of)
    whole = known["state"] == "refunded"
    number = numbers(*_ORDER, lines["order"])
    return {
        "line_number": [str(int(of) + place) for of, place in zip(number, lines["line"], strict=True)],
        "number": number,
        "title": [world.merchant.products[product].title for product in lines["product"]],
        "price": yuan(lines["listed"] // lines["qty"]),
        "qty": [str(qty) for qty in lines["qty"]],
        "code": [world.merchant.products[product].code for product in lines["product"]],
        "state": words(known["state"], say["state"]),
        "due": yuan(lines["due"]),
        "paid_amount": yuan(np.where(known["paid"].notna() & ~whole, lines["due"], 0)),
        "refund_state": [say["refund_state"]["refunded" if gone else "none"] for gone in whole],
        "refunded": [
            yuan([due])[0] if gone else say["no_refund"]
            for due, gone in zip(lines["due"], whole, strict=True)
        ],
        "created": moments(known["created"]),
        "paid": moments(known["paid"]),
        "item": item_numbers(lines["product"]),
    }


def refunds(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the refunds applied for between `first` and `last`, as known at `as_of`."""
    trade, say = world.trades["tmall"], layouts()["tmall/refunds"].words
    seen = refund_states(trade, as_of)
    seen = seen[happened(seen["applied"], first, last)]
    units = trade.refunded.iloc[seen["row"].to_numpy()]
    products = [world.merchant.products[product] for product in units["product"]]
    return {
        "number": numbers(*_ORDER, seen["order"]),
        "refund_number": numbers(*_REFUND, seen.index),
        "paid": moments(trade.orders["paid"].iloc[seen["order"].to_numpy()]),
        "item": item_numbers(units["product"]),
        "code": [product.code for product in products],
        "resolved": moments(seen["resolved"]),
        "due": yuan(units["due"] + units["freight"]),
        "title": [product.title for product in products],
        "goods": yuan(seen["goods"]),
        "kind": words(seen["returned"], say["kind"]),
        "applied": moments(seen["applied"]),
        "state": words(seen["state"], say["state"]),
        "receipt": words(seen["late"], say["receipt"]),
        "reason": list(seen["reason"]),
        "extent": words(seen["whole"], say["extent"]),
    }


def _chosen(
    trade: Trade, units: pd.DataFrame, first: date, last: date, as_of: datetime
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The units created between two days, and what came back of each."""
    created = trade.orders["created"].iloc[units["order"].to_numpy()].reset_index(drop=True)
    chosen = happened(created, first, last)
    back = unit_refunds(trade, as_of)
    return units[chosen].reset_index(drop=True), back[chosen].reset_index(drop=True)


def _addresses(world: World, provinces: pd.Series, form: str) -> list[str]:
    written = {name: form.format(name, province.city) for name, province in world.merchant.provinces.items()}
    return [written[province] for province in provinces]


def _titles(world: World, lines: pd.DataFrame) -> list[str]:
    title = lines["product"].map(dict(enumerate(product.title for product in world.merchant.products)))
    titles = title.set_axis(lines["order"])
    first, second = (titles[(lines["line"] == place).to_numpy()] for place in (0, 1))
    return list(first.str.cat(_JOIN + second.reindex(first.index), na_rep=""))


def _stages(known: pd.DataFrame, say: dict[str, dict[str, str]]) -> list[str]:
    form, balance = str(say["stages"]), say["balance"]
    text = np.where(known["paid"].notna(), form.format(balance["paid"]), form.format(balance["unpaid"]))
    return list(np.where(known["presale"], text, ""))
