"""Products that come back more than others of their kind, at the same age and on the same platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from reportkit.analysis.proportions import against_rate

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["returned"]

_SURE = 3.0  # deviations beyond which a product is no part of what is usual
_MAD = 1.4826
_FEW = 8  # products below which their spread says nothing


def returned(study: Study, category: pd.Series) -> pd.DataFrame:
    """Return by style (index of `category`) whether its refunds are high, and the share of orders beyond the usual.

    What is usual is the rate of the other products that were paid in the same week on the same platform, times
    how the category compares with all: refunds still come in, and platforms differ. Of many products some lie
    high by chance, so the share of false ones is held down (Benjamini and Hochberg 1995). Columns: high (bool), more.
    """
    rules = study.products.tags
    wide = study.ask(["orders", "refund_orders"], by=["style", "platform", "week"]).wide()
    wide = wide[wide["style"].isin(category.index) & (wide["orders"] > 0)].fillna({"refund_orders": 0.0})
    found, usual = _usual(wide, category, set())
    test = against_rate(found["refund_orders"], found["orders"], usual)
    found, usual = _usual(wide, category, set(test.index[test["z"] >= _SURE]))
    z = against_rate(found["refund_orders"], found["orders"], usual)["z"].dropna()
    spread = (_MAD * (z - z.median()).abs().median()) ** 2 if len(z) >= _FEW else 1.0
    test = against_rate(found["refund_orders"], found["orders"], usual, max(spread, 1.0))
    more = test["rate"] - usual
    told = test["above"].notna() & (found["orders"] >= study.project.policy.min_n)
    sure = pd.Series(1.0, index=test.index)
    sure[told] = false_discovery_control(test.loc[told, "above"])
    high = (
        told & (test["z"] >= rules.refunds_sd) & (sure <= rules.false_share) & (more >= rules.refunds_above)
    )
    return pd.DataFrame({"high": high, "more": more})


def _usual(wide: pd.DataFrame, category: pd.Series, odd: set[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Return orders and refunds by style, and the usual rate of each; `odd` products tell nothing of the others."""
    keys = [wide["platform_id"], wide["week"]]
    plain = wide[["refund_orders", "orders"]].where(~wide["style"].isin(odd), 0.0)
    others = plain.groupby(keys).transform("sum") - plain
    expected = wide["orders"] * others["refund_orders"] / others["orders"].where(others["orders"] > 0)
    sums = wide.assign(expected=expected).groupby("style")[["refund_orders", "orders", "expected"]].sum()
    sums = sums.reindex(category.index).fillna(0.0)
    ratio = (sums["refund_orders"] / sums["expected"].where(sums["expected"] > 0)).where(
        ~sums.index.isin(odd)
    )
    level = ratio.groupby(category.fillna("")).transform("median").fillna(1.0).clip(lower=0.0)
    usual = level * sums["expected"] / sums["orders"].where(sums["orders"] > 0)
    return sums, pd.Series(np.minimum(usual, 1.0), index=usual.index)
