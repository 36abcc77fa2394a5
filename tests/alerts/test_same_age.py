"""Orders that come back, held against orders as old before: never today's young ones against those of long ago."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from reportkit.alerts.windows import same_age
from tests.alerts.still import BOOK, CATALOG, DAYS, PLATFORMS, Still, business, told

AGE = 3  # days after payment on which they come back


@dataclass
class _Engine:
    """Answers with the orders that came back, by platform, day of payment and age."""

    backs: pd.DataFrame

    def frame(self, sql: str) -> pd.DataFrame:
        return self.backs


@dataclass
class _Metrics:
    engine: _Engine
    catalog: Any = field(default_factory=lambda: CATALOG)


@dataclass
class Returned(Still):
    """A business of which so many orders come back."""

    backs: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def metrics(self) -> Any:
        return _Metrics(_Engine(self.backs))

    @property
    def rested(self) -> pd.DataFrame:
        return self.usable

    @property
    def first(self) -> date:
        return DAYS[-28].date()

    @property
    def last(self) -> date:
        return DAYS[-1].date()


def returned(rate: pd.DataFrame) -> Returned:
    """Return a business of which a `rate` of each day's and platform's orders comes back after three days."""
    values = business()
    k = np.random.default_rng(3).binomial(values["orders"].astype(int), rate)
    table = pd.DataFrame(k, DAYS, PLATFORMS)
    long = table.melt(ignore_index=False, var_name="platform_id", value_name="k").reset_index()
    known = long[long["day"] <= DAYS[-1] - pd.Timedelta(days=AGE)]
    return Returned(values, backs=known.assign(age=AGE))


def test_refunds_of_young_orders_are_no_fall_and_no_rise() -> None:
    """The last days' orders have not come back yet: nothing is said."""
    usual = pd.DataFrame(0.08, DAYS, PLATFORMS)
    assert [] == list(same_age(returned(usual), "AL-R1", BOOK.rules["AL-R1"]))  # type: ignore[arg-type]


def test_refunds_of_the_same_age_that_rise() -> None:
    """From 8 to 12 % on one platform: critical there and nowhere else, within the days that the rule promises."""
    rule: Any = BOOK.rules["AL-R1"]
    rate = pd.DataFrame(0.08, DAYS, PLATFORMS)
    rate.loc[DAYS[-20] :, "jd"] = 0.12
    found = list(same_age(returned(rate), "AL-R1", rule))  # type: ignore[arg-type]
    assert {"jd"} == set(told(found))
    assert (found[0].day - DAYS[-20].date()).days <= rule.days
    assert found[0].day >= DAYS[-20 + rule.age].date()
    assert "critical" == found[-1].level
    assert 0.11 < found[-1].actual < 0.13
    assert 0.07 < found[-1].expected < 0.09
    assert found[-1].stake > 0
