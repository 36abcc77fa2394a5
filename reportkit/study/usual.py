"""What the days of the period would usually bring, by weekday, and which run of days did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis.usual import usual_band
from reportkit.metrics.query import Result
from reportkit.study.stock import promo_days

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Run", "Usual", "usual"]


@dataclass(frozen=True)
class Run:
    """The longest run of days beyond the usual band: places `first` to `last`, all above or all below it."""

    first: int
    last: int
    above: bool

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Usual:
    """The usual band of one metric by day (low, high), and the run of days that lay beyond it, if long enough."""

    band: pd.DataFrame
    run: Run | None


def usual(study: Study, days: Result) -> dict[str, Usual]:
    """Return what is usual for each metric of `days`, which is by day, from the weeks before its first day.

    Days at the height of a promotion neither count nor are judged.
    """
    rules = study.project.policy.usual
    first, last = days.period.start, min(days.period.end, days.as_of)
    start = first - timedelta(weeks=rules.weeks)
    before = study.ask(days.requests, by=["day"], period=f"{start}/{first - timedelta(days=1)}")
    told = {request: _series(before, request) for request in days.requests}
    promo = promo_days(study, pd.date_range(start, max(first, last)))
    return {
        request: _usual(study, history.mask(promo.reindex(history.index)), _series(days, request), promo)
        for request, history in told.items()
    }


def _usual(study: Study, history: pd.Series, values: pd.Series, promo: pd.Series) -> Usual:
    rules = study.project.policy.usual
    band = usual_band(
        history, pd.DatetimeIndex(values.index),
        least=rules.least, level_days=rules.level_days, floor=rules.floor, width=rules.width,
    )  # fmt: skip
    judged = values.mask(promo.reindex(values.index).fillna(value=False).astype(bool))
    runs = [*_runs(judged > band["high"], above=True), *_runs(judged < band["low"], above=False)]
    longest = max(runs, key=lambda run: run.days, default=None)
    return Usual(band, longest if longest and longest.days >= rules.run_days else None)


def _series(result: Result, request: str) -> pd.Series:
    rows = result.frame[result.frame["metric"] == request].sort_values("day")
    return pd.Series(rows["value"].to_numpy(dtype=float), index=pd.DatetimeIndex(rows["day"], name="day"))


def _runs(beyond: pd.Series, *, above: bool) -> list[Run]:
    edges = np.flatnonzero(np.diff(np.r_[False, beyond.to_numpy(), False].astype(int)))
    return [Run(int(first), int(end) - 1, above) for first, end in zip(edges[::2], edges[1::2], strict=True)]
