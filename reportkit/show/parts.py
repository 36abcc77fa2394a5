"""What shares and the bridge have in common: parts gathered into a few rows, drawn one below the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from reportkit.show.display import Pen
from reportkit.show.paper import Paper, fitted, text_width
from reportkit.show.readings import Part
from reportkit.show.style import INK

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["EDGE", "LEGEND", "ROW", "VALUES", "cited", "compared_period", "gathered", "rows_axes"]

# Millimetres: height of a row, room above the first and below the last, room for the values.
ROW, EDGE, LEGEND, VALUES = 4.7, 0.6, 4.6, 11.0
_NAME_MAX = 26.0
_REST = "rest"


def gathered(pen: Pen, found: list[Part]) -> list[Part]:
    """Return at most ``parts_shown`` parts, the smallest ones gathered into one."""
    shown = pen.rules.parts_shown
    if len(found) <= shown:
        return found
    rest = found[shown - 1 :]
    name = pen.words("labels.rest", count=len(rest))
    sums = [_total(each) for each in zip(*[(part.value, part.now, part.then) for part in rest], strict=True)]
    return [*found[: shown - 1], Part(_REST, name, *sums)]


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def compared_period(pen: Pen, result: Result, comparison: str | None) -> str:
    """Return what a reader calls the period that `comparison` stands for; empty where there is none."""
    other = {"previous": result.period.previous, "last_year": result.period.last_year}
    period = other[comparison]() if comparison else None
    return period.label(pen.words.lang) if period else ""


def cited(pen: Pen, result: Result, request: str, found: Sequence[Part]) -> list[str]:
    """Return the evidence codes of the parts that a figure prints."""
    dimension = result.by[0]
    shown = [part for part in found if part.key != _REST and part.value is not None]
    return [pen.cite(result, request, **{dimension: part.key}) for part in shown]


def rows_axes(paper: Paper, names: Sequence[str], right: float) -> Axes:
    """Return axes with one row a name, the names written to their left; x is free, y is rows from the top."""
    left = min(max((text_width(name, 7.5) for name in names), default=0.0) + 2.0, _NAME_MAX)
    axes = paper.axes(left, EDGE, paper.width - left - right, len(names) * ROW)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(
        range(len(names)), [fitted(name, 7.5, _NAME_MAX - 1.5) for name in names], fontsize=7.5, color=INK
    )
    axes.set_xticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes
