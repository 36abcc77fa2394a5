"""One case looked into to the end: the largest cause, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.study.channels import read_channels
from reportkit.study.sold import daily
from reportkit.study.stock import counted
from reportkit.study.why.node import Node

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Case", "case"]

_BESIDE = timedelta(days=3)
_PERIODS = 6
_DATES = ("paid_date", "day", "date", "date_from", "created_date")
_BY_DAY = "SELECT CAST({column} AS DATE) AS day, count(*) AS rows FROM ({sql}) GROUP BY 1 ORDER BY 1"


@dataclass(frozen=True)
class Case:
    """The days of one cause, from a few before it: `days` has a row each, by day.

    Of a shelf that ran empty ``available`` and ``sold`` (units), with `rate` its usual demand a day; of a
    channel ``channel`` and ``others`` (visitors) by the first day of each period; of any other cause
    ``rows``, how many rows of `table` speak of it.
    """

    node: Node
    days: pd.DataFrame
    rate: float | None = None
    table: str = ""


def case(study: Study, node: Node) -> Case:
    """Follow `node`, a driver, down to its days."""
    if node.what == "stockout":
        return _shelf(study, node)
    if node.what == "channel":
        return _channel(study, node)
    assert node.figure is not None
    for table, sql in node.figure.rows_sql.items():
        frame = study.metrics.engine.frame(f"SELECT * FROM ({sql}) LIMIT 0")
        column = next((name for name in _DATES if name in frame), None)
        if column:
            days = study.metrics.engine.frame(_BY_DAY.format(column=column, sql=sql))
            return Case(node, days.set_index("day"), table=table.partition(" ")[0])
    return Case(node, pd.DataFrame(columns=["rows"]))


def _channel(study: Study, node: Node) -> Case:
    periods = [study.period]
    while len(periods) < _PERIODS and (before := periods[-1].previous()):
        periods.append(before)
    rows = {}
    for period in reversed(periods):
        told = read_channels(study, period)[0]
        own = told[told["platform"] == node.dims["platform"]]
        mine = own["channel"] == node.dims["channel"]
        if len(own):
            rows[period.start] = [own.loc[mine, "visitors"].sum(), own.loc[~mine, "visitors"].sum()]
    return Case(node, pd.DataFrame.from_dict(rows, orient="index", columns=["channel", "others"]))


def _shelf(study: Study, node: Node) -> Case:
    sku = node.dims["sku"]
    first, last = (date.fromisoformat(node.dims[end]) for end in ("first", "last"))
    days = pd.date_range(first - _BESIDE, min(last + _BESIDE, study.as_of), name="day")
    there, sold = (source(study.metrics, days[0].date(), days[-1].date()) for source in (counted, daily))
    table = pd.DataFrame(
        {
            "available": there[there["sku"] == sku].set_index("day")["available"].reindex(days),
            "sold": sold[sold["sku"] == sku].groupby("day")["units"].sum().reindex(days, fill_value=0.0),
        }
    )
    found = next(one for one in study.outages.found if one.sku == sku and one.first == first)
    return Case(node, table, rate=found.rate)
