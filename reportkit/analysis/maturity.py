"""How much of the refunds to come is visible already, and what they will come to in the end.

A cohort is what was paid on one day. Its refunds are followed by age: the days, or any other ordered ages,
since payment. Chain ladder after Mack (1993), Bornhuetter and Ferguson (1972), and a blend of the two that
trusts the cohort the more the more of it is visible.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "BADGES",
    "Blend",
    "Cohorts",
    "badge",
    "bornhuetter_ferguson",
    "chain_ladder",
    "coefficients",
    "factors",
    "incidence",
    "maturity",
    "prior_rate",
    "simulate",
    "visible",
]

BADGES = ("initial", "indicative", "nearly_mature", "mature")


@dataclass(frozen=True)
class Blend:
    """Which method is trusted.

    Bornhuetter–Ferguson below a visible share of `low` and for cohorts of fewer than `orders` orders, chain
    ladder from `high` on, and a linear mixture between the two.
    """

    low: float
    high: float
    orders: float

    def weight(self, share: np.ndarray, orders: np.ndarray) -> np.ndarray:
        """Return the weight of chain ladder, 0 to 1, for cohorts of `share` visible and `orders` orders."""
        rising = np.clip((share - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(np.where(orders < self.orders, 0.0, rising))


@dataclass(frozen=True)
class Cohorts:
    """Cohorts, oldest first: `paid` money (n,), `orders` (n,), and `refunds` made up to each age (n, ages).

    A refund not yet seen is NaN; what is seen of a cohort are its first ages.
    """

    paid: np.ndarray
    orders: np.ndarray
    refunds: np.ndarray

    @property
    def age(self) -> np.ndarray:
        """The place of the last age seen of each cohort (n,); -1 where none is."""
        return np.asarray((~np.isnan(self.refunds)).sum(axis=1) - 1)

    @property
    def now(self) -> np.ndarray:
        """The refunds seen so far (n,), 0 where none is."""
        age = self.age
        return np.where(age < 0, 0.0, self.refunds[np.arange(len(age)), age.clip(0)])

    @property
    def mature(self) -> np.ndarray:
        """Which cohorts are seen up to the last age (n,)."""
        return np.asarray(~np.isnan(self.refunds[:, -1]))

    def take(self, rows: np.ndarray) -> Cohorts:
        """Return the cohorts that `rows`, places or a mask, picks."""
        return Cohorts(self.paid[rows], self.orders[rows], self.refunds[rows])


def factors(refunds: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """Return f_k = Σ C_{k+1} / Σ C_k over the cohorts seen at age k+1, of shape (…, ages - 1).

    `refunds` is (n, ages), cumulative, NaN where not yet seen. `times` (…, n) counts each cohort so often.
    Never below 1: what was refunded is not taken back. 1 where there are no refunds at either age, inf where
    the first come at k+1, NaN where no cohort is seen at k+1.
    """
    counts = np.ones(len(refunds)) if times is None else times
    seen = ~np.isnan(refunds[:, 1:])
    before = counts @ np.where(seen, refunds[:, :-1], 0.0)
    after = counts @ np.where(seen, refunds[:, 1:], 0.0)
    found = np.divide(after, before, out=np.where(after > 0, np.inf, 1.0), where=before > 0)
    return np.asarray(np.where(counts @ seen > 0, np.maximum(found, 1.0), np.nan))


def visible(found: np.ndarray) -> np.ndarray:
    """Return F_k = Π 1/f_j over j ≥ k from factors (…, ages - 1): the share of the final refunds seen at age k.

    Of shape (…, ages), rising to 1; NaN below an age at which nothing is known.
    """
    shares = np.cumprod((1.0 / found)[..., ::-1], axis=-1)[..., ::-1]
    return np.concatenate([shares, np.ones((*found.shape[:-1], 1))], axis=-1)


def chain_ladder(refunds: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return C / F, NaN where nothing is visible."""
    return np.asarray(np.divide(refunds, share, out=np.full(np.shape(refunds), np.nan), where=share > 0))


def bornhuetter_ferguson(
    refunds: np.ndarray, share: np.ndarray, paid: np.ndarray, prior: float
) -> np.ndarray:
    """Return C + (1 - F)·P·r_prior: what is seen, and of what is not the usual rate."""
    return np.asarray(refunds + (1.0 - share) * paid * prior)


def coefficients(
    share: np.ndarray, orders: np.ndarray, prior: float | np.ndarray, blend: Blend
) -> tuple[np.ndarray, np.ndarray]:
    """Return (grow, to_come), each of the shape of `share`: the final refunds are grow·C + to_come·P.

    That is w·CL + (1 - w)·BF with the weight of `blend`, so that it may be added up over any part of a
    cohort. NaN where `share` is unknown, or `prior` where it is needed.
    """
    weight = blend.weight(share, orders)
    grow = 1.0 - weight + np.divide(weight, share, out=np.zeros_like(share), where=weight > 0)
    hidden = (1.0 - weight) * (1.0 - share)
    to_come = np.where(hidden == 0, 0.0, hidden * prior)
    return np.where(np.isnan(share), np.nan, grow), np.where(np.isnan(share), np.nan, to_come)


def prior_rate(cohorts: Cohorts) -> float:
    """Return Σ refunds at the last age / Σ paid over the mature cohorts; NaN where nothing was paid."""
    done = cohorts.take(cohorts.mature)
    paid = done.paid.sum()
    return float(done.refunds[:, -1].sum() / paid) if paid > 0 else np.nan


def maturity(paid: np.ndarray, share: np.ndarray) -> float:
    """Return Σ P·F / Σ P, 0 to 1; NaN where nothing was paid."""
    total = paid.sum()
    return float((paid * share).sum() / total) if total > 0 else np.nan


def badge(value: float, cuts: Sequence[float]) -> str | None:
    """Return which of BADGES a maturity earns, by the three rising `cuts`; None where it is not known."""
    return None if np.isnan(value) else BADGES[bisect_right(cuts, value)]


def incidence(cohorts: Cohorts) -> np.ndarray:
    """Return the cumulative refund rate by age (ages,), NaN beyond the last age seen.

    Adds up Σ increments / Σ paid over the cohorts seen at each age, so that cohorts of different ages make
    one rising curve; equal to Σ C_k / Σ P where all are seen.
    """
    steps = np.diff(cohorts.refunds, axis=1, prepend=0.0)
    seen = ~np.isnan(steps)
    paid = cohorts.paid @ seen
    rates = np.divide(
        np.where(seen, steps, 0.0).sum(axis=0), paid, out=np.full(len(paid), np.nan), where=paid > 0
    )
    return np.asarray(np.cumsum(rates))


def simulate(
    history: Cohorts,
    usual: Cohorts,
    target: Cohorts,
    blend: Blend,
    *,
    times: int,
    block: int,
    seed: Sequence[int],
) -> np.ndarray:
    """Return `times` draws of the final refunds of all `target` cohorts together.

    The development comes from `history`, the usual rate from `usual`; each needs a mature cohort. Each draw
    takes both again in runs of `block` cohorts (Künsch 1989), projects the target by what it finds, and adds
    how far the same projection, made at the same age, missed mature cohorts. Those follow each other as the
    target's do, so that what neighbouring days have in common is not averaged away.
    """
    rng = np.random.default_rng(seed)
    age = target.age.clip(0)
    rate = _rates(usual, _resampled(len(usual.paid), times, block, rng))
    share = visible(_factors(history, _resampled(len(history.paid), times, block, rng)))[:, age]
    grow, to_come = coefficients(share, target.orders, rate[:, None], blend)
    projected = (grow * target.now + to_come * target.paid).sum(axis=1)
    missed = _missed(history, prior_rate(usual), blend)
    place = rng.integers(len(missed), size=(times, 1)) + np.arange(len(age))
    return np.asarray(projected + (missed[place % len(missed), age] * target.paid).sum(axis=1))


def _resampled(count: int, times: int, block: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each of `count` cohorts stands in each draw (times, count), in circular blocks."""
    starts = rng.integers(count, size=(times, -(-count // block)))
    places = (starts[:, :, None] + np.arange(block)).reshape(times, -1)[:, :count] % count
    drawn = places + count * np.arange(times)[:, None]
    return np.bincount(drawn.ravel(), minlength=times * count).reshape(times, count).astype(float)


def _factors(history: Cohorts, counts: np.ndarray) -> np.ndarray:
    """Return the factors of each draw; those of the whole history where a draw misses the cohorts that tell."""
    drawn = factors(history.refunds, counts)
    return np.asarray(np.where(np.isnan(drawn), factors(history.refunds), drawn))


def _rates(usual: Cohorts, counts: np.ndarray) -> np.ndarray:
    """Return the usual rate of each draw (times,); the whole one where a draw has no mature cohort."""
    paid = counts @ np.where(usual.mature, usual.paid, 0.0)
    final = counts @ np.where(usual.mature, usual.refunds[:, -1], 0.0)
    whole = np.full(len(counts), prior_rate(usual))
    return np.asarray(np.divide(final, paid, out=whole, where=paid > 0))


def _missed(history: Cohorts, rate: float, blend: Blend) -> np.ndarray:
    """Return by how much of the money paid a projection at each age misses each mature cohort (n, ages)."""
    done = history.take(history.mature & (history.paid > 0))
    share = np.broadcast_to(visible(factors(history.refunds)), done.refunds.shape)
    grow, to_come = coefficients(share, done.orders[:, None], rate, blend)
    return np.asarray((done.refunds[:, -1:] - grow * done.refunds) / done.paid[:, None] - to_come)
