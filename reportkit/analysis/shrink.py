"""Rates of small items drawn towards the rate of their kind: empirical Bayes of the beta-binomial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaincinv, betaln, expit, psi

__all__ = ["Prior", "fit_prior", "shrink"]

_FURTHEST = 30.0  # of a logit
_AT_MOST = 0.99  # of the most a strength can be: as good as there
_PRECISION = {"ftol": 1e-13, "gtol": 1e-9}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """What is known of an item's rate before it is seen: Beta(alpha, beta)."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The rate expected of an item of this kind, a fraction."""
        return self.alpha / self.strength

    @property
    def strength(self) -> float:
        """How many trials of its own an item needs to count as much as the prior."""
        return self.alpha + self.beta


def fit_prior(k: pd.Series, n: pd.Series) -> Prior | None:
    """Fit the prior of items with `k` successes in `n` trials each, by maximum likelihood.

    Rows with counts that cannot be (missing, k < 0, k > n) or without trials take no part; None where none
    is left. The strength is at least one trial and at most all trials together, since what was learnt from
    them knows no more than they do. It is that most, with the mean at the common rate, where rates do not
    differ by more than chance, where only one item is given, or none was tried twice. Where no trial
    succeeded, or every one did, half a success and half a failure more are counted (Jeffreys).
    """
    counts = _counts(k, n)
    hits, trials = (counts.loc[counts["n"] > 0, name].to_numpy() for name in ("k", "n"))
    if not len(trials):
        return None
    won, lost = float(hits.sum()), float((trials - hits).sum())
    if not won or not lost:
        return Prior(won + 0.5, lost + 0.5)
    most = won + lost
    if trials.max() <= 1:
        return Prior(won, lost)
    bounds = [(-_FURTHEST, _FURTHEST), (0.0, np.log(most))]
    start = [np.log(won / lost), np.log(most) / 2]
    found = minimize(_loss, start, (hits, trials), "L-BFGS-B", jac=True, bounds=bounds, options=_PRECISION)
    mean, strength = float(expit(found.x[0])), float(np.exp(found.x[1]))
    return Prior(won, lost) if strength > _AT_MOST * most else Prior(mean * strength, (1 - mean) * strength)


def shrink(k: pd.Series, n: pd.Series, *, level: float) -> tuple[Prior | None, pd.DataFrame]:
    """Return the prior of items with `k` successes in `n` trials, and the rate of each in its light.

    One row an item, by the index of `k`: `raw` = k/n, `mean` of the posterior, which lies between raw
    and the prior's mean, and `low` and `high`, the ends of its central credible interval at `level`
    (0.8: a tenth lies below low); all fractions. An item without trials has no raw rate and the prior's
    interval; one with counts that cannot be is missing, and so is everything where there is no prior.

    Rank by `low` for the best and by `high` for the worst. Source: Casella, American Statistician 39, 1985.
    """
    prior = fit_prior(k, n)
    counts = _counts(k, n)
    hits, trials = counts["k"], counts["n"]
    a, b = (prior.alpha, prior.beta) if prior else (np.nan, np.nan)
    after = (hits + a).to_numpy(), (trials - hits + b).to_numpy()
    low, high = (betaincinv(*after, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    raw = hits / trials.where(trials > 0)
    columns = {"raw": raw, "mean": after[0] / (after[0] + after[1]), "low": low, "high": high}
    return prior, pd.DataFrame(columns, index=k.index)


def _counts(k: pd.Series, n: pd.Series) -> pd.DataFrame:
    """Return both counts, missing where they cannot be."""
    counts = pd.DataFrame(
        {"k": k.to_numpy("float64", na_value=np.nan), "n": n.to_numpy("float64", na_value=np.nan)}
    )
    counts.index = k.index
    return counts.where((counts["k"] >= 0) & (counts["k"] <= counts["n"]))


def _loss(point: Floats, k: Floats, n: Floats) -> tuple[float, Floats]:
    """Return the mean negative log-likelihood at (logit of the mean, log of the strength), and its slope."""
    mean, strength = expit(point[0]), np.exp(point[1])
    a, b = mean * strength, (1 - mean) * strength
    loss = -(betaln(k + a, n - k + b) - betaln(a, b)).mean()
    common = psi(a + b) - psi(n + a + b)
    by_a = (psi(k + a) - psi(a) + common).mean()
    by_b = (psi(n - k + b) - psi(b) + common).mean()
    slope = np.array([strength * mean * (1 - mean) * (by_a - by_b), a * by_a + b * by_b])
    return float(loss), -slope
