"""What one panel of a timeline shows, and what follows from it: limits, levels, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from reportkit.show.figures.kit import FLOATS, PLAIN, Mark, Reference, Scale, floats, known, round_steps

__all__ = ["Drawing", "Panel"]

_HEADROOM, _MARGIN = 0.2, 0.12


@dataclass(frozen=True)
class Panel:
    """One series over the places of the axis; missing values are gaps.

    `low` and `high` bound its normal range, `then` is last year's. `young` says which places are not
    yet mature (hatched), `flagged` which ones are abnormal. `levels` are the values printed beside the
    axis with their texts; without them round steps of `scale`. `label` stands above at the left, `aid`
    at the right, `last` beside the end of a line, `then_last` beside that of last year's.
    """

    label: str
    values: Iterable[float | None]
    scale: Scale = PLAIN
    columns: bool = False
    low: Iterable[float | None] | None = None
    high: Iterable[float | None] | None = None
    then: Iterable[float | None] | None = None
    young: Sequence[bool] | None = None
    flagged: Sequence[bool] | None = None
    marks: tuple[Mark, ...] = ()
    last: str = ""
    then_last: str = ""
    levels: tuple[tuple[float, str], ...] = ()
    target: Reference | None = None
    aid: str = ""


@dataclass(frozen=True)
class Drawing:
    """A panel with its numbers as arrays, and its limits and levels."""

    panel: Panel
    values: FLOATS
    then: FLOATS
    low: FLOATS
    high: FLOATS
    limits: tuple[float, float]
    levels: Sequence[tuple[float, str]]

    @classmethod
    def of(cls, panel: Panel) -> Drawing:
        """Return what drawing `panel` needs."""
        values = floats(panel.values)
        then, low, high = (floats(each, len(values)) for each in (panel.then, panel.low, panel.high))
        aim = [panel.target.value] if panel.target else []
        limits = _limits(known(values, then, low, high, aim), columns=panel.columns)
        levels = panel.levels or (round_steps(*limits, panel.scale) if known(values) else [])
        return cls(panel, values, then, low, high, limits, levels)

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """First and last place of every run without data."""
        runs = groupby(range(len(self.values)), lambda place: bool(np.isnan(self.values[place])))
        found = [list(run) for missing, run in runs if missing]
        return [(run[0], run[-1]) for run in found]

    def where(self, chosen: Sequence[bool] | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return `chosen` as booleans; all false where nothing was chosen."""
        return np.zeros(len(self.values), dtype=bool) if chosen is None else np.asarray(chosen, dtype=bool)


def _limits(found: Sequence[float], *, columns: bool) -> tuple[float, float]:
    if not found:
        return 0.0, 1.0
    low, high = min(found), max(found)
    if columns:
        low, high = min(0.0, low), max(0.0, high)
        return low, high + ((high - low) or 1.0) * _HEADROOM
    margin = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    return low - margin, high + margin
