"""The year: how far it has come, what is left of its target, and what each day left has to bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit.metrics.periods import enclosing
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Year", "year_goal"]

_HEAD, _QUARTER = "gmv", "attain_quarter"


@dataclass(frozen=True)
class Year:
    """The head metric of the year, up to the last day of the report, against its target.

    `result` holds it with target, attainment and pace, `quarter` the attainment of the quarter of that day (a
    fraction); `days_left` are those after that day.
    """

    request: str
    result: Result
    quarter: Result
    days_left: int

    @property
    def target(self) -> float | None:
        """The target of the year; None where it is not set for all of it."""
        return self.result.cell(self.request, "target")

    @property
    def gap(self) -> Figure | None:
        """What is missing to the target, below zero once it is passed; None without a target."""
        value, target = self.result.cell(self.request), self.target
        return None if value is None or target is None else self._figure("gap", target - value)

    @property
    def needed(self) -> Figure | None:
        """What each day left has to bring; None without a target, without a gap or without a day."""
        gap = self.gap
        if gap is None or gap.value <= 0 or not self.days_left:
            return None
        return self._figure("needed", gap.value / self.days_left)

    def _figure(self, name: str, value: float) -> Figure:
        return Figure(f"year.{name}", value, "money", {}, self.result.rows_sql(self.request))


def year_goal(study: Study) -> Year:
    """Return where the year of the last day of the report stands."""
    year = enclosing("year", study.last)
    result = study.metrics.query(
        [_HEAD], period=year, scope=study.scope, compare=["target"], as_of=study.last
    )
    quarter = study.metrics.query(
        [_QUARTER], period=enclosing("quarter", study.last), scope=study.scope, as_of=study.last
    )
    return Year(_HEAD, result, quarter, (year.end - study.last).days)
