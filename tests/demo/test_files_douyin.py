"""Douyin's files are read back as they were written: their sources, their rows, and every sum to the cent."""

from __future__ import annotations

import pytest

from reportkit.demo.files import douyin
from tests.demo.trips import Trip, make_trip

CHEAP = "千川泛流量"


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return make_trip(tmp_path_factory.mktemp("douyin"), "douyin", "2026-07", 2)


def test_every_file_is_read_by_its_own_source(trip: Trip) -> None:
    """No file is left over, and no row is refused."""
    assert {report.source for report in douyin.REPORTS} == {source for source, _ in trip.written.values()}
    assert trip.written == trip.read()
    assert [] == [file for file in trip.result.files if file.rejected or file.skipped]


def test_orders_come_back(trip: Trip) -> None:
    """Counts of states, times, carriers and influencers, and sums of money."""
    orders, lines = trip.facts.orders, trip.facts.lines
    closed = orders["state"].isin(["cancelled", "refunded"]).sum()
    done = (orders["state"] == "completed").sum()
    promoted = (orders["influencer"] >= 0).sum()
    expected = (
        len(orders),
        orders["freight"].sum(),
        closed,
        done,
        promoted,
        *orders[["paid", "shipped"]].count(),
    )
    actual = trip.fen(
        "SELECT count(*), sum(freight_charged) * 100, count(*) FILTER (WHERE status_std = 'closed'), "
        "count(completed_at), count(influencer_id), count(paid_at), count(shipped_at) FROM orders"
    )
    assert expected == actual
    names = ("qty", "listed", "discount", "due", "platform", "influencer", "payment")
    expected = tuple(lines[name].sum() for name in names)
    actual = trip.fen(
        "SELECT sum(qty), sum(list_amt) * 100, sum(merchant_discount_amt) * 100, sum(goods_receivable_amt) * 100, "
        "sum(platform_subsidy_amt) * 100, sum(influencer_subsidy_amt) * 100, sum(payment_subsidy_amt) * 100 "
        "FROM order_lines"
    )
    assert expected == actual
    carriers = orders["carrier"].astype(str).value_counts().to_dict()
    assert carriers == trip.counts("SELECT carrier, count(*) FROM orders GROUP BY ALL")


def test_refunds_come_back(trip: Trip) -> None:
    """Goods, freight and the payment service's share, by state and by stage."""
    known = trip.facts.refunds
    success = (known["state"] == "success").sum()
    expected = (len(known), *known[["back_goods", "back_freight", "back_subsidy"]].sum(), success)
    actual = trip.fen(
        "SELECT count(*), sum(refund_goods_amt) * 100, sum(refund_freight_amt) * 100, sum(refund_subsidy_amt) * 100, "
        "count(refunded_at) FROM refunds"
    )
    assert expected == actual
    for name, column in {"stage": "stage", "type": "type", "reason": "reason_raw"}.items():
        counts = known[name].astype(str).value_counts().to_dict()
        assert counts == trip.counts(f"SELECT {column}, count(*) FROM refunds GROUP BY ALL")


def test_the_ledger_is_told_before_it_is_read(trip: Trip) -> None:
    """The rows promised of settlements and fees are those of the lake."""
    for table, rows in douyin.entries(trip.world, trip.facts).items():
        assert trip.told(rows) == trip.stored(table, list(rows)), table


def test_the_ledger_comes_back(trip: Trip) -> None:
    """What was settled, and each kind of fee."""
    paid = trip.facts.payouts
    costs = ["commission", "service", "influencer_fee", "insurance", "payment_fee"]
    expected = (paid["net"].sum(), (paid["due"] + paid["freight"]).sum(), paid[costs].to_numpy().sum())
    actual = trip.fen(
        "SELECT sum(settled_amt) * 100, sum(gross_amt) * 100, sum(deductions) * 100 FROM settlements"
    )
    assert expected == actual
    expected = {
        "技术服务费": paid["commission"].sum() + paid["service"].sum() + paid["payment_fee"].sum(),
        "达人佣金": paid["influencer_fee"].sum(),
        "运费险": paid["insurance"].sum(),
    }
    assert expected == trip.counts(
        "SELECT fee_type, CAST(sum(amount) * 100 AS BIGINT) FROM fees GROUP BY ALL"
    )


def test_days_come_back(trip: Trip) -> None:
    """Traffic of the shop and its items, and advertising by account."""
    visits, items, ads = trip.facts.visitors, trip.facts.items, trip.facts.ads
    shop = visits[visits["channel"] == ""]
    names = ["visitors", "pay_buyers", "pay_orders"]
    sums = "SELECT count(*), sum(visitors), sum(pay_buyers), sum(pay_orders), sum(pay_amt_platform) * 100 FROM traffic"
    expected = (len(shop), *shop[names].sum(), (shop["amount"] - shop["payment"]).sum())
    assert expected == trip.fen(f"{sums} WHERE scope = 'shop'")
    expected = (len(items), *items[names].sum(), (items["amount"] - items["borne"]).sum())
    assert expected == trip.fen(f"{sums} WHERE scope = 'item'")
    expected = (len(ads), *(ads[name].sum() for name in ("spend", "impressions", "clicks", "gmv", "orders")))
    actual = trip.fen(
        "SELECT count(*), sum(spend_cash) * 100, sum(impressions), sum(clicks), sum(attr_gmv) * 100, sum(attr_orders) "
        "FROM ads"
    )
    assert expected == actual


@pytest.mark.parametrize("month", ["2026-06", "2026-07"])
def test_the_platforms_figure_is_explained(trip: Trip, month: str) -> None:
    """成交金额 holds freight and leaves out what payment services bear; nothing else parts it from ours."""
    bridge = trip.bridge(month)
    assert {"freight", "payment_coupon"} == {step.id for step in bridge.steps if step.amount}
    assert 0 == bridge.unexplained


def test_the_cheap_channel_has_an_account_of_its_own(trip: Trip) -> None:
    """One account begins with the channel, and brings many clicks for little that is sold."""
    ads = trip.facts.ads
    cheap = ads[ads["scene"] == CHEAP]
    expected = sorted(
        (str(day.date()), clicks) for day, clicks in zip(cheap["day"], cheap["clicks"], strict=True)
    )
    newest = "SELECT account FROM ads GROUP BY account ORDER BY min(date) DESC LIMIT 1"
    with trip.lake() as engine:
        actual = engine.rows(
            f"SELECT CAST(date AS VARCHAR), clicks FROM ads WHERE account = ({newest}) ORDER BY date"
        )
    assert expected == actual
    others = ads[ads["scene"] != CHEAP]
    assert cheap["gmv"].sum() / cheap["spend"].sum() < 0.5 * others["gmv"].sum() / others["spend"].sum()
