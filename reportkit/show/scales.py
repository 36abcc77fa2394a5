"""What a drawing does to its scales, noted on the drawing itself so that the lint of the report can read it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Wedge

__all__ = ["drawn", "starts_at"]

_DECLARED = "starts-at"


def starts_at(axes: Axes, value: float) -> None:
    """Declare that the axis of values begins at `value`, as the words beside it say; only a bridge may."""
    axes.set_gid(f"{_DECLARED}-{value:g}")


def drawn(figure: Figure) -> str:
    """Return what a reader should know of the scales of `figure`, empty where all is plain.

    ``twin``: two axes with data in one place; ``slices:7``: a pie of so many; ``bars:3``: an axis of
    bars that begins there and not at zero, undeclared.
    """
    marks = ["twin"] if _twin(figure.axes) else []
    for axes in figure.axes:
        if slices := sum(isinstance(patch, Wedge) for patch in axes.patches):
            marks.append(f"slices:{slices}")
        if not str(axes.get_gid() or "").startswith(_DECLARED) and (begins := _bars_from(axes)):
            marks.append(f"bars:{begins:g}")
    return " ".join(marks)


def _twin(every: list[Axes]) -> bool:
    held = [axes for axes in every if axes.has_data()]
    return any(
        np.allclose(one.get_position().bounds, two.get_position().bounds)
        for one, two in combinations(held, 2)
    )


def _bars_from(axes: Axes) -> float:
    """Return where the axis of values begins if its bars do not begin at zero, else 0."""
    for bars in axes.containers:
        if isinstance(bars, BarContainer):
            low, high = sorted(axes.get_xlim() if bars.orientation == "horizontal" else axes.get_ylim())
            if low > 0 or high < 0:
                return float(low if low > 0 else high)
    return 0.0
