"""Every oddity of 旺店通's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import book, columns, damaged, load, wrong_dimension

Query = Callable[[Project, str], list[tuple]]

STOCK = ["商家编码", "货品编号", "货品名称", "库存", "残次品", "可发库存", "可用库存", "首销时间", "同步时间"]
OUTBOUND = columns(
    "订单编号|店铺|订单类型|商家编码|货品数量|货品成交总价|货品成本|订单支付金额|下单时间|出库单编号"
)
SUMMARY = ["店铺", "货品编号", "总销量", "实际销售量", "发货总金额", "退货总金额", "实际销售额"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def item(
    number: str = "JY1",
    kind: str = "网店销售",
    code: str = "A01",
    pieces: int = 2,
    amount: float = 220,
    cost: object = 60,
) -> list[object]:
    """One row of the outbound file."""
    return [number, "示例店铺", kind, code, pieces, amount, cost, 320, "2026-07-01 10:00:00", "CK1"]


def test_dates_as_serials_or_any_time(project: Project, tmp_path: Path, rows: Query) -> None:
    """45992.5 and 任意时间 stand in columns of dates; stock needs neither."""
    lines = [STOCK, ["A01", "A", "示例", 40, 2, 30, 32, "任意时间", 45992.5]]
    (file,) = load(project, book(tmp_path / "库存管理20260811.xlsx", lines))
    assert (1, 0) == (file.accepted, file.rejected)
    assert [("2026-08-11", 40.0, 30.0)] == rows(
        project, "SELECT date::VARCHAR, on_hand, available FROM inventory"
    )


def test_columns_that_only_some_exports_have(project: Project, tmp_path: Path) -> None:
    """Without 首销时间 and 同步时间, and in another order, the file reads the same."""
    names = ["可用库存", "可发库存", "残次品", "库存", "货品名称", "货品编号", "商家编码"]
    (file,) = load(
        project, book(tmp_path / "库存管理20260811.xlsx", [names, [32, 30, 2, 40, "示例", "A", "A01"]])
    )
    assert ("wangdiantong/inventory", 1) == (file.source, file.accepted)


def test_total_row_is_no_sale(project: Project, tmp_path: Path, rows: Query) -> None:
    """合计: has no code: a sum that takes it in counts twice."""
    total = ["合计:", "", "", "", 3, 270]
    lines = [OUTBOUND, item(), item(code="A03", pieces=1, amount=50), total]
    (file,) = load(project, book(tmp_path / "销售出库明细.xlsx", lines))
    assert (2, 0, 1) == (file.accepted, file.rejected, file.skipped)
    assert [(Decimal(270),)] == rows(project, "SELECT sum(goods_receivable_amt) FROM order_lines")


def test_cost_without_permission(project: Project, tmp_path: Path, rows: Query) -> None:
    """无权限 is an unknown cost, neither zero nor an error."""
    (file,) = load(project, book(tmp_path / "销售出库明细.xlsx", [OUTBOUND, item(cost="无权限"), item()]))
    assert 0 == file.rejected
    found = rows(project, "SELECT unit_cost FROM order_lines ORDER BY unit_cost NULLS FIRST")
    assert [(None,), (Decimal(60),)] == found


def test_order_amount_repeats_on_lines(project: Project, tmp_path: Path, rows: Query) -> None:
    """订单支付金额 is the order's and never added: goods are what the lines say."""
    load(project, book(tmp_path / "销售出库明细.xlsx", [OUTBOUND, item(), item(code="A03", amount=100)]))
    found = rows(project, "SELECT count(*), sum(goods_receivable_amt) FROM order_lines")
    assert [(2, Decimal(320))] == found


def test_order_types(project: Project, tmp_path: Path, rows: Query) -> None:
    """A gift and a sale to the merchant's own people are marked by their type; every type is read."""
    kinds = [
        "网店销售",
        "线下零售",
        "售后换货",
        "订单补发",
        "网店换货",
        "批发",
        "直播",
        "内购",
        "赠品",
        "清仓",
    ]
    lines = [item(f"JY{number}", kind) for number, kind in enumerate(kinds)]
    (file,) = load(project, book(tmp_path / "销售出库明细.xlsx", [OUTBOUND, *lines]))
    assert 10 == file.accepted
    marked = (
        "SELECT platform_order_id, is_gift, is_internal FROM orders WHERE is_gift OR is_internal ORDER BY 1"
    )
    assert [("JY7", False, True), ("JY8", True, False)] == rows(project, marked)


def test_negative_lines_are_returns(project: Project, tmp_path: Path, rows: Query) -> None:
    """A line of minus one piece is money given back, not a sale below zero."""
    load(
        project, book(tmp_path / "销售出库明细.xlsx", [OUTBOUND, item(), item("JY2", pieces=-1, amount=-110)])
    )
    assert [(Decimal(220),)] == rows(project, "SELECT sum(goods_receivable_amt) FROM order_lines")
    assert [("JY2", Decimal(110), 1)] == rows(
        project, "SELECT platform_order_id, refund_goods_amt, qty FROM refunds"
    )


def test_wrong_dimension(project: Project, tmp_path: Path) -> None:
    """A sheet that says it has one cell is read whole."""
    path = damaged(book(tmp_path / "销售出库明细.xlsx", [OUTBOUND, item(), item()]), wrong_dimension)
    (file,) = load(project, path)
    assert ("loaded", 2) == (file.state, file.accepted)


def test_period_only_in_the_files_name(project: Project, tmp_path: Path, rows: Query) -> None:
    """The summary's days come from its name, its total row (店铺 = 合计:) is left out."""
    lines = [
        SUMMARY,
        ["示例店铺", "A01", 100, 95, 11000, 550, 10450],
        ["合计:", "", 100, 95, 11000, 550, 10450],
    ]
    (file,) = load(project, book(tmp_path / "货品销售汇总表20260701-20260731.xlsx", lines))
    assert (1, 1) == (file.accepted, file.skipped)
    found = rows(project, "SELECT date_from::VARCHAR, date_to::VARCHAR, pay_amt_platform FROM traffic")
    assert [("2026-07-01", "2026-07-31", Decimal(11000))] == found
    (undated,) = load(project, book(tmp_path / "货品销售汇总表.xlsx", [*lines[:2], lines[1]]))
    assert (0, 2) == (undated.accepted, undated.rejected)


def test_files_told_apart_by_their_columns(project: Project, tmp_path: Path, rows: Query) -> None:
    """退款不退货, 销售退货 and 销售出库 are known by the columns only they have."""
    money = book(tmp_path / "a.xlsx", [["原始单号", "分摊退款金额"], ["26001", 20], ["合计:", 20]])
    goods = book(tmp_path / "b.xlsx", [["入库单号", "入库量", "入库总额"], ["RK1", 1, 110], ["RK1", 1, 50]])
    sold = book(tmp_path / "c.xlsx", [OUTBOUND, item()])
    found = [file.source for file in load(project, money, goods, sold)]
    assert ["wangdiantong/refunds", "wangdiantong/returns", "wangdiantong/outbound"] == found
    amounts = rows(project, "SELECT type, refund_goods_amt FROM refunds ORDER BY 2")
    assert [("仅退款", Decimal(20)), ("退货退款", Decimal(160))] == amounts
