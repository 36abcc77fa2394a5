"""Who holds the total: shares as bars, now and then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import percentages
from reportkit.show.paper import Paper, figure, text_width
from reportkit.show.parts import EDGE, LEGEND, ROW, VALUES, cited, compared_period, gathered, rows_axes
from reportkit.show.readings import Part, parts, reference
from reportkit.show.style import INK, LINE, SECOND

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["shares"]

_MOVES = 13.0


def shares(result: Result, request: str = "", size: str = "right") -> Display:
    """Show what share of an additive metric each part holds now (dark) and held then (light).

    `request` is one of `result`, by default its first; `result` has one dimension.
    """
    return Display("figure", lambda pen: _draw_shares(pen, result, request or result.requests[0], size), size)


@dataclass(frozen=True)
class _Share:
    """One bar: shares as fractions, `then` and `move` None where there is nothing to compare."""

    part: Part
    now: float
    then: float | None
    move: float | None


def _shares(found: list[Part]) -> list[_Share]:
    now = [share / 100 for share in percentages([max(part.value or 0.0, 0.0) for part in found])]
    paired = [part for part in found if part.now is not None and part.then is not None]
    totals = math.fsum(part.now or 0.0 for part in paired), math.fsum(part.then or 0.0 for part in paired)
    if not paired or min(totals) <= 0:
        return [_Share(part, share, None, None) for part, share in zip(found, now, strict=True)]
    bars = []
    for part, share in zip(found, now, strict=True):
        both = part.now is not None and part.then is not None
        then = (part.then or 0.0) / totals[1] if both else None
        bars.append(
            _Share(part, share, then, (part.now or 0.0) / totals[0] - then if then is not None else None)
        )
    return bars


def _draw_shares(pen: Pen, result: Result, request: str, size: str) -> Drawn:
    spoken = pen.spoken(request)
    against = reference(result, request)
    found = gathered(pen, parts(pen, result, request, against))
    paper = Paper(size, EDGE + max(len(found), 1) * ROW + LEGEND)
    bars = _shares(found)
    title = _shares_title(pen, result, spoken.name, bars, against)
    if bars:
        _share_bars(pen, paper, bars)
        labels = [
            pen.words("parts.shares_label", name=spoken.name, period=result.period.label(pen.words.lang))
        ]
        if any(bar.then is not None for bar in bars):
            labels.append(compared_period(pen, result, against))
        _legend(paper, labels)
    items = pen.words.list([f"{bar.part.name} {pen.words.numbers.rate(bar.now)}" for bar in bars])
    alt = pen.words("parts.shares_alt", title=title, items=items)
    return figure(pen, paper, title=title, alt=alt, marks=cited(pen, result, request, found))


def _shares_title(pen: Pen, result: Result, name: str, bars: list[_Share], against: str | None) -> str:
    words, policy = pen.words, pen.policy
    if not bars:
        return words("parts.shares_missing", name=name)
    top = bars[0]
    moves = [bar for bar in bars if bar.move is not None and abs(bar.move) >= policy.rate_clear]
    if len(bars) == 1 or against is None:
        return words("parts.shares_alone", top=top.part.name, name=name, share=words.numbers.rate(top.now))
    if not moves:
        dimension = words(f"labels.dimension_{result.by[0]}")
        rate = words.numbers.rate(top.now)
        return words("parts.shares_same", dimension=dimension, top=top.part.name, share=rate)
    up = max(moves, key=lambda bar: bar.move or 0.0)
    down = min(moves, key=lambda bar: bar.move or 0.0)
    rose, fell = (up.move or 0.0) > 0, (down.move or 0.0) < 0
    return words(
        "parts.shares_moved", than=words(f"change.than_{against}"),
        up=up.part.name if rose else "", up_size=words.change(up.move, "percent").size,
        down=down.part.name if fell else "", down_size=words.change(down.move, "percent").size,
    )  # fmt: skip


def _share_bars(pen: Pen, paper: Paper, bars: list[_Share]) -> None:
    axes = rows_axes(paper, [bar.part.name for bar in bars], VALUES + _MOVES)
    top = max(max(bar.now, bar.then or 0.0) for bar in bars) or 1.0
    axes.set_xlim(0, top)
    for row, bar in enumerate(bars):
        axes.barh(row - 0.17, bar.now, 0.4, color=INK)
        axes.barh(row + 0.21, bar.then or 0.0, 0.28, color=LINE)
        middle = EDGE + (row + 0.5) * ROW
        paper.note(
            pen.words.numbers.rate(bar.now),
            paper.width - _MOVES - 1.5,
            middle,
            ha="right",
            va="center",
            color=INK,
        )
        moved = pen.words.numbers.change(bar.move, "percent", 1)
        paper.note(moved, paper.width, middle, ha="right", va="center", color=SECOND)


def _legend(paper: Paper, labels: Sequence[str]) -> None:
    left, top = 0.5, paper.height - 1.9
    for label, color in zip(labels, (INK, LINE), strict=False):
        corner = (left / paper.width, 1 - (top + 0.9) / paper.height)
        size = 1.8 / paper.width, 1.8 / paper.height
        paper.figure.add_artist(Rectangle(corner, *size, color=color, lw=0))
        paper.note(label, left + 2.8, top, va="center", color=SECOND)
        left += text_width(label, 7) + 7.0
