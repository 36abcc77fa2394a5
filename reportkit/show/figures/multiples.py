"""Small multiples: the same small chart for each platform, read side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib.axes import Axes

from reportkit.show.figures.kit import DASHES, FLOATS, PLAIN, Reference, Scale, floats, known, round_steps
from reportkit.show.figures.palette import MUTED, PROJECTED, shade
from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.style import INK, NOTE, SECOND

__all__ = ["Cell", "column_multiples", "line_multiples"]

_TOP, _NAME, _PLOT, _TICKS, _GAP = 4.6, 4.2, 17.0, 6.4, 5.0
_HEADROOM = 1.08


@dataclass(frozen=True)
class Cell:
    """One small chart: values now, the same of last year, its target; `last` stands beside its name."""

    name: str
    values: Iterable[float | None]
    then: Iterable[float | None] | None = None
    target: Reference | None = None
    last: str = ""
    young: Sequence[bool] | None = None
    tone: str = "ink"


@dataclass(frozen=True)
class _Grid:
    """Where the cells stand, in millimetres."""

    paper: Paper
    per_row: int
    left: float
    right: float
    plot: float

    def axes(self, place: int) -> Axes:
        """Return the axes of the cell at `place`."""
        row, across = divmod(place, self.per_row)
        width = (self.paper.width - (self.per_row - 1) * _GAP) / self.per_row
        left = across * (width + _GAP)
        top = _TOP + row * (_NAME + self.plot + _TICKS) + _NAME
        return self.paper.axes(left + self.left, top, width - self.left - self.right, self.plot)


def column_multiples(
    size: str, ticks: Sequence[str], cells: Sequence[Cell], *, scale: Scale = PLAIN, label: str = "",
    aid: str = "", per_row: int = 3,
) -> Paper:  # fmt: skip
    """Draw columns from zero on one common scale, last year's as a light line; `young` ones are hatched."""
    series = [(floats(cell.values), floats(cell.then, len(ticks))) for cell in cells]
    found = known([0.0], *(values for pair in series for values in pair))
    limits = min(found), (max(found) or 1.0) * _HEADROOM
    steps = round_steps(*limits, scale, 2)
    grid = _grid(size, cells, per_row, steps, [], label, aid)
    for place, (cell, (values, then)) in enumerate(zip(cells, series, strict=True)):
        axes = grid.axes(place)
        axes.set_ylim(*limits)
        _name(grid.paper, axes, cell)
        _columns(axes, cell, values, then)
        _scale(axes, ticks, steps)
    return grid.paper


def line_multiples(
    size: str, ticks: Sequence[str], cells: Sequence[Cell], *, scale: Scale = PLAIN, label: str = "",
    aid: str = "", per_row: int = 3, common: bool = False, plot: float = _PLOT,
) -> Paper:  # fmt: skip
    """Draw a line in each cell with its target; each on its own scale, or on one where `common`.

    `plot` is how many millimetres high the lines may be.
    """
    series = [(floats(cell.values), floats(cell.then, len(ticks))) for cell in cells]
    ranges = [_range(cell, pair) for cell, pair in zip(cells, series, strict=True)]
    if common and ranges:
        ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))] * len(ranges)
    steps = [round_steps(*limits, scale, 2) for limits in ranges]
    texts = [cell.target.text for cell in cells if cell.target]
    grid = _grid(size, cells, per_row, [step for each in steps for step in each], texts, label, aid, plot)
    for place, (cell, (values, then)) in enumerate(zip(cells, series, strict=True)):
        axes = grid.axes(place)
        axes.set_ylim(*ranges[place])
        _name(grid.paper, axes, cell)
        _line(grid.paper, axes, cell, values, then)
        _scale(axes, ticks, steps[place])
    return grid.paper


def _grid(
    size: str, cells: Sequence[Cell], per_row: int, steps: Sequence[tuple[float, str]], beside: Sequence[str],
    label: str, aid: str, plot: float = _PLOT,
) -> _Grid:  # fmt: skip
    rows = max(ceil(len(cells) / per_row), 1)
    paper = Paper(size, _TOP + rows * (_NAME + plot + _TICKS) - 1.6)
    paper.note(label, 0.2, 0.2, fontsize=7.5, color=SECOND)
    paper.note(aid, paper.width - 0.2, 0.2, ha="right")
    left = max((text_width(text, 7) + 1.8 for _, text in steps), default=4.0)
    right = max((text_width(text, 7) + 1.8 for text in beside), default=0.4)
    return _Grid(paper, per_row, left, right, plot)


def _name(paper: Paper, axes: Axes, cell: Cell) -> None:
    """Write the cell's name above it, its last value at the right end of the same line."""
    box = axes.get_position()
    left, right = box.x0 * paper.width, box.x1 * paper.width
    top = (1 - box.y1) * paper.height - _NAME
    room = right - left - text_width(cell.last, 7) - 1.5
    paper.note(fitted(cell.name, 7.5, room), left, top + 0.2, fontsize=7.5, color=INK)
    paper.note(cell.last, right, top + 0.4, ha="right", color=shade(cell.tone))


def _columns(axes: Axes, cell: Cell, values: FLOATS, then: FLOATS) -> None:
    places = np.arange(len(values))
    young = np.zeros(len(values), dtype=bool) if cell.young is None else np.asarray(cell.young, dtype=bool)
    axes.bar(places[~young], values[~young], 0.72, color=INK)
    axes.bar(places[young], values[young], 0.72, **PROJECTED)
    axes.plot(range(len(then)), then, color=MUTED, lw=1.1)


def _line(paper: Paper, axes: Axes, cell: Cell, values: FLOATS, then: FLOATS) -> None:
    axes.plot(range(len(then)), then, color=NOTE, lw=0.9)
    axes.plot(range(len(values)), values, color=INK, lw=1.2)
    if known(values):
        end = int(np.flatnonzero(np.isfinite(values))[-1])
        axes.plot([end], [values[end]], "o", color=INK, ms=2.4)
    if cell.target:
        axes.axhline(cell.target.value, color=INK, lw=0.8, ls=DASHES)
        right = axes.get_position().x1 * paper.width
        level = paper.at(axes, 0.0, cell.target.value)[1]
        paper.note(cell.target.text, right + 1.0, level, va="center", color=SECOND)


def _range(cell: Cell, pair: tuple[FLOATS, FLOATS]) -> tuple[float, float]:
    found = known(*pair, [cell.target.value] if cell.target else []) or [0.0, 1.0]
    margin = (max(found) - min(found)) * 0.15 or abs(max(found)) * 0.1 or 1.0
    return min(found) - margin, max(found) + margin


def _scale(axes: Axes, ticks: Sequence[str], steps: Sequence[tuple[float, str]]) -> None:
    """Print the steps, and the first and the last place."""
    axes.set_xlim(-0.6, max(len(ticks) - 0.4, 0.6))
    axes.set_yticks([value for value, _ in steps], [text for _, text in steps])
    axes.grid(visible=False, axis="x")
    ends = sorted({0, len(ticks) - 1}) if ticks else []
    axes.set_xticks(ends, [ticks[place] for place in ends])
    for label in axes.get_xticklabels()[:1]:
        label.set_horizontalalignment("left")
    for label in axes.get_xticklabels()[1:]:
        label.set_horizontalalignment("right")
