"""Refunds of a running promotion, at the same age as those of the same days of last year's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.engines import quoted
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number
from reportkit.study.running.clock import Clock
from reportkit.study.running.hours import Hours
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.running.rules import RunningRules
    from reportkit.study.study import Study

__all__ = ["Returned", "read_returned"]

_COHORTS = """
SELECT sale.platform_id AS platform, sale.paid_date AS day, CAST(count(*) AS DOUBLE) AS n,
  CAST(count(*) FILTER (WHERE back.age <= {age}) AS DOUBLE) AS k
FROM ({rows}) AS sale
LEFT JOIN (
  SELECT order_key,
    min(date_diff('day', paid_date, coalesce(refunded_date, applied_date, CAST(exported_at AS DATE)))) AS age
  FROM refund_cases
  WHERE is_refund
  GROUP BY order_key
) AS back ON sale.order_key = back.order_key
WHERE sale.is_sale
GROUP BY ALL
ORDER BY ALL
"""


@dataclass(frozen=True)
class Returned:
    """Orders that came back within `age` days of payment, by platform.

    `table` has k, n and rate of the days that are that old, k_then, n_then and rate_then of their twins last year, z
    of the difference (of two proportions, pooled) and whether it is a rise worth telling (`risen`). `rows` are the SELECTs of the orders.
    """

    table: pd.DataFrame
    age: int
    rows: tuple[str, str]

    @property
    def risen(self) -> tuple[str, ...]:
        """The platforms on which more comes back, the surest first."""
        return tuple(map(str, self.table[self.table["risen"]].sort_values("z", ascending=False).index))

    def figure(self, column: str, platform: str) -> Figure:
        """Return one number of `table` with the orders behind it."""
        unit: Unit = "percent" if column.startswith("rate") else "count"
        side = self.rows[column.endswith("then")]
        rows = {"marked_orders": f"{side} AND platform_id = {quoted(platform)}"}
        return Figure(
            f"running.returned_{column}",
            number(self.table, platform, column),
            unit,
            {"platform": platform},
            rows,
        )


def read_returned(study: Study, rules: RunningRules, clock: Clock, hours: Hours) -> Returned:
    """Compare the orders of the promotion that are old enough with those of the same days last year."""
    age = rules.returned.age
    days = hours.twin.rename("then").reset_index()
    oldest = {name: _last(study, clock, name) - timedelta(days=age) for name in clock.until}
    ends = days["platform"].map(oldest)
    first = pd.Timestamp(study.period.start)
    days = days[(days["day"] >= first) & (days["day"] <= pd.to_datetime(ends)) & days["then"].notna()]
    sides = []
    for name in ("day", "then"):
        sides.append(_side(study, days, name, age))
    (now, rows), (then, rows_then) = sides
    table = now.join(then.add_suffix("_then"))
    pooled = (table["k"] + table["k_then"]) / (table["n"] + table["n_then"])
    gap = table["rate"] - table["rate_then"]
    spread = pooled * (1 - pooled) * (1 / table["n"] + 1 / table["n_then"])
    table["z"] = gap / np.sqrt(spread.where(spread > 0))
    rule = rules.returned
    enough = (table["n"] >= rule.least) & (table["n_then"] >= rule.least)
    return Returned(
        table.assign(risen=enough & (table["z"] >= rule.z) & (gap >= rule.delta)), age, (rows, rows_then)
    )


def _last(study: Study, clock: Clock, platform: str) -> date:
    """Return the last whole day of a platform that its refund files cover."""
    whole = (clock.until[platform].normalize() - pd.Timedelta(days=1)).date()
    covered = study.metrics.coverage.of(platform, ["refunds"])
    return min(whole, max(covered, default=date.min + timedelta(days=365)))


def _side(study: Study, days: pd.DataFrame, column: str, age: int) -> tuple[pd.DataFrame, str]:
    """Return k, n and rate by platform on the days of `column`, and the SELECT of the orders."""
    empty = pd.DataFrame(columns=["k", "n", "rate"], dtype="float64")
    if days.empty:
        return empty, ""
    rows = rows_within(
        study, "marked_orders", "paid_date", days[column].min().date(), days[column].max().date()
    )
    found = study.metrics.engine.frame(_COHORTS.format(rows=rows, age=age))
    found["day"] = pd.to_datetime(found["day"])
    kept = found.merge(days[["platform", column]].rename(columns={column: "day"}), on=["platform", "day"])
    sums = kept.groupby("platform")[["k", "n"]].sum()
    return sums.assign(rate=sums["k"] / sums["n"]), rows
