"""Xiaohongshu's files, written and ingested, bring what happened there."""

from __future__ import annotations

import pytest

from reportkit.demo.files.xiaohongshu import entries
from tests.demo.trips import Trip, make_trip


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return make_trip(tmp_path_factory.mktemp("xiaohongshu"), "xiaohongshu", "2025-12", 3)


def test_every_file_is_read_whole_by_its_own_source(trip: Trip) -> None:
    """No row is refused, and nothing needs a remark."""
    assert trip.written == trip.read()
    assert [] == [file for file in trip.result.files if file.rejected or file.notes]


def test_lines_come_back(trip: Trip) -> None:
    """Each line's list price, discount, what is due, who bears what, and what the buyer pays."""
    lines = trip.facts.lines
    paid = lines["due"] - lines["platform"] - lines["influencer"] - lines["payment"]
    expected = (
        len(lines),
        *(lines[name].sum() for name in ("listed", "discount", "due", "platform")),
        paid.sum(),
    )
    actual = trip.fen(
        "SELECT count(*), sum(list_amt) * 100, sum(merchant_discount_amt) * 100, sum(goods_receivable_amt) * 100, "
        "sum(platform_subsidy_amt) * 100, sum(buyer_paid_goods_amt) * 100 FROM order_lines"
    )
    assert expected == actual


def test_orders_come_back(trip: Trip) -> None:
    """States, times, presales and freight; an order that ended otherwise than completed is closed."""
    orders = trip.facts.orders
    state = orders["state"]
    expected = (
        len(orders),
        orders["paid"].notna().sum(),
        orders["shipped"].notna().sum(),
        (state == "completed").sum(),
        state.isin(["cancelled", "refunded"]).sum(),
        orders["presale"].sum(),
        orders["freight"].sum(),
    )
    actual = trip.fen(
        "SELECT count(*), count(paid_at), count(shipped_at), count(completed_at), count(closed_at), "
        "count(*) FILTER (WHERE is_presale), sum(freight_charged) * 100 FROM orders"
    )
    assert expected == actual


def test_refunds_take_the_place_of_what_orders_tell(trip: Trip) -> None:
    """Every case is there once, with what was asked for; only money that went back is dated."""
    refunds = trip.facts.refunds
    back = refunds[refunds["state"] == "success"]
    expected = (len(refunds), len(back), refunds["back_goods"].sum(), back["done_goods"].sum())
    actual = trip.fen(
        "SELECT count(*), count(refunded_at), sum(refund_goods_amt) * 100, "
        "sum(refund_goods_amt) FILTER (WHERE status_std = 'success') * 100 FROM refunds"
    )
    assert expected == actual


def test_settlements_and_fees_come_back(trip: Trip) -> None:
    """Row by row as entries() says; a refund names its after-sale, and the fees are all that was deducted."""
    rows, payouts = entries(trip.world, trip.facts), trip.facts.payouts
    for name, expected in rows.items():
        known = expected.drop(columns="flow_id", errors="ignore")
        assert Trip.told(known) == trip.stored(name, list(known)), name
    back = payouts["kind"] == "refund"
    assert (back.sum(), payouts["net"].sum()) == trip.fen(
        "SELECT count(s.flow_id), (SELECT sum(gross_amt) FROM settlements) * 100 - (SELECT sum(amount) FROM fees) * 100 "
        "FROM settlements AS s LEFT JOIN refunds AS r ON s.flow_id = r.platform_refund_id "
        "WHERE s.flow_id IS NULL OR r.order_key = s.order_key"
    )
    assert back.sum() > 0


def test_ads_come_back(trip: Trip) -> None:
    """Spend, whatever paid for it, impressions and clicks, by plan."""
    ads = trip.facts.ads
    expected = (ads["scene"].nunique(), ads["impressions"].sum(), ads["clicks"].sum())
    spend = ads["spend"].sum() + ads["bonus"].sum()
    assert (*expected, spend) == trip.fen(
        "SELECT count(DISTINCT campaign), sum(impressions), sum(clicks), sum(spend_cash) * 100 FROM ads"
    )
