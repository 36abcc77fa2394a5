"""Every oddity of Pinduoduo's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

import csv
import html
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

SAMPLES = Path(__file__).resolve().parent.parent / "exports" / "pdd"

ORDER = [
    "订单号",
    "订单状态",
    "商品总价(元)",
    "邮费(元)",
    "用户实付金额(元)",
    "商家实收金额(元)",
    "商品数量(件)",
]
BILL = ["商户订单号", "发生时间", "收入金额（+元）", "支出金额（-元）", "账务类型", "备注", "业务描述"]
ABOVE_BILL = [
    ["拼多多店铺账务明细查询"],
    [],
    ["起始时间：2026-05-01 00:00:00  终止时间：2026-05-31 23:59:59"],
    ["----------交易记录明细列表---------"],
]
REFUND = ["售后编号", "订单编号", "售后状态", "退款类型", "退款金额", "申请时间"]
ADS = ["日期", "商品ID", "推广名称", "总花费(元)", "成交花费(元)", "交易额(元)", "曝光量", "点击量"]
WALLET = ["时间", "资金类型", "流水类型", "店铺名称", "交易金额", "余额", "交易摘要"]
TRAFFIC = ["统计时间", "商品访客数", "商品浏览量", "成交金额", "成交买家数"]


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Load:
    """Write a csv and ingest it into the project; rows above the header come first."""

    def run(name: str, *cells: list[str], encoding: str = "utf-8") -> FileResult:
        (file,) = ingest(project, [write_csv(tmp_path / name, cells[0], list(cells[1:]), encoding)]).files
        return file

    return run


def order(number: str, status: str = "待发货", **cells: str) -> dict[str, str]:
    """One order of 100.00 with 6.00 of freight, as the headers of `ORDER` and more name its cells."""
    amounts = dict(zip(ORDER[2:], ["100.00", "6.00", "106.00", "106.00", "1"], strict=True))
    return {"订单号": number, "订单状态": status, **amounts, **cells}


def under(headers: list[str], *found: dict[str, str]) -> list[list[str]]:
    """A header row and its rows, from rows by name."""
    return [headers, *([row.get(name, "") for name in headers] for row in found)]


def write_xlsx(path: Path, cells: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    book.save(path)
    return path


# Orders


def test_the_merchant_chooses_columns_and_their_order(load: Load, project: Project, rows: Rows) -> None:
    """Columns in another order, and columns nobody knows, leave the same order; a missing one is named."""
    headers = [*reversed(ORDER), "自选列"]
    assert "loaded" == load("a.csv", *under(headers, order("260517-1"))).state
    assert [("260517-1", Decimal("100.0000"))] == rows(
        project, "SELECT platform_order_id, goods_receivable_amt FROM order_lines"
    )
    lacking = [name for name in ORDER if name != "邮费(元)"]
    failed = load("b.csv", *under(lacking, order("260517-2")))
    assert "failed" == failed.state
    assert "邮费(元)" in failed.notes[0]


def test_order_date_from_the_order_number_where_the_time_is_empty(
    load: Load, project: Project, rows: Rows
) -> None:
    """The first six digits of 订单号 are the day; nobody paid an order that is waiting or was cancelled."""
    headers = [*ORDER, "订单成交时间"]
    times = {"260517-1": "2026-05-18 00:05:00"}
    words = {"260517-1": "待发货", "260517-2": "待发货", "260517-3": "待付款", "260517-4": "已取消"}
    cells = [order(number, word, 订单成交时间=times.get(number, "")) for number, word in words.items()]
    load("a.csv", *under(headers, *cells))
    found = rows(project, "SELECT created_date::VARCHAR, paid_date::VARCHAR FROM orders ORDER BY order_key")
    day = "2026-05-17"
    assert [(day, "2026-05-18"), (day, day), (day, None), (day, None)] == found


def test_one_order_is_one_sku(load: Load, project: Project, rows: Rows) -> None:
    """Orders and lines are the same rows: as many of one as of the other."""
    load("a.csv", *under(ORDER, order("260517-1"), order("260517-2", **{"商品数量(件)": "3"})))
    counted = "SELECT count(*), count(DISTINCT order_key), sum(qty)::INT FROM order_lines"
    assert [(2, 2, 4)] == rows(project, counted)
    assert [(2,)] == rows(project, "SELECT count(*) FROM orders")


@pytest.mark.parametrize("name", ["商家编码-规格维度", "商家编码-SKU维度"])
def test_sku_code_under_either_name(load: Load, project: Project, rows: Rows, name: str) -> None:
    """商家编码-规格维度 was 商家编码-SKU维度 before."""
    load("a.csv", *under([*ORDER, name], order("260517-1", **{name: "TS-M"})))
    assert [("TS-M",)] == rows(project, "SELECT sku_id FROM order_lines")


def test_every_cell_ends_with_a_tab(load: Load, project: Project, rows: Rows) -> None:
    """A csv whose cells end in a tab reads as one without; a tab alone is no time."""
    headers = [*ORDER, "支付时间", "发货时间"]
    cells = under(headers, order("200101-1", 支付时间="2020-01-01 09:00:05"))
    file = load("a.csv", headers, *([f"{cell}\t" for cell in row] for row in cells[1:]))
    assert (1, 0) == (file.accepted, file.rejected)
    found = rows(project, "SELECT platform_order_id, paid_at::VARCHAR, shipped_at FROM orders")
    assert [("200101-1", "2020-01-01 01:00:05", None)] == found


@pytest.mark.parametrize(
    ("name", "encoding"), [("是否审核中", "utf-8"), ("是否异常", "utf-8-sig"), ("是否审核中", "gb18030")]
)
def test_review_column_under_either_name_in_any_encoding(load: Load, name: str, encoding: str) -> None:
    """是否审核中 is 是否异常 in another copy, and the full csv may or may not begin with a byte order mark."""
    file = load("a.csv", *under([name, *ORDER], order("200101-1", **{name: "否"})), encoding=encoding)
    assert ("loaded", "pdd/orders", 1) == (file.state, file.source, file.accepted)


def test_a_word_sets_order_and_refund(load: Load, project: Project, rows: Rows) -> None:
    """退款成功 closes an order that was paid and brings a refund of all that was due; both commas are read."""
    words = {
        "已发货，待签收": ("shipped", True, None),
        "已收货": ("completed", True, None),
        "未发货，退款成功": ("closed", True, "发货前"),
        "已发货,退款成功": ("closed", True, "发货后未签收"),
        "已收货，退款成功": ("closed", True, "签收后"),
        "未成交,退款成功": ("closed", True, "发货前"),
        "已取消": ("closed", False, None),
    }
    load("a.csv", *under(ORDER, *(order(f"260517-{at}", word) for at, word in enumerate(words))))
    found = rows(
        project,
        "SELECT sale.status_raw, sale.status_std, paid_at IS NOT NULL, stage FROM orders AS sale "
        "LEFT JOIN refunds AS refund USING (order_key)",
    )
    assert words == {word: tuple(rest) for word, *rest in found}
    amounts = rows(
        project, "SELECT DISTINCT refund_goods_amt, refund_freight_amt, is_placeholder FROM refunds"
    )
    assert [(Decimal("100.0000"), Decimal("6.0000"), True)] == amounts


def test_an_unknown_status_word_is_refused(load: Load) -> None:
    """A word nobody mapped is counted and shown, never taken for another."""
    file = load("a.csv", *under(ORDER, order("260517-1", "样例状态"), order("260517-2")))
    assert (1, 1) == (file.accepted, file.rejected)
    assert "样例状态" in file.notes[0]


def sample_orders() -> list[dict[str, str]]:
    """The rows of both order samples, by header."""
    book = openpyxl.load_workbook(next((SAMPLES / "orders").glob("*.xlsx")))
    cells = [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]
    with next((SAMPLES / "orders").glob("*.csv")).open(encoding="utf-8", newline="") as file:
        text = [[cell.strip() for cell in row] for row in csv.reader(file)]
    return [dict(zip(part[0], row, strict=True)) for part in (cells, text) for row in part[1:]]


@pytest.mark.parametrize(
    ("paid", "taken_off"),
    [
        ("用户实付金额(元)", ["店铺优惠折扣(元)", "平台优惠折扣(元)", "多多支付立减金额(元)"]),
        ("商家实收金额(元)", ["店铺优惠折扣(元)"]),
    ],
)
def test_amount_identities(paid: str, taken_off: list[str]) -> None:
    """用户实付 and 商家实收 are 商品总价 and 邮费 less the discounts that concern them."""
    found = sample_orders()
    assert len(found) == 9
    for row in found:
        due = Decimal(row["商品总价(元)"]) + Decimal(row["邮费(元)"])
        due -= sum(Decimal(row.get(name) or 0) for name in taken_off)
        assert due == Decimal(row[paid]), row["订单号"]


def test_ladder_of_the_samples(project: Project, rows: Rows) -> None:
    """What is due is what the buyer paid plus what others gave, on every line, though each is the file's own."""
    ingest(project, sorted((SAMPLES / "orders").glob("*.[cx]*")))
    gaps = rows(
        project,
        "SELECT count(*), sum(abs(goods_receivable_amt - buyer_paid_goods_amt - platform_subsidy_amt"
        " - coalesce(payment_subsidy_amt, 0)))::INT FROM order_lines",
    )
    assert [(9, 0)] == gaps


# After-sales


def refund(number: str, status: str = "退款成功", **cells: str) -> dict[str, str]:
    base = {"售后编号": number, "订单编号": "260517-1", "售后状态": status, "退款类型": "仅退款"}
    return base | {"退款金额": "12.00", "申请时间": "2026-05-20 10:00:00"} | cells


@pytest.mark.parametrize(
    "headers",
    [
        REFUND,
        [*reversed(REFUND), "同意退款时间", "快递拦截状态", "sku信息"],
        [name.replace("订单编号", "订单号") for name in REFUND],
    ],
    ids=["a subset in one order", "more columns in another", "订单号 for 订单编号"],
)
def test_after_sales_of_any_columns(load: Load, project: Project, rows: Rows, headers: list[str]) -> None:
    """The file may be a subset, in any order, and name the order as the order file does."""
    cells = refund("8801") | {"订单号": "260517-1"}
    file = load("f7e9a0b1c2d3_20260612235138.csv", *under(headers, cells))
    assert ("pdd/refunds", 1) == (file.source, file.accepted)
    found = rows(project, "SELECT platform_refund_id, platform_order_id, refund_goods_amt::INT FROM refunds")
    assert [("8801", "260517-1", 12)] == found


def test_file_named_by_a_hash(load: Load, project: Project, rows: Rows) -> None:
    """The name says nothing of the export, and still when it was written; a newer one replaces the case."""
    load("ffe9_20260612235138.csv", *under(REFUND, refund("8801", "退款成功")))
    load("0a1b_20260610080000.csv", *under(REFUND, refund("8801", "待商家处理")))
    assert [("8801", "success")] == rows(project, "SELECT platform_refund_id, status_std FROM refunds")
    stamps = rows(project, "SELECT exported_at::VARCHAR FROM files ORDER BY 1")
    assert [("2026-06-10 00:00:00",), ("2026-06-12 15:51:38",)] == stamps


def test_empty_after_sale_state(load: Load, project: Project, rows: Rows) -> None:
    """A case without a state is kept, and is no refund."""
    file = load("a.csv", *under(REFUND, refund("8801", "")))
    assert (1, 0) == (file.accepted, file.rejected)
    assert [(None,)] == rows(project, "SELECT status_std FROM refunds")


def test_a_real_refund_takes_the_place_of_the_orders_word(load: Load, project: Project, rows: Rows) -> None:
    """An order's word stands for a refund until the after-sale succeeds; a rejected one leaves it standing."""
    standing = "SELECT refund_goods_amt::INT, is_placeholder FROM refunds WHERE status_std = 'success'"
    load("a.csv", *under(ORDER, order("260517-1", "已收货，退款成功")))
    load("b.csv", *under(REFUND, refund("8801", "商家拒绝退款，退款关闭")))
    assert [(100, True)] == rows(project, standing)
    load("c.csv", *under(REFUND, refund("8802", "退款成功")))
    assert [(12, False)] == rows(project, standing)


def test_refund_amount_with_comma_and_yuan(load: Load, project: Project, rows: Rows) -> None:
    """成功退款金额 of other pages, and any amount, may be text with a comma and 元."""
    load("a.csv", *under(REFUND, refund("8801", 退款金额="1,234.50元")))
    assert [(Decimal("1234.5000"),)] == rows(project, "SELECT refund_goods_amt FROM refunds")


# The statement of the account


def entry(income: str, expense: str, kind: str, text: str, number: str = "260517-1") -> list[str]:
    return [number, "2026-05-17 10:00:00", income, expense, kind, "-", text]


def test_bill_header_on_row_five(load: Load, project: Project, rows: Rows) -> None:
    """Four rows above the header, one of them blank, are no data; their end of the period dates the file."""
    row = entry("50.00", "", "交易收入", "0010002|交易收入-订单收入")
    file = load("bill.csv", *ABOVE_BILL, BILL, row, encoding="gb18030")
    assert ("pdd/bill", 1, 1) == (file.source, file.read, file.accepted)
    assert [(6,)] == rows(project, "SELECT source_row FROM settlements")
    assert [("2026-05-31 15:59:59",)] == rows(project, "SELECT exported_at::VARCHAR FROM files")


def test_bill_footer_of_sums(load: Load) -> None:
    """The rows of sums below the entries are skipped, with or without commas in them."""
    feet = [["支出合计：1笔，合计-0.60元"], ["#收入合计", "1笔", "50.00元"]]
    file = load("bill.csv", *ABOVE_BILL, BILL, entry("50.00", "", "交易收入", "x"), *feet)
    assert (1, 0, 2) == (file.accepted, file.rejected, file.skipped)


def test_coded_words_of_the_bill(load: Load, project: Project, rows: Rows) -> None:
    """A code stands before the word; a cost is a deduction and a fee, a word nobody knows is neither."""
    words = {
        ("交易收入", "0010002|交易收入-订单收入"): ("货款", None),
        ("交易退款", "0020002|交易退款-订单退款"): ("退款", None),
        ("技术服务费", "0030002|技术服务费-基础技术服务费"): ("扣费", "技术服务费"),
        ("营销费用", "0060001|营销费用-多多进宝"): ("扣费", "达人佣金"),
        ("其他支出", "0140028|其他支出-合作费追回"): ("扣费", "其他"),
        ("提现", "提现"): ("提现", None),
        ("营销费用", "营销费用-推广充值"): ("其他", None),
        ("样例类型", "9990001|样例"): (None, None),
    }
    load("bill.csv", *ABOVE_BILL, BILL, *(entry("", "-3.20", *word) for word in words))
    found = dict(rows(project, "SELECT entry_raw, entry_std FROM settlements"))
    assert {text: std for (_, text), (std, _) in words.items()} == found
    fees = dict(rows(project, "SELECT fee_raw, fee_type FROM fees"))
    assert {text: fee for (_, text), (_, fee) in words.items() if fee} == fees
    assert [(Decimal("-25.6000"),)] == rows(project, "SELECT sum(settled_amt) FROM settlements")
    assert [(Decimal("9.6000"),)] == rows(project, "SELECT sum(amount) FROM fees")


def test_expenses_of_the_bill_are_negative(load: Load, project: Project, rows: Rows) -> None:
    """支出 is money that went out, whether or not the file signs it, and a dash is no remark."""
    word = ("技术服务费", "0030002|技术服务费-基础技术服务费")
    load("bill.csv", *ABOVE_BILL, BILL, entry("", "-0.60", *word), entry("", "0.60", *word))
    found = rows(project, "SELECT gross_amt, deductions, settled_amt FROM settlements")
    assert [(Decimal("0.0000"), Decimal("0.6000"), Decimal("-0.6000"))] * 2 == found


def test_equal_entries_of_the_bill_are_a_multiset(load: Load, project: Project, rows: Rows) -> None:
    """No entry has a number: equal ones of one file are all kept, and the file again adds none."""
    twice = [entry("", "-3.20", "营销费用", "0060001|营销费用-多多进宝")] * 2
    for name, more in (("a.csv", []), ("b.csv", [entry("9.00", "", "交易收入", "x", "260517-2")])):
        load(name, *ABOVE_BILL, BILL, *twice, *more)
    assert [(3, Decimal("2.6000"))] == rows(project, "SELECT count(*), sum(settled_amt) FROM settlements")


@pytest.mark.parametrize(
    ("order_name", "income", "expense", "encoding"),
    [
        ("商户订单号", "收入金额（+元）", "支出金额（-元）", "gb18030"),
        ("商家订单号", "收入金额(元)", "支出金额(元)", "utf-8"),
        ("商户订单号", "收入（+元）", "支出（-元）", "utf-8-sig"),
    ],
)
def test_column_names_of_the_bill_drift(
    load: Load, project: Project, rows: Rows, order_name: str, income: str, expense: str, encoding: str
) -> None:
    """The header is found below any rows of metadata, by any of its names, in either encoding."""
    headers = [order_name, "发生时间", income, expense, "账务类型"]
    above = [["货款明细"], ["账户", "样例旗舰店"]]
    load("mall.csv", *above, headers, entry("88.00", "", "交易收入", "")[:5], encoding=encoding)
    found = rows(project, "SELECT platform_order_id, entry_raw, settled_amt FROM settlements")
    assert [("260517-1", "交易收入", Decimal("88.0000"))] == found


# Advertising


def ad(day: str, item: str, spend: str, **cells: str) -> dict[str, str]:
    base = {"日期": day, "商品ID": item, "推广名称": "样例计划", "总花费(元)": spend, "成交花费(元)": spend}
    return base | {"交易额(元)": "30.00", "曝光量": "100", "点击量": "3"} | cells


def test_total_row_of_ads_is_no_spend(load: Load, project: Project, rows: Rows) -> None:
    """The row 总计 has dashes for names; it is skipped, and what it has over the rows is said, not loaded."""
    total = dict.fromkeys(ADS, "-") | {"日期": "总计", "总花费(元)": "25.00"}
    file = load(
        "商品推广.csv", *under(ADS, ad("2026-04-01", "1", "10.00"), ad("2026-04-01", "2", "10.00"), total)
    )
    assert (2, 1, 0) == (file.accepted, file.skipped, file.rejected)
    assert [(Decimal("20.0000"),)] == rows(project, "SELECT sum(spend_cash) FROM ads")
    assert ["25.00", "20.00"] == [figure for figure in ("25.00", "20.00") if figure in file.notes[0]]


def test_spend_and_sale_spend_are_not_added(load: Load, project: Project, rows: Rows) -> None:
    """成交花费 is a part of 总花费."""
    load("a.csv", *under(ADS, ad("2026-04-01", "1", "10.00")))
    assert [(Decimal("10.0000"),)] == rows(project, "SELECT spend_cash FROM ads")


def test_ads_without_a_scene(load: Load, project: Project, rows: Rows) -> None:
    """A variant has no 推广场景: its rows are of 商品推广."""
    load("a.csv", *under(ADS, ad("2026-04-01", "1", "1.00")))
    load("b.csv", *under([*ADS, "推广场景"], ad("2026-04-02", "1", "1.00", 推广场景="全站推广")))
    assert [("商品推广",), ("全站推广",)] == rows(project, "SELECT product_line FROM ads ORDER BY date")


def test_note_row_above_the_header_of_ads(project: Project, tmp_path: Path, rows: Rows) -> None:
    """名称：推广 above the header is no header."""
    cells = [["名称：推广"], *under(ADS, ad("2026-04-01", "1", "1.00"))]
    (file,) = ingest(project, [write_xlsx(tmp_path / "a.xlsx", cells)]).files
    assert ("pdd/ads", 1, 0) == (file.source, file.accepted, file.rejected)
    assert [(3,)] == rows(project, "SELECT source_row FROM ads")


def test_the_ratio_has_two_names(load: Load, project: Project, rows: Rows) -> None:
    """明星店铺 says 投入产出比 where 商品推广 says 实际投产比: each file goes to its own source."""
    star = ["日期", "花费(元)", "交易额(元)", "投入产出比", "店铺关注量", "曝光量", "点击量"]
    assert (
        "pdd/ads_star" == load("a.csv", star, ["2026-04-01", "10.00", "50.00", "5", "1", "100", "9"]).source
    )
    item = under([*ADS, "实际投产比"], ad("2026-04-01", "1", "1.00", 实际投产比="30"))
    assert "pdd/ads" == load("b.csv", *item).source
    assert [(2,)] == rows(project, "SELECT count(DISTINCT product_line) FROM ads")


def test_report_by_plan_only_stands_in(load: Load, project: Project, rows: Rows) -> None:
    """The report by plan tells the spend of the items once more, so its rows are placeholders."""
    headers = [
        "日期",
        "出价（元）",
        "总花费(元)",
        "成交花费(元)",
        "交易额(元)",
        "成交笔数",
        "曝光量",
        "点击量",
    ]
    file = load("a.csv", headers, ["2026-04-01", "0.5", "9.00", "9.00", "20", "1", "10", "2"])
    assert "pdd/ads_plan" == file.source
    assert [(Decimal("9.0000"), True)] == rows(project, "SELECT spend_cash, is_placeholder FROM ads")


def test_report_of_promoters_is_reported_and_not_guessed(load: Load) -> None:
    """多多进宝 tells estimates whose real figures stand in the statement: no source takes the file."""
    headers = ["成交时间", "成交数量", "订单总金额（元）", "预估支付佣金（元）", "预估招商佣金（元）"]
    assert "failed" == load("a.csv", headers, ["2026-04-01", "1", "10.00", "1.00", "0.10"]).state


# The wallet


def test_only_cash_of_the_wallet_is_money(load: Load, project: Project, rows: Rows) -> None:
    """Credit of the platform moves no money, and no row of the wallet is a second spend or a fee."""
    entries = {
        ("现金", "推广支出", "-5789.02"): "-5789.0200",
        ("现金", "推广支出", "100.00"): "-100.0000",
        ("现金", "充值", "10,000.00"): "10000.0000",
        ("红包", "推广支出", "-50.00"): "0.0000",
        ("虚拟金", "推广支出", "-50.00"): "0.0000",
        ("津贴", "推广支出", "-50.00"): "0.0000",
    }
    text = "推广支出： 明星店铺1100.13元； 商品推广4688.89元；"
    cells = [
        ["2026-05-02", fund, kind, "样例旗舰店", amount, str(at), text]
        for at, (fund, kind, amount) in enumerate(entries)
    ]
    load("a.csv", WALLET, *cells)
    moved = [amount for (amount,) in rows(project, "SELECT amount FROM payments ORDER BY balance")]
    assert [Decimal(amount) for amount in entries.values()] == moved
    assert [(0, 0)] == rows(project, "SELECT (SELECT count(*) FROM ads), (SELECT count(*) FROM fees)")


def test_wallet_in_an_old_xls(project: Project, tmp_path: Path, rows: Rows) -> None:
    """The wallet comes as .xls, which may be a web page; two entries of one day are both kept."""
    cells = [
        WALLET,
        ["2026-05-02", "现金", "推广支出", "样例店", "-1.00", "9.00", "推广支出： 明星店铺1.00元；"],
        ["2026-05-02", "现金", "推广支出", "样例店", "-1.00", "8.00", "推广支出： 明星店铺1.00元；"],
    ]
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
    path = tmp_path / "财务流水.xls"
    path.write_text(f"<html><meta charset='utf-8'><table>{body}</table></html>", encoding="utf-8")
    (file,) = ingest(project, [path]).files
    assert ("pdd/ads_wallet", 2) == (file.source, file.accepted)
    assert [(Decimal("-2.0000"),)] == rows(project, "SELECT sum(amount) FROM payments")


# Traffic and insurance


def test_day_of_the_shop_report(load: Load, project: Project, rows: Rows) -> None:
    """统计时间 begins with the date, in columns of any order; a span of days is refused."""
    cells = [["2026-05-01", "10", "20", "30", "4"], ["2026-05-02 00:00:00", "11", "21", "¥1,031.50", "5"]]
    span = ["2026-05-01至2026-05-07", "70", "140", "210", "28"]
    turned = [list(reversed(row)) for row in (TRAFFIC, *cells, span)]
    file = load("商品概况.csv", *turned)
    assert (2, 1) == (file.accepted, file.rejected)
    found = rows(project, "SELECT date_from::VARCHAR, visitors, pay_amt_platform FROM traffic ORDER BY 1")
    assert [("2026-05-01", 10, Decimal("30.0000")), ("2026-05-02", 11, Decimal("1031.5000"))] == found


@pytest.mark.parametrize("name", ["服务费用（元）", "服务费用(元)"])
def test_full_width_brackets_of_the_insurance(load: Load, project: Project, rows: Rows, name: str) -> None:
    """Brackets are full-width here and half-width in the orders: names are compared alike."""
    headers = ["订单编号", "收费编号", name, "收费状态", "运费补偿生效时间"]
    load("a.csv", headers, ["260517-1", "BX1", "0.85", "已收费", "2026-05-17 18:00:00"])
    assert [("运费险", Decimal("0.8500"))] == rows(project, "SELECT fee_type, amount FROM fees")
