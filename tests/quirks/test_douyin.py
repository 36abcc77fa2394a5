"""Every oddity of Douyin's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from xlsxwriter import Workbook

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project
from tests.ingest.samples import write_csv

Rows = Callable[[Project, str], list[tuple]]
Load = Callable[..., FileResult]

ORDER = ["主订单编号", "子订单编号", "选购商品", "商品数量", "商品ID", "商家编码", "订单应付金额", "运费", "支付优惠",
         "订单提交时间", "支付完成时间", "订单状态"]  # fmt: skip
REFUND = ["售后单号", "订单号", "商品单号", "售后状态", "售后类型", "售后申请时间", "售后完结时间", "商家退款时间", "退商品金额（元）",
          "退支付优惠（元）"]  # fmt: skip
FUND = ["动账时间", "动帐流水号", "动账方向", "动账金额", "动账场景", "子订单号", "订单号", "订单实付应结", "平台服务费",
        "佣金"]  # fmt: skip
BILL = [
    "结算时间",
    "订单号",
    "子订单号",
    "结算金额",
    "结算单类型",
    "店铺劵",
    "收入合计",
    "平台服务费",
    "支出合计",
]
POLICY = ["投保单号", "订单编号", "承保时间", "保险名称", "支付保费", "保费状态", "动账时间", "动账流水号"]
SHOP = ["店铺名称", "成交金额", "用户支付金额", "成交订单数", "成交人数"]
MATERIAL = ["素材ID", "素材名称", "整体消耗", "整体支付ROI", "1小时内退款率"]
ONE_DAY = "全域数据_素材分析_视频_2026-06-01 00_00_00-2026-06-01 23_59_59-1234"


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
            write_xlsx(path, list(cells))
        return ingest(project, [path]).files[0]

    return run


def write_xlsx(path: Path, cells: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    book.save(path)
    return path


def under(headers: list[str], *found: dict[str, str]) -> list[list[str]]:
    """A header row and its rows, from rows by name."""
    return [headers, *([row.get(name, "") for name in headers] for row in found)]


def order(line: str, **cells: str) -> dict[str, str]:
    """A line of order 6900 for 100.00 without freight."""
    return {
        "主订单编号": "6900", "子订单编号": line, "选购商品": "样品", "商品数量": "2", "商品ID": "3600", "商家编码": "C01",
        "订单应付金额": "106.00", "运费": "6.00", "支付优惠": "0.00", "订单提交时间": "2024-03-08 20:00:00",
        "支付完成时间": "2024-03-08 20:01:00", "订单状态": "已发货", **cells,
    }  # fmt: skip


def refund(state: str = "同意退款，退款成功", **cells: str) -> dict[str, str]:
    """An after-sale of line 6901."""
    return {
        "售后单号": "7300", "订单号": "6900", "商品单号": "6901", "售后状态": state, "售后类型": "退货退款",
        "售后申请时间": "2024-03-12 10:00:00", "售后完结时间": "2024-03-15 09:00:00", "退商品金额（元）": "89.50",
        "退支付优惠（元）": "-", **cells,
    }  # fmt: skip


def fund(scene: str, way: str, amount: str, **cells: str) -> dict[str, str]:
    """An entry of the ledger."""
    return {
        "动账时间": "2026-09-10 08:00:00", "动帐流水号": "20260910080000", "动账方向": way, "动账金额": amount,
        "动账场景": scene, "子订单号": "6901", "订单号": "6900", "订单实付应结": "0", **cells,
    }  # fmt: skip


# Orders


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tabs_behind_numbers_and_commas_in_amounts(
    load: Load, project: Project, rows: Rows, encoding: str
) -> None:
    """A number with a tab is the number, 1,106.00 the amount, in either encoding."""
    line = order("6901\t", 主订单编号="6900\t", 订单应付金额="1,106.00")
    load("订单.csv", *under(ORDER, line), encoding=encoding)
    sql = "SELECT platform_order_id, platform_line_id, goods_receivable_amt FROM order_lines"
    assert [("6900", "6901", Decimal("1100.0000"))] == rows(project, sql)


def test_dash_in_the_after_sale_state_means_none(load: Load, project: Project, rows: Rows) -> None:
    """售后状态 is no state of the order: - or a word leaves the order as it is."""
    headers = [*ORDER, "售后状态"]
    load("订单.csv", *under(headers, order("6901", 售后状态="-"), order("6902", 售后状态="已全额退款")))
    assert [("shipped", Decimal("12.0000"))] == rows(
        project, "SELECT status_std, freight_charged FROM orders"
    )
    assert [] == rows(project, "SELECT * FROM refunds")


@pytest.mark.parametrize(
    ("written", "amount"), [("店铺满减-20.00", "20"), ("新客-立减-5.50", "5.5"), ("12.00", "12"), ("-", None)]
)
def test_merchant_discount_as_name_and_amount(
    load: Load, project: Project, rows: Rows, written: str, amount: str | None
) -> None:
    """The 2023 list writes 名称-金额: the amount follows the last hyphen."""
    headers = [name for name in ORDER if name != "订单状态"] + ["商家优惠"]
    load(f"723_{'0' * 32}SHOP.csv", *under(headers, order("6901", 商家优惠=written)))
    ((found,),) = rows(project, "SELECT merchant_discount_amt FROM order_lines")
    assert found == (Decimal(amount) if amount else None)


def test_configured_columns_with_income_and_parcel(load: Load, project: Project, rows: Rows) -> None:
    """商家收入金额 tells what is due where the discounts were not chosen; 快递信息 reaches no table."""
    headers = [name for name in ORDER if name != "支付优惠"] + ["商品金额", "商家收入金额", "快递信息"]
    line = order("6901", 商品金额="120.00", 商家收入金额="116.00", 快递信息="SF02204816-顺丰速运,样品")
    load("订单.xlsx", *under(headers, line))
    sql = "SELECT list_amt, goods_receivable_amt, buyer_paid_goods_amt FROM order_lines"
    assert [(Decimal("120.0000"), Decimal("110.0000"), None)] == rows(project, sql)


def test_price_of_a_piece_or_of_the_line(load: Load, project: Project, rows: Rows) -> None:
    """商品单价 is one piece's and 商品金额 the line's: the same list value."""
    load("订单1.csv", *under([*ORDER, "商品单价"], order("6901", 商品单价="60.00")))
    load("订单2.csv", *under([*ORDER, "商品金额"], order("6911", 主订单编号="6910", 商品金额="120.00")))
    assert [(Decimal("120.0000"),)] == rows(project, "SELECT DISTINCT list_amt FROM order_lines")


def test_column_order_differs_between_lists(load: Load, project: Project, rows: Rows) -> None:
    """The lists of 2024 and 2026 have other orders, and full-width brackets: columns are found by name."""
    headers = ["建议发货时间（起）", *reversed(ORDER), "建议发货时间（止）"]
    assert "loaded" == load("订单.csv", *under(headers, order("6901"))).state
    assert [("6901", 2)] == rows(project, "SELECT platform_line_id, qty FROM order_lines")


def test_merchants_own_remark_marks_a_brush_order(load: Load, project: Project, rows: Rows) -> None:
    """Only the merchant's own words mark an order, and the remark itself reaches no table."""
    (project.root / "params" / "marks.yaml").write_text(
        'brush: ["^补单"]\ninternal: []\ntest: []\ngift: []\n', "utf-8"
    )
    lines = [order("6901", 商家备注="补单 张测试"), order("6911", 主订单编号="6910", 商家备注="加急")]
    load("订单.csv", *under([*ORDER, "商家备注"], *lines))
    found = rows(project, "SELECT is_brush FROM orders ORDER BY platform_order_id")
    assert [(True,), (False,)] == found


# After-sales


def test_refund_amounts_with_sign_dash_and_tab(load: Load, project: Project, rows: Rows) -> None:
    """¥89.50 is an amount, - is none, and tabs around a number are no part of it."""
    row = refund(**{"商品单号": "\t6901\t", "退商品金额（元）": "¥89.50"})
    load("售后.xlsx", *under([*reversed(REFUND)], row))
    sql = "SELECT platform_line_id, refund_goods_amt, refund_subsidy_amt FROM refunds"
    assert [("6901", Decimal("89.5000"), None)] == rows(project, sql)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("同意退款，退款成功", "success"),
        ("同意退款,退款成功", "success"),
        ("售后关闭", "cancelled"),
        ("换货成功", "none"),
    ],
)
def test_after_sale_states(load: Load, project: Project, rows: Rows, word: str, state: str) -> None:
    """A success with either comma is a refund; an exchange sends no money back."""
    load("售后.xlsx", *under(REFUND, refund(word)))
    refunded = state == "success"
    assert [(state, refunded)] == rows(project, "SELECT status_std, refunded_at IS NOT NULL FROM refunds")


def test_sub_order_of_the_after_sale_is_the_order_line(load: Load, project: Project, rows: Rows) -> None:
    """商品单号 is the 子订单编号 of the order file."""
    load("订单.csv", *under(ORDER, order("6901")))
    load("售后.xlsx", *under(REFUND, refund()))
    joined = "SELECT count(*) FROM refunds JOIN order_lines USING (order_key, platform_line_id)"
    assert [(1,)] == rows(project, joined)


def test_workbook_with_a_wrong_dimension(project: Project, tmp_path: Path, rows: Rows) -> None:
    """A workbook that says it has one cell is read whole without being saved again."""
    good = write_xlsx(tmp_path / "good.xlsx", under(REFUND, refund()))
    bad = tmp_path / "售后.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name.endswith("sheet1.xml"):
                body = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', body)
            target.writestr(name, body)
    ingest(project, [bad])
    assert [(Decimal("89.5000"),)] == rows(project, "SELECT refund_goods_amt FROM refunds")


# Money


@pytest.mark.parametrize("header", ["动帐流水号", "动账流水号"])
def test_ledger_number_with_either_character(load: Load, project: Project, rows: Rows, header: str) -> None:
    """帐 and 账 are the same column: the entry loaded from both stands once."""
    load("动账1.csv", *under(FUND, fund("提现", "出账", "10.00")))
    headers = [header if name == "动帐流水号" else name for name in FUND]
    cells = fund("提现", "出账", "10.00")
    load("动账2.csv", *under(headers, {**cells, header: cells["动帐流水号"]}))
    assert [("20260910080000", Decimal("-10.0000"))] == rows(
        project, "SELECT flow_id, settled_amt FROM settlements"
    )


@pytest.mark.parametrize("amount", ["78.00", "-78.00"])
def test_direction_gives_the_sign(load: Load, project: Project, rows: Rows, amount: str) -> None:
    """出账 is negative whether it carries a sign or not; a direction nobody knows is refused."""
    cells = [fund("退款-结算后退款-退用户", "出账", amount), fund("提现", "不明", "1.00", 动帐流水号="2")]
    result = load("动账.csv", *under(FUND, *cells))
    assert (1, 1) == (result.accepted, result.rejected)
    assert [("退款", Decimal("-78.0000"))] == rows(project, "SELECT entry_std, gross_amt FROM settlements")


@pytest.mark.parametrize(
    ("scene", "entry", "fees"),
    [
        ("货款结算入账", "货款", 0),
        ("退款-结算后退款-退用户", "退款", 0),
        ("退款-订单退款触发-退分账", "扣费", 1),
        ("退款-订单退款触发-分账", "扣费", 1),
        ("退款-订单退款触发-退补贴", "退款", 0),
        ("抖音月付与商家联合贴息活动", "扣费", 1),
        ("消费者赔付", "扣费", 1),
        ("提现", "提现", 0),
    ],
)
def test_scenes_of_the_ledger(
    load: Load, project: Project, rows: Rows, scene: str, entry: str, fees: int
) -> None:
    """Every scene has its kind, and only costs and credits of the platform are fees."""
    load("资金账单.xlsx", *under(FUND, fund(scene, "出账", "5.00")))
    assert [(entry,)] == rows(project, "SELECT entry_std FROM settlements")
    assert [(fees,)] == rows(project, "SELECT count(*) FROM fees")


def test_fees_taken_off_before_the_money_came_in(load: Load, project: Project, rows: Rows) -> None:
    """What was due is what came in and the fee columns; the fees stand once more in fees, to the cent."""
    cells = {"订单实付应结": "78.00", "平台服务费": "-3.90", "佣金": "-7.80"}
    load("动账.csv", *under(FUND, fund("货款结算入账", "入账", "66.30", **cells)))
    sql = "SELECT gross_amt, deductions, settled_amt FROM settlements"
    assert [(Decimal("78.0000"), Decimal("11.7000"), Decimal("66.3000"))] == rows(project, sql)
    fees = rows(project, "SELECT fee_type, fee_raw, amount FROM fees ORDER BY amount")
    kinds = [("技术服务费", "平台服务费", Decimal("3.9000")), ("达人佣金", "佣金", Decimal("7.8000"))]
    assert kinds == fees


@pytest.mark.parametrize(
    ("commission", "fees"),
    [
        ("7.80", [("佣金", Decimal("-7.8000")), ("平台服务费", Decimal("-3.9000"))]),
        ("-7.80", [("退款-订单退款触发-退分账", Decimal("-11.7000"))]),
    ],
    ids=["columns add up", "columns contradict"],
)
def test_fees_that_come_back(
    load: Load, project: Project, rows: Rows, commission: str, fees: list[tuple[str, Decimal]]
) -> None:
    """Fees come back by column where the columns add up to the entry, else as the one entry it is."""
    cells = {"平台服务费": "3.90", "佣金": commission}
    load("动账.csv", *under(FUND, fund("退款-订单退款触发-退分账", "入账", "11.70", **cells)))
    assert fees == rows(project, "SELECT fee_raw, amount FROM fees ORDER BY amount DESC, fee_raw")[::-1]


def bill(number: str = "6901", kind: str = "已结算") -> list[str]:
    """A sub-order of the statement: 819.00 due, 40.95 taken off."""
    return ["2023-12-20 08:00:00", "6900", number, "778.05", kind, "80.00", "819.00", "-40.95", "-40.95"]


def test_explanation_row_below_the_header(load: Load, project: Project, rows: Rows) -> None:
    """The row that explains the columns is no settlement; 店铺劵 is spelt so."""
    result = load("结算账单.xlsx", BILL, ["结算给商家的时间", "主订单号", "子订单号", *["说明"] * 6], bill())
    assert (1, 1, 0) == (result.accepted, result.skipped, result.rejected)
    sql = "SELECT gross_amt, deductions, settled_amt FROM settlements"
    assert [(Decimal("819.0000"), Decimal("40.9500"), Decimal("778.0500"))] == rows(project, sql)


def test_statement_is_keyed_by_sub_order_and_kind(load: Load, project: Project, rows: Rows) -> None:
    """The same sub-order and kind in a newer file replaces; another kind stands beside it."""
    load("结算账单1.xlsx", BILL, bill())
    load("结算账单2.xlsx", BILL, bill(), bill(kind="结算后退款"))
    assert [("已结算",), ("结算后退款",)] == rows(project, "SELECT entry_raw FROM settlements ORDER BY 1")


def test_premium_stands_once_beside_the_ledger(load: Load, project: Project, rows: Rows) -> None:
    """A policy of the same 动账流水号 as a ledger entry is that entry, whichever comes last."""
    load("动账.csv", *under(FUND, fund("权益保险", "出账", "0.58")))
    insured = ["2026-08-31 20:01:00", "退货运费险", "0.58", "已支付"]
    told = ["TB1", "6900", *insured, "2026-09-10 08:00:00", "20260910080000"]
    untold = ["TB2", "6910", *insured, "2026-09-11 08:00:00", "20260911080000"]
    load("运费险.xlsx", POLICY, told, untold)
    sql = "SELECT date::VARCHAR, fee_type, amount, source_id FROM fees ORDER BY date"
    premium = ("运费险", Decimal("0.5800"))
    assert [("2026-09-10", *premium, "douyin/funds"), ("2026-09-11", *premium, "douyin/insurance")] == rows(
        project, sql
    )


# Traffic


def test_span_and_day_are_two_columns(load: Load, project: Project, rows: Rows) -> None:
    """日期 is the day; 统计日期 alone is one where both ends are the same, else a period of its own."""
    values = ["样品店", "9.00", "8.00", "1", "1"]
    load("采集-shop-1.csv", ["统计日期", "日期", *SHOP], ["20260701-20260731", "20260730", *values])
    load(
        "采集-shop-2.csv", ["统计日期", *SHOP], ["20260801-20260801", *values], ["20260801-20260831", *values]
    )
    sql = "SELECT date_from::VARCHAR, date_to::VARCHAR, period_grain FROM traffic ORDER BY ALL"
    assert [
        ("2026-07-30", "2026-07-30", "day"),
        ("2026-08-01", "2026-08-01", "day"),
        ("2026-08-01", "2026-08-31", "campaign"),
    ] == rows(project, sql)


def test_paid_and_traded_amounts_are_different_measures(load: Load, project: Project, rows: Rows) -> None:
    """A shop's figure is 成交金额 even where 用户支付金额 stands before it; both refund bases are kept apart."""
    headers = [
        "日期",
        *reversed(SHOP),
        "退款金额（支付时间）",
        "退款金额（退款时间）",
        "投放消耗（店铺被投）",
    ]
    load(
        "采集-shop-20260730-20260730.csv",
        headers,
        ["20260730", "1", "1", "8.00", "9.00", "样品店", "2.00", "3.00", "5"],
    )
    sql = "SELECT pay_amt_platform, refund_amt_paytime, refund_amt_refundtime FROM traffic"
    assert [(Decimal("9.0000"), Decimal("2.0000"), Decimal("3.0000"))] == rows(project, sql)


def test_page_export_without_a_date_is_named_not_dated(load: Load) -> None:
    """Without 日期 and 统计日期 no day is guessed: the file fails and the missing column is named."""
    result = load("店铺.xlsx", ["数据概览"], ["2026-07-30"], SHOP, ["样品店", "9.00", "8.00", "1", "1"])
    assert "failed" == result.state
    assert "日期" in result.notes[0]


def test_header_below_other_rows(load: Load) -> None:
    """The header is found among the first 30 rows."""
    above = [["说明"], *([""] for _ in range(10))]
    assert (
        1
        == load(
            "店铺.xlsx", *above, ["日期", *SHOP], ["20260730", "样品店", "9.00", "8.00", "1", "1"]
        ).accepted
    )


def test_items_have_no_traded_amount(load: Load, project: Project, rows: Rows) -> None:
    """An item's figure is 用户支付金额, under its own scope."""
    headers = ["统计日期", "日期", "商品ID", "用户支付金额", "成交订单数", "成交人数"]
    load("采集-item.csv", headers, ["20260730-20260730", "20260730", "3600", "8.00", "1", "1"])
    assert [("item", Decimal("8.0000"))] == rows(project, "SELECT scope, pay_amt_platform FROM traffic")


def test_videos_have_only_the_span(load: Load, project: Project, rows: Rows) -> None:
    """A video's 统计日期 of one day is that day; a longer one is a period."""
    headers = ["统计日期", "短视频ID", "短视频用户支付金额"]
    load(
        "采集-video.csv",
        headers,
        ["20260730-20260730", "7500", "8.00"],
        ["20260701-20260730", "7500", "9.00"],
    )
    sql = "SELECT session_id, carrier, period_grain FROM traffic ORDER BY pay_amt_platform"
    assert [("7500", "短视频", "day"), ("7500", "短视频", "campaign")] == rows(project, sql)


LIVE = ["主播昵称", "主播抖音号", "直播开始时间", "直播结束时间", "直播间观看人数", "人均观看时长(分钟)", "直播间成交人数",
        "直播间用户支付金额", "直播间成交金额", "直播间商品曝光次数", "直播间商品点击次数", "商品曝光-点击率(次数)"]  # fmt: skip


def live(end: str) -> list[str]:
    """A session from 08:55 on."""
    start = "2026/09/07 08:55:37"
    return ["张测试", "example", start, end, "100", "1.5", "8", "90.00", "95.00", "2000", "200", "0.1002"]


def test_session_that_passes_midnight_is_no_day(load: Load, project: Project, rows: Rows) -> None:
    """A session lasts from the day it began to the day it ended, and is never a day's row of the shop."""
    load("直播间列表.xlsx", LIVE, live("2026/09/08 00:55:10"))
    sql = "SELECT date_from::VARCHAR, date_to::VARCHAR, period_grain, visitors FROM traffic"
    assert [("2026-09-07", "2026-09-08", "campaign", 100)] == rows(project, sql)


def test_rates_as_fractions_and_dashes(load: Load, project: Project, rows: Rows) -> None:
    """A rate of 0.1002 or - is not read: the counts it comes from are, and - among them is no count."""
    row = live("-")
    row[LIVE.index("直播间商品曝光次数")] = "-"
    load("直播间列表.xlsx", LIVE, row)
    sql = "SELECT clicks, pay_amt_platform, stay_seconds_total, date_from = date_to FROM traffic"
    assert [(200, Decimal("90.0000"), 9000.0, True)] == rows(project, sql)


def test_live_start_with_slashes(load: Load, project: Project, rows: Rows) -> None:
    """2026/07/30 08:00:00 is a time; the room's number names the session."""
    headers = ["统计日期", "直播间ID", "直播开始时间", "用户支付金额", "成交订单数", "成交人数"]
    load("采集-live.csv", headers, ["20260730-20260730", "7600", "2026/07/30 08:00:00", "8.00", "1", "1"])
    assert [("7600", "2026-07-30")] == rows(project, "SELECT session_id, date_from::VARCHAR FROM traffic")


def test_refund_analysis_without_data(load: Load, project: Project, rows: Rows) -> None:
    """暂无数据 in the body is no figure."""
    headers = [
        "全部退款阶段-退款订单数",
        "全部退款阶段-退款金额",
        "发货前退款阶段-退款金额",
        "未收货退款阶段-退款金额",
    ]
    result = load("退款分析_20260730-20260730.xlsx", headers, ["暂无数据", "", "", ""])
    assert (0, 0, 1) == (result.accepted, result.rejected, result.skipped)


# Ads


def material(number: str = "7400", spend: str = "5.00") -> list[str]:
    """A row of the material report."""
    return [number, "样品", spend, "4.2", "4.31%"]


def test_period_of_a_material_report_is_in_the_name(load: Load, project: Project, rows: Rows) -> None:
    """Of one day, every row is that day's; percents as text are not in the way."""
    load(f"{ONE_DAY}.xlsx", MATERIAL, material())
    assert [("2026-06-01", Decimal("5.0000"))] == rows(project, "SELECT date::VARCHAR, spend_cash FROM ads")


@pytest.mark.parametrize(
    "name",
    ["素材分析_2026-06-01 00_00_00-2026-06-30 23_59_59-1.xlsx", "素材_20260601-20260630.csv", "素材.csv"],
)
def test_spend_of_a_longer_period_is_refused(load: Load, name: str) -> None:
    """The spend of a month, or of an unknown period, is not laid on a day."""
    result = load(name, MATERIAL, material())
    assert (0, 1) == (result.accepted, result.rejected)


def test_aggregate_row_without_number_and_stopped_material(load: Load, project: Project, rows: Rows) -> None:
    """A row that gathers materials has no number and counts; a stopped one stands with 0.00."""
    load(f"{ONE_DAY}.xlsx", MATERIAL, material("-", "3.00"), material("7401", "0.00"))
    sql = "SELECT campaign, spend_cash FROM ads ORDER BY spend_cash"
    assert [("7401", Decimal("0.0000")), ("样品", Decimal("3.0000"))] == rows(project, sql)


def test_cells_that_are_all_inline_text(project: Project, tmp_path: Path, rows: Rows) -> None:
    """A workbook of inlineStr cells alone reads as any other."""
    path = tmp_path / f"{ONE_DAY}.xlsx"
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([MATERIAL, material()]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    with zipfile.ZipFile(path) as archive:
        assert b'"inlineStr"' in archive.read("xl/worksheets/sheet1.xml")
    ingest(project, [path])
    assert [(Decimal("5.0000"),)] == rows(project, "SELECT spend_cash FROM ads")


def test_header_names_with_tabs_and_newlines(load: Load, project: Project, rows: Rows) -> None:
    """Headers are compared without tabs and line breaks; names of later versions may stand beside them."""
    headers = [f"\t{name}\r\n" for name in MATERIAL] + [
        "整体展现次数",
        "整体点击次数",
        "净成交金额",
        "整体成交订单数",
    ]
    load("素材_20260602-20260602.csv", headers, [*material(), "21000", "640", "9.00", "3"])
    sql = "SELECT impressions, clicks, attr_gmv_net::INT, attr_orders FROM ads"
    assert [(21000, 640, 9, 3)] == rows(project, sql)


@pytest.mark.parametrize("prefix", ["直接", "整体"])
def test_totals_under_the_names_of_either_kind(load: Load, project: Project, rows: Rows, prefix: str) -> None:
    """消耗 with 直接… and 整体消耗 with 整体… are the same figures; the daily report goes before them."""
    spend = "整体消耗" if prefix == "整体" else "消耗(元)"
    coupon = f"{'整体' if prefix == '整体' else ''}成交智能优惠券金额"
    load("千川_20260603-20260603.xlsx", [spend, f"{prefix}成交金额", coupon], ["9.00", "20.00", "1"])
    sql = "SELECT date::VARCHAR, spend_cash, attr_gmv FROM ads"
    assert [("2026-06-03", Decimal("9.0000"), Decimal("20.0000"))] == rows(project, sql)
    load("千川投放报表.csv", ["日期", "消耗", "直接成交金额"], ["2026-06-03", "10.00", "21.00"])
    assert [("2026-06-03", Decimal("10.0000"), Decimal("21.0000"))] == rows(project, sql)
