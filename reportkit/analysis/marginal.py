"""What the next yuan of advertising goes with: the slope of sales over spend, day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["Marginal", "marginal_return"]

_WEEK = 7


@dataclass(frozen=True)
class Marginal:
    """Sales that go with one more yuan spent, from `low` to `high`, and the elasticity it comes from.

    `n` is the number of days behind it. Correlation: days of much spend may sell more for other reasons.
    """

    value: float
    low: float
    high: float
    elasticity: float
    n: int


def marginal_return(spend: pd.Series, sales: pd.Series, *, level: float) -> Marginal | None:
    """Fit ln sales = a + b·ln spend + weekday + trend over days and return b·Σ sales / Σ spend with its interval.

    Both are money by day, of one index of dates; days on which either is not positive or missing take no part.
    Constant elasticity makes the response concave where 0 < b < 1. The errors of b are robust to
    heteroscedasticity and to a week of autocorrelation (Newey and West, Econometrica 55, 1987); `level` is the
    confidence of the interval. None where fewer days are left than the fit needs, or spend never changes.
    """
    from statsmodels.regression.linear_model import OLS

    days = pd.DataFrame({"spend": spend, "sales": sales}).astype("float64")
    days = days[(days > 0).all(axis=1)]
    design = _design(days)
    if len(days) <= 2 * design.shape[1] or np.ptp(days["spend"]) == 0:
        return None
    fit = OLS(np.log(days["sales"].to_numpy()), design).fit(cov_type="HAC", cov_kwds={"maxlags": _WEEK})
    low, high = fit.conf_int(alpha=1 - level)[0]
    average = float(days["sales"].sum() / days["spend"].sum())
    b = float(fit.params[0])
    return Marginal(b * average, float(low) * average, float(high) * average, b, len(days))


def _design(days: pd.DataFrame) -> np.ndarray:
    """Return ln spend, a constant for each weekday that occurs, and the day's number."""
    index = pd.DatetimeIndex(days.index)
    weekdays = np.unique(index.day_of_week)
    dummies = (index.day_of_week.to_numpy()[:, None] == weekdays).astype("float64")
    trend = (index - index.min()).days.to_numpy() / 365 if len(index) else np.zeros(0)
    return np.column_stack([np.log(days["spend"].to_numpy()), dummies, trend])
