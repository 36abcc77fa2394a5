"""What one part would have been, had it kept its usual size beside the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

__all__ = ["Expected", "expected_beside"]


@dataclass(frozen=True)
class Expected:
    """What was to be expected, from `low` to `high`, and the number of periods it was learnt from."""

    value: float
    low: float
    high: float
    n: int


def expected_beside(part: pd.Series, rest: pd.Series, rest_now: float, *, level: float) -> Expected | None:
    """Return what `part` would be beside `rest_now` if their ratio were as in the periods before.

    `part` and `rest` are amounts of the same periods; those in which either is not positive take no part.
    The ratio is taken as log-normal and the interval is that of a new observation: mean ± t·s·√(1 + 1/n) of
    its logarithm at confidence `level`. None with less than three periods, or where `rest_now` is not positive.
    """
    usable = (part > 0) & (rest > 0)
    logs = np.log((part[usable] / rest[usable]).to_numpy("float64"))
    count = len(logs)
    if count < 3 or not rest_now > 0:
        return None
    middle = float(logs.mean())
    reach = float(student.ppf((1 + level) / 2, count - 1) * logs.std(ddof=1) * np.sqrt(1 + 1 / count))
    value, low, high = (rest_now * float(np.exp(middle + step)) for step in (0.0, -reach, reach))
    return Expected(value, low, high, count)
