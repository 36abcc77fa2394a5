"""How long cases take until they end, and which are still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.engines import quoted
from reportkit.metrics.query import Result
from reportkit.metrics.views import UNKNOWN
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["HOURS", "Handling", "handling"]

HOURS = "aftersale_hours"
# What a case may still be waiting for; any other state has an end, told or not.
_WAITING = ("requested", "processing", "return_in_transit")
_COUNTS = ("cases", "n", "in_time", "late")
_LONGEST = 400  # days: what was asked for before is not followed any more

_SPREAD = """
SELECT {part} AS part, count(*) AS cases, count(hours) AS n, {quantiles},
  CAST(sum(CASE WHEN hours IS NULL AND status_std IN ({waiting}) THEN 1 ELSE 0 END) AS DOUBLE) AS waiting,
  CAST(sum(CASE WHEN hours <= {sla} THEN 1 ELSE 0 END) AS DOUBLE) AS in_time,
  CAST(coalesce(sum(CASE WHEN hours > {sla} THEN refund_goods_amt END), 0) AS DOUBLE) AS late_amount
FROM (SELECT *, date_diff('minute', applied_at, ended_at) / 60.0 AS hours FROM ({rows}))
GROUP BY ALL
"""
_QUANTILES = {"p10": 0.1, "q1": 0.25, "median": 0.5, "q3": 0.75, "p90": 0.9}

_OPEN = """
SELECT *, date_diff('day', applied_date, DATE '{last}') AS days
FROM ({rows})
WHERE CAST(ended_at AS DATE) > DATE '{last}'
  OR (ended_at IS NULL AND status_std IN ({waiting}))
"""


@dataclass(frozen=True)
class Handling:
    """Hours from a case being asked for to its end, and what is open on the last day.

    `spread` has one row a part of `dimension`: cases asked for in the period, n (of them ended), p10, q1, median, q3,
    p90 (hours), waiting (not ended yet), in_time and late (ended within and beyond the limit) and late_amount (money of the latter); `weeks` the
    same by week (the Monday), of the last weeks of which nearly all cases have ended. `open` counts open cases by part (rows) and age group (columns 0, 1, …;
    the last one is overdue), `overdue_amount` is the money of the latter.
    """

    dimension: str
    result: Result
    spread: pd.DataFrame
    weeks: pd.DataFrame
    weeks_result: Result
    open: pd.DataFrame
    overdue_amount: float
    open_sql: str

    def figure(self, column: str, part: str) -> Figure:
        """Return one number of `spread` with the rows behind it."""
        unit: Unit = "money" if column == "late_amount" else "count" if column in _COUNTS else "hours"
        dims = {self.dimension: part}
        rows = self.result.rows_sql(HOURS, **dims)
        return Figure(f"handling.{column}", number(self.spread, part, column), unit, dims, rows)

    def week(self, column: str, place: int) -> Figure:
        """Return one number of the week at `place` of `weeks` with the rows of all weeks."""
        day = f"{self.weeks.index[place]:%Y-%m-%d}"
        value = float(self.weeks[column].iloc[place])
        return Figure(
            f"handling.week_{column}", value, "hours", {"day": day}, self.weeks_result.rows_sql(HOURS)
        )

    def waiting(self, name: str) -> Figure:
        """Return how many cases are ``open`` or ``overdue``, or the ``overdue_amount``, with their rows."""
        counts = {"open": self.open.to_numpy().sum(), "overdue": self.open.iloc[:, -1].sum()}
        value = counts.get(name, self.overdue_amount)
        unit: Unit = "count" if name in counts else "money"
        return Figure(f"handling.{name}", float(value), unit, {}, {"refund_cases": self.open_sql})


def handling(study: Study) -> Handling:
    """Return how long the cases asked for in the period took, and which are open at its end."""
    dimension, result, spread = _parts(study)
    rules = study.service.handling
    monday = study.last - timedelta(days=study.last.weekday() + 7 * (rules.weeks - 1))
    span = study.metrics.period(f"{monday}/{study.last}")
    weekly = study.ask([HOURS], period=span)
    weeks = _spread(study, weekly, "CAST(date_trunc('week', applied_date) AS DATE)")
    weeks.index = pd.to_datetime(weeks.index)
    weeks = weeks[weeks["waiting"] <= rules.waiting * weeks["cases"]]
    open_sql = _open_sql(study)
    counts, amount = _open(study, open_sql, dimension)
    return Handling(dimension, result, spread, weeks, weekly, counts, amount, open_sql)


def _parts(study: Study) -> tuple[str, Result, pd.DataFrame]:
    """Return the hours by platform or shop; within one shop by what kind of case it was, where that is told."""
    told = []
    for dimension in (study.across, "type"):
        result = study.ask([HOURS], by=[dimension])
        spread = _spread(study, result, _column(study, dimension))
        told.append((dimension, result, spread))
        if (spread["n"] > 0).sum() > 1:
            return told[-1]
    return told[0]


def _column(study: Study, dimension: str) -> str:
    return f"coalesce({study.metrics.catalog.views['refund_cases'].dimensions[dimension]}, '{UNKNOWN}')"


def _spread(study: Study, result: Result, part: str) -> pd.DataFrame:
    """Return how hours spread over the cases behind `result`, by the SQL expression `part`."""
    quantiles = ", ".join(f"quantile_cont(hours, {share}) AS {name}" for name, share in _QUANTILES.items())
    columns = ["cases", "n", *_QUANTILES, "waiting", "in_time", "late", "late_amount"]
    if not (rows := result.rows_sql(HOURS)):
        return pd.DataFrame(columns=columns, dtype="float64")
    sql = _SPREAD.format(
        part=part,
        quantiles=quantiles,
        sla=study.service.handling.sla,
        rows="".join(rows.values()),
        waiting=_listed(),
    )
    found = study.metrics.engine.frame(sql).set_index("part").sort_index()
    return found.assign(late=found["n"] - found["in_time"])[columns].astype("float64")


def _open_sql(study: Study) -> str:
    """Return the SELECT of the cases that are open at the end of the last day."""
    first = study.last - timedelta(days=_LONGEST)
    asked = study.ask([HOURS], period=study.metrics.period(f"{first}/{study.last}")).rows_sql(HOURS)
    if not asked:
        return ""
    return _OPEN.format(last=study.last, rows="".join(asked.values()), waiting=_listed())


def _listed() -> str:
    return ", ".join(quoted(state) for state in _WAITING)


def _open(study: Study, sql: str, dimension: str) -> tuple[pd.DataFrame, float]:
    """Return open cases by part and age group, and the money of those in the last group."""
    ages = study.service.handling.ages
    groups = list(range(len(ages) + 1))
    if not sql:
        return pd.DataFrame(columns=groups, dtype="float64"), 0.0
    columns = f"{_column(study, dimension)} AS part, days, CAST(refund_goods_amt AS DOUBLE) AS amount"
    found = study.metrics.engine.frame(f"SELECT {columns} FROM ({sql})")
    age = pd.cut(found["days"], [-1, *ages, float("inf")], labels=groups).astype("int64")
    counts = pd.crosstab(found["part"], age).reindex(columns=groups, fill_value=0)
    return counts.astype("float64"), float(found.loc[age == groups[-1], "amount"].sum())
