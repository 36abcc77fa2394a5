"""The sentence on top: what happened, or that nothing did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reportkit.metrics.result import Result
from reportkit.show import verdict
from reportkit.show.display import Drawn
from reportkit.show.names import has_cjk


def moved(now: float, then: float, **more: Any) -> dict[str, Any]:
    """A row with a comparison to last year."""
    return {
        "value": now, "n": 900, "last_year": then, "last_year_now": now, "last_year_then": then,
        "last_year_change": now - then, "last_year_growth": now / then - 1, **more,
    }  # fmt: skip


GREW = {"gmv": moved(22_090_000, 20_416_000), "net_sales.pay_date": moved(18_920_000, 18_270_000)}
PARTS = {
    "net_sales.pay_date": {
        "tmall": moved(7_950_000, 9_210_000),
        "douyin": moved(4_480_000, 3_210_000),
        "jd": moved(6_490_000, 5_850_000),
    }
}


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", "GMV 2,209 万,同比明显增 8.2%;净销售额 1,892 万,小幅增 3.6%:抖音 +127.0 万、天猫 −126.0 万"),
        ("en", "GMV ¥22.1M, clearly up 8.2% YoY; net sales ¥18.9M, slightly up 3.6%: "
               "Douyin +¥1.27M, Tmall −¥1.26M"),
    ],
)  # fmt: skip
def test_it_says_what_happened_and_who_moved_it(
    draw: Callable[..., Drawn], made: Callable[..., Result], lang: str, expected: str
) -> None:
    """Head metric, net sales, the largest rise and the largest fall."""
    assert expected == draw(verdict(made(GREW), made(PARTS, by="platform")), lang=lang).title


def test_it_is_silent_inside_the_flat_band(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Nothing is a result."""
    flat = {"gmv": moved(1_008_000, 1_000_000), "net_sales.pay_date": moved(905_000, 900_000)}
    assert "GMV 100.8 万,同比持平(▲0.8%);本期无显著异常" == draw(verdict(made(flat))).title


def test_parts_that_cancel_are_told(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """A flat total that hides two large moves is not silence."""
    flat = {"gmv": moved(1_008_000, 1_000_000), "net_sales.pay_date": moved(900_000, 900_000)}
    found = {"net_sales.pay_date": {"tmall": moved(400_000, 500_000), "douyin": moved(500_000, 400_000)}}
    sentence = draw(verdict(made(flat), made(found, by="platform"))).title
    assert "GMV 100.8 万,同比持平;净销售额 90.0 万,持平:抖音 +10.0 万、天猫 −10.0 万" == sentence


def test_states_without_a_conclusion(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """No data, too few cases, nothing to compare with: said, not guessed."""
    states = [
        {"gmv": {"value": float("nan")}},
        {"gmv": moved(5_000, 4_000, n=12)},
        {"gmv": {"value": 5_000.0, "n": 400}},
    ]
    assert [
        "2025年11月缺数:没有 GMV 数据,不作结论",
        "GMV 5,000 元,样本不足(n=12),不作结论",
        "GMV 5,000 元,没有可比的期间",
    ] == [draw(verdict(made(rows))).title for rows in states]


def test_without_last_year_it_compares_with_the_period_before(
    draw: Callable[..., Drawn], made: Callable[..., Result]
) -> None:
    """Last year is the right comparison only where there is one."""
    row = {"value": 110.0, "n": 400, "previous_growth": 0.1}
    assert "GMV 110 元,环比明显增 10.0%" == draw(verdict(made({"gmv": row}))).title


def test_early_net_sales_are_not_compared(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Refunds of a young month are not in; last year's are."""
    found = draw(verdict(made(GREW, as_of="2025-11-12")))
    assert "GMV 2,209 万,同比明显增 8.2%;净销售额暂为 1,892 万,退款未到齐不作比较" == found.title
    assert "数据截至 11.12,本期未结束" in found.subtitle


def test_platforms_without_data_are_named(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """By the name the reader knows."""
    result = made(GREW, missing={"gmv": ["pdd", "jd"]})
    found = [draw(verdict(result), lang=lang).subtitle.split(" · ")[0] for lang in ("zh", "en")]
    assert ["不含拼多多、京东", "without Pinduoduo, JD"] == found


def test_target_is_told_or_said_to_be_absent(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """未设目标 is a state, not a gap."""
    with_target = {"gmv": moved(110.0, 100.0, target=100.0, attainment=1.1)}
    found = [draw(verdict(made(rows))).subtitle.split(" · ")[0] for rows in (with_target, GREW)]
    assert ["目标 100 元,达成 110.0%", "未设目标"] == found


def test_english_has_no_chinese(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Not even in the small line."""
    drawn = draw(verdict(made(GREW), made(PARTS, by="platform")), lang="en")
    assert not has_cjk(drawn.html + drawn.alt + drawn.subtitle)
