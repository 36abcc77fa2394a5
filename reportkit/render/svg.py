"""Drawings inside a display: what they do to their scales, and whether their texts can be read."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lxml.html import HtmlElement

from reportkit.render.texts import Label, Told
from reportkit.show.figures import text_width

__all__ = ["cut", "drawn_badly", "small"]

_POINTS_PER_MM = 72 / 25.4
# Height of a line above and below its baseline, in ems.
_ABOVE, _BELOW = 0.8, 0.1
# Points that a text may reach over the edge: nothing that an eye sees.
_OVER = 1.5
_ROUNDED = 0.02
_CUT = "…"


def drawn_badly(told: Told, slices: int) -> Iterator[str]:
    """Yield what the drawings of a display noted of their scales: see `reportkit.show.scales`."""
    for drawing in told.tree.iter("svg"):
        for mark in (drawing.get("data-drawn") or "").split():
            name, _, number = mark.partition(":")
            if name == "twin":
                yield "two axes with data share one place: give each a panel of its own"
            elif name == "bars":
                yield f"bars stand on an axis that begins at {number}, not at 0"
            elif int(number) > slices:
                yield f"a pie of {number} slices; {slices} are the most, bars show more"


def cut(told: Told) -> Iterator[str]:
    """Yield the texts that reach over the edge of their drawing, or that were cut until nothing was left."""
    for drawing in told.tree.iter("svg"):
        left, top, width, height = _box(drawing)
        for label in told.labels_of(drawing):
            if label.text == _CUT:
                yield "a name has no room in its figure and is cut to …"
            xs, ys = zip(*_corners(label), strict=True)
            inside = left - _OVER <= min(xs) and max(xs) <= left + width + _OVER
            if not inside or min(ys) < top - _OVER or max(ys) > top + height + _OVER:
                yield f'"{label.text[:24]}" reaches over the edge of its figure'


def small(told: Told, smallest: float) -> Iterator[str]:
    """Yield the texts that are below `smallest` points at the size their drawing is printed in."""
    for drawing in told.tree.iter("svg"):
        scale = _printed(drawing)
        for label in told.labels_of(drawing):
            if label.points * scale < smallest - _ROUNDED:
                yield f'"{label.text[:24]}" is {label.points * scale:.1f} points, below {smallest:g}'


def _corners(label: Label) -> Iterator[tuple[float, float]]:
    width = text_width(label.text, label.points) * _POINTS_PER_MM
    first = {"middle": -width / 2, "end": -width}.get(label.anchor, 0.0)
    turn = math.radians(label.turned)
    for along in (first, first + width):
        for down in (-_ABOVE * label.points, _BELOW * label.points):
            yield (
                label.x + along * math.cos(turn) - down * math.sin(turn),
                label.y + along * math.sin(turn) + down * math.cos(turn),
            )


def _box(drawing: HtmlElement) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a drawing in its own points; without bounds where it has none."""
    given = (drawing.get("viewbox") or drawing.get("viewBox") or "").split()
    if len(given) != 4:
        return -math.inf, -math.inf, math.inf, math.inf
    left, top, width, height = map(float, given)
    return left, top, width, height


def _printed(drawing: HtmlElement) -> float:
    width = (drawing.get("width") or "").removesuffix("pt")
    own = _box(drawing)[2]
    return float(width) / own if width.replace(".", "").isdigit() and math.isfinite(own) else 1.0
