"""Stock against demand: how fast it sells, how long it lasts, when to order, and what its absence costs.

Frames of days × SKUs hold one row a day, oldest first, without gaps; series and columns are by SKU. The
formulas of reorder points are those of Silver, Pyke and Thomas, Inventory and Production Management (2017).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

__all__ = [
    "STATES",
    "ZONES",
    "Limits",
    "abc",
    "cover",
    "cover_range",
    "demand",
    "lost_sales",
    "order_quantity",
    "out_of_stock",
    "reorder_point",
    "safety_stock",
    "sell_through",
    "slow_moving_rate",
    "states",
    "stockout_rate",
    "turnover_days",
    "xyz",
]

# Every state, with the zone of a chart that it lies in.
ZONES = {
    "out": "risk",
    "at_risk": "risk",
    "reorder": "healthy",
    "healthy": "healthy",
    "high": "high",
    "slow": "slow",
    "dead": "slow",
}
STATES = (*ZONES, "unknown", "none")


@dataclass(frozen=True)
class Limits:
    """Days that part the states.

    `healthy` and `high` end the days of cover of these states. What is older than `listed` days is slow beyond
    `high`; what has not sold for `idle` days is slow, for `dead_idle` days or lies for more than `dead_age`
    days dead. Neither within the first `grace` days after listing.
    """

    healthy: float
    high: float
    listed: float
    idle: float
    dead_idle: float
    dead_age: float
    grace: float


def out_of_stock(available: pd.DataFrame) -> pd.DataFrame:
    """Return on which days nothing could be sold (bool); a day without a count is not one of them."""
    return available <= 0


def demand(
    units: pd.DataFrame, out: pd.DataFrame, promo: pd.Series, weights: Mapping[int, float], least: int
) -> pd.DataFrame:
    """Return the demand of each SKU at the end of `units` (net units, days × SKUs).

    Columns: rate, error, sd, days, with_promo.

    `rate` is the mean units a day over the last n days, weighted over the windows n by `weights`
    ({7: 0.5, 14: 0.3, 30: 0.2}), `error` its standard error by the spread of the days; `sd` the standard deviation of the days of the longest window, `days` how
    many of them count. Days on which the SKU was `out`, or before it has units at all (NaN), do not count, nor
    do `promo` days, unless too few others are left (`with_promo`). A window with fewer than `least` such days
    is left out; without any, rate and sd are NaN. A rate is never negative.
    """
    stocked = ~out & units.notna()
    usual = stocked.mul(~promo, axis=0)
    narrow, wide = _weights(usual, weights, least), _weights(stocked, weights, least)
    fallback = narrow.isna().all() & wide.notna().any()
    share = narrow.fillna(wide)
    counted = units.where(stocked.where(fallback, usual)).tail(max(weights))
    rate = (share * units).sum(min_count=1).clip(lower=0)
    sd = counted.std().where(rate.notna())
    frame = {"rate": rate, "error": sd * (share**2).sum() ** 0.5, "sd": sd, "days": counted.count()}
    return pd.DataFrame(frame | {"with_promo": fallback})


def _weights(counted: pd.DataFrame, weights: Mapping[int, float], least: int) -> pd.DataFrame:
    """Return how much each day counts for the rate, one altogether; NaN where no window has days enough."""
    days = {n: counted.tail(n).sum().pipe(lambda kept: kept.where(kept >= least)) for n in weights}
    total = pd.DataFrame({n: days[n].notna() * weight for n, weight in weights.items()}).sum(axis=1)
    each = {n: (weight / days[n]).fillna(0.0) / total.where(total > 0) for n, weight in weights.items()}
    parts = [counted.tail(n).reindex(counted.index, fill_value=False) * each[n] for n in weights]
    return pd.DataFrame(sum(parts[1:], parts[0]))


def cover(stock: pd.Series, rate: pd.Series) -> pd.Series:
    """Return the days that `stock` (units) lasts at `rate` (units a day); NaN where nothing sells."""
    return stock / rate.where(rate > 0)


def cover_range(
    cover: pd.Series, rate: pd.Series, error: pd.Series, level: float
) -> tuple[pd.Series, pd.Series]:
    """Return between how many days `cover` lies, as far as the rate is known (log-normal): cover·exp(∓z·error/rate).

    `level` is the confidence of both ends together.
    """
    half = float(ndtri((1 + level) / 2)) * error / rate.where(rate > 0)
    return cover * np.exp(-half), cover * np.exp(half)


def safety_stock(
    rate: pd.Series, sd: pd.Series, lead: pd.Series, lead_sd: pd.Series, z: pd.Series | float
) -> pd.Series:
    """Return z·√(LT·σ_d² + v²·σ_LT²) units: what the chance of demand and delivery asks for at service level z."""
    return z * (lead * sd**2 + rate**2 * lead_sd**2) ** 0.5


def reorder_point(rate: pd.Series, lead: pd.Series, safety: pd.Series) -> pd.Series:
    """Return v·LT + SS units: an order is due when what is there and on its way falls to it."""
    return rate * lead + safety


def order_quantity(frame: pd.DataFrame, review: float) -> pd.Series:
    """Return the units to order: v·(LT + review) + SS less what is available and on order, in whole pieces.

    `frame` has rate, lead, safety, available, on_order and moq, the least that can be ordered (NaN: any). 0 where
    nothing is lacking, NaN where it is not known.
    """
    level = frame["rate"] * (frame["lead"] + review) + frame["safety"]
    lacking = (level - frame["available"] - frame["on_order"]).round(6)
    pieces = pd.Series(np.ceil(lacking.clip(lower=0)), index=frame.index)
    return pieces.where(~(pieces > 0), pieces.clip(lower=frame["moq"].fillna(0)))


def states(frame: pd.DataFrame, limits: Limits) -> pd.Series:
    """Return the state of each SKU, one of STATES, the gravest that fits.

    `frame` has available, rate, in_transit (units due within the lead time), on_order, lead and next_arrival
    (days; NaN: none on its way), reorder_point, listed_days, idle_days (since the last sale), age_days (of the
    oldest piece) and on_sale (bool). What is NaN decides nothing: a SKU on sale that has long been out has no known
    demand and is out. ``none`` is neither there nor wanted, ``unknown`` what is there without a known demand.
    """
    stock, rate = frame["available"], frame["rate"]
    days = cover(stock, rate)
    late = cover(stock + frame["in_transit"].fillna(0), rate) < frame["lead"]
    settled = ~(frame["listed_days"] <= limits.grace) & (stock > 0)
    rules = {
        "out": (stock <= 0) & ~(rate <= 0) & frame["on_sale"],
        "none": stock <= 0,
        "dead": settled & ((frame["idle_days"] >= limits.dead_idle) | (frame["age_days"] > limits.dead_age)),
        "slow": settled
        & (
            ((days > limits.high) & (frame["listed_days"] > limits.listed))
            | (frame["idle_days"] >= limits.idle)
        ),
        "unknown": rate.isna() | stock.isna(),
        "at_risk": late | (days < frame["next_arrival"]),
        "reorder": stock + frame["on_order"].fillna(0) <= frame["reorder_point"],
        "high": (days > limits.healthy) | (rate <= 0),
    }
    return pd.Series(np.select(list(rules.values()), list(rules), "healthy"), index=frame.index)


def lost_sales(rate: pd.Series, days_out: pd.Series, price: pd.Series, substitution: float) -> pd.Series:
    """Return v·days·price·(1 - substitution), money: an estimate of what was not sold for want of stock.

    `substitution` is the share of buyers who took something else instead.
    """
    return rate * days_out * price * (1 - substitution)


def stockout_rate(out: pd.DataFrame, on_sale: pd.DataFrame, weight: pd.Series | None = None) -> float:
    """Return SKU-days out of stock / SKU-days on sale (days × SKUs), each SKU by `weight`; NaN without any."""
    share = pd.Series(1.0, index=on_sale.columns) if weight is None else weight.fillna(0)
    whole = float((on_sale.sum() * share).sum())
    return float(((out & on_sale).sum() * share).sum()) / whole if whole > 0 else np.nan


def slow_moving_rate(state: pd.Series, value: pd.Series) -> float:
    """Return the share of `value` (money in stock) in SKUs that are slow or dead; NaN where there is none."""
    whole = float(value.sum())
    return float(value[state.map(ZONES) == "slow"].sum()) / whole if whole > 0 else np.nan


def sell_through(sold: pd.Series, opening: pd.Series, received: pd.Series) -> pd.Series:
    """Return net units sold since a start / (units there at the start + received since); NaN without any."""
    supply = opening + received
    return sold / supply.where(supply > 0)


def turnover_days(values: pd.Series, cogs: float, days: int) -> float:
    """Return mean stock value × days / cost of goods sold in them; NaN below two counts or without sales.

    `values` are the counts of the whole stock within the period, money.
    """
    known = values.dropna()
    return float(known.mean()) * days / cogs if len(known) >= 2 and cogs > 0 else np.nan


def abc(profit: pd.Series, cuts: tuple[float, float]) -> pd.Series:
    """Return A, B or C: the SKUs that bring the first, next and last part of all profit, parted at `cuts`.

    The SKU that reaches a cut still belongs to the better class; one without profit is C, an unknown one missing.
    """
    earned = profit.clip(lower=0).sort_values(ascending=False, kind="stable")
    total = earned.sum()
    before = (earned.cumsum() - earned) / total if total > 0 else earned + 1
    classes = np.select([(earned > 0) & (before < cut - 1e-12) for cut in cuts], ["A", "B"], "C")
    found = pd.Series(classes, index=earned.index, dtype="str")
    return found.where(earned.notna()).reindex(profit.index)


def xyz(weekly: pd.DataFrame, cuts: tuple[float, float]) -> pd.Series:
    """Return X, Y or Z: steady to erratic by the variation (sd / mean) of `weekly` units (weeks × SKUs).

    Z where nothing was sold on the whole, missing below two weeks.
    """
    mean = weekly.mean()
    variation = weekly.std() / mean.where(mean > 0)
    found = pd.Series(
        np.select([variation < cut for cut in cuts], ["X", "Y"], "Z"), index=weekly.columns, dtype="str"
    )
    return found.where(weekly.count() >= 2)
