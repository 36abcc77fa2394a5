"""The books of care: what fulfilment costs, how the service did, and what buyers think of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.demo.files.forms_habits import habits as kept_habits
from reportkit.demo.numbers import item_id
from reportkit.demo.world.habits import habits
from reportkit.demo.world.ratings import sample_ratings
from reportkit.demo.world.refunds import Fault

if TYPE_CHECKING:
    from reportkit.demo.world import Facts, Stretch, World

__all__ = ["Care"]

_SENT = ["parcels", "pieces", "sessions"]
_PRICES = ["parcel", "piece", "session"]
_SERVICE = ["sessions", "converted", "rated", "satisfied", "first_response_s", "avg_response_s"]


class Care:
    """Sums of a world's months; see `tables`. Arrays are (M, P) pieces received by product, and (M, 3) `_SENT`."""

    def __init__(self, world: World) -> None:
        self._world, count = world, len(world.labels)
        self._received = {
            name: np.zeros((count, len(world.catalogue.products)), "int64") for name in world.platforms
        }
        self._sent = {name: np.zeros((count, len(_SENT)), "int64") for name in world.platforms}
        self._service: dict[str, list[pd.DataFrame]] = {name: [] for name in world.platforms}

    def collect(self, stretch: Stretch) -> None:
        """Count what happened to the orders of `stretch`, whenever it did until the world's end."""
        for platform, facts in stretch.facts.items():
            self._receive(platform, facts)
            self._send(platform, facts)
            self._service[platform].append(facts.service)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return fees, service and ratings by source, in the schema's words."""
        return {
            "forms/fees": self._fees(),
            "forms/service": self._served(),
            "forms/ratings": self._ratings(),
        }

    def _receive(self, platform: str, facts: Facts) -> None:
        lines, sums = facts.lines, self._received[platform]
        month = self._month(facts.orders["signed"])[lines["order"].to_numpy()]
        place = month * sums.shape[1] + lines["product"].to_numpy()
        counted = np.bincount(place[month >= 0], lines["qty"].to_numpy()[month >= 0], sums.size)
        sums += counted.reshape(sums.shape).astype("int64")

    def _send(self, platform: str, facts: Facts) -> None:
        pieces = np.bincount(facts.lines["order"], facts.lines["qty"], len(facts.orders))
        sent, asked = self._month(facts.orders["shipped"]), self._month(facts.service["day"])
        counts = [(sent, np.ones(len(sent))), (sent, pieces), (asked, facts.service["sessions"].to_numpy())]
        for column, (month, value) in enumerate(counts):
            there = month >= 0
            counted = np.bincount(month[there], value[there], len(self._world.labels))
            self._sent[platform][:, column] += counted.astype("int64")

    def _month(self, times: pd.Series) -> np.ndarray:
        """Months since the world's start; -1 for what never was or comes after its end."""
        months = times.to_numpy().astype("datetime64[M]")
        known = months <= np.datetime64(self._world.end, "M")
        since = np.datetime64(self._world.start, "M")
        return np.where(known, (np.where(known, months, since) - since).astype("int64"), -1)

    def _served(self) -> pd.DataFrame:
        """One row a day, platform and team."""
        rows = []
        for platform, months in self._service.items():
            told = pd.concat(months)[["day", "team", *_SERVICE]].rename(columns={"day": "date"})
            rows.append(told.assign(platform_id=platform, shop_id=self._shop(platform)))
        service = pd.concat(rows).sort_values("date", kind="stable", ignore_index=True)
        return service.assign(team=service["team"].astype("str"))

    def _shop(self, platform: str) -> str:
        return self._world.merchant.platforms[platform].shop

    def _last_days(self) -> pd.DatetimeIndex:
        last = pd.PeriodIndex(self._world.labels, freq="M").end_time
        return pd.DatetimeIndex(last.normalize()).as_unit("s")

    def _fees(self) -> pd.DataFrame:
        """One row a month, platform and kind, booked on the month's last day."""
        rows = [
            pd.DataFrame(
                {
                    "platform_id": platform,
                    "date": self._last_days(),
                    "shop_id": self._shop(platform),
                    "fee_type": kind,
                    "fee_raw": fee.name,
                    "amount": _fen(sums @ np.array([getattr(fee, name) for name in _PRICES])),
                }
            )
            for platform, sums in self._sent.items()
            for kind, fee in kept_habits().fees.items()
        ]
        fees = pd.concat(rows).sort_values("date", kind="stable", ignore_index=True)
        return fees[fees["amount"] > 0].reset_index(drop=True)

    def _ratings(self) -> pd.DataFrame:
        """One row a month's last day and score, of every product and shop."""
        world, faults = self._world, _faults(self._world)
        rows = []
        for platform, sums in self._received.items():
            parts = []
            for day, sold in zip(self._last_days().date, sums, strict=True):
                rng = world.rng("ratings", platform, str(day))
                parts.append(sample_ratings(habits().ratings, platform, day, sold, faults, rng))
            told = pd.concat(parts, ignore_index=True)
            items = pd.Series(item_id(platform, told["product"]).to_pylist(), dtype="str")
            kept = told.drop(columns="product")
            rows.append(kept.assign(platform_id=platform, shop_id=self._shop(platform), spu_id=items))
        return pd.concat(rows).sort_values("date", kind="stable", ignore_index=True)


def _faults(world: World) -> list[Fault]:
    quality = world.troubles.quality
    if quality is None:
        return []
    place, since = world.catalogue.place(quality.product), np.datetime64(quality.first, "s")
    return [Fault(place, since, quality.refund, quality.rating)]


def _fen(yuan: np.ndarray) -> np.ndarray:
    return np.round(yuan * 100).astype("int64")
