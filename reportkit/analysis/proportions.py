"""Rates from counts: their intervals, their difference, and whether they are those of their kind.

Arguments are numbers, arrays or columns, of one length or 1, taken by position; an answer by rows has one
for each, with the index of the first column given. A rate without trials, or with counts that cannot be
(missing, k < 0, k > n), is missing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc

from reportkit.errors import AnalysisError

__all__ = ["against_rate", "newcombe", "ratio", "wilson"]

Numbers = npt.ArrayLike
Floats = npt.NDArray[np.float64]


def wilson(k: Numbers, n: Numbers, *, level: float) -> pd.DataFrame:
    """Return rate, low and high: k/n and Wilson's score interval at confidence `level`, fractions."""
    from statsmodels.stats.proportion import proportion_confint

    hits, trials = _counts(k, n)
    low, high = proportion_confint(hits, trials, alpha=1 - level, method="wilson")
    return pd.DataFrame({"rate": hits / trials, "low": low, "high": high}, index=_index(k, n))


def newcombe(k1: Numbers, n1: Numbers, k0: Numbers, n0: Numbers, *, level: float) -> pd.DataFrame:
    """Return difference, low and high: k1/n1 - k0/n0 and its interval at confidence `level`, fractions.

    Newcombe's hybrid score interval (method 10; Statistics in Medicine 17, 1998) for independent samples.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    (hits, trials), (hits0, trials0) = _counts(k1, n1), _counts(k0, n0)
    low, high = confint_proportions_2indep(hits, trials, hits0, trials0, method="newcomb", alpha=1 - level)
    difference = hits / trials - hits0 / trials0
    return pd.DataFrame({"difference": difference, "low": low, "high": high}, index=_index(k1, n1, k0, n0))


def against_rate(k: Numbers, n: Numbers, p0: Numbers, phi: Numbers = 1.0) -> pd.DataFrame:
    """Test `k` of `n` against the rate `p0` of its kind, a fraction, with over-dispersion `phi` ≥ 1.

    Return rate, z = (k/n - p0) / √(phi·p0·(1 - p0)/n), and the one-sided p-values `above` (of so many or
    more) and `below` (of so many or fewer), from the binomial: exact with phi 1, else of the effective counts
    k/phi and n/phi (Korn and Graubard, Survey Methodology 24, 1998). AnalysisError for phi below 1.
    """
    hits, trials = _counts(k, n)
    hits, trials, rate, spread = np.broadcast_arrays(hits, trials, *(_floats(x) for x in (p0, phi)))
    if (spread < 1).any():
        raise AnalysisError(f"over-dispersion {spread.min():g} is below 1", todo="use 1 where there is none")
    variance = spread * rate * (1 - rate) / trials
    z = (hits / trials - rate) / np.sqrt(np.where(variance > 0, variance, np.nan))
    above, below = _tails(hits / spread, trials / spread, rate)
    columns = {"rate": hits / trials, "z": z, "above": above, "below": below}
    return pd.DataFrame(columns, index=_index(k, n, p0, phi))


def ratio(x: pd.Series, y: pd.Series) -> tuple[float, float]:
    """Return Σx / Σy and its standard error, of sums by day: a ratio estimator (Cochran, Sampling Techniques, 1977).

    A day without a value counts as zero. Without any y both are 0.
    """
    over, under = x.fillna(0.0).to_numpy(), y.fillna(0.0).to_numpy()
    if under.sum() <= 0:
        return 0.0, 0.0
    rate = over.sum() / under.sum()
    return float(rate), float(np.sqrt(((over - rate * under) ** 2).sum()) / under.sum())


def _tails(k: Floats, n: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Return P(X ≥ k) and P(X ≤ k) of a binomial, continued to counts that are not whole."""
    some, short = k > 0, k < n
    above = betainc(np.where(some, k, 1.0), n - np.where(some, k, 1.0) + 1, p)
    below = 1 - betainc(k + 1, np.where(short, n - k, 1.0), p)
    return np.where(some | np.isnan(k), above, 1.0), np.where(short | np.isnan(k), below, 1.0)


def _counts(k: Numbers, n: Numbers) -> tuple[Floats, Floats]:
    """Return counts as floats, not a number where there is no trial or the counts cannot be."""
    hits, trials = np.broadcast_arrays(_floats(k), _floats(n))
    possible = (hits >= 0) & (hits <= trials) & (trials > 0)
    return np.where(possible, hits, np.nan), np.where(possible, trials, np.nan)


def _floats(values: Numbers) -> Floats:
    return np.atleast_1d(np.asarray(values, dtype="float64"))


def _index(*given: Numbers) -> pd.Index | None:
    return next((values.index for values in given if isinstance(values, pd.Series)), None)
