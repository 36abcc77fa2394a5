"""Which days of a platform can be compared with its own figure, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reportkit.engines import quoted
from reportkit.metrics.coverage import Days, spans
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics

__all__ = ["Compared", "compare_days", "within"]


@dataclass(frozen=True)
class Compared:
    """Days of a period by what is there: both sides whole, or one lacking.

    `late`: a file was written before the day had ended, so that one side holds a part of the day only.
    """

    both: Days
    no_orders: Days
    late: Days
    no_figure: Days


def compare_days(metrics: Metrics, platform: str, period: Period, counted: Days, figures: str) -> Compared:
    """Sort the days of `period`.

    `counted` are those that ours is counted over, `figures` the SELECT of the platform's daily figures.
    """
    told = _told(metrics, figures)
    whole, some = _days_of_every_shop(told), frozenset(figure.day for figure in told)
    filed = _filed(metrics, platform)
    # A gap of a few days between files counts as days without trade, unless the platform says otherwise.
    sold = frozenset(figure.day for figure in told if figure.amount)
    lost = sold & counted - filed.keys()
    early = {figure.day for figure in told if _local(metrics, figure.written) <= figure.day}
    cut = {day for day, written in filed.items() if written <= day}
    late = (cut | early) & counted & whole - lost
    return Compared(
        both=(counted & whole) - late - lost,
        no_orders=some - counted | lost,
        late=frozenset(late),
        no_figure=counted - whole - lost,
    )


def within(column: str, days: Iterable[date]) -> str:
    """Return the SQL condition that `column` is one of `days`."""
    ranges = [f"{column} BETWEEN DATE '{first}' AND DATE '{last}'" for first, last in spans(days)]
    return f"({' OR '.join(ranges)})" if ranges else "false"


class _Figure(NamedTuple):
    shop: str
    day: date
    written: datetime
    amount: Decimal


def _told(metrics: Metrics, figures: str) -> list[_Figure]:
    rows = metrics.engine.rows(
        f"SELECT coalesce(shop_id, ''), date_from, exported_at, pay_amt_platform FROM ({figures}) ORDER BY ALL"
    )
    return [_Figure(*row) for row in rows]


def _days_of_every_shop(told: list[_Figure]) -> Days:
    """Return the days on which every shop has a figure that has one at all: a sum without one is too small."""
    shops: dict[str, set[date]] = {}
    for figure in told:
        shops.setdefault(figure.shop, set()).add(figure.day)
    return frozenset.intersection(*map(frozenset, shops.values())) if shops else frozenset()


def _filed(metrics: Metrics, platform: str) -> dict[date, date]:
    """Return the days that order files are about, and when the newest of each was written, in local days."""
    newest: dict[date, date] = {}
    for first, last, written in metrics.engine.rows(
        "SELECT date_min, date_max, exported_at FROM files WHERE source_id IN "
        f"(SELECT DISTINCT source_id FROM orders WHERE platform_id = {quoted(platform)} "
        f"UNION SELECT DISTINCT source_id FROM order_lines WHERE platform_id = {quoted(platform)}) "
        "AND date_min IS NOT NULL AND date_max IS NOT NULL ORDER BY ALL"
    ):
        on = _local(metrics, written) if written else date.max
        for day in Period("", "range", first, last).dates():
            newest[day] = max(newest.get(day, date.min), on)
    return newest


def _local(metrics: Metrics, moment: datetime) -> date:
    zone = ZoneInfo(metrics.project.settings.timezone)
    return moment.replace(tzinfo=UTC).astimezone(zone).date()
