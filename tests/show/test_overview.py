"""The first page: health, headline cards, what is usual, the year, promotion days, a cold start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.analysis.usual import usual_band
from reportkit.metrics.result import Result
from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import headlines, health, unknowns, verdict
from reportkit.study.health import DOMAINS, Light, _judged
from tests.show import lakes
from tests.show.conftest import Shown
from tests.show.lakes import shop

BAND: dict[str, Any] = {"least": 4, "level_days": 14, "floor": 0.05, "width": 1.28}
SALES = "gmv net_sales_final orders net_sales.pay_date net_sales.refund_date contribution cost_coverage"


@pytest.fixture(scope="session")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop that begins: one month, two platforms, no targets, costs or history."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lakes, "FIRST", date(2025, 11, 1))
        patch.setattr(lakes, "LAST", date(2025, 11, 30))
        return shop(tmp_path_factory.mktemp("cold") / "shop", ("tmall", "douyin"), targets=False)


def test_the_usual_band_of_a_weekday() -> None:
    """Even weeks give the weekday's value, 5 % × 1.28 to either side at least; a masked day does not count."""
    days = pd.date_range("2025-09-01", periods=56)
    values = pd.Series(np.where(days.day_of_week >= 5, 200.0, 100.0), index=days)
    values.iloc[10] = np.nan
    found = usual_band(values, pd.date_range("2025-10-27", periods=7), **BAND)
    assert [100.0] * 5 + [200.0] * 2 == pytest.approx(list(np.sqrt(found["low"] * found["high"])))
    assert np.exp(2 * 1.28 * 0.05) == pytest.approx(float((found["high"] / found["low"]).iloc[0]))


def test_too_short_a_history_has_no_band() -> None:
    """Three weeks are fewer than four of each weekday."""
    days = pd.date_range("2025-09-01", periods=21)
    found = usual_band(pd.Series(100.0, index=days), pd.date_range("2025-09-22", periods=7), **BAND)
    assert found.isna().all(axis=None)


@pytest.mark.parametrize(
    ("rate", "level", "limit"), [(1.02, "good", None), (0.97, "watch", 1.0), (0.8, "bad", 0.95)]
)
def test_a_rule_judges_by_its_cuts(
    made: Callable[..., Result], rate: float, level: str, limit: float | None
) -> None:
    """The limit told is the one that was missed."""
    result = made({"gmv": {"value": 100.0, "attainment": rate}})
    light = _judged(Light("sales", "good", "attainment", result, "gmv", "attainment"), (1.0, 0.95))
    assert (level, limit) == (light.level, light.limit)
    assert "bad" == _judged(replace(light, column="value"), (2.0, 5.0), less=True).level


def test_each_domain_has_one_word(opened: Callable[..., Report], six: Project, shown: Shown) -> None:
    """Five domains; stock has no data here and says so."""
    report = opened(six)
    report.show(health(report.study))
    found = shown.of("health")[0]
    assert list(DOMAINS) == [light.domain for light in report.study.health]
    assert "库存 缺数" in found["alt"]
    assert "GMV 达成" in found["alt"]
    assert found["facts"]


def test_gross_and_projected_net_stand_side_by_side(
    opened: Callable[..., Report], six: Project, shown: Shown
) -> None:
    """Net by refund date stands on the card of projected net, which lies between what was paid and refunded."""
    report = opened(six)
    sales = report.metrics(SALES, compare="last_year target")
    report.show(headlines(sales, report.study))
    content = shown.of("cards")[0]
    facts = {(fact["metric"], fact["basis"]): fact["value"] for fact in content["facts"]}
    assert "按退款日" in shown.html("cards")[0]
    assert "贡献毛利" not in shown.html("cards")[0]
    assert facts["net_sales_final", None] < sales.cell("net_sales.pay_date") < facts["gmv", None]


def test_promotion_days_are_told_apart(opened: Callable[..., Report], six: Project, shown: Shown) -> None:
    """Both kinds of days add up to the month, now and then."""
    report = opened(six)
    sales = report.metrics(SALES, compare="last_year")
    report.show(verdict(sales, None, report.study))
    bursts = report.study.bursts
    assert bursts is not None
    assert sales.cell("gmv") == pytest.approx(bursts.table["now"].sum())
    assert sales.cell("gmv", "last_year") == pytest.approx(bursts.table["then"].sum())
    assert "大促 6 天增" in shown.of("verdict")[0]["title"]
    assert "退款成熟度" in shown.of("verdict")[0]["subtitle"]


def test_the_year_needs_its_gap_a_day(opened: Callable[..., Report], six: Project) -> None:
    """Without a target for all of the year there is neither."""
    goal = opened(six).study.goal
    assert (None, None, 31) == (goal.gap, goal.needed, goal.days_left)
    aimed = replace(goal, result=_aimed(goal.result, 1000.0 + (goal.result.cell("gmv") or 0.0)))
    assert aimed.gap is not None
    assert aimed.needed is not None
    assert (1000.0, 1000.0 / 31) == pytest.approx((aimed.gap.value, aimed.needed.value))


def _aimed(result: Result, target: float) -> Result:
    return replace(result, frame=result.frame.assign(target=target))


def test_a_cold_start_says_something_true(opened: Callable[..., Report], cold: Project, shown: Shown) -> None:
    """Sales are told without a comparison; domains that nothing can judge say so."""
    report = opened(cold)
    sales = report.metrics(SALES, compare="previous last_year target")
    for display in (verdict(sales, None, report.study), health(report.study), headlines(sales, report.study)):
        report.show(display)
    report.show(unknowns(sales, study=report.study))
    assert "没有可比的期间" in shown.of("verdict")[0]["title"]
    assert ["none"] * 4 == [light.level for light in report.study.health[:4]]
    assert "净销售额 按支付日" in shown.of("cards")[0]["alt"]
    assert "退款未到齐" in shown.of("note")[0]["subtitle"]


def test_english_has_no_chinese(opened: Callable[..., Report], six_en: Project, shown: Shown) -> None:
    """Health speaks the language of the page."""
    report = opened(six_en)
    report.show(health(report.study))
    assert not any("一" <= letter <= "鿿" for letter in shown.html("health")[0])
