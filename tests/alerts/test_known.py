"""What is planted in the demo merchant is told in time and of the right part."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from reportkit.alerts import Alert, alerts
from reportkit.alerts.incidents import Incident, incidents
from reportkit.alerts.limits import beyond, faulty, losing, shipped
from reportkit.alerts.series import series
from reportkit.alerts.stock import stocked
from reportkit.alerts.watch import Watch
from reportkit.alerts.windows import changes
from reportkit.demo.world import World
from reportkit.metrics.coverage import Coverage
from reportkit.metrics.query import Metrics
from reportkit.quality.days import Filed
from reportkit.study.sold import daily
from tests.alerts.planted import Merchant, medium
from tests.alerts.still import BOOK

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


def span(trouble: Any) -> int:
    """Return how many days a trouble lasts."""
    return int((trouble.last - trouble.first).days) + 1


def days(rule: str) -> timedelta:
    """Return within how many days a rule promises to fire."""
    return timedelta(days=BOOK.rules[rule].days)


def test_a_best_seller_without_stock(
    august: dict[str, Alert], troubles: Any, planted: Merchant, merchant: Metrics
) -> None:
    """Critical on the first day of the trouble; what was wanted and not there until a delivery lies in the band."""
    trouble = troubles.stockouts[0]
    found = august[f"AL-I1:{trouble.skus[0]}"]
    assert TODAY == trouble.first
    assert "critical" == found.level
    assert found.actual < found.band95[0] < found.expected
    assert found.stake > 10_000
    assert set(found.rows_sql) == {"stock_days"}
    shelf = Watch(merchant, BOOK, TODAY, TODAY).study.stock
    lead = shelf.frame.at[trouble.skus[0], "lead"]
    wanted = -planted.planted["stockouts"][0]["expected"]["units"] / span(trouble) * lead
    assert inside(wanted, found.band95)
    assert 0.5 < found.stake / (-planted.sizes("stockouts")[0] / span(trouble) * lead) < 2


def test_the_product_at_fault(
    merchant: Metrics, august: dict[str, Alert], troubles: Any, planted: Merchant
) -> None:
    """C08 alone, in time, and still weeks later; without the refunds that the fault adds it lies in the band."""
    fault = troubles.quality
    (early,) = seen(merchant, "AL-R2", faulty, fault.first, fault.first + days("AL-R2"))
    assert (("style", fault.product),) == early.last.scope
    assert [f"AL-R2:{fault.product}"] == [name for name in august if name.startswith("AL-R2")]
    late = august[f"AL-R2:{fault.product}"]
    assert "critical" == early.level == late.level
    told = planted.planted["quality"]["realised"]
    before, during = (
        told[when]["refund_share"] * told[when]["share_of_reason"] for when in ("before", "during")
    )
    assert not inside(late.actual, late.band95)
    assert inside(late.actual * before / during, late.band95)


def test_stock_bought_for_more_than_a_year(merchant: Metrics, troubles: Any, planted: Merchant) -> None:
    """Told of that SKU alone, every month from its delivery on; without what is left of it, it lies in the band."""
    glut = troubles.overbought
    for day in (date(2026, 4, 30), TODAY, date(2026, 9, 30)):
        told = seen(merchant, "AL-I3", stocked, day, day)
        (found,) = (one for one in told if one.last.scope)
        assert (("sku", glut.sku),) == found.last.scope
        shelf = Watch(merchant, BOOK, day, day).study.stock
        row = shelf.frame.loc[glut.sku]
        paid = daily(merchant, glut.ordered, day).set_index("sku").loc[glut.sku, "units"].sum()
        left = planted.planted["overbought"]["expected"]["units"] - paid + restocked(merchant, glut.sku, day)
        assert found.last.actual > found.last.band95[1]
        assert inside((row["available"] - left) / row["rate"], found.last.band95), day
    assert found.last.stake == pytest.approx(planted.sizes("overbought", "cost")[1], rel=0.05)


def restocked(metrics: Metrics, sku: str, day: date) -> float:
    """Return the units of a SKU that buyers have sent back."""
    sql = (
        "SELECT CAST(coalesce(sum(units_back), 0) AS DOUBLE) FROM refund_cases "
        f"WHERE is_restocked AND sku = '{sku}' AND refunded_date BETWEEN DATE '2026-03-01' AND DATE '{day}'"
    )
    return float(metrics.engine.rows(sql)[0][0])


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
    """Pinduoduo, of July's orders, and no other platform; with what was planted it would lie within the limit."""
    assert ["AL-G1:pdd"] == [name for name in august if name.startswith("AL-G1")]
    found, short = august["AL-G1:pdd"], -planted.sizes("short_payout")[1]
    assert found.stake == pytest.approx(short, rel=0.15)
    assert found.actual * (found.stake - short) / found.stake <= found.expected < found.actual


def test_one_influencer_sells_most(august: dict[str, Alert], planted: Merchant) -> None:
    """One on Douyin has more than 60 % of what influencers sell, and with his usual weight would not."""
    (found,) = (
        one for name, one in august.items() if name.startswith("AL-C1:douyin") and "influencer" in one.scope
    )
    during = planted.planted["influencer"]["realised"]["during"]["share_of_influencers"]
    assert 0.6 < found.actual == pytest.approx(during, abs=0.08)
    before = planted.planted["influencer"]["realised"]["before"]["share_of_influencers"]
    assert found.actual - (during - before) < found.expected


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


def test_cheap_traffic(merchant: Metrics, troubles: Any, planted: Merchant) -> None:
    """One line of Douyin's advertising, within the days promised, as long as it runs; its spend is what was planted."""
    cheap = troubles.cheap_traffic
    spent = planted.sizes("cheap_traffic", "spend")[1] / span(cheap)
    for day in (cheap.first + days("AL-A1-line"), TODAY, cheap.last):
        (found,) = seen(merchant, "AL-A1-line", losing, day, day)
        platform, (dimension, _) = found.last.scope
        assert (("platform", cheap.platform), "account") == (platform, dimension)
        (rows,) = found.last.rows_sql.values()
        told = merchant.engine.rows(f"SELECT CAST(sum(spend_cash) AS DOUBLE) FROM ({rows})")[0][0]
        ran = min((day - cheap.first).days + 1, 28)
        assert told == pytest.approx(spent * ran, rel=0.15)
        assert found.last.stake == pytest.approx(told * (1 - found.last.actual / found.last.expected))
    eve = cheap.first - _DAY
    assert [] == seen(merchant, "AL-A1-line", losing, eve, eve)


def test_cases_that_take_long(merchant: Metrics, troubles: Any) -> None:
    """Tmall and Douyin within the week, every day of it, nobody before and no other; at their pace of before, in time."""
    slow = troubles.slow_handling
    for rule in ("AL-R3-hours", "AL-R3-closed"):
        found = seen(merchant, rule, beyond, slow.first, slow.last)
        assert set(slow.platforms) == {dict(one.last.scope)["platform"] for one in found}
        assert all(one.alerted <= slow.first + days(rule) for one in found)
        assert all(slow.first - days(rule) * 2 <= one.first_seen for one in found)
        assert {slow.last} == {one.last.day for one in found}
        assert len(found) == len(slow.platforms)
        before = seen(
            merchant, rule, beyond, slow.first - timedelta(days=60), slow.first - timedelta(days=14)
        )
        assert [] == before
    hours = [one.last.actual for one in seen(merchant, "AL-R3-hours", beyond, TODAY, TODAY)]
    assert all(BOOK.rules["AL-R3-hours"].above >= value / slow.slower for value in hours)  # type: ignore[union-attr]


def test_orders_that_leave_late(merchant: Metrics, troubles: Any) -> None:
    """Pinduoduo, in time, although a promotion runs; as they leave else, it is in the band. JD tells no such times."""
    slow = troubles.slow_shipping
    found = seen(merchant, "AL-O1", shipped, slow.first, slow.last + 3 * _DAY)
    worst = min(found, key=lambda one: min(signal.actual for signal in one.signals))
    assert (("platform", "pdd"),) == worst.last.scope
    assert worst.alerted <= slow.first + days("AL-O1")
    assert "jd" not in {dict(one.last.scope)["platform"] for one in found}
    habit = World.build("medium").merchant.shipping
    usual = norm.cdf(np.log(48 / habit.median) / habit.sigma)
    for signal in worst.signals:
        assert signal.actual < signal.band95[0]
        assert inside(usual, signal.band95)


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
