"""From the codes of platforms to the merchant's own: mapping, bundles, pieces and costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportkit.metrics.query import Metrics
from reportkit.quality.skus import UNMAPPED, unmapped
from tests.quality.lakes import Trade

_DAY = date(2025, 11, 5)


def _map(trade: Trade, platform: str, code: str, sku: str, pieces: float = 1, **values: Any) -> None:
    base = {"map_platform": platform, "platform_sku_id": code, "sku_id": sku, "units_multiplier": pieces}
    trade.add("sku_map", "forms", **(base | values))


def _sku(trade: Trade, *codes: str) -> None:
    for code in codes:
        trade.add("skus", "jushuitan", sku_id=code)


def _found(trade: Trade) -> tuple[Metrics, list[tuple[Any, ...]]]:
    metrics = trade.metrics()
    rows = metrics.engine.rows(
        "SELECT merchant_sku, match_method, pieces FROM sku_lines ORDER BY source_row, merchant_sku"
    )
    return metrics, rows


def _trade(root: Path) -> Trade:
    trade = Trade(root)
    trade.file("orders", "tmall", date(2025, 11, 1), date(2025, 11, 30))
    return trade


def _units(metrics: Metrics) -> float | None:
    return metrics.query(["units"], period="2025-11").cell("units")


@pytest.mark.parametrize(
    ("code", "method"),
    [
        ("A-1", "exact"),
        (" a-1", "normalised"),
        ("Ａ－１", "normalised"),
        ("A - 1", "normalised"),
        ("A-2", "none"),
        ("A1", "none"),
    ],
)
def test_codes_of_the_merchants_own(tmp_path: Path, code: str, method: str) -> None:
    """The very code is exact; case, spaces and full width are writing; anything else is another code."""
    trade = _trade(tmp_path)
    _sku(trade, "A-1", "B-1")
    trade.sell("tmall", _DAY, "10.00", sku_id=code, qty=3)
    _, rows = _found(trade)
    assert rows == [("A-1" if method != "none" else None, method, 3)]


def test_a_spelling_that_two_codes_share_is_nobodys(tmp_path: Path) -> None:
    """a-1 could be A-1 or a-1 written apart: it is left to the form."""
    trade = _trade(tmp_path)
    _sku(trade, "A-1", "A -1")
    trade.sell("tmall", _DAY, "10.00", sku_id="a-1")
    assert _found(trade)[1] == [(None, "none", 1)]


def test_the_form_speaks_before_any_code(tmp_path: Path) -> None:
    """By the platform's number, by the merchant's code, this platform before all; then the code itself."""
    trade = _trade(tmp_path)
    _sku(trade, "A", "B", "C", "D")
    _map(trade, "tmall", "9001", "A", 2)
    _map(trade, "all", "9001", "B")
    _map(trade, "all", "x", "B", 5)
    _map(trade, "jd", "x", "C")
    for number, code in (("9001", "x"), ("9002", "x"), ("9002", " X"), ("9002", "D")):
        trade.sell("tmall", _DAY, "10.00", platform_sku_id=number, sku_id=code)
    metrics, rows = _found(trade)
    assert rows == [("A", "form", 2), ("B", "form", 5), ("B", "form", 5), ("D", "exact", 1)]
    assert _units(metrics) == 13


def test_a_mapping_counts_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    """By the day of payment; outside of it the next way to know the code counts."""
    trade = _trade(tmp_path)
    _sku(trade, "A", "B")
    _map(trade, "tmall", "A", "B", 2, valid_from=date(2025, 11, 5), valid_to=date(2025, 11, 6))
    for day in (4, 5, 6, 7):
        trade.sell("tmall", date(2025, 11, day), "10.00", sku_id="A")
    assert [row[:2] for row in _found(trade)[1]] == [
        ("A", "exact"),
        ("B", "form"),
        ("B", "form"),
        ("A", "exact"),
    ]


def test_bundles_are_what_is_inside(tmp_path: Path) -> None:
    """Sold by its code, by another writing of it, or mapped to it: two of A and one of B each."""
    trade = _trade(tmp_path)
    _sku(trade, "A", "B", "SET")
    _map(trade, "all", "SET", "A", 2, match_method="bundle")
    _map(trade, "all", "SET", "B", 1, match_method="bundle")
    _map(trade, "tmall", "9001", "SET", 3)
    for codes in ({"sku_id": "SET"}, {"sku_id": "set "}, {"platform_sku_id": "9001"}):
        trade.sell("tmall", _DAY, "90.00", qty=2, **codes)
    metrics, rows = _found(trade)
    inside = [("A", "bundle", 4), ("B", "bundle", 2)]
    assert rows == [*inside, *inside, ("A", "bundle", 12), ("B", "bundle", 6)]
    assert (_units(metrics), metrics.query(["gmv"], period="2025-11").cell("gmv")) == (6 + 6 + 18, 270)


def test_the_form_and_the_erp_may_say_the_same(tmp_path: Path) -> None:
    """The same entry twice counts once; where they differ, the form counts."""
    trade = _trade(tmp_path)
    for platform in ("forms", "kuaimai"):
        trade.add(
            "sku_map", platform, map_platform="all", platform_sku_id="SET", sku_id="A", units_multiplier=2
        )
    _map(trade, "all", "BOX", "A", 4)
    _map(trade, "all", "BOX", "A", 6, match_method="bundle")
    trade.sell("tmall", _DAY, "10.00", sku_id="SET")
    trade.sell("tmall", _DAY, "10.00", sku_id="BOX")
    metrics, rows = _found(trade)
    assert (rows, _units(metrics)) == ([("A", "form", 2), ("A", "form", 4)], 6)


def test_without_a_mapping_pieces_are_pieces(tmp_path: Path) -> None:
    """No codes of the merchant's own: units are the quantities of the files."""
    trade = _trade(tmp_path)
    trade.sell("tmall", _DAY, "10.00", qty=3, sku_id="A")
    trade.sell("tmall", _DAY, "10.00", qty=2)
    metrics, _ = _found(trade)
    assert _units(metrics) == 5


def _cost(
    trade: Trade, sku: str, cost: str, first: date | None = None, last: date | None = None, **values: Any
) -> None:
    trade.add("costs", "forms", sku_id=sku, unit_cost=cost, valid_from=first, valid_to=last, **values)


def _costs(metrics: Metrics) -> list[Any]:
    return [row[0] for row in metrics.engine.rows("SELECT cost_amt FROM sales ORDER BY source_row")]


def test_the_cost_of_the_day_of_payment(tmp_path: Path) -> None:
    """A cost with days goes before one without; where its days are over the other counts again."""
    trade = _trade(tmp_path)
    _cost(trade, "A", "4.00")
    _cost(trade, "A", "5.00", date(2025, 11, 3), date(2025, 11, 4))
    _cost(trade, "A", "6.00", date(2025, 11, 4))
    _cost(trade, "B", "1.00", date(2025, 11, 4))
    for day in (2, 3, 4):
        trade.sell("tmall", date(2025, 11, day), "10.00", sku_id="A", qty=2)
    trade.sell("tmall", date(2025, 11, 3), "10.00", sku_id="B")
    metrics, _ = _found(trade)
    assert _costs(metrics) == [8, 10, 12, None]


def test_the_cost_of_a_bundle_needs_all_its_parts(tmp_path: Path) -> None:
    """Two of A and one of B; a bundle with a part of unknown cost has none, unless the file tells it."""
    trade = _trade(tmp_path)
    _cost(trade, "A", "4.00")
    _cost(trade, "B", "1.50")
    for code, part in (("SET", "B"), ("ODD", "C")):
        _map(trade, "all", code, "A", 2, match_method="bundle")
        _map(trade, "all", code, part, 1, match_method="bundle")
    for codes in ({"sku_id": "SET"}, {"sku_id": "ODD"}, {"sku_id": "ODD", "unit_cost": "7.25"}):
        trade.sell("tmall", _DAY, "20.00", qty=2, **codes)
    metrics, _ = _found(trade)
    assert _costs(metrics) == [Decimal("19.00"), None, Decimal("14.50")]


def test_how_much_of_the_sales_has_a_cost(tmp_path: Path) -> None:
    """60 of 80 by amount; a month without any cost is 0 %, not unknown; no month is."""
    trade = _trade(tmp_path)
    trade.file("orders", "tmall", date(2025, 10, 1), date(2025, 10, 31))
    _cost(trade, "A", "4.00")
    trade.sell("tmall", _DAY, "60.00", sku_id="A")
    trade.sell("tmall", _DAY, "20.00", sku_id="B")
    trade.sell("tmall", _DAY, "99.00", sku_id="B", is_brush=True)
    trade.sell("tmall", date(2025, 10, 5), "10.00", sku_id="B")
    metrics = trade.metrics()
    found = [
        metrics.query(["cost_coverage"], period=month).cell("cost_coverage")
        for month in ("2025-11", "2025-10", "2024-01")
    ]
    assert found == [0.75, 0, None]


def test_a_merchant_without_any_cost_has_no_coverage(tmp_path: Path) -> None:
    """0 % is an answer: the platform is not left out for want of costs."""
    trade = _trade(tmp_path)
    trade.sell("tmall", _DAY, "60.00")
    found = trade.metrics().query(["cost_coverage"], period="2025-11")
    assert (found.cell("cost_coverage"), found.missing["cost_coverage"]) == (0, [])


def test_what_is_unmapped_is_listed_with_its_sales(tmp_path: Path) -> None:
    """By code, the largest first; mapped codes, marked orders and other months stay out."""
    trade = _trade(tmp_path)
    _sku(trade, "A")
    for goods, codes in (
        ("10.00", {"sku_id": "A"}),
        ("20.00", {"sku_id": "Z", "platform_sku_id": "1"}),
        ("25.00", {"sku_id": "Z", "platform_sku_id": "1", "title": "it's"}),
        ("60.00", {}),
        ("99.00", {"sku_id": "Z", "is_brush": True}),
    ):
        trade.sell("tmall", _DAY, goods, **codes)
    trade.sell("tmall", date(2025, 10, 5), "70.00", sku_id="Y")
    metrics = trade.metrics()
    found = unmapped(metrics, "2025-11")
    assert list(found) == UNMAPPED
    assert [tuple(row)[:-1] for row in found.itertuples(index=False)] == [
        ("tmall", None, None, "p1", None, 1, 1, 60),
        ("tmall", "1", "Z", "p1", "it's", 2, 2, 45),
    ]
    for row in found.itertuples():
        lines = metrics.engine.frame(row.rows_sql)
        assert (len(lines), sum(lines["goods_receivable_amt"])) == (row.lines, row.sales)
        assert {"source_file", "source_sheet", "source_row"} <= set(lines)


def test_nothing_unmapped_is_an_empty_list(tmp_path: Path) -> None:
    """All codes known: a frame of the same columns without rows."""
    trade = _trade(tmp_path)
    _sku(trade, "A")
    trade.sell("tmall", _DAY, "10.00", sku_id="A")
    found = unmapped(trade.metrics(), "2025-11")
    assert (list(found), len(found)) == (UNMAPPED, 0)
