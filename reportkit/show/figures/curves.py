"""Curves that run up over days, each named at its end, over the range that is normal for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from reportkit.show.figures.kit import (
    DASHES,
    FLOATS,
    LINE_HEIGHT,
    PLAIN,
    Reference,
    Scale,
    floats,
    known,
    lay_ground,
    round_steps,
    tick_places,
    write_at,
)
from reportkit.show.figures.palette import NORMAL, platform_color
from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.figures.spread import Area, placed, spread
from reportkit.show.style import INK, NOTE, SECOND

__all__ = ["Band", "Curve", "curves"]

_LABEL, _BOTTOM = 5.0, 5.0
_NAME_SHARE = 0.36
_ABOVE, _BELOW = (0, 135, 90, 45, 22, 180, -45), (0, -45, -22, -90, -135, 180, 45)

_ROLES: dict[str, dict[str, Any]] = {
    "now": {"color": INK, "lw": 1.6},
    "then": {"color": NOTE, "lw": 1.1},
    "plan": {"color": INK, "lw": 0.8, "ls": DASHES},
    "projected": {"color": INK, "lw": 1.4, "ls": (0, (2.4, 1.2))},
    "other": {"color": "#b4bdc6", "lw": 0.8},
}


@dataclass(frozen=True)
class Curve:
    """One curve over the places of the axis, named at its end; missing values are gaps.

    `role` is ``now``, ``then``, ``plan``, ``projected``, ``other``, or a platform that gives its colour.
    """

    name: str
    values: Iterable[float | None]
    role: str = "now"


@dataclass(frozen=True)
class Band:
    """The range that is normal, such as P25 to P75 of earlier launches."""

    low: Iterable[float | None]
    high: Iterable[float | None]
    name: str = ""


def curves(
    size: str,
    ticks: Sequence[str],
    found: Sequence[Curve],
    *,
    label: str = "",
    aid: str = "",
    scale: Scale = PLAIN,
    band: Band | None = None,
    target: Reference | None = None,
    ground: Collection[int] = (),
    zero: bool = True,
    height: float = 62.0,
) -> Paper:
    """Draw curves over the places that `ticks` name; a curve may end before the axis does.

    `label` stands above at the left, `aid` at the right. Unless `zero` is false the scale starts at zero.
    """
    paper = Paper(size, height)
    series = [floats(curve.values) for curve in found]
    low, high = floats(band.low if band else ()), floats(band.high if band else ())
    limits = _limits(known(*series, low, high, [target.value] if target else []), zero=zero)
    steps = round_steps(*limits, scale, 4)
    ends = _ends(found, series, band, high, target)
    late = [text_width(end.text, 7) + 2.5 for end in ends if end.place >= len(ticks) - 1]
    left = max([6.0, *(text_width(text, 7) + 1.8 for _, text in steps)])
    right = min(max([1.0, *late]), paper.width * _NAME_SHARE)
    axes = paper.axes(left, _LABEL, paper.width - left - right, height - _LABEL - _BOTTOM)
    axes.set_xlim(-0.2, max(len(ticks) - 0.8, 0.8))
    axes.set_ylim(*limits)
    _dress(axes, ticks, steps, label, aid, axes.get_position().width * paper.width)
    lay_ground(axes, ground)
    axes.fill_between(range(len(low)), low, high, color=NORMAL, lw=0, zorder=0.6)
    for curve, values in zip(found, series, strict=True):
        axes.plot(range(len(values)), values, **_look(curve.role))
    if target:
        axes.axhline(target.value, color=INK, lw=0.8, ls=DASHES)
    _name(paper, axes, ends, right)
    return paper


def _look(role: str) -> dict[str, Any]:
    return _ROLES.get(role) or {"color": platform_color(role), "lw": 1.4}


def _limits(values: Sequence[float], *, zero: bool) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    margin = ((high - low) or abs(high) or 1.0) * 0.08
    return low - (0.0 if zero and low == 0 else margin), high + margin


def _dress(
    axes: Axes, ticks: Sequence[str], steps: Sequence[tuple[float, str]], label: str, aid: str, width: float
) -> None:
    axes.set_title(label, fontsize=7.5, color=SECOND, pad=2.5, x=0)
    axes.set_title(aid, fontsize=7, color=NOTE, pad=2.5, loc="right")
    axes.set_yticks([value for value, _ in steps], [text for _, text in steps])
    axes.grid(visible=False, axis="x")
    places = tick_places(ticks, width)
    axes.set_xticks(places, [ticks[place] for place in places])


@dataclass(frozen=True)
class _End:
    """Where a curve ends, and what is written beside it."""

    place: float
    value: float
    text: str
    color: str


def _ends(
    found: Sequence[Curve],
    series: Sequence[FLOATS],
    band: Band | None,
    high: FLOATS,
    target: Reference | None,
) -> list[_End]:
    ends = [
        _End(*_last(values), curve.name, INK if curve.role == "now" else SECOND)
        for curve, values in zip(found, series, strict=True)
        if known(values) and curve.name
    ]
    if band and band.name and known(high):
        place, value = _last(high)
        ends.append(_End(place, value, band.name, NOTE))
    if target:
        ends.append(_End(np.inf, target.value, target.text, SECOND))
    return ends


def _last(values: FLOATS) -> tuple[float, float]:
    place = int(np.flatnonzero(np.isfinite(values))[-1])
    return float(place), float(values[place])


def _name(paper: Paper, axes: Axes, ends: Sequence[_End], room: float) -> None:
    """Write what each curve is: at the right edge, moved apart, or where it ends before that."""
    edge = axes.get_xlim()[1]
    left = paper.at(axes, edge, 0.0)[0] + 1.2
    late = [end for end in ends if end.place >= int(edge)]
    wanted = [paper.at(axes, edge, end.value)[1] for end in late]
    levels = spread(wanted, [LINE_HEIGHT] * len(late), 0.0, paper.height)
    written = []
    for end, level in zip(late, levels, strict=True):
        text, half = fitted(end.text, 7, room - 1.2), LINE_HEIGHT / 2
        paper.note(text, left, level, va="center", color=end.color)
        written.append(Area(left - 1.0, level - half, left + text_width(text, 7), level + half))
    _name_early(paper, axes, [end for end in ends if end.place < int(edge)], written)


def _name_early(paper: Paper, axes: Axes, ends: Sequence[_End], written: Sequence[Area]) -> None:
    """Write names where curves end: beside or above, beside or below where another ends above there."""
    under = [
        any(abs(other.place - end.place) <= 1 and other.value > end.value for other in ends) for end in ends
    ]
    room, lines, hard = _inside(paper, axes), _drawn(paper, axes), list(written)
    for angles, chosen in ((_ABOVE, False), (_BELOW, True)):
        group = [end for end, each in zip(ends, under, strict=True) if each == chosen]
        points = [(*paper.at(axes, end.place, end.value), 1.2) for end in group]
        sizes = [(text_width(end.text, 7), LINE_HEIGHT) for end in group]
        spots = placed(points, sizes, room, lines, hard, angles)
        for end, point, spot in zip(group, points, spots, strict=True):
            axes.plot([end.place], [end.value], "o", color=end.color, ms=2.4)
            write_at(paper, end.text, point, spot, end.color)
        hard += [spot.area for spot in spots if spot]


def _inside(paper: Paper, axes: Axes) -> Area:
    """Return where names may stand: over the axes, and right of them up to the edge of the paper."""
    left, (low, high) = axes.get_xlim()[0], axes.get_ylim()
    return Area(*paper.at(axes, left, high), paper.width, paper.at(axes, left, low)[1])


def _drawn(paper: Paper, axes: Axes) -> list[Area]:
    """Return small squares along every line, so that names keep off them."""
    left, right = axes.get_xlim()
    found = []
    for line in axes.lines:
        x, y = (np.asarray(each, dtype=float) for each in line.get_data())
        level = line.get_transform() != axes.transData
        dense = np.linspace(left, right, 80) if level else np.linspace(0, max(len(x) - 1, 0), 4 * len(x))
        heights = np.full(80, y[0]) if level else np.interp(dense, x, y)
        for place, height in zip(dense[np.isfinite(heights)], heights[np.isfinite(heights)], strict=True):
            across, down = paper.at(axes, place, height)
            found.append(Area(across - 0.6, down - 0.6, across + 0.6, down + 0.6))
    return found
