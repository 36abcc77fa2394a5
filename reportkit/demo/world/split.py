"""Months out of a lot of months."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from reportkit.demo.world.facts import Facts, Month

__all__ = ["split"]

_TIMES = {
    "orders": "created",
    "refunds": "asked",
    "payouts": "at",
    "visitors": "day",
    "items": "day",
    "ads": "day",
    "service": "day",
}


def split(
    labels: list[str],
    facts: dict[str, Facts],
    stock: pd.DataFrame,
    purchases: pd.DataFrame,
    lost: pd.DataFrame,
) -> Iterator[Month]:
    """Yield the months `labels` of frames whose rows stand in the order of their time."""
    if len(labels) == 1:
        month = pd.Period(labels[0], "M")
        yield Month(labels[0], month.start_time.date(), month.end_time.date(), facts, stock, purchases, lost)
        return
    bounds = np.array([np.datetime64(label, "s") for label in [*labels, str(pd.Period(labels[-1], "M") + 1)]])
    parts = {name: _months_of(one, bounds) for name, one in facts.items()}
    others = zip(
        *(
            _slices(frame, column, bounds)
            for frame, column in ((stock, "day"), (purchases, "ordered"), (lost, "day"))
        ),
        strict=True,
    )
    for place, (label, shared) in enumerate(zip(labels, others, strict=True)):
        month = pd.Period(label, "M")
        told = {name: by_month[place] for name, by_month in parts.items()}
        yield Month(label, month.start_time.date(), month.end_time.date(), told, *shared)


def _slices(frame: pd.DataFrame, column: str, bounds: np.ndarray) -> list[pd.DataFrame]:
    places = np.searchsorted(frame[column].to_numpy(), bounds)
    return [_rows(frame, *span) for span in pairwise(places)]


def _rows(frame: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    part = frame.iloc[first:last]
    part.index = pd.RangeIndex(len(part))
    return part


def _months_of(facts: Facts, bounds: np.ndarray) -> list[Facts]:
    parts = {name: _slices(getattr(facts, name), column, bounds) for name, column in _TIMES.items()}
    begins = np.searchsorted(facts.orders["created"].to_numpy(), bounds)
    places = np.searchsorted(facts.lines["order"].to_numpy(), begins)
    lines = []
    for begin, first, last in zip(begins, places, places[1:], strict=False):
        part = _rows(facts.lines, first, last)
        lines.append(part.assign(order=part["order"].to_numpy() - np.int32(begin)))
    parts["lines"] = lines
    return [
        Facts(facts.platform, **{name: frames[place] for name, frames in parts.items()})
        for place in range(len(bounds) - 1)
    ]
