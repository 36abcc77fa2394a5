"""What JD tells otherwise than it happened: called-off orders, shared amounts, and its own figure of a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["after_sales", "called_off", "deal_amounts", "order_dues", "shared_dues", "told_orders"]


def called_off(orders: pd.DataFrame) -> pd.Series:
    """Return by order, or refund, whether it is of a paid order that ended before it left."""
    return orders["paid"].notna() & orders["shipped"].isna() & orders["ended"].notna()


def told_orders(orders: pd.DataFrame) -> pd.DataFrame:
    """Return `orders` with their `state` as JD tells it (called_off besides the usual), `completed` and `closed`.

    An order that went back after it had left is complete from the end of its refund.
    """
    off = called_off(orders)
    state = orders["state"].astype(str).mask(off, "called_off")
    return orders.assign(
        state=state,
        completed=orders["completed"].fillna(orders["ended"].mask(off)),
        closed=orders["cancelled"].fillna(orders["ended"].where(off)),
    )


def after_sales(refunds: pd.DataFrame) -> pd.Series:
    """Return which refunds the after-sales file tells: none of an order that has not left, which may yet be called off."""
    return refunds["shipped"].notna()


def order_dues(lines: pd.DataFrame, count: int) -> np.ndarray:
    """Return what the merchant is due for the goods of each of `count` orders, in fen."""
    return np.bincount(lines["order"], weights=lines["due"], minlength=count).astype(np.int64)


def shared_dues(lines: pd.DataFrame) -> np.ndarray:
    """Return by line what its order is due, shared out by list price: how the order file is read.

    Each line takes what it moves the rounded running sum. `lines` stand in the order of their orders.
    """
    by_order = lines.groupby("order", sort=False)
    due = by_order["due"].transform("sum").to_numpy()
    whole = by_order["listed"].transform("sum").to_numpy()
    upto = by_order["listed"].cumsum().to_numpy()
    moved = np.stack([_cents(due, upto, whole), _cents(due, upto - lines["listed"].to_numpy(), whole)])
    return np.asarray(moved[0] - moved[1])


def deal_amounts(shop: pd.DataFrame, refunds: pd.DataFrame) -> np.ndarray:
    """Return 成交金额 of the `shop`'s days (one row each): what was paid, less what was cancelled on the day it was paid.

    `refunds` are those asked for on these days. An order that went back whole takes its freight with it.
    """
    left_out = _same_day(refunds)
    by_day = left_out.groupby(refunds["paid"].dt.normalize()).sum()
    return np.asarray(shop["amount"].to_numpy() - by_day.reindex(shop["day"]).fillna(0).to_numpy(np.int64))


def _same_day(refunds: pd.DataFrame) -> pd.Series:
    """Return by refund the fen that 成交金额 never held."""
    day = refunds["paid"].dt.normalize()
    off = called_off(refunds) & (refunds["ended"].dt.normalize() == day)
    asked = refunds["asked"].dt.normalize() == day
    back = after_sales(refunds) & (refunds["state"] == "success") & asked
    gone = refunds["ended"].notna() & back.groupby(refunds["serial"]).transform("all")
    freight = refunds["back_freight"].mask(gone, refunds["freight"])
    amounts = (refunds["due"] + refunds["freight"]).where(off, 0)
    return amounts.mask(back, refunds["back_goods"] + freight)


def _cents(amount: np.ndarray, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Share fen out as a query over yuan does it, in floating point, so that halves fall to the same side."""
    share = (amount / 100) * (part / 100) / (whole / 100)
    return np.asarray(np.floor(share * 100 + 0.5), dtype=np.int64)
