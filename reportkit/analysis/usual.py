"""What is usual on a day: the band that days of its weekday lay in before."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["usual_band"]

_SIGMA = 1.4826  # × median absolute deviation = the standard deviation of a normal distribution


def usual_band(
    history: pd.Series, days: pd.DatetimeIndex, *, least: int, level_days: int, floor: float, width: float
) -> pd.DataFrame:
    """Return the low and high of the usual band on each of `days`, indexed by them; NaN where unknown.

    `history` are positive values by day before them, NaN on days that do not count. In logarithms: the median
    of the same weekday, moved by how the last `level_days` days lay around theirs, ± `width` robust standard
    deviations, of `floor` at least. A weekday needs `least` days.
    """
    known = history.where(history > 0).dropna().astype("float64")
    logs = pd.Series(np.log(known), known.index)
    weekday = pd.DatetimeIndex(logs.index).day_of_week
    grouped = logs.groupby(weekday)
    middle = grouped.median()[grouped.size() >= least]
    rest = (logs - middle.reindex(weekday).to_numpy()).dropna()
    if rest.empty:
        return pd.DataFrame({"low": np.nan, "high": np.nan}, index=days)
    spread = max(_SIGMA * float((rest - rest.median()).abs().median()), floor)
    centre = middle.reindex(days.day_of_week).to_numpy(dtype=float) + float(rest.tail(level_days).median())
    sides = {"low": np.exp(centre - width * spread), "high": np.exp(centre + width * spread)}
    return pd.DataFrame(sides, index=days)
