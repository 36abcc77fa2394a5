"""What ran out, for how long, and what was not sold for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportkit.analysis import inventory
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.goods import variants
from reportkit.study.products import Lost
from reportkit.study.rows import number
from reportkit.study.sold import daily, pivoted, rows_sold
from reportkit.study.stock import counted, promo_days
from reportkit.study.supply import supply

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Outage", "Outages", "outages"]


@dataclass(frozen=True)
class Outage:
    """One SKU out of stock from `first` to `last`, both included; `open` where it still is.

    `rate` (units a day) is its demand before, `lost` the money not sold because of it, between `low` and `high`.
    `arrival` is in how many days the next delivery is promised, None where none is; `overdue` the days by
    which an earlier promise is broken.
    """

    sku: str
    title: str | None
    first: date
    last: date
    open: bool
    rate: float
    price: float
    lost: float
    low: float
    high: float
    arrival: float | None
    overdue: float

    @property
    def days(self) -> int:
        """How many days it was out."""
        return (self.last - self.first).days + 1

    @property
    def figure(self) -> Figure:
        """The estimate, with the counts of its days and the sales before them."""
        counts = f"SELECT * FROM stock_days WHERE sku_id = '{self.sku}' AND day BETWEEN DATE '{self.first}' AND DATE '{self.last}'"
        before = rows_sold(self.sku, self.first - timedelta(days=1), 30)
        dims = {"sku": self.sku, "first": self.first.isoformat()}
        return Figure("stockout.lost", self.lost, "money", dims, {"stock_days": counts, "sku_lines": before})


@dataclass(frozen=True)
class Outages:
    """Every outage that touches the period, the dearest first; `counted` is False where nobody counted stock.

    `share` holds stockout_rate, every SKU alike; `weighted` is the same, each SKU by its sales.
    """

    counted: bool
    found: tuple[Outage, ...]
    share: Result
    weighted: float


def outages(study: Study) -> Outages:
    """Find what was out of stock on a day of the period, and estimate what it cost."""
    rules, start, end = study.products.lost, study.period.start, study.last
    first = start - timedelta(days=rules.back)
    counts = counted(study.metrics, first, end)
    share = study.metrics.query(["stockout_rate"], period=study.period, as_of=study.as_of)
    if not (counts["day"] >= pd.Timestamp(start)).any():
        return Outages(False, (), share, float("nan"))
    days = pd.date_range(first, end, name="day")
    available = counts.pivot(index="day", columns="sku", values="available").reindex(days)
    before = max(study.products.stock.windows)
    sold = daily(study.metrics, first - timedelta(days=before), end)
    out = inventory.out_of_stock(available)
    units = pivoted(sold, first - timedelta(days=before), end).reindex(columns=out.columns, fill_value=0.0)
    known = variants(study.metrics).reindex(out.columns)
    wanted = ~known["status"].isin(study.products.stock.ended) & (units.sum() > 0)
    spans = [
        (sku, *span)
        for sku in out.columns[wanted]
        for span in _spans(out[sku])
        if span[1] >= pd.Timestamp(start)
    ]
    found = [_outage(study, units, sold, out, span) for span in spans]
    weighted = _weighted(out.loc[str(start) :], units.loc[:, wanted])
    kept = sorted((one for one in found if one), key=lambda one: -one.lost)
    return Outages(True, tuple(kept), share, weighted)


def _spans(out: pd.Series) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Return first and last day of every run of days out."""
    run = (out != out.shift()).cumsum()[out]
    return [(days.index[0], days.index[-1]) for _, days in run.groupby(run)]


def _weighted(out: pd.DataFrame, units: pd.DataFrame) -> float:
    """Return the share of days out, by what each SKU sold."""
    out = out[units.columns]
    on_sale = pd.DataFrame(True, index=out.index, columns=out.columns)
    return inventory.stockout_rate(out, on_sale, units.mean())


def _outage(
    study: Study, units: pd.DataFrame, sold: pd.DataFrame, out: pd.DataFrame,
    span: tuple[str, pd.Timestamp, pd.Timestamp],
) -> Outage | None:  # fmt: skip
    """Return what the absence of a SKU cost; None where nobody wanted it before."""
    sku, first, last = span
    rules, stock = study.products.lost, study.products.stock
    base = units.loc[: first - pd.Timedelta(days=1)].tail(max(stock.windows))
    gone = out.reindex(base.index, fill_value=False)
    usual = inventory.demand(
        base, gone, promo_days(study, pd.DatetimeIndex(base.index)), stock.windows, stock.least
    )
    rate, sd, days = (number(usual, sku, name) for name in ("rate", "sd", "days"))
    earlier = sold[(sold["sku"] == sku) & (sold["day"] < first)]
    price = earlier["amount"].sum() / earlier["priced"].sum() if earlier["priced"].sum() > 0 else np.nan
    if not (rate > 0 and price > 0):
        return None
    index = _index(units, usual["rate"], out, first, last, rules)
    spread = ndtri((1 + rules.level) / 2) * sd / np.sqrt(days)
    lost, low, high = (
        _lost(max(pace, 0.0), index, units.loc[first:last, sku], price, share)
        for pace, share in (
            (rate, rules.substitution),
            (rate - spread, rules.most),
            (rate + spread, rules.least),
        )
    )
    known = variants(study.metrics).loc[[sku]]
    coming = supply(study.metrics, known, study.last, stock)
    title: Any = known["title"].iloc[0]
    arrival = number(coming, sku, "next_arrival")
    return Outage(
        sku, None if pd.isna(title) else str(title), first.date(), last.date(), last.date() == study.last,
        rate, float(price), lost, low, high, None if arrival != arrival else arrival, number(coming, sku, "overdue"),
    )  # fmt: skip


def _index(
    units: pd.DataFrame,
    rate: pd.Series,
    out: pd.DataFrame,
    first: pd.Timestamp,
    last: pd.Timestamp,
    rules: Lost,
) -> pd.Series:
    """Return by day how the SKUs that were there sold against their own demand before: promotions, weekdays, seasons.

    Ones where too little was sold to tell.
    """
    before = first - pd.Timedelta(days=30)
    peers = rate.index[(rate > 0) & ~out.loc[before:last].any()]
    there = units.loc[first:last, peers].sum(axis=1)
    expected = rate[peers].sum()
    return there / expected if expected * len(there) >= rules.peers else there * 0.0 + 1.0


def _lost(rate: float, index: pd.Series, sold: pd.Series, price: float, substitution: float) -> float:
    """Return the money lost at a demand of `rate`: what was sold on a day on which it ran out is not."""
    if rate <= 0:
        return 0.0
    unmet = (index - sold / rate).clip(lower=0).sum()
    pace, days, each = (pd.Series([float(value)]) for value in (rate, unmet, price))
    return float(inventory.lost_sales(pace, days, each, substitution).iloc[0])
