"""The course of a refund once it is asked for: times, stage, outcome, reason, amounts; and what it forestalls."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from reportkit.demo.world.delays import CANCELLED, EXCHANGE, SUCCESS, outcome_shares
from reportkit.demo.world.habits import Course, RefundHabits
from reportkit.demo.world.troubles import SlowHandling

__all__ = ["OUTCOMES", "STAGES", "TYPES", "coded", "end_orders", "handle", "spread"]

OUTCOMES = ["none", "success", "refused", "exchange", "cancelled"]
TYPES = ["仅退款", "退货退款", "换货"]
STAGES = ["发货前", "发货后未签收", "签收后"]

Draw = Callable[[], np.ndarray]

_MONEY_ONLY, _GOODS_BACK, _EXCHANGED = range(3)
_BEFORE, _RECEIVED = 0, 2
_AGREED, _RETURNED = (0.03, 0.25), (0.55, 0.95)  # parts of the way from asked to resolved
_OF_DELAY, _OF_SHIPPING = 0.8, 0.9  # asking comes at least so long before the end, and before dispatch
_NEVER = np.datetime64("NaT", "s")
_FORESTALLED = ["shipped", "collected", "signed", "completed"]
_TIMES = ["asked", "agreed", "returned", "resolved"]
_NOTHING: dict[str, Any] = {"outcome": 0, "refund": -1} | dict.fromkeys(
    _TIMES, _NEVER
)  # beside lines nobody asks back


def coded(codes: Any, names: Any) -> pd.Categorical[Any]:
    """Return whole numbers as the names they stand for; -1 as none."""
    return pd.Categorical.from_codes(np.asarray(codes, "int8"), dtype=_dtype(tuple(names)))


@cache
def _dtype(names: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(names))


def handle(
    habits: RefundHabits,
    platform: str,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    course: np.ndarray,
    days: np.ndarray,
    draw: Draw,
    slow: SlowHandling | None = None,
) -> pd.DataFrame:
    """Return the refunds that end `days` after payment: the columns of `sample_refunds`, without number and freight.

    `orders`, `lines` (with kind and faulty) and `course` stand row by row beside the refunds; `draw` gives a
    uniform number for each; `slow` is when they take longer.
    """
    back = _times(habits, orders, course, days, draw(), slow)
    way = (back["resolved"] - back["asked"]).to_numpy()
    outcome = _choose(np.cumsum(outcome_shares(habits, platform), axis=1)[course], draw())
    stage = back["stage"].to_numpy()
    outcome[(outcome == EXCHANGE) & (stage != _RECEIVED)] = CANCELLED
    exchange, agreed = outcome == EXCHANGE, np.isin(outcome, [SUCCESS, EXCHANGE])
    returns = (draw() < _each(habits, "returns", course)) & (stage != _BEFORE)
    back["type"] = np.where(exchange, _EXCHANGED, np.where(returns, _GOODS_BACK, _MONEY_ONLY)).astype("int8")
    first, later = (_between(span, draw()) for span in (_AGREED, _RETURNED))
    asked = back["asked"].to_numpy()
    back["agreed"] = np.where(agreed, asked + _part(way, first), _NEVER)
    back["returned"] = np.where(agreed & (exchange | returns), asked + _part(way, later), _NEVER)
    back["outcome"] = (outcome + 1).astype("int8")
    partial = (draw() < _each(habits, "partial", course)) & ~exchange
    back["whole"] = ~partial & ~exchange
    _amounts(habits, platform, back, lines, draw())
    back["reason"] = _reasons(habits, stage, lines, draw)
    return _worded(habits, back)


def _times(
    habits: RefundHabits,
    orders: pd.DataFrame,
    course: np.ndarray,
    days: np.ndarray,
    drawn: np.ndarray,
    slow: SlowHandling | None,
) -> pd.DataFrame:
    """When each is asked for and resolved, and its stage, which is where the parcel was when it was asked for."""
    paid, shipped, signed = (orders[name].to_numpy() for name in ("paid", "shipped", "signed"))
    resolved = paid + (days * 86400).astype("timedelta64[s]")
    least, most = (_each(habits, "hours", course, place) for place in (0, 1))
    hours = least + (most - least) * drawn
    if slow is not None:
        hours = np.where(slow.covers(resolved), hours * slow.slower, hours)
    waited = np.minimum(hours * 3600, days * 86400 * _OF_DELAY)
    asked = resolved - waited.astype("timedelta64[s]")
    soon = paid + _part(shipped - paid, np.full(len(paid), _OF_SHIPPING))
    asked = np.where(course == 0, np.minimum(asked, soon), asked)
    stage = np.where(asked < shipped, 0, np.where(asked < signed, 1, _RECEIVED)).astype("int8")
    return pd.DataFrame({"asked": asked, "resolved": resolved, "stage": stage})


def _amounts(
    habits: RefundHabits, platform: str, back: pd.DataFrame, lines: pd.DataFrame, drawn: np.ndarray
) -> None:
    """Add back_goods, back_subsidy and back_qty: whole, or some of the pieces, or a part of a single one."""
    qty = lines["qty"].to_numpy()
    pieces = 1 + np.floor(drawn * (qty - 1)).astype("int64")
    part = np.where(qty > 1, pieces / qty, _between(habits.part, drawn))
    whole, exchange = back["whole"].to_numpy(), back["type"].to_numpy() == _EXCHANGED
    part = np.where(whole, 1.0, np.where(exchange, 0.0, part))
    borne = lines["platform"] + lines["influencer"] + lines["payment"]
    back["back_goods"] = ((lines["due"] - borne) * part).round().astype("int64")
    told = habits.subsidies.get(platform, [])
    subsidy = [(lines[name] * part).round().astype("int64") for name in told]
    back["back_subsidy"] = sum(subsidy, np.zeros(len(lines), "int64"))
    back["back_qty"] = np.where(whole | exchange, qty, pieces)


def _reasons(habits: RefundHabits, stage: np.ndarray, lines: pd.DataFrame, draw: Draw) -> np.ndarray:
    """Codes of `reason_names`, by stage and category; faulty goods mostly for the fault."""
    names = habits.reason_names()
    kinds = sorted({kind for by in habits.reasons.values() for kind in by} - {"default"})
    tables = [by.get(kind, by["default"]) for by in habits.reasons.values() for kind in ["default", *kinds]]
    weights = np.array([[table.get(name, 0) for name in names] for table in tables], float)
    upto = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    kind = lines["kind"].map({name: place for place, name in enumerate(kinds, 1)}).fillna(0).astype(int)
    reason = _choose(upto[stage.astype(int) * (len(kinds) + 1) + kind.to_numpy()], draw())
    faulty = lines["faulty"].to_numpy() & (stage != _BEFORE) & (draw() < habits.fault.share)
    return np.where(faulty, names.index(habits.fault.reason), reason).astype("int8")


def _worded(habits: RefundHabits, back: pd.DataFrame) -> pd.DataFrame:
    """Codes become categories."""
    for column, names in _categories(habits).items():
        back[column] = coded(back[column], names)
    return back


def _categories(habits: RefundHabits) -> dict[str, list[str]]:
    return {"outcome": OUTCOMES, "type": TYPES, "stage": STAGES, "reason": habits.reason_names()}


def end_orders(orders: pd.DataFrame, lines: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    """Return the orders with `ended`, when the last of their lines had come back whole, and add back_freight to `back`.

    What would have been shipped, signed or completed after that is not. An order wholly called off before it
    left never leaves, and its freight is asked back with its first line.
    """
    order, count = back["order"].to_numpy(), len(orders)
    size = np.bincount(lines["order"], minlength=count)
    whole = back["whole"].to_numpy()
    early = whole & (back["stage"].cat.codes == _BEFORE).to_numpy()
    gone = whole & (back["outcome"].cat.codes == SUCCESS + 1).to_numpy()
    last = np.full(count, np.iinfo("int64").min)
    np.maximum.at(last, order, back["resolved"].to_numpy().astype("int64"))
    ended = np.where(_all(order, gone, size), last.astype("datetime64[s]"), _NEVER)
    unsent = _all(order, gone & early, size)
    called_off = _all(order, early, size)[order] & (back["line"] == 0).to_numpy()
    back["back_freight"] = np.where(called_off, orders["freight"].to_numpy()[order], 0)
    kept = {name: orders[name].mask(unsent | (orders[name].to_numpy() > ended)) for name in _FORESTALLED}
    return orders.assign(ended=ended, **kept)


def _all(order: np.ndarray, true: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Tell of which orders every line is among the rows that are `true`."""
    return np.asarray((np.bincount(order[true], minlength=len(size)) == size) & (size > 0))


def spread(lines: pd.DataFrame, chosen: np.ndarray, back: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with the columns of `back` beside the rows `chosen`; nothing beside the others."""
    added: dict[str, Any] = {}
    for name, column in back.items():
        values, names = column.to_numpy(), None
        if isinstance(column.dtype, pd.CategoricalDtype):
            values, names = column.cat.codes.to_numpy(), column.cat.categories
        full = np.full(len(lines), _NOTHING.get(str(name), -1 if names is not None else 0), values.dtype)
        full[chosen] = values
        added[str(name)] = full if names is None else coded(full, names)
    return lines.assign(**added)


def _each(habits: RefundHabits, name: str, course: np.ndarray, place: int | None = None) -> np.ndarray:
    """Return a figure of each refund's course; of a pair, the one at `place`."""
    values: list[Course] = list(habits.courses.values())
    told = [getattr(one, name) if place is None else getattr(one, name)[place] for one in values]
    return np.asarray(np.array(told, float)[course])


def _between(span: tuple[float, float], drawn: np.ndarray) -> np.ndarray:
    return np.asarray(span[0] + (span[1] - span[0]) * drawn)


def _part(way: np.ndarray, share: np.ndarray) -> np.ndarray:
    """A share of a stretch of time, in whole seconds."""
    return np.asarray((way.astype("timedelta64[s]").astype("int64") * share).astype("timedelta64[s]"))


def _choose(upto: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Choose by row, given cumulated chances."""
    return np.asarray((drawn[:, None] >= upto[:, :-1]).sum(axis=1))
