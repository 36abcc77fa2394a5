"""The course of a promotion day by day, and of its last day hour by hour."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import about, alt, money, period_name
from reportkit.show.daily.said import clock, moment
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.study.running import Running

__all__ = ["course", "today"]

_HEIGHT = 48.0
_DAY = pd.Timedelta(days=1)


def course(running: Running, size: str = "right") -> Display:
    """Show the sum so far, what was due by each day, and where it ends at this pace."""
    return Display("figure", lambda pen: _draw(pen, running, size), size)


def _draw(pen: Pen, running: Running, size: str) -> Drawn:
    pace, words = running.pace if running.stage in ("running", "over") else None, pen.words
    if pace is None:
        return Drawn("", "")
    days = [pd.Timestamp(day) for day in running.study.period.dates()]
    seen = np.array([day < running.now for day in days])
    sold, due = (_running_total(values, days) for values in (pace.sold, pace.due.sum(axis=1, min_count=1)))
    by = words.numbers.divisor([*sold, *due[np.isfinite(due)]], "money")
    unit = words.numbers.column([*sold, *due[np.isfinite(due)]], "money").unit
    final, projected = pace.number("final"), np.full(len(days), np.nan)
    if isfinite(final) and running.stage == "running":
        left = due[-1] - due[seen][-1]
        share = (due - due[seen][-1]) / left if left > 0 else np.zeros(len(days))
        projected = np.where(
            seen & (np.arange(len(days)) < seen.sum() - 1),
            np.nan,
            sold[seen][-1] + share * (final - sold[seen][-1]),
        )
    plan = words(f"daily.curve_{pace.basis}", amount=money(pen, due[-1])) if np.isfinite(due).any() else ""
    drawn = [
        figures.Curve(plan, due / by, "then" if pace.basis == "last_year" else "plan"),
        figures.Curve(words("daily.curve_end", amount=money(pen, final)) if isfinite(final) else "", projected / by, "projected"),
        figures.Curve(words("daily.curve_now", amount=money(pen, sold[seen][-1])), np.where(seen, sold, np.nan) / by),
    ]  # fmt: skip
    ground = [
        place
        for place, day in enumerate(days)
        if day.date() in pen.promo_days(days[0].date(), days[-1].date())
    ]
    label = about(
        pen, words("daily.course_label"), unit, words("daily.until", moment=moment(pen, running.now))
    )
    paper = figures.curves(
        size, [words.day(day.date()) for day in days], drawn, label=label, ground=ground, height=_HEIGHT
    )
    shown = running.stage == "running" and isfinite(final)
    title = words(
        "daily.course_title", actual=money(pen, sold[seen][-1]), due=money(pen, pace.number("due")) if isfinite(pace.number("due")) else None,
        final=money(pen, final) if shown else None, basis=pace.basis,
    )  # fmt: skip
    cited = ["actual", *(["due"] if isfinite(pace.number("due")) else []), *(["final"] if shown else [])]
    marks = [pen.prove(running.study, pace.figure(name)) for name in cited]
    return figure(
        pen, paper, title=title, alt=alt(pen, title, "curves", [period_name(pen, running.study)]), marks=marks
    )


def _running_total(values: pd.Series, days: list[pd.Timestamp]) -> np.ndarray:
    daily = values.groupby(pd.DatetimeIndex(values.index).normalize()).sum(min_count=1).reindex(days)
    return daily.cumsum().to_numpy(dtype="float64")


def today(running: Running, size: str = "right") -> Display:
    """Show the last day hour by hour, beside the same hours of its twin last year."""
    return Display("figure", lambda pen: _draw_today(pen, running, size), size)


def _draw_today(pen: Pen, running: Running, size: str) -> Drawn:
    if running.stage not in ("running", "over"):
        return Drawn("", "")
    words, hours, pace = pen.words, running.hours, running.pace
    day = (running.seen - pd.Timedelta(microseconds=1)).normalize()
    names = [name for name in pace.table.index[:-1] if name not in running.clock.days_only]
    inside = hours.gmv.index[(hours.gmv.index >= day) & (hours.gmv.index < day + _DAY)]
    then = hours.then.loc[inside, names]
    told = list(then.columns[then.notna().any()])
    now = hours.gmv.loc[inside, told or names].sum(axis=1).cumsum().to_numpy()
    now = np.where(inside < running.seen, now, np.nan)
    before = then[told].sum(axis=1).cumsum().to_numpy() if told else np.full(len(inside), np.nan)
    known = [*now[np.isfinite(now)], *before[np.isfinite(before)]]
    if not known:
        return Drawn("", "")
    by, unit = words.numbers.divisor(known, "money"), words.numbers.column(known, "money").unit
    year = running.study.period.last_year()
    drawn = [
        figures.Curve(
            words("daily.hour_then", year=year.start.year) if told and year else "", before / by, "then"
        ),
        figures.Curve(words("daily.hour_now"), now / by),
    ]
    label = about(pen, words("daily.today_label", day=words.day(day.date())), unit)
    paper = figures.curves(size, [f"{at.hour}" for at in inside], drawn, label=label, height=_HEIGHT)
    growth = pace.number("today_growth")
    title = words(
        "daily.today_title", day=words.day(day.date()), clock=clock(running.seen),
        now=money(pen, pace.number("today_now" if isfinite(growth) else "today")),
        then=money(pen, pace.number("today_then")) if isfinite(growth) else None, change=words.change(growth, "money"),
        part=len(told) if told and len(told) < len(names) else 0,
    )  # fmt: skip
    cited = ["today_now", "today_then"] if isfinite(growth) else ["today"]
    marks = [pen.prove(running.study, pace.figure(name)) for name in cited]
    return figure(
        pen, paper, title=title, alt=alt(pen, title, "curves", [words.day(day.date())]), marks=marks
    )
