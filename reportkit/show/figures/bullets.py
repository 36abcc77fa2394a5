"""Bullet graphs (Few 2006): how far each goes towards its target, and how far it should be by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportkit.show.figures.kit import EDGE, KEY, ROW, known
from reportkit.show.figures.palette import RANGES, TARGET
from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.style import INK, SECOND

__all__ = ["Bullet", "bullets"]

_ROW, _TEXT, _TRACK = 9.0, 4.2, 3.6
_SHARES = (1.0, 0.95, 0.8)


@dataclass(frozen=True)
class Bullet:
    """One row: actual, target and where it should stand by now (`pace`), in one unit."""

    name: str
    value: float | None
    target: float | None
    text: str = ""
    target_text: str = ""
    pace: float | None = None


def bullets(size: str, rows: Sequence[Bullet], *, note: str = "") -> Paper:
    """Draw each row on its own scale: ranges of 80, 95 and 100 % of the target, the target outlined.

    A row without a target has its texts only. `note` tells how to read the marks.
    """
    heights = [_ROW if row.target and row.target > 0 else _TEXT + EDGE for row in rows]
    paper = Paper(size, EDGE + max(sum(heights), ROW) + (KEY if note else 0.0))
    for place, row in enumerate(rows):
        top = EDGE + sum(heights[:place])
        room = paper.width - text_width(row.target_text, 7) - text_width(row.text, 7.5) - 6.0
        name = fitted(row.name, 7.5, room)
        paper.note(name, 0.2, top, color=SECOND, fontsize=7.5)
        paper.note(row.text, 0.2 + text_width(name, 7.5) + 2.0, top, color=INK, fontsize=7.5)
        paper.note(row.target_text, paper.width - 0.2, top + 0.2, ha="right", color=SECOND)
        if row.target and row.target > 0:
            _track(paper, row, row.target, top + _TEXT)
    paper.note(note, 0.2, paper.height - KEY / 2, va="center")
    return paper


def _track(paper: Paper, row: Bullet, target: float, top: float) -> None:
    value, pace = (each if known([each]) else None for each in (row.value, row.pace))
    axes = paper.axes(0.2, top, paper.width - 0.4, _TRACK)
    edges = known([0.0, target, value, pace])
    axes.set_xlim(min(edges), max(edges) * 1.02)
    axes.set_ylim(-0.5, 0.5)
    axes.set_axis_off()
    for share, color in zip(_SHARES, RANGES, strict=True):
        axes.barh(0, target * share, 0.84, color=color)
    axes.barh(0, target, 0.84, **TARGET)
    axes.barh(0, value or 0.0, 0.34, color=INK)
    axes.plot([target] * 2, [-0.5, 0.5], color=INK, lw=1.6)
    if pace is not None:
        axes.plot([pace], [0.52], "v", ms=4.6, color=INK, mec="white", mew=0.5, clip_on=False)
