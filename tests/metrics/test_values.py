"""Values: what each metric counts, worked out by hand on small lakes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_DAY = date(2025, 11, 5)


def _values(metrics: Any, *requests: str, **kwargs: Any) -> dict[str, float | None]:
    found = metrics.query(list(requests), **({"period": "2025-11"} | kwargs))
    return {request: found.cell(request) for request in requests}


def test_a_month_of_two_platforms(whole: Any) -> None:
    """30 days of 100 and 50; ratios come from their sums; jd has no net sales by payment."""
    expected = {
        "gmv": 4500,
        "gmv_created": 4500,
        "orders": 60,
        "units": 90,
        "buyers": 5,
        "aov_order": 75,
        "aov_buyer": 600,
        "asp": 50,
        "upt": 1.5,
        "refund_amount": 30,
        "refund_amount.pay_date": 30,
        "refund_amount.refund_date": 35,
        "net_sales": 2970,
        "net_sales.refund_date": 4465,
        "refund_rate_amt": 0.01,
        "refund_rate_order": 1 / 30,
        "visitors": 30000,
        "cvr": 0.03,
        "uv_value": 0.1,
        "ad_spend": 450,
        "roi_total": 10,
        "ad_ratio": 0.1,
        "aftersale_hours": 24,
        "hhi_platform": (2 / 3) ** 2 + (1 / 3) ** 2,
    }
    assert _values(whole, *expected) == pytest.approx(expected)


def test_missing_platforms_are_named(whole: Any) -> None:
    """jd lacks traffic, masks its buyers, and its refunds name no order: it stays out, by name."""
    requests = ["gmv", "buyers", "cvr", "uv_value", "net_sales", "net_sales.refund_date"]
    found = whole.query(requests, period="2025-11")
    out = {"buyers", "cvr", "uv_value", "net_sales"}
    assert found.missing == {name: ["jd"] if name in out else [] for name in requests}


def test_missing_is_never_zero(whole: Any) -> None:
    """A platform without data is NaN in its own row, and a period before all data is NaN in every row."""
    found = whole.query(["net_sales", "visitors", "gmv"], by=["platform"], period="2025-11")
    assert found.cell("net_sales", platform="jd") is None
    assert found.cell("visitors", platform="jd") is None
    assert found.cell("gmv", platform="jd") == 1500
    assert _values(whole, "gmv", "cvr", period="2023-05") == {"gmv": None, "cvr": None}


def test_without_refund_files_net_sales_is_unknown(shop: Any) -> None:
    """No refund export is not the same as no refunds: gmv stands, net sales and refund rates do not."""
    for day in (1, 30):
        shop.order(date(2025, 11, day), 100)
    shop.file("orders", "tmall", date(2025, 11, 1), date(2025, 11, 30))
    found = shop.metrics().query(["gmv", "net_sales", "refund_rate_amt"], period="2025-11")
    assert [found.cell(name) for name in found.requests] == [200, None, None]
    assert found.missing["net_sales"] == ["tmall"]


def test_no_refunds_in_the_period_is_zero(whole: Any) -> None:
    """tmall has refund files for the whole year; a week without a refund has 0."""
    week = _values(whole, "refund_amount", "net_sales", period="2025-W46", scope={"platform": ["tmall"]})
    assert week == {"refund_amount": 0, "net_sales": 700}


def test_what_is_not_a_sale_stays_out(seller: Any) -> None:
    """Brush, test, internal, gift, superseded and unpaid orders change nothing; brush is shown apart."""
    for mark in ("is_brush", "is_test", "is_internal", "is_gift"):
        key = seller.order(_DAY, 999, **{mark: True})
        seller.refund(_DAY, 999, order_key=key)
    seller.order(_DAY, 999, status_std="superseded")
    seller.order(_DAY, 7, paid_at=None, paid_date=None, status_std="pending_payment")
    found = _values(
        seller.metrics(), "gmv", "orders", "units", "buyers", "net_sales", "gmv_created", "brush_amt"
    )
    assert found == {
        "gmv": 4500,
        "orders": 60,
        "units": 90,
        "buyers": 5,
        "net_sales": 2970,
        "gmv_created": 4507,
        "brush_amt": 999,
    }


def test_a_presale_counts_on_the_day_its_balance_is_paid(seller: Any) -> None:
    """Placed in October, paid in November: November's GMV, October's placed value."""
    seller.order(date(2025, 10, 20), 300, paid_date=_DAY, paid_at=datetime(2025, 11, 5, 4))
    metrics = seller.metrics()
    assert _values(metrics, "gmv", "gmv_created") == {"gmv": 4800, "gmv_created": 4500}
    assert _values(metrics, "gmv", "gmv_created", period="2025-10") == {"gmv": 4650, "gmv_created": 4950}


@pytest.mark.parametrize(
    ("status", "counted"),
    [("success", 10), ("partial_success", 10), ("requested", 0), ("rejected", 0), (None, 0)],
)
def test_only_successful_refunds_count(seller: Any, status: str | None, counted: int) -> None:
    """A refund that was asked for, refused or withdrawn takes nothing away."""
    key = seller.order(_DAY, 100)
    seller.refund(_DAY, 10, order_key=key, status_std=status)
    assert _values(seller.metrics(), "refund_amount") == {"refund_amount": 30 + counted}


def test_the_two_refund_bases(shop: Any) -> None:
    """Paid in October, refunded in November: by payment October's, by refund date November's."""
    key = shop.order(date(2025, 10, 20), 100)
    shop.order(date(2025, 11, 30), 100)
    shop.refund(date(2025, 11, 3), 40, order_key=key)
    for kind in ("orders", "refunds"):
        shop.file(kind, "tmall", date(2025, 10, 1), date(2025, 11, 30))
    metrics = shop.metrics()
    requests = ("refund_amount.pay_date", "refund_amount.refund_date", "refund_rate_amt.refund_date")
    assert list(_values(metrics, *requests, period="2025-10").values()) == [40, 0, 0]
    assert list(_values(metrics, *requests).values()) == [0, 40, 0.4]


def test_nothing_after_as_of_is_seen(shop: Any) -> None:
    """As of the 10th, neither the order of the 12th nor the refund of the 12th has happened."""
    key = shop.order(date(2025, 11, 1), 100)
    shop.order(date(2025, 11, 12), 100)
    shop.order(date(2025, 11, 30), 100)
    shop.refund(date(2025, 11, 9), 10, order_key=key)
    shop.refund(date(2025, 11, 11), 20, order_key=key)
    for kind in ("orders", "refunds"):
        shop.file(kind, "tmall", date(2025, 11, 1), date(2025, 11, 30))
    metrics = shop.metrics()
    assert _values(metrics, "gmv", "refund_amount", as_of="2025-11-10") == {"gmv": 100, "refund_amount": 10}
    assert _values(metrics, "gmv", "refund_amount") == {"gmv": 300, "refund_amount": 30}


def test_daily_people_are_counted_from_daily_shop_rows_only(seller: Any) -> None:
    """Rows of a week, a month, a channel or a product would count the same people again."""
    seller.visit(_DAY, 9999, period_grain="week", date_to=date(2025, 11, 11))
    seller.visit(_DAY, 9999, period_grain="month", date_to=date(2025, 11, 30))
    seller.visit(_DAY, 9999, channel="搜索")
    seller.visit(_DAY, 300, scope="item", spu_id="p1", pay_buyers=12)
    metrics = seller.metrics()
    assert _values(metrics, "visitors", "cvr") == {"visitors": 30000, "cvr": 0.03}
    found = metrics.query(["item_visitors", "item_cvr"], by=["product"], period="2025-11")
    assert found.cell("item_visitors", product="p1") == 300
    assert found.cell("item_cvr", product="p1") == pytest.approx(0.04)


def test_a_day_without_traffic_is_missing_not_zero(shop: Any) -> None:
    """Shop traffic of two of three days: the third is NaN, and conversion leaves it out of both parts."""
    for day in (1, 2, 3):
        shop.order(date(2025, 11, day), 100)
    shop.visit(date(2025, 11, 1), 100, pay_buyers=1)
    shop.visit(date(2025, 11, 3), 100, pay_buyers=1)
    shop.file("orders", "tmall", date(2025, 11, 1), date(2025, 11, 3))
    shop.file("traffic", "tmall", date(2025, 11, 1), date(2025, 11, 3))
    found = shop.metrics().query(["visitors", "uv_value"], by=["day"], period="2025-11-01/2025-11-03")
    assert [found.cell("visitors", day=f"2025-11-0{day}") for day in (1, 2, 3)] == [100, None, 100]
    assert found.partial == {"visitors": {"tmall": 1}, "uv_value": {"tmall": 1}}


def test_sums_over_dimensions(whole: Any) -> None:
    """Platforms, categories and provinces each add up to the total; what is unknown has a row."""
    for dimension, column in (
        ("platform", "platform_id"),
        ("category", "category"),
        ("province", "province"),
    ):
        found = whole.query(["gmv", "orders"], by=[dimension], period="2025-11").frame
        assert found[found["metric"] == "gmv"]["value"].sum() == 4500
        assert found[column].notna().all()
    found = whole.query(["gmv"], by=["platform", "category"], period="2025-11")
    keys = list(found.frame[["platform_id", "category"]].itertuples(index=False, name=None))
    assert keys == [("tmall", "上衣"), ("tmall", "裤子"), ("jd", "unknown")]
    assert [found.cell("gmv", platform=p, category=c) for p, c in keys] == [1800, 1200, 1500]


def test_a_refund_finds_its_product(seller: Any) -> None:
    """By its own product, else its line's, else its order's only one; of two products it stays unknown."""
    two = seller.order(_DAY, 0, lines=[("p1", 50), ("p2", 50)], number="two")
    one = seller.order(_DAY, 100, spu_id="p2", number="one")
    seller.refund(_DAY, 1, order_key=two, platform_line_id="two-0")
    seller.refund(_DAY, 2, order_key=one)
    seller.refund(_DAY, 4, order_key=two)
    found = seller.metrics().query(["refund_amount"], by=["product"], period="2025-11")
    products = {name: found.cell("refund_amount", product=name) for name in ("p1", "p2", "unknown")}
    assert products == {"p1": 31, "p2": 2, "unknown": 4}
    assert _values(seller.metrics(), "refund_amount", scope={"category": ["裤子"]}) == {"refund_amount": 2}


def test_scope_keeps_rows(whole: Any) -> None:
    """A scope filters every part of a metric; several values are added."""
    assert _values(whole, "gmv", scope={"platform": ["jd"]}) == {"gmv": 1500}
    assert _values(whole, "gmv", scope={"platform": "jd"}) == {"gmv": 1500}
    assert _values(whole, "gmv", scope={"province": ["浙江省", "广东省"]}) == {"gmv": 3000}
    assert _values(whole, "gmv", scope={"province": ["unknown"], "category": ["上衣"]}) == {"gmv": 900}
    assert _values(whole, "gmv", scope={"shop": ["x' OR 1=1 --"]}) == {"gmv": 0}


def test_a_platform_that_was_asked_for_but_has_no_orders_is_missing(whole: Any) -> None:
    """A scope may name any platform of the project; one without data is NaN and named."""
    found = whole.query(["gmv"], period="2025-11", scope={"platform": ["pdd"]})
    assert (found.cell("gmv"), found.missing) == (None, {"gmv": ["pdd"]})


def test_days_are_complete(shop: Any) -> None:
    """A covered day without sales is 0, one that no file covers is NaN, days after as_of are not there."""
    for day in (1, 2, 4, 12, 20):
        shop.order(date(2025, 11, day), 10)
    shop.file("orders", "tmall", date(2025, 11, 1), date(2025, 11, 4))
    shop.file("orders", "tmall", date(2025, 11, 12), date(2025, 11, 20))
    found = shop.metrics().query(["gmv", "aov_order"], by=["day"], period="2025-11")
    days = {row.day.day: row.value for row in found.frame[found.frame["metric"] == "gmv"].itertuples()}
    assert list(days) == list(range(1, 21))
    assert [days[day] for day in (2, 3, 4, 12, 13)] == [10, 0, 10, 10, 0]
    # closed_days of orders is 3: a gap of seven days is missing data.
    assert [day for day, value in days.items() if pd.isna(value)] == [5, 6, 7, 8, 9, 10, 11]
    assert found.cell("aov_order", day="2025-11-03") is None
    assert found.partial == {"gmv": {"tmall": 7}, "aov_order": {"tmall": 7}}


def test_weeks_and_months_are_named_by_their_first_day(whole: Any) -> None:
    """A week is its Monday, even before the period; a week on the edge holds only the days of the period."""
    weeks = whole.query(["gmv"], by=["week"], period="2025-11").frame
    assert [str(day.date()) for day in weeks["week"]][:2] == ["2025-10-27", "2025-11-03"]
    assert list(weeks["value"]) == [300, 1050, 1050, 1050, 1050]
    months = whole.query(["gmv", "orders"], by=["platform", "month"], period="2025-Q3")
    assert months.cell("gmv", platform="tmall", month=date(2025, 9, 1)) == 3000
    assert months.cell("orders", platform="jd", month="2025-07-01") == 31


def test_iso_week_53_spans_two_years(shop: Any) -> None:
    """Week 53 of 2020 holds three days of 2021."""
    for day in (date(2020, 12, 27), date(2020, 12, 28), date(2021, 1, 3), date(2021, 1, 4)):
        shop.order(day, 10)
    shop.file("orders", "tmall", date(2020, 12, 27), date(2021, 1, 4))
    metrics = shop.metrics()
    assert _values(metrics, "gmv", period="2020-W53") == {"gmv": 20}
    assert _values(metrics, "gmv", period="2021-W01") == {"gmv": 10}


def test_distinct_buyers_are_not_added_over_days(whole: Any) -> None:
    """Five buyers a month, one a day."""
    found = whole.query(["buyers"], by=["day"], period="2025-11", scope={"platform": ["tmall"]})
    assert found.frame["value"].sum() == 30
    assert _values(whole, "buyers") == {"buyers": 5}


def test_shares_sum_to_one(whole: Any) -> None:
    """Of platforms; of categories within each platform; of provinces among the known ones."""
    platforms = whole.query(["platform_share"], by=["platform"], period="2025-11").frame
    assert list(platforms["value"]) == pytest.approx([2 / 3, 1 / 3])
    cut = whole.query(["category_share"], by=["platform", "category"], period="2025-11").frame
    assert list(cut.groupby("platform_id")["value"].sum()) == pytest.approx([1, 1])
    found = whole.query(["region_share"], by=["province"], period="2025-11")
    regions = {name: found.cell("region_share", province=name) for name in ("广东省", "浙江省", "unknown")}
    assert regions == pytest.approx({"广东省": 0.5, "浙江省": 0.5, "unknown": 1 / 3})
    assert _values(whole, "platform_share", scope={"platform": ["jd"]}) == pytest.approx(
        {"platform_share": 1 / 3}
    )
    assert _values(whole, "region_share", scope={"province": ["广东省"]}) == pytest.approx(
        {"region_share": 0.5}
    )


def test_concentration(whole: Any) -> None:
    """Products of 40 %, 26.7 % and 33.3 % have the index of their squares, and within a platform its own."""
    found = whole.query(["hhi_product"], by=["platform"], period="2025-11")
    assert found.cell("hhi_product", platform="tmall") == pytest.approx(0.6**2 + 0.4**2)
    assert found.cell("hhi_product", platform="jd") == 1
    assert _values(whole, "hhi_product") == pytest.approx({"hhi_product": (18**2 + 12**2 + 15**2) / 45**2})


def test_a_normalized_table_can_be_measured_as_it_stands(shop: Any) -> None:
    """A measure over a table that no view wraps has its platform, shop, product and province."""
    shop.text(
        "params/metrics/fees.yaml",
        "penalty: {name: {zh: 罚款, en: Fines}, unit: money, better: down,"
        " measure: {table: fees, sql: sum(amount), date: date, where: fee_type = '罚款'}}",
    )
    shop.order(_DAY, 10)
    shop.add("fees", date=_DAY, fee_type="罚款", amount=7, shop_id="s")
    shop.add("fees", date=_DAY, fee_type="运费", amount=5, shop_id="s")
    for kind in ("orders", "fees"):
        shop.file(kind, "tmall", _DAY, _DAY)
    metrics = shop.metrics()
    assert metrics.query(["penalty"], by=["shop"], period="2025-11").cell("penalty", shop="s") == 7
    assert _values(metrics, "fee_amount") == {"fee_amount": 12}


def test_gmv_less_refunds_is_net_on_each_basis(whole: Any) -> None:
    """The identity holds to the cent for every platform and day that has all three."""
    for basis in ("pay_date", "refund_date"):
        names = [f"refund_amount.{basis}", f"net_sales.{basis}"]
        wide = whole.query(["gmv", *names], by=["platform", "day"], period="2025-11").wide()
        kept = wide[wide[names[1]].notna()]
        assert len(kept) == (30 if basis == "pay_date" else 60)
        assert list(kept["gmv"] - kept[names[0]]) == list(kept[names[1]])


def test_ten_times_the_money_leaves_ratios(whole: Any, scaled: Any) -> None:
    """Money scales, ratios and counts do not."""
    money = ["gmv", "net_sales", "ad_spend", "aov_order"]
    ratios = ["roi_total", "refund_rate_amt", "cvr", "orders", "platform_share", "growth_yoy", "hhi_platform"]
    small, large = _values(whole, *money, *ratios), _values(scaled, *money, *ratios)
    assert {name: large[name] for name in money} == {name: small[name] * 10 for name in money}
    assert {name: large[name] for name in ratios} == pytest.approx({name: small[name] for name in ratios})


def test_without_one_platform_the_others_stay(seller: Any, whole: Any) -> None:
    """Dropping jd changes none of tmall's numbers."""
    for rows in seller.rows.values():
        rows[:] = [row for row in rows if row["platform_id"] == "tmall"]
    requests = ["gmv", "net_sales", "cvr", "roi_total", "buyers"]
    alone = _values(seller.metrics(), *requests)
    assert alone == _values(whole, *requests, scope={"platform": ["tmall"]})


def test_the_order_of_rows_changes_nothing(seller: Any, whole: Any) -> None:
    """A lake written backwards answers the same."""
    for rows in seller.rows.values():
        rows.reverse()
    requests = ["gmv", "net_sales.refund_date", "buyers", "aftersale_hours"]
    metrics = seller.metrics()
    frames = [m.query(requests, by=["platform", "month"], period="2025").frame for m in (metrics, whole)]
    pd.testing.assert_frame_equal(*frames)


_ORDERS = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(["tmall", "jd"]), st.integers(0, 500), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=10,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_ORDERS)
def test_random_orders_against_plain_sums(
    shop: Any, tmp_path_factory: pytest.TempPathFactory, orders: list[tuple[int, str, int, bool]]
) -> None:
    """Whatever the orders: platforms and days equal a loop over the rows."""
    random = type(shop)(tmp_path_factory.mktemp("random"))
    expected: dict[tuple[str, int], float] = {}
    for day, platform, amount, is_brush in orders:
        random.order(date(2025, 11, day), amount, platform, is_brush=is_brush)
        key = (platform, day)
        expected[key] = expected.get(key, 0) + (0 if is_brush else amount)
    for platform in {order[1] for order in orders}:
        random.file("orders", platform, date(2025, 11, 1), date(2025, 11, 30))
    found = random.metrics().query(["gmv"], by=["platform", "day"], period="2025-11", as_of="2025-11-30")
    sold = {(row.platform_id, row.day.day): row.value for row in found.frame.itertuples() if row.value > 0}
    assert sold == {key: value for key, value in expected.items() if value}
