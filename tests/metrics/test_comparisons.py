"""Comparisons: the period before and the year before, all in and like for like."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

_SIDES = ("value", "previous", "previous_now", "previous_then")


def _sides(result: Any, request: str = "gmv", compare: str = "previous", **dims: Any) -> list[float | None]:
    names = ("value", compare, f"{compare}_now", f"{compare}_then")
    return [result.cell(request, name, **dims) for name in names]


def test_a_whole_month_stands_against_a_whole_month(whole: Any) -> None:
    """November's 30 days against October's 31; growth from the like-for-like pair."""
    found = whole.query(["gmv", "aov_order"], period="2025-11", compare=["previous", "last_year"])
    assert _sides(found) == [4500, 4650, 4500, 4650]
    assert _sides(found, compare="last_year") == [4500, 3600, 4500, 3600]
    assert found.cell("gmv", "previous_change") == -150
    assert found.cell("gmv", "last_year_growth") == pytest.approx(0.25)
    assert found.cell("aov_order", "last_year_change") == pytest.approx(15)


def test_a_running_month_stands_against_the_same_days(whole: Any) -> None:
    """As of the 10th: ten days against October's first ten; all of October is kept beside."""
    found = whole.query(["gmv"], period="2025-11", compare=["previous"], as_of="2025-11-10")
    assert _sides(found) == [1500, 4650, 1500, 1500]
    assert found.cell("gmv", "previous_growth") == 0


def test_a_running_month_longer_than_the_one_before(whole: Any) -> None:
    """As of 30 October: day 30 of a month of 31 has no twin in a month of 30 beyond its end."""
    found = whole.query(["gmv"], period="2025-10", compare=["previous"], as_of="2025-10-30")
    assert _sides(found) == [4500, 4500, 4500, 4500]
    march = whole.query(["gmv"], period="2025-03", compare=["previous"], as_of="2025-03-30")
    assert _sides(march) == [4500, 4200, 4200, 4200]


def test_a_platform_that_is_new_stays_out_of_like_for_like(shop: Any) -> None:
    """jd started in November: it counts in the total but not in the growth."""
    for month in (10, 11):
        shop.order(date(2025, month, 1), 100)
        shop.order(date(2025, month, 30), 100)
    for day in (1, 30):
        shop.order(date(2025, 11, day), 50, "jd")
    shop.file("orders", "tmall", date(2025, 10, 1), date(2025, 11, 30))
    shop.file("orders", "jd", date(2025, 11, 1), date(2025, 11, 30))
    metrics = shop.metrics()
    found = metrics.query(["gmv"], period="2025-11", compare=["previous"])
    assert _sides(found) == [300, 200, 200, 200]
    cut = metrics.query(["gmv", "growth_mom"], by=["platform"], period="2025-11", compare=["previous"])
    assert _sides(cut, platform="jd") == [100, None, None, None]
    assert cut.cell("growth_mom", platform="tmall") == 0
    assert cut.cell("growth_mom", platform="jd") is None
    assert metrics.query(["growth_mom"], period="2025-11").missing == {"growth_mom": ["jd"]}


def test_a_platform_that_lacks_days_is_compared_on_the_days_of_both(shop: Any) -> None:
    """tmall lacks 1 to 10 October: from the 11th on both sides; jd is whole and stays whole."""
    for month, last in ((10, 31), (11, 30)):
        for day in range(1, last + 1):
            if (month, day) >= (10, 11):
                shop.order(date(2025, month, day), 1)
            shop.order(date(2025, month, day), 100, "jd")
    shop.file("orders", "tmall", date(2025, 10, 11), date(2025, 11, 30))
    shop.file("orders", "jd", date(2025, 10, 1), date(2025, 11, 30))
    found = shop.metrics().query(["gmv"], period="2025-11", compare=["previous"])
    assert _sides(found) == [3030, 3121, 3020, 3120]


def test_growth_on_nothing_is_unknown(shop: Any) -> None:
    """From zero, from less than zero, or from no data there is a change at most, never a growth."""
    shop.order(date(2025, 10, 1), 0)
    shop.order(date(2025, 11, 30), 100)
    shop.file("orders", "tmall", date(2025, 10, 1), date(2025, 11, 30))
    found = shop.metrics().query(
        ["gmv", "growth_mom", "growth_yoy"], period="2025-11", compare=["previous", "last_year"]
    )
    assert found.cell("gmv", "previous_change") == 100
    assert found.cell("gmv", "previous_growth") is None
    assert found.cell("gmv", "last_year_change") is None
    assert (found.cell("growth_mom"), found.cell("growth_yoy")) == (None, None)


def test_growth_is_a_metric_too(whole: Any) -> None:
    """growth_mom and growth_yoy are the like-for-like growth of gmv, by platform as well."""
    found = whole.query(["growth_mom", "growth_yoy"], by=["platform"], period="2025-11", compare=["previous"])
    assert found.cell("growth_mom", platform="jd") == pytest.approx(1500 / 1550 - 1)
    assert found.cell("growth_yoy", platform="tmall") == pytest.approx(0.25)
    assert found.cell("growth_yoy", "previous", platform="tmall") is None


def test_shares_are_compared(whole: Any) -> None:
    """The share of a period before is of that period's total."""
    found = whole.query(["region_share"], by=["province"], period="2025-11", compare=["previous"])
    assert found.cell("region_share", "previous", province="浙江省") == pytest.approx(1600 / 3150)
    assert found.cell("region_share", "previous_change", province="浙江省") == pytest.approx(
        0.5 - 1600 / 3150
    )


def test_days_stand_beside_their_twins(whole: Any) -> None:
    """By day, the row of 5 November holds 5 October; by month, the row of November last year's November."""
    days = whole.query(
        ["gmv", "refund_amount.refund_date"], by=["day"], period="2025-11", compare=["previous"]
    )
    assert _sides(days, day="2025-11-05") == [150, 150, 150, 150]
    assert _sides(days, "refund_amount.refund_date", day="2025-11-04") == [30, 30, 30, 30]
    months = whole.query(["gmv"], by=["month"], period="2025", compare=["last_year"])
    assert _sides(months, compare="last_year", month="2025-11-01") == [4500, 3600, 4500, 3600]
    assert _sides(months, compare="last_year", month="2025-09-01") == [4500, None, None, None]
    assert [row.month.month for row in months.frame.itertuples()] == list(range(1, 12))


def test_leap_years_compare_date_by_date(shop: Any) -> None:
    """2024 to 10 March against 2023 to 10 March: 29 February is in neither."""
    for year in (2023, 2024):
        for day in (date(year, 1, 1), date(year, 2, 28), date(year, 3, 10), date(year, 12, 31)):
            shop.order(day, 100)
    shop.order(date(2024, 2, 29), 1000)
    shop.file("orders", "tmall", date(2023, 1, 1), date(2024, 12, 31))
    metrics = shop.metrics()
    running = metrics.query(["gmv"], period="2024", compare=["last_year"], as_of="2024-03-10")
    assert _sides(running, compare="last_year") == [1300, 400, 300, 300]
    full = metrics.query(["gmv"], period="2024", compare=["last_year"])
    assert _sides(full, compare="last_year") == [1400, 400, 1400, 400]
    month = metrics.query(["gmv"], period="2024-02", compare=["last_year"])
    assert _sides(month, compare="last_year") == [1100, 100, 1100, 100]


def test_the_year_boundary(whole: Any) -> None:
    """January is compared with December of the year before."""
    found = whole.query(["gmv"], period="2025-01", compare=["previous", "last_year"])
    assert _sides(found) == [4650, 3720, 4650, 3720]
    assert _sides(found, compare="last_year") == [4650, None, None, None]
    week = whole.query(["gmv"], period="2025-W01", compare=["previous"])
    assert _sides(week) == [2 * 120 + 5 * 150, 840, 2 * 120 + 5 * 150, 840]


def test_a_promotion_is_compared_by_its_own_days(seller: Any) -> None:
    """Day 1 against day 1 of the promotion it refers to; what follows it (恢复) is no part of it."""

    def phase(promo: str, name: str, first: date, last: date, reference: str | None = None) -> None:
        row = {
            "promo_id": promo,
            "phase": name,
            "start_date": first,
            "end_date": last,
            "promo_platform": "all",
        }
        seller.add("promos", **row, name=f"{promo}大促", ref_promo_id=reference)

    phase("d11-2024", "爆发1", date(2024, 11, 1), date(2024, 11, 3))
    phase("d11-2025", "预热", date(2025, 10, 31), date(2025, 10, 31), "d11-2024")
    phase("d11-2025", "爆发1", date(2025, 11, 1), date(2025, 11, 2), "d11-2024")
    phase("d11-2025", "恢复", date(2025, 11, 3), date(2025, 11, 9), "d11-2024")
    seller.order(date(2024, 11, 1), 1000)
    seller.order(date(2025, 11, 1), 2000)
    metrics = seller.metrics()
    found = metrics.query(["gmv"], by=["day"], period="d11-2025", compare=["previous", "last_year"])
    assert found.period.label("zh") == "d11-2025大促"
    assert _sides(found, compare="last_year", day="2025-10-31") == [150, 1120, 150, 1120]
    assert _sides(found, compare="last_year", day="2025-11-01") == [2150, 120, 2150, 120]
    assert _sides(found, day="2025-11-01") == [2150, None, None, None]
    assert metrics.query(["gmv"], period="d11-2024", compare=["last_year"]).cell("gmv", "last_year") is None


def test_a_category_that_stopped_keeps_its_row(shop: Any) -> None:
    """What sold a month ago and not now is 0 now."""
    shop.order(date(2025, 10, 1), 70, spu_id="old")
    shop.order(date(2025, 11, 30), 30, spu_id="new")
    shop.file("orders", "tmall", date(2025, 10, 1), date(2025, 11, 30))
    found = shop.metrics().query(["gmv"], by=["product"], period="2025-11", compare=["previous"])
    assert _sides(found, product="old") == [0, 70, 0, 70]
    assert _sides(found, product="new") == [30, 0, 30, 0]
