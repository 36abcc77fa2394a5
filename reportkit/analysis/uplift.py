"""What a promotion brought beyond what the same days would have brought without it, and what it took from others.

The counterfactual is multiplicative: a robust level, a weekday's factor, and chance. It is learned from ordinary
days alone, so that neither the promotion nor its aftermath lifts what is called usual. Arrays are by day, in order
and without gaps.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from reportkit.errors import AnalysisError

__all__ = ["PHASES", "Counterfactual", "Effects", "between", "counterfactual", "effects", "recovery"]

PHASES = ("pre", "promo", "post", "other")
"""Before the promotion (demand withheld), the promotion, after it (brought forward), and where others drew demand."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_WEEK = 7


@dataclass(frozen=True)
class Counterfactual:
    """What each day would have brought: `expected` (days,), and as many `draws` (draws, days) of what it might have."""

    expected: Floats
    draws: Floats


@dataclass(frozen=True)
class Effects:
    """What a promotion did, each a number or one number a draw, in the unit of what was sold.

    `gross`: more than the counterfactual in the promotion; `pre`: less before it; `post`: less after it; `other`:
    less elsewhere because of it. Effects of platforms may be added.
    """

    gross: npt.ArrayLike
    pre: npt.ArrayLike
    post: npt.ArrayLike
    other: npt.ArrayLike = 0.0

    def alone(self) -> Effects:
        """Return the same without `other`, for where that may be chance."""
        return Effects(self.gross, self.pre, self.post)

    def __add__(self, more: Effects) -> Effects:
        return Effects(*(_array(self, each.name) + _array(more, each.name) for each in fields(self)))

    @property
    def net(self) -> Floats:
        """What is left: gross - pre - post - other."""
        return _array(self, "gross") - _array(self, "pre") - _array(self, "post") - _array(self, "other")

    @property
    def forward(self) -> Floats:
        """The share of the gross uplift that was only moved, (pre + post) / gross; NaN where gross is not positive."""
        gross, moved = _array(self, "gross"), _array(self, "pre") + _array(self, "post")
        return np.asarray(np.divide(moved, gross, out=np.full(np.shape(gross), np.nan), where=gross > 0))


def _array(told: Effects, name: str) -> Floats:
    return np.asarray(getattr(told, name), dtype="float64")


def counterfactual(
    actual: npt.ArrayLike,
    usable: npt.ArrayLike,
    weekday: npt.ArrayLike,
    *,
    draws: int,
    block: int = _WEEK,
    seed: int = 0,
) -> Counterfactual:
    """Learn from the `usable` (bool) days of `actual` (≥ 0, days) what every day would have brought.

    ln y = level + slope·t + weekday + ε. The slope is Theil and Sen's (Sen, JASA 63, 1968), level and weekdays (0 to 6)
    are medians; beyond the outermost usable days the level stays as it was there, as a trend that is carried on
    without days to hold it soon errs by half. The whole is scaled so that the days learned from add up to what they
    brought: days without a sale count, and a mean is not taken for a median (Duan, JASA 78, 1983).

    Each draw takes the residuals again in circular blocks of `block` days (Künsch, Annals of Statistics 17, 1989),
    learns anew from them, and lays a run of residuals, in their order, over all days, so that what neighbouring days
    have in common is not averaged away. AnalysisError where fewer than two weeks are usable.
    """
    values, known = np.asarray(actual, dtype="float64"), np.asarray(usable, dtype=bool)
    days = np.asarray(weekday, dtype="int64")
    if (known & (values > 0)).sum() < 2 * _WEEK:
        raise AnalysisError(
            "fewer than 14 ordinary days with sales", todo="take in days further from the promotion"
        )
    expected = _learned(values, known, days)
    rest = (values / expected)[known]
    rng, drawn = np.random.default_rng(seed), np.empty((draws, len(values)))
    for place in range(draws):
        again = np.where(known, expected, np.nan)
        again[known] *= rest[_blocks(len(rest), block, rng)]
        run = (rng.integers(len(rest)) + np.arange(len(values))) % len(rest)
        drawn[place] = _learned(again, known, days) * rest[run]
    return Counterfactual(expected, drawn)


def _learned(values: Floats, known: Flags, weekday: npt.NDArray[np.int64]) -> Floats:
    sold = np.flatnonzero(known & (values > 0))
    logs = np.log(values[sold])
    slope = _slope(sold, logs)
    rest = logs - slope * sold
    level = float(np.median(rest))
    factors = np.zeros(_WEEK)
    for day in np.unique(weekday[sold]):
        factors[day] = np.median(rest[weekday[sold] == day]) - level
    held = np.clip(np.arange(len(values)), sold[0], sold[-1])
    shape = np.exp(level + slope * held + factors[weekday])
    return np.asarray(shape * (values[known].sum() / shape[known].sum()))


def _slope(places: npt.NDArray[np.int64], logs: Floats) -> float:
    """Return the median slope between any two days."""
    first, second = np.triu_indices(len(places), 1)
    return float(np.median((logs[second] - logs[first]) / (places[second] - places[first])))


def _blocks(count: int, block: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    starts = rng.integers(count, size=-(-count // block))
    return np.asarray((starts[:, None] + np.arange(block)).ravel()[:count] % count)


def effects(actual: npt.ArrayLike, baseline: npt.ArrayLike, phase: npt.ArrayLike) -> Effects:
    """Return what happened in each of PHASES: `actual` (days,) against `baseline` (days,) or draws of it (…, days).

    `phase` names each day's phase, anything else is not counted, nor is a day whose actual is not known.
    """
    more = np.asarray(actual, dtype="float64") - np.asarray(baseline, dtype="float64")
    names = np.asarray(phase)
    pre, promo, post, other = (np.nansum(more[..., names == name], axis=-1) for name in PHASES)
    return Effects(promo, -pre, -post, -other)


def recovery(
    actual: npt.ArrayLike, baseline: npt.ArrayLike, *, within: float = 0.1, run: int = 3, most: int = 28
) -> tuple[int, bool]:
    """Return how many of the days after a promotion belong to it, and whether that is over.

    Its aftermath ends with the first `run` days in a row that lie `within` this share of `baseline`, or after
    `most` days. A day that is not known ends no run of days and is none of them.
    """
    sold, usual = (np.asarray(each, dtype="float64")[:most] for each in (actual, baseline))
    close = np.abs(sold - usual) <= within * usual
    in_row = 0
    for place, near in enumerate(close):
        in_row = in_row + 1 if near else 0 if np.isfinite(sold[place]) else in_row
        if in_row == run:
            return place + 1, True
    return len(sold), len(sold) >= most


def between(draws: npt.ArrayLike, share: float) -> tuple[float, float]:
    """Return the two values that hold the middle `share` of `draws`, NaN left out; NaN of none."""
    known = np.asarray(draws, dtype="float64")
    known = known[np.isfinite(known)]
    if not known.size:
        return np.nan, np.nan
    low, high = np.quantile(known, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
