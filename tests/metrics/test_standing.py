"""What stands rather than happens: stock and scores over days, by no platform; and rows of several days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

_FIRST, _LAST = date(2025, 11, 1), date(2025, 11, 30)


def _sold(shop: Any, *platforms: str) -> None:
    """An order a month long, and the files of it."""
    for platform in platforms or ("tmall",):
        for day in (_FIRST, _LAST):
            shop.order(day, 100, platform)
        shop.file("orders", platform, _FIRST, _LAST)


def _count(shop: Any, day: int, sku: str, pieces: float, **values: Any) -> None:
    told = {
        "date": date(2025, 11, day),
        "sku_id": sku,
        "on_hand": pieces,
        "available": pieces,
        "unit_cost": 1,
    }
    shop.add("inventory", "all", **(told | values))


@pytest.fixture
def stocked(shop: Any) -> Any:
    """Counted on the 1st (a 10, b 20) and on the 4th (a 40): b was sold out and is not in the second count."""
    _sold(shop, "tmall", "jd")
    for day, sku, pieces in ((1, "a", 10), (1, "b", 20), (4, "a", 40)):
        _count(shop, day, sku, pieces)
    return shop.metrics()


def test_a_count_stands_until_the_next(stocked: Any) -> None:
    """Three days of 30, then 40; the last day of a week is the week's, of a month the month's."""
    names = ["inventory_value"]
    days = stocked.query(names, by=["day"], period="2025-11-01/2025-11-05").frame
    assert list(days["value"]) == [30, 30, 30, 40, 40]
    weeks = stocked.query(names, by=["week"], period="2025-11-01/2025-11-05").frame
    assert list(weeks["value"]) == [30, 40]
    assert stocked.query(names, period="2025-11-01/2025-11-05").cell("inventory_value") == 40


def test_after_a_month_a_count_is_not_believed(shop: Any) -> None:
    """The count of 1 November lasts to 1 December; then stock is unknown, which is not the same as none."""
    _sold(shop)
    shop.order(date(2025, 12, 31), 100)
    _count(shop, 1, "a", 10)
    metrics = shop.metrics()
    found = metrics.query(["inventory_value"], by=["day"], period="2025-11-30/2025-12-03").frame
    assert [value if value == value else None for value in found["value"]] == [10, 10, None, None]
    assert metrics.query(["inventory_value"], period="2025-10").cell("inventory_value") is None


def test_the_parts_of_stock_add_up(stocked: Any) -> None:
    """The last day is the last of all codes: one that is gone by then has nothing; means are over the same days."""
    found = stocked.query(
        ["inventory_value", "inventory_value_avg"], by=["sku"], period="2025-11-01/2025-11-05"
    )
    assert [found.cell("inventory_value_avg", sku=sku) for sku in "ab"] == [(3 * 10 + 2 * 40) / 5, 3 * 20 / 5]
    assert found.cell("inventory_value", sku="a") == 40
    assert found.cell("inventory_value", sku="b") == 0
    whole = stocked.query(["inventory_value", "inventory_value_avg"], period="2025-11-01/2025-11-05")
    assert [whole.cell(name) for name in whole.requests] == [40, (3 * 30 + 2 * 40) / 5]


def test_means_are_of_the_days_of_each_month(stocked: Any) -> None:
    """Cut by time each part has its own days, however the rest is cut."""
    found = stocked.query(["inventory_value_avg"], by=["week", "sku"], period="2025-11-01/2025-11-05")
    assert found.cell("inventory_value_avg", week="2025-10-27", sku="a") == 10
    assert found.cell("inventory_value_avg", week="2025-11-03", sku="a") == (10 + 40 + 40) / 3
    assert found.cell("inventory_value_avg", week="2025-11-03", sku="b") == 20 / 3


def test_the_rows_behind_stock_are_those_of_its_last_day(stocked: Any) -> None:
    """Two counts, and what is printed rests on the second."""
    found = stocked.query(["inventory_value"], period="2025-11-01/2025-11-05")
    rows = stocked.engine.frame(found.rows_sql("inventory_value")["stock_days"])
    assert list(rows["sku_id"]) == ["a"]
    assert {"source_file", "source_sheet", "source_row"} <= set(rows)


def test_a_ledger_tells_only_what_moved(shop: Any) -> None:
    """In a ledger a code without a row has not moved; one that only tells of spoilt pieces says nothing of good ones."""
    _sold(shop)
    ledger = {"source_id": "jd/inventory"}
    for day, sku, pieces in ((1, "a", 10), (1, "b", 20), (3, "a", 7)):
        _count(shop, day, sku, pieces, **ledger)
    _count(shop, 4, "b", 0, **(ledger | {"on_hand": None}))
    found = shop.metrics().query(["stock_on_hand"], by=["day"], period="2025-11-01/2025-11-04").frame
    assert list(found["value"]) == [30, 30, 27, 27]


def test_days_of_inventory_by_category_and_month(shop: Any) -> None:
    """Sold for 20 in each month from a stock of 40 on average: 60 days of October, 30 × 40 ÷ 20 of November."""
    for code, category in (("x", "上衣"), ("y", "裤子")):
        shop.add("skus", "all", sku_id=code, spu_id=code.upper(), category=category, status="启用")
    for month in (10, 11):
        shop.order(date(2025, month, 1), 100)
        shop.rows["order_lines"][-1] |= {"sku_id": "x", "unit_cost": 20}
        for code in "xy":
            _count(shop, 1, code, 40, date=date(2025, month, 1))
    shop.order(_LAST, 0, spu_id="none")
    for kind in ("orders", "refunds"):
        shop.file(kind, "tmall", date(2025, 10, 1), _LAST)
    found = shop.metrics().query(["inventory_days"], by=["category", "month"], period="2025-10-01/2025-11-30")
    assert found.cell("inventory_days", category="上衣", month="2025-10-01") == 31 * 40 / 20
    assert found.cell("inventory_days", category="上衣", month="2025-11-01") == 30 * 40 / 20
    assert found.cell("inventory_days", category="裤子", month="2025-11-01") is None


def test_scores_are_the_last_of_each_platform(shop: Any) -> None:
    """tmall published on the 30th, jd on the 15th: each counts with its last, weighed by the ratings behind it."""
    _sold(shop, "tmall", "jd")
    for platform, day, score in (("tmall", 15, 1), ("tmall", 30, 5), ("jd", 15, 3)):
        told = {
            "date": date(2025, 11, day),
            "source": "s",
            "score": score,
            "scale_min": 1,
            "scale_max": 5,
            "n": 10,
        }
        shop.add("ratings", platform, **told)
        shop.file("ratings", platform, _FIRST, _LAST)
    metrics = shop.metrics()
    assert metrics.query(["csat_index"], period="2025-11").cell("csat_index") == (100 + 50) / 2
    found = metrics.query(["csat_index"], by=["platform", "week"], period="2025-11")
    assert found.cell("csat_index", platform="tmall", week="2025-11-10") == 0
    assert found.cell("csat_index", platform="tmall", week="2025-11-17") is None


@pytest.mark.parametrize(
    ("period", "visitors"),
    [("2025-11", 90), ("2025-Q4", 90), ("2025-11-01/2025-11-15", None), ("2025-10-15/2025-11-15", None)],
)
def test_a_row_of_a_month_counts_in_whole_months_only(shop: Any, period: str, visitors: float | None) -> None:
    """It says nothing of a half of its month; its days are days with data."""
    _sold(shop)
    shop.visit(_FIRST, 90, channel="搜索", period_grain="month", date_to=_LAST)
    found = shop.metrics().query(["channel_visitors"], by=["channel"], period=period)
    cells = list(found.frame["value"])
    assert cells == ([visitors] if visitors else [])


def test_of_rows_of_several_lengths_the_shortest_count(shop: Any) -> None:
    """The month's row of a shop that also tells days would count them again; another platform's month stands."""
    _sold(shop, "tmall", "jd")
    month = {"channel": "搜索", "period_grain": "month", "date_to": _LAST}
    shop.visit(_FIRST, 1000, **month)
    shop.visit(_FIRST, 500, "jd", **month)
    for day in (3, 4):
        shop.visit(date(2025, 11, day), 10, channel="搜索")
    found = shop.metrics().query(["channel_visitors"], by=["platform"], period="2025-11")
    assert [found.cell("channel_visitors", platform=name) for name in ("tmall", "jd")] == [20, 500]
