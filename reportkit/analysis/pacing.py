"""How fast a promotion runs: its expected course, its pace against it, where it ends, and when stock is gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

__all__ = ["Projection", "project", "run_out", "speed", "stretched"]


def stretched(values: np.ndarray, days: int) -> np.ndarray:
    """Return a phase of `days` days that runs as one with these daily `values` did, at the same amounts a day.

    Day k of n takes what fell into its part (k - 1)/n to k/n of the phase: three days of 10, 10, 40 stretched to
    six are 10, 10, 10, 10, 40, 40. Without any values NaN.
    """
    given = len(values)
    if not given:
        return np.full(days, np.nan)
    course = np.concatenate([[0.0], np.cumsum(values)])
    at = np.linspace(0.0, given, days + 1)
    return np.asarray(np.diff(np.interp(at, np.arange(given + 1), course)) * days / given)


@dataclass(frozen=True)
class Projection:
    """What a sum comes to in the end, and between what it lies in the asked share of cases."""

    final: float
    low: float
    high: float


def project(
    actual: np.ndarray, due: np.ndarray, to_come: np.ndarray, pace: float, *, level: float, floor: float
) -> Projection:
    """Project the end of a course: what there is, and what is still due at `pace`.

    `actual` and `due` are sums by day so far, `to_come` what is due by day from now on. Days miss their due by
    chance of their own: the spread of actual/due about `pace` over the days so far, weighted by what was due, is the
    error of each day to come and, over the days so far, that of the pace. The interval at confidence `level` is never
    narrower than `floor` of what is still to come.
    """
    rest = float(pace * to_come.sum())
    known = due > 0
    weight = due[known] / due[known].sum() if known.any() else np.zeros(0)
    count = _effective(due[known])
    miss = float((weight * (actual[known] / due[known] / pace - 1) ** 2).sum()) if pace > 0 else 0.0
    variance = (
        miss * count / (count - 1) * (1 / count + 1 / _effective(to_come)) if count > 1 and rest else 0.0
    )
    half = float(ndtri((1 + level) / 2)) * max(np.sqrt(variance), floor) * rest
    done = float(actual.sum())
    return Projection(done + rest, done + max(rest - half, 0.0), done + rest + half)


def _effective(values: np.ndarray) -> float:
    """Return how many equal values would vary as these weights do (Kish, Survey Sampling, 1965)."""
    return float(values.sum() ** 2 / (values**2).sum()) if values.any() else 1.0


def speed(recent: float, expected: float, prior: float) -> float:
    """Return by what the last hours outsell what was `expected` of them, drawn towards 1 by `prior` units.

    The mean of a Gamma-Poisson model (Gelman et al., Bayesian Data Analysis, 2013): with few units little is learned.
    """
    return (recent + prior) / (expected + prior)


def run_out(stock: float, demand: np.ndarray, edges: np.ndarray) -> float:
    """Return when `stock` units are gone: where the sum of `demand` between `edges` (one more than it) reaches it.

    Linear in between; the first edge where none is left, infinite where the demand does not reach it.
    """
    if stock <= 0:
        return float(edges[0])
    course = np.concatenate([[0.0], np.cumsum(demand)])
    if course[-1] < stock:
        return float("inf")
    place = int(np.searchsorted(course, stock)) - 1
    part = (stock - course[place]) / (course[place + 1] - course[place])
    return float(edges[place] + part * (edges[place + 1] - edges[place]))
