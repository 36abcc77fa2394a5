"""The parts that products play, 主推, 引流, 利润 …, and how the sales spread over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.metrics.query import Result

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Roles", "roles"]


@dataclass(frozen=True)
class Roles:
    """GMV and gross profit by role.

    `frame` has one row a role, the largest first, `unknown` (no role told) among them: share and share_then (of
    GMV), profit_share, plan (fractions, NaN where there is none). `planned` tells whether there is a plan at all.
    """

    result: Result
    frame: pd.DataFrame
    planned: bool


def roles(study: Study) -> Roles | None:
    """Return how GMV spreads over roles; None where no product has one, or none of them was sold."""
    result = study.ask(["gmv", "gross_profit"], by=["role"], compare=["previous"])
    wide = result.wide().set_index("role")
    wide = wide[(wide["gmv"] > 0) | (wide["gmv previous"] > 0) | wide.index.isin(study.products.roles)]
    if set(wide.index) <= {"unknown"} or not wide["gmv"].sum() > 0:
        return None
    plan = pd.Series(study.products.roles, dtype="float64").reindex(wide.index)
    profit = wide["gross_profit"] / wide["gross_profit"].sum(min_count=len(wide)) if len(wide) else np.nan
    then = wide["gmv previous"].sum(min_count=1)
    frame = pd.DataFrame(
        {
            "share": wide["gmv"] / (wide["gmv"].sum() or np.nan),
            "share_then": wide["gmv previous"] / (then or np.nan),
            "profit_share": profit,
            "plan": plan,
        }
    ).sort_values("share", ascending=False)
    return Roles(result, frame, bool(study.products.roles))
