"""How many hours the stock of each best seller lasts: what was counted, less what was ordered since, over what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportkit.analysis.pacing import run_out, speed
from reportkit.engines import quoted
from reportkit.quality.figure import Figure, Unit
from reportkit.study.goods import variants
from reportkit.study.products import Stock
from reportkit.study.rows import number
from reportkit.study.running.clock import Clock, local
from reportkit.study.running.hours import Hours
from reportkit.study.supply import supply

if TYPE_CHECKING:
    from reportkit.study.running.rules import CoverRules, RunningRules
    from reportkit.study.study import Study

__all__ = ["Cover", "read_cover"]

_DAY = pd.Timedelta(days=1)
_HOUR = pd.Timedelta(hours=1)
_PER_DAY = 24
_COLUMNS = [
    "counted", "sold", "left", "speed", "next_day", "hours", "earliest", "latest", "out_at", "wanted", "missing",
    "next_arrival", "overdue",
]  # fmt: skip

# A count stands for the end of its day, unless it was written before that; one written later knows no more.
_COUNTS = """
SELECT sku_id AS sku, CAST(sum(available) AS DOUBLE) AS counted, min(least(written, ends)) AS counted_at
FROM (
  SELECT sku_id, coalesce(available, on_hand) AS available, {written} AS written,
    CAST(date + INTERVAL 1 DAY AS TIMESTAMP) AS ends,
    rank() OVER (PARTITION BY platform_id, coalesce(warehouse, '') ORDER BY date DESC) AS place
  FROM inventory
  WHERE date BETWEEN DATE '{first}' AND DATE '{last}' AND least({written}, CAST(date + INTERVAL 1 DAY AS TIMESTAMP)) <= {now}
)
WHERE place = 1
GROUP BY sku_id
"""

# An order takes its goods when it is placed; where only the day of that is told, when it is paid.
_TAKEN = """
SELECT line.merchant_sku AS sku, line.platform_id AS platform, {paid} AS paid,
  CASE WHEN {created} = date_trunc('day', {created}) THEN {paid} ELSE coalesce({created}, {paid}) END AS placed,
  CAST(line.pieces AS DOUBLE) AS pieces, CAST(line.goods_receivable_amt AS DOUBLE) AS amount
FROM sku_lines AS line
JOIN orders AS sale ON line.order_key = sale.order_key
WHERE line.is_sale AND line.merchant_sku IS NOT NULL AND ({told})
  AND line.paid_date BETWEEN DATE '{first}' AND DATE '{last}'
"""


@dataclass(frozen=True)
class Cover:
    """The best sellers that have stock counts, most urgent first; for all platforms, whatever the scope.

    `table` is by SKU: counted (units at the last count), sold (ordered since), left; speed (1: as last year's course
    from its usual sales), next_day (units expected of the next 24 hours), hours until it is out (0: it is, infinite:
    not within the promotion), between earliest and latest, out_at (time), wanted (units to the end of the promotion), missing (wanted - left, at
    least 0); next_arrival and overdue (days, see study.supply). `at` is when the last count was made, None where
    there is none or the promotion is over; `called` the SKUs that may be out within the hours of the rules, at the earliest.
    """

    table: pd.DataFrame
    at: pd.Timestamp | None
    called: tuple[str, ...]

    def figure(self, sku: str, column: str) -> Figure:
        """Return one number of `table` with the counts and the order lines behind it."""
        unit: Unit = "hours" if column == "hours" else "count"
        day = (
            self.at.date() - timedelta(days=1)
            if self.at is not None and self.at == self.at.normalize()
            else self.at
        )
        rows = {
            "inventory": f"SELECT * FROM inventory WHERE sku_id = {quoted(sku)} AND date = DATE '{day:%Y-%m-%d}'",
            "sku_lines": f"SELECT * FROM sku_lines WHERE is_sale AND merchant_sku = {quoted(sku)} "
            f"AND paid_date >= DATE '{day:%Y-%m-%d}'",
        }
        return Figure(f"running.cover_{column}", number(self.table, sku, column), unit, {"sku": sku}, rows)


def read_cover(study: Study, rules: RunningRules, clock: Clock, hours: Hours) -> Cover:
    """Return the cover of the best sellers at the clock's time."""
    now, end = clock.now, pd.Timestamp(study.period.end) + _DAY
    counts = _counts(study, now) if now is not None and now < end else pd.DataFrame()
    if now is None or counts.empty:
        return Cover(pd.DataFrame(columns=_COLUMNS), None, ())
    taken = _taken(study, rules.cover, clock, now)
    skus = [sku for sku in _best(taken, rules.cover.share) if sku in counts.index]
    table = counts.loc[skus].copy()
    own = taken[taken["sku"].isin(skus)]
    since = own[own["placed"] > own["sku"].map(table["counted_at"])]
    table["sold"] = since.groupby("sku")["pieces"].sum().reindex(skus).fillna(0.0)
    table["left"] = table["counted"] - table["sold"]
    table = table.join(_lasts(study, rules.cover, clock, _courses(hours, clock, now), own, table))
    table["out_at"] = now + pd.to_timedelta(table["hours"].where(np.isfinite(table["hours"])), unit="h")
    table["missing"] = (table["wanted"] - table["left"].clip(lower=0)).clip(lower=0)
    table = table.join(_coming(study, study.products.stock, skus))
    table = table.sort_values(["earliest", "hours", "missing"], ascending=[True, True, False])
    called = tuple(map(str, table.index[table["earliest"] <= rules.cover.call]))
    return Cover(table[_COLUMNS], counts["counted_at"].max(), called)


def _lasts(
    study: Study, rules: CoverRules, clock: Clock, courses: _Courses, own: pd.DataFrame, table: pd.DataFrame
) -> pd.DataFrame:
    """Return what _lasting says of every SKU of `table`."""
    now = clock.now
    assert now is not None
    end = (pd.Timestamp(study.period.end) + _DAY - now) / _HOUR
    # What is told by the day is paid in its middle.
    shift = pd.to_timedelta(own["platform"].isin(clock.days_only) * _PER_DAY / 2, unit="h")
    recent = own.assign(at=(own["paid"] + shift - now) / _HOUR)
    recent = recent[recent["at"] > -_PER_DAY * rules.days]
    since = table.assign(counted_at=(table["counted_at"] - now) / _HOUR)
    parts = dict(tuple(recent.groupby("sku")))
    told = [
        _lasting(rules, courses, parts.get(sku, recent.head(0)), since.loc[sku], end) for sku in table.index
    ]
    return pd.DataFrame(told, index=table.index, dtype="float64")


def _counts(study: Study, now: pd.Timestamp) -> pd.DataFrame:
    sql = _COUNTS.format(
        written=local(study, "exported_at"), now=f"TIMESTAMP '{now}'", last=now.date(),
        first=now.date() - timedelta(days=31),
    )  # fmt: skip
    return study.metrics.engine.frame(sql).set_index("sku").sort_index()


def _taken(study: Study, rules: CoverRules, clock: Clock, now: pd.Timestamp) -> pd.DataFrame:
    paid = local(study, "line.paid_at")
    sql = _TAKEN.format(
        paid=paid, created=local(study, "sale.created_at"),
        told=" OR ".join(clock.told(name, paid) for name in clock.until).replace("(platform_id", "(line.platform_id"),
        first=now.date() - timedelta(days=max(rules.days, 31)), last=now.date(),
    )  # fmt: skip
    return study.metrics.engine.frame(sql)


def _best(taken: pd.DataFrame, share: float) -> list[str]:
    """Return the SKUs that bring the first `share` of all sales, the best first."""
    amount = taken.groupby("sku")["amount"].sum().sort_values(ascending=False, kind="stable")
    before = amount.cumsum() - amount
    return [str(sku) for sku in amount.index[(before < share * amount.sum()) & (amount > 0)]]


@dataclass(frozen=True)
class _Courses:
    """The pieces that each platform would sell from hour to hour (`edges`, hours from now), and what it has sold."""

    edges: np.ndarray
    sums: dict[str, np.ndarray]
    known: dict[str, float]

    def sum(self, platform: str, first: float, last: float) -> float:
        """Return the pieces from `first` to `last`, hours from now."""
        ends = np.interp([first, last], self.edges, self.sums[platform])
        return float(ends[1] - ends[0])

    def steps(self, platform: str, edges: np.ndarray) -> np.ndarray:
        """Return the pieces between `edges`, none of before the platform's orders are known."""
        return np.diff(np.interp(np.maximum(edges, self.known[platform]), self.edges, self.sums[platform]))


def _courses(hours: Hours, clock: Clock, now: pd.Timestamp) -> _Courses:
    """Return the courses by last year's promotion; the same at every hour where there is none."""
    index = pd.DatetimeIndex(hours.pieces.index)
    edges = float((index[0] - now) / _HOUR) + np.arange(len(index) + 1)
    flat = not hours.compared
    sums = {
        str(name): np.concatenate([[0.0], np.cumsum(np.ones(len(index)) if flat else values.fillna(0.0))])
        for name, values in hours.pieces.items()
    }
    return _Courses(edges, sums, {name: (until - now) / _HOUR for name, until in clock.until.items()})


def _lasting(
    rules: CoverRules, courses: _Courses, own: pd.DataFrame, row: pd.Series, end: float
) -> dict[str, float]:
    """Return speed, next_day, hours, earliest, latest and wanted of one SKU, of which `own` was sold.

    `own` has platform, at (hours from now) and pieces; `end` is that of the promotion, `counted_at` that of the count.
    """
    counted, left, told = float(row["counted_at"]), float(row["left"]), np.zeros(2)
    edges = np.append(np.arange(min(0.0, *courses.known.values()), end), end)
    edges = edges[edges >= min(counted, 0.0)]
    demand = np.zeros(len(edges) - 1)
    heard = float(own["at"].max()) if left <= 0 and len(own) else 0.0  # what is out tells no demand any more
    for platform, known in courses.known.items():
        sold, last = own[own["platform"] == platform], min(known, heard)
        units, due = float(sold["pieces"].sum()), courses.sum(platform, -_PER_DAY * rules.days, last)
        if units and due:
            usual = units / due
            demand = demand + usual * courses.steps(platform, edges)
            recent = float(sold.loc[sold["at"] > last - rules.recent, "pieces"].sum())
            told += recent, usual * courses.sum(platform, last - rules.recent, last)
    fast = speed(float(told[0]), float(told[1]), rules.prior)
    demand = demand * fast
    share = np.sqrt(1 / max(left, 1.0) + 1 / (told[0] + rules.prior)) * ndtri((1 + rules.level) / 2)
    ends = [max(run_out(left * factor, demand, edges), 0.0) for factor in (1, np.exp(-share), np.exp(share))]
    return {
        "speed": fast, "next_day": float(demand[(edges[:-1] >= 0) & (edges[:-1] < _PER_DAY)].sum()),
        "hours": ends[0], "earliest": ends[1], "latest": ends[2], "wanted": float(demand.sum()),
    }  # fmt: skip


def _coming(study: Study, stock: Stock, skus: list[str]) -> pd.DataFrame:
    """Return the days until the next delivery, and those by which one is overdue."""
    known = variants(study.metrics).reindex(skus)
    return supply(study.metrics, known, study.last, stock)[["next_arrival", "overdue"]]
