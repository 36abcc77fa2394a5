"""Every block of the page about the course of a promotion, once with data and once without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import process
from tests.show.conftest import Shown
from tests.study.promoted import promoted

BLOCKS = {
    "headline": "fest-2025比平常多卖 1.1 万(1.1 至 1.1),其中 9.3% 只是前后挪来的;净增 8,900 元(8,900 至 8,900)",
    "curve": "6.14 最高,6,300 元,是平常的 4.20 倍,比去年同阶段同一天增 40.0%",
    "increment": "多卖 1.1 万,净增 8,900 元,9.3% 是挪来的;扣得最多的是别处少卖 800 元",
    "platforms": "天猫净增 9,700 元(9,700 至 9,700) 最多;2 个平台中 1 个净增确定大于零,京东不确定",
    "phases": "爆发1 日均最高,3,675 元,占活动的 85.0%",
    "growth": "自嗨式增长:GMV 日均增 30.1%,同时最大平台占比▲7.3pp",
    "concentration": "平台最集中:天猫占 86.5%,占比增 7.3 个百分点",
    "buyers": "知道是谁的 GMV 中新客占 100.0%",
    "cohorts": "活动新客 30 天回购 0.0%,与去年爆发的 0.0% 分不出高低",
}
LACKING = {"warm": ("R2.6", "traffic"), "worth": ("R2.3", "refunds")}


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """The merchant of the worked example, by language."""
    root = tmp_path_factory.mktemp("promoted")
    return {lang: promoted(root / lang, lang=lang) for lang in ("zh", "en")}


def shows(report: Report, names: list[str]) -> None:
    """Show the blocks of these names."""
    for name in names:
        report.show(getattr(process, name)(report.campaign))


def test_every_block_says_what_it_shows(
    shops: dict[str, Project], opened: Callable[..., Report], shown: Shown
) -> None:
    """Titles are conclusions with their numbers; every block has facts, an alternative text and its number."""
    report = opened(shops["zh"], "fest-2025")
    before = len(shown.outputs)
    shows(report, list(BLOCKS))
    contents = [content for content, _ in shown.outputs[before:]]
    assert len(contents) == len(BLOCKS)
    for content, (name, title) in zip(contents, BLOCKS.items(), strict=True):
        assert content["title"].startswith(title), (name, content["title"])
        assert content["alt"]
        assert content["facts"]
        assert content["blocks"][0].startswith("R2")


def test_every_block_speaks_english(
    shops: dict[str, Project], opened: Callable[..., Report], shown: Shown
) -> None:
    """No Chinese word on an English page, and nothing missing is printed as a number."""
    report = opened(shops["en"], "fest-2025")
    before = len(shown.outputs)
    shows(report, list(BLOCKS))
    found = [html for _, html in shown.outputs[before:]]
    assert set() == {word for html in found for word in re.findall(r"[一-鿿]+", html)}
    assert set() == {word for html in found for word in re.findall(r">[^<]*\b(nan|None|inf|NaT)\b", html)}


def test_what_is_not_over_is_said(
    shops: dict[str, Project], opened: Callable[..., Report], shown: Shown
) -> None:
    """A day into the aftermath net is at most so much; new buyers are too young to have come back."""
    report = opened(shops["zh"], "fest-2025", as_of=date(2025, 6, 17))
    shows(report, ["headline", "cohorts"])
    titles = [content["title"] for content, _ in shown.outputs if content.get("title")]
    assert "净增至多 " in titles[0]
    assert titles[1] == "初步:活动新客才 1 天,或人数不足,还看不出回购"
    assert "恢复期未结束,净增量为上限" in next(html for _, html in shown.outputs if "净增至多" in html)


def test_blocks_without_data_name_what_would_fill_them(
    shops: dict[str, Project], opened: Callable[..., Report], shown: Shown
) -> None:
    """Without traffic there is no pool, without refunds nothing is known to stay."""
    report = opened(shops["zh"], "fest-2025")
    shows(report, list(LACKING))
    lacks = {lack.block: lack.tables for lack in report._pen.lacking}
    assert {block: table in lacks[block] for block, table in LACKING.values()} == {"R2.6": True, "R2.3": True}


def test_another_period_says_that_it_is_none(
    shops: dict[str, Project], opened: Callable[..., Report], shown: Shown
) -> None:
    """A month is no promotion: the verdict says so, blocks stand in the list of what lacks data."""
    report = opened(shops["zh"], "2025-06")
    shows(report, ["headline", "curve", "increment", "platforms", "phases", "cohorts"])
    titles = [content["title"] for content, _ in shown.outputs if content.get("title")]
    assert titles == ["2025年6月不是活动:过程复盘要用活动编号作周期"]
    assert {"R2.1", "R2.2", "R2.4", "R2.5", "R2.10"} == {lack.block for lack in report._pen.lacking}
