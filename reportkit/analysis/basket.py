"""What is bought together: support, confidence and lift of pairs of items."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, triu
from scipy.special import ndtri

__all__ = ["PAIRS", "lift", "pairs"]

PAIRS = ["first", "second", "n_first", "n_second", "n", "orders", "support", "confidence", "lift", "lift_low"]

Numbers = npt.ArrayLike


def pairs(
    lines: pd.DataFrame,
    *,
    least_n: int,
    least_share: float,
    least_confidence: float,
    least_lift: float,
    level: float,
) -> pd.DataFrame:
    """Return the pairs of items that are bought together more than their popularity explains.

    `lines` has columns `order` and `item`, one row a line in any order; repeated items count once. Gifts
    and mechanical bundles must not be in it. Only orders of two items or more are counted, because an order
    of one can show no pair: `orders` is their number, and n_first, n_second and `n` count of them those
    with either item and with both.

    One row (PAIRS) a pair with n ≥ max(least_n, least_share·orders), confidence ≥ least_confidence and the
    lower bound of the lift at confidence `level` above least_lift; the surest first. `first` is the
    rarer item, so that `confidence`, the share of its orders that hold `second` too, is the larger of both.
    `support` is n / orders; all three are fractions.
    """
    order, item, items = _baskets(lines)
    orders = len(np.unique(order))
    least = max(least_n, least_share * orders, 1)
    count = np.bincount(item, minlength=len(items))
    often = count[item] >= least
    one, other, n = _together(order[often], item[often], len(items))
    kept = n >= least
    one, other, n = one[kept], other[kept], n[kept]
    rarer = count[one] <= count[other]
    first, second = np.where(rarer, one, other), np.where(rarer, other, one)
    ratio, low = lift(orders, count[first], count[second], n, level)
    columns = (items[first], items[second], count[first], count[second], n, orders)
    found = pd.DataFrame(dict(zip(PAIRS, columns, strict=False)))
    found = found.assign(support=n / max(orders, 1), confidence=n / count[first], lift=ratio, lift_low=low)
    found = found[(found["confidence"] >= least_confidence) & (found["lift_low"] > least_lift)]
    return found.sort_values(
        ["lift_low", "n", "first", "second"], ascending=[False, False, True, True], ignore_index=True
    )


def lift(
    orders: Numbers, first: Numbers, second: Numbers, both: Numbers, level: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the lift both·orders / (first·second) and the lower bound of its two-sided interval at `level`.

    Counts of orders, arrays of one length, each at least one. The bound is log-normal: by the delta method
    for multinomial counts, var(ln lift) = 1/both - 1/first - 1/second + (2·lift - 1)/orders.
    """
    total, a, b, ab = (np.asarray(count, dtype="float64") for count in (orders, first, second, both))
    ratio = ab * total / (a * b)
    variance = 1 / ab - (1 / a + 1 / b) + (2 * ratio - 1) / total
    low = ratio * np.exp(-ndtri((1 + level) / 2) * np.sqrt(np.maximum(variance, 0.0)))
    return ratio, low


def _baskets(lines: pd.DataFrame) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], pd.Index]:
    """Return order and item of every distinct line of orders of two items or more, as codes, and the items."""
    known = lines[["order", "item"]].dropna()
    order, _ = pd.factorize(known["order"])
    item, items = pd.factorize(known["item"], sort=True)
    lots = np.unique(order * max(len(items), 1) + item)
    order, item = np.divmod(lots, max(len(items), 1))
    several = np.bincount(order)[order] > 1
    return order[several], item[several], pd.Index(items)


def _together(
    order: npt.NDArray[np.intp], item: npt.NDArray[np.intp], items: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Count for every two items, the first of lower code, the orders that hold both."""
    baskets = csr_array(
        (np.ones(len(order), "int64"), (order, item)), shape=(order.max(initial=-1) + 1, items)
    )
    upper = triu(baskets.T @ baskets, k=1).tocoo()
    return upper.row, upper.col, upper.data
