"""What the rules would have told over all the days that are loaded, so that a merchant can set their thresholds.

Statistical rules are judged on every day, as a check of that morning would have. What a check looks at on its last
day only, stock, targets, settlements and faulty products, is looked at on the last day of every month; of actions
only today's state is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from reportkit.alerts.alert import Signal
from reportkit.alerts.book import Book, read_book
from reportkit.alerts.calendar import COMPANY
from reportkit.alerts.check import signals, unevaluated
from reportkit.alerts.incidents import Incident, fold, incidents
from reportkit.alerts.watch import Watch
from reportkit.errors import QueryError
from reportkit.metrics.periods import Period, enclosing
from reportkit.metrics.query import Metrics
from reportkit.quality.days import RECORDS
from reportkit.quality.figure import Figure

__all__ = ["Backtest", "backtest"]

_MONTHLY = ("pace", "stock", "settle", "fault", "line")
_TODAY = ("due",)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Backtest:
    """The incidents of `period`, those told with another left out.

    `usual` says which days count, by day and platform and for the company: promotions, holidays and the days around
    them do not. `unevaluated` are the rules that nothing could feed, and what they lack.
    """

    period: Period
    as_of: date
    scope: Mapping[str, Sequence[str]]
    book: Book
    found: tuple[Incident, ...]
    usual: pd.DataFrame
    unevaluated: Mapping[str, tuple[str, ...]]

    @cached_property
    def months(self) -> pd.DataFrame:
        """How many incidents each rule would have told, by rule and first day of the month."""
        every = pd.date_range(enclosing("month", self.period.start).start, self.period.end, freq="MS")
        told = Counter((one.last.rule, enclosing("month", one.alerted).start) for one in self.found)
        months = [day.date() for day in every]
        return pd.DataFrame(
            [[told[rule, month] for month in months] for rule in self._rules],
            self._rules,
            months,
            dtype="int64",
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """By rule: incidents (told), the days on which they showed (days), those of them that are unusual (special)."""
        table = pd.DataFrame(0, index=self._rules, columns=["told", "days", "special"])
        for one in self.found:
            days = {signal.day for signal in one.signals}
            special = sum(not self._is_usual(one, day) for day in days)
            table.loc[one.last.rule] += [1, len(days), special]
        return table

    def judged_on(self, rule: str) -> str:
        """Return when a rule is judged: ``day``, ``month`` or ``today``."""
        kind = self.book.rules[rule].kind
        return "month" if kind in _MONTHLY else "today" if kind in _TODAY else "day"

    def figure(self, name: str) -> Figure:
        """Return the sum of a column of `table`; it stands on every file that is loaded."""
        return Figure(f"alerts.{name}", float(self.table[name].sum()), "count", {}, {"files": RECORDS})

    @property
    def _rules(self) -> list[str]:
        return [name for name in self.book.rules if name not in self.unevaluated]

    def _is_usual(self, one: Incident, day: date) -> bool:
        platform = dict(one.last.scope).get("platform", COMPANY)
        return bool(self.usual.at[pd.Timestamp(day), platform])


def backtest(
    metrics: Metrics, as_of: date | None = None, scope: Mapping[str, Sequence[str]] | None = None
) -> Backtest:
    """Return what would have been told from the first day with an order up to `as_of`, by default the last.

    `scope` keeps platforms. QueryError where there is no order up to then. Two years of a merchant with 200 thousand
    order lines take about a minute of one processor.
    """
    book, first = (
        read_book(metrics.project),
        min((day for day, _ in metrics.coverage.trading.values()), default=None),
    )
    last = min(as_of or date.max, metrics.last_day or date.max)
    if first is None or last < first:
        raise QueryError("no orders yet", todo="reportkit ingest reads the files in the inbox")
    watch = Watch(metrics, book, first, last)
    daily = {rule.kind for rule in book.rules.values()} - set(_MONTHLY)
    seen = signals(watch, daily)
    for day in _month_ends(first, last):
        seen += signals(Watch(metrics, book, day - timedelta(days=book.recall), day), _MONTHLY)
    wanted = (scope or {}).get("platform")
    found = fold(incidents(_within(seen, wanted), book.persist), book.fold)
    told = tuple(one for one in found if not one.parent and not _before(book, one, first))
    period = metrics.period(f"{first}/{last}")
    return Backtest(period, last, dict(scope or {}), book, told, watch.usable, unevaluated(metrics, book))


def _before(book: Book, one: Incident, first: date) -> bool:
    """Return whether an incident began before all that is loaded: a table lacks days before its first."""
    rule = book.rules[one.last.rule]
    if rule.kind == "data":
        return one.first_seen <= first + rule.tables[dict(one.last.scope)["table"]] * _DAY
    return one.alerted < first


def _month_ends(first: date, last: date) -> list[date]:
    """Return the last day of every month from `first` on, and `last`."""
    ends, day = [], enclosing("month", first).end
    while day < last:
        ends.append(day)
        day = enclosing("month", day + _DAY).end
    return [*ends, last]


def _within(seen: list[Signal], platforms: Container[str] | None) -> list[Signal]:
    """Return the signals of some platforms; of all where none are named."""
    return [one for one in seen if platforms is None or dict(one.scope).get("platform") in platforms]
