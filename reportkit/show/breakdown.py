"""What a page explains, and by what: net sales by platform, or the next best that there is data for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from reportkit.show.readings import column_of
from reportkit.show.rules import Rules

if TYPE_CHECKING:
    from reportkit.metrics.periods import Period
    from reportkit.metrics.query import Metrics

__all__ = ["breakdown", "money"]

_METRIC = "gmv"
_UNKNOWN = "unknown"


def breakdown(
    metrics: Metrics, rules: Rules, period: Period, scope: Mapping[str, Sequence[str]], as_of: date | None
) -> str:
    """Return the first dimension of ``split_by`` along which sales have two known parts or more.

    ``platform`` where none has: one bar is better than none.
    """
    known = metrics.catalog.dimensions(_METRIC, None)
    for dimension in rules.split_by:
        if dimension in known and _parts(metrics, dimension, period, scope, as_of) > 1:
            return dimension
    return "platform"


def _parts(metrics: Metrics, dimension: str, period: Period, scope: Any, as_of: date | None) -> int:
    frame = metrics.query([_METRIC], by=[dimension], period=period, scope=scope, as_of=as_of).frame
    sold = frame[(frame["value"].fillna(0) != 0) & (frame[column_of(dimension)] != _UNKNOWN)]
    return len(sold)


def money(
    metrics: Metrics, rules: Rules, period: Period, scope: Mapping[str, Sequence[str]], as_of: date | None
) -> str:
    """Return the first request of ``money`` that has a value; the last one where none has."""
    found = metrics.query(rules.money, period=period, scope=scope, as_of=as_of)
    known = (request for request in rules.money if found.cell(request) is not None)
    return next(known, rules.money[-1])
