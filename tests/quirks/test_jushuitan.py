"""Every oddity of 聚水潭's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import book, columns, load, plain

Query = Callable[[Project, str], list[tuple]]

ORDERS = columns(
    "内部订单号|线上订单号|店铺名称|下单时间|已付金额|状态|平台站点|商品编码|数量|商品金额|成本价"
)
ITEMS = [
    "图片",
    "款式编码",
    "商品编码",
    "商品名称",
    "颜色及规格",
    "基本售价",
    "市场|吊牌价",
    "成本价",
    "采购价",
]
STOCK = ["款式编码", "商品编码", "颜色及规格", "实际库存数", "订单占有数", "淘系控价"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def order(
    online: str = "26001",
    state: str = "已发货",
    site: str = "淘宝天猫",
    amount: object = 100,
    cost: object = 40,
) -> list[object]:
    """One row of the order file: two pieces."""
    return ["1", online, "示例店", "2026-07-01 10:00:00", 100, state, site, "A01", 2, amount, cost]


def test_title_row_above_the_header(project: Project, tmp_path: Path) -> None:
    """名称：聚水潭成本 stands above the header in some files."""
    (file,) = load(project, book(tmp_path / "订单.xlsx", [["名称：聚水潭成本"], ORDERS, order()]))
    assert ("jushuitan/orders", 1, 0) == (file.source, file.accepted, file.rejected)


def test_columns_are_the_merchants_choice(project: Project, tmp_path: Path, rows: Query) -> None:
    """Any order of columns, and few of them, will do; a needed one is asked for by name."""
    chosen = ["数量", "商品编码", "平台站点", "下单时间", "线上订单号", "内部订单号"]
    cells = [1, "A01", "拼多多", "2026/7/1 10:00", "250701-1", "1"]
    load(project, book(tmp_path / "a.xlsx", [chosen, cells]))
    assert [("pdd:250701-1",)] == rows(project, "SELECT order_key FROM orders")
    (file,) = load(project, book(tmp_path / "b.xlsx", [chosen[1:], cells[1:]]))
    assert 'needs the column "数量"' in file.notes[0]


def test_cost_is_empty_for_a_surcharge(project: Project, tmp_path: Path, rows: Query) -> None:
    """补差价 and merged orders have no cost: it stays unknown and is not zero; 无权限 is no number either."""
    lines = [ORDERS, order(cost=""), order(cost="无权限"), order()]
    (file,) = load(project, book(tmp_path / "a.xlsx", lines))
    assert 0 == file.rejected
    found = rows(project, "SELECT unit_cost FROM order_lines ORDER BY unit_cost NULLS FIRST")
    assert [(None,), (None,), (Decimal(40),)] == found


def test_equal_rows_are_kept_and_overlaps_between_files_are_not(
    project: Project, tmp_path: Path, rows: Query
) -> None:
    """Parts of an order sent one after the other are equal rows; the same order in a newer file replaces them."""
    count = "SELECT count(*), sum(goods_receivable_amt) FROM order_lines"
    load(project, book(tmp_path / "订单_2026-07-02_09-30-00.xlsx", [ORDERS, order(), order()]))
    assert [(2, Decimal(200))] == rows(project, count)
    newer = [ORDERS, order(), order(), order("26002")]
    load(project, book(tmp_path / "订单_2026-07-03_09-30-00.xlsx", newer))
    assert [(3, Decimal(300))] == rows(project, count)


def test_merged_order_holds_several_numbers(project: Project, tmp_path: Path, rows: Query) -> None:
    """A row belongs to its own original number, else to the first of those the merged order names."""
    headers = [*ORDERS, "原始线上订单号"]
    lines = [[*order("26001,26002"), "26002"], [*order("26003,26004"), ""], [*order("26005，26006"), ""]]
    load(project, book(tmp_path / "a.xlsx", [headers, *lines]))
    found = rows(project, "SELECT platform_order_id FROM orders ORDER BY 1")
    assert [("26002",), ("26003",), ("26005",)] == found


def test_states_and_orders_merged_away(project: Project, tmp_path: Path, rows: Query) -> None:
    """被合并 and 被拆分 are kept for tracing, but their lines are not counted a second time."""
    words = {
        **{"已发货": "shipped", "被合并": "superseded", "被拆分": "superseded", "取消": "closed"},
        **{"异常": "on_hold", "Sent": "shipped", "Delivering": "paid", "WaitConfirm": "paid"},
        **{"WaitFConfirm": "paid", "Question": "on_hold", "WaitPay": "pending_payment"},
        **{"Cancelled": "closed"},
    }
    lines = [order(str(number), word) for number, word in enumerate(words)]
    load(project, book(tmp_path / "a.xlsx", [ORDERS, *lines, order("1", "已发货")]))
    found = dict(rows(project, "SELECT status_raw, status_std FROM orders WHERE platform_order_id <> '1'"))
    assert words == found | {"被合并": "superseded"}
    assert [("shipped",)] == rows(project, "SELECT status_std FROM orders WHERE platform_order_id = '1'")
    assert [(11,)] == rows(project, "SELECT count(*) FROM order_lines")


def test_platforms_own_export_wins(project: Project, tmp_path: Path, rows: Query) -> None:
    """The rows only stand in: the order report of the platform replaces them, older or newer."""
    headers = [
        "主订单编号",
        "子订单编号",
        "商品数量",
        "订单应付金额",
        "运费",
        "支付完成时间",
        "订单状态",
        "订单提交时间",
    ]
    headers += ["商品ID", "商品单价", "支付优惠", "平台实际承担优惠金额", "达人实际承担优惠金额"]
    cells = ["69001", "69002", "2", "90", "0", "2026-07-01 10:01:00", "已完成", "2026-07-01 10:00:00"]
    platform = plain(tmp_path / "订单20260601.csv", [headers, [*cells, "77", "50", "0", "0", "0"]])
    erp = book(tmp_path / "订单_2026-07-09_09-30-00.xlsx", [ORDERS, order("69001", site="头条放心购")])
    for paths in ([platform, erp], [erp, platform]):
        load(project, *paths)
        found = rows(project, "SELECT source_id, goods_receivable_amt FROM order_lines")
        assert [("douyin/orders", Decimal(90))] == found


def test_hidden_columns_are_read(project: Project, tmp_path: Path, rows: Query) -> None:
    """Columns that a sheet hides hold what the others hold."""
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ORDERS)
    sheet.write_row(1, 0, order())
    sheet.set_column(7, 9, None, None, {"hidden": True})
    workbook.close()
    load(project, path)
    assert [("A01", 2, Decimal(100))] == rows(
        project, "SELECT sku_id, qty, goods_receivable_amt FROM order_lines"
    )


def test_after_sale_word_of_the_platform_before_the_erps(
    project: Project, tmp_path: Path, rows: Query
) -> None:
    """线上状态 says more than 状态; where it is empty the ERP's own word counts."""
    headers = columns(
        "售后单号|内部订单号|店铺名称|线上订单号|状态|线上状态|货物状态|商品编码|线上子订单编号|申请数量"
    )
    lines = [
        ["5", "1", "店", "26001", "已确认", "退款成功", "卖家已收到退货", "A01", "", 1],
        ["6", "1", "店", "26002", "待确认", "", "买家未收到货", "A01", "", 1],
    ]
    load(project, book(tmp_path / "售后.xlsx", [headers, *lines]))
    found = rows(project, "SELECT status_std, stage FROM refunds ORDER BY platform_refund_id")
    assert [("success", "签收后"), ("requested", "发货后未签收")] == found


def test_header_that_holds_a_bar(project: Project, tmp_path: Path, rows: Query) -> None:
    """市场|吊牌价 is one column and its price the list price; without it 基本售价 is."""
    load(project, book(tmp_path / "a.xlsx", [ITEMS, ["", "A01", "A01", "示例", "红", 150, 299, 61.5, 60]]))
    without = [name for name in ITEMS if "|" not in name]
    load(project, book(tmp_path / "b.xlsx", [without, ["", "A02", "A02", "示例", "白", 120, 40, 39]]))
    found = rows(project, "SELECT sku_id, list_price FROM skus ORDER BY 1")
    assert [("A01", Decimal(299)), ("A02", Decimal(120))] == found
    assert [("A01", Decimal("61.5")), ("A02", Decimal(40))] == rows(
        project, "SELECT sku_id, unit_cost FROM costs ORDER BY 1"
    )


def test_embedded_pictures(project: Project, tmp_path: Path, rows: Query) -> None:
    """A DISPIMG formula with its cached value disturbs nothing."""
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ITEMS)
    sheet.write_formula(1, 0, '=_xlfn.DISPIMG("ID_1",1)', None, '=DISPIMG("ID_1",1)')
    sheet.write_row(1, 1, ["A01", "A01", "示例", "红", 150, 299, 61.5, 60])
    workbook.close()
    (file,) = load(project, path)
    assert (1, 0) == (file.accepted, file.rejected)
    assert [("A01",)] == rows(project, "SELECT sku_id FROM skus")


def test_available_may_be_negative_and_ids_end_with_a_zero(
    project: Project, tmp_path: Path, rows: Query
) -> None:
    """What may be sold is stock less what orders hold; AOK-001.0 is AOK-001; a column of the merchant's is no harm."""
    lines = [STOCK, ["AOK-001", "AOK-001.0", "白", 3, 8, 129]]
    load(project, book(tmp_path / "商品库存_20260811.xlsx", lines))
    assert [("AOK-001", 3.0, -5.0)] == rows(project, "SELECT sku_id, on_hand, available FROM inventory")


def test_stock_under_its_other_names(project: Project, tmp_path: Path, rows: Query) -> None:
    """可用数 is taken where it is told, and computed with 虚拟库存 where it is not."""
    names = ["款式编码", "商品编码", "颜色及规格", "主仓实际库存数", "订单锁定数", "虚拟库存"]
    load(project, book(tmp_path / "商品库存_20260811.xlsx", [names, ["A", "A01", "红", 12, 2, 5]]))
    told = [[*names[:3], "主仓实际库存", "可用数"], ["A", "A01", "红", 9, 4]]
    load(project, book(tmp_path / "商品库存_20260812.xlsx", told))
    assert [(12.0, 15.0), (9.0, 4.0)] == rows(
        project, "SELECT on_hand, available FROM inventory ORDER BY date"
    )


def test_least_stock_file_and_its_day(project: Project, tmp_path: Path, rows: Query) -> None:
    """Four columns make a stock file; the day is the one in its name, and without one no row is taken."""
    lines = [["款式编码", "商品编码", "颜色及规格", "库存"], ["2503", "202425030137", "绿/青;37", "25"]]
    dated, bare = (
        plain(tmp_path / "库存_2026-08-13.csv", lines),
        plain(tmp_path / "库存.csv", [*lines, lines[1]]),
    )
    taken, refused = load(project, dated, bare)
    assert (1, 0, 2) == (taken.accepted, refused.accepted, refused.rejected)
    found = rows(project, "SELECT date::VARCHAR, sku_id, on_hand FROM inventory")
    assert [("2026-08-13", "202425030137", 25.0)] == found
