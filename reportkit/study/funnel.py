"""The way from seeing a shop to paying, step by step, beside its own last period and its usual weeks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["STEPS", "Funnels", "funnels"]

STEPS = ("impression_users", "visitors", "cart_users", "order_buyers", "pay_buyers")
_WEEKS = 4


@dataclass(frozen=True)
class Funnels:
    """The steps that each part of `dimension` tells, two at least.

    `table` has one row a part and step, in order: part, step, value, then (like for like, the period before),
    rate (value over the value of the step before), rate_then, usual (the median of the rate in the four weeks
    before the period), aside (the step counts people the step before does not, so that its rate is none).
    """

    dimension: str
    result: Result
    table: pd.DataFrame

    def figure(self, part: str, step: str) -> Figure:
        """Return the rate into a step with the rows behind it."""
        row = self.table[(self.table["part"] == part) & (self.table["step"] == step)].iloc[0]
        rows = self.result.rows_sql(step, **{self.dimension: part})
        return Figure(f"funnel.{step}", float(row["rate"]), "percent", {self.dimension: part}, rows)


def funnels(study: Study) -> Funnels:
    """Return the funnels of the parts that tell two steps or more."""
    dimension = study.across
    result = study.ask(STEPS, by=[dimension], compare=["previous"])
    wide = result.wide().set_index(column_of(dimension))
    weeks = _weeks(study, dimension)
    tables = [_steps(str(part), row, weeks) for part, row in wide.iterrows()]
    table = pd.concat(tables) if tables else pd.DataFrame(columns=["part", "step"])
    return Funnels(dimension, result, table.reset_index(drop=True))


def _weeks(study: Study, dimension: str) -> pd.DataFrame:
    """Return the steps of the four whole weeks before the period, one row a part and week."""
    start = study.period.start
    end = start - timedelta(days=start.weekday() + 1)
    span = study.metrics.period(f"{end - timedelta(days=7 * _WEEKS - 1)}/{end}")
    return study.ask(STEPS, by=[dimension, "week"], period=span).wide().set_index(column_of(dimension))


def _steps(part: str, row: pd.Series, weeks: pd.DataFrame) -> pd.DataFrame:
    told = [step for step in STEPS if row[step] > 0]
    if len(told) < 2:
        return pd.DataFrame()
    own = weeks.loc[[part], told] if part in weeks.index else pd.DataFrame(columns=told, dtype="float64")
    table = pd.DataFrame(
        {
            "part": part, "step": told, "value": [row[step] for step in told],
            "then": [row[f"{step} previous_then"] for step in told],
            "usual": [None, *((own[after] / own[before]).median() for before, after in itertools.pairwise(told))],
        }
    ).astype({"value": "float64", "then": "float64", "usual": "float64"})  # fmt: skip
    table["rate"] = table["value"] / table["value"].shift()
    table["rate_then"] = table["then"] / table["then"].shift()
    return table.assign(aside=table["rate"] > 1)
