"""Every oddity of JD's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project
from tests.ingest.samples import write_csv

Rows = Callable[[Project, str], list[tuple]]
Load = Callable[..., FileResult]

SAMPLES = Path(__file__).resolve().parent.parent / "exports" / "jd"

OLD_ORDER = ["订单号", "商品ID", "商品名称", "订购数量", "下单时间", "京东价", "订单金额", "结算金额", "余额支付",
             "应付金额", "订单状态", "运费金额", "付款确认时间"]  # fmt: skip
ORDER = [
    "订单号",
    "商品ID",
    "商品名称",
    "订购数量",
    "商家应收",
    "订单状态",
    "商家SKUID",
    "下单时间",
    "付款确认时间",
]
FEES = ["订单编号", "父单号", "订单状态", "商品编号", "费用名称", "应结金额", "商户订单号", "资金动账备注"]
OLD_FEES = [*FEES, "收支方向", "结算状态", "到账时间"]
NEW_FEES = [*FEES, "费用分类", "结算时间"]
ADS = ["计划ID", "推广计划", "展现数", "点击数", "总订单行", "总订单金额"]
STOCK = ["序号", "业务发生时间", "仓库名称", "商家商品编码", "商家商品标识", "库存状态", "商品等级编码", "库存类型",
         "实际库存结存", "可用库存结存"]  # fmt: skip


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Load:
    """Write a csv or a workbook of cells and ingest it into the project."""

    def run(name: str, *cells: list[str], encoding: str = "utf-8") -> FileResult:
        path = tmp_path / name
        if path.suffix == ".csv":
            write_csv(path, cells[0], list(cells[1:]), encoding)
        else:
            write_xlsx(path, {"Sheet1": list(cells)})
        return ingest(project, [path]).files[0]

    return run


def write_xlsx(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.save(path)
    return path


def under(headers: list[str], *found: dict[str, str]) -> list[list[str]]:
    """A header row and its rows, from rows by name."""
    return [headers, *([row.get(name, "") for name in headers] for row in found)]


def old_order(number: str, sku: str, status: str = "完成", **cells: str) -> dict[str, str]:
    """A row of the older list: a piece of 60.00 of an order of 200.00, of which the merchant gave 20.00."""
    return {
        "订单号": number, "商品ID": sku, "商品名称": "样品", "订购数量": "1", "下单时间": "2016-11-10 20:00:00",
        "京东价": "60.00", "订单金额": "200.00", "结算金额": "180.00", "余额支付": "0.00", "应付金额": "176.00",
        "订单状态": status, "运费金额": "6.00", "付款确认时间": "2016-11-10 20:01:00", **cells,
    }  # fmt: skip


def order(number: str, due: str, **cells: str) -> dict[str, str]:
    """A row of the present list."""
    return {
        "订单号": number, "商品ID": "1001", "商品名称": "样品", "订购数量": "1", "商家应收": due, "订单状态": "完成",
        "商家SKUID": "C01", "下单时间": "2026-06-10 14:41:34", "付款确认时间": "2026-06-10 14:42:00", **cells,
    }  # fmt: skip


def fee(name: str, amount: str, way: str, **cells: str) -> dict[str, str]:
    """A fee of order 71 in either layout, settled on 2026-07-09."""
    return {
        "订单编号": "71", "父单号": "70", "订单状态": "完成", "商品编号": "1001", "费用名称": name, "应结金额": amount,
        "收支方向": way, "费用分类": way, "结算状态": "已结算", "到账时间": "2026-07-09 12:00:00",
        "结算时间": "2026-07-09 12:00:00", **cells,
    }  # fmt: skip


# Orders


def test_order_totals_are_repeated_on_each_sku_row(load: Load, project: Project, rows: Rows) -> None:
    """What is money of the order is shared out over its rows and adds up to the order again, freight once."""
    second = {"京东价": "70.00", "订购数量": "2"}
    load("a.csv", *under(OLD_ORDER, old_order("1", "1001"), old_order("1", "1002", **second)))
    shared = "SELECT goods_receivable_amt, buyer_paid_goods_amt, platform_subsidy_amt, merchant_discount_amt"
    assert [
        (Decimal("54.0000"), Decimal("51.0000"), Decimal("3.0000"), Decimal("6.0000")),
        (Decimal("126.0000"), Decimal("119.0000"), Decimal("7.0000"), Decimal("14.0000")),
    ] == rows(project, f"{shared} FROM order_lines ORDER BY spu_id")
    assert [(Decimal("6.0000"),)] == rows(project, "SELECT freight_charged FROM orders")


@pytest.mark.parametrize("state", ["等待出库", "等待确认收货", "锁定"])
@pytest.mark.parametrize("brackets", ["()", "（）"])
def test_deleted_prefix_closes_an_order_in_any_state(
    load: Load, project: Project, rows: Rows, state: str, brackets: str
) -> None:
    """(删除) before a state means closed; a paid order's money leaves net sales as a refund."""
    word = f"{brackets[0]}删除{brackets[1]}{state}"
    load("a.csv", *under(OLD_ORDER, old_order("1", "1001", word)))
    assert [("closed", word)] == rows(project, "SELECT status_std, close_reason FROM orders")
    assert [("success", Decimal("180.0000"))] == rows(
        project, "SELECT status_std, refund_goods_amt FROM refunds"
    )


def test_deleted_before_payment_is_no_refund(load: Load, project: Project, rows: Rows) -> None:
    """An order nobody paid gives nothing back."""
    unpaid = old_order("1", "1001", "(删除)等待付款", 付款确认时间="")
    load("a.csv", *under(OLD_ORDER, unpaid))
    assert [("closed",)] == rows(project, "SELECT status_std FROM orders")
    assert [] == rows(project, "SELECT * FROM refunds")


def test_same_day_cancellation_tells_when(load: Load, project: Project, rows: Rows) -> None:
    """A cancelled order's end is when it was closed, and the day its money went back."""
    headers = [*OLD_ORDER, "订单完成时间"]
    load("a.csv", *under(headers, old_order("1", "1", "(删除)等待出库", 订单完成时间="2016-11-10 21:00:00")))
    sql = "SELECT o.paid_date = r.refunded_date, o.closed_at = r.refunded_at, r.stage FROM orders o JOIN refunds r USING (order_key)"
    assert [(True, True, "发货前")] == rows(project, sql)


def test_text_fields_quoted_with_quotes_and_commas(load: Load, project: Project, rows: Rows) -> None:
    """A title with a comma and quotes stays one cell, in GBK under a task number's name."""
    load("19453840.csv", *under(OLD_ORDER, old_order("1", "1", 商品名称='毛巾, "加厚"')), encoding="gb18030")
    assert [('毛巾, "加厚"',)] == rows(project, "SELECT title FROM order_lines")


def test_positions_of_the_last_columns_not_certain(load: Load, project: Project, rows: Rows) -> None:
    """Columns are found by name: the added ones may stand anywhere."""
    headers = ["服务费", "商家SKUID", *reversed(OLD_ORDER)]
    load("a.csv", *under(headers, old_order("1", "1", 服务费="10.00", 商家SKUID="C01-L")))
    sql = "SELECT sku_id, buyer_paid_goods_amt, platform_subsidy_amt FROM order_lines"
    assert [("C01-L", Decimal("160.0000"), Decimal("20.0000"))] == rows(project, sql)


@pytest.mark.parametrize(
    "written", ["499.00（系统计算中，该值仅供参考）", "￥499.00", "499.00", "0,499.00", "499.00(预估)"]
)
def test_receivable_with_bracket_part(load: Load, project: Project, rows: Rows, written: str) -> None:
    """商家应收 may carry a note in brackets, a sign and a comma."""
    load("订单明细.xlsx", *under(ORDER, order("1", written)))
    assert [(Decimal("499.0000"),)] == rows(project, "SELECT goods_receivable_amt FROM order_lines")


def test_about_eighty_columns_of_which_nine_are_known(load: Load, project: Project, rows: Rows) -> None:
    """Columns nobody knows leave the order as it is."""
    headers = [*(f"未知列{place}" for place in range(71)), *ORDER]
    assert "loaded" == load("订单明细.xlsx", *under(headers, order("1", "10.00"))).state
    assert [(Decimal("10.0000"),)] == rows(project, "SELECT goods_receivable_amt FROM order_lines")


# Settlement


def test_one_order_is_many_rows_one_per_fee(load: Load, project: Project, rows: Rows) -> None:
    """Goods stand once, every fee is a deduction of its own and once more in fees, by its kind."""
    cells = [
        fee("货款", "36.80", "收入"),
        fee("佣金", "-1.84", "支出"),
        fee("运费保险服务费", "-0.86", "支出"),
    ]
    load("对账.xlsx", *under(OLD_FEES, *cells))
    sums = "SELECT sum(gross_amt), sum(deductions), sum(settled_amt) FROM settlements"
    assert [(Decimal("36.8000"), Decimal("2.7000"), Decimal("34.1000"))] == rows(project, sums)
    assert [("平台扣点", Decimal("1.8400")), ("运费险", Decimal("0.8600"))] == rows(
        project, "SELECT fee_type, amount FROM fees ORDER BY 2 DESC"
    )


@pytest.mark.parametrize("amount", ["-13.80", "13.80"])
@pytest.mark.parametrize("name", ["货款", "代收配送费"])
def test_goods_going_out_are_a_refund(
    load: Load, project: Project, rows: Rows, name: str, amount: str
) -> None:
    """货款 with 支出 is a refund, signed or not."""
    load("对账.xlsx", *under(OLD_FEES, fee(name, amount, "支出")))
    assert [("退款", Decimal("-13.8000"))] == rows(project, "SELECT entry_std, gross_amt FROM settlements")


def test_note_row_above_the_header(load: Load) -> None:
    """A row that explains the sheet may stand above the header."""
    assert 1 == load("对账.xlsx", ["名称：说明"], *under(OLD_FEES, fee("货款", "1.00", "收入"))).accepted


def test_parent_number_differs_from_the_order(load: Load, project: Project, rows: Rows) -> None:
    """JD splits orders: the entry belongs to 订单编号, not to 父单号."""
    load("对账.xlsx", *under(OLD_FEES, fee("货款", "1.00", "收入")))
    assert [("71",)] == rows(project, "SELECT platform_order_id FROM settlements")


def test_direction_and_state_disappeared_silently(load: Load, project: Project, rows: Rows) -> None:
    """费用分类 replaced 收支方向 and 结算状态 went: the same entries in both layouts, and never twice."""
    cells = [fee("货款", "36.80", "收入"), fee("佣金", "1.84", "支出")]
    sums = "SELECT entry_std, sum(settled_amt) FROM settlements GROUP BY 1 ORDER BY 2"
    expected = [("扣费", Decimal("-1.8400")), ("货款", Decimal("36.8000"))]
    load("对账_20260710.xlsx", *under(OLD_FEES, *cells))
    assert expected == rows(project, sums)
    load("对账_20260811.xlsx", *under(NEW_FEES, *cells))
    assert expected == rows(project, sums)


@pytest.mark.parametrize("state", ["不结算", "待结算"])
def test_what_is_not_settled_is_no_money(load: Load, project: Project, rows: Rows, state: str) -> None:
    """A row that is not settled is skipped, one of a state nobody knows is refused."""
    cells = [fee("货款", "9.00", "收入", 结算状态=word) for word in (state, "新状态")]
    result = load("对账.xlsx", *under(OLD_FEES, *cells))
    assert (1, 1) == (result.skipped, result.rejected)
    assert [] == rows(project, "SELECT * FROM settlements")


def test_unknown_fee_is_counted_and_shown(load: Load) -> None:
    """A fee nobody knows is refused by name, not put under some kind."""
    result = load("对账.xlsx", *under(OLD_FEES, fee("新费用", "-9.00", "支出"), fee("货款", "9.00", "收入")))
    assert (1, 1) == (result.accepted, result.rejected)
    assert any("新费用" in note for note in result.notes)


def test_data_in_the_second_sheet(project: Project, tmp_path: Path, rows: Rows) -> None:
    """The first sheet of 已结算明细 explains; the fees of a product are summed in the second."""
    headers = ["商家ID", "订单编号", "订单状态", "商品编号", "结算时间", "结算金额合计", "收入金额合计", "支出金额合计",
               "商户订单号", "资金动账备注"]  # fmt: skip
    row = ["9", "71", "已完成", "1", "2026-09-20 12:41:09", "3.51", "3.84", "-0.33", "2", ""]
    book = write_xlsx(tmp_path / "已结算.xlsx", {"说明": [["结算说明"]], "明细": [headers, row]})
    assert ["ignored", "loaded"] == [file.state for file in ingest(project, [book]).files]
    sql = "SELECT shop_id, gross_amt, deductions, settled_amt FROM settlements"
    assert [("9", Decimal("3.8400"), Decimal("0.3300"), Decimal("3.5100"))] == rows(project, sql)


def test_dashes_for_missing(load: Load, project: Project, rows: Rows) -> None:
    """-- is no amount, which is not zero."""
    with next((SAMPLES / "marketing").glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.reader(file))
    load("营销对账明细.csv", *cells)
    sql = "SELECT payment_subsidy_amt, gov_subsidy_amt FROM order_lines ORDER BY payment_subsidy_amt LIMIT 1"
    assert [(Decimal("30.0000"), None)] == rows(project, sql)


# Traffic


ITEM = ["时间", "SKU", "SKU名称", "成交金额", "成交客户数", "商品访客数", "成交转化率"]


def item(day: str, **cells: str) -> dict[str, str]:
    """A variant's row in 商智."""
    amounts = {"成交金额": "9.00", "成交客户数": "3", "商品访客数": "120", "成交转化率": "50.00%"}
    return {"时间": day, "SKU": "1001", "SKU名称": "样品", **amounts, **cells}


@pytest.mark.parametrize("day", ["2026-09-01", "20260901", "2026-09-01~2026-09-01"])
def test_item_day_in_any_form_and_rates_as_text(load: Load, project: Project, rows: Rows, day: str) -> None:
    """A day is a day however it is written; 50.00% is not read, the counts are."""
    load("样品_20260902_全部渠道_商品明细_分天下载.xlsx", *under(ITEM, item(day)))
    sql = "SELECT date_from::VARCHAR, period_grain, visitors, pay_buyers FROM traffic"
    assert [("2026-09-01", "day", 120, 3)] == rows(project, sql)


def test_item_sum_of_a_period_is_no_day(load: Load, project: Project, rows: Rows) -> None:
    """汇总下载 tells a period: its visitors are counted once in it and are no day's."""
    load("商品明细_汇总下载.xlsx", *under(ITEM, item("2026-09-01至2026-09-30")))
    sql = "SELECT date_from::VARCHAR, date_to::VARCHAR, period_grain FROM traffic"
    assert [("2026-09-01", "2026-09-30", "campaign")] == rows(project, sql)


def test_real_time_item_download_has_other_columns(load: Load, project: Project, rows: Rows) -> None:
    """The running day names what was cancelled 取消订单金额: it loads, in any order, and may still change."""
    headers = [*reversed(ITEM), "取消订单金额", "取消订单商品件数", "取消订单单量"]
    load("商品明细_实时.xlsx", *under(headers, item("2026-09-01", 取消订单金额="5.00")))
    assert [(True, None)] == rows(project, "SELECT is_provisional, refund_amt_refundtime FROM traffic")


def test_comparison_header_repeats(load: Load, project: Project, rows: Rows) -> None:
    """较对比日 stands eleven times; the day itself is read, and the added carts of a later version are not in the way."""
    names = ["浏览量", "访客数", "成交人数", "成交转化率", "成交单量", "成交金额", "加购商品件数"]
    headers = ["时间", *(header for name in names for header in (name, f"{name}(对比日)", "较对比日"))]
    headers += ["加购商品件数(正向)", "加购商品件数(负向)"]
    values = [cell for number in range(7) for cell in (str(number + 10), "1", "2%")]
    load("实时概况.xlsx", headers, ["2026-09-03", *values, "20", "4"])
    sql = "SELECT pv, visitors, pay_buyers, pay_orders, pay_amt_platform::INT, cart_qty, is_provisional FROM traffic"
    assert [(10, 11, 12, 14, 15, 16, True)] == rows(project, sql)


def test_hour_of_the_running_day_is_no_day(load: Load) -> None:
    """A row of an hour names no day and is refused, never added to one."""
    headers = ["时间", "浏览量", "访客数", "成交人数", "成交单量", "成交金额"]
    result = load("实时概况.xlsx", headers, ["09:00", "1", "1", "1", "1", "1.00"])
    assert (0, 1) == (result.accepted, result.rejected)


def test_two_pages_tell_one_shop_day_once(load: Load, project: Project, rows: Rows) -> None:
    """流量总览 only stands in for days of which 交易概况 has nothing, whichever is loaded last."""
    trade = ["日期", "浏览量", "访客数", "成交人数", "成交单量", "成交金额"]
    load("交易概况.xlsx", trade, ["2026-09-02", "4100", "1215", "46", "47", "11020.00"])
    view = ["日期", "访客数", "浏览量", "人均浏览量", "平均停留时长"]
    load("流量总览.xlsx", view, ["2026-09-02", "1214", "4099", "3", "58"], ["2026-09-03", "9", "9", "1", "1"])
    assert [("2026-09-02", 1215, 46), ("2026-09-03", 9, None)] == rows(
        project, "SELECT date_from::VARCHAR, visitors, pay_buyers FROM traffic ORDER BY 1"
    )


# Ads


@pytest.mark.parametrize(
    ("header", "basis"),
    [("点击时间", "click"), ("下单时间", "order"), ("下单日期", "order"), ("日期", None), ("时间", None)],
)
def test_date_column_tells_the_attribution(
    load: Load, project: Project, rows: Rows, header: str, basis: str | None
) -> None:
    """点击时间 and 下单时间 are different reports: the name of the date says which."""
    load(
        "推广效果.xlsx", [header, *ADS, "花费"], ["2026-06-04", "8", "样品", "79", "33", "6", "29.00", "3.00"]
    )
    assert [("2026-06-04", basis)] == rows(project, "SELECT date::VARCHAR, attr_basis FROM ads")


@pytest.mark.parametrize("spend", ["总费用", "花费"])
def test_spend_was_renamed(load: Load, project: Project, rows: Rows, spend: str) -> None:
    """总费用 became 花费; other renamed columns (总加购数, 投产比, 平均订单成本) are not in the way."""
    headers = ["日期", *ADS, spend, "总加购数", "投产比", "平均订单成本", "点击率"]
    load(
        "快车.csv",
        headers,
        ["20260604", "8", "样品", "79", "33", "6", "29.00", "3.00", "1", "2", "3", "0.0419"],
    )
    assert [(Decimal("3.0000"), 79, 33)] == rows(project, "SELECT spend_cash, impressions, clicks FROM ads")


def test_ad_date_as_a_range(load: Load, project: Project, rows: Rows) -> None:
    """A range of one day is that day; one of a month is refused, because its spend is not spread by guessing."""
    days = ["20260601~20260601", "20260601~20260630"]
    result = load(
        "推广效果.xlsx",
        ["日期", *ADS, "花费"],
        *([day, "8", "样品", "1", "1", "1", "1", "3"] for day in days),
    )
    assert (1, 1) == (result.accepted, result.rejected)
    assert [("2026-06-01",)] == rows(project, "SELECT date::VARCHAR FROM ads")


def test_sku_numbers_stored_as_floats(load: Load, project: Project, rows: Rows) -> None:
    """10160070484512.0 is the number 10160070484512, as text or as a number of the spreadsheet."""
    headers = ["日期", "跟单SKU ID", "展现数", "点击数", "花费"]
    load(
        "推广效果.xlsx",
        headers,
        ["20260601", 10160070484512.0, 1, 1, 2],
        ["20260602", "10160070484512.0", 1, 1, 2],
    )
    assert [("10160070484512",)] == rows(project, "SELECT DISTINCT spu_id FROM ads")


SITEWIDE = ["商品计划名称", "ID", "创建时间", "花费", "全站投产比", "全站交易额", "全站订单行"]


def test_bare_id_column(load: Load, project: Project, rows: Rows) -> None:
    """A header ID is a column like any other, and 创建时间 is not the day of the spend."""
    load(
        "全站营销_2026-06-01.xlsx",
        SITEWIDE,
        ["样品", "70000001", "2026-05-01 10:00:00", "6.40", "6.5", "41.60", "1"],
    )
    assert [("2026-06-01", "70000001")] == rows(project, "SELECT date::VARCHAR, campaign FROM ads")


@pytest.mark.parametrize(
    "name", ["全站营销_20260601-20260630.xlsx", "全站营销_2026-06-01~2026-06-30.xlsx", "全站营销.xlsx"]
)
def test_no_date_column_and_no_single_day_in_the_name(load: Load, name: str) -> None:
    """Without one day in the file's name no row can be laid on a day: all are refused."""
    result = load(name, SITEWIDE, ["样品", "70000001", "2026-05-01 10:00:00", "6.40", "6.5", "41.60", "1"])
    assert (0, 1) == (result.accepted, result.rejected)


# Logistics and after-sales


def test_second_header_row_counts(load: Load, project: Project, rows: Rows) -> None:
    """The after-sales file has two header rows: the second names the columns."""
    above = ["售后信息", "", "订单信息"]
    load("售后.xlsx", above, ["服务单号", "售后申请时间", "订单号"], ["900001", "2026-07-05 10:00:00", "71"])
    assert [("900001", "jd:71")] == rows(project, "SELECT platform_refund_id, order_key FROM refunds")


def test_returns_bring_no_money(load: Load, project: Project, rows: Rows) -> None:
    """The warehouse's view of a return counts as no refund."""
    headers = ["ECLP退货单号", "单据状态", "销售平台订单号", "销售平台", "实际入库sku总件数", "创建时间"]
    load("退货订单.xlsx", headers, ["EBR1", "已完成", "71", "京东", "2", "2026-08-02 10:00:00"])
    sql = "SELECT status_raw, status_std, refund_goods_amt, qty, is_placeholder FROM refunds"
    assert [("已完成", None, None, 2, True)] == rows(project, sql)


OUTBOUND = ["ECLP订单号", "销售平台订单号", "销售平台", "店铺名称", "下单时间", "发货时间", "妥投时间", "订单状态",
            "订单取消状态", "取消成功时间", "体积(cm³)"]  # fmt: skip


def test_outbound_stands_in_for_the_order_file(load: Load, project: Project, rows: Rows) -> None:
    """妥投 is an order delivered; once the shop's own file brings the order, that speaks. cm³ is read as it is."""
    times = ["2026-06-10 14:41:34", "2026-06-10 20:00:00", "2026-06-12 10:00:00"]
    load("销售出库.xlsx", OUTBOUND, ["ESL1", "1", "京东", "样品店", *times, "妥投", "未取消", "", "12000"])
    sql = "SELECT status_std, signed_at IS NOT NULL, close_reason, is_placeholder FROM orders"
    assert [("completed", True, None, True)] == rows(project, sql)
    load("订单明细.xlsx", *under(ORDER, order("1", "10.00", 订单状态="等待确认收货")))
    assert [("shipped", False, None, False)] == rows(project, sql)


def test_stock_ledger_is_no_snapshot(load: Load, project: Project, rows: Rows) -> None:
    """The balance after a day's last movement is its stock, wherever the row stands in the file."""
    good = ["示例仓", "", "C07", "良品", "100", "可销售"]
    spoilt = ["示例仓", "", "C07", "残品", "200", "不可销售"]
    cells = [
        ["12", "2026-07-04 23:21:47", *good, "192", "191"],
        ["10", "2026-07-04 09:00:00", *good, "195", "194"],
        ["13", "2026-07-04 23:00:00", *spoilt, "4", "0"],
        ["11", "2026-07-04 23:21:47", *good, "193", "192"],
    ]
    load("库存流水.csv", STOCK, *cells)
    sql = "SELECT date::VARCHAR, sku_id, on_hand, available, defective FROM inventory"
    assert [("2026-07-04", "C07", 192.0, 191.0, 4.0)] == rows(project, sql)
