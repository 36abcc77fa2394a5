"""Points over two cut lines, in four named quadrants."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from reportkit.show.figures.kit import LINE_HEIGHT, known, round_steps
from reportkit.show.figures.paper import Paper, text_width
from reportkit.show.figures.points import Axis, Point, draw_points, inside, labelled_axes
from reportkit.show.figures.spread import Area, placed
from reportkit.show.style import NOTE, SECOND

__all__ = ["quadrants"]

_MARGIN, _INSET, _NAME_POINTS = 0.18, 1.0, 8.0


def quadrants(
    size: str,
    points: Sequence[Point],
    x: Axis,
    y: Axis,
    names: tuple[str, str, str, str],
    *,
    note: str = "",
    height: float = 76.0,
) -> Paper:
    """Draw points over the cut lines of both axes, the quadrants named in their corners.

    `names` are upper left, upper right, lower left, lower right. `note` says what the area means.
    """
    paper = Paper(size, height)
    if not points:
        return paper
    across = _limits(known([point.x for point in points], [x.cut.value] if x.cut else []))
    up = _limits(known([point.y for point in points], [y.cut.value] if y.cut else []))
    steps = round_steps(*_inner(across), x.scale, 5), round_steps(*_inner(up), y.scale, 4)
    left = max((text_width(text, 7) for _, text in steps[1]), default=4.0) + 2.0
    axes = labelled_axes(paper, x, y, left, note)
    axes.set_xlim(*across)
    axes.set_ylim(*up)
    axes.set_xticks([value for value, _ in steps[0]], [text for _, text in steps[0]])
    axes.set_yticks([value for value, _ in steps[1]], [text for _, text in steps[1]])
    written = _corners(paper, axes, names)
    written += _cuts(paper, axes, x, y, written)
    draw_points(paper, axes, points, written, _lines(paper, axes, x, y))
    return paper


def _limits(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    margin = (max(values) - min(values)) * _MARGIN or abs(max(values)) * _MARGIN or 1.0
    return min(values) - margin, max(values) + margin


def _inner(limits: tuple[float, float]) -> tuple[float, float]:
    """Return limits without their ends, where the texts of both axes would meet."""
    margin = (limits[1] - limits[0]) * 0.04
    return limits[0] + margin, limits[1] - margin


def _corners(paper: Paper, axes: Axes, names: tuple[str, str, str, str]) -> list[Area]:
    room = inside(paper, axes)
    found = []
    for place, name in enumerate(names):
        wide, high = text_width(name, _NAME_POINTS), LINE_HEIGHT + 0.4
        left = room.right - _INSET - wide if place % 2 else room.left + _INSET
        top = room.bottom - _INSET - high if place > 1 else room.top + _INSET
        found.append(Area(left, top, left + wide, top + high))
        paper.note(name, left, top + high / 2, va="center", fontsize=_NAME_POINTS, color=NOTE)
    return found


def _lines(paper: Paper, axes: Axes, x: Axis, y: Axis) -> list[Area]:
    """Return the strips that the cut lines take."""
    room, found = inside(paper, axes), []
    if x.cut:
        left = paper.at(axes, x.cut.value, 0.0)[0]
        found.append(Area(left - 0.3, room.top, left + 0.3, room.bottom))
    if y.cut:
        level = paper.at(axes, 0.0, y.cut.value)[1]
        found.append(Area(room.left, level - 0.3, room.right, level + 0.3))
    return found


def _cuts(paper: Paper, axes: Axes, x: Axis, y: Axis, written: Sequence[Area]) -> list[Area]:
    """Draw the cut lines; each text stands near the lower or the right end of its line."""
    room = inside(paper, axes)
    ends: list[tuple[float, float, str]] = []
    if x.cut:
        axes.axvline(x.cut.value, color=NOTE, lw=0.7)
        ends.append((paper.at(axes, x.cut.value, 0.0)[0], room.bottom - LINE_HEIGHT / 2 - 0.4, x.cut.text))
    if y.cut:
        axes.axhline(y.cut.value, color=NOTE, lw=0.7)
        level = paper.at(axes, 0.0, y.cut.value)[1]
        ends.append((room.right - text_width(y.cut.text, 7) / 2 - _INSET, level, y.cut.text))
    sizes = [(text_width(text, 7), LINE_HEIGHT) for _, _, text in ends]
    spots = placed([(left, top, 0.3) for left, top, _ in ends], sizes, room, (), written)
    for (_, _, text), spot in zip(ends, spots, strict=True):
        if spot:
            paper.note(text, *spot.area.middle, ha="center", va="center", color=SECOND)
    return [spot.area for spot in spots if spot]
