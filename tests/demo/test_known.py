"""What is known of the facts at a moment."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.world.facts import Facts
from reportkit.demo.world.habits import habits
from reportkit.demo.world.known import ORDER_STATES, REFUND_STATES, known
from reportkit.demo.world.payouts import sample_payouts
from reportkit.demo.world.refunds import refund_rows, sample_refunds
from tests.demo.paid_orders import PRODUCTS, START, paid_orders

EARLY, LATE = datetime(2026, 3, 20, 9, 30), datetime(2026, 4, 2, 23, 59, 59)
FRAMES = [field.name for field in fields(Facts) if field.name != "platform"]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A month's facts, whole course and all."""
    orders, lines = paid_orders(8_000)
    rng = np.random.default_rng(2)
    burst = np.zeros(len(orders), bool)
    orders, lines = sample_refunds(habits().refunds, "tmall", orders, lines, PRODUCTS, burst, [], rng)
    payouts = sample_payouts(habits().payouts, "tmall", orders, lines, rng)
    days = pd.DataFrame({"day": START + np.arange(31) * np.timedelta64(86400, "s"), "visitors": 1})
    return Facts("tmall", orders, lines, refund_rows(orders, lines), payouts, days, days, days, days)


@pytest.fixture(scope="module")
def seen(facts: Facts) -> Facts:
    """The facts as known early."""
    return known(facts, EARLY)


def same(one: Facts, other: Facts) -> None:
    """Every frame is equal."""
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)


def test_nothing_known_lies_ahead(seen: Facts) -> None:
    """No time of any table is after the moment."""
    for name in FRAMES:
        times = getattr(seen, name).select_dtypes("datetime")
        assert times.shape[1] > 0 or name == "lines"
        assert not (times > pd.Timestamp(EARLY)).any(axis=None), name


def test_only_days_that_were_over_are_told(seen: Facts) -> None:
    """The day of the export is not."""
    for name in ("visitors", "items", "ads", "service"):
        assert pd.Timestamp("2026-03-19") == getattr(seen, name)["day"].max()


def test_the_last_second_of_a_day_ends_it(facts: Facts) -> None:
    """At 23:59:59 the day is over."""
    visitors = known(facts, datetime(2026, 3, 20, 23, 59, 59)).visitors
    assert pd.Timestamp("2026-03-20") == visitors["day"].max()


def test_what_is_known_stays_known(facts: Facts, seen: Facts) -> None:
    """Looking twice changes nothing, nor does looking through the eyes of somebody later."""
    same(seen, known(seen, EARLY))
    through = known(known(facts, LATE), EARLY)
    same(seen, through)


def test_the_facts_stay_as_they_are(facts: Facts) -> None:
    """Nothing is written into the frames given."""
    before = {name: getattr(facts, name).copy(deep=True) for name in FRAMES}
    known(facts, EARLY)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, getattr(facts, name))


def test_states_are_the_last_thing_that_happened(facts: Facts, seen: Facts) -> None:
    """Orders placed by then, each in the state of its latest time."""
    orders = facts.orders[facts.orders["created"] <= pd.Timestamp(EARLY)]
    course = ["ended", "completed", "signed", "shipped", "paid", "cancelled"]
    names = ["refunded", "completed", "signed", "shipped", "paid", "cancelled"]
    expected = np.select([orders[name] <= pd.Timestamp(EARLY) for name in course], names, "unpaid")
    assert expected.tolist() == seen.orders["state"].tolist()
    assert set(ORDER_STATES) == set(seen.orders["state"])


def test_lines_follow_their_orders(facts: Facts, seen: Facts) -> None:
    """A line is where its order is, but refunded where it came back alone."""
    serials = seen.orders["serial"].to_numpy()[seen.lines["order"]]
    assert (serials == seen.lines["serial"]).all()
    states = seen.orders["state"].astype(str).to_numpy()[seen.lines["order"]]
    alone = (seen.lines["state"] == "refunded") & (states != "refunded")
    assert alone.sum() > 10
    assert (seen.lines["state"].astype(str).to_numpy() == states)[~alone].all()
    assert (seen.lines.loc[alone, "refund_state"] == "success").all()


def test_orders_are_numbered_again() -> None:
    """Where the orders of a span do not stand in order, lines still find theirs."""
    orders, lines = paid_orders(500)
    orders, lines = sample_refunds(
        habits().refunds, "jd", orders, lines, PRODUCTS, np.zeros(500, bool), [], np.random.default_rng(1)
    )
    turned = orders.iloc[::-1].reset_index(drop=True)
    none = pd.DataFrame()
    facts = Facts(
        "jd",
        turned,
        lines.assign(order=499 - lines["order"]),
        refund_rows(orders, lines),
        none,
        none,
        none,
        none,
        none,
    )
    seen = known(facts, EARLY)
    assert len(seen.orders) < 500
    assert (seen.orders["serial"].to_numpy()[seen.lines["order"]] == seen.lines["serial"]).all()
    assert seen.payouts.empty


def test_refunds_open_stay_untold(facts: Facts, seen: Facts) -> None:
    """Asked and not resolved: requested, no outcome, no money; not asked: nothing at all."""
    for frame, state in ((seen.lines, "refund_state"), (seen.refunds, "state")):
        states = frame[state].astype(str)
        assert {"requested", "success", "refused", "cancelled"} <= set(states) <= set(REFUND_STATES)
        opened = frame[states == "requested"]
        assert opened["resolved"].isna().all()
        assert set(opened["outcome"]) == {"none"}
        assert (opened["back_goods"] > 0).any()
        done = frame[["done_goods", "done_freight", "done_subsidy"]]
        assert 0 == done[states != "success"].sum().sum()
        assert (frame["done_goods"] == frame["back_goods"])[states == "success"].all()
    unasked = seen.lines[seen.lines["refund_state"] == "none"]
    assert unasked[["type", "stage", "reason", "asked"]].isna().all(axis=None)
    assert (unasked["refund"] == -1).all()
    hidden = facts.lines["asked"] > pd.Timestamp(EARLY)
    assert hidden.sum() > 50


def test_refunds_are_the_same_in_both_tables(seen: Facts) -> None:
    """A refund of a known order has the same state and money beside its line and by itself."""
    lines = seen.lines[seen.lines["refund"] >= 0].set_index("refund").sort_index()
    refunds = seen.refunds.set_index("refund").sort_index()
    assert lines.index.equals(refunds.index)
    assert lines["refund_state"].tolist() == refunds["state"].tolist()
    assert lines["done_goods"].equals(refunds["done_goods"])
