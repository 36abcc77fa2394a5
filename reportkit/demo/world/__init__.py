"""The world behind the demo's files: a merchant whose every truth is known."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from reportkit.demo.world.calendar import Calendar
from reportkit.demo.world.catalogue import Catalogue, build_catalogue
from reportkit.demo.world.facts import Facts, Stretch
from reportkit.demo.world.merchant import Merchant, merchant
from reportkit.demo.world.rates import Rates, build_rates
from reportkit.demo.world.simulation import simulate
from reportkit.demo.world.troubles import Troubles, troubles

__all__ = ["SIZES", "Facts", "Stretch", "World"]

SIZES = {"small": 1, "medium": 10, "large": 500}
_AHEAD = 150  # days beyond the end for which the merchant plans


@dataclass(frozen=True)
class World:
    """The demo merchant from `start` to `end` (dates, both inside); `scale` multiplies visitors and stock.

    Nothing later than `cutoff` has happened. Building a world is cheap: stretches() simulates it.
    """

    size: str
    seed: int
    start: date
    end: date
    merchant: Merchant
    troubles: Troubles
    catalogue: Catalogue
    calendar: Calendar

    @classmethod
    def build(
        cls,
        size: str = "small",
        seed: int = 20260930,
        end: str = "2026-09",
        months: int = 24,
        null: bool = False,
    ) -> World:
        """Return the world of the `months` months up to `end` (``YYYY-MM``); `null`: with nothing planted.

        Raises KeyError for an unknown size.
        """
        last, scale = pd.Period(end, "M"), SIZES[size]
        first = (last - (months - 1)).start_time.date()
        final = last.end_time.date()
        told = merchant()
        calendar = Calendar(told, first, final + timedelta(days=_AHEAD))
        return cls(size, seed, first, final, told, troubles(null), build_catalogue(told, scale), calendar)

    @property
    def scale(self) -> int:
        """Return how many times the small size this is."""
        return SIZES[self.size]

    @property
    def cutoff(self) -> datetime:
        """Return the last moment of the world."""
        return datetime(self.end.year, self.end.month, self.end.day, 23, 59, 59)

    @property
    def platforms(self) -> list[str]:
        """Return the platforms, in the order in which they are always named."""
        return list(self.merchant.platforms)

    @property
    def labels(self) -> list[str]:
        """Return the months, ``YYYY-MM``, oldest first."""
        return [str(month) for month in pd.period_range(self.start, self.end, freq="M")]

    @cached_property
    def rates(self) -> dict[str, Rates]:
        """Return what is expected of each platform, troubles and all."""
        return {name: self.expect(name, self.troubles) for name in self.platforms}

    @cached_property
    def plan(self) -> dict[str, Rates]:
        """Return what the merchant expects, who knows of no troubles."""
        if self.troubles == Troubles():
            return self.rates
        return {name: self.expect(name, Troubles()) for name in self.platforms}

    def expect(self, platform: str, planted: Troubles, promote: bool = True) -> Rates:
        """Return what would be expected of `platform` with only these troubles, or without promotions."""
        return build_rates(
            self.merchant, self.catalogue, self.calendar, planted, platform, self.scale, promote
        )

    def rng(self, purpose: str, platform: str = "", month: str = "") -> np.random.Generator:
        """Return the generator of one purpose, platform and month: the same whatever else is drawn."""
        return np.random.default_rng([self.seed, zlib.crc32(f"{purpose} {platform} {month}".encode())])

    def stretches(self) -> Iterator[Stretch]:
        """Simulate the world, some months at a time; every iteration gives the same."""
        return simulate(self)
