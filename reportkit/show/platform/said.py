"""How the page about platforms speaks of parts, factors and elements."""

from __future__ import annotations

from reportkit.show.display import Pen
from reportkit.study import Study

__all__ = ["factor_name", "line_name", "money_name"]


def money_name(pen: Pen, study: Study) -> str:
    """Return what the page explains: projected net sales, or the next best."""
    return pen.spoken(study.change.money).name


def factor_name(pen: Pen, factor: str) -> str:
    """Return what a reader calls a factor of analysis, ``visitors`` or ``whole``."""
    return pen.words(f"platform.factor_{factor}")


def line_name(pen: Pen, dimension: str, value: str) -> str:
    """Return what a reader calls a line of advertising; of an account, whose name is not kept, the beginning of its id."""
    if dimension != "account":
        return pen.name(dimension, value)
    return pen.words("platform.line", kind=pen.words(f"labels.dimension_{dimension}"), name=value[:6])
