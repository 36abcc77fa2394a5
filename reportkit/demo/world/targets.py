"""Targets, set before the fact: what the same period brought a year before, grown, and a little more."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from reportkit.demo.world.habits import TargetHabits

__all__ = ["ALL", "targets"]

ALL = "all"

_COLUMNS = [
    "period",
    "kind",
    "platform",
    "metric",
    "value",
    "budget",
    "weights",
    "set_at",
    "set_by",
    "version",
]
_BUDGETED, _BUDGET = "gmv", "ad_spend"  # whose budget is the target of the other
_PLACES = 4  # of a daily weight


def targets(
    habits: TargetHabits,
    periods: pd.DataFrame,
    came: pd.DataFrame,
    daily: pd.DataFrame,
    growth: Mapping[str, float],
    seed: int,
    as_of: date,
) -> pd.DataFrame:
    """Return one row a period, platform and metric that was set by `as_of`, oldest periods first.

    `periods`: one row a month or promotion and platform: period, kind (month, promotion), platform, first, last
    (dates), ref (the same period a year before, or none), and what was planned: gmv, net_sales, ad_spend (yuan)
    and orders. `came`: period, platform and the same figures as they came; it is only looked at for a ref that
    ended before the target was set. Where there is none the plan stands in. `daily`: day, platform, expected
    (planned gmv), promo (bool: unlike other days). `growth`: by platform, what a year multiplies.

    Columns: period, kind (also quarter and year, where all of its months are there), platform (ALL: the sum),
    metric, value (yuan, or a count), budget (advertising, yuan; beside gmv), weights (a JSON list, one a day, in
    months of which some are not like others; else ''), set_at (date), set_by, version.
    """
    drawn = _drawn(habits, periods, came, growth, seed)
    months = drawn[drawn["kind"] == "month"]
    rows = pd.concat([drawn, _sums(months, "Q", 3), _sums(months, "Y", 12)], ignore_index=True)
    rows = pd.concat([_company(rows), rows], ignore_index=True)
    before = rows["kind"].map(habits.days_before)
    rows["set_at"] = [
        first - timedelta(days=int(days)) for first, days in zip(rows["first"], before, strict=True)
    ]
    rows = rows[rows["set_at"] <= as_of].reset_index(drop=True)
    rows["set_by"], rows["version"] = rows["kind"].map(habits.set_by), habits.version
    rows["budget"] = _budgets(rows)
    rows["weights"] = _weights(rows, daily)
    rows = rows.sort_values(["first", "kind", "period"], kind="stable", ignore_index=True)
    return rows[_COLUMNS]


def _drawn(
    habits: TargetHabits, periods: pd.DataFrame, came: pd.DataFrame, growth: Mapping[str, float], seed: int
) -> pd.DataFrame:
    """One row a period, platform and metric, the last two within the period as they are named."""
    last = periods.set_index(["period", "platform"])["last"].to_dict()
    known = came.set_index(["period", "platform"]).to_dict("index")
    rows = []
    for period in periods.to_dict("records"):
        ref = (period["ref"], period["platform"])
        set_at = period["first"] - timedelta(days=habits.days_before[period["kind"]])
        usable = ref in known and (ref not in last or last[ref] < set_at)
        rng = np.random.default_rng([seed, zlib.crc32(f"{period['period']} {period['platform']}".encode())])
        for metric, ambition in habits.ambition.items():
            base = known[ref][metric] * growth[period["platform"]] if usable else period[metric]
            value = _rounded(base * rng.uniform(*ambition), habits.digits)
            rows.append(_row(period, metric, value))
    return pd.DataFrame(rows)


def _row(period: Mapping[Any, Any], metric: str, value: float) -> dict[str, Any]:
    kept = ("period", "kind", "platform", "first", "last")
    return {name: period[name] for name in kept} | {"metric": metric, "value": value}


def _rounded(value: float, digits: int) -> int:
    """Keep the leading digits."""
    if value < 1:
        return 0
    step: int = 10 ** max(0, int(np.floor(np.log10(value))) + 1 - digits)
    return round(value / step) * step


def _sums(months: pd.DataFrame, freq: str, size: int) -> pd.DataFrame:
    """Sum the months of every quarter or year that is there whole."""
    whole = pd.PeriodIndex(months["period"], freq="M").asfreq(freq)
    names = [f"{one.year}-Q{one.quarter}" if freq == "Q" else str(one.year) for one in whole]
    frame = months.assign(period=names)
    by = frame.groupby(["period", "platform", "metric"], sort=False)
    sums = by.agg(
        first=("first", "min"), last=("last", "max"), value=("value", "sum"), months=("value", "size")
    )
    sums = sums[sums["months"] == size].drop(columns="months").reset_index()
    return sums.assign(kind="quarter" if freq == "Q" else "year")


def _company(rows: pd.DataFrame) -> pd.DataFrame:
    """The sum of the platforms; a promotion begins for the company where it begins first."""
    by = rows.groupby(["kind", "period", "metric"], sort=False)
    whole = by.agg(first=("first", "min"), last=("last", "max"), value=("value", "sum"))
    return whole.reset_index().assign(platform=ALL)


def _budgets(rows: pd.DataFrame) -> pd.Series:
    """Beside gmv: the advertising that is meant to bring it; whole yuan, none elsewhere."""
    key = ["kind", "period", "platform"]
    spend = rows[rows["metric"] == _BUDGET].set_index(key)["value"]
    beside = pd.Series(spend.reindex(pd.MultiIndex.from_frame(rows[key])).to_numpy(), rows.index)
    return beside.where(rows["metric"] == _BUDGETED).astype("Int64")


def _weights(rows: pd.DataFrame, daily: pd.DataFrame) -> list[str]:
    """Daily weights of months whose days are not all alike, from what was planned of each day."""
    days = daily.assign(month=pd.DatetimeIndex(daily["day"]).strftime("%Y-%m"))
    company = days.groupby(["month", "day"], as_index=False).agg(
        expected=("expected", "sum"), promo=("promo", "any")
    )
    days = pd.concat([days, company.assign(platform=ALL)], ignore_index=True).sort_values(
        "day", kind="stable"
    )
    told = {
        key: _weighed(part["expected"].to_numpy()) if part["promo"].any() else ""
        for key, part in days.groupby(["month", "platform"], sort=False)
    }
    months = zip(rows["kind"], rows["period"], rows["platform"], strict=True)
    return [told.get((period, platform), "") if kind == "month" else "" for kind, period, platform in months]


def _weighed(expected: np.ndarray) -> str:
    weights = (expected / expected.sum()).round(_PLACES).tolist()
    weights[-1] = round(1 - sum(weights[:-1]), _PLACES)
    return json.dumps(weights)
