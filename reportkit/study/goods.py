"""The merchant's own products (styles) and their variants (SKUs): what they are called and belong to."""

from __future__ import annotations

import pandas as pd

from reportkit.metrics.query import Metrics

__all__ = ["STYLES", "VARIANTS", "styles", "variants"]

STYLES = ["title", "category", "role", "season", "listed"]
VARIANTS = ["style", "title", "category", "season", "status", "list_price", "lead", "lead_sd", "moq"]

# Several files tell of one code: what one leaves open another fills in.
_VARIANTS = """
SELECT
  sku_id, max(spu_id) AS style, max(title) AS title, max(category) AS category, max(season) AS season,
  max(status) AS status, CAST(max(list_price) AS DOUBLE) AS list_price, max(lead_time_days) AS lead,
  max(lead_time_sd) AS lead_sd, max(moq) AS moq
FROM skus
GROUP BY sku_id
"""

_PRODUCTS = """
SELECT
  own.style,
  max(known.title) AS title, max(known.category_l1) AS category, max(known.role) AS role,
  max(known.season) AS season, min(known.listed_date) AS listed
FROM products AS known
JOIN product_styles AS own ON known.platform_id = own.platform_id AND known.spu_id = own.spu_id
WHERE own.style IN (SELECT style FROM line_goods)
GROUP BY own.style
"""


def variants(metrics: Metrics) -> pd.DataFrame:
    """Return one row a SKU, by its code: VARIANTS. Money per piece, days; what nobody tells is missing."""
    return metrics.engine.frame(_VARIANTS).set_index("sku_id").sort_index()


def styles(metrics: Metrics) -> pd.DataFrame:
    """Return one row a style that was sold or has a variant: STYLES; `listed` is its first day on sale anywhere."""
    told = metrics.engine.frame(_PRODUCTS).set_index("style")
    own = variants(metrics).dropna(subset=["style"]).groupby("style")[["title", "category", "season"]].first()
    found = told.combine_first(own).reindex(columns=STYLES).sort_index()
    return found.assign(listed=pd.to_datetime(found["listed"]))
