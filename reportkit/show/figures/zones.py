"""Points on two logarithmic axes, over zones along the first one: how healthy the stock is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, log10

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from reportkit.show.figures.kit import LINE_HEIGHT, Scale
from reportkit.show.figures.palette import RANGES, shade
from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.figures.points import Axis, Point, draw_points, inside, labelled_axes
from reportkit.show.figures.spread import Area, spread
from reportkit.show.style import INK, LINE, SECOND

__all__ = ["Zone", "zones"]

_ROOM = 1.6
_HEAD = 2 * LINE_HEIGHT + 1.4
_GROUNDS = (RANGES[0], "#ffffff")


@dataclass(frozen=True)
class Zone:
    """A stretch of the x axis, `low` to `high` (infinite allowed), its name and a line of text below it."""

    name: str
    low: float
    high: float
    text: str = ""
    tone: str = "muted"


def zones(
    size: str,
    points: Sequence[Point],
    x: Axis,
    y: Axis,
    found: Sequence[Zone],
    *,
    note: str = "",
    height: float = 84.0,
) -> Paper:
    """Draw points over zones from left to right; what is zero or infinite stands at the edge of the axes.

    `note` says what the area of a point means.
    """
    paper = Paper(size, height)
    if not points:
        return paper
    edges = [edge for zone in found for edge in (zone.low, zone.high)]
    across, up = _limits([*(point.x for point in points), *edges]), _limits([point.y for point in points])
    ticks = _ticks(_within(up), y.scale)
    left = max((text_width(text, 7) for _, text in ticks), default=4.0) + 2.0
    axes = labelled_axes(paper, x, y, left, note)
    _log(axes, across, _lifted(paper, up), _ticks(_within(across), x.scale), ticks)
    written = _grounds(paper, axes, found)
    kept = [
        replace(point, x=_clamped(point.x, _within(across)), y=_clamped(point.y, _within(up)))
        for point in points
        if point.x == point.x and point.y == point.y
    ]
    draw_points(paper, axes, kept, written)
    return paper


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Return limits that hold all positive finite values, with room around them."""
    found = [value for value in values if isfinite(value) and value > 0]
    return (min(found) / _ROOM, max(found) * _ROOM) if found else (1.0, 10.0)


def _lifted(paper: Paper, up: tuple[float, float]) -> tuple[float, float]:
    """Return y limits with room above for the names of the zones."""
    share = 1 - _HEAD / (paper.height - 12.4)
    return up[0], 10 ** (log10(up[0]) + (log10(up[1]) - log10(up[0])) / share)


def _within(limits: tuple[float, float]) -> tuple[float, float]:
    """Return limits a little inside, where a disc at the edge is still whole."""
    return limits[0] * _ROOM**0.5, limits[1] / _ROOM**0.5


def _clamped(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])


def _ticks(limits: tuple[float, float], scale: Scale) -> list[tuple[float, str]]:
    """Return 1, 3, 10, 30 … within the limits, decades alone where there are many."""
    low, high = (edge / scale.by for edge in limits)
    decades = range(int(log10(low)) - 1, int(log10(high)) + 2)
    steps = (1, 3) if log10(high / low) < 3.2 else (1,)
    found = [step * 10.0**decade for decade in decades for step in steps]
    return [(value * scale.by, scale.text(value * scale.by)) for value in found if low <= value <= high]


def _log(
    axes: Axes, across: tuple[float, float], up: tuple[float, float], x: Sequence[tuple[float, str]],
    y: Sequence[tuple[float, str]],
) -> None:  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*across)
    axes.set_ylim(*up)
    for axis, ticks in ((axes.xaxis, x), (axes.yaxis, y)):
        axis.set_ticks([value for value, _ in ticks], [text for _, text in ticks])
        axis.set_minor_locator(NullLocator())


def _grounds(paper: Paper, axes: Axes, found: Sequence[Zone]) -> list[Area]:
    """Lay the zones side by side, each under a line of its tone; return where their names stand."""
    limits, ceiling = axes.get_xlim(), [axes.get_ylim()[1]] * 2
    middles = []
    for place, zone in enumerate(found):
        low, high = _clamped(zone.low, limits), _clamped(zone.high, limits)
        axes.axvspan(low, high, color=_GROUNDS[place % 2], lw=0, zorder=0)
        axes.plot([low, high], ceiling, color=shade(zone.tone), lw=2.0, solid_capstyle="butt", clip_on=False)
        if place:
            axes.axvline(low, color=LINE, lw=0.6, zorder=0.5)
        middles.append(sum(paper.at(axes, edge, ceiling[0])[0] for edge in (low, high)) / 2)
    return _names(paper, inside(paper, axes), found, middles)


def _names(paper: Paper, room: Area, found: Sequence[Zone], middles: Sequence[float]) -> list[Area]:
    """Write each zone's name and text about its middle, moved apart; cut where all have no room."""
    wanted = [max(text_width(zone.name, 8), text_width(zone.text, 7)) + 2.0 for zone in found]
    squeeze = min((room.right - room.left) / max(sum(wanted), 1e-9), 1.0)
    sizes = [size * squeeze for size in wanted]
    areas = []
    for zone, middle, size in zip(found, spread(middles, sizes, room.left, room.right), sizes, strict=True):
        name, text = fitted(zone.name, 8, size - 1.5), fitted(zone.text, 7, size - 1.5)
        paper.note(name, middle, room.top + 0.8, ha="center", fontsize=8, color=INK)
        paper.note(text, middle, room.top + 0.8 + LINE_HEIGHT + 0.5, ha="center", color=SECOND)
        areas.append(Area(middle - size / 2, room.top, middle + size / 2, room.top + _HEAD))
    return areas
