"""The generator's books: sums by table, platform and month, to the cent."""

from __future__ import annotations

import pandas as pd

from reportkit.demo.ledger import Ledger, told


def days(*texts: str) -> pd.Series:
    """Times as the generator holds them."""
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[s]")


def lines(platform: str, created: pd.Series, due: list[int]) -> list[tuple[str, pd.DataFrame]]:
    """Order lines of one piece each, due in fen."""
    rows = {"platform_id": platform, "created_at": created, "qty": 1, "goods_receivable_amt": due}
    return [("order_lines", pd.DataFrame(rows))]


def test_sums_stand_by_table_platform_and_month_of_the_local_day() -> None:
    """What is added later is added up."""
    ledger = Ledger()
    ledger.add(lines("tmall", days("2025-11-30 23:59:59", "2025-12-01 00:00:00"), [1999, 5]))
    ledger.add(lines("tmall", days("2025-12-31 10:00:00"), [100]))
    ledger.add(lines("pdd", days("2025-11-01"), [-250]))
    assert {
        "order_lines": {
            "pdd": {"2025-11": {"rows": 1, "qty": "1", "goods_receivable_amt": "-2.50"}},
            "tmall": {
                "2025-11": {"rows": 1, "qty": "1", "goods_receivable_amt": "19.99"},
                "2025-12": {"rows": 2, "qty": "2", "goods_receivable_amt": "1.05"},
            },
        }
    } == ledger.totals()


def test_a_table_without_a_day_has_one_sum() -> None:
    """A catalogue is of no month, and what is missing adds nothing."""
    ledger = Ledger()
    prices = {
        "platform_id": "all",
        "sku_id": ["A", "B"],
        "list_price": [29900, 100],
        "lead_time_days": [2.5, None],
    }
    ledger.add([("skus", pd.DataFrame(prices))])
    assert {
        "skus": {"all": {"all": {"rows": 2, "list_price": "300.00", "lead_time_days": "2.5"}}}
    } == ledger.totals()


def test_figures_are_told_without_rounding_money() -> None:
    """Fen as yuan, counts whole, figures without needless zeros."""
    assert ["-0.05", "12345678901.23", "7", "0.125", "100"] == [
        told("money", -5),
        told("money", 1234567890123),
        told("int", 7),
        told("number", 0.125),
        told("number", 100.0),
    ]
