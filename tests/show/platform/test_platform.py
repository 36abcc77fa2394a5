"""The page about platforms: every block once with data, once without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import platform as blocks
from reportkit.show.display import Display, Drawn
from tests.projects import make_shop

Draw = Callable[[Report, Display], Drawn]
_COLUMNS = (
    "gmv net_sales.pay_date visitors cvr aov_buyer orders ad_spend roi_total roi_total_net refund_rate_amt"
)


def shown(report: Report) -> dict[str, Display]:
    """Every display of the page as the notebook asks for it."""
    study, across = report.study, report.study.across
    parts = report.metrics(_COLUMNS, by=across, compare="previous last_year target")
    total = report.metrics(_COLUMNS, compare="previous last_year target")
    months = report.metrics("gmv", by=[across, "month"], compare="last_year", period=study.year)
    return {
        "headline": blocks.headline(study),
        "matrix": blocks.matrix(parts, total),
        "goals": blocks.goals(parts, report.metrics("attain_quarter attain_year", by=across)),
        "trends": blocks.trends(months),
        "factors": blocks.factors(study),
        "chains": blocks.chains(study),
        "roots": blocks.roots(study),
        "mixture": blocks.mixture(study),
        "categories": blocks.categories(report.metrics("gmv", by=[across, "category"])),
        "regions": blocks.regions(
            report.metrics("gmv", by="province", compare="previous last_year"),
            report.metrics("gmv", by=[across, "province"]),
        ),
        "returns": blocks.returns(study),
        "allocation": blocks.allocation(study),
        "spend_shares": blocks.spend_shares(study),
        "classes": blocks.classes(study),
        "funnels": blocks.funnels(study),
        "sources": blocks.sources(study),
        "carriers": blocks.carriers(report.metrics("gmv", by="platform carrier")),
        "bought": blocks.bought(study),
        "summaries": blocks.summaries(study, parts),
    }


@pytest.fixture(scope="module")
def full(page: Report, drawn: Draw) -> dict[str, Drawn]:
    """The page of a merchant of whom everything is known."""
    return {name: drawn(page, display) for name, display in shown(page).items()}


@pytest.fixture(scope="module")
def empty(bare: Report, drawn: Draw) -> dict[str, Drawn]:
    """The page of one of whom little is known."""
    return {name: drawn(bare, display) for name, display in shown(bare).items()}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "headline",
            "净销售额 1.8 万,同比明显增 9.1%:天猫 −3,000 元(主因访客:搜索▼66.1%)、抖音 +3,000 元(主因访客)",
        ),
        ("matrix", "抖音 GMV 9,000 元居首,占 50.0%;小红书 GMV 同比增 100.0% 最多;天猫 GMV 同比降 33.3% 最多"),
        ("goals", "2 个平台中 1 个达成,天猫只达成 75.0%;1 个未设目标"),
        ("factors", "净销售额同比增 1,500 元:"),
        (
            "roots",
            "天猫同比降 3,000 元,主因访客(−3,780 元):搜索▼66.1%;抖音同比",
        ),
        ("categories", "枕头占 GMV 的 50.0%"),
        ("regions", "浙江省占 GMV 的 100.0%"),
        ("returns", "3 个平台净ROI 都高于保本;小红书最高 20.00,抖音最低 5.00"),
        ("spend_shares", "抖音广告投入占 70.6%,产出占 50.0%;小红书投入 5.9%,产出 16.7%"),
        ("classes", "3 个平台分类:强势 小红书;守成 天猫、抖音"),
        ("sources", "天猫搜索访客占比同比降 26.3 个百分点;天猫第一渠道推荐占 66.7%,依赖单一渠道"),
        ("carriers", "抖音 GMV 的 100.0% 由直播带来"),
        ("bought", "抖音广告账户 cheap 点击便宜但少成交:单价 0.10(其余 1.00),归因ROI 0.50(其余 4.00)"),
        ("summaries", "3 个平台小结,2 个有建议"),
    ],
)
def test_titles_are_conclusions(full: dict[str, Drawn], name: str, title: str) -> None:
    """A sentence with its numbers."""
    assert title == full[name].title[: len(title)]


def test_every_block_is_there(full: dict[str, Drawn]) -> None:
    """With HTML, a title with a number and an alternative text; only what has nothing to say is silent."""
    assert {"mixture"} == {name for name, block in full.items() if not block.html}
    said = [block for block in full.values() if block.html]
    assert [] == [block.title for block in said if not re.search(r"\d", block.title) or not block.alt]
    assert [] == [block.title for block in said if re.search(r"\b(nan|None|inf)\b", block.html + block.alt)]


def test_the_cheap_clicks_are_told_beside_the_rise(full: dict[str, Drawn]) -> None:
    """Not as its cause: at the same time, below what the lost channel should have brought."""
    below = full["roots"].html
    assert "天猫搜索按其余渠道推算成交少 3,599 元(区间" in below
    assert "抖音同期伴随广告账户 cheap 买来点击 9,000 次,单价 0.10" in below


def test_a_paragraph_says_what_why_and_what_to_do(full: dict[str, Drawn]) -> None:
    """By the grammar of every finding, one a platform."""
    tmall = next(row for row in full["summaries"].html.split("<tr>") if "天猫 守成" in row)
    said = "净销售额 6,000 元,同比大幅降 33.3%(GMV 目标 8,000 元,达成 75.0%);主因访客 −3,780 元、转化 +780 元;净ROI 10.00,高于保本 1.82;建议恢复搜索渠道的投放与内容"
    assert said in tmall


def test_a_platform_without_visitors_is_said_to_be_split_otherwise(full: dict[str, Drawn]) -> None:
    """By buyers and basket."""
    assert "小红书没有访客数:按买家数 × 客单价 × 退款后留下的部分" in full["chains"].subtitle


def test_what_platforms_call_visitors_is_said(full: dict[str, Drawn]) -> None:
    """Below the table: shop visitors are no clicks on products."""
    assert (
        "访客口径:天猫为店铺访客;抖音为商品点击人数;合计为各平台访客加总,未跨平台去重" in full["matrix"].html
    )
    assert "访客数(日访客加总)、转化率(日均口径)缺 小红书" in full["matrix"].html


def test_the_evidence_of_factors_adds_up(page: Report, drawn: Draw) -> None:
    """Published facts: the effects of a platform are its change."""
    drawn(page, blocks.factors(page.study))
    facts = [fact for fact in page._evidence.take(page._pen.spoken) if fact["metric"].startswith("change.")]
    tmall = {fact["metric"]: fact["value"] for fact in facts if fact["dims"] == {"platform": "tmall"}}
    assert -3000.0 == pytest.approx(tmall.pop("change.change"))
    assert -3000.0 == pytest.approx(sum(tmall.values()))


@pytest.mark.parametrize(
    ("name", "lacks"),
    [
        ("goals", {"targets"}),
        ("factors", {"orders", "order_lines"}),
        ("roots", {"orders", "order_lines"}),
        ("categories", {"products", "skus"}),
        ("returns", {"ads"}),
        ("spend_shares", {"ads"}),
        ("funnels", {"traffic"}),
        ("sources", {"traffic"}),
        ("bought", {"ads"}),
    ],
)
def test_a_block_without_data_names_what_would_fill_it(
    empty: dict[str, Drawn], name: str, lacks: set[str]
) -> None:
    """And shows nothing itself."""
    assert ("", lacks) == (empty[name].html, set(empty[name].lacks))
    assert empty[name].title


def test_what_is_known_is_still_said(empty: dict[str, Drawn]) -> None:
    """One month of orders: who sold how much, and nothing about a past that is not there."""
    assert "GMV 9,000 元,没有可比的期间" == empty["headline"].title
    assert "天猫 GMV 6,000 元居首,占 66.7%" == empty["matrix"].title
    assert "近12月 GMV 最高是 2025 年 9 月天猫 6,000 元;没有去年可比" == empty["trends"].title
    assert "2 个平台小结,无需建议" == empty["summaries"].title
    assert {"headline", "matrix", "trends", "regions", "summaries"} == {
        name for name, block in empty.items() if block.html
    }


def test_one_platform_alone(known: Project, quiet: Callable[..., Report], drawn: Draw) -> None:
    """Its edition says less: no shares of one, no quadrant of one, and no list of what would not help."""
    report = quiet(known, scope={"platform": ["tmall"]})
    found = {name: drawn(report, display) for name, display in shown(report).items()}
    silent = {name for name, block in found.items() if not block.html and not block.lacks}
    assert {"mixture", "allocation", "spend_shares", "classes", "carriers"} == silent
    assert "天猫 GMV 6,000 元;天猫 GMV 同比降 33.3%" == found["matrix"].title
    assert "天猫达成 75.0%" == found["goals"].title
    assert "天猫净ROI 10.00,高于保本 1.82" == found["returns"].title


def test_english_is_english(
    tmp_path: Path, known: Project, quiet: Callable[..., Report], drawn: Draw
) -> None:
    """No Chinese character, whatever the data call things."""
    report = quiet(make_shop(tmp_path / "shop", {}, name="Sample shop", lang="en", lake=str(known.lake)))
    found = {name: drawn(report, display) for name, display in shown(report).items()}
    texts = " ".join(
        re.sub(r"<[^>]+>", " ", block.html) + block.alt + block.title for block in found.values()
    )
    assert [] == re.findall(r"[\u2e80-\u9fff\uff00-\uffef]+", texts)
    assert "Tmall −¥3,000 (mainly visitors: Search ▼66.1%)" in found["headline"].title


def test_shops_stand_below_their_platform(page: Report, drawn: Draw) -> None:
    """Where a platform has several; each with its own numbers."""
    parts, total = page.metrics("gmv orders", by="platform"), page.metrics("gmv orders")
    shops = page.metrics("gmv orders", by="platform shop")
    rows = shops.frame[shops.frame["platform_id"] == "tmall"]
    halves = pd.concat([rows.assign(shop_id=shop, value=rows["value"] / 2) for shop in ("one", "two")])
    doubled = replace(
        shops,
        frame=pd.concat([shops.frame[shops.frame["platform_id"] != "tmall"], halves], ignore_index=True),
    )
    html = drawn(page, blocks.matrix(parts, total, doubled)).html
    names = re.findall(r'nowrap">([^<]+)</td>', html)
    assert ["合计", "抖音", "天猫", "· one", "· two", "小红书"] == names
