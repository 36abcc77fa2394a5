"""Which days are like any other: promotions, the days around them, and China's holidays are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reportkit.alerts.book import Around
from reportkit.metrics.query import Metrics
from reportkit.study.ordinary import covered, holidays, unknown_years, weekdays

__all__ = ["COMPANY", "Calendar"]

COMPANY = "all"


@dataclass(frozen=True)
class Calendar:
    """The days from `days[0]` to `days[-1]`, every one of them."""

    metrics: Metrics
    days: pd.DatetimeIndex
    around: Around

    @cached_property
    def weekday(self) -> pd.Series:
        """Monday 0 to Sunday 6; a day worked in exchange for a holiday is a weekday."""
        return weekdays(self.days)

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
        return unknown_years(self.days)

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
        return covered(self.days, own["start_date"], own["end_date"], self.around.promo, self.around.promo)

    def _recovering(self, platform: str) -> np.ndarray:
        own = self._own(platform)
        ends = own.loc[own["phase"].isin(self.around.heights), "end_date"]
        return covered(self.days, ends, ends, 0, self.around.recovery)

    @cached_property
    def _holiday(self) -> np.ndarray:
        return holidays(self.days, self.around.festival)
