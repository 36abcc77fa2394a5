"""KPI cards: the same facts in the same order on each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from reportkit.metrics.result import Result
from reportkit.show import cards
from reportkit.show.cards import bullet, spark
from reportkit.show.display import Drawn


def text(html: str) -> str:
    """What a reader sees of `html`, spaces drawn together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


ROW: dict[str, Any] = {
    "value": 22_090_000.0, "n": 900, "previous_growth": 0.05, "last_year_growth": -0.082,
    "target": 21_000_000.0, "attainment": 1.0519, "pace": 1.0519,
}  # fmt: skip


def test_a_card_reads_from_name_to_target(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Name, value, unit, code, both comparisons, target."""
    found = draw(cards(made({"gmv": ROW})))
    assert "GMV 2,209 万元 E1 环比 ▲5.0% 同比 ▼8.2% 目标达成 105.2%" == text(found.html)
    assert ("good", "bad") == tuple(re.findall(r'<span class="(good|bad)">', found.html))


def test_no_target_is_said_and_has_no_bar(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """An empty bar would read as zero."""
    found = draw(cards(made({"gmv": {**ROW, "target": None, "attainment": None}})))
    assert (True, False) == ("未设目标" in found.html, 'class="bullet"' in found.html)


def test_a_missing_value_is_a_dash(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """— and 缺数, without a code, never NaN or zero."""
    row = {"value": float("nan"), "previous_growth": float("nan"), "last_year_growth": float("nan")}
    found = draw(cards(made({"gmv": row})))
    assert "GMV — 环比 — 同比 — 未设目标 缺数" == text(found.html)


def test_a_rate_over_few_cases_is_grey(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """No colour and no verdict under the minimum."""
    row = {"value": 0.2, "n": 7, "previous_change": 0.1, "previous_growth": 1.0}
    found = draw(cards(made({"refund_rate_amt": row})))
    assert "样本不足 n=7" in found.html
    assert 'class="card pale"' in found.html
    assert 'class="bad"' not in found.html


def test_a_falling_refund_rate_is_good(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Colour says good or bad; the mark says up or down."""
    row = {"value": 0.2, "n": 700, "last_year_change": -0.03, "last_year_growth": -0.13}
    assert '<span class="good">▼3.0pp</span>' in draw(cards(made({"refund_rate_amt": row}))).html


def test_themes_colour_by_direction(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """红涨绿跌 and 绿涨红跌."""
    row = {"value": 0.2, "n": 700, "last_year_change": -0.03, "last_year_growth": -0.13}
    html = [
        draw(cards(made({"refund_rate_amt": row})), theme=theme).html
        for theme in ("cn_red_up", "intl_green_up")
    ]
    assert ['<span class="green">▼3.0pp', '<span class="red">▼3.0pp'] == [
        re.findall(r'<span class="\w+">▼3.0pp', each)[0] for each in html
    ]


def test_a_project_target_below_is_judged_the_other_way(
    draw: Callable[..., Drawn], made: Callable[..., Result]
) -> None:
    """A refund rate under its target is good."""
    row = {"value": 0.1, "n": 700, "target": 0.12, "attainment": 0.1 / 0.12}
    assert '<p class="target good">目标 12.0%' in draw(cards(made({"refund_rate_amt": row}))).html


def test_the_bar_and_its_mark_stay_inside() -> None:
    """Neither leaves the track, whichever is longer."""
    assert [{"fill": "46.3", "mark": "92.6"}, {"fill": "92.6", "mark": "46.3"}, None] == [
        bullet(50.0, 100.0),
        bullet(200.0, 100.0),
        bullet(-1.0, -2.0),
    ]


def test_a_sparkline_breaks_where_days_are_missing() -> None:
    """Two runs, two lines."""
    line = spark(pd.Series([1.0, 2.0, None, 3.0, 4.0]), "#000000")
    assert 2 == str(line).count("<polyline")
    assert "nan" not in str(line)


def test_words_from_data_are_escaped(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """A platform nobody described may be called anything."""
    result = made({"gmv": ROW}, missing={"gmv": []})
    other = made({"gmv": ROW, "orders": {**ROW, "value": 5.0}}, missing={"orders": ["<script>"]})
    assert "<script>" not in draw(cards(result)).html + draw(cards(other)).html


def test_early_refunds_are_neither_good_nor_bad(
    draw: Callable[..., Drawn], made: Callable[..., Result]
) -> None:
    """A young month has few refunds yet: no praise for that, by payment date only."""
    row = {"value": 0.01, "n": 700, "last_year_change": -0.1, "last_year_growth": -0.9}
    rows = {"refund_rate_amt": row, "gmv": {"value": 5e4, "n": 700, "last_year_growth": 0.2}}
    html = draw(cards(made(rows, as_of="2025-11-05"))).html
    assert ['<span class="plain">▼10.0pp', '<span class="good">▲20.0%'] == re.findall(
        r'<span class="\w+">[▲▼][\d.]+(?:pp|%)', html
    )
