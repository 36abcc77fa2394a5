"""Coverage: which days there is data for, and which sides of a comparison hold which days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.metrics.coverage import Coverage, spans
from reportkit.metrics.periods import parse
from reportkit.metrics.windows import in_period, pairs


def _november(*days: int) -> frozenset[date]:
    return frozenset(date(2025, 11, day) for day in days)


def _coverage(shop: Any, *files: tuple[str, int, int]) -> Coverage:
    for day in (1, 30):
        shop.order(date(2025, 11, day), 1)
    for kind, first, last in files:
        shop.file(kind, "tmall", date(2025, 11, first), date(2025, 11, last))
    found: Coverage = shop.metrics().coverage
    return found


@pytest.mark.parametrize(
    ("kind", "files", "covered"),
    [
        ("traffic", [(3, 5), (7, 9)], [(3, 5), (7, 9)]),
        ("traffic", [(3, 5), (6, 9)], [(3, 9)]),
        ("ads", [(10, 12), (16, 20)], [(7, 23)]),
        ("ads", [(10, 12), (17, 20)], [(7, 12), (17, 23)]),
        ("ads", [(10, 12), (20, 22)], [(7, 12), (20, 25)]),
        ("refunds", [(16, 16)], [(13, 19)]),
        ("fees", [(1, 2)], [(1, 5)]),
    ],
)
def test_gaps_and_edges(
    shop: Any, kind: str, files: list[tuple[int, int]], covered: list[tuple[int, int]]
) -> None:
    """Gaps up to closed_days count as days without trade; only the outer ends stretch, by edge_days, while orders last."""
    found = _coverage(shop, ("orders", 1, 30), *((kind, *file) for file in files))
    days = [(first.day, last.day) for first, last in spans(found.of("tmall", [kind]))]
    assert days == covered


def test_lines_are_covered_by_orders_and_orders_by_lines(shop: Any) -> None:
    """An order-level file gives each order a placeholder line; a line-level file gives each line an order."""
    shop.text("params/sources/tmall/lines.yaml", "tables: {order_lines: {}}\n")
    found = _coverage(shop, ("orders", 1, 30))
    assert found.of("tmall", ["order_lines"]) == found.of("tmall", ["orders"])
    assert len(found.of("tmall", ["orders", "order_lines"])) == 30


def test_a_dataset_without_files_is_not_covered(shop: Any) -> None:
    """No file, no coverage; and no platform without orders."""
    found = _coverage(shop, ("orders", 1, 30))
    assert found.of("tmall", ["orders", "refunds"]) == frozenset()
    assert found.of("jd", ["orders"]) == frozenset()
    assert found.platforms == ("tmall",)


def test_a_file_without_a_platform_covers_those_in_it(shop: Any) -> None:
    """A form with fees of several platforms covers each platform whose rows it brought."""
    shop.order(date(2025, 11, 1), 1, "jd")
    shop.add("fees", "tmall", date=date(2025, 11, 1), fee_type="人工", amount=1, source_file="form")
    shop.file("fees", "tmall", date(2025, 11, 1), date(2025, 11, 30), platform_id=None, source_file="form")
    found = _coverage(shop, ("orders", 1, 30))
    assert len(found.of("tmall", ["fees"])) == 30
    assert found.of("jd", ["fees"]) == frozenset()


def test_a_source_that_is_gone_is_known_by_its_rows(shop: Any) -> None:
    """A lake outlives its sources: what a removed one brought still counts."""
    shop.order(date(2025, 11, 1), 10, source_id="old/orders")
    shop.file("orders", "tmall", date(2025, 11, 1), date(2025, 11, 2), source_id="old/orders")
    metrics = shop.metrics()
    (shop.root / "params/sources/old/orders.yaml").unlink()
    assert metrics.coverage.of("tmall", ["orders"]) == _november(1, 2)
    assert metrics.coverage.of("tmall", ["refunds"]) == frozenset()


def test_partial_days_are_counted(whole: Any) -> None:
    """A period that begins before the data says how many days each platform lacks."""
    found = whole.query(["gmv"], period="2024-09-21/2024-10-20")
    assert (found.cell("gmv"), found.partial) == (20 * 120, {"gmv": {"tmall": 10, "jd": 10}})


def test_windows_of_a_running_period() -> None:
    """What lies in the period and not after as_of; a platform without such days is left out."""
    window = {"tmall": _november(1, 2, 9), "jd": _november(20)}
    assert in_period(window, parse("2025-11"), date(2025, 11, 8)) == {"tmall": _november(1, 2)}
    assert in_period(window, None, date(2025, 11, 8)) == {}


_DAYS = st.frozensets(st.integers(0, 60).map(lambda offset: date(2025, 10, 1) + timedelta(days=offset)))


@given(_DAYS)
def test_spans_hold_every_day_once(days: frozenset[date]) -> None:
    """Ranges never touch, and together they are the days."""
    found = spans(days)
    again = [
        first + timedelta(days=offset) for first, last in found for offset in range((last - first).days + 1)
    ]
    assert again == sorted(days)
    assert all(right[0] - left[1] > timedelta(days=1) for left, right in pairwise(found))


@given(_DAYS, _DAYS)
def test_pairs_are_like_for_like(now: frozenset[date], then: frozenset[date]) -> None:
    """Either both periods are whole, or each day on one side has its twin on the other."""
    november, october = parse("2025-11"), parse("2025-10")
    own, other = (
        in_period({"tmall": days}, span, date.max) for days, span in ((now, november), (then, october))
    )
    first, second = pairs(own, other, november, october)
    days, twins = first.get("tmall", frozenset()), second.get("tmall", frozenset())
    assert days <= now
    assert twins <= then
    whole = len(own.get("tmall", ())) == 30 and len(other.get("tmall", ())) == 31
    assert whole or {november.twin(day, october) for day in days} == twins
