"""Funnels: a bar a step, lightly what it was, and between two steps the rate from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportkit.show.figures.kit import EDGE, Sign, column, column_width, key, key_height, known, row_axes
from reportkit.show.figures.palette import ACTUAL, THEN, shade
from reportkit.show.figures.paper import Paper
from reportkit.show.style import INK, SECOND, WIDTHS

__all__ = ["Funnel", "FunnelStep", "funnels"]

_ROW, _NAME, _BETWEEN, _BELOW = 6.4, 4.6, 7.0, 2.4


@dataclass(frozen=True)
class FunnelStep:
    """One step; `rate` is that from the step before into this one, `note` how it moved, in its tone."""

    name: str
    value: float | None
    text: str = ""
    then: float | None = None
    rate: str = ""
    note: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Funnel:
    """The steps of one platform, from the first to the last; `text` stands at the right of its name."""

    name: str
    steps: tuple[FunnelStep, ...]
    text: str = ""


def funnels(size: str, found: Sequence[Funnel], *, now: str = "", then: str = "", per_row: int = 3) -> Paper:
    """Draw funnels side by side, `per_row` in a row, each on a scale of its own from zero.

    `now` and `then` name the dark and the light bars in the key.
    """
    signs: list[Sign] = [(text, look) for text, look in ((now, ACTUAL), (then, THEN)) if text]
    top = key_height(signs, WIDTHS[size]) + EDGE
    rows = [found[first : first + per_row] for first in range(0, len(found), per_row)]
    highs = [_NAME + max(len(funnel.steps) for funnel in row) * _ROW + _BELOW for row in rows]
    paper = Paper(size, top + (sum(highs) or _NAME + _BELOW) - _BELOW)
    key(paper, signs, 0.0)
    width = (paper.width - (per_row - 1) * _BETWEEN) / per_row
    for row, high in zip(rows, highs, strict=True):
        for across, funnel in enumerate(row):
            _draw(paper, funnel, across * (width + _BETWEEN), top, width)
        top += high
    return paper


def _draw(paper: Paper, funnel: Funnel, left: float, top: float, width: float) -> None:
    steps, edge = funnel.steps, left + width
    paper.note(funnel.name, left, top + 0.2, fontsize=7.5, color=INK)
    paper.note(funnel.text, edge, top + 0.4, ha="right", color=SECOND)
    paper.rule((left, top + _NAME - 0.4), (edge, top + _NAME - 0.4))
    top += _NAME
    notes, texts = [step.note for step in steps], [step.text for step in steps]
    beside = column_width(notes), column_width([step.rate for step in steps])
    right = column_width(texts) + sum(beside)
    axes = row_axes(paper, [step.name for step in steps], right, top, _ROW, left, width)
    axes.set_xlim(0, max([*known(*((step.value, step.then) for step in steps)), 1e-9]))
    for place, step in enumerate(steps):
        axes.barh(place - 0.1, step.value or 0.0, 0.4, **ACTUAL)
        if step.then is not None:
            axes.barh(place + 0.2, step.then, 0.2, **THEN)
    column(paper, texts, edge - sum(beside), top, _ROW)
    # A rate stands between its two steps.
    rates = [step.rate for step in steps]
    column(paper, rates, edge - beside[0], top - _ROW / 2, _ROW, [SECOND] * len(steps))
    column(paper, notes, edge, top - _ROW / 2, _ROW, [shade(step.tone) for step in steps])
