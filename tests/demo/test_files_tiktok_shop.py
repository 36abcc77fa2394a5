"""TikTok Shop's files, written and ingested, bring what happened there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.files.tiktok_shop import by_piece, entries
from reportkit.demo.numbers import order_id
from tests.demo.trips import Trip, make_trip


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return make_trip(tmp_path_factory.mktemp("tiktok_shop"), "tiktok_shop", "2025-12", 3)


def test_every_file_is_read_whole_by_its_own_source(trip: Trip) -> None:
    """No row is refused, and nothing needs a remark; orders and returns explain their columns in a row."""
    read = {file.path: (file.source, file.read - file.skipped) for file in trip.result.files}
    assert trip.written == read
    assert [] == [file for file in trip.result.files if file.rejected or file.notes]
    notes = {"tiktok_shop/orders": 1, "tiktok_shop/refunds": 1, "tiktok_shop/settlement": 0}
    assert notes == {file.source: file.skipped for file in trip.result.files}


def test_lines_come_back(trip: Trip) -> None:
    """Each line's list price, discount, what is due, the platform's part, and what the buyer pays."""
    lines = trip.facts.lines
    paid = lines["due"] - lines["platform"]
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


def test_times_are_read_days_first(trip: Trip) -> None:
    """Every order's times, to the second."""
    orders = trip.facts.orders
    times = orders[["created", "paid", "shipped", "signed"]].assign(
        closed=orders["cancelled"].fillna(orders["ended"])
    )
    known = times.fillna(pd.Timestamp(0)).set_axis([f"{name}_at" for name in times], axis=1)
    known.insert(0, "platform_order_id", order_id("tiktok_shop", orders["serial"]).to_pandas())
    with trip.lake() as engine:
        never = ", ".join(
            f"coalesce({name} + INTERVAL 8 HOUR, TIMESTAMP '1970-01-01') AS {name}"
            for name in known.columns[1:]
        )
        told = engine.frame(f"SELECT platform_order_id, {never} FROM orders ORDER BY platform_order_id")
    assert Trip.told(known) == Trip.told(told)


def test_a_return_in_two_rows_is_one_refund(trip: Trip) -> None:
    """Every case is there once; price and pieces multiply to what was asked for."""
    known = trip.facts.refunds
    back = known[known["state"] == "success"]
    expected = (len(known), known["back_goods"].sum(), known["back_qty"].sum(), back["done_goods"].sum())
    actual = trip.fen(
        "SELECT count(*), sum(refund_goods_amt) * 100, sum(qty), "
        "sum(refund_goods_amt) FILTER (WHERE status_std = 'success') * 100 FROM refunds"
    )
    assert expected == actual


def test_a_price_without_whole_fen_is_split(trip: Trip) -> None:
    """Ten yuan for three pieces: two at 3.33, one at 3.34; six for none are for one."""
    place, qty, price = by_piece(np.array([1000, 600]), np.array([3, 0]))
    assert ([0, 0, 1], [2, 1, 1], [333, 334, 600]) == (place.tolist(), qty.tolist(), price.tolist())


def test_settlements_and_fees_come_back(trip: Trip) -> None:
    """Row by row as entries() says, and the fees are all that was deducted."""
    rows, payouts = entries(trip.world, trip.facts), trip.facts.payouts
    for name, expected in rows.items():
        known = expected.drop(columns="settled_at", errors="ignore")
        assert Trip.told(known) == trip.stored(name, list(known)), name
    assert (payouts["net"].sum(),) == trip.fen(
        "SELECT (SELECT sum(gross_amt) FROM settlements) * 100 - (SELECT sum(amount) FROM fees) * 100"
    )
    assert (payouts["kind"] == "refund").any()
