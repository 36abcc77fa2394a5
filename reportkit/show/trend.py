"""Thirty days in small panels over one axis of days: columns for the first metric, lines for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator

from reportkit.show.display import Display, Drawn, Pen, Spoken
from reportkit.show.names import has_cjk
from reportkit.show.paper import Paper, figure
from reportkit.show.style import INK, NOTE, PROMO, SECOND, printable
from reportkit.show.verdict import first_open_day

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["trend"]

_HEIGHTS = {"full": 84.0, "left": 70.0, "right": 70.0}
_LEFT, _RIGHT, _TOP, _BOTTOM, _GAP, _LABEL = 10.0, 13.0, 0.5, 5.0, 2.5, 4.2
_COLUMNS_WEIGHT = 2.1
_TICK_EVERY_MM = 15.0
_HEADROOM = 0.2


@dataclass(frozen=True)
class _Days:
    """One metric by day: `values` are floats, NaN where a day is not covered."""

    spoken: Spoken
    days: list[date]
    values: np.ndarray[Any, np.dtype[np.float64]]

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.values).any())

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """First and last place of every run of days without data."""
        runs: list[tuple[int, int]] = []
        for place in np.flatnonzero(~np.isfinite(self.values)):
            if runs and runs[-1][1] == place - 1:
                runs[-1] = (runs[-1][0], int(place))
            else:
                runs.append((int(place), int(place)))
        return runs


def trend(result: Result, size: str = "left") -> Display:
    """Show each metric of `result`, which is by day, in a panel of its own over one axis of days.

    Days without data are gaps, never zeros. Each panel has its own scale: nothing shares an axis
    that is not the same unit.
    """
    return Display("figure", lambda pen: _draw(pen, result, size), size)


def _draw(pen: Pen, result: Result, size: str) -> Drawn:
    every = [_days(pen, result, request) for request in result.requests]
    series = [each for each in every if each.known] or every[:1]
    title, marks = _title(pen, result, series[0])
    paper = Paper(size, _HEIGHTS[size])
    promos = pen.promo_days(series[0].days[0], series[0].days[-1]) if series[0].days else {}
    for place, axes in enumerate(_panels(paper, len(series))):
        _ground(axes, series[place].days, promos)
        if place == 0:
            _columns(pen, axes, series[0], _first_open(pen, result, series[0]))
        else:
            _line(pen, axes, series[place])
        _ticks(pen, axes, series[place], is_line=place > 0)
        aids = _aids(pen, series[0], promos, _first_open(pen, result, series[0])) if place == 0 else []
        _dress(pen, axes, series[place], aids, last=place == len(series) - 1)
    gaps = sum(last - first + 1 for first, last in series[0].gaps)
    names = pen.words.list([each.spoken.full_name for each in series])
    alt = pen.words("trend.alt", title=title, names=names, window=_window(pen, series[0]), gaps=gaps)
    return figure(pen, paper, title=title, alt=alt, marks=marks)


def _days(pen: Pen, result: Result, request: str) -> _Days:
    rows = result.frame[result.frame["metric"] == request].sort_values("day")
    days = [pd.Timestamp(day).date() for day in rows["day"]]
    return _Days(pen.spoken(request), days, rows["value"].to_numpy(dtype=float))


def _panels(paper: Paper, count: int) -> list[Axes]:
    weights = [_COLUMNS_WEIGHT] + [1.0] * (count - 1)
    room = paper.height - _TOP - _BOTTOM - count * _LABEL - (count - 1) * _GAP
    panels, top = [], _TOP
    for weight in weights:
        height = room * weight / sum(weights)
        panels.append(paper.axes(_LEFT, top + _LABEL, paper.width - _LEFT - _RIGHT, height))
        top += _LABEL + height + _GAP
    return panels


def _ground(axes: Axes, days: Sequence[date], promos: dict[date, str]) -> None:
    for place, day in enumerate(days):
        if day in promos:
            axes.axvspan(place - 0.5, place + 0.5, color=PROMO, lw=0, zorder=0)
    axes.set_xlim(-0.7, max(len(days) - 0.3, 0.7))


def _first_open(pen: Pen, result: Result, series: _Days) -> date | None:
    """Return the first day to hatch: refunds by payment date still come in for it."""
    return first_open_day(pen, result) if series.spoken.basis == "pay_date" else None


def _columns(pen: Pen, axes: Axes, series: _Days, first_open: date | None) -> None:
    settled = [first_open is None or day < first_open for day in series.days]
    places = np.arange(len(series.days))
    closed, open_ = places[settled], places[[not each for each in settled]]
    axes.bar(closed, series.values[closed], 0.72, color=INK)
    axes.bar(open_, series.values[open_], 0.72, fc="white", ec=INK, hatch="/////", lw=0.6)
    known = series.values[np.isfinite(series.values)]
    low, high = min(0.0, known.min(initial=0.0)), max(0.0, known.max(initial=0.0))
    axes.set_ylim(low, high + (high - low or 1.0) * _HEADROOM)
    _peak(pen, axes, series)
    for first, last in series.gaps:
        axes.text(
            (first + last) / 2, 0, pen.words("trend.gap"), ha="center", va="bottom", color=NOTE,
            fontsize=7, rotation=0 if last > first else 90,
        )  # fmt: skip


def _peak(pen: Pen, axes: Axes, series: _Days) -> None:
    if not series.known:
        return
    place = int(np.nanargmax(series.values))
    amount = pen.words.amount(series.values[place], series.spoken.unit)
    axes.annotate(
        f"{pen.words.day(series.days[place])} {amount}", (place, max(series.values[place], 0.0)), xytext=(0, 1.5),
        textcoords="offset points", color=INK, ha="center", va="bottom", fontsize=7,
    )  # fmt: skip


def _line(pen: Pen, axes: Axes, series: _Days) -> None:
    axes.plot(np.arange(len(series.days)), series.values, color=INK, lw=1.1)
    if not series.known:
        return
    alone = [
        place
        for place in np.flatnonzero(np.isfinite(series.values))
        if not np.isfinite(series.values[max(place - 1, 0) : place + 2]).sum() > 1
    ]
    axes.plot(alone, series.values[alone], "o", color=INK, ms=1.8)
    last = int(np.flatnonzero(np.isfinite(series.values))[-1])
    printed = pen.words.numbers.column(series.values, series.spoken.unit, series.spoken.noun)
    axes.plot([last], [series.values[last]], "o", color=INK, ms=2.2)
    axes.annotate(
        printed.texts[last], (last, series.values[last]), xytext=(4, 0), textcoords="offset points",
        va="center", fontsize=7, color=INK,
    )  # fmt: skip


def _aids(pen: Pen, series: _Days, promos: dict[date, str], first_open: date | None) -> list[str]:
    """Return what the reader needs to read the columns: what the ground and the hatching mean."""
    found = []
    if promos:
        names = dict.fromkeys(name for name in promos.values() if name and not has_cjk(name))
        if pen.words.lang == "zh":
            names = dict.fromkeys(name for name in promos.values() if name)
        said = pen.words.list([printable(name)[0] for name in names])
        found.append(pen.words("trend.ground", names=said))
    if first_open and series.days and first_open <= series.days[-1]:
        found.append(pen.words("trend.hatched"))
    return found


def _dress(pen: Pen, axes: Axes, series: _Days, aids: list[str], *, last: bool) -> None:
    column = pen.words.numbers.column(series.values, series.spoken.unit, series.spoken.noun)
    label = pen.words("trend.panel", name=series.spoken.full_name, unit=column.unit)
    axes.set_title(label, fontsize=7.5, color=SECOND, pad=2.5, x=0)
    axes.set_title(pen.words.list(aids), fontsize=7, color=NOTE, pad=2.5, loc="right")
    axes.xaxis.set_major_locator(FixedLocator(_tick_places(axes, len(series.days))))
    axes.grid(axis="x", visible=False)
    if last:
        places = [int(place) for place in axes.get_xticks() if 0 <= place < len(series.days)]
        axes.set_xticks(places, [pen.words.day(series.days[place]) for place in places])
    else:
        axes.tick_params(labelbottom=False)


def _ticks(pen: Pen, axes: Axes, series: _Days, *, is_line: bool) -> None:
    """Print round steps beside columns, lowest and highest beside a line."""
    if not series.known:
        axes.set_yticks([])
        return
    if is_line:
        low, high = float(np.nanmin(series.values)), float(np.nanmax(series.values))
        places = [low, high] if high > low else [low]
        axes.grid(visible=False)
        axes.set_ylim(low - (high - low) * 0.12 - 1e-9, high + (high - low) * 0.12 + 1e-9)
    else:
        by = pen.words.numbers.divisor(series.values, series.spoken.unit)
        steps = MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(
            axes.get_ylim()[0] / by, axes.get_ylim()[1] / by
        )
        places = [step * by for step in steps if axes.get_ylim()[0] <= step * by <= axes.get_ylim()[1]]
        axes.set_yticks(places, [f"{step / by:,g}".replace("-", "−") for step in places])
        return
    axes.set_yticks(places, list(pen.words.numbers.column(places, series.spoken.unit).texts))


def _tick_places(axes: Axes, count: int) -> list[int]:
    width = axes.get_position().width * axes.figure.get_figwidth() * 25.4  # type: ignore[union-attr]
    every = max(1, round(_TICK_EVERY_MM / (width / max(count, 1))))
    return list(range(0, count, every))


def _window(pen: Pen, series: _Days) -> str:
    if not series.days:
        return ""
    first, last = pen.words.day(series.days[0]), pen.words.day(series.days[-1])
    return pen.words("trend.window", first=first, last=last)


def _title(pen: Pen, result: Result, series: _Days) -> tuple[str, list[str]]:
    """Return the sentence above the chart and the evidence codes of its numbers."""
    spoken, values = series.spoken, series.values
    if not series.known:
        return pen.words("trend.missing", name=spoken.full_name), []
    place = int(np.nanargmax(values))
    marks = [pen.cite(result, spoken.request, day=series.days[place])]
    said = {
        "name": spoken.name,
        "peak": pen.words.amount(values[place], spoken.unit, spoken.noun),
        "peak_day": pen.words(
            "dates.weekday_day", d=series.days[place], month=_month(pen, series.days[place])
        ),
        "window": _window(pen, series),
    }
    total = float(np.nansum(values))
    first, share = _best_run(values, pen.rules.peak_days)
    if total > 0 and share >= max(pen.rules.peak_share, 2 * pen.rules.peak_days / len(values)):
        days = series.days[first], series.days[first + pen.rules.peak_days - 1]
        span = pen.words("dates.span", first=days[0], last=days[1])
        return pen.words("trend.run", span=span, share=pen.words.numbers.rate(share, 0), **said), marks
    mean = pen.words.amount(total / int(np.isfinite(values).sum()), spoken.unit, spoken.noun)
    return pen.words("trend.peak", mean=mean, **said), marks


def _month(pen: Pen, day: date) -> str:
    return pen.words(f"dates.month_{day.month}")


def _best_run(values: np.ndarray[Any, np.dtype[np.float64]], days: int) -> tuple[int, float]:
    """Return where the best run of `days` begins, and its share of all values."""
    filled = np.nan_to_num(values)
    if len(filled) < days or filled.sum() <= 0:
        return 0, 0.0
    sums = np.convolve(filled, np.ones(days), "valid")
    first = int(sums.argmax())
    return first, float(sums[first] / filled.sum())
