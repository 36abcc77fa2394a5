"""Projected refunds: a lake so small that what they come to can be worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.projected import ALL, curves, projection
from reportkit.metrics.query import Metrics
from tests.conftest import REPOSITORY
from tests.metrics.conftest import Shop, days

_FIRST, _LAST = date(2025, 10, 1), date(2025, 11, 30)
_SMALL = {"last_age": 4, "curve_cohorts": 5, "curve_orders": 5, "prior_orders": 2, "blend_orders": 1}


def _policy(shop: Shop, **changed: Any) -> None:
    policy = yaml.safe_load((REPOSITORY / "params" / "policy.yaml").read_text("utf-8"))
    policy["maturity"] |= _SMALL | changed
    shop.text("params/policy.yaml", yaml.safe_dump(policy, allow_unicode=True))


def _day(shop: Shop, day: date, platform: str = "tmall", much: float = 1.0, until: date = _LAST) -> None:
    """An order of 60 of p1 and 40 of p2, of which 10 of p1 come back a day later and 10 after three days.

    `much` multiplies what comes back; only what was back by `until` is in the lake.
    """
    key = shop.order(day, 0, platform, lines=[("p1", 60), ("p2", 40)])
    for age in (1, 3):
        if day + timedelta(days=age) <= until:
            asked = day + timedelta(days=age - 1)
            shop.refund(asked, 10 * much, platform, order_key=key, spu_id="p1", shop_id=f"{platform}-1")


def _files(shop: Shop, platform: str, first: date = _FIRST, last: date = _LAST) -> None:
    for kind in ("orders", "refunds"):
        shop.file(kind, platform, first, last)


def _seller(root: Path) -> Shop:
    """tmall refunds a fifth; jd has no refund files; pdd's refunds name no orders; douyin began on 28 November."""
    shop = Shop(root)
    _policy(shop)
    for day in days(_FIRST, _LAST):
        _day(shop, day)
        shop.order(day, 50, "jd")
        shop.order(day, 50, "pdd")
        shop.refund(day, 5, "pdd")
        if day >= date(2025, 11, 28):
            _day(shop, day, "douyin")
    shop.file("orders", "jd", _FIRST, _LAST)
    for platform in ("tmall", "pdd"):
        _files(shop, platform)
    _files(shop, "douyin", date(2025, 11, 28))
    return shop


def _metrics(shop: Shop) -> Metrics:
    project = shop.write()
    return Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The metrics of four platforms."""
    return _metrics(_seller(tmp_path_factory.mktemp("seller")))


_BURSTS = {"autumn": date(2025, 10, 10), "late": date(2025, 11, 5), "winter": date(2025, 11, 28)}
_MUCH = {"autumn": 2.0, "late": 3.0, "winter": 2.0}


@pytest.fixture(scope="module")
def bursting(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """tmall has three promotions of three days, all compared with autumn's; jd's refund files end on 7 November."""
    shop = Shop(tmp_path_factory.mktemp("bursting"))
    _policy(shop)
    for day in days(_FIRST, _LAST):
        bursts = [name for name, start in _BURSTS.items() if 0 <= (day - start).days < 3]
        _day(shop, day, much=_MUCH[bursts[0]] if bursts else 1.0)
        _day(shop, day, "jd")
    for name, start in _BURSTS.items():
        told = {"name": name, "promo_platform": "tmall", "phase": "爆发1", "ref_promo_id": "autumn"}
        shop.add("promos", "", promo_id=name, start_date=start, end_date=start + timedelta(days=2), **told)
    _files(shop, "tmall")
    shop.file("orders", "jd", _FIRST, _LAST)
    shop.file("refunds", "jd", _FIRST, date(2025, 11, 7))
    return _metrics(shop)


_ASKED = ["refund_amount", "refund_final", "net_sales_final", "refund_rate_final", "refund_maturity"]


def test_a_month_that_is_not_over(seller: Metrics) -> None:
    """27 days have all 20 back, two have 10, one has none: 560 of 600. Seen are 1, 1/2 and 0 of what comes."""
    found = seller.query(_ASKED, by=["platform"], period="2025-11")
    told = [found.cell(name, platform="tmall") for name in _ASKED]
    assert told == pytest.approx([560, 600, 2400, 0.2, 28 / 30])


def test_the_parts_of_a_projection(seller: Metrics) -> None:
    """What is seen counts as it is, where too little is; half of two days and a whole one of 20 are to come."""
    names = ["refund_grown", "refund_to_come", "gmv_visible"]
    found = seller.query(names, period="2025-11", scope={"platform": ["tmall"]})
    assert [found.cell(name) for name in names] == pytest.approx([560, 40, 2800])


def test_a_platform_that_cannot_be_projected_is_missing(seller: Metrics) -> None:
    """Without refund files, or where refunds name no order, there is no number, and the platform is named."""
    found = seller.query(_ASKED, by=["platform"], period="2025-11")
    assert [found.cell("refund_final", platform=name) for name in ("jd", "pdd")] == [None, None]
    assert found.missing["refund_final"] == found.missing["net_sales_final"] == ["jd", "pdd"]


def test_a_young_platform_is_projected_by_all(seller: Metrics) -> None:
    """Three days of douyin tell nothing of how its refunds end; those of tmall stand in."""
    found = seller.query(["refund_final"], by=["platform"], period="2025-11")
    assert found.cell("refund_final", platform="douyin") == pytest.approx(60)
    origin = seller.developments.of(_LAST).origins
    assert {key: one.level for key, one in origin.items()} == {("tmall", ""): "own", ("douyin", ""): "all"}


@pytest.mark.parametrize("by", ["product", "shop", "day", "week", "province"])
def test_parts_add_up(seller: Metrics, by: str) -> None:
    """However it is cut, the parts come to the whole; p1 keeps the refunds it has had."""
    scope = {"platform": ["tmall"]}
    found = seller.query(["refund_final", "net_sales_final"], by=[by], period="2025-11", scope=scope)
    sums = found.frame.groupby("metric")["value"].sum()
    assert sums["refund_final"] == pytest.approx(600)
    assert sums["net_sales_final"] == pytest.approx(2400)
    if by == "product":
        assert found.cell("refund_final", product="p1") == pytest.approx(560 + 0.6 * 40)


def test_every_as_of_has_its_own_projection(seller: Metrics) -> None:
    """Ten days earlier less was back, and as much was to come; asked again, nothing has changed."""
    scope = {"platform": ["tmall"]}
    for as_of, seen, final in (("2025-11-20", 360, 400), ("2025-11-30", 560, 600), ("2025-11-20", 360, 400)):
        found = seller.query(_ASKED, period="2025-11", scope=scope, as_of=as_of)
        assert [found.cell(name) for name in _ASKED[:2]] == pytest.approx([seen, final])


def test_the_month_before_is_mature(seller: Metrics) -> None:
    """October has all its refunds as of November's end: the projection is what was refunded, and 31 days of 20."""
    found = seller.query(
        ["refund_final"], period="2025-11", scope={"platform": ["tmall"]}, compare=["previous"]
    )
    assert found.cell("refund_final", "previous") == pytest.approx(620)
    assert found.cell("refund_final", "previous_growth") == pytest.approx(600 / 620 - 1)


def test_a_traced_number_can_be_made_again(seller: Metrics) -> None:
    """A statement run later, on an engine that has answered nothing yet, finds the same rows and the same sum."""
    found = seller.query(
        ["refund_final"], period="2025-11", scope={"platform": ["tmall"]}, as_of="2025-11-20"
    )
    later = Metrics(seller.project, DuckDBEngine(Lake(seller.project.lake), keep_views=True))
    rows = found.rows_sql("refund_final")
    for sql in (found.statements["refund_final"], *rows.values()):
        later.prepare(sql)
    assert later.engine.frame(found.statements["refund_final"])["refund_final"][0] == pytest.approx(400)
    grown = later.engine.frame(rows["projected_refunds"])
    come = later.engine.frame(rows["projected_sales"])
    total = (grown["refund_goods_amt"] * grown["grow"]).sum() + (
        come["goods_receivable_amt"] * come["to_come"]
    ).sum()
    assert float(total) == pytest.approx(400)
    assert {"source_file", "source_sheet", "source_row"} <= set(grown) & set(come)


def test_a_page_of_projections(seller: Metrics) -> None:
    """A row a platform and one of all; days that were all alike leave nothing to chance, and do not move the total."""
    frame = projection(seller, "2025-11").set_index("platform")
    assert frame.index.tolist() == ["tmall", "jd", "pdd", "douyin", ALL]
    tmall = frame.loc["tmall"]
    assert tmall[["paid", "refunded", "final", "low", "high"]].tolist() == pytest.approx(
        [3000, 560, 600, 600, 600]
    )
    assert (tmall["badge"], tmall["level"]) == ("nearly_mature", "own")
    assert frame.loc["jd"].isna().all()
    whole = frame.loc[ALL]
    assert whole[["paid", "refunded", "final"]].tolist() == pytest.approx([3300, 580, 660])
    assert whole["maturity"] == pytest.approx((2800 + 100) / 3300)
    assert (whole["badge"], whole["level"]) == ("nearly_mature", "all")


def test_parts_of_a_platform_have_no_range(seller: Metrics) -> None:
    """How far one product strays from its platform is not known."""
    frame = projection(seller, "2025-11", {"product": ["p1"], "platform": ["tmall"]}).set_index("platform")
    assert frame.loc["tmall", "final"] == pytest.approx(584)
    assert frame[["low", "high"]].isna().all(axis=None)


def test_nothing_to_project(seller: Metrics) -> None:
    """A period before all data has rows, and nothing in them."""
    frame = projection(seller, "2020-01")
    assert frame["platform"].tolist()[-1] == ALL
    assert frame.drop(columns="platform").isna().all(axis=None)


def test_too_little_history_is_said(shop: Shop) -> None:
    """Six days: nobody knows yet how many refunds come."""
    _policy(shop)
    first = date(2025, 11, 25)
    for day in days(first, _LAST):
        _day(shop, day)
    _files(shop, "tmall", first)
    found = _metrics(shop).query(_ASKED, period="2025-11")
    assert [found.cell(name) for name in _ASKED] == [80, None, None, None, None]
    assert found.missing["refund_final"] == ["tmall"]


def test_a_promotion_is_judged_by_the_one_it_is_compared_with(bursting: Metrics) -> None:
    """Burst days refund twice as much: those of 28 November are taken to end like those of October's promotion."""
    scope = {"platform": ["tmall"]}
    found = bursting.query(["refund_final"], by=["day"], period="2025-11-26/2025-11-30", scope=scope)
    assert found.frame["value"].tolist() == pytest.approx([20, 20, 40, 40, 40])
    told = curves(bursting, bursting.period("winter"), ["tmall"])
    assert told.groupby("curve")["promo"].first().to_dict() == {"normal": "", "period": "", "promo": "autumn"}
    last = told.groupby("curve").last()
    assert last["rate"].to_dict() == pytest.approx({"normal": 0.2, "period": 0.2, "promo": 0.4})
    assert last["age"].to_dict() == {"normal": 4, "period": 2, "promo": 4}
    assert last.loc["period", "seen"] == pytest.approx(1 / 3)


def test_refunds_after_a_gap_in_the_files_do_not_count(bursting: Metrics) -> None:
    """Files that end on the 7th are believed to cover the 10th; its days are judged by what was back until then."""
    found = bursting.query(_ASKED, period="2025-11", scope={"platform": ["jd"]})
    assert found.partial["refund_final"] == {"jd": 20}
    assert [found.cell(name) for name in _ASKED] == pytest.approx([200, 200, 800, 0.2, 0.8])


def test_few_mature_days_leave_a_wide_range(seller: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the least number of mature days the range is the rate ± 2 points of the money still open."""
    cautious = seller.developments.policy.model_copy(update={"interval_cohorts": 99})
    monkeypatch.setattr(seller.developments, "policy", cautious)
    row = projection(seller, "2025-11").set_index("platform").loc["tmall"]
    assert row[["final", "low", "high"]].tolist() == pytest.approx([600, 600 - 0.02 * 400, 600 + 0.02 * 400])
