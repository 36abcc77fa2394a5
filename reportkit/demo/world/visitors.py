"""Visitors of each day and channel, and how many of them order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportkit.demo.world.merchant import Merchant
from reportkit.demo.world.rates import Rates

__all__ = ["Visits", "sample_visits"]


@dataclass(frozen=True)
class Visits:
    """One platform's month: `first` (place of its first day), visitors and cvr (days, channels), spend (days, scenes)."""

    first: int
    visitors: np.ndarray
    cvr: np.ndarray
    spend: np.ndarray

    def orders(self, unpaid: float, rng: np.random.Generator) -> np.ndarray:
        """Return (days, channels): how many orders are placed, those nobody pays included."""
        return np.asarray(rng.poisson(self.visitors * self.cvr / (1 - unpaid)))


def sample_visits(
    merchant: Merchant, rates: Rates, platform: str, days: slice, rng: np.random.Generator
) -> Visits:
    """Return the visits of the calendar's `days`. Advertised channels follow what is spent, with diminishing return."""
    noise, shop = merchant.noise, merchant.platforms[platform]
    expected = rates.visitors[days]
    spend = _noisy(rates.spend[days], noise.spend, rng)
    power = merchant.returns_to_scale
    drawn = expected.copy()
    for channel in dict.fromkeys(scene.channel for scene in shop.ads.values()):
        feeding = [place for place, scene in enumerate(shop.ads.values()) if scene.channel == channel]
        planned, spent = (amount[:, feeding].sum(axis=1) for amount in (rates.spend[days], spend))
        ratio = np.divide(spent, planned, out=np.ones_like(spent), where=planned > 0)
        part = max(list(shop.ads.values())[place].part for place in feeding)
        drawn[:, rates.channels.index(channel)] *= 1 + part * (ratio**power - 1)
    drawn = _noisy(_noisy(drawn, noise.channel, rng), noise.visitors, rng, by_day=True)
    cvr = _noisy(rates.cvr[days], noise.cvr, rng, by_day=True)
    return Visits(days.start, rng.poisson(drawn), cvr, spend.round())


def _noisy(values: np.ndarray, sigma: float, rng: np.random.Generator, by_day: bool = False) -> np.ndarray:
    shape = (len(values), 1) if by_day else values.shape
    return np.asarray(values * rng.lognormal(-(sigma**2) / 2, sigma, shape))
