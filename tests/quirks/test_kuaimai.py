"""Every oddity of 快麦's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import book, load, plain

Query = Callable[[Project, str], list[tuple]]

STOCK = [
    "序号",
    "仓库",
    "规格商家编码",
    "成本价",
    "实际总库存",
    "实际锁定数",
    "实际可用数",
    "次品数",
    "库存状态",
]
ORDERS = ["序号", "系统订单号", "规格商家编码", "下单时间", "所属平台", "销售数量", "销售金额", "销售成本"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def order(number: str = "6001", site: str = "抖店(放心购)") -> list[str]:
    """One row of the sales report."""
    return ["1", number, "A01", "2026-08-01 10:00:00", site, "2", "39.80", "16.00"]


def test_title_above_the_header(project: Project, tmp_path: Path, rows: Query) -> None:
    """Line 1 is 库存状态, which is also the name of a column; every warehouse keeps its own row."""
    lines = [
        ["库存状态"],
        STOCK,
        ["1", "主仓", "A01", "8", "10", "3", "7", "1", "正常"],
        ["2", "分仓", "A01", "8", "4", "0", "4", "0", "正常"],
    ]
    (file,) = load(project, book(tmp_path / "库存状态_20260811.xlsx", lines))
    assert (2, 0) == (file.accepted, file.rejected)
    found = rows(project, "SELECT warehouse, on_hand, available, defective FROM inventory ORDER BY on_hand")
    assert [("分仓", 4.0, 4.0, 0.0), ("主仓", 10.0, 7.0, 1.0)] == found


def test_last_line_adds_up(project: Project, tmp_path: Path, rows: Query) -> None:
    """汇总 with fewer cells than the header is a footer, no order and no damaged row."""
    lines = [ORDERS, order(), ["汇总", "", "", "", "", "2", "39.8"]]
    (file,) = load(project, plain(tmp_path / "销售主题分析.csv", lines))
    assert (2, 1, 0, 1) == (file.read, file.accepted, file.rejected, file.skipped)
    assert [(Decimal("39.8"),)] == rows(project, "SELECT sum(goods_receivable_amt) FROM order_lines")


def test_platform_word_and_its_order_number(project: Project, tmp_path: Path, rows: Query) -> None:
    """抖店(放心购) is Douyin where the platform's own number stands beside it; else the row stays with the ERP."""
    headers = [*ORDERS, "平台订单号"]
    lines = [headers, [*order(), "69001"], [*order("6002", "抖店（放心购）"), "69002"], [*order("6003"), ""]]
    load(project, book(tmp_path / "销售主题分析.xlsx", lines))
    found = rows(project, "SELECT platform_id, platform_order_id FROM orders ORDER BY 2")
    assert [("kuaimai", "6003"), ("douyin", "69001"), ("douyin", "69002")] == found


def test_same_order_and_sku_on_several_lines(project: Project, tmp_path: Path, rows: Query) -> None:
    """Equal rows all count, and the cost of a line is shared by its pieces."""
    load(project, plain(tmp_path / "销售主题分析.csv", [ORDERS, order(), order()]))
    found = rows(project, "SELECT count(*), sum(goods_receivable_amt), max(unit_cost) FROM order_lines")
    assert [(2, Decimal("79.6"), Decimal(8))] == found


def test_barcode_of_an_item(project: Project, tmp_path: Path, rows: Query) -> None:
    """69码 is the barcode; an item without a cost has none."""
    headers = ["系统商品ID", "系统规格ID", "主商家编码", "规格商家编码", "商品名称", "规格", "69码", "成本价"]
    lines = [headers, ["7", "8", "A01", "A01-红", "示例", "红", "6900000000011", "61.5"]]
    lines.append(["7", "9", "A01", "A01-蓝", "示例", "蓝", "6900000000028", ""])
    load(project, plain(tmp_path / "商品.csv", lines))
    found = rows(project, "SELECT sku_id, barcode FROM skus ORDER BY 2")
    assert [("A01-红", "6900000000011"), ("A01-蓝", "6900000000028")] == found
    assert [("A01-红", Decimal("61.5"))] == rows(project, "SELECT sku_id, unit_cost FROM costs")


@pytest.mark.parametrize(
    "headers",
    [
        ["套件主商家编码", "套件名称", "子商品商家编码", "子商品名称", "组合比例", "子商品供应商进价"],
        ["组合装主商家编码", "组合装名称", "单品规格商家编码", "单品名称", "数量", "单品成本价"],
    ],
    ids=["套件", "组合装"],
)
def test_bundles_are_taken_apart(project: Project, tmp_path: Path, rows: Query, headers: list[str]) -> None:
    """Each component stands with its pieces; a newer export replaces a bundle whole."""
    first = [headers, ["T01", "套装", "A01", "四件套", "1", "60"], ["T01", "套装", "A03", "枕头", "2", "20"]]
    load(project, plain(tmp_path / "套件_20260811.csv", first))
    pieces = "SELECT sku_id, units_multiplier, match_method FROM sku_map ORDER BY 1"
    assert [("A01", 1.0, "bundle"), ("A03", 2.0, "bundle")] == rows(project, pieces)
    load(
        project, plain(tmp_path / "套件_20260812.csv", [headers, ["T01", "套装", "A01", "四件套", "3", "60"]])
    )
    assert [("A01", 3.0, "bundle")] == rows(project, pieces)
