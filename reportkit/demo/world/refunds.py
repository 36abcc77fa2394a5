"""Refunds: which lines are asked back, why and when, and what becomes of it. Money is whole fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportkit.demo.world.aftersales import OUTCOMES, STAGES, TYPES, end_orders, handle, spread
from reportkit.demo.world.delays import SUCCESS, curve, draw_days, outcome_shares, paid_back
from reportkit.demo.world.habits import RefundHabits
from reportkit.demo.world.troubles import SlowHandling

__all__ = [
    "LINES_AT_MOST",
    "OUTCOMES",
    "STAGES",
    "TYPES",
    "Fault",
    "curve",
    "expected_refunds",
    "happening",
    "refund_rows",
    "sample_refunds",
]

LINES_AT_MOST = 3  # of one order: numbers of refunds are made of the order's and the line's

_WHOLE_ORDERS = 0  # the place of the course that whole orders take
_MOST = 0.9  # chance that a line is asked back, at most
_OF_LINE = ["serial", "line", "product", "sku", "qty", "due", "platform", "influencer", "payment"]
_OF_REFUND = ["asked", "agreed", "returned", "resolved", "outcome", "whole", "type", "stage", "reason"]
_AMOUNTS = ["back_goods", "back_freight", "back_subsidy", "back_qty"]
_OF_ORDER = ["buyer", "created", "paid", "shipped", "signed", "ended", "province"]


@dataclass(frozen=True)
class Fault:
    """From payments at `since` on, `product` (place) is asked back `factor` times as often; scores fall by `rating`."""

    product: int
    since: np.datetime64
    factor: float
    rating: float = 0.0

    def hits(self, product: np.ndarray, paid: np.ndarray) -> np.ndarray:
        """Tell which lines it concerns."""
        return np.asarray((product == self.product) & (paid >= self.since))


def sample_refunds(
    habits: RefundHabits,
    platform: str,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    burst: np.ndarray,
    faults: Sequence[Fault],
    rng: np.random.Generator,
    slow: SlowHandling | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return orders with `ended` and without what a refund forestalls, and lines with their refund's course.

    `orders` are indexed from 0, `lines` stand in their order; `products` needs refund and l1; `burst` tells of
    every order whether it was paid in a promotion's burst; `slow` is when cases take longer. Lines gain asked,
    agreed, returned, resolved (NaT: never), outcome, whole (all the line's money is asked back), type, stage, reason, back_goods, back_freight,
    back_subsidy (fen), back_qty and refund (number, -1 none).
    """
    chance = _chances(habits, platform, orders, lines, products, burst, faults)
    course = _courses(habits, platform, lines, chance, len(orders), rng)
    chosen = np.flatnonzero(course >= 0)
    order, course = lines["order"].to_numpy()[chosen], course[chosen]
    together = course == _WHOLE_ORDERS

    def draw() -> np.ndarray:
        """One number a refund; refunds of a whole order share theirs."""
        of_order, of_line = rng.random(len(orders)), rng.random(len(chosen))
        return np.where(together, of_order[order], of_line)

    some = lines.iloc[chosen].reset_index(drop=True)
    its = orders.iloc[order].reset_index(drop=True)
    some["kind"] = products["l1"].to_numpy()[some["product"]]
    hits = [fault.hits(some["product"].to_numpy(), its["paid"].to_numpy()) for fault in faults]
    some["faulty"] = np.any(hits, axis=0) if hits else False
    days = draw_days(habits, platform, course, burst[order], draw())
    back = handle(habits, platform, its, some, course, days, draw, slow)
    back["refund"] = LINES_AT_MOST * some["serial"] + some["line"]
    back["order"], back["line"] = order, some["line"]
    orders = end_orders(orders, lines, back)
    return orders, spread(lines, chosen, back.drop(columns=["order", "line"]))


def expected_refunds(
    habits: RefundHabits,
    platform: str,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    burst: np.ndarray,
    faults: Sequence[Fault],
) -> np.ndarray:
    """Return the goods money (fen, float) that is expected back in the end; its sum is exact, lines share it.

    Arguments as in `sample_refunds`.
    """
    share = np.array([habits.platforms[platform].share[name] for name in habits.courses])
    chance = _chances(habits, platform, orders, lines, products, burst, faults)
    return np.asarray(chance * _buyer_paid(lines) * (share @ paid_back(habits, platform)))


def refund_rows(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return one row a refund of `lines`, whenever asked for, with what there is to know of its order."""
    some = lines[lines["refund"] >= 0]
    its = orders.iloc[some["order"].to_numpy()].set_index(some.index)
    freight = its["freight"].where(some["line"] == 0, 0)
    parts = [some[["refund", *_OF_LINE]], freight, its[_OF_ORDER], some[_OF_REFUND + _AMOUNTS]]
    return pd.concat(parts, axis=1).reset_index(drop=True)


def happening(frame: pd.DataFrame, column: str, end: np.datetime64) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split rows into those whose time in `column` lies before `end`, oldest first, and those yet to come."""
    times = frame[column].to_numpy()
    now = times < end
    oldest = np.flatnonzero(now)[np.argsort(times[now], kind="stable")]
    return frame.take(oldest).reset_index(drop=True), frame[~now].reset_index(drop=True)


def _buyer_paid(lines: pd.DataFrame) -> np.ndarray:
    return (lines["due"] - lines["platform"] - lines["influencer"] - lines["payment"]).to_numpy()


def _chances(
    habits: RefundHabits,
    platform: str,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    burst: np.ndarray,
    faults: Sequence[Fault],
) -> np.ndarray:
    """The chance of every line to be asked back; none of what nobody paid."""
    rates, order = habits.platforms[platform], lines["order"].to_numpy()
    share = np.array([rates.share[name] for name in habits.courses])
    chance = rates.rate / (share @ outcome_shares(habits, platform)[:, SUCCESS])
    product, paid = lines["product"].to_numpy(), orders["paid"].to_numpy()[order]
    factor = products["refund"].to_numpy()[product] * np.where(burst[order], rates.burst, 1.0)
    for fault in faults:
        factor = factor * np.where(fault.hits(product, paid), fault.factor, 1.0)
    return np.where(np.isnat(paid), 0.0, np.minimum(chance * factor, _MOST))


def _courses(
    habits: RefundHabits,
    platform: str,
    lines: pd.DataFrame,
    chance: np.ndarray,
    orders: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """The course each line takes, -1 for none: first whole orders are called off, then lines one by one.

    An order's chance is the mean of its lines' by money, so that the courses keep their shares of it.
    """
    order, money = lines["order"].to_numpy(), _buyer_paid(lines) + 1e-9
    share = np.array([habits.platforms[platform].share[name] for name in habits.courses])
    share = share / share.sum()
    first = share[0] * np.bincount(order, chance * money, orders)
    first = np.divide(first, np.bincount(order, money, orders), out=np.zeros(orders), where=first > 0)
    called_off = rng.random(orders) < first
    later = ((chance - first[order]) / (1 - first[order])).clip(0)
    asked = rng.random(len(lines)) < later
    which = 1 + np.searchsorted(np.cumsum(share[1:] / share[1:].sum())[:-1], rng.random(len(lines)), "right")
    return np.where(called_off[order], _WHOLE_ORDERS, np.where(asked, which, -1)).astype("int8")
