"""What is planted in the demo merchant is told in time and of the right part; where nothing is planted, hardly anything."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportkit.alerts import Alert, alerts
from reportkit.alerts.incidents import Incident, incidents
from reportkit.alerts.limits import faulty, shipped
from reportkit.alerts.series import series
from reportkit.alerts.stock import stocked
from reportkit.alerts.watch import Watch
from reportkit.alerts.windows import changes
from reportkit.metrics.coverage import Coverage
from reportkit.metrics.query import Metrics
from reportkit.quality.days import Filed
from tests.alerts.planted import Merchant, medium, null
from tests.alerts.still import BOOK
from tests.conftest import SOAK

SEEDS = range(101, 111) if SOAK else range(101, 102)
BY_CHANCE = ("series", "rate", "change", "share", "same_age", "fault", "rise")
_DAY = timedelta(days=1)
TODAY = date(2026, 8, 20)


@pytest.fixture(scope="module")
def planted(shared_folder: Path) -> Merchant:
    """A year of the medium merchant."""
    return medium(shared_folder)


@pytest.fixture(scope="module")
def merchant(planted: Merchant) -> Metrics:
    """Its metrics."""
    return planted.metrics


@pytest.fixture(scope="module")
def troubles(planted: Merchant) -> Any:
    """What is planted."""
    return planted.troubles


@pytest.fixture(scope="module")
def august(merchant: Metrics) -> dict[str, Alert]:
    """The alerts of one morning, by rule and part."""
    return named(alerts(merchant, TODAY).found)


def named(found: tuple[Alert, ...]) -> dict[str, Alert]:
    """Return alerts by rule and part."""
    return {f"{one.rule}:{'.'.join(one.scope.values())}": one for one in found}


def seen(metrics: Metrics, rule: str, kind: Any, first: date, last: date) -> list[Incident]:
    """Return the incidents that one rule sees from `first` to `last`."""
    watch = Watch(metrics, BOOK, first, last)
    return incidents(kind(watch, rule, BOOK.rules[rule]), BOOK.persist)


def days(rule: str) -> timedelta:
    """Return within how many days a rule promises to fire."""
    return timedelta(days=BOOK.rules[rule].days)


def test_a_best_seller_without_stock(august: dict[str, Alert], troubles: Any) -> None:
    """Critical on the first day of the trouble, told with the money of what is not sold until more arrives."""
    found = august[f"AL-I1:{troubles.stockouts[0].skus[0]}"]
    assert TODAY == troubles.stockouts[0].first
    assert "critical" == found.level
    assert found.actual < found.expected
    assert found.stake > 10_000
    assert set(found.rows_sql) == {"stock_days"}


def test_the_product_at_fault(merchant: Metrics, august: dict[str, Alert], troubles: Any) -> None:
    """C08 alone, in time, and still weeks later."""
    fault = troubles.quality
    (early,) = seen(merchant, "AL-R2", faulty, fault.first, fault.first + days("AL-R2"))
    assert (("style", fault.product),) == early.last.scope
    assert [f"AL-R2:{fault.product}"] == [name for name in august if name.startswith("AL-R2")]
    assert "critical" == early.level == august[f"AL-R2:{fault.product}"].level


def test_stock_bought_for_more_than_a_year(august: dict[str, Alert], troubles: Any) -> None:
    """The slow stock is told, the SKU bought for 480 days first."""
    sku = troubles.overbought.sku
    assert sku == august["AL-I3:"].contributors[0][0]
    assert f"AL-I3:{sku}" in august


def test_the_second_best_seller_without_stock(merchant: Metrics, troubles: Any) -> None:
    """Told on its first day too, a year before, with hardly a month of history; nothing else is out."""
    trouble = troubles.stockouts[1]
    found = seen(merchant, "AL-I1", stocked, trouble.first, trouble.first + 4 * _DAY)
    out = [one for one in found if one.last.actual <= 0]
    assert [(("sku", sku),) for sku in trouble.skus] == [one.last.scope for one in out]
    assert trouble.first <= out[0].first_seen <= trouble.first + 4 * _DAY


def test_a_price_cut_without_effect(merchant: Metrics, troubles: Any, planted: Merchant) -> None:
    """C11 alone, within the days that the rule promises; without the cut the rate lies in its band."""
    cut = troubles.price_cut
    found = seen(merchant, "AL-P2-discount", changes, cut.first, cut.last)
    assert {cut.product} == {dict(one.last.scope)["style"] for one in found}
    assert all(one.alerted <= cut.first + days("AL-P2-discount") for one in found)
    told = planted.planted["price_cut"]["realised"]
    deeper = told["during"]["discount_share"] - told["before"]["discount_share"]
    whole = [one.signals[-1] for one in found if one.signals[-1].day >= cut.first + 3 * _DAY]
    assert whole
    assert all(inside(one.actual - deeper, one.band95) for one in whole)


def inside(value: float, band: tuple[float, float]) -> bool:
    """Tell whether a value lies in a band."""
    return band[0] <= value <= band[1]


def test_payouts_that_fall_short(august: dict[str, Alert], planted: Merchant) -> None:
    """Pinduoduo, of July's orders, and no other platform; what is at stake is what was planted."""
    assert ["AL-G1:pdd"] == [name for name in august if name.startswith("AL-G1")]
    assert august["AL-G1:pdd"].stake == pytest.approx(-planted.sizes("short_payout")[1], rel=0.15)


def test_one_influencer_sells_most(august: dict[str, Alert], planted: Merchant) -> None:
    """One on Douyin has more than 60 % of what influencers sell."""
    (found,) = (
        one for name, one in august.items() if name.startswith("AL-C1:douyin") and "influencer" in one.scope
    )
    during = planted.planted["influencer"]["realised"]["during"]["share_of_influencers"]
    assert 0.6 < found.actual == pytest.approx(during, abs=0.08)


def test_search_that_falls(merchant: Metrics, troubles: Any, planted: Merchant) -> None:
    """Tmall's visitors drift down, told in time; with those that search lost they lie in the band."""
    fall = troubles.search_fall
    (found,) = (
        one
        for one in seen(merchant, "AL-F1", series, fall.first, fall.first + days("AL-F1"))
        if dict(one.last.scope)["platform"] == fall.platform
    )
    assert fall.first <= found.alerted <= fall.first + days("AL-F1")
    assert -1 == found.last.sign
    lost = planted.sizes("search_fall", "visitors")[1] / ((fall.last - fall.first).days + 1)
    assert found.last.actual < found.last.expected
    assert inside(found.last.actual - lost, found.last.band95)


def test_a_mix_that_shifts(merchant: Metrics, troubles: Any) -> None:
    """Visitors halve on Tmall, JD and Pinduoduo (critical) and rise on Douyin; undone, they lie in their bands."""
    shift = troubles.mix_shift
    found = seen(merchant, "AL-F1", series, shift.first, shift.first + days("AL-F1"))
    signs = {dict(one.last.scope)["platform"]: (one.last.sign, one.level) for one in found[::-1]}
    assert {(-1, "critical")} == {signs[platform] for platform in ("tmall", "jd", "pdd")}
    assert 1 == signs["douyin"][0]
    first = [one.signals[0] for one in found if one.signals[0].day == shift.first]
    assert {"tmall", "jd", "pdd"} <= {dict(one.scope)["platform"] for one in first}
    assert all(inside(one.actual / shift.visitors[dict(one.scope)["platform"]], one.band95) for one in first)


def test_orders_that_leave_late(merchant: Metrics, troubles: Any) -> None:
    """Pinduoduo, in time, although a promotion runs; JD's files do not tell when orders leave."""
    slow = troubles.slow_shipping
    found = seen(merchant, "AL-O1", shipped, slow.first, slow.last + 3 * _DAY)
    worst = min(found, key=lambda one: min(signal.actual for signal in one.signals))
    assert (("platform", "pdd"),) == worst.last.scope
    assert worst.alerted <= slow.first + days("AL-O1")
    assert "jd" not in {dict(one.last.scope)["platform"] for one in found}


def test_a_late_file_is_one_alert_and_no_crash(merchant: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tmall's traffic ends a day early: one alert about it, none about visitors or conversion."""
    last = TODAY
    late = copy.copy(merchant)
    late.__dict__.pop("_evaluator", None)
    key = ("tmall", "traffic")
    fewer = merchant.coverage.days[key] - {day for day in merchant.coverage.days[key] if day >= last}
    late.coverage = Coverage({**merchant.coverage.days, key: frozenset(fewer)}, merchant.coverage.trading)
    known: Any = Filed.__dict__["_files"].func
    monkeypatch.setattr(
        Filed,
        "_files",
        property(
            lambda filed: [
                replace(file, last=last - _DAY) if file.source.startswith("tmall/traffic") else file
                for file in known(filed)
            ]
        ),
    )
    told = named(alerts(late, last).found)
    assert ["AL-G2:tmall.traffic"] == [name for name in told if name.startswith("AL-G2")]
    assert [] == [name for name in told if name.startswith(("AL-F", "AL-S1:tmall", "AL-P1:tmall"))]


def test_where_nothing_is_planted_hardly_anything_is_told(shared_folder: Path) -> None:
    """Of what is judged by chance, at most one alert a month on average, promotions and holidays included."""
    counts = []
    for seed in SEEDS:
        metrics = null(shared_folder, seed)
        told = alerts(metrics, date(2026, 9, 30), date(2026, 6, 1)).found
        counts.append(len([one for one in told if BOOK.rules[one.rule].kind in BY_CHANCE and not one.parent]))
    assert sum(counts) <= 4 * len(counts), counts
