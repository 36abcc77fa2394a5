"""Refunds of orders made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.world.habits import habits
from reportkit.demo.world.refunds import (
    Fault,
    curve,
    expected_refunds,
    happening,
    refund_rows,
    sample_refunds,
)
from tests.demo.paid_orders import PRODUCTS, paid_orders

REFUNDS = habits().refunds
PLATFORMS = list(REFUNDS.platforms)
FAULT = Fault(3, np.datetime64("2026-03-16", "s"), 3.0)

Sample = tuple[pd.DataFrame, pd.DataFrame]


def sample(
    platform: str, count: int = 20_000, lines: int = 3, burst: bool = False, faults: tuple[Fault, ...] = ()
) -> Sample:
    """Orders and lines with their refunds."""
    orders, of_orders = paid_orders(count, lines)
    bursts = np.full(count, burst)
    return sample_refunds(
        REFUNDS, platform, orders, of_orders, PRODUCTS, bursts, faults, np.random.default_rng(7)
    )


@pytest.fixture(scope="module")
def sampled() -> Sample:
    """Refunds of one platform."""
    return sample("tmall")


def succeeded(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines whose money came back."""
    return lines[lines["outcome"] == "success"]


@pytest.mark.parametrize("burst", [False, True])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_curve_is_what_refunds_follow(platform: str, burst: bool) -> None:
    """The share of the money that is back at each age is the one told, whatever is in the basket."""
    orders, lines = sample(platform, 90_000, burst=burst, faults=(FAULT,))
    back = succeeded(lines)
    paid = orders["paid"].dt.normalize().to_numpy()[back["order"]]
    age = (back["resolved"].dt.normalize() - paid).dt.days
    told = curve(REFUNDS, platform, burst)
    came = {k: back.loc[age <= k, "back_goods"].sum() / back["back_goods"].sum() for k in told}
    assert told == pytest.approx(came, abs=0.012)
    assert (list(told), told[45]) == ([1, 3, 7, 15, 30, 45], 1.0)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_as_much_comes_back_as_is_expected(platform: str) -> None:
    """The money that comes back in the end is the expected one, faults and all."""
    orders, lines = paid_orders(90_000)
    burst = np.zeros(len(orders), bool)
    expected = expected_refunds(REFUNDS, platform, orders, lines, PRODUCTS, burst, [FAULT]).sum()
    back = succeeded(sample(platform, 90_000, faults=(FAULT,))[1])["back_goods"].sum()
    assert expected == pytest.approx(back, rel=0.03)


def test_bursts_give_back_more_and_later() -> None:
    """Orders of a burst are asked back more often, and their money takes longer."""
    usual, burst = curve(REFUNDS, "tmall"), curve(REFUNDS, "tmall", burst=True)
    assert all(burst[age] < usual[age] for age in (3, 7, 15, 30))
    asked = [(sample("tmall", burst=flag)[1]["refund"] >= 0).mean() for flag in (False, True)]
    assert asked[1] > 1.2 * asked[0]


def test_paying_late_in_the_day_leaves_less_of_it() -> None:
    """Who pays in the evening has had fewer hours for the money to come back by the same date."""
    morning, evening = ([float(hour == at) for hour in range(24)] for at in (0, 23))
    assert (
        curve(REFUNDS, "jd", hours=morning)[1]
        > curve(REFUNDS, "jd")[1]
        > curve(REFUNDS, "jd", hours=evening)[1]
    )


def test_times_are_in_order(sampled: Sample) -> None:
    """Paid, asked, agreed, goods back, resolved: each after the one before, and none without being asked."""
    orders, lines = sampled
    back = lines[lines["refund"] >= 0]
    times = back[["asked", "agreed", "returned", "resolved"]].assign(
        paid=orders["paid"].to_numpy()[back["order"]]
    )
    for before, after in (
        ("paid", "asked"),
        ("asked", "agreed"),
        ("agreed", "returned"),
        ("agreed", "resolved"),
        ("returned", "resolved"),
        ("asked", "resolved"),
    ):
        both = times[[before, after]].dropna()
        assert (both[before] < both[after]).all(), (before, after)
    assert times[["paid", "asked", "resolved"]].notna().all(axis=None)
    others = lines[lines["refund"] < 0]
    assert (
        others[["asked", "agreed", "returned", "resolved", "type", "stage", "reason"]].isna().all(axis=None)
    )
    assert set(others["outcome"]) == {"none"}


def test_no_more_comes_back_than_was_paid(sampled: Sample) -> None:
    """Goods at most what the buyer paid, all of it where whole; subsidies and pieces likewise."""
    orders, lines = sampled
    paid = lines["due"] - lines["platform"] - lines["influencer"] - lines["payment"]
    asked = lines["refund"] >= 0
    whole = lines["whole"]
    assert (lines["back_goods"] <= paid).all()
    assert (lines["back_goods"][whole] == paid[whole]).all()
    assert (lines["back_goods"][asked & ~whole] < paid[asked & ~whole]).all()
    assert (lines["back_subsidy"] <= lines["platform"] + lines["payment"]).all()
    assert lines["back_qty"].between(0, lines["qty"]).all()
    assert (lines["back_freight"] <= orders["freight"].to_numpy()[lines["order"]]).all()
    assert 0 == lines.loc[~asked, ["back_goods", "back_freight", "back_subsidy", "back_qty"]].sum().sum()
    assert asked[orders["paid"].isna().to_numpy()[lines["order"]]].sum() == 0


def test_a_part_of_one_piece_still_counts_a_piece(sampled: Sample) -> None:
    """Wherever money is asked back, pieces are told."""
    lines = sampled[1]
    part = lines[(lines["back_goods"] > 0) & ~lines["whole"]]
    assert (part["back_qty"] >= 1).all()
    assert (part["back_qty"] < part["qty"]).sum() > 0


def test_the_stage_is_where_the_parcel_was() -> None:
    """Before dispatch, on its way, or received: by when it was asked for."""
    orders, _ = paid_orders(20_000)
    lines = sample("pdd")[1]
    back = lines[lines["refund"] >= 0]
    shipped, signed = (orders[name].to_numpy()[back["order"]] for name in ("shipped", "signed"))
    asked = back["asked"].to_numpy()
    expected = np.select([asked < shipped, asked < signed], ["发货前", "发货后未签收"], "签收后")
    assert expected.tolist() == back["stage"].astype(str).tolist()
    assert {"仅退款"} == set(back.loc[back["stage"] == "发货前", "type"])
    assert back.loc[back["type"] == "仅退款", "returned"].isna().all()


def test_an_order_ends_when_all_of_it_is_back(sampled: Sample) -> None:
    """`ended` is when the last line came back whole; nothing is shipped, signed or completed after it."""
    orders, lines = sampled
    gone = lines["whole"] & (lines["outcome"] == "success")
    by_order = lines.assign(gone=gone).groupby("order").agg(gone=("gone", "all"), last=("resolved", "max"))
    assert by_order["last"].where(by_order["gone"]).to_list() == orders["ended"].to_list()
    ended = orders[orders["ended"].notna()]
    for name in ("shipped", "collected", "signed", "completed"):
        assert not (ended[name] > ended["ended"]).any()
    assert ended["completed"].notna().any()


def test_what_is_called_off_never_leaves(sampled: Sample) -> None:
    """Orders wholly given back before dispatch are not shipped, and their freight comes back once."""
    orders, lines = sampled
    early = (lines["stage"] == "发货前") & (lines["outcome"] == "success") & lines["whole"]
    off = lines.assign(early=early).groupby("order")["early"].all().to_numpy()
    assert off.sum() > 300
    assert orders.loc[off, ["shipped", "collected", "signed", "completed"]].isna().all(axis=None)
    assert orders.loc[orders["paid"].notna() & ~off, "shipped"].notna().all()
    back = lines.groupby("order")["back_freight"].sum().to_numpy()
    assert (back[off] == orders["freight"][off]).all()


def test_exchanges_give_no_money() -> None:
    """An exchange takes goods and gives goods; two platforms know none."""
    lines = sample("jd", 40_000)[1]
    exchanged = lines[lines["outcome"] == "exchange"]
    assert len(exchanged) > 50
    assert (0, {"换货"}, {"签收后"}) == (
        exchanged["back_goods"].sum(),
        set(exchanged["type"]),
        set(exchanged["stage"]),
    )
    for platform in ("xiaohongshu", "tiktok_shop"):
        assert "exchange" not in set(sample(platform)[1]["outcome"])


def test_a_fault_brings_a_product_back() -> None:
    """From its day on the product is asked back three times as often, and the fault is the reason given."""
    lines, sound = (sample("tmall", 60_000, faults=faults)[1] for faults in ((FAULT,), ()))
    orders, _ = paid_orders(60_000)
    after = (lines["product"] == 3) & (orders["paid"].to_numpy()[lines["order"]] >= FAULT.since)
    rate = [(frame["refund"][after] >= 0).mean() for frame in (lines, sound)]
    assert rate[0] / rate[1] == pytest.approx(3, rel=0.15)
    received = lines[after & (lines["stage"] == "签收后")]
    assert (received["reason"] == "质量问题").mean() > 0.7
    before = lines[(lines["product"] == 3) & ~after & (lines["stage"] == "签收后")]
    assert (before["reason"] == "质量问题").mean() < 0.25


def test_refunds_know_their_order(sampled: Sample) -> None:
    """Rows of refunds bear what their line and order bear, and freight on the first line only."""
    orders, lines = sampled
    rows = refund_rows(orders, lines)
    assert (len(rows), True) == ((lines["refund"] >= 0).sum(), rows["refund"].is_unique)
    its = orders.set_index("serial").loc[rows["serial"]].reset_index()
    assert its["paid"].equals(rows["paid"])
    assert (rows["freight"] == its["freight"].where(rows["line"] == 0, 0)).all()


def test_what_happens_later_waits(sampled: Sample) -> None:
    """Rows are split at a moment, oldest first, and none is lost."""
    rows = refund_rows(*sampled)
    now, later = happening(rows, "asked", np.datetime64("2026-04-01"))
    assert now["asked"].is_monotonic_increasing
    assert now["asked"].max() < pd.Timestamp("2026-04-01") <= later["asked"].min()
    assert len(rows) == len(now) + len(later)


def test_the_same_numbers_give_the_same_refunds() -> None:
    """Two samples of one seed are equal, column by column."""
    for first, second in zip(sample("douyin"), sample("douyin"), strict=True):
        pd.testing.assert_frame_equal(first, second)


def test_shares_of_courses_are_whole() -> None:
    """The courses of every platform are all that there are."""
    for platform, rates in REFUNDS.platforms.items():
        assert sum(rates.share.values()) == pytest.approx(1), platform
        assert list(rates.share) == list(REFUNDS.courses)
