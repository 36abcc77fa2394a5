"""JD's files are read back as they were written: their sources, their rows, and every sum to the cent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.files import jd
from reportkit.demo.files.jd_told import after_sales, called_off, deal_amounts, shared_dues, told_orders
from tests.demo.trips import Trip, make_trip


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return make_trip(tmp_path_factory.mktemp("jd"), "jd", "2025-11", 2)


def test_every_file_is_read_by_its_own_source(trip: Trip) -> None:
    """No file is left over, and no row is refused."""
    assert {report.source for report in jd.REPORTS} == {source for source, _ in trip.written.values()}
    assert trip.written == trip.read()
    assert [] == [file for file in trip.result.files if file.rejected or file.skipped]


def test_orders_come_back(trip: Trip) -> None:
    """Counts of states and times, and sums of money; an order's amount is shared out over its lines."""
    told, lines = told_orders(trip.facts.orders), trip.facts.lines
    expected = (
        len(told),
        told["freight"].sum(),
        told["closed"].notna().sum(),
        told["completed"].notna().sum(),
    )
    actual = trip.fen(
        "SELECT count(*), sum(freight_charged) * 100, count(*) FILTER (WHERE status_std = 'closed' AND closed_at NOTNULL), "
        "count(*) FILTER (WHERE status_std = 'completed' AND completed_at NOTNULL) FROM orders"
    )
    assert expected == actual
    expected = (len(lines), lines["qty"].sum(), lines["listed"].sum(), lines["due"].sum())
    actual = trip.fen(
        "SELECT count(*), sum(qty), sum(list_amt) * 100, sum(goods_receivable_amt) * 100 FROM order_lines"
    )
    assert expected == actual
    dues = pd.Series(shared_dues(lines)).value_counts().to_dict()
    assert dues == trip.counts(
        "SELECT CAST(goods_receivable_amt * 100 AS BIGINT), count(*) FROM order_lines GROUP BY 1"
    )


def test_refunds_come_back(trip: Trip) -> None:
    """After-sales from their file, what was called off before it left from that of the orders."""
    known, lines = trip.facts.refunds, trip.facts.lines
    done = known[after_sales(known) & (known["state"] == "success")]
    expected = (after_sales(known).sum(), len(done), (done["back_goods"] + done["back_freight"]).sum())
    actual = trip.fen(
        "SELECT count(*), count(refunded_at), sum(refund_goods_amt) * 100 FROM refunds WHERE platform_refund_id NOTNULL"
    )
    assert expected == actual
    off = called_off(trip.facts.orders).to_numpy()[lines["order"]]
    expected = (off.sum(), shared_dues(lines)[off].sum(), lines["qty"][off].sum())
    actual = trip.fen(
        "SELECT count(*), sum(refund_goods_amt) * 100, sum(qty) FROM refunds "
        "WHERE platform_refund_id IS NULL AND stage = '发货前' AND status_std = 'success'"
    )
    assert 0 < expected[0]
    assert expected == actual


def test_the_settlement_comes_back(trip: Trip) -> None:
    """What was settled, and each kind of fee."""
    paid = trip.facts.payouts
    costs = ["commission", "service", "insurance", "payment_fee"]
    expected = (paid["net"].sum(), (paid["due"] + paid["freight"]).sum(), paid[costs].to_numpy().sum())
    actual = trip.fen(
        "SELECT sum(settled_amt) * 100, sum(gross_amt) * 100, sum(deductions) * 100 FROM settlements"
    )
    assert expected == actual


def test_the_settlement_is_told_before_it_is_read(trip: Trip) -> None:
    """The rows promised of settlements and fees are those of the lake."""
    for table, rows in jd.entries(trip.world, trip.facts).items():
        assert trip.told(rows) == trip.stored(table, list(rows)), table


def test_days_come_back(trip: Trip) -> None:
    """Traffic of the shop, its channels and items, and advertising."""
    visits, items, ads = trip.facts.visitors, trip.facts.items, trip.facts.ads
    shop, channels = visits[visits["channel"] == ""], visits[visits["channel"] != ""]
    names = ["visitors", "pv", "cart", "pay_buyers", "pay_orders"]
    sums = "SELECT sum(visitors), sum(pay_amt_platform) * 100, count(*) FROM traffic WHERE"
    assert (*shop[names].sum(), deal_amounts(shop, trip.facts.refunds).sum()) == trip.fen(
        "SELECT sum(visitors), sum(pv), sum(cart_users), sum(pay_buyers), sum(pay_orders), sum(pay_amt_platform) * 100 "
        "FROM traffic WHERE scope = 'shop' AND channel IS NULL"
    )
    expected = (channels["visitors"].sum(), channels["amount"].sum(), len(channels))
    assert expected == trip.fen(f"{sums} channel NOTNULL")
    assert (items["visitors"].sum(), items["amount"].sum(), len(items)) == trip.fen(f"{sums} scope = 'item'")
    expected = tuple(
        ads[name].sum() for name in ("spend", "impressions", "clicks", "gmv", "orders", "new_buyers")
    )
    actual = trip.fen(
        "SELECT sum(spend_cash) * 100, sum(impressions), sum(clicks), sum(attr_gmv) * 100, sum(attr_orders), "
        "sum(attr_new_buyers) FROM ads"
    )
    assert expected == actual


def test_the_platforms_figure_is_explained(trip: Trip) -> None:
    """商智's amount holds freight, and lacks what was cancelled on the day it was paid."""
    bridge = trip.bridge("2025-11")
    assert {"freight", "same_day_cancel"} == {step.id for step in bridge.steps if step.amount}
    assert 0 == bridge.unexplained


def test_an_amount_is_shared_out_to_the_cent() -> None:
    """What rounding leaves goes to the last line."""
    lines = pd.DataFrame({"order": [0, 0, 0, 1], "due": [100, 0, 0, 55], "listed": [1, 1, 1, 60]})
    assert [33, 34, 33, 55] == shared_dues(lines).tolist()


def test_the_figure_lacks_what_ended_on_its_day() -> None:
    """An order that ends takes its freight with it; an after-sale of a part takes what went back."""
    at = pd.to_datetime(["2025-11-01 10:00", "2025-11-01 20:00", "2025-11-02 09:00", None]).astype(
        "datetime64[s]"
    )
    refunds = pd.DataFrame(
        {
            "serial": [1, 2, 3, 4],
            "paid": at[[0, 0, 0, 0]],
            "shipped": at[[3, 1, 1, 3]],
            "ended": at[[1, 3, 3, 2]],
            "asked": at[[1, 1, 2, 1]],
            "state": "success",
            "due": 5000,
            "freight": 600,
            "back_goods": 700,
            "back_freight": 0,
        }
    )
    shop = pd.DataFrame({"day": at[:1].normalize(), "amount": [100_000]})
    assert [100_000 - 5600 - 700] == np.asarray(deal_amounts(shop, refunds)).tolist()
