"""The phases of a promotion on each platform, and the day of last year's that each of its days is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reportkit.study.phases import promo_calendar
from reportkit.study.promotion import read_promotion

if TYPE_CHECKING:
    from reportkit.metrics.periods import Period
    from reportkit.study.study import Study

__all__ = ["BEFORE", "phase_days", "twins"]

BEFORE = "before"
_COLUMNS = ["platform", "day", "phase", "place", "days"]


def phase_days(study: Study, promo: Period, platforms: list[str], before: int) -> pd.DataFrame:
    """Return platform, day, phase, place (in the phase, from 0) and days (of the phase) of a promotion and its aftermath.

    The calendar is that of the review (study.phases). The `before` days ahead of a platform's first phase are a phase
    of their own.
    """
    calendar = promo_calendar(study, read_promotion(study.project).phases)
    parts = []
    for platform in platforms:
        rows = calendar[(calendar["promo_id"] == promo.id) & (calendar["platform"] == platform)]
        if len(rows):
            first = pd.Timestamp(rows["first"].min())
            ahead = (BEFORE, first - pd.Timedelta(days=before), first - pd.Timedelta(days=1))
            told = rows.sort_values("first")[["phase", "first", "last"]].itertuples(index=False)
            parts += [_span(platform, *span) for span in (ahead, *told)]
    if not parts:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(parts, ignore_index=True).drop_duplicates(["platform", "day"])


def _span(platform: str, phase: str, first: object, last: object) -> pd.DataFrame:
    days = pd.date_range(first, last)  # type: ignore[call-overload]
    frame = pd.DataFrame({"platform": platform, "day": days, "phase": phase})
    return frame.assign(place=range(len(days)), days=len(days))[_COLUMNS]


def twins(now: pd.DataFrame, then: pd.DataFrame) -> pd.Series:
    """Return by platform and day of `now` the day of `then`: the same place in the same phase; NaT beyond its end."""
    keys = ["platform", "phase", "place"]
    told = now.merge(then[[*keys, "day"]], how="left", on=keys, suffixes=("", "_then"))
    return told.set_index(["platform", "day"])["day_then"]
