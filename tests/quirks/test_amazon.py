"""Every oddity of Amazon's flat files that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import columns, load, plain

Query = Callable[[Project, str], list[tuple]]

ORDERS = columns(
    "amazon-order-id|purchase-date|order-status|sales-channel|product-name|sku|asin|item-status|quantity|currency|"
    "item-price|shipping-price|item-promotion-discount|ship-promotion-discount"
)
SETTLEMENT = columns(
    "settlement-id|total-amount|currency|transaction-type|order-id|amount-type|amount-description|amount|"
    "posted-date|posted-date-time"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def item(
    number: str = "111-1",
    state: str = "Shipped",
    name: str = "Sample quilt",
    currency: str = "USD",
    price: str = "20.00",
) -> list[str]:
    """One row of the orders report: two pieces, 1.00 of promotion, 3.00 of freight of which 1.00 is given."""
    when = "2020-05-01T20:00:00+00:00"
    return [
        *(number, when, state, "Amazon.com", name, "SKU-A", "B01", state, "2", currency, price),
        *(("3.00", "1.00", "1.00") if price else ("", "", "")),
    ]


def entry(
    kind: str, typ: str, what: str, amount: str, day: str = "2026-05-05", order: str = "111-1"
) -> list[str]:
    """One row of the settlement: a component of an amount."""
    return ["17", "", "", kind, order, typ, what, amount, day, f"{day} 10:00:00 UTC"]


def test_tabs_without_quoting(project: Project, tmp_path: Path, rows: Query) -> None:
    """A lone quotation mark in a name is a mark of inches and swallows no rows."""
    lines = [item(name='"Sample 20'), item("111-2", name='Pillow 20" x 30"'), item("111-3", name="a, b")]
    (file,) = load(project, plain(tmp_path / "1.txt", [ORDERS, *lines], delimiter="\t"))
    assert (3, 0) == (file.accepted, file.rejected)
    found = rows(project, "SELECT title FROM order_lines ORDER BY platform_order_id")
    assert ['"Sample 20', 'Pillow 20" x 30"', "a, b"] == [title for (title,) in found]


def test_price_is_the_lines_and_freight_is_added_up(project: Project, tmp_path: Path, rows: Query) -> None:
    """20.00 for two pieces is 20.00; what the merchant gave away comes off."""
    load(project, plain(tmp_path / "1.txt", [ORDERS, item(), item()], delimiter="\t"))
    found = rows(project, "SELECT list_amt, goods_receivable_amt, buyer_paid_goods_amt FROM order_lines")
    assert [(Decimal(140), Decimal(133), Decimal(133))] * 2 == found
    assert [(Decimal(28),)] == rows(project, "SELECT freight_charged FROM orders")


def test_times_with_an_offset(project: Project, tmp_path: Path, rows: Query) -> None:
    """20:00 UTC is four in the morning of the next day in Shanghai."""
    load(project, plain(tmp_path / "1.txt", [ORDERS, item()], delimiter="\t"))
    assert [("2020-05-01 20:00:00", "2020-05-02")] == rows(
        project, "SELECT created_at::VARCHAR, created_date::VARCHAR FROM orders"
    )


def test_newer_columns_at_the_end(project: Project, tmp_path: Path) -> None:
    """Three columns more change nothing."""
    headers = [*ORDERS, "is-business-order", "purchase-order-number", "price-designation"]
    path = plain(tmp_path / "1.txt", [headers, [*item(), "false", "", ""]], delimiter="\t")
    (file,) = load(project, path)
    assert ("amazon/orders", 1) == (file.source, file.accepted)


def test_states_and_pending_without_price(project: Project, tmp_path: Path, rows: Query) -> None:
    """A pending order has neither price nor currency yet, and is not paid."""
    states = {"Pending": "pending_payment", "Unshipped": "paid", "Shipped": "shipped", "Cancelled": "closed"}
    lines = [item("1", "Pending", currency="", price="")]
    lines += [item(str(number), state) for number, state in enumerate(list(states)[1:], start=2)]
    (file,) = load(project, plain(tmp_path / "1.txt", [ORDERS, *lines], delimiter="\t"))
    assert (4, 0) == (file.accepted, file.rejected)
    assert states == dict(rows(project, "SELECT status_raw, status_std FROM orders"))
    assert [("Shipped",), ("Unshipped",)] == rows(
        project, "SELECT status_raw FROM orders WHERE paid_at IS NOT NULL ORDER BY 1"
    )


def test_windows_1252_is_refused_and_not_garbled(project: Project, tmp_path: Path) -> None:
    """An old file whose encoding is not known says in which line it stops being text."""
    path = plain(tmp_path / "1.txt", [ORDERS, item(name="Café")], "cp1252", delimiter="\t")
    (file,) = load(project, path)
    assert "failed" == file.state
    assert "line 2" in file.notes[0]


def test_first_row_holds_only_the_total(project: Project, tmp_path: Path, rows: Query) -> None:
    """It is no entry, but gives every row its currency; components add up to it."""
    total = ["17", "11.50", "USD", *[""] * 7]
    lines = [
        total,
        entry("Order", "ItemPrice", "Principal", "20.00"),
        entry("Order", "ItemPrice", "Shipping", "3.00"),
        entry("Order", "ItemFees", "Commission", "-3.00"),
        entry("Refund", "ItemPrice", "Principal", "-10.00"),
        entry("Refund", "ItemFees", "Commission", "1.50"),
    ]
    (file,) = load(project, plain(tmp_path / "1.txt", [SETTLEMENT, *lines], delimiter="\t"))
    assert (5, 0, 1) == (file.accepted, file.rejected, file.skipped)
    assert [("USD", Decimal("80.5"))] == rows(
        project, "SELECT currency, sum(settled_amt) FROM settlements GROUP BY currency"
    )


def test_components_add_up_by_kind(project: Project, tmp_path: Path, rows: Query) -> None:
    """Each row is one component: fees are deductions and costs, the rest is gross; advertising is no fee."""
    lines = [
        ["17", "12.50", "USD", *[""] * 7],
        entry("Order", "ItemPrice", "Principal", "20.00"),
        entry("Order", "Promotion", "Principal", "-1.00"),
        entry("Order", "ItemFees", "Commission", "-3.00"),
        entry("Order", "ItemFees", "FBAPerUnitFulfillmentFee", "-2.50"),
        entry("ServiceFee", "Cost of Advertising", "TransactionTotalAmount", "-1.00", order=""),
    ]
    load(project, plain(tmp_path / "1.txt", [SETTLEMENT, *lines], delimiter="\t"))
    found = rows(
        project, "SELECT entry_std, sum(gross_amt), sum(deductions) FROM settlements GROUP BY 1 ORDER BY 1"
    )
    assert [("扣费", Decimal(0), Decimal("45.5")), ("货款", Decimal(133), Decimal(0))] == found
    assert [("平台扣点", Decimal(21)), ("运费", Decimal("17.5"))] == rows(
        project, "SELECT fee_type, amount FROM fees ORDER BY 1"
    )


def test_comma_decimals_and_days_with_dots(project: Project, tmp_path: Path, rows: Query) -> None:
    """1040,00 is one thousand and forty, and 05.05.2026 the fifth of May."""
    lines = [
        ["17", "1034,00", "EUR", *[""] * 7],
        entry("Order", "ItemPrice", "Principal", "1040,00", "05.05.2026"),
        entry("Order", "ItemFees", "Commission", "-6,00", "06.05.2026"),
    ]
    load(project, plain(tmp_path / "1.txt", [SETTLEMENT, *lines], delimiter="\t"))
    found = rows(project, "SELECT settle_date::VARCHAR, settled_amt FROM settlements ORDER BY 1")
    assert [("2026-05-05", Decimal(8320)), ("2026-05-06", Decimal(-48))] == found


def test_settlement_downloaded_twice(project: Project, tmp_path: Path, rows: Query) -> None:
    """A settlement is replaced whole, and equal components within it are kept."""
    lines = [["17", "40.00", "USD", *[""] * 7], *[entry("Order", "ItemPrice", "Principal", "20.00")] * 2]
    load(
        project,
        plain(tmp_path / "1.txt", [SETTLEMENT, *lines], delimiter="\t"),
        plain(
            tmp_path / "2.txt", [[*SETTLEMENT, "sku"], *([*line, "SKU-A"] for line in lines)], delimiter="\t"
        ),
    )
    assert [(2, Decimal(280))] == rows(project, "SELECT count(*), sum(settled_amt) FROM settlements")
