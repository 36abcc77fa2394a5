"""Who holds the total: shares as bars, now and then."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit.show import figures
from reportkit.show.blocks import compared
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.show.parts import cited, fractions, gathered
from reportkit.show.readings import Part, parts, reference

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["shares"]


def shares(result: Result, request: str = "", size: str = "right") -> Display:
    """Show what share of an additive metric each part holds now (dark) and held then (light).

    `request` is one of `result`, by default its first; `result` has one dimension.
    """
    return Display(
        "figure",
        lambda pen: _draw_shares(pen, result, request or result.requests[0], size),
        size,
        block="1.D",
    )


@dataclass(frozen=True)
class _Share:
    """One bar: shares as fractions, `then` and `move` None where there is nothing to compare."""

    part: Part
    now: float
    then: float | None
    move: float | None


def _shares(found: list[Part]) -> list[_Share]:
    now = fractions(found)
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
    bars = _shares(found)
    title = _shares_title(pen, result, spoken.name, bars, against)
    now = pen.words("parts.shares_label", name=spoken.name, period=result.period.label(pen.words.lang))
    paper = figures.bars(
        size,
        [_row(pen, bar) for bar in bars],
        now=now if bars else "",
        then=compared(pen, result, against) if any(bar.then is not None for bar in bars) else "",
    )
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


def _row(pen: Pen, bar: _Share) -> figures.Bar:
    moved = pen.words.numbers.change(bar.move, "percent", 1)
    return figures.Bar(bar.part.name, bar.now, pen.words.numbers.rate(bar.now), bar.then, moved)
