"""The book of targets: what was planned and what came, handed to whoever sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.demo.world.habits import habits
from reportkit.demo.world.targets import targets
from reportkit.demo.world.troubles import Troubles

if TYPE_CHECKING:
    from reportkit.demo.world import Facts, Stretch, World

__all__ = ["Goals"]

_METRICS = ["gmv", "net_sales", "orders", "ad_spend"]
_AFTERMATH = "恢复"


class Goals:
    """What came, day by day; see `table`. Arrays are (D, 4): days of the calendar, `_METRICS`; fen and counts."""

    def __init__(self, world: World) -> None:
        self._world, self._days = world, world.calendar.days
        self._came = {name: np.zeros((len(self._days), len(_METRICS))) for name in world.merchant.platforms}

    def collect(self, stretch: Stretch) -> None:
        """Add what the orders of `stretch` came to, by the day of payment, as known at the world's end."""
        for platform, facts in stretch.facts.items():
            self._came[platform] += self._sums(facts)

    def table(self) -> pd.DataFrame:
        """Return the targets in the schema's words; amounts are whole yuan, budgets fen.

        A merchant without troubles asks of every period what is planned, not what came a year before.
        """
        world = self._world
        growth = {name: 1 + shop.growth for name, shop in world.merchant.platforms.items()}
        planned = {name: self._planned(name) for name in world.merchant.platforms}
        spans = self._spans()
        finished, asked = spans[spans["last"] <= world.end], habits().targets
        if world.troubles == Troubles():
            finished, asked = spans[:0], asked.model_copy(update={"ambition": asked.calm})
        drawn = targets(
            asked,
            self._summed(spans, planned),
            self._summed(finished, self._came),
            self._daily(planned),
            growth,
            world.seed,
            world.end,
        )
        return _in_words(drawn)

    def _sums(self, facts: Facts) -> np.ndarray:
        day = self._place(facts.orders["paid"])
        line_day = day[facts.lines["order"].to_numpy()]
        success = (facts.lines["outcome"] == "success") & (
            facts.lines["resolved"] <= pd.Timestamp(self._world.cutoff)
        )
        due = facts.lines["due"].to_numpy()
        back = facts.lines["back_goods"].where(success, 0).to_numpy()
        spent = self._place(facts.ads["day"])
        columns = [
            (line_day, due),
            (line_day, due - back),
            (day, np.ones(len(day))),
            (spent, facts.ads["spend"]),
        ]
        count = len(self._days)
        return np.column_stack(
            [np.bincount(at[at >= 0], np.asarray(value)[at >= 0], count)[:count] for at, value in columns]
        )

    def _place(self, times: pd.Series) -> np.ndarray:
        """Days since the calendar's first; -1 for what never was or comes after the world's end."""
        moments, cutoff = times.to_numpy(), np.datetime64(self._world.cutoff)
        known = moments <= cutoff
        days = (np.where(known, moments, cutoff) - self._days[0]) // np.timedelta64(1, "D")
        return np.where(known, days.astype("int64"), -1)

    def _planned(self, platform: str) -> np.ndarray:
        """What a merchant who knows seasons and promotions, but no troubles, reckons with."""
        rates = self._world.plan[platform]
        gmv, kept = rates.paid(rates.value()), 1 - habits().refunds.platforms[platform].rate
        return np.column_stack([gmv, gmv * kept, rates.paid(), rates.spend.sum(axis=1)])

    def _spans(self) -> pd.DataFrame:
        """Every whole month of the calendar and every promotion from the world's start on."""
        world = self._world
        months = pd.period_range(world.start, f"{world.end.year}-12", freq="M")
        months = months[months.end_time.normalize() <= pd.Timestamp(world.calendar.last)]
        rows = [
            {
                "period": str(month),
                "kind": "month",
                "ref": str(month - 12),
                "first": month.start_time,
                "last": month.end_time,
            }
            for month in months
        ]
        phases = world.calendar.phases()
        for promo, part in phases[phases["phase"] != _AFTERMATH].groupby("promo_id", sort=False):
            span = {"first": part["first"].min(), "last": part["last"].max(), "ref": part["ref"].iloc[0]}
            rows.append({"period": promo, "kind": "promotion"} | span)
        frame = pd.DataFrame(rows)
        for name in ("first", "last"):
            frame[name] = pd.to_datetime(frame[name]).dt.date
        frame["ref"] = frame["ref"].where(frame["ref"].isin(frame["period"]))
        return frame[frame["last"] <= world.calendar.last].reset_index(drop=True)

    def _summed(self, spans: pd.DataFrame, daily: dict[str, np.ndarray]) -> pd.DataFrame:
        """`spans`, once a platform, with the sums of their days: yuan and counts."""
        first, last = (spans[name].to_numpy().astype("datetime64[s]") for name in ("first", "last"))
        begin, end = np.searchsorted(self._days, first), np.searchsorted(self._days, last) + 1
        rows = []
        for platform, values in daily.items():
            upto = np.vstack([np.zeros(len(_METRICS)), values.cumsum(axis=0)])
            sums = (upto[end] - upto[begin]) / [100, 100, 1, 100]
            rows.append(spans.assign(platform=platform, **dict(zip(_METRICS, sums.T, strict=True))))
        return pd.concat(rows, ignore_index=True)

    def _daily(self, planned: dict[str, np.ndarray]) -> pd.DataFrame:
        parts = []
        for platform, values in planned.items():
            promo = self._world.calendar.phase_of_day(platform)["promo_id"].to_numpy() != ""
            promo |= self._festive()
            expected = values[:, 0] / 100
            parts.append(
                pd.DataFrame({"day": self._days, "platform": platform, "expected": expected, "promo": promo})
            )
        return pd.concat(parts, ignore_index=True)

    def _festive(self) -> np.ndarray:
        """Tell which days are unlike others for Spring Festival."""
        told = self._world.merchant.festival
        after = self._days[:, None] - np.array(told.days, "datetime64[s]")
        first, last = (np.timedelta64(days, "D") for days in (told.dip[0], told.rebound[1]))
        return np.asarray(((after >= first) & (after <= last)).any(axis=1))


def _in_words(drawn: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "platform_id": drawn["platform"],
            "period": drawn["period"],
            "target_platform": drawn["platform"],
            "metric_id": drawn["metric"],
            "value": drawn["value"].astype(float),
            "budget": (drawn["budget"] * 100).round().astype("Int64"),
            "daily_weights": drawn["weights"].mask(drawn["weights"] == ""),
            "version": drawn["version"] if "version" in drawn else habits().targets.version,
            "set_at": drawn["set_at"].astype("datetime64[s]"),
            "set_by": drawn["set_by"],
        }
    )
