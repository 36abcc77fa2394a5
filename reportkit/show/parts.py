"""What shares and the bridge have in common: parts gathered into a few rows, cited, and compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportkit.show.display import Pen
from reportkit.show.numbers import percentages
from reportkit.show.readings import Part

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["cited", "fractions", "gathered"]

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


def fractions(found: Sequence[Part]) -> list[float]:
    """Return what each part is of all, as fractions rounded so that their percentages sum to 100.0.

    A part below zero counts as none. Every page that prints such a share takes it from here.
    """
    return [share / 100 for share in percentages([max(part.value or 0.0, 0.0) for part in found])]


def cited(pen: Pen, result: Result, request: str, found: Sequence[Part]) -> list[str]:
    """Return the evidence codes of the parts that a figure prints."""
    dimension = result.by[0]
    shown = [part for part in found if part.key != _REST and part.value is not None]
    return [pen.cite(result, request, **{dimension: part.key}) for part in shown]
