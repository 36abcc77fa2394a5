"""Days in panels: gaps stay gaps, titles are conclusions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from reportkit.metrics.result import Result
from reportkit.show import trend
from reportkit.show.display import Drawn
from reportkit.show.paper import Paper

DAYS = [date(2025, 11, 1) + timedelta(days=n) for n in range(30)]


def by_day(values: list[float]) -> dict[str, dict[date, dict[str, Any]]]:
    """Net sales, and conversion of a hundredth of it."""
    rows = {day: {"value": value, "n": 900} for day, value in zip(DAYS, values, strict=True)}
    rates = {day: {"value": value / 1e6, "n": 900} for day, value in zip(DAYS, values, strict=True)}
    return {"net_sales.pay_date": rows, "cvr": rates}


EVEN = [20_000.0 + 100 * n for n in range(30)]


def test_a_day_without_data_is_a_gap(
    draw: Callable[..., Drawn],
    made: Callable[..., Result],
    papers: list[Paper],
    texts: Callable[[], list[str]],
) -> None:
    """No bar, no point of the line, a word in its place; never a zero."""
    values = [*EVEN[:10], float("nan"), float("nan"), *EVEN[12:]]
    found = draw(trend(made(by_day(values), by="day")))
    columns, line = papers[0].figure.axes[0], papers[0].figure.axes[1]
    heights = [patch.get_height() for patch in columns.containers[0]]
    assert [10, 11] == [place for place, height in enumerate(heights) if not np.isfinite(height)]
    assert 28 == np.isfinite(np.asarray(line.lines[0].get_ydata(), dtype=float)).sum()
    assert "缺数" in texts()
    assert "nan" not in found.html.lower().replace("financ", "")


def test_even_days_are_told_by_mean_and_peak(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """The title has numbers and the day of the week."""
    found = [draw(trend(made(by_day(EVEN), by="day")), lang=lang).title for lang in ("zh", "en")]
    assert [
        "11.1–11.30 净销售额日均 2.1 万,最高 11.30(日) 2.3 万",
        "Net sales averaged ¥21.5K a day in Nov 1–Nov 30, with a peak of ¥22.9K on Sun 30 Nov",
    ] == found


def test_three_large_days_are_the_story(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """A run that holds a fifth of the month is named."""
    values = [*EVEN[:9], 90_000.0, 200_000.0, 80_000.0, *EVEN[12:]]
    found = draw(trend(made(by_day(values), by="day"))).title
    assert "11.10–11.12 占 11.1–11.30 净销售额的 39%;最高 11.11(二) 20.0 万" == found


def test_young_days_are_hatched(
    draw: Callable[..., Drawn], made: Callable[..., Result], papers: list[Paper]
) -> None:
    """Ten days before the last day seen, refunds by payment date are still to come."""
    draw(trend(made(by_day(EVEN), by="day", as_of="2025-12-03")))
    bars = papers[0].figure.axes[0].containers
    assert [23, 7] == [len(bars[0]), len(bars[1])]
    assert "/////" == bars[1][0].get_hatch()


def test_bars_start_at_zero(
    draw: Callable[..., Drawn], made: Callable[..., Result], papers: list[Paper]
) -> None:
    """Lines may not, columns must."""
    draw(trend(made(by_day(EVEN), by="day")))
    assert 0.0 == papers[0].figure.axes[0].get_ylim()[0]


def test_nothing_at_all_is_said(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Thirty days without data are a sentence."""
    assert "没有净销售额 按支付日数据" == draw(trend(made(by_day([float("nan")] * 30), by="day"))).title
