"""Whether something that was done moved a metric: the days after it against the days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from reportkit.analysis.shift import change

__all__ = ["Effect", "Outcome", "effect"]

Outcome = Literal["effective", "ineffective", "undecided"]


@dataclass(frozen=True)
class Effect:
    """Σx / Σy of the days `before` and `after`, after / before - 1 as `change` with its ends `low` and `high`."""

    before: float
    after: float
    change: float
    low: float
    high: float
    n_before: int
    n_after: int

    def outcome(self, better: Literal["up", "down"], wanted: float = 0.0) -> Outcome:
        """Return what the interval says of a change for the `better`, of which at least `wanted` was meant.

        `wanted` is a fraction above 0. Effective where the interval leaves out no change, on the better side;
        ineffective where it leaves out what was wanted, or, where nothing was named, any change for the better.
        What the days cannot tell is undecided.
        """
        low, high = (self.low, self.high) if better == "up" else (-self.high, -self.low)
        if low > 0:
            return "effective"
        if high <= 0 or (wanted > 0 and high < wanted):
            return "ineffective"
        return "undecided"


def effect(before: pd.DataFrame, after: pd.DataFrame, *, level: float) -> Effect | None:
    """Hold the days of `after` against those of `before`, frames with the columns x and y and a row a day.

    A rate is Σx / Σy, an amount a day has y = 1. The interval at confidence `level` is that of the alerts on money
    rates (analysis.shift.change: ratio estimator over days, on the scale of ln). None where a side has fewer than
    two known days or no positive quotient.
    """
    sides = [side.dropna()[["x", "y"]] for side in (before, after)]
    n_before, n_after = (len(side) for side in sides)
    if min(n_before, n_after) < 2:
        return None
    days = pd.concat(sides, ignore_index=True)
    told = change(
        days[["x"]], days[["y"]].set_axis(["x"], axis=1), recent=n_after, before=n_before, level=level
    )
    then, now, moved, low, high = (
        float(frame["x"].iloc[-1]) for frame in (told.usual, told.now, told.change, told.low, told.high)
    )
    if moved != moved:
        return None
    return Effect(then, now, moved, low, high, n_before, n_after)
