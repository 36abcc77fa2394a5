"""Windows: which days of which platform count on each side of a comparison.

Like for like: both sides hold the same platforms and the same days. A platform that has data of all
of both periods is taken whole (a month of 31 days stands against one of 30); one that lacks days,
or is still running, only with the days that both sides have.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reportkit.metrics.coverage import Coverage, Days
from reportkit.metrics.periods import Period

__all__ = ["Window", "covered", "in_period", "pairs"]

Window = Mapping[str, Days]


def covered(coverage: Coverage, platform_ids: list[str], datasets: list[str]) -> dict[str, Days]:
    """Return the days for which each platform has data of all `datasets`."""
    return {platform: coverage.of(platform, datasets) for platform in platform_ids}


def in_period(window: Window, period: Period | None, as_of: date) -> dict[str, Days]:
    """Return the days of `window` that lie in `period` and not after `as_of`, without empty platforms."""
    if period is None:
        return {}
    seen = frozenset(day for day in period.dates() if day <= as_of)
    return {platform: found for platform, days in window.items() if (found := days & seen)}


def pairs(
    now: Window, then: Window, period: Period, other: Period
) -> tuple[dict[str, Days], dict[str, Days]]:
    """Return the like-for-like part of `now` (days of `period`) and of `then` (days of `other`)."""
    kept_now: dict[str, Days] = {}
    kept_then: dict[str, Days] = {}
    for platform in sorted(set(now) & set(then)):
        first, second = now[platform], then[platform]
        if len(first) < period.days or len(second) < other.days:
            twins = {day: period.twin(day, other) for day in first}
            first = frozenset(day for day, twin in twins.items() if twin in second)
            second = frozenset(twin for day in first if (twin := twins[day]))
        if first:
            kept_now[platform], kept_then[platform] = first, second
    return kept_now, kept_then
