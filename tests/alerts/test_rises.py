"""What rises three weeks running and is still small is pointed out; nothing else is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.alerts.calendar import COMPANY
from reportkit.alerts.rises import risen
from tests.alerts.still import BOOK

LAST = date(2026, 7, 19)
DAYS = pd.date_range("2025-05-01", LAST, name="day")
PARTS = {"床品": 0.6, "枕芯": 0.35, "毯子": 0.05}
RULE: Any = BOOK.rules["AL-N1"]


@dataclass
class Answer:
    """What a question about categories is answered with."""

    frame: pd.DataFrame

    def rows_sql(self, request: str, **dims: str) -> dict[str, str]:
        """Name what was asked."""
        return {request: str(dims)}


@dataclass
class Weeks:
    """A business of three categories, `factor` on each day and category; all days count but `out`."""

    factor: pd.DataFrame
    last: date = LAST
    book: Any = BOOK
    out: list[str] = field(default_factory=list)

    @property
    def metrics(self) -> Any:
        """It answers for itself."""
        return self

    @property
    def rested(self) -> pd.DataFrame:
        """Every day but those out."""
        return pd.DataFrame({COMPANY: ~DAYS.isin(pd.to_datetime(self.out))}, DAYS)

    def wide(self, request: str, layer: str) -> pd.DataFrame:
        """All of the money."""
        return pd.DataFrame({COMPANY: self.factor.sum(axis=1)})

    def period(self, text: str) -> tuple[str, ...]:
        """Return both days."""
        return tuple(text.split("/"))

    def query(self, requests: list[str], by: list[str], period: tuple[str, str], as_of: date) -> Answer:
        """Return money and orders by category and day: 400 orders a day of 200 yuan."""
        rows = (self.factor * 400).loc[period[0] : period[1]].rename_axis(columns=by[0])
        told = rows.stack().rename("value").reset_index()
        money = told.assign(metric="gmv", value=told["value"] * 200)
        return Answer(pd.concat([money, told.assign(metric="orders")]))


def still() -> pd.DataFrame:
    """Return shares that do not move."""
    return pd.DataFrame(PARTS, DAYS)


def rising(end: date = LAST, by: float = 1.25) -> pd.DataFrame:
    """Return blankets that sell more in each of the three weeks before `end`."""
    found = still()
    for week in range(3):
        first = end - timedelta(days=7 * (3 - week) - 1)
        found.loc[str(first) : str(end), "毯子"] *= by
    return found


def test_nothing_rises_where_nothing_moves() -> None:
    """Not even by chance: shares that stand still rise in no week."""
    assert [] == list(risen(Weeks(still()), "AL-N1", RULE))  # type: ignore[arg-type]


def test_a_small_category_that_rises() -> None:
    """Told with its shares then and now, since the first of the weeks, and the money a week that it is more."""
    (found,) = risen(Weeks(rising()), "AL-N1", RULE)  # type: ignore[arg-type]
    assert ((("category", "毯子"),), LAST, LAST - timedelta(days=20)) == (found.scope, found.day, found.since)
    now = 0.05 * 1.25**3 / (0.95 + 0.05 * 1.25**3)
    assert (0.05, now) == (pytest.approx(found.expected), pytest.approx(found.actual))
    assert found.stake == pytest.approx((now - 0.05) * (0.95 + 0.05 * 1.25**3) * 400 * 200 * 7)
    assert found.band95[0] < found.band80[0] < 0.05 < found.band80[1] < found.actual


@pytest.mark.parametrize("why", ["large", "once", "season", "few", "promotion"])
def test_what_is_no_chance(why: str) -> None:
    """Too large already; a rise of one week; that of every year; too few orders; days that do not count."""
    table = rising()
    weeks = Weeks(table)
    if why == "large":
        table["毯子"] *= 4
    elif why == "once":
        weeks.factor = still()
        weeks.factor.loc[str(LAST - timedelta(days=6)) :, "毯子"] *= 2
    elif why == "season":
        weeks.factor = table * (rising(LAST - timedelta(days=364)) / still())
    elif why == "few":
        weeks.factor = table / 20
    else:
        weeks.out = [f"{day:%Y-%m-%d}" for day in DAYS[-7:]]
    assert [] == list(risen(weeks, "AL-N1", RULE))  # type: ignore[arg-type]


def test_a_small_rise_may_be_chance() -> None:
    """So few orders more are nothing that one can be sure of."""
    weeks = Weeks(rising(by=1.08))
    assert [] == list(risen(weeks, "AL-N1", RULE.model_copy(update={"grown": 0.01})))  # type: ignore[arg-type]
    assert np.isfinite(weeks.factor.to_numpy()).all()
