"""Orders that are paid, have not left, and wait for longer than their platform allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.engines import quoted
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number
from reportkit.study.running.clock import Clock, local
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.running.rules import RunningRules
    from reportkit.study.study import Study

__all__ = ["Waiting", "read_waiting"]

_LOOK = timedelta(days=30)

# Closed and asked back as known at that moment; what an export says of a later day is not known yet.
_OPEN = """
SELECT sale.*, date_diff('minute', sale.{paid}, {until}) / 60.0 AS hours
FROM (SELECT *, {local_paid} AS paid_local FROM ({rows})) AS sale
WHERE sale.is_sale AND sale.paid_local <= {until} AND sale.platform_id = {platform}
  AND (sale.shipped_at IS NULL OR {shipped} > {until})
  AND (sale.completed_at IS NULL OR {completed} > {until})
  AND (sale.closed_at IS NULL OR {closed} > {until})
  AND NOT EXISTS (
    SELECT 1 FROM refunds AS back
    WHERE back.order_key = sale.order_key AND coalesce(back.applied_date, back.refunded_date) <= CAST({until} AS DATE)
  )
"""


@dataclass(frozen=True)
class Waiting:
    """Orders that wait to leave, by platform, those beyond the limit first.

    `table` has waiting and late (orders), late_amount (money), oldest (hours) and limit (hours); `untold` names the
    platforms whose files do not tell when an order leaves. `rows` are the SELECTs of the late orders.
    """

    table: pd.DataFrame
    untold: tuple[str, ...]
    rows: dict[str, str]

    @property
    def late(self) -> int:
        """How many orders wait for too long, on all platforms."""
        return int(self.table["late"].sum())

    def figure(self, column: str, platform: str | None = None) -> Figure:
        """Return one number of `table`, or its sum over all platforms, with the orders behind it."""
        units: dict[str, Unit] = {"late_amount": "money", "oldest": "hours"}
        value = number(self.table, platform, column) if platform else float(self.table[column].sum())
        dims = {"platform": platform} if platform else {}
        rows = [self.rows[platform]] if platform else list(self.rows.values())
        sql = {"marked_orders": " UNION ALL ".join(f"({one})" for one in rows)} if rows else {}
        return Figure(f"running.{column}", value, units.get(column, "count"), dims, sql)


def read_waiting(study: Study, rules: RunningRules, clock: Clock) -> Waiting:
    """Return the orders of the last days that have not left."""
    rows = rows_within(study, "marked_orders", "paid_date", study.as_of - _LOOK, study.as_of)
    told = study.metrics.engine.frame(
        f"SELECT platform_id AS platform, count(shipped_at) AS told FROM ({rows}) WHERE is_sale GROUP BY 1 ORDER BY 1"
    ).set_index("platform")["told"]
    known = [str(name) for name in told.index[told > 0] if name in clock.until]
    sql = {name: _open(study, clock, rows, name) for name in known}
    limits = {name: rules.hours_to_ship(name) for name in known}
    late = {name: f"SELECT * FROM ({sql[name]}) WHERE hours > {limits[name]}" for name in known}
    counts = [_counted(study, sql[name], limits[name]) for name in known]
    columns = ["waiting", "late", "late_amount", "oldest", "limit"]
    table = pd.DataFrame(counts, index=known, columns=columns, dtype="float64")
    untold = tuple(str(name) for name in told.index[told == 0] if name in clock.until)
    return Waiting(table.sort_values("late", ascending=False, kind="stable"), untold, late)


def _open(study: Study, clock: Clock, rows: str, platform: str) -> str:
    times = {name: local(study, f"sale.{name}_at") for name in ("shipped", "completed", "closed")}
    return _OPEN.format(
        rows=rows, platform=quoted(platform), until=f"TIMESTAMP '{clock.until[platform]}'", paid="paid_local",
        local_paid=local(study, "paid_at"), **times,
    )  # fmt: skip


def _counted(study: Study, sql: str, limit: float) -> list[float]:
    ((count, late, amount, oldest),) = study.metrics.engine.rows(
        f"SELECT count(*), count(*) FILTER (WHERE hours > {limit}), "
        f"coalesce(sum(total.goods) FILTER (WHERE hours > {limit}), 0), coalesce(max(hours), 0) "
        f"FROM ({sql}) AS open LEFT JOIN order_totals AS total ON open.order_key = total.order_key"
    )
    return [float(count), float(late), float(amount), float(oldest), limit]
