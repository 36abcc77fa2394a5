"""Every oddity of Tmall's traffic, advertising and ledger files that touches reading."""

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

ITEM = ["统计日期", "商品ID", "商品访客数", "商品浏览量", "商品详情页跳出率", "支付买家数", "支付金额"]
SHOP = ["统计日期", "访客数", "浏览量", "跳失率", "支付买家数", "支付金额"]
SOURCE = [
    "流量载体",
    "一级来源",
    "二级来源",
    "三级来源",
    "四级来源",
    "访客数",
    "支付买家数",
    "UV价值",
    "uv价值环比",
]
SCENE = ["日期", "场景名字", "花费", "点击率", "总成交金额", "总成交笔数", "总成交成本"]
LEDGER = [
    "入账时间",
    "支付流水号",
    "淘宝订单编号",
    "入账类型",
    "收入金额（元）",
    "支出金额",
    "业务描述",
    "备注",
]
DEPOSIT = ["完成时间", "操作类型", "收支金额(元)", "业务描述", "业务编号", "订单编号", "备注"]

ITEM_DAY = ["2026-08-11", "610000000001", "6,069", "18,207", "89.45%", "160", "12,653.00"]
DAY_FILE = "店铺来源_2026-08-11_2026-08-11.xls"
ABOVE: Cells = [["【生意参谋平台】商品"], ["统计时间：2026-08-11"], [""], [""]]


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Load:
    """Write a file and ingest it into the project; the result is that of its first sheet."""

    def run(name: str, cells: Cells | dict[str, Cells], encoding: str = "utf-8") -> FileResult:
        return ingest(project, [write(tmp_path / name, cells, encoding)]).files[0]

    return run


def source(*levels: str, visitors: str = "10", carrier: str = "全部") -> list[object]:
    """A source of traffic, down to the level named; below it stands 汇总."""
    return [carrier, *levels, *["汇总"] * (4 - len(levels)), visitors, "1", "2.00", "-"]


# Traffic


@pytest.mark.parametrize(
    ("name", "total"), [("a.xls", "总计"), ("a.xls", "合计"), ("a.xlsx", "汇总"), ("a.csv", "总和")]
)
def test_item_header_on_row_five_text_cells_and_a_total(
    load: Load, project: Project, rows: Rows, name: str, total: str
) -> None:
    """Four rows stand above the header, every cell is text, and the sum below is no item, whatever the file is."""
    above: Cells = [row + [""] * (len(ITEM) - len(row)) for row in ABOVE]
    below: list[object] = [total, *["-"] * (len(ITEM) - 1)]
    file = load(name, [*above, [*ITEM], [*ITEM_DAY], below])
    assert (file.source, file.accepted, file.skipped) == ("tmall/traffic_item", 1, 1)
    found = rows(project, "SELECT visitors, bounce_visitors, pay_amt_platform FROM traffic")
    assert found == [(6069, 5429, Decimal("12653.0000"))]


@pytest.mark.parametrize(
    ("written", "first", "last", "grain"),
    [
        ("2026-08-11", "2026-08-11", "2026-08-11", "day"),
        (20260811, "2026-08-11", "2026-08-11", "day"),
        ("2026/8/11", "2026-08-11", "2026-08-11", "day"),
        ("2026-08-03 ~ 2026-08-09", "2026-08-03", "2026-08-09", "week"),
        ("20260701~20260731", "2026-07-01", "2026-07-31", "month"),
        ("2026-08-01~2026-08-03", "2026-08-01", "2026-08-03", "campaign"),
    ],
)
def test_date_of_items_is_a_day_an_integer_or_a_range(
    load: Load, project: Project, rows: Rows, written: object, first: str, last: str, grain: str
) -> None:
    """A span of days keeps its own grain, so that it is never added to days."""
    load("商品排行.xlsx", [[*ITEM], [written, *ITEM_DAY[1:]]])
    found = rows(project, "SELECT date_from::VARCHAR, date_to::VARCHAR, period_grain FROM traffic")
    assert found == [(first, last, grain)]


def test_several_item_files_of_one_day(load: Load, project: Project, rows: Rows) -> None:
    """A day and item stands once; the newer download speaks for it, and for no other item."""
    above = [["导出时间：2026-08-12 09:00:00"], [""], [""], [""]]
    other = [ITEM_DAY[0], "610000000002", *ITEM_DAY[2:]]
    load("a.xlsx", [*above, [*ITEM], [*ITEM_DAY], [*other]])
    newer = [["导出时间：2026-08-13 09:00:00"], [""], [""], [""]]
    load("b.xlsx", [*newer, [*ITEM], [*ITEM_DAY[:2], "7,000", *ITEM_DAY[3:]]])
    found = rows(project, "SELECT spu_id, visitors FROM traffic ORDER BY spu_id")
    assert found == [("610000000001", 7000), ("610000000002", 6069)]


def test_item_columns_of_other_years(load: Load, project: Project, rows: Rows) -> None:
    """总支付金额 and 主商品ID came and went; 支付金额 is read wherever it stands."""
    for number, extra in enumerate((["总支付商品件数", "总支付金额"], ["主商品ID", "商品类型"], [])):
        day = f"2026-08-{11 + number}"
        cells = [[*extra, *ITEM], [*["1"] * len(extra), day, *ITEM_DAY[1:]]]
        assert load(f"{number}.xlsx", cells).accepted == 1
    assert rows(project, "SELECT DISTINCT pay_amt_platform FROM traffic") == [(Decimal("12653.0000"),)]


def test_shop_metrics_are_chosen_by_the_user(load: Load, project: Project, rows: Rows) -> None:
    """The header is found in its row, columns in any order by name, and - is nothing."""
    headers = ["统计日期", "自选指标", *reversed(SHOP[1:]), "描述相符评分"]
    row = {"统计日期": "2026-08-11", "访客数": "1,391", "浏览量": "-", "跳失率": "12.34%", "支付买家数": "41"}
    cells = [
        ["生意参谋"],
        [""],
        [""],
        *under(headers, {**row, "支付金额": "34,895.00", "描述相符评分": "4.9"}),
    ]
    assert load("自助取数.xlsx", cells).source == "tmall/traffic_shop"
    found = rows(project, "SELECT visitors, pv, bounce_visitors, pay_amt_platform FROM traffic")
    assert found == [(1391, None, 172, Decimal("34895.0000"))]


def test_subtotal_rows_of_sources_are_not_added(load: Load, project: Project, rows: Rows) -> None:
    """汇总 at any level is left out where its parts stand in the file, and kept where it is all there is."""
    cells = [
        source(visitors="150"),
        source("平台流量", visitors="120"),
        source("平台流量", "手淘搜索", visitors="80"),
        source("平台流量", "手淘推荐", visitors="50"),
        source("平台流量", "手淘推荐", "首页推荐", visitors="30"),
        source("平台流量", "手淘推荐", "购后推荐", visitors="20"),
        source("广告流量", visitors="40"),
        source("平台流量A", visitors="7"),
    ]
    file = load(DAY_FILE, [["店铺来源"], [SOURCE[0]], [*SOURCE], *reversed(cells)])
    assert (file.accepted, file.skipped, file.rejected) == (5, 3, 0)
    assert rows(project, "SELECT channel, visitors FROM traffic ORDER BY visitors DESC") == [
        ("平台流量 › 手淘搜索", 80),
        ("广告流量", 40),
        ("平台流量 › 手淘推荐 › 首页推荐", 30),
        ("平台流量 › 手淘推荐 › 购后推荐", 20),
        ("平台流量A", 7),
    ]


@pytest.mark.parametrize(
    ("name", "days", "grain"),
    [
        ("店铺来源_2026-08-11_2026-08-11.xlsx", ("2026-08-11", "2026-08-11"), "day"),
        ("店铺来源_20260811.xlsx", ("2026-08-11", "2026-08-11"), "day"),
        ("店铺来源_2026-08-03_2026-08-09.xlsx", ("2026-08-03", "2026-08-09"), "week"),
    ],
)
def test_two_sheets_of_sources_dated_by_the_file_name(
    load: Load, project: Project, rows: Rows, name: str, days: tuple[str, str], grain: str
) -> None:
    """全店流量来源 and 分载体流量来源 both load; UV价值 and uv价值环比 differ only in case and do no harm."""
    sheets = {
        "全店流量来源": [[*SOURCE], source("平台流量", "手淘搜索", visitors="-")],
        "分载体流量来源": [[*SOURCE], source("平台流量", "手淘搜索", carrier="商品")],
    }
    load(name, sheets)
    found = rows(
        project,
        "SELECT carrier, visitors, date_from::VARCHAR, date_to::VARCHAR, period_grain FROM traffic ORDER BY 1",
    )
    assert found == [("全部", None, *days, grain), ("商品", 10, *days, grain)]


def test_older_report_of_sources_with_one_level(load: Load) -> None:
    """流量来源 of 2017 has its header on row 5 and 来源 as its first cell."""
    cells = [["流量来源"], [""], [""], [""], ["来源", "访客数", "支付买家数"], ["淘宝搜索", "10", "1"]]
    assert load("流量来源_2017-08-11_2017-08-11.xlsx", cells).source == "tmall/traffic_source"


@pytest.mark.parametrize(("name", "rate"), [("商品ID", "12.3"), ("宝贝ID", "0.123"), ("主体ID", "12.3%")])
def test_selection_header_is_searched_and_its_rates_are_not_read(
    load: Load, project: Project, rows: Rows, name: str, rate: str
) -> None:
    """A rate that is 12.3 in one file and 0.123 in another makes no figure; the period is the name's."""
    headers = [name, "支付金额", "退款后销售额", "访客数", "加购率", "跳失率"]
    cells = [["达摩盘"], [""], headers, ["610000000001", "100.00", "90.00", "50", rate, rate]]
    assert load("智能选款_2026-07-01~2026-07-31.xlsx", cells).accepted == 1
    found = rows(
        project, "SELECT visitors, cart_users, bounce_visitors, date_to::VARCHAR, period_grain FROM traffic"
    )
    assert found == [(50, None, None, "2026-07-31", "campaign")]


# Advertising


@pytest.mark.parametrize(
    ("name", "encoding", "extra"),
    [
        ("a.csv", "gb18030", []),
        ("a.csv", "utf-8-sig", ["计划ID", "计划名字"]),
        ("a.xlsx", "", ["主体ID", "主体类型", "计划ID"]),
    ],
)
def test_dimensions_that_were_ticked_in_any_encoding(
    load: Load, project: Project, rows: Rows, name: str, encoding: str, extra: list[str]
) -> None:
    """The csv is in GBK, plans and items are there or not, rates are fractions, and an empty cost is no cost."""
    row = dict(zip(SCENE, ["2026-08-11", "关键词推广", "120.50", "0.03331", "980.00", "6", ""], strict=True))
    named = dict.fromkeys(extra, "9001")
    assert load(name, under([*extra, *SCENE], {**row, **named}), encoding).accepted == 1
    assert rows(project, "SELECT spend_cash, attr_gmv FROM ads") == [
        (Decimal("120.5000"), Decimal("980.0000"))
    ]


def test_conversions_that_grow_overwrite_the_day(load: Load, project: Project, rows: Rows) -> None:
    """A newer download by another dimension replaces the scene's day whole; an older one does not come back."""
    headers = ["日期", "场景名字", "计划ID", "花费", "总成交金额"]
    plans = [["2026-08-11", "关键词推广", plan, "60.00", "100.00"] for plan in ("1", "2")]
    load("计划报表_20260812_100000.csv", [headers, *plans])
    load("商品报表_20260820_100000.csv", [[*headers[:2], *headers[3:]], [*plans[0][:2], "120.00", "350.00"]])
    load("计划报表_20260813_100000.csv", [headers, *plans])
    found = rows(project, "SELECT sum(spend_cash), sum(attr_gmv) FROM ads")
    assert found == [(Decimal("120.0000"), Decimal("350.0000"))]


def test_scene_not_ticked_is_named(load: Load) -> None:
    """A file that could tell of spend told elsewhere is refused with the name of the column it needs."""
    file = load(
        "计划报表.csv",
        [["日期", "计划名字", "展现量", "花费", "总成交金额"], ["2026-08-11", "日常", "1", "1.00", "1.00"]],
    )
    assert file.state == "failed"
    assert "场景名字" in file.notes[0]


def test_spend_under_another_name(load: Load, project: Project, rows: Rows) -> None:
    """消耗 is 花费 and 曝光量 is 展现量 in 万相台."""
    headers = ["日期", "优化目标", "消耗", "曝光量", "点击量", "总成交金额"]
    load("万相台.csv", [headers, ["2022-06-10", "拉新快", "500.00", "20,000", "800", "1,200.00"]])
    assert rows(project, "SELECT spend_cash, impressions FROM ads") == [(Decimal("500.0000"), 20000)]


@pytest.mark.parametrize("lacking", [[], ["单元id"], ["单元id", "商品id"], ["计划id", "单元id", "商品id"]])
def test_plan_report_lacks_the_unit(load: Load, project: Project, rows: Rows, lacking: list[str]) -> None:
    """直通车 by account, by plan or by unit: the spend of a day stands once, as last downloaded."""
    headers = [
        "日期",
        "计划id",
        "单元id",
        "商品id",
        "展现量",
        "点击量",
        "花费",
        "总购物车数",
        "总成交金额",
        "直接成交金额",
        "总成交笔数",
    ]
    row = dict.fromkeys(headers, "1") | {"日期": "2022-06-10", "花费": "300.00"}
    load("直通车报表_20220612.csv", under(headers, row, row))
    load(
        "直通车报表_20220613.csv",
        under([name for name in headers if name not in lacking], {**row, "花费": "610.00"}),
    )
    assert rows(project, "SELECT sum(spend_cash) FROM ads") == [(Decimal("610.0000"),)]


def test_affiliate_case_still_open_gives_nothing_back(load: Load, project: Project, rows: Rows) -> None:
    """Only a case that was won returns commission and service fee; an unknown word is refused."""
    headers = [
        "淘宝订单编号",
        "淘宝子订单编号",
        "应退回服务费",
        "应退回佣金",
        "维权状态",
        "维权创建时间",
        "维权完成时间",
    ]
    rest = ["1.00", "4.00"]
    cells = [
        [f"260000000000000000{n}", "1", *rest, word, "2026-08-20", "2026-08-22"]
        for n, word in enumerate(["维权成功", "维权失败", "样例"])
    ]
    file = load("维权退款.csv", [headers, *cells])
    assert (file.accepted, file.rejected) == (2, 1)
    assert rows(project, "SELECT sum(amount) FROM fees") == [(Decimal("-5.0000"),)]


# Ledgers


@pytest.mark.parametrize(
    ("time", "kind", "income", "expense"),
    [
        ("入账时间", "入账类型", "收入金额（元）", "支出金额"),
        ("入帐时间", "入帐类型", "收入金额(元)", "支出金额(元)"),
        ("入账时间", "入帐类型", "收入金额（元）", "支出金额(元)"),
    ],
)
def test_ledger_headers_with_or_without_the_unit(
    load: Load, project: Project, rows: Rows, time: str, kind: str, income: str, expense: str
) -> None:
    """入账 is also 入帐, and （元） stands behind one amount, both, in either width."""
    headers = [time, "支付流水号", "主订单id", kind, income, expense, "业务描述"]
    when = "2026-08-14 20:00:05"
    cells = [
        [when, "2026081422001000000000000001", "2600000000000000101", "交易货款", "199.00", "", "交易收款"],
        [when, "2026081422001000000000000002", "2600000000000000101", "技术服务费", "", "1.19", "软件服务费"],
    ]
    assert load("收支明细.xlsx", [headers, *cells]).accepted == 2
    found = rows(project, "SELECT sum(gross_amt), sum(deductions), sum(settled_amt) FROM settlements")
    assert found == [(Decimal("199.0000"), Decimal("1.1900"), Decimal("197.8100"))]
    assert rows(project, "SELECT fee_type, amount FROM fees") == [("技术服务费", Decimal("1.1900"))]


def test_order_named_only_in_the_remark(load: Load, project: Project, rows: Rows) -> None:
    """订单{2701…}退款 names the order of an entry whose column is empty."""
    row = [
        "2026-08-16 10:00:00",
        "2026081622001000000000000004",
        "",
        "售后退款",
        "",
        "40.00",
        "退款",
        "订单{2701855562034109276}退款",
    ]
    load("收支明细.xlsx", [[*LEDGER], row])
    found = rows(project, "SELECT order_key, entry_std, settled_amt FROM settlements")
    assert found == [("tmall:2701855562034109276", "退款", Decimal("-40.0000"))]


def test_affiliate_commission_is_no_fee_twice(load: Load, project: Project, rows: Rows) -> None:
    """What 淘宝联盟 settles order by order is a deduction of the ledger and no fee of it."""
    row = [
        "2026-08-15 01:00:00",
        "2026081522001000000000000003",
        "2600000000000000101",
        "淘宝客佣金",
        "",
        "23.88",
        "",
        "",
    ]
    load("收支明细.xlsx", [[*LEDGER], row])
    assert rows(project, "SELECT deductions FROM settlements") == [(Decimal("23.8800"),)]
    assert rows(project, "SELECT * FROM fees") == []


def test_signed_deposit_with_code_and_text(load: Load, project: Project, rows: Rows) -> None:
    """-7.9 went out, 业务描述 is code|text, the order has 19 digits, and - is no remark."""
    row = [
        "2026-07-03 12:00:00",
        "出账",
        "-7.9",
        "0070002|其他支出-交易赔付（保证金扣款）",
        "1",
        "2600000000000000601",
        "-",
    ]
    load("保证金.xlsx", [[*DEPOSIT], row])
    found = rows(project, "SELECT platform_order_id, entry_raw, settled_amt FROM settlements")
    assert found == [("2600000000000000601", "0070002|其他支出-交易赔付（保证金扣款）", Decimal("-7.9000"))]
    assert rows(project, "SELECT fee_type, amount FROM fees") == [("罚款", Decimal("7.9000"))]


@pytest.mark.parametrize(
    ("headers", "cells", "fee", "paid"),
    [
        (["账单金额"], ["12.30"], "12.3000", None),
        (["扣费金额合计 (元）", "退款金额"], ["32.00", "2.00"], "30.0000", None),
        (["支出金额合计（元）", "退款金额合计 (元）"], ["500.00", "20.00"], None, "-480.0000"),
    ],
    ids=["结算通用账单", "物流费用通用账单", "营销平台"],
)
def test_three_bills_with_mixed_brackets_and_dates_of_digits(
    load: Load,
    project: Project,
    rows: Rows,
    headers: list[str],
    cells: list[str],
    fee: str | None,
    paid: str | None,
) -> None:
    """Each bill has its own amounts, its brackets are half of one width and half of the other."""
    assert (
        load("收支账单.xlsx", [["日期", "业务大类", *headers], ["20260818", "样例", *cells]]).source
        == "tmall/fee_bill"
    )
    fees = rows(project, "SELECT date::VARCHAR, amount FROM fees")
    assert fees == ([("2026-08-18", Decimal(fee))] if fee else [])
    settled = rows(project, "SELECT settled_amt FROM settlements")
    assert settled == ([(Decimal(paid),)] if paid else [])


def test_only_part_of_the_columns_and_a_month_in_the_name(load: Load, project: Project, rows: Rows) -> None:
    """交易货款 has no date: the month of its name stands on its first day, and is replaced whole."""
    headers = ["子订单号", "订单号", "订单实际金额（元）", "退款金额（元）", "样例列"]
    load("交易货款_202607_202607.csv", [headers, ["1", "2", "150.00", "50.00", ""]])
    found = rows(project, "SELECT settle_date::VARCHAR, settled_amt FROM settlements")
    assert found == [("2026-07-01", Decimal("100.0000"))]
