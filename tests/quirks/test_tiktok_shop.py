"""Every oddity of TikTok Shop's exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import EXPORTS, sample_project
from tests.quirks.written import (
    book,
    columns,
    damaged,
    load,
    plain,
    sheets,
    split_header,
    wrong_dimension,
)

Query = Callable[[Project, str], list[tuple]]

ORDERS = columns(
    "Order ID|Order Status|SKU ID|Seller SKU|Quantity|SKU Subtotal Before Discount|SKU Platform Discount|"
    "SKU Seller Discount|Shipping Fee After Discount|Order Amount|Created Time|Paid Time|Country|Recipient"
)
NOTE = ["Platform unique order ID.", "Current order status.", *["Explains."] * 12]
INCOME = columns(
    "Order/adjustment ID|Type|Order created time|Order settled time|Currency|Total settlement amount|"
    "Total Revenue|Total Fees"
)
RETURNS = columns(
    "Return Order ID|Order ID|Seller SKU|Product Name|Time Requested|Return Quantity|Return Reason|"
    "Return unit price|Return Type|Return Status"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def order(
    number: str = "576000000000000021",
    state: str = "Shipped",
    before: str = "10.00",
    when: str = "05/06/2026 10:00:00",
    country: str = "United Kingdom",
) -> list[str]:
    """One row of the order file: two pieces, the seller bears 1.00 and the platform 2.00."""
    return [
        *(number, state, "1731", "SKU-A", "2", before, "2.00", "1.00", "3.00", "10.00"),
        *(when, when, country, "Test Buyer"),
    ]


def test_description_row_below_the_header(project: Project, tmp_path: Path, rows: Query) -> None:
    """The row that explains the columns is no order and no reject."""
    (file,) = load(project, book(tmp_path / "All order.xlsx", [ORDERS, NOTE, order()]))
    assert (2, 1, 0, 1) == (file.read, file.accepted, file.rejected, file.skipped)
    assert [("576000000000000021",)] == rows(project, "SELECT platform_order_id FROM orders")


def test_first_row_is_kept_where_no_description_stands(project: Project, tmp_path: Path) -> None:
    """A csv has no such row: its first row counts."""
    (file,) = load(project, plain(tmp_path / "order.csv", [ORDERS, order()], "utf-8-sig"))
    assert (1, 1, 0) == (file.read, file.accepted, file.skipped)


def test_cells_that_end_with_a_tab_behind_a_bom(project: Project, tmp_path: Path, rows: Query) -> None:
    """Ids and times lose the tab, and the first header its mark."""
    cells = [cell + "\t" if place in (0, 2, 10, 11) else cell for place, cell in enumerate(order())]
    load(project, plain(tmp_path / "order.csv", [ORDERS, cells], "utf-8-sig"))
    found = rows(project, "SELECT platform_order_id, created_at::VARCHAR FROM orders")
    assert [("576000000000000021", "2026-06-05 02:00:00")] == found


def test_days_first_and_months_first(project: Project, tmp_path: Path, rows: Query) -> None:
    """AM or PM tells that the month stands first; the day printed is the business day."""
    days = {
        "05/06/2026 22:00:00": "2026-06-05",
        "05/06/2026 10:00:00 PM": "2026-05-06",
        "12/31/2025 11:59:59 PM": "2025-12-31",
        "31/12/2025 23:59:59": "2025-12-31",
    }
    orders = [order(str(number), when=written) for number, written in enumerate(days)]
    load(project, book(tmp_path / "order.xlsx", [ORDERS, NOTE, *orders]))
    found = rows(project, "SELECT created_date::VARCHAR FROM orders ORDER BY platform_order_id")
    assert list(days.values()) == [day for (day,) in found]


@pytest.mark.parametrize(
    "damage",
    [wrong_dimension, lambda xml: split_header(wrong_dimension(xml))],
    ids=["dimension A1:A1", "each header cell in a row of its own"],
)
def test_damaged_workbook_is_read_whole(
    project: Project, tmp_path: Path, damage: Callable[[str], str]
) -> None:
    """A sheet that says it holds one cell holds them all."""
    path = damaged(book(tmp_path / "order.xlsx", [ORDERS, NOTE, order(), order("5")]), damage)
    (file,) = load(project, path)
    assert ("loaded", 3, 2) == (file.state, file.read, file.accepted)


def test_localised_states(project: Project, tmp_path: Path, rows: Query) -> None:
    """States come in the language of the seller centre; the platform's word is kept beside ours."""
    words = {
        **{"Unpaid": "pending_payment", "To ship": "paid", "Shipped": "shipped", "Delivered": "shipped"},
        **{"Completed": "completed", "Canceled": "closed", "Cancelled": "closed"},
        **{"ที่จะจัดส่ง": "paid", "จัดส่งแล้ว": "shipped", "ยกเลิกแล้ว": "closed"},
        **{"Perlu dikirim": "paid", "Selesai": "completed", "Đã hủy": "closed"},
    }
    orders = [order(str(number), word) for number, word in enumerate(words)]
    load(project, book(tmp_path / "order.xlsx", [ORDERS, NOTE, *orders]))
    assert words == dict(rows(project, "SELECT status_raw, status_std FROM orders"))


def test_unknown_state_is_refused_and_shown(project: Project, tmp_path: Path, rows: Query) -> None:
    """A word nobody mapped is never guessed."""
    (file,) = load(project, book(tmp_path / "order.xlsx", [ORDERS, NOTE, order(), order("5", "Lost")]))
    assert (1, 1) == (file.accepted, file.rejected)
    assert [("OrderStatus", "Lost")] == rows(project, 'SELECT "column", raw FROM rejects')


def test_order_amount_is_never_summed(project: Project, tmp_path: Path, rows: Query) -> None:
    """What belongs to the order stands on each of its rows: goods are the lines', freight is counted once."""
    load(project, book(tmp_path / "order.xlsx", [ORDERS, NOTE, order(), order(before="20.00")]))
    lines = "SELECT sum(goods_receivable_amt), sum(platform_subsidy_amt), sum(buyer_paid_goods_amt)"
    assert [(Decimal(252), Decimal(36), Decimal(216))] == rows(project, f"{lines} FROM order_lines")
    assert [(Decimal(27),)] == rows(project, "SELECT sum(freight_charged) FROM orders")


def test_amount_ladder_adds_up(project: Project, rows: Query) -> None:
    """Due for goods is what the buyer paid and others bore, on every line that tells all of them."""
    load(
        project, *(path for path in (EXPORTS / "tiktok_shop" / "orders").iterdir() if path.suffix != ".yaml")
    )
    gap = """goods_receivable_amt - buyer_paid_goods_amt - platform_subsidy_amt
        - coalesce(payment_subsidy_amt, 0)"""
    told = f"SELECT count(*), max(abs({gap})) FROM order_lines WHERE buyer_paid_goods_amt IS NOT NULL"
    assert [(7, Decimal(0))] == rows(project, told)


def test_extra_columns_and_state_instead_of_province(project: Project, tmp_path: Path, rows: Query) -> None:
    """A newer version has more columns; the discount of the payment is the order's and shared out."""
    headers = [*ORDERS, "Payment platform discount", "Retail Delivery Fee", "Creator Handle", "State"]
    more = ["3.00", "0.28", "testcreator", "Sample State"]
    lines = [[*order(), *more], [*order(before="20.00"), *more]]
    load(project, book(tmp_path / "order.xlsx", [headers, ["Explains."] * 18, *lines]))
    assert [(Decimal(9), Decimal(18))] == rows(
        project, "SELECT min(payment_subsidy_amt), max(payment_subsidy_amt) FROM order_lines"
    )
    assert [("Sample State",)] == rows(project, "SELECT province FROM orders")


def test_cancelled_and_undelivered_orders_are_the_same_export(project: Project, tmp_path: Path) -> None:
    """Sheet OrderSKUList, data from the third row, closed before payment: read as orders."""
    cells = [*order(state="Canceled")]
    cells[11] = ""
    path = book(tmp_path / "Cancelled.xlsx", [ORDERS, NOTE, cells], "OrderSKUList")
    (file,) = load(project, path)
    assert ("tiktok_shop/orders", 1) == (file.source, file.accepted)


def test_dots_group_thousands_in_dong_and_rupiah(project: Project, tmp_path: Path, rows: Query) -> None:
    """1.250.001 dong are one and a quarter million; elsewhere the dot is the decimal point."""
    due = {
        ("Vietnam", "1.250.001"): "375.0000",
        ("Viet Nam", "150.001"): "45.0000",
        ("Indonesia", "200.001"): "90.0000",
        ("Thailand", "1,250.00"): "249.8000",
        ("United States", "10.00"): "63.0000",
    }
    orders = []
    for number, (country, before) in enumerate(due):
        cells = order(str(number), before=before, country=country)
        cells[7] = "1" if "." in before[:-3] or country == "Indonesia" else "1.00"
        orders.append(cells)
    (file,) = load(project, book(tmp_path / "order.xlsx", [ORDERS, NOTE, *orders]))
    assert 0 == file.rejected
    found = rows(project, "SELECT goods_receivable_amt::VARCHAR FROM order_lines ORDER BY platform_order_id")
    assert list(due.values()) == [amount for (amount,) in found]


def test_currency_without_a_rate_is_refused(project: Project, tmp_path: Path) -> None:
    """A row that cannot be converted says so and is not taken as our own money."""
    (file,) = load(
        project, book(tmp_path / "order.xlsx", [ORDERS, NOTE, order(), order("5", country="Mexico")])
    )
    assert (1, 1) == (file.accepted, file.rejected)
    assert "no exchange rate" in file.notes[0]


def test_currency_that_nobody_tells_is_refused(project: Project, tmp_path: Path) -> None:
    """Without a currency amounts would be lost without a word."""
    lines = [ORDERS, NOTE, order(), order("5", country=""), order("6", country="Atlantis")]
    (file,) = load(project, book(tmp_path / "order.xlsx", lines))
    assert (1, 2) == (file.accepted, file.rejected)


def income(
    number: str, when: str, amount: object, kind: str = "Order", fees: object = -1.5, currency: str = "USD"
) -> list[object]:
    """One row of the income file."""
    return [number, kind, "2026/06/01", when, currency, amount, 0, fees]


def test_headers_with_trailing_spaces(project: Project, tmp_path: Path, rows: Query) -> None:
    """Order/adjustment ID stands with two spaces behind it."""
    headers = [f"{name}  " for name in INCOME]
    path = book(tmp_path / "income.xlsx", [headers, income("576", "2026/06/10", 8.5)], "Order details")
    load(project, path)
    found = rows(project, "SELECT gross_amt, deductions, settled_amt FROM settlements")
    assert [(Decimal(70), Decimal("10.5"), Decimal("59.5"))] == found


@pytest.mark.parametrize(
    "renamed",
    [
        {"Order/adjustment ID": "Order\\adjustment ID"},
        {"Order/adjustment ID": "Order/Adjustment ID", "Type": "Transaction type"},
        {"Order created time": "Order created time(UTC)"},
        {
            "Order/adjustment ID": "ID đơn hàng/điều chỉnh",
            "Type": "Loại giao dịch",
            "Order settled time": "Thời gian quyết toán đơn hàng",
            "Currency": "Đơn vị tiền tệ",
            "Total settlement amount": "Tổng số tiền quyết toán",
            "Total Fees": "Tổng phí",
        },
    ],
    ids=["backslash", "Transaction type", "UTC", "Vietnamese"],
)
def test_renamed_headers(project: Project, tmp_path: Path, rows: Query, renamed: dict[str, str]) -> None:
    """The names changed over time and by country, the meaning did not."""
    headers = [renamed.get(name, name) for name in INCOME]
    load(project, book(tmp_path / "income.xlsx", [headers, income("576", "2026/06/10", 8.5)]))
    assert [("576", Decimal("59.5"))] == rows(
        project, "SELECT platform_order_id, settled_amt FROM settlements"
    )


def test_summary_sheets_beside_order_details(project: Project, tmp_path: Path, rows: Query) -> None:
    """Only the sheet of orders is read; 99 columns do not matter."""
    headers = [*INCOME, *(f"More {number}" for number in range(91))]
    path = tmp_path / "income.xlsx"
    sheets(
        path,
        {
            "Reports": [["Total settlement amount", 8.5], ["Total Revenue", 10]],
            "Order details": [headers, income("576", "2026/06/10", 8.5)],
        },
    )
    assert ["ignored", "loaded"] == sorted(file.state for file in load(project, path))
    assert [(1,)] == rows(project, "SELECT count(*) FROM settlements")


def test_week_that_repeats_the_settlement_before(project: Project, tmp_path: Path, rows: Query) -> None:
    """The last week's block stands once more in the new file: each order and day counts once."""
    first = [income("1", "2026/06/03", 10), income("2", "2026/06/03", 20)]
    second = [*first, income("1", "2026/06/10", -4), income("3", "2026/06/10", 5)]
    load(
        project,
        book(tmp_path / "income_20260604.xlsx", [INCOME, *first]),
        book(tmp_path / "income_20260611.xlsx", [INCOME, *second]),
    )
    assert [(4, Decimal(31 * 7))] == rows(project, "SELECT count(*), sum(settled_amt) FROM settlements")
    assert [(Decimal("42"),)] == rows(project, "SELECT sum(amount) FROM fees")


def test_rows_of_one_order_settled_together_all_count(project: Project, tmp_path: Path, rows: Query) -> None:
    """Each SKU holds its own share, equal or not."""
    same = income("1", "2026/06/03", 10)
    load(project, book(tmp_path / "income.xlsx", [INCOME, same, same, income("1", "2026/06/03", 5)]))
    assert [(3, Decimal(175))] == rows(project, "SELECT count(*), sum(settled_amt) FROM settlements")


def test_order_ids_are_text(project: Project, tmp_path: Path, rows: Query) -> None:
    """18 digits survive as text; as a number of a spreadsheet they are lost and refused."""
    path = tmp_path / "income.xlsx"
    kept, lost = income("576000000000000021", "2026/06/03", 1), income("", "2026/06/03", 1)
    lost[0] = 576000000000000021.0
    (file,) = load(project, book(path, [INCOME, kept, lost]))
    assert [("576000000000000021",)] == rows(project, "SELECT platform_order_id FROM settlements")
    assert "rounded by a spreadsheet" in file.notes[0]


def returned(price: str, kind: str = "Refund only", state: str = "Completed") -> list[str]:
    """One row of the returns file: two pieces."""
    return ["403", "576", "SKU-A", "Sample quilt", "05/06/2026 10:00:00", "2", "Damaged", price, kind, state]


def test_price_of_a_return_tells_its_currency(project: Project, tmp_path: Path, rows: Query) -> None:
    """The sign at the price is the currency; dong group thousands by dots."""
    amounts = {"1.100.000₫": "660.0000", "100.000₫": "60.0000", "฿1,425.00": "570.0000", "£4.50": "81.0000"}
    lines = [[str(number), *returned(price)[1:]] for number, price in enumerate(amounts)]
    load(project, book(tmp_path / "Return.xlsx", [RETURNS, *lines]))
    found = rows(project, "SELECT refund_goods_amt::VARCHAR FROM refunds ORDER BY platform_refund_id")
    assert list(amounts.values()) == [amount for (amount,) in found]


def test_return_without_a_currency_is_refused(project: Project, tmp_path: Path) -> None:
    """A bare number could be any money."""
    other = returned("4.50")
    other[0] = "404"
    (file,) = load(project, book(tmp_path / "Return.xlsx", [RETURNS, returned("£4.50"), other]))
    assert (1, 1) == (file.accepted, file.rejected)


def test_return_type_and_state(project: Project, tmp_path: Path, rows: Query) -> None:
    """Type and state of a return are told in our words, and theirs are kept."""
    lines = [returned("£4.50", "Return and refund"), ["404", *returned("£4.50", "Refund only")[1:]]]
    load(project, book(tmp_path / "Return.xlsx", [RETURNS, *lines]))
    found = rows(project, "SELECT type, status_raw, status_std FROM refunds ORDER BY platform_refund_id")
    assert [("退货退款", "Completed", "success"), ("仅退款", "Completed", "success")] == found
