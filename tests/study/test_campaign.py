"""A promotion worked out by hand: its phases, what it brought, who bought, and whether that was worth having."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.study import Study
from reportkit.study.campaign import Campaign
from reportkit.study.phases import TOTAL
from reportkit.study.uplift import Uplift
from tests.study.promoted import promoted

LAST = date(2025, 8, 31)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Campaign]:
    """The campaign of a period, by its last day and scope."""
    project = promoted(tmp_path_factory.mktemp("promoted") / "shop")
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))

    def found(period: str = "fest-2025", as_of: date = LAST, **scope: list[str]) -> Campaign:
        return Campaign(Study(project, metrics, metrics.period(period), as_of, scope))

    return found


def told(campaign: Campaign) -> Uplift:
    """The uplift, which is there."""
    assert campaign.uplift is not None
    return campaign.uplift


def value(found: Uplift, quantity: str, platform: str = "") -> float:
    """One quantity, without its interval."""
    one = found.range(quantity, platform)
    assert one is not None
    return one.value


def test_the_worked_example_over_tables(campaign: Callable[..., Campaign]) -> None:
    """107 orders more, 4 withheld, 6 missing after: 9,700 yuan are left, 9.3 % were only moved."""
    found = told(campaign())
    amounts = [value(found, name, "tmall") for name in ("gross", "pre", "post", "net")]
    assert amounts == pytest.approx([10_700, 400, 600, 9_700])
    assert value(found, "forward", "tmall") == pytest.approx(0.0935, abs=5e-5)


def test_what_another_platform_lost_is_taken_off(campaign: Callable[..., Campaign]) -> None:
    """JD sold 8 orders less while Tmall's promotion was at its height; a review of Tmall alone does not see it."""
    found = told(campaign())
    assert value(found, "other") == pytest.approx(800)
    assert value(found, "net") == pytest.approx(8_900)
    assert value(told(campaign(platform=["tmall"])), "net") == pytest.approx(9_700)


@pytest.mark.parametrize(
    ("as_of", "state", "counted"),
    [
        (date(2025, 6, 14), "running", 0),
        (date(2025, 6, 16), "open", 0),
        (date(2025, 6, 19), "open", 3),
        (date(2025, 6, 21), "over", 5),
        (LAST, "over", 5),
    ],
)
def test_the_aftermath(campaign: Callable[..., Campaign], as_of: date, state: str, counted: int) -> None:
    """It is over with the third day in a row near ten; before that, net is the most it can be."""
    found = told(campaign(as_of=as_of))
    tmall = next(lift for lift in found.lifts if lift.platform == "tmall")
    assert (state, state, counted) == (found.state, tmall.state, tmall.counted)


def test_a_platform_without_ordinary_days_is_named(campaign: Callable[..., Campaign]) -> None:
    """The first promotion began two weeks after Spring Festival's days: nothing tells what is usual."""
    first = campaign("fest-2024", as_of=date(2025, 4, 20))
    assert first.uplift is not None
    assert {lift.platform for lift in first.uplift.lifts} | set(first.uplift.untold) == {"tmall", "jd"}


def test_without_refunds_and_costs_no_profit_is_told(campaign: Callable[..., Campaign]) -> None:
    """What cannot be known is missing, not zero."""
    found = told(campaign())
    assert (None, None, None) == (found.range("net", stays=True), found.profit, found.roi)


def test_phases(campaign: Callable[..., Campaign]) -> None:
    """The burst lasted twice as long: its money is held against the one before by the day."""
    found = campaign().phases
    assert found is not None
    table = found.table
    assert ["预热", "爆发1", TOTAL] == list(table.index)
    assert [(3, 2), (4, 2), (7, 4)] == list(zip(table["longest"], table["longest_then"], strict=True))
    assert [2_600, 14_700, 17_300] == list(table["gmv"])
    assert [1_600, 6_000, 7_600] == list(table["gmv_then"])
    assert table["growth"].to_numpy() == pytest.approx([26 / 3 / 8 - 1, 147 / 4 / 30 - 1, 173 / 7 / 19 - 1])


def test_days_stand_beside_the_same_day_of_the_phase(campaign: Callable[..., Campaign]) -> None:
    """Where the phase was shorter, beside its daily mean; by day of the promotion as they came."""
    found = campaign().phases
    assert found is not None
    tmall = found.days[found.days["platform"] == "tmall"]
    assert [800, 800, 800, 2_000, 4_000, 3_000, 3_000] == list(tmall["then"])
    assert [800, 800, 2_000, 4_000] == list(tmall["then_index"])[:4]


def test_another_period_is_no_promotion(campaign: Callable[..., Campaign]) -> None:
    """A month has neither phases nor uplift."""
    month = campaign("2025-06")
    assert (None, None, None) == (month.phases, month.uplift, month.newcomers)


def test_growth_is_judged_by_what_is_known(campaign: Callable[..., Campaign]) -> None:
    """Sales a day grew, the longer window apart; who bought again cannot be told of buyers who never do, refunds and stock not without files."""
    found = campaign().growth
    assert found.grown == pytest.approx(173 / 7 / 19 - 1)
    assert {"refund": None, "stock": None} == {
        sign.name: sign.worse for sign in found.signs if sign.name in ("refund", "stock")
    }


def test_newcomers_are_followed_for_the_same_days(campaign: Callable[..., Campaign]) -> None:
    """147 + 12 new buyers in the bursts, and nobody comes back; a week after, it is too early to say."""
    found = campaign().newcomers
    assert found is not None
    assert (30, 0, 147 + 12) == (found.age, found.frame.at["now", "back"], found.frame.at["now", "buyers"])
    early = campaign(as_of=date(2025, 6, 20)).newcomers
    assert early is not None
    assert (4, True) == (early.age, early.frame.empty)
