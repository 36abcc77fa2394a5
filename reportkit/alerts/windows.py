"""The last days against those before: rates, quotients, shares, and refunds of the same age."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit
from scipy.stats import norm

from reportkit.alerts.alert import Scope, Signal
from reportkit.alerts.calendar import COMPANY
from reportkit.alerts.rules import LAYERS, ChangeRule, Level, RateRule, SameAgeRule, ShareRule
from reportkit.alerts.watch import Watch, money_each, platform_of, scope_of
from reportkit.analysis.anomaly import discovered
from reportkit.analysis.shift import Change, Rates, change, rates

__all__ = ["changes", "rated", "same_age", "shared"]

_EXPECTED = 5.0  # hits below which a rate's score says nothing
_COHORTS = """
SELECT platform_id, paid_date AS day, date_diff('day', paid_date, known_day) AS age, count(DISTINCT order_key) AS k
FROM (
  SELECT platform_id, order_key, paid_date, min(coalesce(refunded_date, applied_date, CAST(exported_at AS DATE))) AS known_day
  FROM refund_cases
  WHERE is_refund AND paid_date BETWEEN DATE '{first}' AND DATE '{last}'
  GROUP BY platform_id, order_key, paid_date
) AS cases
WHERE known_day <= DATE '{last}'
GROUP BY ALL
ORDER BY ALL
"""


def _usual_days(frame: pd.DataFrame, watch: Watch) -> pd.DataFrame:
    """Return `frame` without the days that do not count."""
    return pd.DataFrame(
        {part: frame[part].where(watch.usable[platform_of(part)]) for part in frame.columns},
        index=frame.index,
    )


def _open_days(frame: pd.DataFrame, watch: Watch) -> pd.DataFrame:
    return pd.DataFrame({part: watch.open[platform_of(part)] for part in frame.columns}, index=frame.index)


def _met(condition: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, str]]:
    """Yield day and part wherever a condition is met, oldest first."""
    for day, part in zip(*np.nonzero(condition.fillna(False).to_numpy(dtype=bool)), strict=True):
        yield condition.index[day], condition.columns[part]


def _at(frame: pd.DataFrame, day: pd.Timestamp, part: str) -> float:
    value: Any = frame.at[day, part]
    return float(value)


def rated(watch: Watch, name: str, rule: RateRule) -> Iterator[Signal]:
    """Yield the days on which a rate is not that of its weekday, or of the days before."""
    for layer in rule.over:
        k, n = (_usual_days(watch.wide(request, layer), watch) for request in (rule.k, rule.n))
        k = k.reindex(columns=n.columns)
        weekday = watch.calendar.weekday if rule.recent == 1 else None
        told = rates(k, n, before=watch.book.before, recent=rule.recent, weekday=weekday)
        gap = told.rate - told.usual
        wanted = _wanted(gap, rule.directions) & _open_days(n, watch)
        sized = (gap.abs() >= rule.delta) & (gap.abs() >= rule.relative * told.usual)
        tried = (told.n >= rule.least) & (told.n * told.usual >= _EXPECTED)
        met = wanted & tried & sized & (told.z.abs() >= rule.z)
        if rule.discovery:
            met &= _found(told.z.where(wanted & tried), watch.book.discovery)
        worth = _worth(watch, rule, layer, k)
        for day, part in _met(met):
            yield _rate_signal(name, rule.level, scope_of(layer, part), day, part, told, worth)


def _rate_signal(
    name: str, level: Level, scope: Scope, day: pd.Timestamp, part: str, told: Rates, worth: pd.DataFrame
) -> Signal:
    rate, usual, n, z = (_at(frame, day, part) for frame in (told.rate, told.usual, told.n, told.z))
    spread = abs((rate - usual) / z)
    bands = [(max(usual - width * spread, 0.0), usual + width * spread) for width in norm.ppf([0.9, 0.975])]
    each = _at(worth, day, part)
    return Signal(
        name, scope, day.date(), level, int(np.sign(z)), rate, usual, abs(rate - usual) * n * each, z, n,
        bands[0], bands[1], at_once=level == "critical",
    )  # fmt: skip


def _worth(watch: Watch, rule: RateRule, layer: str, k: pd.DataFrame) -> pd.DataFrame:
    """Return the money that comes with one hit; NaN where no money does."""
    if not rule.worth:
        return k * np.nan
    return money_each(watch.wide(rule.worth, layer).reindex(columns=k.columns), k, watch.book.before)


def _found(z: pd.DataFrame, q: float) -> pd.DataFrame:
    """Return which scores stand out among those of their platform and day at the false discovery rate `q`."""
    if z.empty:
        return z.notna()
    long = z.melt(ignore_index=False, var_name="part", value_name="z").reset_index()
    groups = long["day"].astype(str) + " " + long["part"].map(platform_of)
    long["found"] = discovered(pd.Series(2 * norm.sf(long["z"].abs()), long.index), groups, q)
    return long.pivot(index="day", columns="part", values="found").reindex_like(z)


def _wanted(gap: pd.DataFrame, directions: tuple[str, ...]) -> pd.DataFrame:
    return (gap > 0) & ("up" in directions) | (gap < 0) & ("down" in directions)


def changes(watch: Watch, name: str, rule: ChangeRule) -> Iterator[Signal]:
    """Yield the days on which a quotient of the last days is surely not that of the days before."""
    for layer in rule.over:
        x = _usual_days(watch.wide(rule.x, layer), watch)
        y = (
            _usual_days(watch.wide(rule.y, layer), watch).reindex(columns=x.columns)
            if rule.y
            else x.notna() * 1.0
        )
        told = change(x, y, recent=rule.recent, before=watch.book.before, level=watch.book.level)
        gap, z = told.now - told.usual, _z(told, rule, watch.book.level)
        enough = _enough(watch, rule, layer, x) & _wanted(gap, rule.directions) & _open_days(x, watch)
        sized = (told.change.abs() >= rule.share) & (gap.abs() >= rule.points)
        stake = gap.abs() * told.base if rule.y else gap.abs() * rule.recent
        met = enough & sized & told.sure
        if watch.metrics.catalog[rule.x.split(".")[0]].unit == "money":
            met &= stake >= rule.money
        if rule.discovery and layer == "product":
            met &= _found(z.where(enough), watch.book.discovery)
        below = _below(watch, rule, layer, x, y)
        for day, part in _met(met | (below & enough)):
            level: Level = "critical" if _at(below, day, part) else rule.level
            yield _change_signal(name, level, scope_of(layer, part), day, part, told, stake, z)


def _z(told: Change, rule: ChangeRule, level: float) -> pd.DataFrame:
    """Return the change in standard errors, from its interval."""
    width = (np.log1p(told.high) - np.log1p(told.low)) / 2 / stdtrit(rule.recent - 1, (1 + level) / 2)
    return pd.DataFrame(np.log1p(told.change) / width)


def _change_signal(
    name: str,
    level: Level,
    scope: Scope,
    day: pd.Timestamp,
    part: str,
    told: Change,
    stake: pd.DataFrame,
    z: pd.DataFrame,
) -> Signal:
    now, usual, money, size = (_at(frame, day, part) for frame in (told.now, told.usual, stake, z))
    error = np.log(now / usual) / size
    bands = [(usual * np.exp(-w * error), usual * np.exp(w * error)) for w in norm.ppf([0.9, 0.975])]
    return Signal(
        name, scope, day.date(), level, int(np.sign(now - usual)), now, usual, money, size, float("nan"),
        bands[0], bands[1], at_once=level == "critical",
    )  # fmt: skip


def _enough(watch: Watch, rule: ChangeRule, layer: str, x: pd.DataFrame) -> pd.DataFrame:
    """Return where the last days had enough of what the rule is based on (bool)."""
    if not rule.base:
        return x.notna()
    base = watch.wide(rule.base, layer).reindex(columns=x.columns)
    return base.rolling(rule.recent, min_periods=1).mean() >= rule.least


def _below(watch: Watch, rule: ChangeRule, layer: str, x: pd.DataFrame, y: pd.DataFrame) -> pd.DataFrame:
    """Return where the quotient was below its floor on so many days in a row (bool)."""
    if not rule.floor:
        return pd.DataFrame(False, index=x.index, columns=x.columns)
    above, under = (
        _usual_days(watch.wide(request, layer), watch).reindex(columns=x.columns) for request in rule.floor
    )
    sums = [
        frame.rolling(watch.book.before, min_periods=watch.book.before // 2).sum() for frame in (above, under)
    ]
    floor = sums[0] / sums[1].where(sums[1] > 0)
    short = (x / y < floor).astype("float64").where(x.notna() & floor.notna(), 0.0)
    return short.rolling(rule.floor_days).sum() >= rule.floor_days


def shared(watch: Watch, name: str, rule: ShareRule) -> Iterator[Signal]:
    """Yield the days on which the largest part of a layer has a larger share than before, or beyond the limit."""
    for layer in rule.over:
        values = watch.wide(rule.metric, layer)
        sums = values.rolling(rule.recent, min_periods=1).sum()
        shops = [platform_of(part) if len(LAYERS[layer]) > 1 else COMPANY for part in sums.columns]
        whole = sums.T.groupby(shops).transform("sum").T
        share = sums / whole.where(whole > 0)
        if len(share.columns) < 2:
            continue
        before = share.shift(rule.recent)
        top = share.eq(share.T.groupby(shops).transform("max").T)
        chance = _chance(watch, layer, shops, share, rule.recent)
        risen = top & (share - before >= np.maximum(rule.points, rule.z * chance)) & _open_days(share, watch)
        for day, part in _met(risen | (top & (share > rule.above) & _open_days(share, watch))):
            now = _at(share, day, part)
            usual = _at(before, day, part) if risen.at[day, part] else rule.above
            stake = (now - usual) * _at(whole, day, part)
            yield Signal(
                name, scope_of(layer, part), day.date(), rule.level, 1, now, usual, stake, unit="percent"
            )


def _chance(watch: Watch, layer: str, shops: list[str], share: pd.DataFrame, recent: int) -> pd.DataFrame:
    """Return the standard error of the difference of two shares of money, from the orders of both windows."""
    orders = watch.wide("orders", layer).reindex(columns=share.columns).rolling(recent, min_periods=1).sum()
    whole = orders.T.groupby(shops).transform("sum").T
    each = (share * (1 - share)).clip(lower=0) * (1 + watch.book.noise**2)
    return pd.DataFrame(np.sqrt(each / whole + each.shift(recent) / whole.shift(recent)))


def same_age(watch: Watch, name: str, rule: SameAgeRule) -> Iterator[Signal]:
    """Yield the days on which more orders of the last days old enough had come back at that age than is usual."""
    orders = _usual_days(watch.wide("orders", "platform"), watch)
    seen = watch.metrics.engine.frame(_COHORTS.format(first=watch.days[0].date(), last=watch.last))
    young = seen[seen["age"] <= rule.age].assign(day=lambda frame: pd.to_datetime(frame["day"]))
    k = (
        young.pivot_table(index="day", columns="platform_id", values="k", aggfunc="sum")
        .reindex(watch.days)
        .fillna(0.0)
    )
    refunds = watch.wide("net_sales.refund_date", "platform").notna()
    known = refunds.reindex(columns=orders.columns, fill_value=False)
    k = k.reindex(columns=orders.columns, fill_value=0.0).where(orders.notna() & known)
    told = rates(k.shift(rule.age), orders.shift(rule.age), before=rule.before, recent=rule.recent)
    gap = told.rate - told.usual
    sized = (gap >= rule.delta) & (gap >= rule.relative * told.usual)
    rested = watch.rested[orders.columns].shift(rule.age, fill_value=False)
    judged = rested.mul(watch.days >= pd.Timestamp(watch.first), axis=0)
    met = (told.n >= rule.least) & (told.z >= rule.z) & sized & judged
    money, count = (watch.wide(request, "platform") for request in ("gmv", "orders"))
    each = money_each(money, count, watch.book.before)
    for day, part in _met(met):
        level: Level = "critical" if _at(gap, day, part) >= rule.critical else rule.level
        yield _rate_signal(name, level, scope_of("platform", part), day, part, told, each)
