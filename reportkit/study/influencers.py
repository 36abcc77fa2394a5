"""Who sells for a platform: how much hangs on one influencer, and whose orders come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.proportions import wilson
from reportkit.metrics.query import Result
from reportkit.metrics.views import UNKNOWN
from reportkit.quality.figure import Figure, Unit
from reportkit.study.change import reference
from reportkit.study.faults import above_others
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Influencers", "influencers"]

_SOLD, _ORDERS, _BACK = "gmv", "orders", "refund_orders.pay_date"
_KEYS = ["platform_id", "influencer"]
_COMPARED = ("last_year", "previous")


@dataclass(frozen=True)
class Influencers:
    """Everybody who sold for a platform in the period, by (platform, influencer), the largest sellers first.

    `table` has sold (GMV, money) and orders; share, low and high: its part of the orders of the platform's
    influencers, with Wilson's interval; share_then, the same in the period `against` stands for (NaN where there
    is none); of_platform, its part of the platform's GMV; rate, usual and times: orders with a refund among its
    own and among those of the platform's other influencers, and how many times as many; leads and returned:
    whether it stands out by what hangs on it, or by what comes back.
    """

    table: pd.DataFrame
    against: str | None
    result: Result

    @property
    def named(self) -> pd.DataFrame:
        """Those who stand out, the largest sellers first."""
        return self.table[self.table["leads"] | self.table["returned"]]

    def figure(self, platform: str, influencer: str, column: str) -> Figure:
        """Return one number of one influencer with the orders behind it."""
        value = number(self.table, (platform, influencer), column)
        unit: Unit = "ratio" if column == "times" else "percent"
        dims = {"platform": platform, "influencer": influencer}
        return Figure(f"influencer.{column}", value, unit, dims, self.result.rows_sql(_ORDERS, **dims))


def influencers(study: Study) -> Influencers:
    """Return who sold in the period, each held against the other influencers of its platform."""
    result = study.ask([_SOLD, _ORDERS, _BACK], by=["platform", "influencer"], compare=_COMPARED)
    against = reference(result, _ORDERS)
    known = result.frame[result.frame["influencer"] != UNKNOWN]
    now = known.pivot(index=_KEYS, columns="metric", values="value").reindex(columns=[_SOLD, _ORDERS, _BACK])
    now = now[now[_ORDERS] > 0].fillna(0.0).sort_values(_SOLD, ascending=False)
    table = _shares(study, now).assign(
        share_then=_then(known, against).reindex(now.index) if against else float("nan"),
        of_platform=now[_SOLD] / _of_platform(result).reindex(now.index, level="platform_id"),
    )
    return Influencers(_judged(study, table.join(_returned(study, now))), against, result)


def _shares(study: Study, now: pd.DataFrame) -> pd.DataFrame:
    whole = now[_ORDERS].groupby("platform_id").transform("sum")
    parts = wilson(now[_ORDERS], whole, level=study.rules.influencers.level)
    return parts.rename(columns={"rate": "share"}).assign(sold=now[_SOLD], orders=now[_ORDERS])


def _then(known: pd.DataFrame, against: str) -> pd.Series:
    """Return each one's part of the orders of the platform's influencers in the other period."""
    orders = known[known["metric"] == _ORDERS].set_index(_KEYS)[f"{against}_then"].fillna(0.0)
    whole = orders.groupby("platform_id").transform("sum")
    return orders / whole.where(whole > 0)


def _of_platform(result: Result) -> pd.Series:
    rows = result.frame[result.frame["metric"] == _SOLD]
    return rows.groupby("platform_id")["value"].sum()


def _returned(study: Study, now: pd.DataFrame) -> pd.DataFrame:
    rules = study.rules.influencers
    kinds = pd.Series(now.index.get_level_values("platform_id"), index=now.index)
    held = above_others(now[_BACK], now[_ORDERS], kinds, rules.least, rules.discovery, rules.times)
    return held[["rate", "usual", "times", "listed"]].rename(columns={"listed": "returned"})


def _judged(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    rules = study.rules.influencers
    leads = (table["low"] > rules.share) & (table["of_platform"] >= rules.of_platform)
    return table.assign(leads=leads, returned=table["returned"].eq(True))
