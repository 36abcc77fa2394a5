"""Every oddity of WooCommerce's plugin exports that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import load, plain

Query = Callable[[Project, str], list[tuple]]

ORDERS = [
    "Order Number",
    "Order Status",
    "Order Date",
    "Order Total Amount",
    "Order Total Tax Amount",
    "Currency",
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def test_states(project: Project, tmp_path: Path, rows: Query) -> None:
    """Every state the shop knows by itself is told in our words."""
    states = {
        **{"completed": "completed", "processing": "paid", "refunded": "closed", "on-hold": "on_hold"},
        **{"pending": "pending_payment", "cancelled": "closed", "failed": "closed"},
    }
    lines = [
        [number, state, "2026-05-01 10:00:00", "20.00", "2.00", "USD"] for number, state in enumerate(states)
    ]
    load(project, plain(tmp_path / "orders-2026-05-05.csv", [ORDERS, *lines]))
    assert states == dict(rows(project, "SELECT status_raw, status_std FROM orders"))
    assert [(3,)] == rows(project, "SELECT count(*) FROM orders WHERE paid_at IS NOT NULL")
    assert [("2", Decimal(140))] == rows(project, "SELECT platform_order_id, refund_goods_amt FROM refunds")


def test_headers_depend_on_the_plugin(project: Project, tmp_path: Path, rows: Query) -> None:
    """Freight comes off where its column was chosen; without the currency the file is asked for it."""
    cells = ["1", "completed", "2026-05-01 10:00:00", "20.00", "2.00", "USD"]
    load(project, plain(tmp_path / "a.csv", [[*ORDERS, "Order Shipping Amount"], [*cells, "5.00"]]))
    assert [(Decimal(105),)] == rows(project, "SELECT goods_receivable_amt FROM order_lines")
    (file,) = load(project, plain(tmp_path / "b.csv", [ORDERS[:-1], cells[:-1]]))
    assert 'needs the column "Currency"' in file.notes[0]
