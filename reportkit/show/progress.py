"""A promotion day by day beside last year's and the target, and how far each target was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportkit.show import figures
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import figure
from reportkit.show.readings import Reading

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["attainment", "progress"]

_YEAR = "last_year"
_CURVE_HEIGHT = 62.0


def progress(days: Result, result: Result, size: str = "left") -> Display:
    """Show a metric adding up day by day, beside last year's and the target.

    `days` is by day and compared with last_year, day by day of the campaign; `result` holds the same
    metrics over the whole promotion, with targets. Of those in `days` the first that has a target is
    shown, else the first.
    """
    return Display("figure", lambda pen: _draw_progress(pen, days, result, size), size, block="R1.3")


@dataclass(frozen=True)
class _Curve:
    """Running totals by campaign day, NaN on a day that is not known."""

    now: np.ndarray[Any, np.dtype[np.float64]]
    then: np.ndarray[Any, np.dtype[np.float64]]
    days: list[date]


def _curve(days: Result, request: str) -> _Curve:
    rows = days.frame[days.frame["metric"] == request].sort_values("day")
    column = f"{_YEAR}_then"
    then = rows[column] if column in rows else pd.Series(np.nan, index=rows.index)
    return _Curve(
        _running(rows["value"]),
        _running(then),
        [pd.Timestamp(day).date() for day in rows["day"]],
    )


def _running(values: pd.Series[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    given = values.to_numpy(dtype=float)
    return np.where(np.isfinite(given), np.nancumsum(given), np.nan)


def _draw_progress(pen: Pen, days: Result, result: Result, size: str) -> Drawn:
    aimed = (name for name in days.requests if Reading(pen, result, name, {}).number("target"))
    request = next(aimed, days.requests[0])
    whole, curve = Reading(pen, result, request, {}), _curve(days, request)
    paper = _curve_paper(pen, whole, curve, size)
    rate = pen.words.numbers.rate(whole.number("attainment"))
    then = whole.number(f"{_YEAR}_then")
    if not whole.known:
        title = pen.words("trend.missing", name=whole.spoken.full_name)
        return figure(
            pen, paper, title=title, alt=pen.words("goals.curve_alt", title=title, days=0), marks=[]
        )
    title = pen.words(
        "goals.curve_title", name=whole.name, total=whole, target=whole.number("target"), rate=rate,
        then=whole.money(then) if then is not None else None,
    )  # fmt: skip
    marks = [whole.code()]
    alt = pen.words("goals.curve_alt", title=title, days=len(curve.days))
    return figure(pen, paper, title=title, alt=alt, marks=marks)


def _curve_paper(pen: Pen, whole: Reading, curve: _Curve, size: str) -> figures.Paper:
    spoken, target, period = whole.spoken, whole.number("target"), whole.result.period
    every = [*curve.now, *curve.then, *([target] if target else [])]
    known = [value for value in every if not is_missing(value)]
    unit = pen.words.numbers.column(known, spoken.unit, spoken.noun).unit
    promos = pen.promo_days(curve.days[0], curve.days[-1]) if curve.days else {}
    days = [period.start + timedelta(days=place) for place in range(max(period.days, len(curve.days)))]
    # One scale for values and target: the axis prints what the divisor leaves.
    by = pen.words.numbers.divisor(known, spoken.unit)
    aim = pen.words("goals.curve_target", amount=whole.money(target))
    return figures.curves(
        size,
        [pen.words.day(day) for day in days],
        _curves(pen, whole, curve, by),
        label=pen.words("goals.curve_label", name=spoken.full_name, unit=unit),
        target=figures.Reference(target / by, aim) if target else None,
        ground=[curve.days.index(day) for day in promos],
        height=_CURVE_HEIGHT,
    )


def _curves(pen: Pen, whole: Reading, curve: _Curve, by: float) -> list[figures.Curve]:
    """Return last year's curve and this one, each named by its period and where it ends."""
    period, lang = whole.result.period, pen.words.lang
    then = period.last_year()
    return [
        figures.Curve(
            _end(pen, whole, curve.then, then.label(lang)) if then else "", curve.then / by, "then"
        ),
        figures.Curve(_end(pen, whole, curve.now, period.label(lang)), curve.now / by),
    ]


def _end(pen: Pen, whole: Reading, values: np.ndarray[Any, np.dtype[np.float64]], label: str) -> str:
    known = values[np.isfinite(values)]
    return pen.words("goals.curve_now", label=label, amount=whole.money(known[-1])) if len(known) else ""


def attainment(result: Result, size: str = "right") -> Display:
    """Show each metric of `result` that has a target as a bullet: actual, target, 80, 95 and 100 % of it."""
    return Display("figure", lambda pen: _draw_bullets(pen, result, size), size, block="R1.5")


def _draw_bullets(pen: Pen, result: Result, size: str) -> Drawn:
    held = [
        reading
        for reading in (Reading(pen, result, request, {}) for request in result.requests)
        if reading.known and reading.number("target") and reading.spoken.better != "down"
    ]
    rows = [_bullet(pen, reading) for reading in held]
    paper = figures.bullets(size, rows, note=pen.words("goals.bullet_label") if held else "")
    title = _bullet_title(pen, held)
    items = [
        pen.words(
            "goals.bullet_item",
            name=each.spoken.full_name,
            amount=each,
            target=each.money(each.number("target")),
        )
        for each in held
    ]
    alt = pen.words("goals.bullet_alt", title=title, items=pen.words.list(items))
    return figure(pen, paper, title=title, alt=alt, marks=[reading.code() for reading in held])


def _bullet_title(pen: Pen, held: list[Reading]) -> str:
    if not held:
        return pen.words("goals.bullet_none")
    ranked = sorted(held, key=lambda reading: -(reading.number("attainment") or 0.0))
    rates = [pen.words.numbers.rate(each.number("attainment")) for each in (ranked[0], ranked[-1])]
    return pen.words(
        "goals.bullet_title",
        best=ranked[0].name,
        worst=ranked[-1].name,
        best_rate=rates[0],
        worst_rate=rates[1],
    )


def _bullet(pen: Pen, reading: Reading) -> figures.Bullet:
    target = reading.number("target")
    aim = pen.words("goals.curve_target", amount=reading.money(target))
    return figures.Bullet(reading.spoken.full_name, reading.value, target, str(reading), aim)
