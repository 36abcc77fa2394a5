"""Bars in rows: a value now, lightly what it was then, outlined what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from reportkit.show.figures.kit import (
    EDGE,
    LINE_HEIGHT,
    ROW,
    Reference,
    column,
    column_width,
    key,
    key_height,
    known,
    reference_line,
    row_axes,
)
from reportkit.show.figures.palette import ACTUAL, TARGET, THEN, shade
from reportkit.show.figures.paper import Paper
from reportkit.show.style import NOTE, SECOND, WIDTHS

__all__ = ["Bar", "bars"]


@dataclass(frozen=True)
class Bar:
    """One row: its value and what it was `then`, in any one unit; `text` and `note` stand at its right."""

    name: str
    value: float | None
    text: str = ""
    then: float | None = None
    note: str = ""
    tone: str = "ink"
    target: float | None = None


def bars(
    size: str, rows: Sequence[Bar], *, now: str = "", then: str = "", target: str = "",
    reference: Reference | None = None,
) -> Paper:  # fmt: skip
    """Draw one bar a row from zero, in the order given; `now`, `then` and `target` name them in the key."""
    signs = [(text, look) for text, look in ((now, ACTUAL), (then, THEN), (target, TARGET)) if text]
    top = EDGE + (LINE_HEIGHT if reference else 0.0)
    below = key_height(signs, WIDTHS[size])
    paper = Paper(size, top + max(len(rows), 1) * ROW + EDGE + below)
    if not rows:
        return paper
    texts, notes = [row.text for row in rows], [row.note for row in rows]
    right = column_width(texts), column_width(notes)
    axes = row_axes(paper, [row.name for row in rows], sum(right), top)
    edges = known([0.0], *((row.value, row.then, row.target) for row in rows))
    edges += [reference.value] if reference else []
    reach = (max(edges) - min(edges)) or 1.0
    axes.set_xlim(min(edges), min(edges) + reach * 1.005)
    compared = any(row.then is not None for row in rows)
    for place, row in enumerate(rows):
        _draw(axes, place, row, compared=compared)
    if min(edges) < 0:
        axes.axvline(0, color=NOTE, lw=0.6)
    if reference:
        reference_line(paper, axes, reference, len(rows))
    column(paper, texts, paper.width - right[1], top, ROW)
    column(paper, notes, paper.width, top, ROW, [SECOND] * len(rows))
    key(paper, signs, paper.height - below)
    return paper


def _draw(axes: Axes, place: int, row: Bar, *, compared: bool) -> None:
    middle, high = (place - 0.17, 0.4) if compared else (place, 0.56 if row.target is None else 0.36)
    look: dict[str, Any] = ACTUAL | {"fc": shade(row.tone)}
    axes.barh(middle, row.value or 0.0, high, **look)
    if row.then is not None:
        axes.barh(place + 0.21, row.then, 0.28, **THEN)
    if row.target is not None:
        axes.barh(middle, row.target, 0.5 if compared else 0.66, **TARGET)
