"""Hard limits: targets, times, settlements, faulty products, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from reportkit.alerts.alert import Signal, chance
from reportkit.alerts.rules import (
    DueRule,
    FaultRule,
    Level,
    LineRule,
    PaceRule,
    SettleRule,
    ShippedRule,
    ThresholdRule,
)
from reportkit.alerts.watch import Watch
from reportkit.analysis.proportions import wilson
from reportkit.engines import quoted
from reportkit.metrics.periods import enclosing
from reportkit.quality.settling import settle
from reportkit.study.channels import losing_lines
from reportkit.study.faults import above_others
from reportkit.study.rows import records

__all__ = ["behind", "beyond", "due", "faulty", "losing", "settled", "shipped"]

_DAY = timedelta(days=1)
_ORDERS = "orders"
_WEEK = timedelta(days=7)
_SHIPPED = """
SELECT
  platform_id, paid_date AS day, count(*) AS n,
  count(CASE WHEN date_diff('minute', paid_at, shipped_at) <= 60 * {hours} THEN 1 END) AS k, count(shipped_at) AS told
FROM marked_orders
WHERE is_sale AND paid_at IS NOT NULL AND paid_date BETWEEN DATE '{first}' AND DATE '{last}'
  AND (shipped_at IS NOT NULL OR (closed_at IS NULL AND status_std IS DISTINCT FROM 'closed'))
GROUP BY ALL
ORDER BY ALL
"""
_DUE = "SELECT * FROM actions WHERE status IN ({open}) AND due_date < DATE '{day}' ORDER BY action_id"


def behind(watch: Watch, name: str, rule: PaceRule) -> Iterator[Signal]:
    """Yield the platforms whose target of the month, or of the month's budget, is missed by the days gone."""
    month = enclosing("month", watch.last)
    if (watch.last - month.start + _DAY) / (month.end - month.start + _DAY) < rule.after:
        return
    found = [
        watch.metrics.query([rule.metric, rule.worth, _ORDERS], by=by, period=month, as_of=watch.last)
        for by in ([], ["platform"])
    ]
    for result in found:
        told = result.frame[result.frame["metric"] == rule.metric].dropna(subset="value")
        for row in told.to_dict("records"):
            value = float(row["value"])
            scope = (("platform", str(row["platform_id"])),) if "platform_id" in row else ()
            level = _level(value, rule)
            if level and not _by_chance(watch, rule, value, result.cell(_ORDERS, **dict(scope))):
                limit = rule.above if rule.above is not None and value > rule.above else rule.warn
                rows = result.rows_sql(rule.metric, **dict(scope))
                sign = -1 if value < 1 else 1
                money = result.cell(rule.worth, **dict(scope)) or float("nan")
                stake = abs(money / value - money) if value else float("nan")
                yield Signal(
                    name, scope, watch.last, level, sign, value, limit or 1.0, stake, at_once=True,
                    since=month.start, rows_sql=rows,
                )  # fmt: skip


def _level(value: float, rule: PaceRule) -> Level | None:
    if rule.critical is not None and value < rule.critical:
        return "critical"
    if rule.warn is not None and value < rule.warn:
        return "warn" if rule.above is None else rule.level
    return rule.level if rule.above is not None and value > rule.above else None


def _by_chance(watch: Watch, rule: PaceRule, value: float, orders: float | None) -> bool:
    """Tell whether as many orders come to so little by chance where the target is met on average."""
    if not rule.z or not orders or value >= 1:
        return False
    noise = np.sqrt((1 + watch.book.noise**2) / orders)
    return bool(value * (1 + rule.z * noise) >= 1)


def beyond(watch: Watch, name: str, rule: ThresholdRule) -> Iterator[Signal]:
    """Yield the weeks in which a metric of a platform lies beyond its limit; the last whole one lasts until today."""
    monday = watch.first - timedelta(days=watch.first.weekday())
    asked, span = [rule.metric], watch.period(monday)
    result = watch.metrics.query(asked, by=["platform", "week"], period=span, as_of=watch.last)
    rows = result.frame[result.frame["n"] >= rule.least].dropna(subset="value")
    for row in rows.to_dict("records"):
        value, begun = float(row["value"]), pd.Timestamp(row["week"])
        low = rule.below is not None and value < rule.below
        if low or (rule.above is not None and value > rule.above):
            limit, scope = rule.below if low else rule.above, (("platform", str(row["platform_id"])),)
            sql = result.rows_sql(rule.metric, week=begun.date(), **dict(scope))
            ends = begun + timedelta(days=6)
            today = pd.Timestamp(watch.last)
            for day in pd.date_range(begun, today if today - ends <= _WEEK else ends):
                yield Signal(
                    name, scope, day.date(), rule.level, -1 if low else 1, value, limit or 0.0, float("nan"),
                    n=float(row["n"]), at_once=True, rows_sql=sql,
                )  # fmt: skip


def shipped(watch: Watch, name: str, rule: ShippedRule) -> Iterator[Signal]:
    """Yield the days of payment of which too few orders left in time, told when that time is over."""
    wait = timedelta(hours=rule.hours)
    first, last = watch.first - wait, watch.last - wait
    found = watch.metrics.engine.frame(_SHIPPED.format(hours=rule.hours, first=first, last=last))
    told = found.groupby("platform_id")[["told", "n"]].sum()
    telling = told.index[told["told"] >= told["n"] / 2]
    found = found[found["platform_id"].isin(telling) & (found["n"] >= rule.least)].reset_index(drop=True)
    sure = wilson(found["k"], found["n"], level=watch.book.level)
    for _, row in records(found.join(sure[sure["high"] < rule.below], how="inner")):
        scope, paid = (("platform", str(row["platform_id"])),), pd.Timestamp(row["day"]).date()
        bands = chance(rule.below, _error(rule.below, row["n"]), 1.0)
        yield Signal(
            name, scope, paid + wait, rule.level, -1, row["rate"], rule.below, float("nan"), float("nan"),
            float(row["n"]), *bands, unit="percent", rows_sql=watch.rows(["orders"], "platform", scope, paid),
        )  # fmt: skip


def settled(watch: Watch, name: str, rule: SettleRule) -> Iterator[Signal]:
    """Yield the platforms that paid short for the orders of the last month that should have been settled by now."""
    month = enclosing("month", enclosing("month", watch.last).start - _DAY)
    found = settle(watch.metrics, month)
    own = found[(found["ledger"] == "settlements") & (found["side"] == "order")]
    for platform, rows in own.groupby("platform_id"):
        amounts = rows.set_index("state")[["due", "difference"]].astype("float64")
        whole = float(amounts.drop(index="pending", errors="ignore")["due"].sum())
        short = -float(amounts.reindex(["unmatched", "under"])["difference"].sum())
        if whole > 0 and short / whole > rule.above:
            sql = {
                str(row["state"]): row["rows_sql"]
                for _, row in records(rows)
                if row["state"] in ("unmatched", "under")
            }
            yield Signal(
                name, (("platform", str(platform)),), watch.last, rule.level, -1, short / whole, rule.above, short,
                at_once=True, unit="percent", since=month.end + _DAY, rows_sql=sql,
            )  # fmt: skip


def faulty(watch: Watch, name: str, rule: FaultRule) -> Iterator[Signal]:
    """Yield the products whose orders came back for their quality more often than others of their category."""
    first = watch.last - (rule.span - 1) * _DAY
    period = watch.period(first)
    cases, orders = "refund_orders.pay_date", "orders"
    sold = watch.metrics.query([orders], by=["style", "category"], period=period, as_of=watch.last).frame
    back = watch.metrics.query(
        [cases, "refund_amount.pay_date"], by=["style", "reason"], period=period, as_of=watch.last
    )
    kept = back.frame[back.frame["reason"].isin(rule.reasons)]
    k, money = (kept[kept["metric"] == one].groupby("style")["value"].sum() for one in back.requests)
    n = sold.groupby("style")["value"].sum()
    kind = sold.sort_values("value").groupby("style")["category"].last().reindex(n.index)
    told = above_others(k.reindex(n.index).fillna(0.0), n, kind, rule.least, watch.book.discovery, rule.times)
    for style, row in records(told[told["listed"]]):
        level: Level = "critical" if row["times"] >= rule.critical else "warn"
        stake = float(money.get(style, 0.0)) * (1 - 1 / row["times"])
        yield Signal(
            name, (("style", style),), watch.last, level, 1, row["rate"], row["usual"], stake, float("nan"), row["n"],
            *chance(row["usual"], _error(row["usual"], row["n"]), 1.0), at_once=True, named=enclosing("month", watch.last).start, rows_sql=back.rows_sql(cases, style=style),
        )  # fmt: skip


def _error(rate: float, n: float) -> float:
    """Return the standard error of a share of `n`."""
    return float(np.sqrt(rate * (1 - rate) / n))


def losing(watch: Watch, name: str, rule: LineRule) -> Iterator[Signal]:
    """Yield the lines of advertising that buy cheap clicks and sold less in 28 days than pays for them."""
    above, under = (watch.wide(request, "platform").tail(watch.book.before).sum() for request in rule.floor)
    for line, roas, even in losing_lines(watch.study, above / under.where(under > 0), rule.spend):
        stake, kept = line.spend * (1 - roas / even), {line.dimension: line.value}
        if stake >= rule.money:
            yield Signal(
                name, (("platform", line.platform), *kept.items()), watch.last, rule.level, -1, roas, even, stake,
                at_once=True, unit="ratio", named=enclosing("month", watch.last).start,
                rows_sql=line.result.rows_sql(rule.metric, platform=line.platform, **kept),
            )  # fmt: skip


def due(watch: Watch, name: str, rule: DueRule) -> Iterator[Signal]:
    """Yield the actions that are not done and should be."""
    listed = ", ".join(map(quoted, rule.open))
    sql = _DUE.format(open=listed, day=watch.last)
    for _, row in records(watch.metrics.engine.frame(sql)):
        was_due: date = pd.Timestamp(row["due_date"]).date()
        late = (watch.last - was_due).days
        level: Level = "critical" if late > rule.critical else "warn"
        key = str(row["action_id"])
        yield Signal(
            name, (("action", key),), watch.last, level, 1, float(late), 0.0, float("nan"), at_once=True,
            unit="days", since=was_due + _DAY, rows_sql={"actions": f"SELECT * FROM actions WHERE action_id = {quoted(key)}"},
        )  # fmt: skip
