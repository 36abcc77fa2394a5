"""Thirty days in small panels over one axis of days: columns for the first metric, lines for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import ground
from reportkit.show.display import Display, Drawn, Pen, Spoken
from reportkit.show.paper import figure
from reportkit.show.verdict import first_open_day

if TYPE_CHECKING:
    from reportkit.metrics.query import Result
    from reportkit.study import Study
    from reportkit.study.usual import Usual

__all__ = ["trend"]

_FINAL = "net_sales_final"
_HEIGHT = 51.0


@dataclass(frozen=True)
class _Days:
    """One metric by day: `values` are floats, NaN where a day is not covered; `usual` is what its days bring."""

    spoken: Spoken
    days: list[date]
    values: np.ndarray[Any, np.dtype[np.float64]]
    usual: Usual | None = None

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.values).any())


def trend(result: Result, study: Study | None = None, size: str = "left") -> Display:
    """Show each metric of `result`, which is by day, in a panel of its own over one axis of days.

    Days without data are gaps, never zeros. Each panel has its own scale: nothing shares an axis
    that is not the same unit. With `study` each has the band of what its weekday usually brings.
    """
    return Display("figure", lambda pen: _draw(pen, result, study, size), size, block="1.C")


def _draw(pen: Pen, result: Result, study: Study | None, size: str) -> Drawn:
    usual = study.usual(result) if study else {}
    every = [_days(pen, result, request, usual.get(request)) for request in result.requests]
    series = [each for each in every if each.known] or every[:1]
    title, marks = _title(pen, result, series)
    days = series[0].days
    promos = pen.promo_days(days[0], days[-1]) if days else {}
    first_open = _first_open(pen, result, series[0])
    columns = _columns(pen, series[0], first_open, _aids(pen, series[0], promos, first_open))
    paper = figures.timeline(
        size,
        [pen.words.day(day) for day in days],
        [columns, *(_line(pen, each) for each in series[1:])],
        ground=[place for place, day in enumerate(days) if day in promos],
        gap=pen.words("trend.gap"),
        height=_HEIGHT if study else None,
    )
    gaps = int((~np.isfinite(series[0].values)).sum())
    names = pen.words.list([each.spoken.full_name for each in series])
    alt = pen.words("trend.alt", title=title, names=names, window=_window(pen, series[0]), gaps=gaps)
    return figure(pen, paper, title=title, alt=alt, marks=marks)


def _days(pen: Pen, result: Result, request: str, usual: Usual | None) -> _Days:
    rows = result.frame[result.frame["metric"] == request].sort_values("day")
    days = [pd.Timestamp(day).date() for day in rows["day"]]
    return _Days(pen.spoken(request), days, rows["value"].to_numpy(dtype=float), usual)


def _first_open(pen: Pen, result: Result, series: _Days) -> date | None:
    """Return the first day to hatch: refunds by payment date still come in for it."""
    spoken = series.spoken
    return first_open_day(pen, result) if spoken.basis == "pay_date" or spoken.id == _FINAL else None


def _columns(pen: Pen, series: _Days, first_open: date | None, aids: list[str]) -> figures.Panel:
    spoken = series.spoken
    return figures.Panel(
        _label(pen, series), series.values,
        figures.Scale(pen.words.numbers.divisor(series.values, spoken.unit)), columns=True,
        young=[first_open is not None and day >= first_open for day in series.days],
        marks=_peak(pen, series), aid=pen.words.list(aids), **_normal(series),
    )  # fmt: skip


def _normal(series: _Days) -> dict[str, Any]:
    """Return the usual band of a panel, and which of its days are told to lie beyond it."""
    if series.usual is None:
        return {}
    band, run = series.usual.band, series.usual.run
    flagged = [run is not None and run.first <= place <= run.last for place in range(len(series.days))]
    return {"low": band["low"].tolist(), "high": band["high"].tolist(), "flagged": flagged}


def _label(pen: Pen, series: _Days) -> str:
    column = pen.words.numbers.column(series.values, series.spoken.unit, series.spoken.noun)
    return pen.words("trend.panel", name=series.spoken.full_name, unit=column.unit)


def _peak(pen: Pen, series: _Days) -> tuple[figures.Mark, ...]:
    if not series.known:
        return ()
    place = int(np.nanargmax(series.values))
    amount = pen.words.amount(series.values[place], series.spoken.unit)
    return (figures.Mark(place, f"{pen.words.day(series.days[place])} {amount}"),)


def _line(pen: Pen, series: _Days) -> figures.Panel:
    """Return a line with its lowest and highest value beside the axis, its last one at its end."""
    unit, known = series.spoken.unit, series.values[np.isfinite(series.values)]
    low, high = float(known.min()), float(known.max())
    places = [low, high] if high > low else [low]
    last = pen.words.numbers.column([*known], unit, series.spoken.noun).texts[-1]
    texts = pen.words.numbers.column(places, unit).texts
    return figures.Panel(
        _label(pen, series),
        series.values,
        last=last,
        levels=tuple(zip(places, texts, strict=True)),
        **_normal(series),
    )


def _aids(pen: Pen, series: _Days, promos: dict[date, str], first_open: date | None) -> list[str]:
    """Return what the reader needs to read the columns: what the ground and the hatching mean."""
    found = []
    if promos:
        found.append(ground(pen, promos))
    if first_open and series.days and first_open <= series.days[-1]:
        projected = series.spoken.id == _FINAL
        found.append(pen.words("trend.hatched_projected" if projected else "trend.hatched"))
    if series.usual is not None and series.usual.band["low"].notna().any():
        found.append(pen.words("trend.usual"))
    return found


def _window(pen: Pen, series: _Days) -> str:
    if not series.days:
        return ""
    first, last = pen.words.day(series.days[0]), pen.words.day(series.days[-1])
    return pen.words("trend.window", first=first, last=last)


def _title(pen: Pen, result: Result, every: list[_Days]) -> tuple[str, list[str]]:
    """Return the sentence above the chart and the evidence codes of its numbers."""
    title, marks = _first_title(pen, result, every[0])
    run = max((each for each in every if each.usual and each.usual.run), key=_run_days, default=None)
    return (
        (title, marks)
        if run is None
        else (
            pen.words(
                "trend.and", first=title, then=_run_text(pen, run, "" if run is every[0] else run.spoken.name)
            ),
            marks,
        )
    )


def _run_days(series: _Days) -> int:
    return series.usual.run.days if series.usual and series.usual.run else 0


def _run_text(pen: Pen, series: _Days, name: str) -> str:
    assert series.usual is not None
    run = series.usual.run
    assert run is not None
    span = pen.words("dates.span", first=series.days[run.first], last=series.days[run.last])
    return pen.words("trend.beyond", name=name, span=span, days=run.days, above=run.above)


def _first_title(pen: Pen, result: Result, series: _Days) -> tuple[str, list[str]]:
    """Return what the days of the first metric say, and the evidence codes."""
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
