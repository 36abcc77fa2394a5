"""The page about after-sales: every block once with data, once without, in both languages, for one platform."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from reportkit.metrics.result import Result
from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import service
from reportkit.show.display import Drawn
from reportkit.show.names import has_cjk
from tests.study.returning import returning

Page = Callable[[Report], dict[str, Drawn]]
Quiet = Callable[..., Report]


@pytest.fixture(scope="module")
def full(known: Project, quiet: Quiet, page: Page) -> dict[str, Drawn]:
    """The page of a merchant of whom everything is known but what bad reviews say."""
    return page(quiet(known))


@pytest.fixture(scope="module")
def empty(plain: Project, quiet: Quiet, page: Page) -> dict[str, Drawn]:
    """The page of one without refunds, scores and times."""
    return page(quiet(plain))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("verdict", "预计最终退款率 15.0%,环比持平;天猫 P1 枕 品质退款率 16.7%,是同类的 320 倍;抖音 P1 枕 品质退款率 16.7%,是同类的 320 倍"),
        ("cards", "核心指标 5 项"),
        ("trend", "2025年9月支付的订单预计最终退款 1.8 万,已见 1.4 万"),
        ("finals", "抖音预计最终退款率最高,20.0%"),
        ("curves", "付款 15 天后已退 15.0%,不高于平时的 15.0%"),
        ("weights", "抖音以 50.0% 的 GMV 占 66.7% 的退款,是份额的 1.3 倍"),
        ("reasons", "买家原因占退款金额的 33.3%"),
        ("across", "天猫的退款 50.0% 因买家原因,高于整体的 33.3%"),
        ("products", "P3 枕的退款 100.0% 因商品描述不符,全部商品为 17.0%"),
        ("hours", "抖音最慢,P90 60.0 小时;48 小时内完结 34.9%,3 笔没有完结时间,不在内"),
        ("weeks", "12 周里 P50 从 60.0 到 60.0 小时,P90 从 60.0 到 60.0"),
        ("backlog", "9.30 有 3 笔未完结,其中 1 笔超过 15 天,涉及 100 元"),
        ("stages", "签收后占退款的 50.0%,抖音最高,50.0%"),
        ("scores", "1 项评分明显下降:天猫 4.80 降到 4.60"),
        ("faults", "2 款品质退款显著高于同类,天猫 P1 枕 16.7% 是同类的 320 倍,全部退款比同类多"),
        ("service", "客服清单 3 项,先看抖音 处理 P90 60.0 小时,时限 48 小时"),
        ("quality", "品控清单 4 项,先看天猫 P1 枕 品质退款率 16.7%,是同类的 320 倍"),
        ("logistics", "物流清单 2 项,先看天猫 9.10–9.12 付款到发货慢 72.0 小时"),
    ],
)  # fmt: skip
def test_titles_are_conclusions(full: dict[str, Drawn], name: str, title: str) -> None:
    """A sentence with its numbers."""
    assert title == full[name].title[: len(title)]


def test_every_block_says_what_it_shows(full: dict[str, Drawn]) -> None:
    """HTML, a title with a number, an alternative text, and nothing that a program prints for what is missing."""
    assert {"topics"} == {name for name, block in full.items() if not block.html}
    said = [block for block in full.values() if block.html]
    assert [] == [block.title for block in said if not re.search(r"\d", block.title) or not block.alt]
    assert [] == [block.title for block in said if re.search(r"\b(nan|None|inf)\b", block.html + block.alt)]


def test_what_has_no_data_is_folded(empty: dict[str, Drawn]) -> None:
    """Every block names the tables that would fill it; the verdict says that there is nothing to judge."""
    assert ["verdict"] == [name for name, block in empty.items() if block.html]
    assert [] == [name for name, block in empty.items() if not block.html and not block.lacks]
    assert "2025年9月缺数:没有退款率(金额)数据,不作结论" == empty["verdict"].title
    assert {("ratings",), ("product_reviews",)} < {block.lacks for block in empty.values()}


def test_health_is_one_word(full: dict[str, Drawn]) -> None:
    """Beside it how far refunds have come in."""
    assert full["verdict"].subtitle.startswith("售后 差 · 退款成熟度 76.7% 参考")


def test_lists_give_the_numbers_and_a_proposal(full: dict[str, Drawn]) -> None:
    """What was found, what it is worth, what to do."""
    words = re.sub(r"<[^>]+>", " ", full["logistics"].html)
    assert "付款到发货平均 96.0 小时,平时 24.0 小时,慢 72.0 小时" in words
    assert "四川省" in words
    assert "查仓库出单与揽收" in words
    assert "3 笔未完结" in re.sub(r"<[^>]+>", " ", full["service"].html)


def test_shares_of_a_platform_come_to_a_hundred(full: dict[str, Drawn]) -> None:
    """Column by column, as they are printed."""
    rows = re.findall(r'<tr><td class="gt_left">.*?</tr>', full["across"].html)
    columns = zip(*(map(float, re.findall(r">([\d.]+)%<", row)) for row in rows), strict=True)
    assert {100.0} == {round(sum(column), 6) for column in columns}


def test_one_platform_is_cut_by_kind(known: Project, quiet: Quiet, page: Page) -> None:
    """Within one shop hours are told by kind of case, weights by product."""
    found = page(quiet(known, scope={"platform": ["tmall"]}))
    assert found["verdict"].title.startswith("预计最终退款率 10.0%,环比持平;天猫 P1 枕 品质")
    assert "仅退款" in found["hours"].alt
    assert "P0 枕以 20.0% 的 GMV" == found["weights"].title[:17]


def test_english_holds_no_chinese(tmp_path: Any, quiet: Quiet, page: Page) -> None:
    """Names, stages and reasons included."""
    found = page(quiet(returning(tmp_path / "shop", lang="en")))
    chinese = {name: block for name, block in found.items() if has_cjk(block.html + block.title + block.alt)}
    assert {} == chinese
    assert "After receipt: 50.0% of refunds; most on Douyin, 50.0%" == found["stages"].title


def test_topics_of_bad_reviews(
    made: Callable[..., Result], full: dict[str, Drawn], known: Project, quiet: Quiet
) -> None:
    """The most frequent first, with its share."""
    rows = {"尺寸": {"value": 1.0, "n": 4}, "质量": {"value": 3.0, "n": 4}}
    report = quiet(known)
    result = made({"reviews_bad": rows}, by="topic")
    drawn = service.topics(result, report.study)
    assert "4 条差评里 75.0% 说的是质量" == _titled(report, drawn)


def _titled(report: Report, display: Any) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report._pen.evidence, "cite", lambda *given, **dims: "E1")
        return str(display.draw(report._pen).title)
