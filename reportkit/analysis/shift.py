"""Whether the last days differ from those before: rates from counts, and quotients of money.

Frames are days × parts (platforms, products), a row a day in order and without gaps, NaN where nothing is known or
the day does not count. Each answer is of the same shape, told on the last of the recent days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from reportkit.analysis.proportions import against_rate

__all__ = ["Change", "Rates", "change", "rates"]

_MAD = 1.4826
_FEW = 3  # days of a weekday below which its rate is that of all days


@dataclass(frozen=True)
class Rates:
    """Rates of the recent days against those before.

    `rate` = k / n of the recent days, `usual` that of the days before, `n` the trials of the recent days, `phi` the
    over-dispersion of the days before, and `z` = (rate - usual) / √(phi·usual·(1 - usual)/n).
    """

    rate: pd.DataFrame
    usual: pd.DataFrame
    n: pd.DataFrame
    phi: pd.DataFrame
    z: pd.DataFrame


def rates(
    k: pd.DataFrame, n: pd.DataFrame, *, before: int, recent: int = 1, weekday: pd.Series | None = None
) -> Rates:
    """Hold `k` of `n` of the last `recent` days against the last `before` known days before them.

    With `weekday` (0 to 6, by day) the usual rate is that of the same weekday, pooled, and one day is judged. The
    over-dispersion is the robust variance of the standardised residuals of the days before, 1 at least
    (Spiegelhalter, Statistics in Medicine 24, 2005). All days before must be known: `before` of them.
    """
    known = n.where(k.notna() & (n > 0))
    hits = k.where(known.notna())
    parts = [_rates(hits[name], known[name], before, recent, weekday) for name in k.columns]
    names = ("rate", "usual", "n", "phi", "z")
    frames = {
        name: pd.DataFrame(
            {column: part[name] for column, part in zip(k.columns, parts, strict=True)}, index=k.index
        )
        for name in names
    }
    return Rates(**frames)


def _rates(k: pd.Series, n: pd.Series, before: int, recent: int, weekday: pd.Series | None) -> pd.DataFrame:
    hits, trials = k.to_numpy(dtype="float64"), n.to_numpy(dtype="float64")
    kinds = np.zeros(len(k), int) if weekday is None else weekday.reindex(k.index).to_numpy()
    now_k, now_n = (x.rolling(recent, min_periods=recent).sum().to_numpy() for x in (k, n))
    places = np.flatnonzero(~np.isnan(trials))
    usual, phi = np.full(len(k), np.nan), np.full(len(k), np.nan)
    for day in np.flatnonzero(~np.isnan(now_n)):
        past = places[: np.searchsorted(places, day - recent + 1)][-before:]
        if len(past) == before:
            usual[day], phi[day] = _usual(hits[past], trials[past], kinds[past], kinds[day])
    told = against_rate(now_k, now_n, usual, np.where(np.isnan(phi), 1.0, phi))
    columns = {"rate": now_k / now_n, "usual": usual, "n": now_n, "phi": phi, "z": told["z"].to_numpy()}
    return pd.DataFrame(columns, index=k.index)


def _usual(k: np.ndarray, n: np.ndarray, kinds: np.ndarray, kind: int) -> tuple[float, float]:
    """Return the pooled rate of days of `kind` and the over-dispersion of all, each held against its own kind."""
    whole = k.sum() / n.sum()
    counts = np.bincount(kinds, minlength=7)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = np.bincount(kinds, k, minlength=7) / np.bincount(kinds, n, minlength=7)
    pooled = np.where(counts >= _FEW, pooled, whole)
    rate = np.clip(pooled[kinds], 0, 1)
    sd = np.sqrt(rate * (1 - rate) / n)
    rest = (k / n - rate)[sd > 0] / sd[sd > 0]
    spread = (_MAD * np.median(np.abs(rest - np.median(rest)))) ** 2 if rest.size else 1.0
    return float(pooled[kind]), max(float(spread), 1.0)


@dataclass(frozen=True)
class Change:
    """Quotients Σx / Σy of the recent days against those before.

    `now` and `usual` are the quotients, `change` = now / usual - 1 with its ends `low` and `high`, `base` Σy of the
    recent days.
    """

    now: pd.DataFrame
    usual: pd.DataFrame
    change: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    base: pd.DataFrame

    @property
    def sure(self) -> pd.DataFrame:
        """Whether the interval leaves out no change (bool)."""
        return (self.low > 0) | (self.high < 0)


def change(x: pd.DataFrame, y: pd.DataFrame, *, recent: int, before: int, level: float) -> Change:
    """Hold Σx / Σy of the last `recent` days, all known, against the last `before` known days before them.

    The interval at confidence `level` is on the scale of ln, with the variance of the ratio estimator over days,
    Σ(x - R·y)² / (Σy)² (Cochran, Sampling Techniques, 1977), times n / (n - 1) of its n days, and Student's t of the
    few recent ones. NaN where a quotient is not positive.
    """
    both = x.notna() & y.notna()
    top, bottom = x.where(both), y.where(both)
    now, now_var, base = _quotient(top, bottom, recent)
    then, then_var = _before(top, bottom, recent, before)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.log(now.where(now > 0) / then.where(then > 0))
        half = stdtrit(recent - 1, (1 + level) / 2) * np.sqrt(now_var / now**2 + then_var / then**2)
    low, middle, high = (pd.DataFrame(np.expm1(side)) for side in (moved - half, moved, moved + half))
    return Change(now, then, middle, low, high, base)


def _quotient(x: pd.DataFrame, y: pd.DataFrame, days: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return Σx / Σy over the last `days`, all known, its variance, and Σy."""
    total = {
        name: frame.rolling(days, min_periods=days).sum()
        for name, frame in {"x": x, "y": y, "xx": x * x, "xy": x * y, "yy": y * y}.items()
    }
    base = total["y"].where(total["y"] > 0)
    ratio = total["x"] / base
    rest = (total["xx"] - 2 * ratio * total["xy"] + ratio**2 * total["yy"]).clip(lower=0)
    return ratio, rest / base**2 * days / max(days - 1, 1), base


def _before(x: pd.DataFrame, y: pd.DataFrame, recent: int, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the quotient and its variance over the last `days` known days that are older than the recent ones."""
    found, variance = [], []
    known = x.notna()
    alike: dict[bytes, list[str]] = {}
    for name in x.columns:
        alike.setdefault(known[name].to_numpy().tobytes(), []).append(name)
    for names in alike.values():
        kept = x.index[known[names[0]]]
        ratio, error, _ = _quotient(x.loc[kept, names], y.loc[kept, names], days)
        found.append(ratio.reindex(x.index).ffill().shift(recent))
        variance.append(error.reindex(x.index).ffill().shift(recent))
    if not found:
        return x * np.nan, x * np.nan
    return pd.concat(found, axis=1)[x.columns], pd.concat(variance, axis=1)[x.columns]
