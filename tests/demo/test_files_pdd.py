"""Pinduoduo's files are read back as they were written: their sources, their rows, and every sum to the cent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest

from reportkit.demo.files import pdd
from reportkit.demo.files.plan import Span
from tests.demo.trips import Trip, make_trip


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return make_trip(tmp_path_factory.mktemp("pdd"), "pdd", "2026-07", 2)


def test_every_file_is_read_by_its_own_source(trip: Trip) -> None:
    """No file is left over, and no row is refused."""
    assert {report.source for report in pdd.REPORTS} == {source for source, _ in trip.written.values()}
    assert trip.written == trip.read()
    assert [] == [file for file in trip.result.files if file.rejected or file.skipped]


def test_orders_come_back(trip: Trip) -> None:
    """Counts of states and times, and both sides of the amounts."""
    orders, lines = trip.facts.orders, trip.facts.lines
    closed = orders["state"].isin(["cancelled", "refunded"]).sum()
    expected = (
        len(orders),
        orders["freight"].sum(),
        closed,
        *orders[["paid", "shipped", "completed"]].count(),
    )
    actual = trip.fen(
        "SELECT count(*), sum(freight_charged) * 100, count(*) FILTER (WHERE status_std = 'closed'), "
        "count(paid_at), count(shipped_at), count(completed_at) FROM orders"
    )
    assert expected == actual
    bought = lines["due"] - lines["platform"] - lines["payment"]
    names = ("qty", "listed", "discount", "due", "platform", "payment")
    expected = (*(lines[name].sum() for name in names), bought.sum())
    actual = trip.fen(
        "SELECT sum(qty), sum(list_amt) * 100, sum(merchant_discount_amt) * 100, sum(goods_receivable_amt) * 100, "
        "sum(platform_subsidy_amt) * 100, sum(payment_subsidy_amt) * 100, sum(buyer_paid_goods_amt) * 100 "
        "FROM order_lines"
    )
    assert expected == actual


def test_the_number_tells_the_day_of_the_order(trip: Trip) -> None:
    """No column says when an order was placed."""
    days = trip.facts.orders["created"].dt.strftime("%Y-%m-%d").value_counts().to_dict()
    assert days == trip.counts("SELECT CAST(created_date AS VARCHAR), count(*) FROM orders GROUP BY ALL")


def test_refunds_come_back(trip: Trip) -> None:
    """Those of the after-sales file take the place of what the order file hints at."""
    known = trip.facts.refunds
    success = known["state"] == "success"
    back = known["back_goods"] + known["back_freight"]
    expected = (len(known), back.sum(), back[success].sum(), known["returned"].notna().sum(), success.sum())
    actual = trip.fen(
        "SELECT count(*), sum(refund_goods_amt) * 100, sum(refund_goods_amt) FILTER (WHERE status_std = 'success') * 100, "
        "count(returned_at), count(refunded_at) FROM refunds"
    )
    assert expected == actual
    for name, column in {"stage": "stage", "type": "type", "reason": "reason_raw"}.items():
        counts = known[name].astype(str).value_counts().to_dict()
        assert counts == trip.counts(f"SELECT {column}, count(*) FROM refunds GROUP BY ALL")


def test_the_ledger_is_told_before_it_is_read(trip: Trip) -> None:
    """The rows promised of settlements and fees are those of the lake."""
    for table, rows in pdd.entries(trip.world, trip.facts).items():
        assert trip.told(rows) == trip.stored(table, list(rows)), table


def test_the_ledger_comes_back(trip: Trip) -> None:
    """What was settled, and what is missing of it."""
    paid = trip.facts.payouts
    costs = ["commission", "service", "influencer_fee", "insurance", "payment_fee"]
    gross = paid["due"] + paid["freight"] - paid["short"]
    assert paid["short"].sum() > 0
    expected = (paid["net"].sum(), gross.sum(), paid[costs].to_numpy().sum())
    actual = trip.fen(
        "SELECT sum(settled_amt) * 100, sum(gross_amt) * 100, sum(deductions) * 100 FROM settlements"
    )
    assert expected == actual


def test_days_come_back(trip: Trip) -> None:
    """Traffic of the shop, whose amount is what users paid, and advertising by item."""
    visits, ads = trip.facts.visitors, trip.facts.ads
    shop = visits[visits["channel"] == ""]
    amount = shop["amount"] - shop["platform"] - shop["payment"]
    names = ["visitors", "pv", "fav", "pay_buyers", "pay_orders"]
    expected = (len(shop), *shop[names].sum(), amount.sum())
    actual = trip.fen(
        "SELECT count(*), sum(visitors), sum(pv), sum(fav_users), sum(pay_buyers), sum(pay_orders), "
        "sum(pay_amt_platform) * 100 FROM traffic"
    )
    assert expected == actual
    spend = (ads["spend"] + ads["bonus"]).sum()
    expected = (len(ads), spend, *(ads[name].sum() for name in ("impressions", "clicks", "gmv", "orders")))
    actual = trip.fen(
        "SELECT count(*), sum(spend_cash) * 100, sum(impressions), sum(clicks), sum(attr_gmv) * 100, sum(attr_orders) "
        "FROM ads"
    )
    assert expected == actual


@pytest.mark.parametrize("month", ["2026-06", "2026-07"])
def test_the_platforms_figure_is_explained(trip: Trip, month: str) -> None:
    """成交金额 leaves out what others bear, and nothing else parts it from ours."""
    bridge = trip.bridge(month)
    assert {"platform_coupon", "payment_coupon"} == {step.id for step in bridge.steps if step.amount}
    assert 0 == bridge.unexplained


def test_both_identities_hold_row_by_row(trip: Trip) -> None:
    """用户实付 = 商品总价 + 邮费 − 店铺优惠 − 平台优惠 − 支付立减; 商家实收 = 商品总价 + 邮费 − 店铺优惠."""
    world, at = trip.world, trip.world.cutoff
    frame = pdd.orders(Span(world, "pdd", world.start, world.end, at, at, trip.facts, trip.facts))
    names = ("listed", "freight", "discount", "platform", "payment", "paid_amount", "received")
    cells = pd.DataFrame(
        {name: pc.replace_substring(frame[name], ".", "").to_pylist() for name in names}
    ).astype(int)
    received = cells["listed"] + cells["freight"] - cells["discount"]
    assert np.array_equal(received, cells["received"])
    assert np.array_equal(received - cells["platform"] - cells["payment"], cells["paid_amount"])
