"""Every oddity of Taobao's, Tmall's and 天猫超市's order and refund files that touches reading."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project
from tests.quirks.tmall_files import Cells, under, write

Rows = Callable[[Project, str], list[tuple]]
Load = Callable[..., FileResult]

ORDER = [
    "订单编号", "买家应付货款", "买家应付邮费", "买家实际支付金额", "订单状态", "联系手机", "订单创建时间", "订单付款时间 ",
    "宝贝总数量", "店铺Id", "店铺名称", "订单关闭原因", "买家服务费", "退款金额", "打款商家金额",
]  # fmt: skip
LINE = [
    "子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "备注", "订单状态", "商家编码", "买家应付货款",
    "退款状态", "退款金额", "订单创建时间", "订单付款时间", "商品ID", "商家备注",
]  # fmt: skip
REFUND = ["订单编号", "退款编号", "买家退款金额", "退款的申请时间", "退款状态", "货物状态", "退款完结时间"]
STORE = [
    "交易订单号", "系统单号", "下单时间", "支付时间", "发货时间", "状态", "订货数量", "商品售价", "商品优惠", "库存状态)",
]  # fmt: skip


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Load:
    """Write a file of one sheet and ingest it into the project."""

    def run(name: str, cells: Cells, encoding: str = "utf-8", delimiter: str = ",") -> FileResult:
        (file,) = ingest(project, [write(tmp_path / name, cells, encoding, delimiter)]).files
        return file

    return run


def order(number: object = "3515000000000001", **cells: object) -> dict[str, object]:
    """An order of 100.00 and 6.00 of freight."""
    given = [
        "100.00",
        "6.00",
        "106.00",
        "交易成功",
        "'13900012345",
        "2017-07-08 00:42:32",
        "2017-07-08 00:43:10",
    ]
    more = ["1", "0", "示例旗舰店", "订单未关闭", "0元", "0.00", "106.00元"]
    return {"订单编号": number, **dict(zip(ORDER[1:], given + more, strict=True)), **cells}


def line(number: str = "2500000000000000011", **cells: object) -> dict[str, object]:
    """A sub-order of two pieces at 60.00, for which 100.00 are due."""
    when = "2025-10-01 08:00:00"
    text = ["2500000000000000010", "示例枕头", "60.00", "2", "", "交易成功", "C07", "100.00", "没有申请退款"]
    given = [number, *text, "无退款申请", when, when, "610000000007", ""]
    return {**dict(zip(LINE, given, strict=True)), **cells}


def refund(number: str = "9900000000000001", **cells: object) -> dict[str, object]:
    """A refund of 40.00 that succeeded."""
    given = [
        "3515000000000001",
        number,
        "40.00",
        "2017-07-18 08:00:00",
        "退款成功",
        "未发货",
        "2017-07-20 09:30:00",
    ]
    return {**dict(zip(REFUND, given, strict=True)), **cells}


def store(**cells: object) -> dict[str, object]:
    """A line of 天猫超市: two pieces at 40.00, 5.00 off."""
    when = "2026-09-07 08:55:37"
    given = ["2690000000000000001", "LP001", when, when, when, "已发货", "2", "40.00", "5.00", "正常"]
    return {**dict(zip(STORE, given, strict=True)), **cells}


# Orders


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("ExportOrderList201707.csv", "gb18030", ","),
        ("ExportOrderList201707.txt", "gb18030", "\t"),
        ("ExportOrderList201707.csv", "utf-8-sig", ","),
        ("订单报表.xlsx", "", ""),
    ],
    ids=["csv in GBK", "tab separated when pasted from Excel", "csv in UTF-8", "xlsx"],
)
def test_trailing_space_in_headers_and_formula_quoted_number(
    load: Load, project: Project, rows: Rows, name: str, encoding: str, delimiter: str
) -> None:
    """订单付款时间 ends with a blank, and the number stands as ="…" where the file is text."""
    number = "3515000000000001" if name.endswith("xlsx") else '="3515000000000001"'
    file = load(name, under(ORDER, order(number)), encoding, delimiter)
    assert (file.source, file.accepted) == ("tmall/orders", 1)
    found = rows(project, "SELECT platform_order_id, paid_at::VARCHAR FROM orders")
    assert found == [("3515000000000001", "2017-07-07 16:43:10")]


@pytest.mark.parametrize(
    "when", ["2016/5/23 22:02", "2016-05-23 22:02:00", "2016/05/23 22:02:00", "42513.91805555556"]
)
def test_dates_after_excel_saved_the_file_again(load: Load, project: Project, rows: Rows, when: str) -> None:
    """However the moment is written, it is the same one."""
    load("a.csv", under(ORDER, order(订单创建时间=when)))
    assert rows(project, "SELECT created_at::VARCHAR FROM orders") == [("2016-05-23 14:02:00",)]


def test_apostrophe_before_the_phone(load: Load, project: Project, rows: Rows) -> None:
    """联系手机 begins with an apostrophe; with it or without, no phone gets into the lake."""
    file = load("a.csv", under(ORDER, order(), order("3515000000000002", 订单状态="样例状态")))
    assert (file.accepted, file.rejected) == (1, 1)
    kept = rows(
        project, "SELECT CAST(o AS VARCHAR) FROM orders o UNION SELECT CAST(r AS VARCHAR) FROM rejects r"
    )
    assert len(kept) == 2
    assert not [row for (row,) in kept if "139000" in row]


@pytest.mark.parametrize("amount", ["1,100.00", "1100.00元", "¥1,100.00"])
def test_amount_with_a_unit(load: Load, project: Project, rows: Rows, amount: str) -> None:
    """Amounts such as 买家服务费 = 0元 and 打款商家金额 = 12.00元 carry their unit."""
    load("a.csv", under(ORDER, order(买家应付货款=amount)))
    assert rows(project, "SELECT goods_receivable_amt FROM order_lines") == [(Decimal("1100.0000"),)]


def test_the_word_null_zero_shop_and_not_closed(load: Load, project: Project, rows: Rows) -> None:
    """NULL is nothing, 店铺Id = 0 names no shop, and 订单未关闭 is no reason for closing."""
    load("a.csv", under(ORDER, order(**{"订单付款时间 ": "NULL", "退款金额": "NULL", "宝贝总数量": "NULL"})))
    found = rows(project, "SELECT paid_at, shop_id, close_reason FROM orders")
    assert found == [(None, "示例旗舰店", None)]
    assert rows(project, "SELECT qty FROM order_lines") == [(None,)]


@pytest.mark.parametrize("comma", ["，", ","], ids=["full-width comma", "half-width comma"])
def test_comma_in_the_status(load: Load, project: Project, rows: Rows, comma: str) -> None:
    """买家已付款，等待卖家发货 is written with either comma."""
    load("a.csv", under(ORDER, order(订单状态=f"买家已付款{comma}等待卖家发货")))
    assert rows(project, "SELECT status_std FROM orders") == [("paid",)]


def test_main_order_number_as_last_column_of_an_order_file(load: Load) -> None:
    """主订单编号 alone does not make a file one of lines, and columns nobody knows do no harm."""
    file = load("a.csv", under([*ORDER, "免单资格", "主订单编号"], order(主订单编号="3515000000000001")))
    assert (file.source, file.accepted) == ("tmall/orders", 1)


def test_columns_in_any_order(load: Load, project: Project, rows: Rows) -> None:
    """Columns are read by name, never by place."""
    load("a.csv", under(sorted(ORDER), order()))
    assert rows(project, "SELECT goods_receivable_amt, qty FROM order_lines") == [(Decimal("100.0000"), 1)]


def test_headers_renamed_in_2026(load: Load, project: Project, rows: Rows) -> None:
    """买家实际支付金额 became 买家实付金额, 宝贝标题 商品标题 and 打款商家金额 确认收货打款金额."""
    new = {"买家实际支付金额": "买家实付金额", "打款商家金额": "确认收货打款金额"}
    row = {new.get(name, name): cell for name, cell in order(商品标题="示例枕头").items()}
    file = load("a.csv", under(list(row), row))
    assert (file.source, file.accepted) == ("tmall/orders", 1)
    assert rows(project, "SELECT title FROM order_lines") == [("示例枕头",)]


def test_order_of_several_items_on_several_rows(load: Load, project: Project, rows: Rows) -> None:
    """The items' amounts add up, the freight is the order's, and a refunded item does not close the order."""
    refunded = order(订单状态="交易关闭", 买家应付货款="59.50", 买家实际支付金额="0.00")
    load("a.csv", under(ORDER, refunded, order(), order("3515000000000002")))
    orders = "SELECT platform_order_id, status_std, freight_charged FROM orders ORDER BY 1"
    freight = Decimal("6.0000")
    assert rows(project, orders) == [
        ("3515000000000001", "completed", freight),
        ("3515000000000002", "completed", freight),
    ]
    assert rows(project, "SELECT sum(goods_receivable_amt) FROM order_lines") == [(Decimal("259.5000"),)]


def test_refund_already_inside_the_paid_amount(load: Load, project: Project, rows: Rows) -> None:
    """What is due does not shrink with a refund, though 买家实际支付金额 has."""
    load("a.csv", under(ORDER, order(买家实际支付金额="66.00", 退款金额="40.00")))
    found = rows(project, "SELECT goods_receivable_amt, buyer_paid_goods_amt FROM order_lines")
    assert found == [(Decimal("100.0000"), None)]


@pytest.mark.parametrize("number", ["5.11E+18", "5.11e+18", 5.11e18])
def test_order_number_destroyed_by_scientific_notation(load: Load, number: object) -> None:
    """A number that a spreadsheet rounded is reported with its row, never kept."""
    file = load("a.xlsx", under(ORDER, order(number), order()))
    assert (file.accepted, file.rejected) == (1, 1)
    assert "订单编号: the number was rounded" in file.notes[0]


def test_columns_chosen_by_the_merchant(load: Load, project: Project, rows: Rows) -> None:
    """Without 买家应付货款 the paid amount and the refund inside it stand in; the full report goes before."""
    chosen = ["订单编号", "买家实付金额", "退款金额", "订单状态", "订单付款时间"]
    row = order(
        买家实付金额="66.00",
        退款金额="40.00",
        订单付款时间="2017-07-08 00:43:10",
        订单编号="3515000000000001",
    )
    assert load("订单报表20990101.csv", under(chosen, row)).source == "tmall/orders_custom"
    assert rows(project, "SELECT goods_receivable_amt FROM order_lines") == [(Decimal("106.0000"),)]
    load("ExportOrderList201707090000.csv", under(ORDER, order()))
    real = rows(project, "SELECT freight_charged, is_placeholder FROM orders")
    assert real == [(Decimal("6.0000"), False)]


def test_chosen_columns_without_an_amount(load: Load, project: Project, rows: Rows) -> None:
    """Without 退款金额 nobody can tell how far the paid amount has shrunk: orders are read, amounts are not."""
    chosen = ["订单编号", "支付单号", "买家实付金额", "订单状态", "订单付款时间", "确认收货打款金额"]
    row = order(支付单号="2017070822001", 买家实付金额="66.00", 订单付款时间="2017-07-08 00:43:10")
    assert load("订单报表.csv", under(chosen, row)).source == "tmall/orders_status"
    assert rows(project, "SELECT created_at::VARCHAR FROM orders") == [("2017-07-07 16:43:10",)]
    assert rows(project, "SELECT * FROM order_lines") == []


def test_a_required_column_not_ticked_is_named(load: Load) -> None:
    """Without 订单状态 the file is refused and the missing column named."""
    file = load("订单报表.csv", under([name for name in ORDER if name != "订单状态"], order()))
    assert file.state == "failed"
    assert "订单状态" in file.notes[0]


# Lines


def test_one_workbook_of_three_sheets(project: Project, tmp_path: Path, rows: Rows) -> None:
    """订单报表 and 销售明细 are matched one by one; a sheet nobody knows is told and left alone."""
    sheets = {
        "订单报表": under(ORDER, order("2500000000000000010", 买家应付货款="125.00")),
        "销售明细": under(LINE, line(), line("2500000000000000012", 买家应付货款="25.00")),
        "发货报表": under(["订单编号", "收货人"], {"订单编号": "2500000000000000010", "收货人": "张测试"}),
    }
    found = ingest(project, [write(tmp_path / "千牛.xlsx", sheets)]).files
    assert [(file.sheet, file.state, file.source) for file in found] == [
        ("订单报表", "loaded", "tmall/orders"),
        ("销售明细", "loaded", "tmall/order_lines"),
        ("发货报表", "ignored", ""),
    ]
    assert rows(project, "SELECT count(*), sum(goods_receivable_amt) FROM order_lines") == [
        (2, Decimal("125.0000"))
    ]
    assert rows(project, "SELECT freight_charged, is_placeholder FROM orders") == [(Decimal("6.0000"), False)]


def test_refund_amount_that_is_text(load: Load, project: Project, rows: Rows) -> None:
    """退款金额 holds 无退款申请 or a number, and a refunded line does not close its order."""
    gone = line("2500000000000000012", 订单状态="交易关闭", 退款状态="退款成功", 退款金额="100.00")
    assert load("a.csv", under(LINE, line(), gone)).accepted == 2
    assert rows(project, "SELECT status_std FROM orders") == [("completed",)]


@pytest.mark.parametrize("name", ["商品ID", "商品 ID", "商品id"])
def test_blank_inside_the_item_header(load: Load, project: Project, rows: Rows, name: str) -> None:
    """商品 ID is 商品ID."""
    headers = [name if header == "商品ID" else header for header in LINE]
    load("a.csv", under(headers, line(**{name: "610000000007"})))
    assert rows(project, "SELECT spu_id FROM order_lines") == [("610000000007",)]


@pytest.mark.parametrize("name", ["ExportItemlList209901010930.csv", "ExportItemList209901010930.csv"])
def test_file_name_with_a_slip(load: Load, project: Project, rows: Rows, name: str) -> None:
    """The moment of the export is read from ExportItemlList… (sic) too, so the newer file wins."""
    load("ExportOrderDetailList209801010930.csv", under(LINE, line(买家应付货款="1.00")))
    load(name, under(LINE, line(买家应付货款="2.00")))
    load("ExportOrderDetailList209701010930.csv", under(LINE, line(买家应付货款="3.00")))
    assert rows(project, "SELECT goods_receivable_amt FROM order_lines") == [(Decimal("2.0000"),)]


def test_service_lines_at_price_zero(load: Load, project: Project, rows: Rows) -> None:
    """送货入户 is a line of price 0: it is kept, and is no piece sold."""
    free = {"商品价格": "0.00", "买家应付货款": "0.00", "购买数量": "1"}
    cells = under(LINE, line(), line("2500000000000000012", 商品标题="送货入户服务", **free))
    assert load("a.csv", cells).accepted == 2
    assert rows(project, "SELECT sum(qty)::INT, count(*) FROM order_lines") == [(2, 2)]


def test_remark_of_a_line_is_not_the_memo_of_the_order(load: Load, project: Project, rows: Rows) -> None:
    """Only 商家备注 is the merchant's own memo, in which its marks are sought."""
    (project.root / "params" / "marks.yaml").write_text("brush: [^补单]\n", "utf-8")
    other = line("2500000000000000021", 主订单编号="2500000000000000020", 备注="补单")
    load("a.csv", under(LINE, line(商家备注="补单 李样例"), other))
    found = rows(project, "SELECT platform_order_id, is_brush FROM orders ORDER BY 1")
    assert found == [("2500000000000000010", True), ("2500000000000000020", False)]


def test_line_report_of_ten_columns(load: Load, project: Project, rows: Rows) -> None:
    """An order stands on one row an item, ="" and NULL are no code, and no amount is counted twice."""
    headers = [
        "订单编号",
        "标题",
        "价格",
        "购买数量",
        "外部系统编号",
        "商品属性",
        "套餐信息",
        "备注",
        "订单状态",
        "商家编码",
    ]
    row = {
        "订单编号": '="3515000000000001"',
        "标题": "示例枕头",
        "价格": "100.00",
        "购买数量": "1",
        "订单状态": "交易成功",
    }
    codes = ('=""', "NULL", "C07")
    load("ExportOrderList201707090000.csv", under(ORDER, order()))
    load(
        "ExportOrderDetailList201707090000.csv",
        under(headers, *({**row, "商家编码": code} for code in codes)),
    )
    found = rows(
        project, "SELECT sku_id FROM order_lines WHERE source_id = 'tmall/order_lines_2013' ORDER BY 1"
    )
    assert found == [("C07",), (None,), (None,)]
    sums = rows(project, "SELECT sum(goods_receivable_amt), sum(qty)::INT FROM order_lines")
    assert sums == [(Decimal("100.0000"), 1)]


# Refunds


@pytest.mark.parametrize(
    "extra",
    [
        ["手工退款 / 系统退款", "商品 id"],
        ["主数据编码"],
        ["买家会员名称"],
        ["退款完结时间"],
        ["退款的申请时间", "完结时间"],
    ],
    ids=[
        "blanks in names",
        "a column the merchant added",
        "buyer not dropped",
        "duplicate end",
        "duplicate start",
    ],
)
def test_refund_columns_that_come_and_go(load: Load, project: Project, rows: Rows, extra: list[str]) -> None:
    """Columns are read by name; of a header that stands twice the first is read."""
    cells = under([*REFUND, *extra], refund())
    cells[1][len(REFUND) :] = ["2018-01-01 00:00:00" if "时间" in name else "610000000007" for name in extra]
    assert load("a.xlsx", cells).state == "loaded"
    times = "SELECT applied_at::VARCHAR, refunded_at::VARCHAR FROM refunds"
    assert rows(project, times) == [("2017-07-18 00:00:00", "2017-07-20 01:30:00")]


def test_refund_number_equal_to_the_order_number(load: Load, project: Project, rows: Rows) -> None:
    """Old refunds bear the number of their order."""
    load("a.xlsx", under(REFUND, refund("3515000000000001")))
    found = rows(project, "SELECT platform_refund_id, platform_order_id FROM refunds")
    assert found == [("3515000000000001", "3515000000000001")]


@pytest.mark.parametrize(
    ("cells", "goods"),
    [
        ({"退款总额": "120.00", "退给买家金额": "100.00", "退给平台金额": "20.00"}, "100.0000"),
        ({"退款总额": "120.00", "退给平台金额": "20.00"}, "100.0000"),
        ({"退款总额": "120.00"}, "120.0000"),
    ],
    ids=["all three", "without the buyer's part", "the whole alone"],
)
def test_platform_part_of_a_refund_is_not_the_buyers(
    load: Load, project: Project, rows: Rows, cells: dict[str, object], goods: str
) -> None:
    """退给平台金额 is subsidy taken back, not money of the buyer's."""
    row = {name: cell for name, cell in {**refund(), **cells}.items() if name != "买家退款金额"}
    assert load("a.xlsx", under(list(row), row)).source == "tmall/refunds"
    assert rows(project, "SELECT refund_goods_amt FROM refunds") == [(Decimal(goods),)]


# 天猫超市


def test_header_with_an_unbalanced_bracket_and_a_day_never_set(
    load: Load, project: Project, rows: Rows
) -> None:
    """库存状态) is the platform's own slip; 2099-01-01 is no date of shipping."""
    assert (
        load("a.xlsx", under(STORE, store(发货时间="2099-01-01 00:00:00"))).source
        == "tmall_supermarket/orders"
    )
    assert rows(project, "SELECT shipped_at FROM orders") == [(None,)]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("待发货", "paid"), ("已打印", "paid"), ("实物报缺", "paid"), ("已发货", "shipped"), ("已揽收", "shipped"),
        ("已签收", "shipped"), ("已拒签", "shipped"), ("配终结", "completed"), ("交易关闭", "closed"),
    ],
)  # fmt: skip
def test_status_words_of_tmall_supermarket(
    load: Load, project: Project, rows: Rows, word: str, state: str
) -> None:
    """Every word of the export is known, and is kept beside its meaning."""
    load("a.xlsx", under(STORE, store(状态=word)))
    assert rows(project, "SELECT status_raw, status_std FROM orders") == [(word, state)]
