"""Every oddity of Shopify's order export that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.ingest.samples import write_csv
from tests.quirks.written import columns, load

Query = Callable[[Project, str], list[tuple]]

ORDERS = columns(
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Currency|Subtotal|Shipping|Created at|"
    "Lineitem quantity|Lineitem name|Lineitem price|Lineitem discount|Shipping Zip|Shipping Phone|Cancelled at|"
    "Refunded Amount|Id"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def first(
    number: int = 1,
    money: str = "paid",
    goods: str = "fulfilled",
    subtotal: str = "10.00",
    refunded: str = "0.00",
    cancelled: str = "",
) -> list[str]:
    """The first row of an order: one piece at 10.00, freight 5.00."""
    when = "2026-05-01 23:30:00 -0400"
    return [
        *(f"#{number}", "testbuyer@example.com", money, when, goods, "USD", subtotal, "5.00", when),
        *(
            "1",
            "Sample quilt",
            "10.00",
            "0.00",
            "'SAMPLEZIP",
            "'+13900012345",
            cancelled,
            refunded,
            f"500{number}",
        ),
    ]


def further(number: int = 1, pieces: str = "1", price: str = "10.00", discount: str = "0.00") -> list[str]:
    """A further line of an order: only the name, the address of the buyer and the line."""
    line = ["", "", "", "", "", "", "", pieces, "Sample towel", price, discount, "", "", "", "", ""]
    return [f"#{number}", "testbuyer@example.com", *line]


def test_order_cells_only_on_the_first_line(project: Project, tmp_path: Path, rows: Query) -> None:
    """Further lines take state, day and currency from the first; the subtotal is shared out to the cent."""
    lines = [first(subtotal="10.00"), further(), further()]
    (file,) = load(project, write_csv(tmp_path / "orders_export.csv", ORDERS, lines))
    assert (3, 0) == (file.accepted, file.rejected)
    assert [("shipped", Decimal(35))] == rows(project, "SELECT status_std, freight_charged FROM orders")
    due = "SELECT count(*), sum(goods_receivable_amt), max(goods_receivable_amt) FROM order_lines"
    assert [(3, Decimal(70), Decimal("23.38"))] == rows(project, due)
    assert [(Decimal(0),)] == rows(
        project, "SELECT max(abs(goods_receivable_amt - buyer_paid_goods_amt)) FROM order_lines"
    )


def test_first_line_speaks_wherever_it_stands(project: Project, tmp_path: Path, rows: Query) -> None:
    """Rows shuffled: the same order."""
    write_csv(tmp_path / "orders_export.csv", ORDERS, [further(), first(goods="unfulfilled"), further()])
    load(project, tmp_path / "orders_export.csv")
    found = rows(project, "SELECT status_raw, freight_charged, created_at::VARCHAR FROM orders")
    assert [("paid / unfulfilled", Decimal(35), "2026-05-02 03:30:00")] == found


def test_line_discount_weighs(project: Project, tmp_path: Path, rows: Query) -> None:
    """A line sold below its price takes less of the subtotal: 15.00 over 10.00 and 5.00."""
    lines = [first(subtotal="15.00"), further(discount="5.00")]
    load(project, write_csv(tmp_path / "orders_export.csv", ORDERS, lines))
    found = rows(project, "SELECT list_amt, goods_receivable_amt FROM order_lines ORDER BY 2")
    assert [(Decimal(70), Decimal(35)), (Decimal(70), Decimal(70))] == found


def test_times_with_an_offset(project: Project, tmp_path: Path, rows: Query) -> None:
    """23:30 at -0400 is half past eleven the next morning in Shanghai, and belongs to that day."""
    load(project, write_csv(tmp_path / "orders_export.csv", ORDERS, [first()]))
    assert [("2026-05-02 03:30:00", "2026-05-02")] == rows(
        project, "SELECT created_at::VARCHAR, created_date::VARCHAR FROM orders"
    )


def test_apostrophes_before_zip_and_phone(project: Project, tmp_path: Path, rows: Query) -> None:
    """They disturb nothing, and neither zip nor phone is kept."""
    (file,) = load(project, write_csv(tmp_path / "orders_export.csv", ORDERS, [first()]))
    assert (1, 0) == (file.accepted, file.rejected)
    kept = rows(project, "SELECT orders::VARCHAR FROM orders")[0][0]
    assert "SAMPLEZIP" not in kept
    assert "13900012345" not in kept


def test_states_of_money_and_goods(project: Project, tmp_path: Path, rows: Query) -> None:
    """Money decides until it came in, then the goods do; nothing fulfilled yet is written as nothing."""
    states = {
        ("paid", "fulfilled"): "shipped",
        ("paid", "unfulfilled"): "paid",
        ("paid", "partial"): "partially_shipped",
        ("paid", ""): "paid",
        ("pending", "unfulfilled"): "pending_payment",
        ("authorized", "unfulfilled"): "pending_payment",
        ("refunded", "fulfilled"): "closed",
        ("partially_refunded", "fulfilled"): "shipped",
        ("voided", "unfulfilled"): "closed",
    }
    lines = [first(number, *state) for number, state in enumerate(states)]
    load(project, write_csv(tmp_path / "orders_export.csv", ORDERS, [*lines, first(9, "paid", "lost")]))
    found = rows(project, "SELECT status_std FROM orders ORDER BY platform_order_id")
    assert list(states.values()) == [state for (state,) in found]
    assert [("paid lost",)] == rows(project, "SELECT raw FROM rejects")


def test_refunded_amount_becomes_a_refund_without_a_day(
    project: Project, tmp_path: Path, rows: Query
) -> None:
    """The order's refund is known, its day only where the order was cancelled; it is counted once."""
    lines = [
        first(1, "partially_refunded", refunded="4.00"),
        further(1),
        first(2, "refunded", refunded="15.00", cancelled="2026-05-04 08:00:00 -0400"),
        first(3),
    ]
    load(project, write_csv(tmp_path / "orders_export.csv", ORDERS, lines))
    found = rows(project, "SELECT refund_goods_amt, status_std, refunded_at::VARCHAR FROM refunds ORDER BY 1")
    assert [
        (Decimal(28), "partial_success", None),
        (Decimal(105), "success", "2026-05-04 12:00:00"),
    ] == found
