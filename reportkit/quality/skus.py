"""Order lines whose code stands for none of the merchant's own."""

from __future__ import annotations

import pandas as pd

from reportkit.engines import quoted
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics
from reportkit.quality.compared import within

__all__ = ["UNMAPPED", "unmapped"]

_CODES = ["platform_id", "platform_sku_id", "sku_id", "spu_id"]
UNMAPPED = [*_CODES, "title", "lines", "qty", "sales", "rows_sql"]


def unmapped(metrics: Metrics, period: str | Period) -> pd.DataFrame:
    """List the codes sold in `period` that no mapping, bundle or code of the merchant's own fits.

    One row per platform_id, platform_sku_id (the platform's number), sku_id (the merchant's code as the
    file has it) and spu_id, the largest `sales` (Decimal, what is due for goods) first; `title` is one of
    its titles, `lines` and `qty` what was sold. Missing codes are None. `rows_sql` returns the order
    lines. QueryError for an unknown period.
    """
    span = period if isinstance(period, Period) else metrics.period(period)
    lines = f"SELECT * FROM sku_lines WHERE match_method = 'none' AND is_sale AND {within('paid_date', span.dates())}"
    sums = metrics.engine.rows(
        f"SELECT {', '.join(_CODES)}, max(title), count(*), sum(qty), "
        f"coalesce(sum(goods_receivable_amt), 0) AS sales FROM ({lines}) "
        f"GROUP BY {', '.join(_CODES)} ORDER BY sales DESC, {', '.join(_CODES)}"
    )
    return pd.DataFrame([(*row, _rows_sql(lines, row)) for row in sums], columns=UNMAPPED, dtype=object)


def _rows_sql(lines: str, codes: tuple[str | None, ...]) -> str:
    same = " AND ".join(
        f"{name} IS NULL" if code is None else f"{name} = {quoted(code)}"
        for name, code in zip(_CODES, codes, strict=False)
    )
    return f"SELECT * FROM ({lines}) WHERE {same}"
