"""Tmall's files are read back as they were written: their sources, their rows, and every sum to the cent."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reportkit.demo.files import tmall
from reportkit.demo.files.figures import averages, levels, rates
from tests.demo.trips import Trip, make_trip


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return make_trip(tmp_path_factory.mktemp("tmall"), "tmall", "2025-11", 2)


def test_every_file_is_read_by_its_own_source(trip: Trip) -> None:
    """No file is left over, and no row is refused."""
    assert {report.source for report in tmall.REPORTS} == {source for source, _ in trip.written.values()}
    assert trip.written == trip.read()
    assert [] == [file for file in trip.result.files if file.rejected or file.skipped]


def test_orders_come_back(trip: Trip) -> None:
    """Counts of states and times, and sums of money."""
    orders, lines = trip.facts.orders, trip.facts.lines
    closed = orders["state"].isin(["cancelled", "refunded"]).sum()
    expected = (
        len(orders),
        orders["freight"].sum(),
        orders["presale"].sum(),
        closed,
        orders["completed"].notna().sum(),
    )
    actual = trip.fen(
        "SELECT count(*), sum(freight_charged) * 100, count(*) FILTER (WHERE is_presale), "
        "count(*) FILTER (WHERE status_std = 'closed'), count(completed_at) FROM orders"
    )
    assert expected == actual
    expected = tuple(lines[name].sum() for name in ("qty", "listed", "discount", "due"))
    actual = trip.fen(
        "SELECT sum(qty), sum(list_amt) * 100, sum(merchant_discount_amt) * 100, sum(goods_receivable_amt) * 100 "
        "FROM order_lines"
    )
    assert expected == actual


def test_refunds_come_back(trip: Trip) -> None:
    """What the buyer got holds freight; by state and by stage."""
    known = trip.facts.refunds
    amount = known["back_goods"] + known["back_freight"]
    success = known["state"] == "success"
    expected = (
        len(known),
        amount.sum(),
        amount[success].sum(),
        known["returned"].notna().sum(),
        success.sum(),
    )
    actual = trip.fen(
        "SELECT count(*), sum(refund_goods_amt) * 100, sum(refund_goods_amt) FILTER (WHERE status_std = 'success') * 100, "
        "count(returned_at), count(refunded_at) FROM refunds"
    )
    assert expected == actual
    assert known["stage"].astype(str).value_counts().to_dict() == trip.counts(
        "SELECT stage, count(*) FROM refunds GROUP BY ALL"
    )


def test_the_ledger_comes_back(trip: Trip) -> None:
    """What was settled, and each kind of fee."""
    paid = trip.facts.payouts
    costs = ["commission", "service", "insurance", "payment_fee"]
    expected = (paid["net"].sum(), (paid["due"] + paid["freight"]).sum(), paid[costs].to_numpy().sum())
    actual = trip.fen(
        "SELECT sum(settled_amt) * 100, sum(gross_amt) * 100, sum(deductions) * 100 FROM settlements"
    )
    assert expected == actual
    expected = {
        "平台扣点": paid["commission"].sum(),
        "技术服务费": paid["service"].sum(),
        "运费险": paid["insurance"].sum(),
    }
    assert expected == trip.counts(
        "SELECT fee_type, CAST(sum(amount) * 100 AS BIGINT) FROM fees GROUP BY ALL"
    )


def test_the_ledger_is_told_before_it_is_read(trip: Trip) -> None:
    """The rows promised of settlements and fees are those of the lake."""
    for table, rows in tmall.entries(trip.world, trip.facts).items():
        assert trip.told(rows) == trip.stored(table, list(rows)), table


def test_days_come_back(trip: Trip) -> None:
    """Traffic of the shop, its channels and items, and advertising."""
    visits, items, ads = trip.facts.visitors, trip.facts.items, trip.facts.ads
    names = [
        "visitors",
        "pv",
        "new_visitors",
        "bounce",
        "cart",
        "fav",
        "order_buyers",
        "pay_buyers",
        "pay_orders",
        "amount",
    ]
    expected = tuple(visits.loc[visits["channel"] == "", names].sum())
    actual = trip.fen(
        "SELECT sum(visitors), sum(pv), sum(new_visitors), sum(bounce_visitors), sum(cart_users), sum(fav_users), "
        "sum(order_buyers), sum(pay_buyers), sum(pay_orders), sum(pay_amt_platform) * 100 "
        "FROM traffic WHERE scope = 'shop' AND period_grain = 'day'"
    )
    assert expected == actual
    channels = visits[visits["channel"] != ""]
    expected = (channels["visitors"].sum(), channels["amount"].sum(), 2 * channels["channel"].nunique())
    sums = "SELECT sum(visitors), sum(pay_amt_platform) * 100, count(*) FROM traffic"
    assert expected == trip.fen(f"{sums} WHERE channel IS NOT NULL AND period_grain = 'month'")
    expected = (items["visitors"].sum(), items["amount"].sum(), len(items))
    assert expected == trip.fen(f"{sums} WHERE scope = 'item' AND period_grain = 'day'")
    expected = tuple(
        ads[name].sum() for name in ("spend", "impressions", "clicks", "gmv", "orders", "new_buyers")
    )
    actual = trip.fen(
        "SELECT sum(spend_cash) * 100, sum(impressions), sum(clicks), sum(attr_gmv) * 100, sum(attr_orders), "
        "sum(attr_new_buyers) FROM ads"
    )
    assert expected == actual


def test_the_platforms_figure_is_explained(trip: Trip) -> None:
    """生意参谋's amount holds freight, and nothing else parts it from ours."""
    bridge = trip.bridge("2025-11")
    assert ["freight"] == [step.id for step in bridge.steps if step.amount]
    assert 0 == bridge.unexplained


def test_figures_are_written_as_reports_do() -> None:
    """Rates and averages of nothing are 0; a channel's missing levels are filled."""
    assert ["3.41%", "0.00%"] == rates([341, 5], [10_000, 0]).to_pylist()
    assert ["12.35", "0.00"] == averages([2469, 5], [2, 0]).to_pylist()
    split: dict[str, Any] = levels(pd.Series(["搜索", "搜索 › 品牌词"]), "汇总")
    assert ["搜索", "搜索"] == split["level1"].to_pylist()
    assert ["汇总", "品牌词"] == split["level2"].to_pylist()
    assert ["汇总", "汇总"] == split["level4"].to_pylist()
