"""What was sold of each SKU, day by day, on all platforms: stock is one for all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from reportkit.metrics.query import Metrics

__all__ = ["daily", "pivoted", "rows_sold"]

_SOLD = """
SELECT
  CAST(paid_date AS DATE) AS day, merchant_sku AS sku, platform_id AS platform,
  CAST(sum(pieces) AS DOUBLE) AS units,
  CAST(sum(CASE WHEN match_method <> 'bundle' THEN goods_receivable_amt END) AS DOUBLE) AS amount,
  CAST(sum(CASE WHEN match_method <> 'bundle' THEN pieces END) AS DOUBLE) AS priced,
  CAST(sum(CASE WHEN match_method <> 'bundle' THEN sku_cost_amt END) AS DOUBLE) AS cost
FROM sku_lines
WHERE is_sale AND merchant_sku IS NOT NULL AND paid_date BETWEEN DATE '{first}' AND DATE '{last}'
GROUP BY ALL
"""


def daily(metrics: Metrics, first: date, last: date) -> pd.DataFrame:
    """Return what was paid from `first` to `last`: day, sku, platform, units, amount, priced, cost.

    `amount` (money) and `cost` are of the `priced` units only: a bundle's money belongs to no one SKU.
    """
    found = metrics.engine.frame(_SOLD.format(first=first, last=last))
    return found.assign(day=pd.to_datetime(found["day"]))


def pivoted(sold: pd.DataFrame, first: date, last: date, column: str = "units") -> pd.DataFrame:
    """Return `column` as days × SKUs, every day from `first` to `last` there, 0 where nothing was sold."""
    days = pd.date_range(first, last, name="day")
    inside = sold[(sold["day"] >= days[0]) & (sold["day"] <= days[-1])] if len(days) else sold.head(0)
    table = inside.pivot_table(index="day", columns="sku", values=column, aggfunc="sum", fill_value=0.0)
    return table.reindex(days, fill_value=0.0)


def rows_sold(sku: str, last: date, days: int) -> str:
    """Return the SELECT of the order lines of `sku` in the `days` up to `last`."""
    first = last - timedelta(days=days - 1)
    code = sku.replace("'", "''")
    return (
        f"SELECT * FROM sku_lines WHERE is_sale AND merchant_sku = '{code}' "
        f"AND paid_date BETWEEN DATE '{first}' AND DATE '{last}'"
    )
