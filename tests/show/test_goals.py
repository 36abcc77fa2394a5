"""A promotion against its target and last year's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from reportkit.metrics.result import Result
from reportkit.show import attainment, goal_cards, goal_verdict, progress
from reportkit.show.display import Drawn
from reportkit.show.paper import Paper

PERIOD = "2025-11-01/2025-11-15"


def row(value: float, target: float | None, **more: Any) -> dict[str, Any]:
    """A metric of the promotion with its target, a tenth above last year."""
    goal = {"target": target, "attainment": value / target, "pace": value / target} if target else {}
    return {
        "value": value, "n": 900, "last_year": value / 1.1, "last_year_then": value / 1.1,
        "last_year_growth": 0.1, **goal, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("net_target", "as_of", "expected"),
    [
        (
            90e4,
            "2026-03-01",
            "达成:净销售额 100.0 万,超目标 10.0 万(达成 111.1%),同比明显增 10.0%;GMV 120.0 万",
        ),
        (
            125e4,
            "2026-03-01",
            "未达成:净销售额 100.0 万,差目标 25.0 万(达成 80.0%),同比明显增 10.0%;GMV 120.0 万",
        ),
        (100e4, "2026-03-01", "达成:净销售额 100.0 万,与目标持平,同比明显增 10.0%;GMV 120.0 万"),
        (125e4, "2025-11-10", "进行中:净销售额 100.0 万,达成 80.0%,为应有进度的 80.0%"),
        (None, "2026-03-01", "未设目标:净销售额 100.0 万,同比明显增 10.0%;GMV 120.0 万"),
    ],
)
def test_reached_or_not(
    draw: Callable[..., Drawn], made: Callable[..., Result], net_target: float, as_of: str, expected: str
) -> None:
    """Judged by net sales, with gmv beside it; a running promotion is neither."""
    rows = {"gmv": row(120e4, None), "net_sales.pay_date": row(100e4, net_target)}
    assert expected == draw(goal_verdict(made(rows, period=PERIOD, as_of=as_of))).title


def test_gmv_is_judged_where_only_it_has_a_target(
    draw: Callable[..., Drawn], made: Callable[..., Result]
) -> None:
    """Many merchants set one target."""
    rows = {"gmv": row(120e4, 100e4), "net_sales.pay_date": row(100e4, None)}
    found = draw(goal_verdict(made(rows, period=PERIOD))).title
    assert "达成:GMV 120.0 万,超目标 20.0 万(达成 120.0%),同比明显增 10.0%;净销售额 100.0 万" == found


def test_cards_hold_target_actual_net_gap_and_last_year(
    draw: Callable[..., Drawn], made: Callable[..., Result]
) -> None:
    """In this order, then the rest."""
    rows = {"gmv": row(120e4, None), "net_sales.pay_date": row(100e4, 125e4), "orders": row(4000.0, None)}
    found = draw(goal_cards(made(rows, period=PERIOD))).alt.split(";")
    assert [
        "净销售额目标 125.0 万元", "GMV 120.0 万元,同比 ▲10.0%", "净销售额 按支付日 100.0 万元,同比 ▲10.0%",
        "净销售额较目标 −25.0 万元", "去年同活动 90.9 万元", "支付订单数 4,000 单,同比 ▲10.0%",
    ] == found  # fmt: skip


def test_the_curve_adds_up_and_breaks_at_gaps(
    draw: Callable[..., Drawn], made: Callable[..., Result], papers: list[Paper]
) -> None:
    """A day without data is a gap in the line; the days after it go on from there."""
    days = [date(2025, 11, 1) + timedelta(days=n) for n in range(15)]
    values = [1e4] * 15
    values[4] = float("nan")
    rows = {
        "gmv": {day: {"value": value, "last_year_then": 9e3} for day, value in zip(days, values, strict=True)}
    }
    whole = made({"gmv": row(14e4, 20e4)}, period=PERIOD)
    found = draw(progress(made(rows, by="day", period=PERIOD), whole))
    now = np.asarray(papers[0].figure.axes[0].lines[1].get_ydata(), dtype=float)
    assert ([4], 14.0) == (np.flatnonzero(np.isnan(now)).tolist(), now[-1])
    assert "GMV 累计 14.0 万,达成目标 70.0%;去年同期 12.7 万" == found.title


def test_bullets_hold_only_what_has_a_target(
    draw: Callable[..., Drawn], made: Callable[..., Result], papers: list[Paper]
) -> None:
    """One row each; none is said."""
    some = made({"gmv": row(120e4, 100e4), "orders": row(4e3, None)}, period=PERIOD)
    none = made({"gmv": row(120e4, None)}, period=PERIOD)
    assert ["GMV 达成 120.0%", "本活动未设目标"] == [draw(attainment(each)).title for each in (some, none)]
    assert [1, 0] == [len(paper.figure.axes) for paper in papers]
