"""The demo's calendar: seasons, Spring Festival, and the phases of every year's promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from reportkit.demo.world.merchant import Festival, Merchant
from reportkit.project import Strict, load_model, read_yaml

__all__ = ["BURST", "Calendar", "Phase", "Promotion", "Promotions", "places", "promotions", "whole_days"]

_FILE = Path(__file__).with_name("promotions.yaml")
BURST = "爆发"  # how the names of a promotion's bursts begin


class Phase(Strict):
    """A phase's factors on an ordinary day; `presale` is the share of orders that begin with a deposit."""

    visitors: float = 1.0
    cvr: float = 1.0
    discount: float = 1.0
    presale: float = 0.0
    spend: float = 1.0
    cart: float = 1.0


class Promotion(Strict):
    """A yearly promotion: at which hour its bursts open, and by year and platform the days of its phases."""

    name: str
    opens: dict[str, int]
    years: dict[int, dict[str, dict[str, tuple[str, str]]]]


class Promotions(Strict):
    """``promotions.yaml``."""

    phases: dict[str, Phase]
    promotions: dict[str, Promotion]


@cache
def promotions() -> Promotions:
    """Return what each phase does and when it is."""
    return load_model(Promotions, read_yaml(_FILE), _FILE.name)


def whole_days(first: date, last: date) -> np.ndarray:
    """Return the midnights (datetime64[s]) from `first` to `last`, both inside."""
    return np.arange(np.datetime64(first), np.datetime64(last) + 1).astype("datetime64[s]")


def places(times: np.ndarray, first: np.datetime64) -> np.ndarray:
    """Return how many days after `first` each of `times` is (int64); of NaT, -1."""
    after = (times.astype("datetime64[D]") - first.astype("datetime64[D]")).astype("int64")
    return np.asarray(np.where(np.isnat(times), -1, after))


@dataclass(frozen=True)
class Calendar:
    """The days from `first` to `last` (a little beyond the world's end, for who plans ahead)."""

    merchant: Merchant
    first: date
    last: date

    @cached_property
    def days(self) -> np.ndarray:
        """Midnights, datetime64[s]."""
        return whole_days(self.first, self.last)

    def season(self) -> np.ndarray:
        """Return each day's factor on visitors: weekday, month, and Spring Festival."""
        days = pd.DatetimeIndex(self.days)
        weekday = np.array(self.merchant.weekdays)[days.day_of_week]
        return np.asarray(
            weekday
            * _between_months(self.merchant.months, days)
            * _festival(self.merchant.festival, self.days)
        )

    def product_season(self) -> dict[str, np.ndarray]:
        """Return by season curve each day's factor on what is bought."""
        days = pd.DatetimeIndex(self.days)
        return {name: _between_months(curve, days) for name, curve in self.merchant.seasons.items()}

    def phases(self, platform: str | None = None) -> pd.DataFrame:
        """Return one row a promotion, platform and phase, as planned.

        Columns: promo_id, name, platform, phase, first, last (dates), opens (hour), ref (the same promotion a
        year before, or None). Only promotions that begin within the calendar.
        """
        return self._phases if platform is None else self._by_platform.get(platform, self._phases[:0])

    @cached_property
    def _phases(self) -> pd.DataFrame:
        frame = pd.DataFrame([row for platform in self.merchant.platforms for row in _rows(platform)])
        begins = frame.groupby(["promo_id", "platform"])["first"].transform("min")
        return frame[(begins >= self.first) & (begins <= self.last)].reset_index(drop=True)

    @cached_property
    def _by_platform(self) -> dict[str, pd.DataFrame]:
        by = self._phases.groupby("platform", sort=False)
        return {str(name): rows.reset_index(drop=True) for name, rows in by}

    def phase_of_day(self, platform: str) -> pd.DataFrame:
        """Return one row a day: promo_id and phase ('' on ordinary days), opens (hour, -1 for none).

        `opens` stands on the first day of a burst only.
        """
        count = len(self.days)
        promo, name, opens = np.full(count, "", object), np.full(count, "", object), np.full(count, -1)
        for row in self.phases(platform).to_dict("records"):
            first, last = ((row[key] - self.first).days for key in ("first", "last"))
            promo[first : last + 1], name[first : last + 1] = row["promo_id"], row["phase"]
            if row["phase"].startswith(BURST) and first < count:
                opens[first] = row["opens"]
        return pd.DataFrame({"promo_id": promo, "phase": name, "opens": opens})

    def opening(self, platform: str, promo_id: str) -> np.datetime64:
        """Return when `platform`'s first burst of a promotion opens, which is when balances are paid."""
        return self._openings[platform, promo_id]

    @cached_property
    def _openings(self) -> dict[tuple[str, str], np.datetime64]:
        first = self._phases[self._phases["phase"] == f"{BURST}1"]
        hours = first["opens"].to_numpy().astype("timedelta64[h]")
        at = first["first"].to_numpy().astype("datetime64[s]") + hours
        return dict(zip(zip(first["platform"], first["promo_id"], strict=True), at, strict=True))


def _rows(platform: str) -> list[dict[str, object]]:
    return [
        {
            "promo_id": f"{key}-{year}",
            "name": f"{promotion.name} {year}",
            "platform": platform,
            "phase": phase,
            "first": date.fromisoformat(f"{year}-{first}"),
            "last": date.fromisoformat(f"{year}-{last}"),
            "opens": promotion.opens.get(platform, promotion.opens["default"]),
            "ref": f"{key}-{year - 1}" if year - 1 in promotion.years else None,
        }
        for key, promotion in promotions().promotions.items()
        for year, platforms in promotion.years.items()
        for phase, (first, last) in platforms.get(platform, platforms["default"]).items()
    ]


def _between_months(curve: list[float], days: pd.DatetimeIndex) -> np.ndarray:
    """Read a curve of twelve months, each value standing in the middle of its month, day by day."""
    place = (days.month - 1 + (days.day - 0.5) / days.days_in_month).to_numpy()
    return np.asarray(np.interp(place, np.arange(-1, 13) + 0.5, [curve[-1], *curve, curve[0]]))


def _festival(festival: Festival, days: np.ndarray) -> np.ndarray:
    factor = np.ones(len(days))
    for day in festival.days:
        after = (days - np.datetime64(day, "s")) / np.timedelta64(1, "D")
        depth = np.interp(after, [festival.dip[0], -2, 3, festival.dip[1]], [0, 1, 1, 0])
        height = np.interp(after, [festival.dip[1], *festival.rebound], [0, 1, 0])
        factor *= (1 + (festival.least - 1) * depth) * (1 + (festival.most - 1) * height)
    return factor
