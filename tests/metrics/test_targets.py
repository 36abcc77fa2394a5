"""Targets: attainment, pace and projection of a period, whole and so far."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from reportkit.errors import QueryError


def _half(first: float) -> str:
    """Thirty weights: `first` over ten days, the rest over twenty."""
    return json.dumps([first / 10] * 10 + [(1 - first) / 20] * 20)


def _one_sale(shop: Any, amount: float, day: date = date(2025, 11, 10)) -> None:
    shop.order(day, amount)
    shop.file("orders", "tmall", date(2025, 1, 1), date(2025, 12, 31))


def _cells(metrics: Any, names: Sequence[str], **kwargs: Any) -> list[float | None]:
    found = metrics.query(names, **({"period": "2025-11"} | kwargs))
    return [found.cell(name) for name in names]


_ALL = ("attain_month", "pace", "projection")


def test_the_worked_example(shop: Any) -> None:
    """Target 1000, 62 % of the weight elapsed, 540 sold: 54.0 %, pace 87.1 %, projection 871."""
    shop.target("2025-11", 1000, daily_weights=_half(0.62))
    _one_sale(shop, 540)
    found = _cells(shop.metrics(), _ALL, as_of="2025-11-10")
    assert [round(found[0], 3), round(found[1], 3), round(found[2])] == [0.54, 0.871, 871]


def test_even_days_without_weights(shop: Any) -> None:
    """Without weights ten of thirty days are a third; without a target there is still a projection."""
    shop.target("2025-11", 1200)
    _one_sale(shop, 540)
    metrics = shop.metrics()
    assert _cells(metrics, _ALL, as_of="2025-11-10") == pytest.approx([0.45, 1.35, 1620])
    assert _cells(metrics, ["attain_year", "pace"], period="2025-10", as_of="2025-10-31") == [None, None]


def test_targets_stand_beside_their_metric(whole: Any) -> None:
    """compare=["target"] adds target, attainment and pace; a platform without a target has none."""
    found = whole.query(["gmv", "orders"], by=["platform"], period="2025-11", compare=["target"])
    assert [found.cell("gmv", name, platform="tmall") for name in ("target", "attainment", "pace")] == [
        4000,
        0.75,
        0.75,
    ]
    assert found.cell("gmv", "target", platform="jd") is None
    assert found.cell("orders", "target", platform="tmall") is None
    total = whole.query(["gmv"], period="2025-11", compare=["target"])
    assert [total.cell("gmv", name) for name in ("target", "attainment")] == [9000, 0.5]


def test_the_company_target_is_its_own_or_the_sum(seller: Any) -> None:
    """Without a company target the platforms' are added, and only where each of them has one."""
    seller.target("2025-11", 4000, "tmall")
    assert _cells(seller.metrics(), ["attain_month"]) == [None]


def test_the_sum_of_platform_targets(seller: Any) -> None:
    """4000 and 2000 make 6000; a scope of one platform takes its own."""
    seller.target("2025-11", 4000, "tmall")
    seller.target("2025-11", 2000, "jd")
    metrics = seller.metrics()
    assert _cells(metrics, ["attain_month"]) == [0.75]
    assert _cells(metrics, ["attain_month"], scope={"platform": ["jd"]}) == [0.75]
    assert _cells(metrics, ["attain_month"], scope={"province": ["广东省"]}) == [None]


def test_a_quarter_is_its_own_or_its_months(seller: Any) -> None:
    """Three months make a quarter; two do not; a row of its own wins."""
    for month, value in (
        ("2025-07", 1000),
        ("2025-08", 2000),
        ("2025-09", 3000),
        ("2025-10", 9000),
        ("2025", 100000),
    ):
        seller.target(month, value)
    metrics = seller.metrics()
    third = metrics.query(["gmv"], by=["month"], period="2025-Q3", compare=["target"])
    assert list(third.frame["target"]) == pytest.approx([1000, 2000, 3000])
    assert metrics.query(["gmv"], period="2025-Q3", compare=["target"]).cell(
        "gmv", "target"
    ) == pytest.approx(6000)
    assert _cells(metrics, ["attain_quarter"]) == [None]
    assert _cells(metrics, ["attain_year"]) == pytest.approx([334 * 150 / 100000])


def test_attainment_of_the_enclosing_periods(seller: Any) -> None:
    """Asked over a week: the month, quarter and year of its last day, counted to that day."""
    for name, value in (("2025-11", 4500), ("2025-Q4", 9000), ("2025", 60000)):
        seller.target(name, value)
    found = _cells(seller.metrics(), ["attain_month", "attain_quarter", "attain_year"], period="2025-W46")
    to_date = 16 * 150
    assert found == pytest.approx([to_date / 4500, (to_date + 4650) / 9000, 320 * 150 / 60000])


def test_days_have_their_part_of_the_target(shop: Any) -> None:
    """By day the target follows the weights."""
    shop.target("2025-11", 1000, daily_weights=_half(0.62))
    _one_sale(shop, 540)
    found = shop.metrics().query(
        ["gmv"], by=["day"], period="2025-11", compare=["target"], as_of="2025-11-10"
    )
    assert found.cell("gmv", "target", day="2025-11-10") == pytest.approx(62)
    assert found.cell("gmv", "attainment", day="2025-11-10") == pytest.approx(540 / 62)
    assert found.frame["target"].sum() == pytest.approx(620)


def test_a_rate_has_a_target_but_no_pace(seller: Any) -> None:
    """A target of 4 % conversion is not spread over days nor added up."""
    seller.target("2025-11", 0.04, "tmall", "cvr")
    seller.target("2025-11", 0.04, "jd", "cvr")
    found = seller.metrics().query(["cvr"], by=["platform"], period="2025-11", compare=["target"])
    assert found.cell("cvr", "attainment", platform="tmall") == pytest.approx(0.75)
    assert found.cell("cvr", "pace", platform="tmall") is None
    assert seller.metrics().query(["cvr"], period="2025-11", compare=["target"]).cell("cvr", "target") is None


def test_a_basis_may_have_its_own_target(seller: Any) -> None:
    """A target of net_sales is of its default basis; another basis needs its own row."""
    seller.target("2025-11", 5940, "tmall", "net_sales")
    seller.target("2025-11", 100, "tmall", "refund_amount.refund_date")
    names = ["net_sales", "net_sales.pay_date", "net_sales.refund_date", "refund_amount.refund_date"]
    found = seller.metrics().query(names, period="2025-11", scope={"platform": ["tmall"]}, compare=["target"])
    assert [found.cell(name, "attainment") for name in names] == [0.5, 0.5, None, 0.3]


def test_the_target_set_last_counts(shop: Any) -> None:
    """Two rows for one target: the later date wins."""
    shop.target("2025-11", 1000, set_at=date(2025, 11, 2))
    shop.target("2025-11", 2000, set_at=date(2025, 10, 1))
    _one_sale(shop, 500)
    assert _cells(shop.metrics(), ["attain_month"]) == [0.5]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("[0.5, 0.5]", "2 daily weights, sum 1.0000; expected 30, sum 1"),
        (json.dumps([0.1] * 30), "30 daily weights, sum 3.0000"),
        ("half", "daily_weights cannot be read: half"),
        ('{"a": 1}', "daily_weights cannot be read"),
    ],
)
def test_weights_that_do_not_fit_are_refused(shop: Any, weights: str, message: str) -> None:
    """The message names the target and what was expected."""
    shop.target("2025-11", 1000, daily_weights=weights)
    _one_sale(shop, 1)
    with pytest.raises(QueryError, match="gmv, all, 2025-11") as error:
        _cells(shop.metrics(), ["pace"])
    assert message in str(error.value)
