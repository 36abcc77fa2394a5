"""Orders that were held up: days on which they took much longer than usual to leave, or to arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from reportkit.engines import quoted
from reportkit.quality.figure import Figure, Unit
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["STEPS", "Delay", "Delays", "delays"]

# The first of these times that a platform tells of its orders is the one that is followed.
STEPS = ("shipped_at", "signed_at", "completed_at")
_TOLD = 0.5  # of the orders

# An order that has not got there, and is neither closed nor asked back, has waited until now; it counts when that is
# longer than most take.
_ORDERS = """
WITH told AS (
  SELECT sale.platform_id AS platform, sale.paid_date AS day, sale.paid_at, total.goods,
    CASE sale.platform_id {cases} END AS reached,
    sale.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM refunds WHERE refunds.order_key = sale.order_key) AS waits
  FROM ({rows}) AS sale
  JOIN order_totals AS total ON sale.order_key = total.order_key
  WHERE sale.is_sale AND sale.paid_at IS NOT NULL
), timed AS (
  SELECT *,
    CASE WHEN reached <= {until} THEN date_diff('minute', paid_at, reached) / 60.0 END AS taken,
    CASE WHEN reached > {until} OR waits THEN date_diff('minute', paid_at, {until}) / 60.0 END AS waited
  FROM told
), counted AS (
  SELECT platform, day, goods,
    coalesce(taken, CASE WHEN waited > quantile_cont(taken, 0.9) OVER (PARTITION BY platform) THEN waited END) AS hours
  FROM timed
)
SELECT platform, day, count(hours) AS n, CAST(avg(hours) AS DOUBLE) AS mean,
  CAST(coalesce(var_samp(hours), 0) AS DOUBLE) AS var, CAST(sum(goods) AS DOUBLE) AS amount
FROM counted
WHERE hours >= 0
GROUP BY ALL
ORDER BY ALL
"""


@dataclass(frozen=True)
class Delay:
    """Days next to each other on which a platform's orders took longer from payment to `step` (one of STEPS).

    `hours` and `usual` are means, `longer` their difference, between `low` and `high`; `orders` and `amount`
    (money) are those of these days.
    """

    platform: str
    step: str
    first: date
    last: date
    orders: int
    amount: float
    hours: float
    usual: float
    low: float
    high: float
    rows_sql: str

    @property
    def longer(self) -> float:
        """By how many hours they took longer."""
        return self.hours - self.usual

    def figure(self, column: str) -> Figure:
        """Return one of its numbers with its orders."""
        unit: Unit = "count" if column == "orders" else "money" if column == "amount" else "hours"
        dims = {"platform": self.platform, "first": self.first.isoformat()}
        return Figure(
            f"delay.{column}", float(getattr(self, column)), unit, dims, {"marked_orders": self.rows_sql}
        )


@dataclass(frozen=True)
class Delays:
    """Every delay that touches the period, the longest first; `steps` says what each platform tells of its orders."""

    found: tuple[Delay, ...]
    steps: dict[str, str]


def delays(study: Study) -> Delays:
    """Find the days of the period on which orders were held up."""
    first = study.period.start - timedelta(days=study.service.delays.usual)
    rows = rows_within(study, "marked_orders", "paid_date", first, study.last)
    steps = _steps(study, rows)
    if not steps:
        return Delays((), {})
    cases = " ".join(f"WHEN {quoted(platform)} THEN sale.{step}" for platform, step in steps.items())
    zone = ZoneInfo(study.project.settings.timezone)
    ends = datetime.combine(study.as_of + timedelta(days=1), time(), zone).astimezone(UTC)
    until = f"TIMESTAMP '{ends:%Y-%m-%d %H:%M:%S}'"
    days = study.metrics.engine.frame(_ORDERS.format(cases=cases, rows=rows, until=until))
    days = days.assign(day=pd.to_datetime(days["day"]))
    found = [
        _delay(study, str(platform), steps[str(platform)], own, run)
        for platform, own in days.groupby("platform")
        for run in _runs(study, own)
    ]
    touching = [delay for delay in found if delay.last >= study.period.start]
    return Delays(tuple(sorted(touching, key=lambda delay: -delay.longer * delay.orders)), steps)


def _steps(study: Study, rows: str) -> dict[str, str]:
    """Return the first step that each platform tells of enough of its orders."""
    counts = ", ".join(f"count({step}) / count(*) AS {step}" for step in STEPS)
    told = study.metrics.engine.frame(
        f"SELECT platform_id, {counts} FROM ({rows}) WHERE is_sale GROUP BY 1 ORDER BY 1"
    )
    shares = told.set_index("platform_id")
    firsts = {
        str(name): next((step for step in STEPS if row[step] >= _TOLD), None)
        for name, row in shares.iterrows()
    }
    return {platform: step for platform, step in firsts.items() if step}


def _runs(study: Study, days: pd.DataFrame) -> list[pd.Series]:
    """Return which rows belong to each run of days that are late; what is usual is told by the days that are not."""
    rules = study.service.delays
    told = days["n"] >= rules.least
    if not told.any():
        return []
    usual, spread = days.loc[told, "mean"].median(), np.sqrt(days.loc[told, "var"].median())
    late = _late(study, days, usual, spread)
    calm = days[told & ~late]
    if calm.empty:
        return []
    late = _late(study, days, *_pooled(calm))
    run = (~late | (days["day"].diff() != pd.Timedelta(days=1))).cumsum()
    return [days["day"].isin(own["day"]) for _, own in days[late].groupby(run[late])]


def _late(study: Study, days: pd.DataFrame, usual: float, spread: float) -> pd.Series:
    rules = study.service.delays
    longer = days["mean"] - usual
    z = longer * np.sqrt(days["n"]) / max(spread, 1.0)
    return pd.Series((days["n"] >= rules.least) & (longer >= rules.hours) & (z >= rules.z))


def _pooled(days: pd.DataFrame) -> tuple[float, float]:
    """Return mean and standard deviation of all orders of `days`."""
    n = days["n"]
    mean = (n * days["mean"]).sum() / n.sum()
    var = (n * (days["var"] + (days["mean"] - mean) ** 2)).sum() / n.sum()
    return float(mean), float(np.sqrt(var))


def _delay(study: Study, platform: str, step: str, days: pd.DataFrame, run: pd.Series) -> Delay:
    """Return a delay with the range of its length: days share what holds orders up, so they count, not orders alone."""
    late, calm = days[run], days[~run]
    (hours, spread), (usual, calm_spread) = _pooled(late), _pooled(calm)
    level = (1 + study.service.delays.level) / 2
    by_order = np.sqrt(spread**2 / late["n"].sum() + calm_spread**2 / calm["n"].sum()) * ndtri(level)
    count = len(late)
    by_day = late["mean"].std() / np.sqrt(count) * stdtrit(count - 1, level) if count > 1 else 0.0
    half = float(max(by_order, by_day))
    first, last = (end.date() for end in (late["day"].min(), late["day"].max()))
    sql = f"{rows_within(study, 'marked_orders', 'paid_date', first, last)} AND platform_id = {quoted(platform)}"
    return Delay(
        platform, step, first, last, int(late["n"].sum()), float(late["amount"].sum()), hours, usual,
        hours - usual - half, hours - usual + half, sql,
    )  # fmt: skip
