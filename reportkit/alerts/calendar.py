"""Which days are like any other: promotions, the days around them, and China's holidays are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import chinese_calendar
import numpy as np
import pandas as pd

from reportkit.alerts.book import Around
from reportkit.metrics.query import Metrics

__all__ = ["COMPANY", "Calendar"]

COMPANY = "all"
_FESTIVAL = chinese_calendar.Holiday.spring_festival.value
_FRIDAY = 4  # what a Saturday or Sunday is like on which people work


@dataclass(frozen=True)
class Calendar:
    """The days from `days[0]` to `days[-1]`, every one of them."""

    metrics: Metrics
    days: pd.DatetimeIndex
    around: Around

    @cached_property
    def weekday(self) -> pd.Series:
        """Monday 0 to Sunday 6; a day worked in exchange for a holiday is a weekday."""
        found = pd.Series(self.days.day_of_week, self.days, dtype="int64")
        worked = [day in chinese_calendar.workdays for day in self._dates]
        return found.mask(pd.Series(worked, self.days) & (found > _FRIDAY), _FRIDAY)

    def usable(self, platforms: Sequence[str]) -> pd.DataFrame:
        """Return which days count, by platform and, where any of them has a promotion, for all together (bool)."""
        found = {name: ~(self._promoted(name) | self._holiday) for name in platforms}
        every = np.logical_and.reduce(list(found.values())) if found else ~self._holiday
        return pd.DataFrame({**found, COMPANY: every}, index=self.days)

    def judged(self, platforms: Sequence[str]) -> pd.DataFrame:
        """Return which usable days are judged (bool): not those on which a promotion is still being recovered from."""
        usable = self.usable(platforms)
        resting = {name: self._recovering(name) for name in platforms}
        every = np.logical_or.reduce(list(resting.values())) if resting else np.zeros(len(self.days), bool)
        return usable & ~pd.DataFrame({**resting, COMPANY: every}, index=self.days)

    @cached_property
    def unknown_years(self) -> list[int]:
        """Years whose holidays are not known: in them every day from Monday to Friday is worked."""
        known = {day.year for day in chinese_calendar.holidays}
        return sorted({day.year for day in self._dates} - known)

    @cached_property
    def _dates(self) -> list[date]:
        return [day.date() for day in self.days]

    @cached_property
    def _promos(self) -> pd.DataFrame:
        found = self.metrics.engine.frame(
            "SELECT DISTINCT promo_platform AS platform, phase, start_date, end_date FROM promos ORDER BY ALL"
        )
        return found.assign(
            start_date=pd.to_datetime(found["start_date"]), end_date=pd.to_datetime(found["end_date"])
        )

    def _own(self, platform: str) -> pd.DataFrame:
        return self._promos[self._promos["platform"].isin([platform, COMPANY])]

    def _promoted(self, platform: str) -> np.ndarray:
        own = self._own(platform)
        return self._within(own["start_date"], own["end_date"], self.around.promo, self.around.promo)

    def _recovering(self, platform: str) -> np.ndarray:
        own = self._own(platform)
        ends = own.loc[own["phase"].isin(self.around.heights), "end_date"]
        return self._within(ends, ends, 0, self.around.recovery)

    @cached_property
    def _holiday(self) -> np.ndarray:
        free = np.array([day in chinese_calendar.holidays for day in self._dates], bool)
        begins = [day for day, name in chinese_calendar.holidays.items() if name == _FESTIVAL]
        spring = pd.Series(pd.to_datetime(begins))
        around: np.ndarray = self._within(spring, spring, self.around.festival, self.around.festival)
        both: np.ndarray = np.logical_or(free, around)
        return both

    def _within(self, first: pd.Series, last: pd.Series, before: int, after: int) -> np.ndarray:
        """Return which days lie between any `first` and its `last`, so many days `before` and `after` included."""
        found = np.zeros(len(self.days), bool)
        for start, end in zip(first, last, strict=True):
            found |= (self.days >= start - pd.Timedelta(days=before)) & (
                self.days <= end + pd.Timedelta(days=after)
            )
        return found
