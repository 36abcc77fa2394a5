"""Single months out of a stretch of months."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.world.facts import Facts, Stretch

__all__ = ["facts_of", "month_of"]

_TIMES = {
    "orders": "created",
    "refunds": "asked",
    "payouts": "at",
    "visitors": "day",
    "items": "day",
    "ads": "day",
    "service": "day",
}


def month_of(stretch: Stretch, month: pd.Period) -> Stretch:
    """Return `month` alone; rows stand in the order of their time."""
    return Stretch(
        month.start_time.date(),
        month.end_time.date(),
        {name: facts_of(facts, month) for name, facts in stretch.facts.items()},
        stock=_within(stretch.stock, "day", month),
        purchases=_within(stretch.purchases, "ordered", month),
        lost=_within(stretch.lost, "day", month),
    )


def facts_of(facts: Facts, month: pd.Period) -> Facts:
    """Return what `facts` hold of `month`; its lines point at its own orders."""
    parts = {name: _within(getattr(facts, name), column, month) for name, column in _TIMES.items()}
    begin, end = _places(facts.orders["created"], month)
    lines = _rows(facts.lines, *np.searchsorted(facts.lines["order"].to_numpy(), [begin, end]))
    lines = lines.assign(order=lines["order"].to_numpy() - np.int32(begin))
    return Facts(facts.platform, **parts, lines=lines)


def _within(frame: pd.DataFrame, column: str, month: pd.Period) -> pd.DataFrame:
    return _rows(frame, *_places(frame[column], month))


def _places(times: pd.Series, month: pd.Period) -> np.ndarray:
    """The places of the first row of `month`, and of the first after it."""
    bounds = [np.datetime64(str(one), "s") for one in (month, month + 1)]
    return np.searchsorted(times.to_numpy(), bounds)


def _rows(frame: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    if first == 0 and last == len(frame):
        return frame
    part = frame.iloc[first:last]
    part.index = pd.RangeIndex(len(part))
    return part
