"""Days that are not like the days before them: a robust expectation by weekday, its bands, and slow drift.

A series is by day, in order and without gaps; a day whose value is not known, or that does not count (`usable` False: a
promotion, a holiday), is neither judged nor learned from. Nothing here looks ahead: what is expected of a day
comes from days before it. Scores are those of the modified z-score (Iglewicz and Hoaglin, How to Detect and Handle
Outliers, 1993) on logarithms, so that money may be told in any unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri
from scipy.stats import false_discovery_control

__all__ = ["BANDS", "Memory", "cusum", "discovered", "robust", "score", "scores"]

_MAD = 1.4826  # × median absolute deviation = the standard deviation of a normal distribution
BANDS = {"80": float(ndtri(0.9)), "95": float(ndtri(0.975))}
"""How many standard deviations to either side hold so many per cent."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Memory:
    """How much of the past counts, in usable days.

    A weekday's middle is that of `weeks` weeks, from `weekly` days on; before, and from `least` days on, all days are
    alike. The level is that of the last `level` days, which must lie within the last `fresh` calendar days: after a
    promotion or a gap a new level is learned first. The spread is that of `spread` days, `floor` at least (of a
    logarithm, about a relative error).
    """

    weeks: int = 8
    weekly: int = 56
    least: int = 28
    level: int = 14
    fresh: int = 28
    spread: int = 56
    floor: float = 0.05

    @property
    def days(self) -> int:
        """How many usable days before a day tell what is expected of it, and by how much that errs."""
        return 7 * self.weeks + self.spread


def robust(values: npt.ArrayLike) -> tuple[float, float]:
    """Return the median and 1.4826 × the median absolute deviation of `values`; NaN of none."""
    known = np.asarray(values, dtype="float64")
    if not known.size:
        return np.nan, np.nan
    middle = float(np.median(known))
    return middle, _MAD * float(np.median(np.abs(known - middle)))


def score(value: float, history: npt.ArrayLike, *, floor: float, noise: float = 0.0) -> float:
    """Return how many robust deviations ln `value` lies from the median of ln `history`, all positive.

    The deviation is √(max(σ, `floor`)² + `noise`), `noise` the variance of what chance does to one day.
    """
    middle, sigma = robust(np.log(np.asarray(history, dtype="float64")))
    return float((np.log(value) - middle) / np.sqrt(max(sigma, floor) ** 2 + noise))


def scores(
    values: pd.Series,
    usable: pd.Series,
    weekday: pd.Series,
    *,
    memory: Memory,
    noise: pd.Series | float = 0.0,
    counts: bool = False,
) -> pd.DataFrame:
    """Return what is expected of each day and how far it lies from that, by day.

    `values` are money or counts by day; `usable` (bool) and `weekday` (0 to 6, a worked Sunday may be any of them)
    have the same days. `noise` is the variance of ln value that chance alone makes; of `counts` it is 1 / expected,
    and they may be 0. Columns: expected, low80, high80, low95, high95 (in the unit of `values`), z. NaN where there
    are too few days before, or the day is not usable (z only).
    """
    days = values.sort_index().index
    known = values.reindex(days).where(usable.reindex(days).fillna(False).astype(bool)).astype("float64")
    shift = 1.0 if counts else 0.0
    logs = np.log((known + shift).where(known + shift > 0).to_numpy())
    middle = _middles(logs, weekday.reindex(days).to_numpy(), memory)
    expected = np.exp(middle) - shift
    chance = 1 / np.exp(middle) if counts else np.broadcast_to(_aligned(noise, days), logs.shape)
    sigma = _spreads(logs, middle, memory)
    spread = np.sqrt(np.maximum(sigma, memory.floor) ** 2 + np.nan_to_num(chance))
    told = {"expected": np.where(np.isnan(sigma), np.nan, expected)}
    for name, width in BANDS.items():
        told[f"low{name}"] = np.maximum(np.exp(middle - width * spread) - shift, 0.0)
        told[f"high{name}"] = np.exp(middle + width * spread) - shift
    return pd.DataFrame(told | {"z": (logs - middle) / spread}, index=days)


def _aligned(noise: pd.Series | float, days: pd.Index) -> Floats:
    return np.asarray(noise.reindex(days) if isinstance(noise, pd.Series) else noise, dtype="float64")


def _middles(logs: Floats, weekday: npt.NDArray[np.int64], memory: Memory) -> Floats:
    """Return the one-step expectation of each day's logarithm; NaN where the level is not known."""
    places = np.flatnonzero(~np.isnan(logs))
    seen = np.searchsorted(places, np.arange(len(logs)))
    found = np.full(len(logs), np.nan)
    for day, count in enumerate(seen):
        level = places[max(0, count - memory.level) : count]
        if len(level) == memory.level and day - level[0] <= memory.fresh:
            found[day] = _middle(
                logs, weekday, places[max(0, count - 7 * memory.weeks) : count], level, day, memory
            )
    return found


def _middle(
    logs: Floats, weekday: npt.NDArray[np.int64], past: npt.NDArray[np.int64], level: npt.NDArray[np.int64],
    day: int, memory: Memory,
) -> float:  # fmt: skip
    if len(past) < memory.weekly:
        return _median(logs[level])
    by: dict[int, list[float]] = {}
    for name, value in zip(weekday[past].tolist(), logs[past].tolist(), strict=True):
        by.setdefault(name, []).append(value)
    middle = {name: _median(found) for name, found in by.items()}
    if int(weekday[day]) not in middle:
        return np.nan
    rest = [logs[place] - middle[int(weekday[place])] for place in level]
    return middle[int(weekday[day])] + _median(rest)


def _median(values: list[float] | Floats) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _spreads(logs: Floats, middle: Floats, memory: Memory) -> Floats:
    """Return the robust spread of the errors made before each day; NaN before `least` days are known."""
    rest = logs - middle
    places = np.flatnonzero(~np.isnan(rest))
    known = np.cumsum(~np.isnan(logs)) - ~np.isnan(logs)
    seen = np.searchsorted(places, np.arange(len(logs)))
    found = np.full(len(logs), np.nan)
    for day in np.flatnonzero((known >= memory.least) & (seen > 0)):
        found[day] = robust(rest[places[max(0, seen[day] - memory.spread) : seen[day]]])[1]
    return found


def cusum(z: pd.Series, *, slack: float, alarm: float) -> pd.DataFrame:
    """Return the sums of what `z` lies beyond `slack`, upwards (up) and downwards (down), and 1, -1 or 0 (drift).

    Page's cumulative sums (Biometrika 41, 1954): S = max(0, S + z - slack). From `alarm` on it is a drift, and both
    begin again. A day without a score changes nothing.
    """
    up = down = 0.0
    rows = []
    for one in z.to_numpy(dtype="float64"):
        if not np.isnan(one):
            up, down = max(0.0, up + one - slack), max(0.0, down - one - slack)
        drift = 1 if up >= alarm else -1 if down >= alarm else 0
        rows.append((up, down, drift))
        if drift:
            up = down = 0.0
    return pd.DataFrame(rows, index=z.index, columns=["up", "down", "drift"])


def discovered(p: pd.Series, groups: pd.Series, q: float) -> pd.Series:
    """Return which of the p-values `p` stand out at the false discovery rate `q` among those of their group (bool).

    Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995), each of `groups` by itself; a
    missing p-value is no test.
    """
    found = pd.Series(False, index=p.index)
    for _, own in p.dropna().groupby(groups):
        found.loc[own.index] = false_discovery_control(own.clip(0, 1).to_numpy(), method="bh") <= q
    return found
