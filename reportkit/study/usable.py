"""Which days a baseline may be learned from: nothing special happened on them, and their goods were there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis.inventory import out_of_stock
from reportkit.study.ordinary import covered, holidays
from reportkit.study.phases import platforms_of
from reportkit.study.promotion import OrdinaryRules
from reportkit.study.sold import daily, pivoted
from reportkit.study.stock import counted

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["usable_days"]


def usable_days(
    study: Study, days: pd.DatetimeIndex, calendar: pd.DataFrame, rules: OrdinaryRules
) -> pd.DataFrame:
    """Return which of `days` are ordinary, by day and platform (bool).

    Not the phases of `calendar` (study.phases.promo_calendar) and the days around them, holidays, days on which
    too much was out of stock, nor days of which there are no orders.
    """
    common = ~holidays(days, rules.festival) & ~_short(study, days, rules.out)
    found = {}
    for platform in platforms_of(study):
        own = calendar[calendar["platform"] == platform]
        busy = covered(days, own["first"], own["last"], rules.around, rules.around)
        known = study.metrics.coverage.of(platform, ["orders"])
        there = np.array([day.date() in known for day in days], bool)
        found[platform] = common & there & ~busy & ~_unplanned(days, own, rules.unplanned)
    return pd.DataFrame(found, index=days)


def _unplanned(days: pd.DatetimeIndex, own: pd.DataFrame, after: int) -> np.ndarray:
    """Return the days after promotions whose aftermath has no phase."""
    planned = own.loc[own["kind"] == "post", "promo_id"]
    ends = own[~own["promo_id"].isin(planned)].groupby("promo_id")["last"].max()
    return covered(days, ends, ends, 0, after)


def _short(study: Study, days: pd.DatetimeIndex, limit: float) -> np.ndarray:
    """Return the days on which SKUs with more than `limit` of all sales were out of stock; none where nobody counted."""
    first, last = days[0].date(), days[-1].date()
    counts = counted(study.metrics, first, last)
    if counts.empty:
        return np.zeros(len(days), bool)
    out = out_of_stock(counts.pivot(index="day", columns="sku", values="available").reindex(days))
    sold = pivoted(daily(study.metrics, first, last), first, last).reindex(
        columns=out.columns, fill_value=0.0
    )
    weight = sold.mask(out).mean().fillna(0.0)
    whole = float(weight.sum())
    return np.asarray((out * weight).sum(axis=1) > limit * whole) if whole > 0 else np.zeros(len(days), bool)
