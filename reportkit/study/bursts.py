"""Ordinary days apart from those at the height of a promotion: this period against last year's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import pandas as pd

from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.stock import promo_days

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Bursts", "bursts"]

_HEAD, _YEAR = "gmv", "last_year"
_SIDES = ("promo", "normal")


@dataclass(frozen=True)
class Bursts:
    """The head metric on promotion days and on the others, now and a year ago, like for like.

    `table` is indexed by ``promo`` and ``normal``: now, then (money), days and days_then.
    """

    request: str
    result: Result
    table: pd.DataFrame

    def row(self, side: str) -> dict[str, float]:
        """Return the numbers of one kind of days."""
        found: dict[str, float] = self.table.astype("float64").loc[side].to_dict()  # type: ignore[assignment]
        return found

    def growth(self, side: str) -> float | None:
        """Return now / then - 1; None where then is nothing."""
        row = self.row(side)
        return row["now"] / row["then"] - 1 if row["then"] > 0 else None

    def figure(self, side: str, when: Literal["now", "then"] = "now") -> Figure:
        """Return what one side came to, with the rows of the period behind it."""
        value = self.row(side)[when]
        return Figure(f"bursts.{side}_{when}", value, "money", {}, self.result.rows_sql(self.request))


def bursts(study: Study) -> Bursts | None:
    """Return the two kinds of days; None unless both this period and last year's have promotion days."""
    then = study.period.last_year()
    if then is None or study.period.kind in ("day", "promo"):
        return None
    result = study.ask([_HEAD], by=["day"], compare=[_YEAR])
    frame = result.frame.dropna(subset=[f"{_YEAR}_now", f"{_YEAR}_then"])
    days = [pd.Timestamp(day).date() for day in frame["day"]]
    twins = [study.period.twin(day, then) for day in days]
    now, before = _high(study, days), _high(study, [twin for twin in twins if twin])
    told = frame.assign(is_promo=[day in now for day in days], was_promo=[twin in before for twin in twins])
    if not told["is_promo"].any() or not told["was_promo"].any() or told["is_promo"].all():
        return None
    return Bursts(
        _HEAD, result, pd.DataFrame([_side(told, side == "promo") for side in _SIDES], index=_SIDES)
    )


def _high(study: Study, days: Collection[date]) -> set[date]:
    found = promo_days(study, pd.DatetimeIndex(list(days)))
    return {day.date() for day in found[found].index}


def _side(told: pd.DataFrame, promo: bool) -> dict[str, float]:
    now, then = told[told["is_promo"] == promo], told[told["was_promo"] == promo]
    return {
        "now": now[f"{_YEAR}_now"].sum(), "then": then[f"{_YEAR}_then"].sum(),
        "days": len(now), "days_then": len(then),
    }  # fmt: skip
