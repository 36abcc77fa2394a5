"""A bridge from then to now, one step a row; the only bars that may not start at zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from reportkit.show.figures.kit import EDGE, KEY, column_width, row_axes
from reportkit.show.figures.palette import shade
from reportkit.show.figures.paper import Paper
from reportkit.show.scales import starts_at
from reportkit.show.style import INK, NOTE

__all__ = ["Step", "bridge", "bridge_start"]

_ROW = 4.1  # mm; the steps stand close, as one leads to the next
_ZOOM = 3.0


@dataclass(frozen=True)
class Step:
    """One row of a bridge, from `start` to `end`; a `total` stands on the axis.

    What is not `comparable` is outlined: a step that has no like-for-like comparison.
    """

    name: str
    start: float
    end: float
    text: str = ""
    tone: str = "plain"
    total: bool = False
    comparable: bool = True


def bridge_start(steps: Sequence[Step]) -> float:
    """Return where the axis begins: zero, unless the steps would be lost on bars so long."""
    inner = [edge for step in steps[1:-1] for edge in (step.start, step.end)]
    low = min([*inner, steps[0].end, steps[-1].end])
    spread = max([*inner, steps[0].end, steps[-1].end]) - low
    return low - spread if low > _ZOOM * spread > 0 else min(0.0, low)


def bridge(size: str, steps: Sequence[Step], *, note: str = "", start_note: str = "") -> Paper:
    """Draw the steps from the first total to the last; `start_note` says where the axis starts.

    It is printed only where that is not zero.
    """
    paper = Paper(size, EDGE + max(len(steps), 1) * _ROW + KEY)
    if not steps:
        return paper
    axes = row_axes(
        paper, [step.name for step in steps], column_width([step.text for step in steps]), row=_ROW
    )
    start = bridge_start(steps)
    top = max(max(step.start, step.end) for step in steps)
    axes.set_xlim(start, start + ((top - start) or 1.0) * 1.02)
    for row, step in enumerate(steps):
        _draw(axes, steps, row, start)
        axes.annotate(
            step.text, (max(step.start, step.end), row), xytext=(3, 0), textcoords="offset points",
            va="center", fontsize=7, color=INK if step.total else shade(step.tone), annotation_clip=False,
        )  # fmt: skip
    paper.note(note, 0.5, paper.height - KEY / 2, va="center")
    if start > 0:
        starts_at(axes, start)
        paper.note(start_note, paper.width, paper.height - KEY / 2, ha="right", va="center")
    return paper


def _draw(axes: Axes, steps: Sequence[Step], row: int, start: float) -> None:
    step = steps[row]
    if step.total:
        axes.barh(row, step.end - start, 0.62, left=start, color=NOTE if row == 0 else INK)
    elif step.comparable:
        axes.barh(row, step.end - step.start, 0.5, left=step.start, color=shade(step.tone))
    else:
        axes.barh(row, step.end - step.start, 0.5, left=step.start, fc="white", ec=NOTE, lw=0.7)
    if row + 1 < len(steps):
        axes.plot([step.end] * 2, [row + 0.25, row + 0.75], color=NOTE, lw=0.5)
