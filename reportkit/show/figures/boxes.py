"""How a quantity is spread within each row: the middle half as a box, the tails as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from reportkit.show.figures.kit import (
    CLEAR,
    EDGE,
    LINE_HEIGHT,
    PLAIN,
    Reference,
    Scale,
    column,
    column_width,
    known,
    reference_line,
    round_steps,
    row_axes,
)
from reportkit.show.figures.paper import Paper
from reportkit.show.style import INK, LINE, NOTE, SECOND

__all__ = ["Box", "boxes"]

_ROW, _AXIS = 6.4, 4.4


@dataclass(frozen=True)
class Box:
    """One row, all in one unit: `low` to `high` (such as P10 to P90), quartiles and median."""

    name: str
    low: float
    q1: float
    median: float
    q3: float
    high: float
    median_text: str = ""
    high_text: str = ""
    note: str = ""


def boxes(
    size: str, rows: Sequence[Box], *, label: str = "", scale: Scale = PLAIN,
    reference: Reference | None = None,
) -> Paper:  # fmt: skip
    """Draw one box a row on one axis from zero; median and upper end carry their texts, `label` names the axis."""
    top = EDGE + LINE_HEIGHT + (LINE_HEIGHT if reference else 0.0)
    paper = Paper(size, top + max(len(rows), 1) * _ROW + _AXIS)
    if not rows:
        return paper
    notes = [row.note for row in rows]
    tails = column_width([row.high_text for row in rows])
    axes = row_axes(paper, [row.name for row in rows], column_width(notes) + tails, top, _ROW)
    ends = known([0.0], *((row.high,) for row in rows), [reference.value] if reference else [])
    axes.set_xlim(0, max(ends) or 1.0)
    steps = round_steps(0.0, max(ends), scale, 5)
    axes.set_xticks([value for value, _ in steps], [text for _, text in steps])
    axes.tick_params(axis="x", pad=1.5)
    for place, row in enumerate(rows):
        _draw(axes, place, row)
    if reference:
        reference_line(paper, axes, reference, len(rows))
    column(paper, notes, paper.width, top, _ROW, [SECOND] * len(rows))
    paper.note(label, axes.get_position().x0 * paper.width, 0.0, color=SECOND)
    return paper


def _draw(axes: Axes, place: int, row: Box) -> None:
    axes.plot([row.low, row.high], [place] * 2, color=NOTE, lw=0.9, solid_capstyle="butt")
    axes.plot([row.low, row.high], [place] * 2, "|", color=NOTE, ms=4, mew=0.9)
    axes.barh(place, row.q3 - row.q1, 0.42, left=row.q1, color=LINE)
    axes.plot([row.median] * 2, [place - 0.21, place + 0.21], color=INK, lw=1.6, solid_capstyle="butt")
    axes.annotate(
        row.median_text, (row.median, place - 0.21), xytext=(0, 0.5), textcoords="offset points",
        ha="center", va="bottom", fontsize=7, color=INK, bbox=CLEAR, zorder=2.8,
    )  # fmt: skip
    axes.annotate(
        row.high_text, (row.high, place), xytext=(3, 0), textcoords="offset points", va="center",
        fontsize=7, color=SECOND, annotation_clip=False, bbox=CLEAR, zorder=2.8,
    )  # fmt: skip
