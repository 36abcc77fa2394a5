"""Which days are holidays, and what weekday a day is like: China's calendar, as far as it is known."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["covered", "holidays", "unknown_years", "weekdays"]

Flags = npt.NDArray[np.bool_]
_FESTIVAL = chinese_calendar.Holiday.spring_festival.value
_FRIDAY = 4  # what a Saturday or Sunday is like on which people work


def weekdays(days: pd.DatetimeIndex) -> pd.Series:
    """Return by day Monday 0 to Sunday 6; a day worked in exchange for a holiday is a weekday."""
    found = pd.Series(days.day_of_week, days, dtype="int64")
    worked = [day in chinese_calendar.workdays for day in _dates(days)]
    return found.mask(pd.Series(worked, days) & (found > _FRIDAY), _FRIDAY)


def holidays(days: pd.DatetimeIndex, festival: int) -> Flags:
    """Return which of `days` are free, or lie within so many days of Spring Festival's."""
    free = np.array([day in chinese_calendar.holidays for day in _dates(days)], bool)
    begins = [day for day, name in chinese_calendar.holidays.items() if name == _FESTIVAL]
    spring = pd.Series(pd.to_datetime(begins))
    return np.asarray(free | covered(days, spring, spring, festival, festival))


def unknown_years(days: pd.DatetimeIndex) -> list[int]:
    """Return the years of `days` whose holidays are not known: in them every day from Monday to Friday is worked."""
    known = {day.year for day in chinese_calendar.holidays}
    return sorted({day.year for day in _dates(days)} - known)


def covered(days: pd.DatetimeIndex, first: pd.Series, last: pd.Series, before: int, after: int) -> Flags:
    """Return which of `days` lie between any `first` and its `last`, so many days `before` and `after` included."""
    found = np.zeros(len(days), bool)
    for start, end in zip(first, last, strict=True):
        found |= (days >= start - pd.Timedelta(days=before)) & (days <= end + pd.Timedelta(days=after))
    return found


def _dates(days: pd.DatetimeIndex) -> list[date]:
    return [day.date() for day in days]
