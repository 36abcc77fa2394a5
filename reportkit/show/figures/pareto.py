"""Pareto: bars from the largest on, and beside them, in a panel of its own, how much they hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportkit.show.figures.kit import (
    EDGE,
    GAP,
    LINE_HEIGHT,
    ROW,
    Reference,
    bare,
    column,
    column_width,
    known,
    reference_line,
    row_axes,
)
from reportkit.show.figures.palette import ACTUAL, shade
from reportkit.show.figures.paper import Paper
from reportkit.show.style import BAND, INK, NOTE, SECOND

__all__ = ["ParetoRow", "pareto"]

_PANEL = 0.3


@dataclass(frozen=True)
class ParetoRow:
    """One row; `text` is its amount, `share_text` the share of all rows down to this one."""

    name: str
    value: float
    text: str = ""
    share_text: str = ""
    tone: str = "ink"


def pareto(
    size: str,
    rows: Sequence[ParetoRow],
    *,
    label: str = "",
    cumulative: str = "",
    cut: Reference | None = None,
) -> Paper:
    """Draw the rows in the order given, `label` above the bars, `cumulative` above the running share.

    `cut` is a share such as 0.8, drawn through the second panel.
    """
    top = LINE_HEIGHT + EDGE + (LINE_HEIGHT if cut else 0.0)
    paper = Paper(size, top + max(len(rows), 1) * ROW + EDGE)
    if not rows:
        return paper
    shares, texts = [row.share_text for row in rows], [row.text for row in rows]
    panel = paper.width * _PANEL
    edge = paper.width - column_width(shares)
    axes = row_axes(
        paper, [row.name for row in rows], paper.width - edge + panel + GAP + column_width(texts), top
    )
    axes.set_xlim(0, max(max(known([row.value for row in rows]), default=0.0), 1e-9))
    for place, row in enumerate(rows):
        axes.barh(place, row.value, 0.56, **(ACTUAL | {"fc": shade(row.tone)}))
    column(paper, texts, edge - panel - GAP, top, ROW)
    column(paper, shares, paper.width, top, ROW)
    paper.note(label, axes.get_position().x0 * paper.width, 0.0, color=SECOND)
    paper.note(cumulative, edge - panel, 0.0, color=SECOND)
    _running(paper, rows, edge - panel, top, panel, cut)
    return paper


def _running(
    paper: Paper, rows: Sequence[ParetoRow], left: float, top: float, width: float, cut: Reference | None
) -> None:
    axes = paper.axes(left, top, width, len(rows) * ROW)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    bare(axes)
    axes.axvline(0, color=NOTE, lw=0.6)
    total = sum(row.value for row in rows) or 1.0
    sums = [sum(row.value for row in rows[: place + 1]) / total for place in range(len(rows))]
    for place in range(len(rows)):
        axes.axhline(place, color=BAND, lw=0.5, zorder=0)
    axes.plot(sums, range(len(rows)), "-o", color=INK, lw=1.1, ms=2.6, clip_on=False)
    if cut:
        reference_line(paper, axes, cut, len(rows))
