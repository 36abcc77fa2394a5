"""What is planted in the demo merchant is told in time and of the right part; where nothing is planted, hardly anything."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from reportkit.alerts import Alert, alerts
from reportkit.alerts.incidents import Incident, incidents
from reportkit.alerts.limits import faulty, shipped
from reportkit.alerts.series import series
from reportkit.alerts.watch import Watch
from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.coverage import Coverage
from reportkit.metrics.query import Metrics
from reportkit.quality.days import Filed
from tests.alerts.still import BOOK
from tests.conftest import SOAK
from tests.projects import make_shop

SEEDS = range(101, 111) if SOAK else range(101, 102)
BY_CHANCE = ("series", "rate", "change", "share", "same_age", "fault")
_DAY = timedelta(days=1)
TODAY = date(2026, 8, 20)


def opened(root: Any, **world: Any) -> Metrics:
    """Write a medium merchant without files and open it."""
    project = make_shop(root, {})
    write_tables(project, World.build("medium", **world))
    return Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metrics]:
    """A year of the medium merchant."""
    metrics = opened(tmp_path_factory.mktemp("alerts") / "medium", months=12)
    yield metrics
    metrics.engine.close()


@pytest.fixture(scope="module")
def troubles() -> Any:
    """What is planted."""
    return World.build("medium", months=12).troubles


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


def test_payouts_that_fall_short(august: dict[str, Alert]) -> None:
    """Pinduoduo, of July's orders, and no other platform."""
    assert ["AL-G1:pdd"] == [name for name in august if name.startswith("AL-G1")]


def test_one_influencer_sells_most(august: dict[str, Alert]) -> None:
    """One on Douyin has more than 60 % of what influencers sell."""
    (found,) = (
        one for name, one in august.items() if name.startswith("AL-C1:douyin") and "influencer" in one.scope
    )
    assert found.actual > 0.6


def test_search_that_falls(merchant: Metrics, troubles: Any) -> None:
    """Tmall's visitors drift down, told in time."""
    fall = troubles.search_fall
    (found,) = (
        one
        for one in seen(merchant, "AL-F1", series, fall.first, fall.first + days("AL-F1"))
        if dict(one.last.scope)["platform"] == fall.platform
    )
    assert fall.first <= found.alerted <= fall.first + days("AL-F1")
    assert -1 == found.last.sign


def test_a_mix_that_shifts(merchant: Metrics, troubles: Any) -> None:
    """Visitors halve on Tmall, JD and Pinduoduo (critical) and rise on Douyin."""
    shift = troubles.mix_shift
    found = seen(merchant, "AL-F1", series, shift.first, shift.first + days("AL-F1"))
    signs = {dict(one.last.scope)["platform"]: (one.last.sign, one.level) for one in found[::-1]}
    assert {(-1, "critical")} == {signs[platform] for platform in ("tmall", "jd", "pdd")}
    assert 1 == signs["douyin"][0]


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


def test_where_nothing_is_planted_hardly_anything_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of what is judged by chance, at most one alert a month on average, promotions and holidays included."""
    counts = []
    for seed in SEEDS:
        metrics = opened(tmp_path_factory.mktemp("null") / f"s{seed}", seed=seed, months=9, null=True)
        told = alerts(metrics, date(2026, 9, 30), date(2026, 6, 1)).found
        counts.append(len([one for one in told if BOOK.rules[one.rule].kind in BY_CHANCE and not one.parent]))
        metrics.engine.close()
    assert sum(counts) <= 4 * len(counts), counts
