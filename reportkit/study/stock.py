"""The stock of every SKU against its demand: how long it lasts, what to order, how healthy it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis import inventory
from reportkit.engines import quoted
from reportkit.metrics.query import Metrics
from reportkit.quality.figure import Figure, Unit
from reportkit.study.goods import styles, variants
from reportkit.study.products import Products, Stock
from reportkit.study.sold import daily, pivoted
from reportkit.study.supply import supply

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Shelf", "counted", "promo_days", "shelf"]

# A day's stock by SKU: a count stands until the next one (see the view stock_days).
_COUNTED = """
SELECT
  CAST(day AS DATE) AS day, sku_id AS sku,
  CAST(sum(coalesce(available, on_hand)) AS DOUBLE) AS available,
  CAST(sum(coalesce(on_hand, available)) AS DOUBLE) AS on_hand, CAST(sum(stock_value) AS DOUBLE) AS value,
  min(oldest_receipt_date) AS oldest
FROM stock_days
WHERE day BETWEEN DATE '{first}' AND DATE '{last}'
GROUP BY ALL
"""
_LAST_COUNT = "SELECT CAST(max(day) AS DATE) FROM stock_days WHERE day <= DATE '{day}'"
_SALE_DAYS = """
SELECT merchant_sku AS sku, min(paid_date) AS first_sale, max(paid_date) AS last_sale
FROM sku_lines
WHERE is_sale AND merchant_sku IS NOT NULL AND paid_date <= DATE '{day}'
GROUP BY merchant_sku
"""
_SPANS = (30, 60, 90)


@dataclass(frozen=True)
class Shelf:
    """The stock at the end of `day`, None where nobody counted it; for all platforms, whatever the scope.

    `frame` has one row a SKU, by its code: style, title, category, season, on_sale; available and on_hand
    (units), unit_cost and `value` (money), rate, error and sd (units a day), cover, cover_low and cover_high
    (days), lead, lead_sd, safety, reorder_point, `order` (units), in_transit, on_order, next_arrival, overdue; listed_days, idle_days,
    age_days; sold_30, sold_60, sold_90 (units), price and margin (money a unit); klass (A, B, C), xyz (X, Y,
    Z), state and zone (see analysis.inventory).
    """

    day: date | None
    frame: pd.DataFrame
    rules: Products

    def figure(
        self,
        what: str,
        value: float,
        dims: dict[str, str],
        skus: pd.Index | None = None,
        unit: Unit = "money",
    ) -> Figure:
        """Return a number about the stock of this day, or of `skus` alone."""
        rows = f"SELECT * FROM stock_days WHERE day = DATE '{self.day}'"
        if skus is not None:
            rows += f" AND sku_id IN ({', '.join(quoted(str(sku)) for sku in skus)})"
        return Figure(f"stock.{what}", value, unit, dims, {"stock_days": rows})


def shelf(study: Study) -> Shelf:
    """Return the stock at the last count of the period that may be seen."""
    metrics, rules = study.metrics, study.products
    ((day,),) = metrics.engine.rows(_LAST_COUNT.format(day=study.last))
    if day is None:
        return Shelf(None, pd.DataFrame(), rules)
    frame = _there(metrics, day)
    known = variants(metrics).reindex(frame.index)
    frame = frame.join(known[["style", "title", "category", "season", "moq"]])
    frame["on_sale"] = ~known["status"].isin(rules.stock.ended)
    frame = frame.join(supply(metrics, known, day, rules.stock)).join(_dated(metrics, frame, day))
    return Shelf(day, _judged(frame.join(_sold(study, frame, day)), rules.stock), rules)


def counted(metrics: Metrics, first: date, last: date) -> pd.DataFrame:
    """Return the stock from `first` to `last`: day, sku, available, on_hand (units), value (money), oldest."""
    found = metrics.engine.frame(_COUNTED.format(first=first, last=last))
    return found.assign(day=pd.to_datetime(found["day"]), oldest=pd.to_datetime(found["oldest"]))


def promo_days(study: Study, days: pd.DatetimeIndex) -> pd.Series:
    """Return which of `days` lie at the height of a promotion (bool, by day)."""
    phases = ", ".join(repr(name) for name in study.project.policy.maturity.promo_phases)
    spans = study.metrics.engine.rows(
        f"SELECT DISTINCT start_date, end_date FROM promos WHERE phase IN ({phases})"
    )
    found = np.zeros(len(days), bool)
    for start, end in spans:
        found |= (days >= pd.Timestamp(start)) & (days <= pd.Timestamp(end))
    return pd.Series(found, index=days)


def _there(metrics: Metrics, day: date) -> pd.DataFrame:
    frame = counted(metrics, day, day).set_index("sku").sort_index()
    frame["age_days"] = (pd.Timestamp(day) - frame["oldest"]).dt.days.where(frame["on_hand"] > 0)
    frame["unit_cost"] = frame["value"] / frame["on_hand"].where(frame["on_hand"] > 0)
    return frame.drop(columns=["day", "oldest"])


def _dated(metrics: Metrics, frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return days since listing and since the last sale; one never sold has lain since it was listed."""
    found = metrics.engine.frame(_SALE_DAYS.format(day=day)).set_index("sku").reindex(frame.index)
    first, last = (pd.to_datetime(found[name]) for name in ("first_sale", "last_sale"))
    listed = frame["style"].map(styles(metrics)["listed"]).astype("datetime64[ns]")
    begun = pd.concat([first, listed], axis=1).min(axis=1)
    ages = {"listed_days": (pd.Timestamp(day) - begun).dt.days}
    ages["idle_days"] = (pd.Timestamp(day) - last).dt.days.fillna(ages["listed_days"])
    return pd.DataFrame(ages).assign(first_sale=first)


def _sold(study: Study, frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return demand, units sold, price, margin and classes."""
    rules = study.products.stock
    back = max(7 * rules.weeks, rules.profit_days, *_SPANS, *rules.windows)
    sold = daily(study.metrics, day - timedelta(days=back - 1), day)
    units = pivoted(sold, day - timedelta(days=back - 1), day).reindex(columns=frame.index, fill_value=0.0)
    found = _demand(study, units, frame, day)
    for span in _SPANS:
        found[f"sold_{span}"] = units.tail(span).sum()
    inside = sold[sold["day"] > pd.Timestamp(day) - pd.Timedelta(days=rules.profit_days)]
    sums = inside.groupby("sku")[["amount", "cost", "priced"]].sum(min_count=1).reindex(frame.index)
    found["price"] = sums["amount"] / sums["priced"].where(sums["priced"] > 0)
    found["margin"] = found["price"] - sums["cost"] / sums["priced"].where(sums["priced"] > 0)
    profit = (sums["amount"] - sums["cost"]).where(sums["priced"].notna(), 0.0)
    found["klass"] = inventory.abc(profit, rules.abc)
    weekly = units.tail(7 * rules.weeks).groupby(np.arange(7 * rules.weeks) // 7).sum()
    return found.assign(xyz=inventory.xyz(weekly, rules.xyz))


def _demand(study: Study, units: pd.DataFrame, frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return rate, sd, days and with_promo of each SKU (see analysis.inventory.demand)."""
    rules = study.products.stock
    recent = units.tail(max(rules.windows))
    days = pd.DatetimeIndex(recent.index)
    recent = recent.where(~np.less.outer(days.to_numpy(), frame["first_sale"].to_numpy()))
    counts = counted(study.metrics, days[0].date(), day).pivot(index="day", columns="sku", values="available")
    out = inventory.out_of_stock(counts.reindex(index=days, columns=frame.index))
    return inventory.demand(recent, out, promo_days(study, days), rules.windows, rules.least)


def _judged(frame: pd.DataFrame, rules: Stock) -> pd.DataFrame:
    z = frame["klass"].map(rules.service).fillna(rules.service["C"])
    frame["safety"] = inventory.safety_stock(frame["rate"], frame["sd"], frame["lead"], frame["lead_sd"], z)
    frame["reorder_point"] = inventory.reorder_point(frame["rate"], frame["lead"], frame["safety"])
    frame["cover"] = inventory.cover(frame["available"], frame["rate"])
    ends = inventory.cover_range(frame["cover"], frame["rate"], frame["error"], rules.level)
    frame["cover_low"], frame["cover_high"] = ends
    frame["order"] = inventory.order_quantity(frame, rules.review)
    frame["state"] = inventory.states(frame, rules.limits)
    return frame.assign(zone=frame["state"].map(inventory.ZONES))
