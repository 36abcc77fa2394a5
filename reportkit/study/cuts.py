"""Price cuts, and whether they sold more than the days would have sold anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportkit.engines import quoted
from reportkit.quality.figure import Figure
from reportkit.study.pairs import within_scope

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Cut", "cuts"]

# What the merchant gives off the list price: the platforms give theirs another way, and some tell no discount.
_DAYS = """
SELECT
  style, platform_id AS platform, CAST(paid_date AS DATE) AS day, CAST(sum(units) AS DOUBLE) AS units,
  CAST(sum(list_amt) AS DOUBLE) AS listed, CAST(sum(list_amt - goods_receivable_amt) AS DOUBLE) AS discount,
  CAST(sum(goods_receivable_amt) AS DOUBLE) AS gmv, CAST(sum(cost_amt) AS DOUBLE) AS cost
FROM sales
WHERE is_sale AND style IS NOT NULL AND list_amt > 0 AND paid_date BETWEEN DATE '{first}' AND DATE '{last}'{scope}
GROUP BY ALL
"""
_PROMO = (
    "SELECT DISTINCT start_date, end_date FROM promos WHERE phase <> '恢复' AND end_date >= DATE '{first}'"
)


@dataclass(frozen=True)
class Cut:
    """One product cheaper from `first` to `last`, both included, by `deeper` of its list price than before.

    `units` were sold, `usual` would have been as the other products went, so that `extra` more were, between `low`
    and `high`. `given` is the money given away by the cut, `effect` what it brought less that: the profit of
    what was sold more less what was given on what would have been sold anyway, between `least` and `most`.
    """

    style: str
    first: date
    last: date
    deeper: float
    units: float
    usual: float
    extra: float
    low: float
    high: float
    given: float
    effect: float
    least: float
    most: float

    @property
    def worked(self) -> bool:
        """Whether surely more was sold."""
        return self.low > 0

    @property
    def figure(self) -> Figure:
        """The money given away."""
        rows = (
            f"SELECT * FROM sales WHERE is_sale AND style = {quoted(self.style)} "
            f"AND paid_date BETWEEN DATE '{self.first}' AND DATE '{self.last}'"
        )
        dims = {"style": self.style, "first": self.first.isoformat()}
        return Figure("cut.given", self.given, "money", dims, {"sales": rows})


def cuts(study: Study) -> tuple[Cut, ...]:
    """Return the price cuts that touch the period, the dearest first; promotions and their days are none."""
    rules = study.products.cuts
    first = study.period.start - timedelta(days=2 * rules.before)
    sql = _DAYS.format(first=first, last=study.last, scope=within_scope(study))
    told = study.metrics.engine.frame(sql)
    if told.empty:
        return ()
    told["day"] = pd.to_datetime(told["day"])
    days = pd.date_range(first, study.last, name="day")
    tables = {name: _table(told, name, days) for name in ("units", "listed", "discount", "gmv", "cost")}
    usual = _usual_days(study, days)
    base = _base(tables, usual, rules.before)
    given = (tables["discount"] - base * tables["listed"]).T.groupby("style").sum().T
    deeper = (given / tables["listed"].T.groupby("style").sum().T).where(usual, axis=0)
    found = [
        _cut(study, tables, base, style, span)
        for style in deeper.columns[(deeper >= rules.deeper).any()]
        for span in _runs(deeper[style], rules.deeper, rules.days)
        if span[1] >= pd.Timestamp(study.period.start)
    ]
    return tuple(sorted((one for one in found if one), key=lambda one: -one.given))


def _base(tables: dict[str, pd.DataFrame], usual: pd.Series, days: int) -> pd.DataFrame:
    """Return by day the share of the list price given off in the days before, by style and platform."""
    sums = {
        name: tables[name].where(usual, axis=0).rolling(days, min_periods=days // 2).sum()
        for name in ("discount", "listed")
    }
    return (sums["discount"] / sums["listed"].where(sums["listed"] > 0)).shift(1)


def _table(told: pd.DataFrame, name: str, days: pd.DatetimeIndex) -> pd.DataFrame:
    table = told.pivot_table(index="day", columns=["style", "platform"], values=name, aggfunc="sum")
    return table.reindex(days).fillna(0.0)


def _usual_days(study: Study, days: pd.DatetimeIndex) -> pd.Series:
    """Return which days lie in no phase of a promotion."""
    inside = np.zeros(len(days), bool)
    for start, end in study.metrics.engine.rows(_PROMO.format(first=days[0].date())):
        inside |= (days >= pd.Timestamp(start)) & (days <= pd.Timestamp(end))
    return pd.Series(~inside, index=days)


def _runs(deeper: pd.Series, deep: float, least: int) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Return first and last day of every run of at least half as `deep`, with at least so many days all as deep."""
    half = deeper >= deep / 2
    run = (half != half.shift()).cumsum()[half]
    deep_days = (deeper >= deep)[half].groupby(run).sum()
    return [(days.index[0], days.index[-1]) for name, days in run.groupby(run) if deep_days[name] >= least]


def _cut(
    study: Study, tables: dict[str, pd.DataFrame], base: pd.DataFrame, style: str,
    span: tuple[pd.Timestamp, pd.Timestamp],
) -> Cut | None:  # fmt: skip
    """Return what a cut gave and what it brought; None where too little was sold to tell."""
    rules, (first, last) = study.products.cuts, span
    before = slice(first - pd.Timedelta(days=rules.before), first - pd.Timedelta(days=1))
    units = _of(tables["units"], style).sum(axis=1)
    others = tables["units"].drop(columns=style, level="style").sum(axis=1)
    sold, then = units[first:last].sum(), units[before].sum()
    there, were = others[first:last].sum(), others[before].sum()
    if sold < rules.least_units or min(then, there, were) <= 0:
        return None
    usual = then * there / were
    spread = ndtri((1 + rules.level) / 2) * np.sqrt(sold + usual**2 * (1 / then + 1 / there + 1 / were))
    listed, discount, gmv, cost = (
        _of(tables[name], style).loc[first:last].sum() for name in ("listed", "discount", "gmv", "cost")
    )
    as_before = np.nansum(_of(base, style).loc[[first]].to_numpy()[0] * listed.to_numpy())
    given, extra = float(discount.sum() - as_before), sold - usual
    each = (float(gmv.sum()) - float(cost.sum())) / sold
    effect, least, most = (
        more * each - given * (1 - more / sold) for more in (extra, extra - spread, min(extra + spread, sold))
    )
    return Cut(
        style, first.date(), last.date(), given / float(listed.sum()), float(sold), float(usual), float(extra),
        float(extra - spread), float(extra + spread), given, float(effect), float(least), float(most),
    )  # fmt: skip


def _of(table: pd.DataFrame, style: str) -> pd.DataFrame:
    """Return the columns of one product, by platform."""
    return pd.DataFrame(table.xs(style, axis=1, level="style"))
