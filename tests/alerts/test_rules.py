"""Each kind of rule on a business that stands still but for one thing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.alerts.incidents import incidents
from reportkit.alerts.rules import Rule
from reportkit.alerts.series import series
from reportkit.alerts.windows import changes, rated, shared
from tests.alerts.still import BOOK, DAYS, PLATFORMS, Still, business, told

RUN = {"series": series, "rate": rated, "change": changes, "share": shared}
CHECKED = ("AL-S1", "AL-S2", "AL-F1", "AL-F2-cvr", "AL-S4", "AL-A1")


def signals(values: dict[str, pd.DataFrame], name: str, book: Any = BOOK) -> list[Any]:
    """Return what one rule sees."""
    rule: Rule = book.rules[name]
    return list(RUN[rule.kind](Still(values, book), name, rule))  # type: ignore[arg-type,operator]


@pytest.mark.parametrize("name", CHECKED)
def test_nothing_is_seen_where_nothing_happens(name: str) -> None:
    """At most one day of 28 and three platforms, by chance."""
    assert len(signals(business(), name)) <= 1


def test_a_crash_is_critical_on_its_day() -> None:
    """Half the visitors of one platform on one day: visitors, orders and money of it, no other platform's."""
    values = business()
    for name in ("visitors", "pay_buyers", "orders", "gmv"):
        values[name].loc[DAYS[-5], "jd"] *= 0.4
    for name in ("AL-S1", "AL-S2", "AL-F1"):
        found = [one for one in signals(values, name) if one.day == DAYS[-5].date() and one.scope]
        assert [("platform", "jd")] == [one.scope[0] for one in found], name
        assert {("critical", -1, True)} == {(one.level, one.sign, one.at_once) for one in found}
    (money,) = (one for one in signals(values, "AL-S1") if one.day == DAYS[-5].date() and one.scope)
    assert money.actual < money.band95[0] < money.band80[0] < money.expected
    assert money.stake == pytest.approx(money.expected - money.actual)


def test_a_slow_slide_is_seen_as_drift() -> None:
    """A tenth fewer visitors from a day on: seldom odd on one day, told within ten."""
    values = business()
    values["visitors"].loc[DAYS[-14] :, "tmall"] *= 0.9
    found = signals(values, "AL-F1")
    assert {-1} == {one.sign for one in found if dict(one.scope)["platform"] == "tmall"}
    assert any(
        one.at_once and one.level == "warn" and (one.day - DAYS[-14].date()).days <= 10 for one in found
    )


def test_an_answer_begins_the_sums_of_drift_anew() -> None:
    """Half of a slide was answered before its alarm: the sums start over there, and the alarm comes later."""
    values = business()
    values["visitors"].loc[DAYS[-14] :, "tmall"] *= 0.9
    rule: Any = BOOK.rules["AL-F1"].model_copy(update={"warn": 99.0, "critical": 99.0})

    def drifts(**acknowledged: Any) -> list[Any]:
        told_days = series(Still(values, acknowledged=acknowledged), "AL-F1", rule)  # type: ignore[arg-type]
        return [one.day for one in told_days if one.scope == (("platform", "tmall"),)]

    first = drifts()[0]
    answered = drifts(**{"AL-F1:tmall": (pd.Timestamp(first) - pd.Timedelta(days=3)).date()})
    assert answered[0] > first
    assert drifts() == drifts(**{"AL-F1:jd": first})


def test_a_rise_is_seen_as_well() -> None:
    """The same machinery, the other way: what rises is an opportunity."""
    values = business()
    values["visitors"].loc[DAYS[-3], "pdd"] *= 1.6
    (found,) = (one for one in signals(values, "AL-F1") if one.day == DAYS[-3].date())
    assert (1, "critical") == (found.sign, found.level)


def test_conversion_that_falls() -> None:
    """From 4 % to 3 %: seen on its days with the money that went; too small a shop is not judged."""
    values = business()
    for name in ("pay_buyers", "gmv"):
        values[name].loc[DAYS[-6] : DAYS[-4], "tmall"] *= 0.75
    found = signals(values, "AL-F2-cvr")
    (fall,) = incidents(found, BOOK.persist)
    assert [day.date() for day in DAYS[-6:-3]] == [one.day for one in fall.signals]
    assert all(one.actual < one.expected and one.stake > 0 for one in fall.signals)
    few = {name: frame / 100 for name, frame in values.items()}
    assert [] == signals(few, "AL-F2-cvr")


def test_return_on_ads_that_falls_and_falls_below_its_floor() -> None:
    """A quarter less return warns; less than a yuan costs is critical."""
    values = business()
    values["ad_spend"].loc[DAYS[-7] :, "jd"] *= 1.4
    found = [one for one in signals(values, "AL-A1") if one.scope == (("platform", "jd"),)]
    assert {"warn"} == {one.level for one in found}
    assert found[-1].expected == pytest.approx(4.5, rel=0.02)
    assert found[-1].actual == pytest.approx(4.5 / 1.4, rel=0.03)
    values["ad_spend"].loc[DAYS[-7] :, "jd"] *= 2
    assert "critical" in {one.level for one in signals(values, "AL-A1") if one.scope == (("platform", "jd"),)}


def test_order_value_that_falls() -> None:
    """A tenth less an order, surely."""
    values = business()
    values["gmv"].loc[DAYS[-10] :, "tmall"] *= 0.88
    assert {"tmall"} == set(told(signals(values, "AL-S4")))


def test_a_share_that_grows() -> None:
    """The largest platform takes much more of the whole."""
    values = business()
    values["gmv"].loc[DAYS[-20] :, "tmall"] *= 1.6
    rule = BOOK.rules["AL-C1"].model_copy(update={"over": ("platform",)})
    found = list(shared(Still(values), "AL-C1", rule))  # type: ignore[arg-type]
    assert {"tmall"} == set(told(found))
    assert found[-1].actual - found[-1].expected > 0.05


def test_days_that_do_not_count_are_not_judged() -> None:
    """A promotion that multiplies sales is no alert, nor are the days after it."""
    values = business()
    burst = DAYS[-12:-6]
    for name in ("visitors", "pay_buyers", "orders", "gmv"):
        values[name].loc[burst] *= 3
    still = Still(values)
    still.usable.loc[burst] = False
    for name in CHECKED[:4]:
        rule = BOOK.rules[name]
        assert len(list(RUN[rule.kind](still, name, rule))) <= 1, name  # type: ignore[arg-type,operator]


def test_a_day_without_data_is_no_fall() -> None:
    """Nothing is said of a platform whose day is not there, nor of the company."""
    values = {name: frame.copy() for name, frame in business().items()}
    for frame in values.values():
        frame.loc[DAYS[-2:], "jd"] = np.nan
    days = {
        one.day
        for name in CHECKED
        for one in signals(values, name)
        if not one.scope or one.scope[0][1] == "jd"
    }
    assert not days & {day.date() for day in DAYS[-2:]}


def troubled(seed: int, money: float = 1.0) -> dict[str, pd.DataFrame]:
    """Return a business of which one platform falls."""
    values = business(seed, money)
    for name in ("visitors", "pay_buyers", "orders", "gmv"):
        values[name].loc[DAYS[-9] : DAYS[-5], "jd"] *= 0.6
    return values


@settings(max_examples=4, derandomize=True)
@given(st.integers(0, 50), st.sampled_from([0.01, 7.0]), st.sampled_from(CHECKED))
def test_the_unit_of_money_changes_nothing(seed: int, unit: float, name: str) -> None:
    """Money and its floors in another unit: the same days, levels and scores."""
    rule: Any = BOOK.rules[name]
    floors = {"money": rule.money * unit} | ({"least": rule.least * unit} if name == "AL-A1" else {})
    book = BOOK.model_copy(update={"rules": {name: rule.model_copy(update=floors)}})
    here, there = signals(troubled(seed), name), signals(troubled(seed, unit), name, book)
    assert [(one.scope, one.day, one.level) for one in here] == [
        (one.scope, one.day, one.level) for one in there
    ]
    assert [one.score for one in here] == pytest.approx([one.score for one in there])


@settings(max_examples=4, derandomize=True)
@given(st.integers(0, 50), st.sampled_from(CHECKED))
def test_another_platform_changes_nothing_for_these(seed: int, name: str) -> None:
    """What is said of a platform depends on no other; nor on the order in which they come."""
    values = troubled(seed)
    fewer = {request: frame[PLATFORMS[1::-1]] for request, frame in values.items()}
    here = {
        (one.scope, one.day, one.level, round(one.score, 6)) for one in signals(values, name) if one.scope
    }
    there = {
        (one.scope, one.day, one.level, round(one.score, 6)) for one in signals(fewer, name) if one.scope
    }
    assert there == {one for one in here if one[0][0][1] != "pdd"}
