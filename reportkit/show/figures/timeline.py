"""Panels under each other over one axis of days, weeks or months: columns from zero, lines on their own scale."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from matplotlib.axes import Axes

from reportkit.show.figures.kit import DASHES, FLOATS, LINE_HEIGHT, known, lay_ground, tick_places, write_at
from reportkit.show.figures.palette import MUTED, NORMAL, PROJECTED
from reportkit.show.figures.panel import Drawing, Panel
from reportkit.show.figures.paper import Paper, text_width
from reportkit.show.figures.spread import Area, placed, spread
from reportkit.show.style import BAD, INK, NOTE, SECOND

__all__ = ["timeline"]

_HEIGHTS = {"full": 84.0}
_HEIGHT = 70.0
_TOP, _BOTTOM, _GAP, _LABEL = 0.5, 5.0, 2.5, 4.2
_COLUMNS_WEIGHT = 2.1
_ABOVE = (90, 45, 135, 0, 180)


def timeline(
    size: str,
    ticks: Sequence[str],
    panels: Sequence[Panel],
    *,
    ground: Collection[int] = (),
    gap: str = "",
    height: float | None = None,
) -> Paper:
    """Draw `panels` over the places that `ticks` name; `ground` are the places of promotions.

    `gap` is written where columns have no data. Every panel has a scale of its own: nothing shares an
    axis that is not the same unit.
    """
    paper = Paper(size, height or _HEIGHTS.get(size, _HEIGHT))
    drawings = [Drawing.of(panel) for panel in panels]
    left = max([6.0, *(text_width(text, 7) + 1.8 for each in drawings for _, text in each.levels)])
    right = max([1.0, *(text_width(text, 7) + 2.5 for panel in panels for text in _ends(panel))])
    for place, (axes, drawing) in enumerate(zip(_stand(paper, drawings, left, right), drawings, strict=True)):
        axes.set_xlim(-0.7, max(len(ticks) - 0.3, 0.7))
        axes.set_ylim(*drawing.limits)
        lay_ground(axes, ground)
        (_columns if drawing.panel.columns else _line)(axes, drawing)
        _dress(paper, axes, drawing, ticks, last=place == len(drawings) - 1)
        _write(paper, axes, drawing, gap)
    return paper


def _ends(panel: Panel) -> list[str]:
    return [panel.last, panel.then_last, *([panel.target.text] if panel.target else [])]


def _stand(paper: Paper, drawings: Sequence[Drawing], left: float, right: float) -> list[Axes]:
    weights = [_COLUMNS_WEIGHT if each.panel.columns else 1.0 for each in drawings]
    count = len(drawings)
    room = paper.height - _TOP - _BOTTOM - count * _LABEL - (count - 1) * _GAP
    found, top = [], _TOP
    for weight in weights:
        height = room * weight / sum(weights)
        found.append(paper.axes(left, top + _LABEL, paper.width - left - right, height))
        top += _LABEL + height + _GAP
    return found


def _columns(axes: Axes, drawing: Drawing) -> None:
    places = np.arange(len(drawing.values))
    young = drawing.where(drawing.panel.young)
    _band(axes, drawing, step="mid")
    axes.bar(places[~young], drawing.values[~young], 0.72, color=INK)
    axes.bar(places[young], drawing.values[young], 0.72, **PROJECTED)
    if np.isfinite(drawing.then).any():
        axes.plot(places, drawing.then, color=MUTED, lw=1.1, zorder=3)


def _band(axes: Axes, drawing: Drawing, step: str | None = None) -> None:
    """Lay the normal range; for columns in steps that reach from edge to edge."""
    if not np.isfinite(drawing.low).any():
        return
    places = np.arange(len(drawing.values), dtype=float)
    low, high = drawing.low, drawing.high
    if step:
        places = np.r_[-0.5, places, len(places) - 0.5]
        low, high = np.r_[low[:1], low, low[-1:]], np.r_[high[:1], high, high[-1:]]
    axes.fill_between(places, low, high, color=NORMAL, lw=0, step=step, zorder=0.6)  # type: ignore[arg-type]


def _line(axes: Axes, drawing: Drawing) -> None:
    values, young = drawing.values, drawing.where(drawing.panel.young)
    places = np.arange(len(values))
    _band(axes, drawing)
    axes.plot(places, np.where(young, np.nan, values), color=INK, lw=1.1)
    if young.any():
        opened = young | np.r_[young[1:], False]
        axes.plot(places, np.where(opened, values, np.nan), color=INK, lw=1.1, ls=(0, (2, 1.5)))
    axes.plot(places, drawing.then, color=NOTE, lw=0.9, zorder=1.9)
    flagged = np.where(drawing.where(drawing.panel.flagged), values, np.nan)
    axes.plot(places, flagged, color=BAD, lw=1.8, solid_capstyle="butt")
    axes.plot(places, np.where(_alone(values), values, np.nan), "o", color=INK, ms=1.8)
    if known(values):
        end = int(np.flatnonzero(np.isfinite(values))[-1])
        axes.plot([end], [values[end]], "o", color=INK, ms=2.2)


def _alone(values: FLOATS) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which values have no neighbour to be joined to."""
    found = np.isfinite(values)
    padded = np.r_[False, found, False]
    return np.asarray(found & ~padded[:-2] & ~padded[2:])


def _dress(paper: Paper, axes: Axes, drawing: Drawing, ticks: Sequence[str], *, last: bool) -> None:
    panel = drawing.panel
    axes.set_title(panel.label, fontsize=7.5, color=SECOND, pad=2.5, x=0)
    axes.set_title(panel.aid, fontsize=7, color=NOTE, pad=2.5, loc="right")
    axes.set_yticks([value for value, _ in drawing.levels], [text for _, text in drawing.levels])
    axes.grid(visible=panel.columns, axis="y")
    axes.grid(visible=False, axis="x")
    places = tick_places(ticks, axes.get_position().width * paper.width)
    axes.set_xticks(places, [ticks[place] for place in places])
    axes.tick_params(labelbottom=last)


def _write(paper: Paper, axes: Axes, drawing: Drawing, gap: str) -> None:
    """Write marks above their places, what the line's end is, and what is missing."""
    _write_marks(paper, axes, drawing)
    _write_ends(paper, axes, drawing)
    for first, last in drawing.gaps if drawing.panel.columns else []:
        narrow = (last - first + 1) * axes.get_position().width * paper.width / len(drawing.values)
        axes.text(
            (first + last) / 2, 0, gap, ha="center", va="bottom", color=NOTE, fontsize=7,
            rotation=0 if narrow > text_width(gap, 7) else 90,
        )  # fmt: skip


def _write_marks(paper: Paper, axes: Axes, drawing: Drawing) -> None:
    values = drawing.values
    marks = [mark for mark in drawing.panel.marks if mark.text and np.isfinite(values[mark.place])]
    left, top = paper.at(axes, axes.get_xlim()[0], axes.get_ylim()[1])
    bottom = paper.at(axes, 0.0, axes.get_ylim()[0])[1]
    levels = np.maximum(values, 0.0) if drawing.panel.columns else values
    points = [(*paper.at(axes, mark.place, levels[mark.place]), 0.3) for mark in marks]
    sizes = [(text_width(mark.text, 7), LINE_HEIGHT) for mark in marks]
    room = Area(left, top - 0.6, paper.width, bottom)
    spots = placed(points, sizes, room, _column_areas(paper, axes, drawing), angles=_ABOVE)
    for mark, point, spot in zip(marks, points, spots, strict=True):
        write_at(paper, mark.text, point, spot)


def _column_areas(paper: Paper, axes: Axes, drawing: Drawing) -> list[Area]:
    """Return where columns stand, so that no text stands on them."""
    if not drawing.panel.columns:
        return []
    found = []
    for place in np.flatnonzero(np.isfinite(drawing.values)):
        left, top = paper.at(axes, place - 0.36, max(drawing.values[place], 0.0))
        found.append(Area(left, top, *paper.at(axes, place + 0.36, 0.0)))
    return found


def _write_ends(paper: Paper, axes: Axes, drawing: Drawing) -> None:
    panel, said = drawing.panel, []
    if panel.last and not panel.columns and known(drawing.values):
        said.append((known(drawing.values)[-1], panel.last, INK))
    if panel.then_last and known(drawing.then):
        said.append((known(drawing.then)[-1], panel.then_last, NOTE))
    if panel.target:
        axes.axhline(panel.target.value, color=INK, lw=0.8, ls=DASHES)
        said.append((panel.target.value, panel.target.text, SECOND))
    edge = axes.get_xlim()[1]
    wanted = [paper.at(axes, edge, value)[1] for value, _, _ in said]
    left = paper.at(axes, edge, 0.0)[0] + 1.0
    levels = spread(wanted, [LINE_HEIGHT] * len(said), 0.0, paper.height)
    for (_, text, color), level in zip(said, levels, strict=True):
        paper.note(text, left, level, va="center", color=color)
