"""Every oddity of WeChat Pay's bill that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import columns, load, plain

Query = Callable[[Project, str], list[tuple]]

BILL = columns(
    "交易时间|公众账号ID|商户号|微信订单号|商户订单号|交易状态|应结订单金额|代金券金额|微信退款单号|退款金额|商品名称|手续费|费率"
)
TOTALS = ["总交易单数", "应结订单总金额", "退款总金额", "手续费总金额"]

MONEY = "SELECT flow_id, amount, fee FROM payments ORDER BY flow_id"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def ticked(*cells: str) -> list[str]:
    """Cells as WeChat writes them."""
    return [f"`{cell}" for cell in cells]


def paid(number: str = "4201", title: str = "示例四件套") -> list[str]:
    """A payment of 100.00."""
    day = "2026-06-01 10:00:00"
    return ticked(
        day, "wx1", "19", number, "M1", "SUCCESS", "100.00", "0.00", "0", "0.00", title, "0.60", "0.60%"
    )


def refunded(amount: str = "0.00") -> list[str]:
    """A refund of 40.00 of it; `amount` is what stands in the payment's own column."""
    day = "2026-06-01 18:00:00"
    return ticked(
        *(day, "wx1", "19", "4201", "M1", "REFUND", amount, "0.00", "5001", "40.00", "示例", "-0.24", "0.60%")
    )


def test_backtick_before_every_cell(project: Project, tmp_path: Path, rows: Query) -> None:
    """Ids, times, amounts and words are read without it; a refund is money out and gives the fee back."""
    load(project, plain(tmp_path / "bill.csv", [BILL, paid(), refunded()]))
    assert [
        ("4201", Decimal(100), Decimal("0.6")),
        ("5001", Decimal(-40), Decimal("-0.24")),
    ] == rows(project, MONEY)
    assert [("2026-06-01 02:00:00",)] == rows(project, "SELECT min(occurred_at)::VARCHAR FROM payments")


def test_two_lines_of_totals(project: Project, tmp_path: Path, rows: Query) -> None:
    """The last two lines name and hold the totals; they are neither payments nor damaged rows."""
    lines = [BILL, paid(), refunded(), TOTALS, ticked("2", "100.00", "40.00", "0.36")]
    (file,) = load(project, plain(tmp_path / "bill.csv", lines))
    assert (4, 2, 0, 2) == (file.read, file.accepted, file.rejected, file.skipped)


def test_mark_at_the_beginning_of_the_file(project: Project, tmp_path: Path) -> None:
    """A BOM does not hide the first header."""
    (file,) = load(project, plain(tmp_path / "bill.csv", [BILL, paid()], "utf-8-sig"))
    assert ("wechat_pay/trade_bill", 1) == (file.source, file.accepted)


def test_comma_in_a_product_name(project: Project, tmp_path: Path, rows: Query) -> None:
    """It shifts the row: the row is refused with its number, the others are taken, the totals still end the file."""
    lines = [
        BILL,
        paid(),
        paid("4202", "被套,双人"),
        paid("4203"),
        TOTALS,
        ticked("3", "300.00", "0", "1.80"),
    ]
    (file,) = load(project, plain(tmp_path / "bill.csv", lines))
    assert (2, 1, 2) == (file.accepted, file.rejected, file.skipped)
    assert "row 3" in file.notes[0]
    assert ["4201", "4203"] == [flow for flow, _, _ in rows(project, MONEY)]


def test_lone_quotation_mark(project: Project, tmp_path: Path) -> None:
    """Nothing is quoted, so a mark in a name is just a mark."""
    lines = [BILL, paid(title='"示例'), paid("4202", '20"'), paid("4203")]
    (file,) = load(project, plain(tmp_path / "bill.csv", lines))
    assert (3, 0) == (file.accepted, file.rejected)


@pytest.mark.parametrize("name", ["代金券或立减优惠金额", "企业红包金额"], ids=["2016", "2015"])
def test_older_names(project: Project, tmp_path: Path, rows: Query, name: str) -> None:
    """总金额 is 应结订单金额, and on a refund it repeats the payment's; footers had five names."""
    older = [{"应结订单金额": "总金额", "代金券金额": name}.get(header, header) for header in BILL]
    footer = ["总交易单数", "总交易额", "总退款金额", "总代金券或立减优惠退款金额", "手续费总金额"]
    lines = [older, paid(), refunded("100.00"), footer, ticked("2", "200.00", "40.00", "0.00", "0.36")]
    (file,) = load(project, plain(tmp_path / "bill.csv", lines))
    assert (2, 0, 2) == (file.accepted, file.rejected, file.skipped)
    assert [Decimal(100), Decimal(-40)] == [amount for _, amount, _ in rows(project, MONEY)]


def test_bill_downloaded_twice(project: Project, tmp_path: Path, rows: Query) -> None:
    """A payment stands in the day's and in the month's bill, and counts once."""
    day = plain(tmp_path / "All2026-06-01_2026-06-01.csv", [BILL, paid(), refunded()])
    month = plain(tmp_path / "All2026-06-01_2026-06-30.csv", [BILL, paid(), refunded(), paid("4209")])
    load(project, day, month)
    assert [(3, Decimal(160))] == rows(project, "SELECT count(*), sum(amount) FROM payments")
