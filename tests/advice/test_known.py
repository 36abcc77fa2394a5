"""Every planted trouble gets the advice that answers it, with the planted size in its range; where none is, none is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from reportkit.advice import Advice, advise, unfed
from reportkit.advice.advice import Effect
from reportkit.alerts import Alerts, alerts
from reportkit.metrics.query import Metrics
from reportkit.study import Study
from tests.alerts.planted import Merchant, medium, null

NONE = Alerts((), {}, (), {})
# The first day on which the best seller is sold out from morning to night.
AUGUST, LAST = date(2026, 8, 21), date(2026, 9, 30)
# What only a trouble calls for; slow handling, slow stock and pairs are everywhere.
TROUBLES = {"REC-01", "REC-05", "REC-07", "REC-09", "REC-10", "REC-13", "REC-17", "REC-19"}


@pytest.fixture(scope="module")
def planted(shared_folder: Path) -> Merchant:
    """A year of the medium merchant."""
    return medium(shared_folder)


def study(metrics: Metrics, period: str, as_of: date = LAST) -> Study:
    """Return the study of a period."""
    return Study(metrics.project, metrics, metrics.period(period), as_of)


@pytest.fixture(scope="module")
def september(planted: Merchant) -> tuple[Advice, ...]:
    """The advice of the last month, without looking at alerts."""
    return advise(study(planted.metrics, "2026-09"), NONE)


@pytest.fixture(scope="module")
def august(planted: Merchant) -> tuple[Advice, ...]:
    """The advice of one morning in August, alerts looked at."""
    return advise(study(planted.metrics, "2026-08", AUGUST), alerts(planted.metrics, AUGUST))


def only(found: Sequence[Advice], rule: str) -> Advice:
    """Return the one advice of a rule."""
    (one,) = (advice for advice in found if advice.rule == rule)
    return one


def holds(effect: Effect | None, value: float) -> bool:
    """Tell whether a value lies in the range of an effect."""
    return effect is not None and effect.low <= value <= effect.high


def test_search_that_falls(planted: Merchant, september: tuple[Advice, ...]) -> None:
    """REC-01 names Tmall's search alone; what search would have sold lies in its range."""
    found = only(september, "REC-01")
    assert {"platform": "tmall", "channel": "搜索"} == found.about
    assert found.told["lost"].value < 0
    assert all(holds(found.effect, -size) for size in planted.sizes("search_fall"))


def test_the_product_at_fault(planted: Merchant) -> None:
    """REC-09 names C08 alone; over its days, what came back because of the fault lies in the range."""
    fault = planted.planted["quality"]
    found = only(advise(study(planted.metrics, f"{fault['first']}/{fault['last']}"), NONE), "REC-09")
    assert {"style": fault["product"]} == found.about
    assert found.told["n"].value >= 30
    assert all(holds(found.effect, size) for size in planted.sizes("quality"))


def test_cheap_traffic(planted: Merchant) -> None:
    """REC-07 names one account of Douyin and no platform; over its days its spend is what was planted."""
    trouble = planted.planted["cheap_traffic"]
    found = only(advise(study(planted.metrics, f"{trouble['first']}/{trouble['last']}"), NONE), "REC-07")
    assert {"platform", "account"} == set(found.about)
    assert trouble["platform"] == found.about["platform"]
    assert found.told["roi"].value < found.told["breakeven"].value
    assert 0.9 < found.told["spend"].value / planted.sizes("cheap_traffic", "spend")[1] <= 1


def test_a_price_cut_without_effect(planted: Merchant) -> None:
    """REC-13 names C11 and its days; what it gave away lies in the range."""
    cut = planted.troubles.price_cut
    found = only(advise(study(planted.metrics, "2026-05", date(2026, 5, 31)), NONE), "REC-13")
    assert {"style": cut.product, "first": f"{cut.first}", "last": f"{cut.last}"} == found.about
    assert all(holds(found.effect, -size) for size in planted.sizes("price_cut"))


def test_a_best_seller_without_stock(planted: Merchant, august: tuple[Advice, ...]) -> None:
    """REC-04 chases what is on its way and answers the alert; what was lost a day lies in its range of lost days."""
    trouble = planted.planted["stockouts"][0]
    (sku,) = trouble["skus"]
    found = next(one for one in august if one.about == {"sku": sku})
    assert ("REC-04", "rec_04_late") == (found.rule, found.text)
    assert f"AL-I1:{sku}" == found.answers.rpartition(":")[0]
    assert found.told["ordered"].value > found.told["order"].value
    days = (date.fromisoformat(trouble["last"]) - date.fromisoformat(trouble["first"])).days + 1
    lack = found.told["lead"].value
    assert holds(found.effect, -planted.sizes("stockouts")[1] / days * lack)


def test_payouts_that_fall_short(planted: Merchant, august: tuple[Advice, ...]) -> None:
    """REC-19 claims from Pinduoduo what it paid short for July's orders."""
    found = only(august, "REC-19")
    assert {"platform": "pdd"} == found.about
    assert found.effect is not None
    assert found.effect.value == pytest.approx(-planted.sizes("short_payout")[1], rel=0.15)
    assert found.answers.startswith("AL-G1:pdd")


def test_one_influencer_sells_most(august: tuple[Advice, ...]) -> None:
    """REC-14 says to spread what hangs on one influencer of Douyin; nobody can say what that brings."""
    found = only(august, "REC-14")
    assert "douyin" == found.about["platform"]
    assert found.told["share"].value > 0.6
    assert (None, True) == (found.effect, found.answers.startswith("AL-C1:douyin"))


def test_stock_bought_for_more_than_a_year(planted: Merchant, september: tuple[Advice, ...]) -> None:
    """REC-04 clears it, and tells the money it holds."""
    found = next(one for one in september if one.about == {"sku": planted.troubles.overbought.sku})
    assert ("REC-04", "clear") == (found.rule, found.extra["way"])
    assert found.told["value"].value == pytest.approx(planted.sizes("overbought", "cost")[1], rel=0.01)
    assert found.effect is not None
    assert found.effect.low < found.effect.value < found.effect.high


def test_orders_that_leave_late(planted: Merchant) -> None:
    """REC-10 names both platforms and the days."""
    slow = planted.troubles.slow_shipping
    told = advise(study(planted.metrics, "2025-11", date(2025, 11, 30)), NONE)
    late = [one.about for one in told if one.rule == "REC-10" and one.text.endswith("delay")]
    assert set(slow.platforms) == {about["platform"] for about in late}
    assert {(f"{slow.first}", f"{slow.last}")} == {(about["first"], about["last"]) for about in late}


def test_a_page_whose_product_ran_out_is_left_alone(september: tuple[Advice, ...]) -> None:
    """C01 had many visitors and sold little, since its best variant was out: REC-02 keeps silent."""
    assert [] == [one for one in september if one.rule == "REC-02" and one.about["style"] == "C01"]


def test_every_advice_has_its_numbers(
    planted: Merchant, september: tuple[Advice, ...], august: tuple[Advice, ...]
) -> None:
    """Each number has a metric and rows that can be read; the most money comes first, after critical alerts."""
    for one in (*september, *august):
        assert one.told
        assert one.owner
        for figure in (*one.told.values(), *([one.effect.figure] if one.effect else [])):
            assert figure.value == figure.value, (one, figure)
            for sql in figure.rows_sql.values():
                assert planted.metrics.engine.rows(f"SELECT count(source_file) FROM ({sql})")[0][0] > 0, (
                    figure.id
                )
    assert list(september) == sorted(september, key=lambda one: one.weight)


def test_what_nothing_feeds_is_listed(planted: Merchant) -> None:
    """With what it lacks; no rule is both."""
    told = unfed(study(planted.metrics, "2026-09"))
    assert {"REC-03", "REC-06", "REC-18"} == set(told)
    assert all(told.values())


def test_where_nothing_is_planted_no_trouble_is_advised_on(shared_folder: Path) -> None:
    """A merchant without troubles, his alerts looked at."""
    metrics = null(shared_folder, 101)
    told = advise(study(metrics, "2026-09"), alerts(metrics, LAST))
    assert [] == [(one.rule, one.about) for one in told if one.rule in TROUBLES]
