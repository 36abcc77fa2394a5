"""What is planted in the demo merchant, as written in ``troubles.yaml``; nothing in the null merchant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from reportkit.project import Strict, load_model, read_yaml

__all__ = [
    "CheapTraffic",
    "Influencer",
    "MixShift",
    "Overbought",
    "PriceCut",
    "Quality",
    "SearchFall",
    "ShortPayout",
    "SlowHandling",
    "SlowShipping",
    "Span",
    "Stockout",
    "Troubles",
    "troubles",
]

_FILE = Path(__file__).with_name("troubles.yaml")


class Span(Strict):
    """Days from `first` to `last`, both inside."""

    first: date
    last: date

    def covers(self, times: np.ndarray) -> np.ndarray:
        """Tell which `times` (datetime64) fall on these days; NaT does not."""
        day = times.astype("datetime64[D]")
        return np.asarray((day >= np.datetime64(self.first)) & (day <= np.datetime64(self.last)))


class SearchFall(Span):
    """A channel keeps `left` of its visitors."""

    platform: str
    channel: str
    left: float


class Stockout(Span):
    """SKUs (codes) that nobody delivers."""

    skus: list[str]


class Quality(Span):
    """A product (code) whose refunds multiply by `refund`, for one `reason`; its rating falls by `rating`."""

    product: str
    reason: str
    refund: float
    rating: float


class CheapTraffic(Span):
    """A channel with many visitors (a share of the shop's) who hardly buy; `spend` is yuan a visitor."""

    platform: str
    channel: str
    visitors: float
    spend: float


class MixShift(Span):
    """Factors on every platform's visitors and conversion."""

    visitors: dict[str, float]
    cvr: dict[str, float]


class Overbought(Strict):
    """A SKU (code) bought once for so many days of its expected demand."""

    sku: str
    ordered: date
    days: int


class PriceCut(Span):
    """A product (code) whose price is cut by `rate` without more being sold."""

    product: str
    rate: float


class ShortPayout(Span):
    """A share of a platform's payouts of which a share is missing."""

    platform: str
    share: float
    missing: float


class SlowShipping(Span):
    """Orders paid on these days are dispatched later, by between so many days."""

    platforms: list[str]
    days: tuple[float, float]


class SlowHandling(Span):
    """Refunds that end on these days were asked for `slower` times as long before."""

    platforms: list[str]
    slower: float


class Influencer(Span):
    """One influencer (by place) whose weight among influencers becomes `weight`."""

    platform: str
    who: int
    weight: float


class Troubles(Strict):
    """``troubles.yaml``; every part is None or empty where nothing is planted."""

    search_fall: SearchFall | None = None
    stockouts: list[Stockout] = []
    quality: Quality | None = None
    cheap_traffic: CheapTraffic | None = None
    mix_shift: MixShift | None = None
    overbought: Overbought | None = None
    price_cut: PriceCut | None = None
    short_payout: ShortPayout | None = None
    slow_shipping: SlowShipping | None = None
    slow_handling: SlowHandling | None = None
    influencer: Influencer | None = None


def troubles(null: bool = False) -> Troubles:
    """Return what is planted; with `null`, nothing."""
    return Troubles() if null else load_model(Troubles, read_yaml(_FILE), _FILE.name)
