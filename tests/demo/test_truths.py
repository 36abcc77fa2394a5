"""What the lake holds after ingesting the demo is what truly happened, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult

FIGURES = {
    "gmv": """SELECT l.platform_id, o.paid_date AS day, l.goods_receivable_amt AS value
        FROM order_lines l JOIN orders o USING (order_key)""",
    "orders": "SELECT platform_id, paid_date AS day, 1 AS value FROM orders",
    "refunds_by_refund_date": """SELECT platform_id, refunded_date AS day, refund_goods_amt AS value
        FROM refunds""",
    "refunds_by_pay_date": """SELECT r.platform_id, o.paid_date AS day, refund_goods_amt AS value
        FROM refunds r JOIN orders o USING (order_key) WHERE r.refunded_at IS NOT NULL""",
    "visitors": "SELECT platform_id, date_from AS day, visitors AS value FROM traffic",
    "ad_spend": "SELECT platform_id, date AS day, spend_cash AS value FROM ads",
}


def monthly(engine: DuckDBEngine, rows: str) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    sql = f"""SELECT platform_id, strftime(day, '%Y-%m'), sum(value) FROM ({rows}) WHERE day IS NOT NULL
        GROUP BY ROLLUP (platform_id), 2 ORDER BY ALL"""
    for platform, month, value in engine.rows(sql):
        found.setdefault(platform or "all", {})[month] = Decimal(value)
    return found


@pytest.mark.parametrize("figure", FIGURES)
def test_lake_equals_truth(figure: str, truths: dict[str, Any], engine: DuckDBEngine) -> None:
    """Every month of every platform, and their sum, is in the lake as it happened."""
    expected = {
        platform: {month: Decimal(value) for month, value in months.items()}
        for platform, months in truths["monthly"][figure].items()
    }
    assert expected == monthly(engine, FIGURES[figure])


def test_every_file_is_recognised_by_its_source(truths: dict[str, Any], ingested: IngestResult) -> None:
    """No file fails, no row is refused, and every row of every file was read."""
    expected = {path: (facts["source"], facts["rows"], 0) for path, facts in truths["files"].items()}
    found = {file.path: (file.source, file.read, file.rejected) for file in ingested.files}
    copies = [path for path, facts in truths["files"].items() if facts["kind"] == "copy"]
    for path in copies:
        # Of two files with the same bytes, the one met first is loaded and the other is known.
        first, second = sorted([path, path.replace(" (1)", "")])
        assert found.pop(second) == ("", 0, 0)
        assert found.pop(first) == expected.pop(first) == expected.pop(second)
    assert expected == found


def test_newer_state_wins(truths: dict[str, Any], engine: DuckDBEngine) -> None:
    """A month downloaded again shows its orders finished, though the first download knew them as shipped."""
    month = truths["months"][-2]
    states = dict(
        engine.rows(
            f"""SELECT status_std, count(*) FROM orders WHERE strftime(created_date, '%Y-%m') = '{month}'
            GROUP BY 1 ORDER BY 1"""
        )
    )
    assert {"closed", "completed"} == set(states)


def test_the_oldest_month_stands_in_with_placeholders(truths: dict[str, Any], engine: DuckDBEngine) -> None:
    """Tmall's line reports are missing for the first month: there each order has one stand-in line."""
    rows = engine.rows(
        """SELECT DISTINCT strftime(created_date, '%Y-%m'), is_placeholder FROM order_lines
        WHERE platform_id = 'tmall' ORDER BY 1"""
    )
    assert [(month, number < 1) for number, month in enumerate(truths["months"])] == rows


def test_amount_ladder_holds(engine: DuckDBEngine) -> None:
    """What is due is what the buyer paid and what others bore, on every Douyin line."""
    broken = engine.rows(
        """SELECT count(*) FROM order_lines WHERE platform_id = 'douyin' AND goods_receivable_amt <>
        buyer_paid_goods_amt + platform_subsidy_amt + influencer_subsidy_amt + payment_subsidy_amt"""
    )
    assert broken == [(0,)]


def test_list_price_less_discount_is_due(engine: DuckDBEngine) -> None:
    """What is due is the list price less what the merchant gave away, on every real line."""
    broken = engine.rows(
        """SELECT count(*) FROM order_lines WHERE NOT is_placeholder
        AND list_amt - merchant_discount_amt <> goods_receivable_amt"""
    )
    assert broken == [(0,)]


def test_nothing_personal_is_kept(engine: DuckDBEngine) -> None:
    """Neither a buyer's name nor a masked phone reaches the lake."""
    kept = engine.rows(
        """SELECT count(*) FROM orders
        WHERE customer_key LIKE '%买家%' OR COLUMNS(*)::VARCHAR LIKE '%138****%'"""
    )
    assert kept == [(0,)]
