"""Shares, bridge and table: parts that sum to their whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from reportkit.metrics.result import Result
from reportkit.show import bridge, shares, table
from reportkit.show.bridge import _steps
from reportkit.show.display import Drawn, Pen
from reportkit.show.paper import Paper, fitted, text_width
from reportkit.show.parts import gathered
from reportkit.show.readings import parts

NAN = float("nan")


def row(now: float, then: float | None) -> dict[str, Any]:
    """A part with its like-for-like pair; without a then it has no pair."""
    if then is None:
        return {"value": now, "n": 900}
    return {
        "value": now, "n": 900, "last_year": then, "last_year_now": now, "last_year_then": then,
        "last_year_change": now - then, "last_year_growth": now / then - 1,
    }  # fmt: skip


NET = {
    "tmall": row(795e4, 921e4),
    "douyin": row(448e4, 321e4),
    "jd": row(312e4, 319e4),
    "pdd": row(197e4, 167e4),
}


def test_steps_add_up_to_the_total(pen: Callable[..., Pen], made: Callable[..., Result]) -> None:
    """Then plus every step is now, to the last digit."""
    result = made({"net_sales.pay_date": NET}, by="platform")
    found = parts(pen(), result, "net_sales.pay_date", "last_year")
    steps = _steps(pen(), result, found, "last_year")
    assert [1728e4, 1752e4] == [steps[0].end, steps[-1].end]
    assert steps[-1].end == pytest.approx(steps[0].end + sum(step.end - step.start for step in steps[1:-1]))
    assert ["抖音", "拼多多", "京东", "天猫"] == [step.name for step in steps[1:-1]]


def test_what_cannot_be_compared_is_a_step_of_its_own(
    pen: Callable[..., Pen], made: Callable[..., Result]
) -> None:
    """So that the bridge ends at the number the card shows."""
    result = made({"net_sales.pay_date": NET | {"xiaohongshu": row(90e4, None)}}, by="platform")
    found = parts(pen(), result, "net_sales.pay_date", "last_year")
    steps = _steps(pen(), result, found, "last_year")
    assert [("不可比部分", False, 1842e4)] == [
        (s.name, s.comparable, s.end) for s in steps if not s.comparable
    ]
    assert 1842e4 == steps[-1].end


def test_the_bridge_says_where_its_axis_starts(
    draw: Callable[..., Drawn], made: Callable[..., Result], texts: Callable[[], list[str]]
) -> None:
    """The one chart whose bars do not start at zero."""
    found = draw(bridge(made({"net_sales.pay_date": NET}, by="platform")))
    assert "净销售额同比增 24.0 万:抖音 +127.0 万、天猫 −126.0 万" == found.title
    assert [] != [text for text in texts() if re.fullmatch(r"横轴自 [\d,.]+ 万 起", text)]


def test_a_bridge_with_nothing_to_compare_shows_what_there_is(
    draw: Callable[..., Drawn], made: Callable[..., Result]
) -> None:
    """The place is not empty."""
    result = made({"gmv": {"tmall": row(5e4, None), "jd": row(3e4, None)}}, by="platform")
    found = draw(bridge(result))
    assert "GMV 没有可比的期间" == found.title
    assert ("5.0", "3.0") == tuple(re.findall(r">(\d\.\d)</text>", found.html))


def test_printed_shares_sum_to_100(
    draw: Callable[..., Drawn], made: Callable[..., Result], texts: Callable[[], list[str]]
) -> None:
    """Largest remainder, whatever the values."""
    three = {name: row(1.0, 1.0) for name in ("tmall", "jd", "pdd")}
    draw(shares(made({"gmv": three}, by="platform")))
    found = [float(text[:-1]) for text in texts() if re.fullmatch(r"\d+\.\d%", text)]
    assert [33.4, 33.3, 33.3] == found


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (NET, "抖音占比同比升 7.0 个百分点,天猫降 7.9 个百分点"),
        ({name: row(10.0, 10.0) for name in NET}, "各平台占比稳定,天猫以 25.0% 居首"),
        ({"tmall": row(10.0, 8.0)}, "天猫占 GMV 的 100.0%"),
        ({}, "没有可分的 GMV 数据"),
    ],
)
def test_titles_of_shares(
    draw: Callable[..., Drawn], made: Callable[..., Result], rows: dict[str, Any], title: str
) -> None:
    """Who gained and who lost, or that nobody did."""
    result = made({"gmv": rows or {"tmall": {"value": NAN}}}, by="platform")
    assert title == draw(shares(result)).title


def test_many_parts_are_gathered(pen: Callable[..., Pen], made: Callable[..., Result]) -> None:
    """The rest is one part, and nothing is lost."""
    found = parts(
        pen(),
        made({"gmv": {f"p{n}": row(10.0 + n, 5.0) for n in range(40)}}, by="product"),
        "gmv",
        "last_year",
    )
    kept = gathered(pen(), found)
    assert (6, "其余 35 个") == (len(kept), kept[-1].name)
    assert sum(part.value or 0 for part in kept) == pytest.approx(sum(10.0 + n for n in range(40)))


def test_long_names_stay_on_the_paper() -> None:
    """A product title is cut to its column."""
    name = fitted("轻薄鹅绒长款连帽冬季羽绒服女士加厚保暖外套", 7.5, 24.0)
    assert ("…", True) == (name[-1], text_width(name, 7.5) <= 24.0)


def cells(html: str) -> list[list[str]]:
    """The texts of a table's body."""
    rows = re.findall(r"<tr.*?</tr>", html.split("<tbody")[1], re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", each, re.DOTALL)]
        for each in rows
    ]


def test_a_table_stands_under_its_total(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """Largest first; the unit in the head; the rest in one row; parts and rest make the total."""
    result = made(
        {"gmv": NET, "refund_rate_amt": {name: {"value": 0.1, "n": 90} for name in NET}}, by="platform"
    )
    total = made({"gmv": row(1752e4, 1728e4), "refund_rate_amt": {"value": 0.1, "n": 360}})
    found = draw(table(result, total, rows=3))
    assert [
        ["合计", "1,752", "10.0", "1.4%"],
        ["天猫", "795", "10.0", "▼13.7%"],
        ["抖音", "448", "10.0", "▲39.6%"],
        ["其余 2 个", "509", "—", "—"],
    ] == [[cell.replace("▲1.4%", "1.4%") for cell in each] for each in cells(found.html)]
    assert 'GMV <span class="unit">万元</span>' in found.html
    assert '<tr class="total">' in found.html


def test_names_in_a_table_are_escaped(draw: Callable[..., Drawn], made: Callable[..., Result]) -> None:
    """A product title may hold markup."""
    result = made({"gmv": {"<script>alert(1)</script>": row(10.0, 5.0), "b": row(4.0, 5.0)}}, by="product")
    for display in (table(result), shares(result), bridge(result)):
        assert "<script>" not in draw(display).html


def test_a_table_has_no_style_sheet_or_ids_of_its_own(
    draw: Callable[..., Drawn], made: Callable[..., Result], papers: list[Paper]
) -> None:
    """The house's style sheet dresses it; ids would clash between tables."""
    html = draw(table(made({"gmv": NET}, by="platform"))).html
    assert (False, False) == ("<style" in html, " id=" in html)
