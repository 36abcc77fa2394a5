"""How the page of a running promotion speaks of moments, phases and hours."""

from __future__ import annotations

from math import isfinite

import pandas as pd

from reportkit.show.display import Pen
from reportkit.study.running import Running

__all__ = ["clock", "day_number", "hours", "known", "moment", "phase", "tone"]


def moment(pen: Pen, at: pd.Timestamp) -> str:
    """Return a moment as ``11.7 08:00``; midnight is the end of the day before."""
    day = at - pd.Timedelta(days=1) if at == at.normalize() else at
    return pen.words("daily.moment", day=pen.words.day(day.date()), clock=clock(at))


def clock(at: pd.Timestamp) -> str:
    """Return the time of day, ``24:00`` at midnight."""
    return "24:00" if at == at.normalize() else f"{at:%H:%M}"


def hours(pen: Pen, value: float) -> str:
    """Return hours in whole numbers; what does not end within the promotion has none."""
    return pen.words("daily.in_hours", count=round(value)) if isfinite(value) else pen.words("daily.lasts")


def known(values: pd.Series) -> list[float | None]:
    """Return the numbers of a column, None for what is missing."""
    return [float(value) if isfinite(value) else None for value in values]


def tone(running: Running, pace: float) -> str:
    """Return the tone of a pace."""
    if not isfinite(pace):
        return ""
    good, watch = running.rules.pace
    return "good" if pace >= good else "watch" if pace >= watch else "bad"


def day_number(running: Running) -> int:
    """Return which day of the promotion the last moment lies in, from 1."""
    last = running.now - pd.Timedelta(microseconds=1)
    return (last.date() - running.study.period.start).days + 1


def phase(running: Running) -> str:
    """Return the phase that most platforms are in at the last moment; empty where there is no calendar."""
    phases = running.hours.phases
    today = (running.now - pd.Timedelta(microseconds=1)).normalize()
    found = phases.loc[phases["day"] == today, "phase"]
    return str(found.mode().iloc[0]) if len(found) else ""
