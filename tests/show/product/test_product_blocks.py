"""Every block of the page about products, once with data and once without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import product
from reportkit.show.display import Display
from tests.show.conftest import Shown
from tests.study.goods import shop

BLOCKS: dict[str, str] = {
    "headline": "3 款商品 GMV 3.9 万",
    "top": "前 3 款占 GMV 的 100.0%,A款 1.8 万居首",
    "categories": "床品占 60.7% 居首",
    "pareto": "2 款 A 类占毛利的",
    "health": "1 个规格有断货险",
    "states": "库存",
    "seasons": "1 组当季货售罄都没有落后",
    "turnover": "库存周转",
    "launches": "近 60 天没有上新;最近一款 C款 60 天卖 1.2 万,过往新品只有 0 款,样本不足不作评判",
    "launch_list": "近一年上新 1 款",
    "slow": "1 个规格滞销,盘点压着 3.0 万(占 41.0%),最多的 B-1 B款有 3.0 万,够卖 100天",
    "outages": "A-1 A款断货 10 天,估计少卖 2,800 元(2,000–4,000 元)",
    "allocation": "1 个规格撑不到下次到货,最急的是 A-2 A款",
    "quadrants": "款明星",
    "worst": "没有商品贡献为负",
    "pairs": "连带订单占 0.0%;样本不足",
    "roles": "引流角色占 GMV 的 39.3%",
    "repurchase": "样本不足",
}
LACKING = {"categories": "products", "health": "inventory", "seasons": "inventory", "turnover": "inventory",
           "slow": "inventory", "outages": "inventory", "quadrants": "costs", "worst": "costs", "pages": "traffic",
           "roles": "products"}  # fmt: skip


@pytest.fixture(scope="module")
def goods(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The lake of goods."""
    return shop(tmp_path_factory.mktemp("goods") / "shop")


def _shown(report: Report, name: str) -> Display:
    display: Display = getattr(product, name)(report.study)
    report.show(display)
    return display


def test_every_block_says_what_it_shows(goods: Project, opened: Callable[..., Report], shown: Shown) -> None:
    """Titles are conclusions with their numbers; every number that is printed has an evidence code."""
    report = opened(goods, "2025-10")
    for name, title in BLOCKS.items():
        before = len(shown.outputs)
        _shown(report, name)
        contents = [content for content, _ in shown.outputs[before:]]
        assert [True] == [title in content["title"] for content in contents], (
            name,
            [content["title"] for content in contents],
        )
        assert contents[0]["alt"]
        assert contents[0]["blocks"][0].startswith("3")
        assert contents[0]["facts"] or name == "repurchase", name


def test_nothing_missing_is_printed_as_a_number(
    goods: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """No NaN, None or inf anywhere."""
    report = opened(goods, "2025-10")
    for name in (*BLOCKS, "pages", "cuts"):
        _shown(report, name)
    words = {
        word for _, html in shown.outputs[1:] for word in re.findall(r">[^<]*\b(nan|None|inf|NaT)\b", html)
    }
    assert set() == words


def test_a_price_cut_is_told(goods: Project, opened: Callable[..., Report], shown: Shown) -> None:
    """In its own month, with what it gave away and what it brought; in another nothing is said."""
    _shown(opened(goods, "2025-09"), "cuts")
    _shown(opened(goods, "2025-10"), "cuts")
    assert ["B款 9.10–9.14 多降 20.0%,多让利 500 元,没有多卖"] == [
        content["title"].replace("B款9", "B款 9") for content in shown.of("table")
    ]


def test_blocks_without_data_name_what_would_fill_them(
    two: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """A shop without stock, costs and products' visitors: nothing is drawn, and each lack has its tables."""
    report = opened(two, "2025-11")
    for name in LACKING:
        _shown(report, name)
    lacks = {lack.block: lack.tables for lack in report._pen.lacking}
    drawn = [content for content, _ in shown.outputs if content.get("blocks")]
    assert {"3.2", "3.5", "3.6", "3.7", "3.9", "3.10", "3.11", "3.13"} <= set(lacks)
    assert "inventory" in lacks["3.5"]
    assert "costs" in lacks["3.11"]
    assert {"3.3"} >= {block for content in drawn for block in content["blocks"]}
