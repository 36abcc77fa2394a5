"""What advertising has cost so far, against the budget and what of it the course of the promotion would have used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number
from reportkit.study.running.hours import between
from reportkit.study.running.pace import ALL, Pace
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Spend", "read_spend"]

_SPEND = "ad_spend"
_LAST = "SELECT platform_id, max(date) FROM ({rows}) GROUP BY platform_id ORDER BY platform_id"


@dataclass(frozen=True)
class Spend:
    """Spend by platform, and ALL of those whose advertising files are there.

    `table` has spend and budget (money), used (spend / budget), expected (the share of what is due that was due up
    to the last day told) and pace (used / expected); NaN where no budget is set. `until` is that last day, None
    where no platform tells.
    """

    table: pd.DataFrame
    until: pd.Timestamp | None
    result: Result

    def figure(self, column: str, platform: str = ALL) -> Figure:
        """Return one number of `table` with the rows of advertising behind it."""
        unit: Unit = "money" if column in ("spend", "budget") else "percent"
        dims = {} if platform == ALL else {"platform": platform}
        return Figure(
            f"running.spend_{column}",
            number(self.table, platform, column),
            unit,
            dims,
            self.result.rows_sql(_SPEND, **dims),
        )


def read_spend(study: Study, pace: Pace) -> Spend:
    """Return spend and budget of the promotion up to the last day that is told."""
    result = study.ask([_SPEND], by=["platform"], compare=["target"])
    columns = ["spend", "budget", "used", "expected", "pace"]
    wide = result.wide().set_index(column_of("platform"))
    wide = wide[wide[_SPEND] > 0]
    if wide.empty:
        return Spend(pd.DataFrame(columns=columns, dtype="float64"), None, result)
    told = study.metrics.engine.rows(
        _LAST.format(rows=rows_within(study, "ads", "date", study.period.start, study.last))
    )
    until = {str(name): pd.Timestamp(day) + pd.Timedelta(days=1) for name, day in told if name in wide.index}
    table = pd.DataFrame({"spend": wide[_SPEND], "budget": wide[f"{_SPEND} target"]}).astype("float64")
    due = {str(name): float(pace.due[name].sum()) for name in wide.index if name in pace.due}
    begun = pd.Timestamp(study.period.start)
    so_far = {name: float(between(pace.due[[name]], begun, until[name])[name].sum()) for name in due}
    table["expected"] = pd.Series(so_far) / pd.Series(due).replace(0.0, np.nan)
    whole = table[["spend", "budget"]].sum(min_count=len(table))
    whole["expected"] = sum(so_far.values()) / sum(due.values()) if sum(due.values()) else np.nan
    table.loc[ALL] = whole
    table["used"] = table["spend"] / table["budget"].where(table["budget"] > 0)
    table["pace"] = table["used"] / table["expected"].where(table["expected"] > 0)
    return Spend(table[columns], max(until.values()) - pd.Timedelta(days=1), result)
