"""Stock that will not last until the next delivery, shared out over the platforms that sell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis.allocation import allocate
from reportkit.study.sold import daily

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Scarce", "scarce"]

_COLUMNS = ["sku_id", "platform_id", "rate", "value", "reserved", "given", "cover", "short"]


@dataclass(frozen=True)
class Scarce:
    """The SKUs at risk, and who should have what is left of them.

    `skus` are rows of study.stock with `days`, until the next delivery; `parts` one row a SKU and platform: sku_id,
    platform_id, rate (units a day), value (money a unit), given (units), cover (days), short (units not served).
    """

    skus: pd.DataFrame
    parts: pd.DataFrame


def scarce(study: Study) -> Scarce | None:
    """Share out the stock of every SKU that is at risk; None where nobody counted stock."""
    if study.stock.day is None:
        return None
    stock = study.stock.frame
    found = stock[(stock["zone"] == "risk") & (stock["rate"] > 0)].sort_values("rate", ascending=False)
    coming = found["next_arrival"].where(found["next_arrival"] > 0)
    found = found.assign(days=np.ceil(coming.fillna(found["lead"])))
    needs = _needs(study, found)
    if needs.empty:
        return Scarce(found, pd.DataFrame(columns=_COLUMNS))
    return Scarce(found, allocate(needs, found["available"].clip(lower=0), found["days"])[_COLUMNS])


def _needs(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Return what each platform sells a day of each SKU, and what one unit brings there."""
    if found.empty or study.stock.day is None:
        return pd.DataFrame(columns=_COLUMNS)
    span = study.products.stock.profit_days
    sold = daily(study.metrics, study.stock.day - timedelta(days=span - 1), study.stock.day)
    sums = sold[sold["sku"].isin(found.index)].groupby(["sku", "platform"])[
        ["units", "amount", "cost", "priced"]
    ]
    rows = sums.sum(min_count=1).reset_index().rename(columns={"sku": "sku_id", "platform": "platform_id"})
    whole = rows.groupby("sku_id")["units"].transform("sum")
    rows["rate"] = rows["units"] / whole.where(whole > 0) * rows["sku_id"].map(found["rate"])
    rows["value"] = (rows["amount"] - rows["cost"]) / rows["priced"].where(rows["priced"] > 0)
    return rows[rows["rate"] > 0].assign(reserved=0.0).reset_index(drop=True)
