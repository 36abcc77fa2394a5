"""Every oddity of Kuaishou's exports that touches reading, each in a file of a few rows."""

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

SAMPLES = Path(__file__).resolve().parent.parent / "exports" / "kuaishou"

SETTLEMENT = [
    *(
        "商家ID",
        "订单号",
        "合计收入(元)",
        "订单退款(元)",
        "支付营销回退（元）",
        "技术服务费(元)",
        "合计支出(元)",
    ),
    *("实际结算金额(元)", "实际结算时间"),
]
LEDGER = ["账务流水号", "关联业务单号", "入账时间", "账务方向", "发生额（元）", "期末余额（元）", "业务类型"]


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    return make_project()


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Load:
    """Write a csv and ingest it into the project."""

    def run(name: str, headers: list[str], *cells: list[str]) -> FileResult:
        (file,) = ingest(project, [write_csv(tmp_path / name, headers, list(cells))]).files
        return file

    return run


def test_brackets_of_both_widths_in_one_header_row(load: Load, project: Project, rows: Rows) -> None:
    """(元) and （元） stand in one row; the file reads the same with all of them turned."""
    row = ["31", "2601", "100.00", "20.00", "1.00", "4.00", "25.00", "75.00", "2026-05-20 03:00:00"]
    load("a.csv", SETTLEMENT, row)
    turned = [
        name.replace("（", "<").replace("）", ">").replace("(", "（").replace(")", "）")
        for name in SETTLEMENT
    ]
    turned = [name.replace("<", "(").replace(">", ")") for name in turned]
    load("b.csv", turned, [*row[:1], "2602", *row[2:]])
    found = rows(project, "SELECT gross_amt::INT, deductions::INT, settled_amt::INT FROM settlements")
    assert [(79, 4, 75)] * 2 == found
    assert [(Decimal("8.0000"),)] == rows(project, "SELECT sum(amount) FROM fees")


@pytest.mark.parametrize("name", ["账务方向", "财务方式"])
def test_direction_of_the_ledger_under_either_name(
    load: Load, project: Project, rows: Rows, name: str
) -> None:
    """收 is in, 支 is out whatever sign the figure has, and another word is refused."""
    headers = [name if header == "账务方向" else header for header in LEDGER]
    cells = [
        [number, "26", "2026-05-20 03:00:01", word, amount, "100.00", "订单结算"]
        for number, word, amount in [
            ("F1", "收", "9.00"),
            ("F2", "支", "4.00"),
            ("F3", "支", "-3.00"),
            ("F4", "转", "1"),
        ]
    ]
    file = load("a.csv", headers, *cells)
    assert (3, 1) == (file.accepted, file.rejected)
    found = dict(rows(project, "SELECT flow_id, amount::INT FROM payments"))
    assert {"F1": 9, "F2": -4, "F3": -3} == found


def test_a_ledger_entry_is_known_by_its_number(load: Load, project: Project, rows: Rows) -> None:
    """An entry told again by a later file is one entry."""
    cells = [["F1", "26", "2026-05-20 03:00:01", "收", "9.00", "100.00", "订单结算"]]
    for name in ("动账_20260601080000.csv", "动账_20260602080000.csv"):
        load(name, LEDGER, *cells, ["F2", name, "2026-05-21 03:00:01", "支", "1.00", "99.00", "提现"])
    assert [(2, 8)] == rows(project, "SELECT count(*), sum(amount)::INT FROM payments")


def test_ladder_of_the_samples(project: Project, rows: Rows) -> None:
    """What is due is the goods less what the merchant gave up, on every line but the one of a shared campaign."""
    ingest(project, sorted((SAMPLES / "orders").glob("*.xlsx")))
    found = rows(
        project,
        "SELECT (list_amt - merchant_discount_amt - goods_receivable_amt)::INT, goods_receivable_amt"
        " - buyer_paid_goods_amt - platform_subsidy_amt - influencer_subsidy_amt - payment_subsidy_amt"
        " - coalesce(gov_subsidy_amt, 0) FROM order_lines ORDER BY platform_order_id",
    )
    assert [(0, 0), (8, 0), (0, 0), (0, 0), (0, 0)] == found


def test_one_item_an_order(project: Project, rows: Rows) -> None:
    """Orders and lines are the same rows, and only the paid order that was closed brings a refund."""
    ingest(project, sorted((SAMPLES / "orders").glob("*.xlsx")))
    counts = "SELECT (SELECT count(*) FROM orders), (SELECT count(DISTINCT order_key) FROM order_lines)"
    assert [(5, 5)] == rows(project, counts)
    found = rows(project, "SELECT platform_order_id, refund_goods_amt::INT, is_placeholder FROM refunds")
    assert [("2600000000000004", 45, True)] == found
