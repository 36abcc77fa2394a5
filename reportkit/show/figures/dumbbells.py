"""Two values a row and the way between them: what was put in, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from reportkit.show.figures.kit import (
    CLEAR,
    EDGE,
    ROW,
    Sign,
    column,
    column_width,
    key,
    key_height,
    known,
    row_axes,
)
from reportkit.show.figures.palette import shade
from reportkit.show.figures.paper import Paper, text_width
from reportkit.show.style import BAND, INK, NOTE, SECOND, WIDTHS

__all__ = ["Pair", "dumbbells"]

# Millimetres between a dot's middle and its text.
_DOT = 2.0


@dataclass(frozen=True)
class Pair:
    """One row from `start` to `end`, in one unit; `note` stands at its right, in its tone."""

    name: str
    start: float | None
    end: float | None
    start_text: str = ""
    end_text: str = ""
    note: str = ""
    tone: str = "plain"


def dumbbells(size: str, rows: Sequence[Pair], *, start: str, end: str, label: str = "") -> Paper:
    """Draw a hollow dot for `start` and a solid one for `end`, joined in the row's tone, on one axis from zero."""
    signs: list[Sign] = [(label, {})] if label else []
    signs += [(start, {"fc": "white", "ec": NOTE, "lw": 0.9, "round": True})]
    signs += [(end, {"fc": INK, "lw": 0, "round": True})]
    below = key_height(signs, WIDTHS[size])
    paper = Paper(size, EDGE * 2 + max(len(rows), 1) * ROW + below)
    if not rows:
        return paper
    notes = [row.note for row in rows]
    axes = row_axes(paper, [row.name for row in rows], column_width(notes))
    _limits(paper, axes, rows)
    for place, row in enumerate(rows):
        _draw(axes, place, row)
    column(paper, notes, paper.width, EDGE, ROW, [shade(row.tone) for row in rows])
    key(paper, signs, paper.height - below)
    return paper


def _limits(paper: Paper, axes: Axes, rows: Sequence[Pair]) -> None:
    """Leave room for the widest text on either side of the dots."""
    ends = known([0.0], *((row.start, row.end) for row in rows))
    low, high = min(ends), max(ends) if max(ends) > min(ends) else 1.0
    room = max(text_width(text, 7) for row in rows for text in (row.start_text, row.end_text)) + _DOT
    width = axes.get_position().width * paper.width
    each = (high - low) / max(width - 2 * room, width / 4)
    axes.set_xlim(low - room * each, high + room * each)


def _draw(axes: Axes, place: int, row: Pair) -> None:
    axes.axhline(place, color=BAND, lw=0.5, zorder=0)
    if row.start is not None and row.end is not None:
        axes.plot([row.start, row.end], [place] * 2, color=shade(row.tone), lw=1.6, solid_capstyle="butt")
    said = [(row.start, row.start_text, SECOND), (row.end, row.end_text, INK)]
    dots = [(value, text, color) for value, text, color in said if value is not None]
    for side, (value, text, color) in zip((-1, 1), sorted(dots, key=lambda dot: dot[0]), strict=False):
        axes.annotate(
            text, (value, place), xytext=(side * 5, 0), textcoords="offset points", va="center",
            ha="right" if side < 0 else "left", fontsize=7, color=color, annotation_clip=False, bbox=CLEAR,
        )  # fmt: skip
    if row.start is not None:
        axes.plot([row.start], [place], "o", ms=5, mfc="white", mec=NOTE, mew=0.9)
    if row.end is not None:
        axes.plot([row.end], [place], "o", ms=5, mfc=INK, mec="white", mew=0.4)
