"""A promotion day by day beside last year's and the target, and how far each target was reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import Paper, figure
from reportkit.show.readings import Reading
from reportkit.show.style import BAND, INK, LINE, NOTE, PROMO, SECOND

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["attainment", "progress"]

_YEAR = "last_year"
_RANGES = (1.0, 0.95, 0.8)
_RANGE_COLORS = (BAND, "#dde2e7", LINE)
_ROW = 9.0
_CURVE_HEIGHT = 62.0


def progress(days: Result, result: Result, size: str = "left") -> Display:
    """Show a metric adding up day by day, beside last year's and the target.

    `days` is by day and compared with last_year, day by day of the campaign; `result` holds the same
    metrics over the whole promotion, with targets. Of those in `days` the first that has a target is
    shown, else the first.
    """
    return Display("figure", lambda pen: _draw_progress(pen, days, result, size), size)


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
    paper = Paper(size, _CURVE_HEIGHT)
    promos = pen.promo_days(curve.days[0], curve.days[-1]) if curve.days else {}
    _draw_curve(pen, paper, whole, curve, promos)
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


def _draw_curve(pen: Pen, paper: Paper, whole: Reading, curve: _Curve, promos: Iterable[date]) -> None:
    spoken, target = whole.spoken, whole.number("target")
    every = [*curve.now, *curve.then, *([target] if target else [])]
    known = [value for value in every if not is_missing(value)]
    by = pen.words.numbers.divisor(known, spoken.unit)
    unit = pen.words.numbers.column(known, spoken.unit, spoken.noun).unit
    axes = paper.axes(10.0, 5.0, paper.width - 38.0, paper.height - 10.0)
    axes.set_title(
        pen.words("goals.curve_label", name=spoken.full_name, unit=unit),
        fontsize=7.5,
        color=SECOND,
        pad=2.5,
        x=0,
    )
    places = np.arange(len(curve.days))
    for day in promos:
        axes.axvspan(curve.days.index(day) - 0.5, curve.days.index(day) + 0.5, color=PROMO, lw=0, zorder=0)
    axes.plot(places, curve.then / by, color=NOTE, lw=1.1)
    axes.plot(places, curve.now / by, color=INK, lw=1.6)
    axes.set_ylim(0, max((value / by for value in known), default=1.0) * 1.08)
    axes.set_xlim(-0.2, max(whole.result.period.days - 0.8, 0.8))
    if target:
        axes.axhline(target / by, color=INK, lw=0.8, ls=(0, (3, 2)))
    _label_ends(pen, paper, whole, curve, by)
    every_day = max(1, round(len(curve.days) / 10))
    axes.set_xticks(places[::every_day], [pen.words.day(day) for day in curve.days[::every_day]])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")


def _label_ends(pen: Pen, paper: Paper, whole: Reading, curve: _Curve, by: float) -> None:
    """Write what each line is beside its end, pushed apart where two would overlap."""
    axes = paper.figure.axes[0]
    period, then = whole.result.period, whole.result.period.last_year()
    lang = pen.words.lang
    ends = [(_last(curve.now), period.label(lang), INK)]
    if then:
        ends.append((_last(curve.then), then.label(lang), SECOND))
    said = [
        (value / by, pen.words("goals.curve_now", label=label, amount=whole.money(value)), color)
        for value, label, color in ends
        if value is not None
    ]
    if target := whole.number("target"):
        said.append((target / by, pen.words("goals.curve_target", amount=whole.money(target)), INK))
    low, high = axes.get_ylim()
    least = (high - low) * 4.0 / (paper.height - 10.0)
    level = -np.inf
    for value, text, color in sorted(said):
        level = max(value, level + least)
        axes.annotate(
            text, (1.0, level), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
            va="center", color=color, fontsize=7, annotation_clip=False,
        )  # fmt: skip


def _last(values: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else None


def attainment(result: Result, size: str = "right") -> Display:
    """Show each metric of `result` that has a target as a bullet: actual, target, 80, 95 and 100 % of it."""
    return Display("figure", lambda pen: _draw_bullets(pen, result, size), size)


def _draw_bullets(pen: Pen, result: Result, size: str) -> Drawn:
    held = [
        reading
        for reading in (Reading(pen, result, request, {}) for request in result.requests)
        if reading.known and reading.number("target") and reading.spoken.better != "down"
    ]
    paper = Paper(size, max(len(held), 1) * _ROW + 6.0)
    for row, reading in enumerate(held):
        _bullet_row(pen, paper, reading, 1.0 + row * _ROW)
    if held:
        paper.note(pen.words("goals.bullet_label"), 0.5, paper.height - 3.5)
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


def _bullet_row(pen: Pen, paper: Paper, reading: Reading, top: float) -> None:
    target, value = reading.number("target") or 0.0, reading.value or 0.0
    target_text = pen.words("goals.curve_target", amount=reading.money(target))
    paper.note(f"{reading.spoken.full_name}  {reading}", 0.5, top, color=INK, fontsize=7.5)
    paper.note(target_text, paper.width - 0.5, top + 0.2, ha="right", color=SECOND)
    axes = paper.axes(0.5, top + 4.0, paper.width - 1.0, _ROW - 5.2)
    axes.set_xlim(0, max(value, target) * 1.04)
    axes.set_ylim(-0.5, 0.5)
    axes.set_axis_off()
    for share, color in zip(_RANGES, _RANGE_COLORS, strict=True):
        axes.barh(0, target * share, 0.9, color=color)
    axes.barh(0, value, 0.36, color=INK)
    axes.plot([target, target], [-0.5, 0.5], color=INK, lw=1.6)
