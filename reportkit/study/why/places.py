"""Where a gap lies: part by part against its own target, with what each branch did there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result

if TYPE_CHECKING:
    from reportkit.study.why.tree import Causes

__all__ = ["places"]


def places(told: Causes) -> tuple[pd.DataFrame, Result]:
    """Return one row a part, the largest gap first, and the answer it is read from.

    Columns: target, value and gap (money; target and gap missing where the part has none), `change` against
    the comparison, and each branch of the rules: what it did to the change, an identity; missing where no
    factor tells.
    """
    study, effects = told.study, told.change.effects
    request = told.roots[0].goal.request
    result = study.ask([request], by=[study.across], compare=["target"])
    frame = result.frame.set_index(column_of(study.across))
    table = pd.DataFrame({"target": frame["target"], "value": frame["value"]}).astype("float64")
    table["gap"] = table["value"] - table["target"]
    for branch, factors in told.rules.branches.items():
        known = effects[[factor for factor in factors if factor in effects]]
        # A factor that does not stand in the chain of a part is 0 there.
        table[branch] = known.where(known != 0).sum(axis=1, min_count=1).reindex(table.index)
    table["change"] = effects["change"].reindex(table.index) if "change" in effects else float("nan")
    return table[table["value"].notna()].sort_values("gap"), result
