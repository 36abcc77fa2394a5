"""What all rules look at: the days of every metric, asked for once, without those that are not to be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd

from reportkit.alerts.alert import Scope
from reportkit.alerts.book import Book
from reportkit.alerts.calendar import COMPANY, Calendar
from reportkit.alerts.rules import LAYERS
from reportkit.metrics.compile import column_of
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics, Result
from reportkit.metrics.views import UNKNOWN
from reportkit.quality.audit import Audit
from reportkit.study import Study

__all__ = ["Watch", "money_each", "platform_of", "scope_of"]

_WINDOWS = 3  # times the days before: promotions lie between
_BETWEEN = "\x1f"
Frame = TypeVar("Frame", pd.Series, pd.DataFrame)


@dataclass
class Watch:
    """The business up to `last`, judged from `first` on.

    `acknowledged` tells up to which day somebody has answered what a rule said of a part (see alert.key_of).
    """

    metrics: Metrics
    book: Book
    first: date
    last: date
    acknowledged: Mapping[str, date] = field(default_factory=dict)

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        """Every day that is read."""
        return pd.date_range(self.first - timedelta(days=self.book.history), self.last, name="day")

    @cached_property
    def judged(self) -> pd.DatetimeIndex:
        """Every day that is judged."""
        return self.days[self.days >= pd.Timestamp(self.first)]

    @cached_property
    def calendar(self) -> Calendar:
        """Which days are like any other."""
        return Calendar(self.metrics, self.days, self.book.around)

    @cached_property
    def audit(self) -> Audit:
        """Which days were filed, of those judged."""
        return Audit(self.metrics.project, self.metrics, self.period(self.first), self.last)

    @cached_property
    def study(self) -> Study:
        """The analysis of the month up to the last day."""
        return Study(
            self.metrics.project, self.metrics, self.period(self.last - timedelta(days=27)), self.last
        )

    def period(self, first: date) -> Period:
        """Return the days from `first` to the last."""
        return self.metrics.period(f"{first}/{self.last}")

    @cached_property
    def usable(self) -> pd.DataFrame:
        """Which days count, by platform and for the company (bool)."""
        return self.calendar.usable(self.metrics.platforms)

    @cached_property
    def rested(self) -> pd.DataFrame:
        """Which usable days lie in no recovery, by platform and for the company (bool)."""
        return self.calendar.judged(self.metrics.platforms)

    @cached_property
    def open(self) -> pd.DataFrame:
        """Which usable days are judged, by platform and for the company (bool)."""
        return self.rested & np.asarray(self.days >= pd.Timestamp(self.first))[:, None]

    def wide(self, request: str, layer: str) -> pd.DataFrame:
        """Return `request` as days × parts of `layer`; NaN on days without data, or not to be trusted.

        What the company has is the sum of the platforms that ever tell it, NaN where one of them is silent.
        """
        key = (request, layer)
        if key not in self._wide:
            self._wide[key] = self._company(request) if layer == "company" else self._cut(request, layer)
        return self._wide[key]

    @cached_property
    def _wide(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def _company(self, request: str) -> pd.DataFrame:
        parts = self.wide(request, "platform")
        told = parts.loc[:, parts.notna().any()]
        return pd.DataFrame({COMPANY: told.sum(axis=1, skipna=False)}) if len(told.columns) else told

    def _cut(self, request: str, layer: str) -> pd.DataFrame:
        keys, rows = [column_of(name) for name in LAYERS[layer]], self._ask(request, layer).frame
        known = (rows[keys] != UNKNOWN).all(axis=1)
        parts = rows[keys[0]].astype("str")
        for key in keys[1:]:
            parts = parts + _BETWEEN + rows[key].astype("str")
        table = pd.DataFrame({"day": pd.to_datetime(rows["day"]), "part": parts, "value": rows["value"]})[
            known
        ]
        wide = table.pivot(index="day", columns="part", values="value").reindex(self.days).astype("float64")
        return wide.where(self._whole(request, [platform_of(part) for part in wide.columns]))

    def _ask(self, request: str, layer: str) -> Result:
        """Ask once, for all parts and days; below platforms only as far back as rates and quotients look."""
        near = self.first - timedelta(days=_WINDOWS * self.book.before)
        start = self.days[0].date() if layer == "platform" else near
        by = [*LAYERS[layer], "day"]
        key = (request, layer)
        if key not in self._asked:
            self._asked[key] = self.metrics.query(
                [request], by=by, period=self.period(start), as_of=self.last
            )
        return self._asked[key]

    @cached_property
    def _asked(self) -> dict[tuple[str, str], Result]:
        return {}

    def _whole(self, request: str, platforms: Sequence[str]) -> np.ndarray:
        """Return which values are of days that no file ends within (days × parts, bool)."""
        metric, basis = self.metrics.catalog.split(request)
        views = [
            self.metrics.catalog.views[leaf.measure.table]
            for leaf in self.metrics.catalog.leaves(metric.id, basis)
        ]
        tables = {name for view in views for name in view.datasets}
        found = {name: np.ones(len(self.days), bool) for name in platforms}
        for platform, table, day in self._partial:
            if table in tables and platform in found:
                found[platform] &= self.days != day
        return (
            np.column_stack([found[name] for name in platforms])
            if platforms
            else np.ones((len(self.days), 0), bool)
        )

    @cached_property
    def _partial(self) -> list[tuple[str, str, pd.Timestamp]]:
        return [
            (line.platform, line.table, pd.Timestamp(day))
            for line in self.audit.lines
            for day in line.of("part")
        ]

    def rows(self, requests: Sequence[str], layer: str, scope: Scope, day: date) -> dict[str, str]:
        """Return the SELECTs of the rows behind `requests` on one day in one part of `layer`, by table."""
        found: dict[str, str] = {}
        for request in requests:
            result = self._ask(request, "platform" if layer == "company" else layer)
            found |= result.rows_sql(request, day=day, **dict(scope))
        return found


def money_each(money: Frame, count: Frame, days: int) -> Frame:
    """Return the money that comes with one of what is counted, over the last `days`; NaN where nothing was."""
    sums = [frame.rolling(days, min_periods=1).sum() for frame in (money, count)]
    return sums[0] / sums[1].where(sums[1] > 0)


def platform_of(part: str) -> str:
    """Return whose calendar a part follows: that of its platform, or of the company."""
    return part.split(_BETWEEN)[0]


def scope_of(layer: str, part: str) -> Scope:
    """Return the dimensions of a part of `layer` with their values."""
    return tuple(zip(LAYERS[layer], part.split(_BETWEEN), strict=False))
