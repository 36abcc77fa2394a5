"""Points as discs, each named beside it where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from matplotlib.axes import Axes

from reportkit.show.figures.kit import LINE_HEIGHT, PLAIN, Reference, Scale, write_at
from reportkit.show.figures.palette import shade
from reportkit.show.figures.paper import Paper, text_width
from reportkit.show.figures.spread import Area, placed
from reportkit.show.style import SECOND

__all__ = ["Axis", "Point", "draw_points", "inside", "labelled_axes"]

_TOP, _BOTTOM, _RIGHT = 4.8, 7.6, 0.5
_LEAST, _MOST, _MOST_OF_MANY, _MANY = 0.7, 3.6, 2.4, 16
_POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Point:
    """One point; a named one is labelled, the first ones choose their place first. `area` sizes its disc."""

    x: float
    y: float
    name: str = ""
    area: float = 1.0
    tone: str = "ink"


@dataclass(frozen=True)
class Axis:
    """What an axis measures, how it prints its numbers, and the value that cuts it in two."""

    label: str
    scale: Scale = PLAIN
    cut: Reference | None = None


def labelled_axes(paper: Paper, x: Axis, y: Axis, left: float, note: str) -> Axes:
    """Return axes with the label of y above them, that of x below, and `note` at the upper right."""
    axes = paper.axes(left, _TOP, paper.width - left - _RIGHT, paper.height - _TOP - _BOTTOM)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(True)
    axes.tick_params(pad=1.5)
    paper.note(y.label, 0.2, 0.2, fontsize=7.5, color=SECOND)
    paper.note(note, paper.width - _RIGHT, 0.2, ha="right")
    paper.note(
        x.label, paper.width - _RIGHT, paper.height - 0.2, ha="right", va="bottom", fontsize=7.5, color=SECOND
    )
    return axes


def inside(paper: Paper, axes: Axes) -> Area:
    """Return the rectangle that `axes` take on the paper."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return Area(*paper.at(axes, left, high), *paper.at(axes, right, low))


def draw_points(
    paper: Paper, axes: Axes, points: Sequence[Point], written: Sequence[Area], lines: Sequence[Area] = ()
) -> None:
    """Draw a disc for each point and the names that find a place: off what is `written`, best off `lines`."""
    top = max((point.area for point in points), default=0.0) or 1.0
    most = _MOST_OF_MANY if len(points) > _MANY else _MOST
    radii = [max(most * sqrt(max(point.area, 0.0) / top), _LEAST) for point in points]
    sizes = [(2 * radius * _POINTS_PER_MM) ** 2 for radius in radii]
    colors = [shade(point.tone) for point in points]
    where = [point.x for point in points], [point.y for point in points]
    axes.scatter(*where, s=sizes, c=colors, ec="white", lw=0.5, alpha=0.7, zorder=3, clip_on=False)
    spots = [(*paper.at(axes, point.x, point.y), radius) for point, radius in zip(points, radii, strict=True)]
    named = [place for place, point in enumerate(points) if point.name]
    discs = [Area(x - r, y - r, x + r, y + r) for place, (x, y, r) in enumerate(spots) if place not in named]
    found = placed(
        [spots[place] for place in named],
        [(text_width(points[place].name, 7), LINE_HEIGHT) for place in named],
        inside(paper, axes), [*discs, *lines], written,
    )  # fmt: skip
    for place, spot in zip(named, found, strict=True):
        write_at(paper, points[place].name, spots[place], spot)
