"""What rises: parts whose share of all money grows week by week, and is still small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.stats import norm

from reportkit.alerts.alert import Signal
from reportkit.alerts.calendar import COMPANY
from reportkit.alerts.rules import RiseRule
from reportkit.alerts.watch import Watch
from reportkit.analysis.anomaly import discovered
from reportkit.metrics.compile import column_of
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Result
from reportkit.metrics.views import UNKNOWN

__all__ = ["risen"]

_MONEY, _ORDERS = "gmv", "orders"
_WEEK = 7
_YEAR = timedelta(days=364)  # the same weekdays


@dataclass(frozen=True)
class _Weeks:
    """Weeks × parts: money a usual day and orders, oldest first; `whole` is the money of all parts a usual day."""

    money: pd.DataFrame
    orders: pd.DataFrame
    result: Result

    @property
    def whole(self) -> pd.Series:
        return self.money.sum(axis=1)

    @property
    def share(self) -> pd.DataFrame:
        return self.money.div(self.whole, axis=0)


def risen(watch: Watch, name: str, rule: RiseRule) -> Iterator[Signal]:
    """Yield the parts whose share rose in each of the last weeks, beyond chance and beyond the season's own rise."""
    now = _weeks(watch, rule, watch.last)
    if now is None:
        return
    share, first, last = now.share, now.share.iloc[0], now.share.iloc[-1]
    each = share.mean() * (1 - share.mean()) * (1 + watch.book.noise**2)
    error = np.sqrt(each / now.orders.sum(axis=1).iloc[0] + each / now.orders.sum(axis=1).iloc[-1])
    z = ((last - first) / error.where(error > 0)).dropna()
    enough = now.orders.iloc[-1] >= rule.least
    steady = (share.diff().iloc[1:] > 0).all()
    grown = last >= first * (1 + rule.grown) * _seasonal(watch, rule).reindex(first.index).fillna(1.0)
    judged = enough.reindex(z.index) & (z.index != UNKNOWN)
    found = discovered(
        pd.Series(norm.sf(z), z.index).where(judged), pd.Series("", z.index), watch.book.discovery
    )
    for part in z.index[found & steady[z.index] & grown[z.index] & (last[z.index] < rule.small) & judged]:
        begun = watch.last - timedelta(days=_WEEK * rule.weeks - 1)
        dims, width = {rule.over: str(part)}, norm.ppf([0.9, 0.975]) * error[part]
        bands = [(max(first[part] - one, 0.0), first[part] + one) for one in width]
        stake = float((last[part] - first[part]) * now.whole.iloc[-1] * _WEEK)
        if stake >= rule.money:
            yield Signal(
                name, tuple(dims.items()), watch.last, rule.level, 1, float(last[part]), float(first[part]), stake,
                float(z[part]), float(now.orders[part].iloc[-1]), bands[0], bands[1], at_once=True, since=begun,
                unit="percent", rows_sql=now.result.rows_sql(_MONEY, **dims),
            )  # fmt: skip


def _weeks(watch: Watch, rule: RiseRule, last: date) -> _Weeks | None:
    """Return the weeks up to `last`, one more than must rise; None where one has too few days that count."""
    begun = last - timedelta(days=_WEEK * (rule.weeks + 1) - 1)
    period: Period = watch.metrics.period(f"{begun}/{last}")
    result = watch.metrics.query([_MONEY, _ORDERS], by=[rule.over, "day"], period=period, as_of=watch.last)
    days = pd.date_range(begun, last)
    told = result.frame.dropna(subset="value").assign(day=lambda frame: pd.to_datetime(frame["day"]))
    counted = _counted(watch, days)
    week = pd.Series(np.arange(len(days)) // _WEEK, days)
    per = counted.groupby(week).sum()
    if told.empty or (per < rule.days_least).any():
        return None
    tables = [
        told[told["metric"] == name]
        .pivot_table(index="day", columns=column_of(rule.over), values="value", aggfunc="sum")
        .reindex(days).fillna(0.0)[counted].groupby(week[counted]).sum()
        for name in (_MONEY, _ORDERS)
    ]  # fmt: skip
    return _Weeks(
        tables[0].div(per, axis=0), tables[1].reindex(columns=tables[0].columns, fill_value=0.0), result
    )


def _counted(watch: Watch, days: pd.DatetimeIndex) -> pd.Series:
    """Return which days are like any other and told by every platform; of days not watched, all."""
    whole = watch.wide(_MONEY, "company")
    known = watch.rested[COMPANY] & whole[COMPANY].notna() if len(whole.columns) else watch.rested[COMPANY]
    return known.reindex(days, fill_value=True).astype(bool)


def _seasonal(watch: Watch, rule: RiseRule) -> pd.Series:
    """Return by what each part's share grew in the same weeks of last year, at least 1; empty where nobody knows."""
    then = _weeks(watch, rule, watch.last - _YEAR)
    if then is None or not (then.whole > 0).all():
        return pd.Series(dtype="float64")
    share = then.share
    return (share.iloc[-1] / share.iloc[0].where(share.iloc[0] > 0)).clip(lower=1.0)
