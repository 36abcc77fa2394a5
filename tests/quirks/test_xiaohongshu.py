"""Every oddity of Xiaohongshu's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project
from tests.ingest.samples import write_csv

Rows = Callable[[Project, str], list[tuple]]
Load = Callable[..., FileResult]

SAMPLES = Path(__file__).resolve().parent.parent / "exports" / "xiaohongshu"

DUE = "商家应收金额(元)（支付金额）"
ORDER = [
    *(
        "订单号",
        "订单状态",
        "售后状态",
        "规格ID",
        "SKU件数",
        "是否为赠品",
        "商品总价(元)",
        "用户应付金额(元)",
    ),
    *("平台优惠(元)", "支付渠道优惠(元)", DUE, "支付时间", "订单创建时间", "订单发货时间"),
    *("大头笔/Paint Marker", "发票/Invoice", "收件人姓名"),
]
CPS = [
    "支付时间",
    "订单ID",
    "订单状态",
    "规格名称",
    "规格ID",
    "达人ID",
    "商家实收金额",
    "用户实付金额",
    "退款金额",
]
REFUND = ["售后单号", "订单号", "退货创建时间", "申请售后金额(元)", "售后类型", "原因"]
ADS = ["时间", "计划ID", "消费", "展现量", "点击量", "点击率"]


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Load:
    """Write a csv of rows by name and ingest it into the project."""

    def run(name: str, headers: list[str], *found: dict[str, str]) -> FileResult:
        cells = [[row.get(header, "") for header in headers] for row in found]
        (file,) = ingest(project, [write_csv(tmp_path / name, headers, cells)]).files
        return file

    return run


def sku(
    number: str, variant: str, due: str = "90.00", status: str = "待配货", **cells: str
) -> dict[str, str]:
    """One row of an order: a variant whose buyer paid all that is due."""
    base = {"订单号": number, "订单状态": status, "规格ID": variant, "SKU件数": "1", "是否为赠品": "否"}
    amounts = {
        "商品总价(元)": due,
        "用户应付金额(元)": due,
        "平台优惠(元)": "0",
        "支付渠道优惠(元)": "0",
        DUE: due,
    }
    times = {"支付时间": "2026-05-03 10:00:30", "订单创建时间": "2026-05-03 10:00:00"}
    return base | amounts | times | {"收件人姓名": "张测试"} | cells


def test_an_order_repeats_over_its_skus(load: Load, project: Project, rows: Rows) -> None:
    """One row a variant of a package: the order is counted once and its rows are all kept."""
    packages = [sku("P8001", "a"), sku("P8001", "b", "10.00"), sku("P8001", "a"), sku("P8002", "a")]
    assert 4 == load("a.csv", ORDER, *packages).accepted
    assert [(2,)] == rows(project, "SELECT count(*) FROM orders")
    found = rows(
        project,
        "SELECT platform_order_id, sum(goods_receivable_amt)::INT FROM order_lines GROUP BY 1 ORDER BY 1",
    )
    assert [("P8001", 190), ("P8002", 90)] == found


def test_brackets_of_both_widths_in_one_header(load: Load, project: Project, rows: Rows) -> None:
    """商家应收金额(元)（支付金额） is found with its brackets as they are, and turned."""
    load("a.csv", ORDER, sku("P8001", "a"))
    turned = [name.replace(DUE, "商家应收金额（元）(支付金额)") for name in ORDER]
    load("b.csv", turned, sku("P8002", "a") | {"商家应收金额（元）(支付金额)": "90.00"})
    assert [(Decimal("90.0000"),)] * 2 == rows(project, "SELECT goods_receivable_amt FROM order_lines")


def test_headers_in_two_languages(load: Load) -> None:
    """大头笔/Paint Marker and 发票/Invoice are columns like others; their text never reaches the lake."""
    file = load(
        "a.csv", ORDER, sku("P8001", "a", **{"大头笔/Paint Marker": "样例", "发票/Invoice": "张测试"})
    )
    assert ("xiaohongshu/orders", 1, 0) == (file.source, file.accepted, file.rejected)


def test_status_words_of_orders(load: Load, project: Project, rows: Rows) -> None:
    """待配货 is paid and 已签收 is shipped; a word nobody mapped is refused."""
    words = {"待配货": "paid", "已签收": "shipped", "已完成": "completed", "已取消": "closed"}
    cells = [sku(f"P8{at}", "a", status=word) for at, word in enumerate([*words, "样例状态"])]
    file = load("a.csv", ORDER, *cells)
    assert (4, 1) == (file.accepted, file.rejected)
    assert words == dict(rows(project, "SELECT status_raw, status_std FROM orders"))


def test_times_of_orders_are_local(load: Load, project: Project, rows: Rows) -> None:
    """Times are yyyy-MM-dd HH:mm:ss of Shanghai: half past midnight is still that day."""
    load("a.csv", ORDER, sku("P8001", "a", 支付时间="2026-05-03 00:30:00"))
    found = rows(project, "SELECT paid_at::VARCHAR, paid_date::VARCHAR FROM orders")
    assert [("2026-05-02 16:30:00", "2026-05-03")] == found


def test_gift_rows(load: Load, project: Project, rows: Rows) -> None:
    """A gift's pieces are not counted; an order is a gift only where all its rows are."""
    gift = {"是否为赠品": "是"}
    load("a.csv", ORDER, sku("P8001", "g", "0", **gift), sku("P8001", "a"), sku("P8002", "g", "0", **gift))
    assert [(False,), (True,)] == rows(project, "SELECT is_gift FROM orders ORDER BY order_key")
    assert [(1,)] == rows(project, "SELECT sum(qty)::INT FROM order_lines")


def test_paid_orders_that_were_closed_bring_a_refund(load: Load, project: Project, rows: Rows) -> None:
    """What was due for a cancelled paid order, or a row whose after-sale is done, went back."""
    load(
        "a.csv",
        ORDER,
        sku("P8001", "a", "30.00", "已取消"),
        sku("P8002", "a", "40.00", "已取消", 支付时间=""),
        sku("P8003", "a", "50.00", "已签收", 订单发货时间="2026-05-04 10:00:00"),
        sku("P8003", "b", "7.00", "已签收", 售后状态="已完成", 订单发货时间="2026-05-04 10:00:00"),
    )
    found = rows(
        project,
        "SELECT platform_order_id, refund_goods_amt::INT, stage, is_placeholder FROM refunds ORDER BY 1",
    )
    assert [("P8001", 30, "发货前", True), ("P8003", 7, "签收后", True)] == found


def test_ladder_of_the_samples(project: Project, rows: Rows) -> None:
    """What is due is what the buyer paid plus what others gave, on every row, though each is the file's own."""
    ingest(project, sorted((SAMPLES / "orders").glob("*.xlsx")))
    gaps = rows(
        project,
        "SELECT count(*), sum(abs(goods_receivable_amt - buyer_paid_goods_amt - platform_subsidy_amt"
        " - payment_subsidy_amt))::INT, sum(list_amt - merchant_discount_amt - goods_receivable_amt)::INT"
        " FROM order_lines",
    )
    assert [(7, 0, 0)] == gaps


def test_influencer_orders_only_stand_in(load: Load, project: Project, rows: Rows) -> None:
    """The commission rate is a decimal such as 0.35 and is not read; the order file's rows win, loaded before or after."""
    headers = [*CPS, "佣金率"]
    told = {
        "支付时间": "2026-05-03 10:00:30",
        "订单状态": "待配货",
        "规格ID": "a",
        "达人ID": "5f00",
        "佣金率": "0.35",
    }
    amounts = {"商家实收金额": "80.00", "用户实付金额": "80.00", "退款金额": "0.00"}
    both = [told | amounts | {"订单ID": number} for number in ("P8001", "P8002")]
    load("cps.csv", headers, both[0], both[0] | {"规格ID": "b"}, both[1])
    assert [(3, True)] == rows(project, "SELECT count(*), bool_and(is_placeholder) FROM order_lines")
    load("orders.csv", ORDER, sku("P8001", "a"))
    found = rows(project, "SELECT platform_order_id, goods_receivable_amt::INT FROM order_lines ORDER BY 1")
    assert [("P8001", 90), ("P8002", 80)] == found


@pytest.mark.parametrize(
    "headers", [REFUND, [*reversed(REFUND), "售后状态"]], ids=["eight names", "any order"]
)
def test_after_sales_of_any_columns(load: Load, project: Project, rows: Rows, headers: list[str]) -> None:
    """No code of a variant stands in the file, so the order names the goods; no state means no refund."""
    case = {"售后单号": "R9001", "订单号": "P8001", "退货创建时间": "2026-05-10 09:00:00", "原因": "不喜欢"}
    load("a.csv", headers, case | {"申请售后金额(元)": "90.00", "售后类型": "退货退款", "售后状态": "已完成"})
    state = "success" if "售后状态" in headers else None
    found = rows(project, "SELECT order_key, spu_id, refund_goods_amt::INT, type, status_std FROM refunds")
    assert [("xiaohongshu:P8001", None, 90, "退货退款", state)] == found


def test_ads_columns_are_chosen_by_the_user(load: Load, project: Project, rows: Rows) -> None:
    """消费 is the spend, rates are text with a percent sign, and any other columns may be missing."""
    row = {"时间": "2026-05-01", "计划ID": "7", "消费": "1,360.00", "展现量": "12,000", "点击量": "300"}
    load("a.csv", ADS, row | {"点击率": "2.50%"})
    load("b.csv", ["点击量", "展现量", "消费", "时间"], row | {"时间": "20260502"})
    found = rows(project, "SELECT date::VARCHAR, campaign, spend_cash, impressions FROM ads ORDER BY date")
    spent = Decimal("1360.0000")
    assert [("2026-05-01", "7", spent, 12000), ("2026-05-02", None, spent, 12000)] == found


def test_the_same_plan_by_creative_is_counted_once(load: Load, project: Project, rows: Rows) -> None:
    """A plan's day is replaced whole by a newer report of another grain."""
    row = {"时间": "2026-05-01", "计划ID": "7", "消费": "4.00", "展现量": "10", "点击量": "3"}
    load("聚光_20260502080000.csv", ADS, row | {"消费": "8.00"})
    load("聚光_20260503080000.csv", [*ADS, "创意ID"], row | {"创意ID": "1"}, row | {"创意ID": "2"})
    assert [(2, Decimal("8.0000"))] == rows(project, "SELECT count(*), sum(spend_cash) FROM ads")


@pytest.mark.parametrize("word", ["合计", "总计"])
def test_ads_may_have_a_total_row(load: Load, word: str) -> None:
    """A row of sums is skipped and compared with the rows."""
    row = {"时间": "2026-05-01", "计划ID": "7", "消费": "4.00", "展现量": "10", "点击量": "3"}
    file = load("a.csv", ADS, row, row | {"时间": word, "计划ID": "-"})
    assert (1, 1, []) == (file.accepted, file.skipped, file.notes)


SETTLEMENT = ["订单号", "售后单号", "结算时间", "交易类型", "动账金额", "商品实付/实退", "佣金", "支付渠道费"]


@pytest.mark.parametrize("sign", [-1, 1], ids=["as booked", "as costs"])
def test_fees_of_either_sign(load: Load, project: Project, rows: Rows, sign: int) -> None:
    """What a sale costs is positive and what comes back negative, whichever sign the file gives them."""
    sale = {
        "订单号": "P1",
        "结算时间": "2026-05-18 02:00:00",
        "动账金额": "190.40",
        "商品实付/实退": "200.00",
    }
    back = {
        "订单号": "P1",
        "结算时间": "2026-05-19 02:00:00",
        "动账金额": "-86.40",
        "商品实付/实退": "-90.00",
    }
    load(
        "结算.csv",
        SETTLEMENT,
        {**sale, "佣金": f"{sign * 8}", "支付渠道费": f"{sign * 1.6}"},
        {**back, "售后单号": "R1", "佣金": f"{sign * -3.6}"},
    )
    expected = [("佣金", Decimal("-3.6")), ("支付渠道费", Decimal("1.6")), ("佣金", Decimal(8))]
    assert expected == rows(project, "SELECT fee_raw, amount FROM fees ORDER BY amount")


def test_fees_that_no_column_explains(load: Load, project: Project, rows: Rows) -> None:
    """What was deducted beyond the fee columns is a fee of its own: the fees add up to the deductions."""
    cells = {"动账金额": "190.00", "商品实付/实退": "200.00", "佣金": "-8.00", "支付渠道费": "0.00"}
    load("结算.csv", SETTLEMENT, {"订单号": "P1", "结算时间": "2026-05-18 02:00:00", **cells})
    expected = [("其他", "其他扣除", Decimal(2)), ("平台扣点", "佣金", Decimal(8))]
    assert expected == rows(project, "SELECT fee_type, fee_raw, amount FROM fees ORDER BY amount")
