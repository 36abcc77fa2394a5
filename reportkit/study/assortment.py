"""What the mix of categories did to the money, beside pieces and prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.decompose import decompose
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.change import COMPARISONS
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Assortment", "assortment"]

_FACTORS = ["volume", "mix", "price"]


@dataclass(frozen=True)
class Assortment:
    """GMV and units by category, and what moved GMV against the period `against` (None: nothing to compare).

    GMV is pieces in all × the category's share of them × its price. `effects` has one row a category: volume,
    mix, price, whole (what could not be split), change: money; together they are the change of GMV.
    """

    result: Result
    against: str | None
    effects: pd.DataFrame

    def total(self, factor: str) -> float:
        """Return the effect of one factor over all categories, money."""
        return float(self.effects[factor].sum())

    def figure(self, factor: str, category: str = "") -> Figure:
        """Return one effect with the rows behind it; without a category that of all."""
        value = number(self.effects, category, factor) if category else self.total(factor)
        dims = {"category": category} if category else {}
        return Figure(f"assortment.{factor}", value, "money", dims, self.result.rows_sql("gmv", **dims))


def assortment(study: Study) -> Assortment:
    """Split the change of GMV by category, against last year where there was one, else the period before."""
    result = study.ask(["gmv", "units"], by=["category"], compare=list(COMPARISONS))
    wide = result.wide().set_index("category")
    for against in COMPARISONS:
        if f"gmv {against}_then" in wide and (wide[f"gmv {against}_then"] > 0).any():
            then, now = (_chain(wide, against, side) for side in ("then", "now"))
            return Assortment(result, against, decompose(then, now, _FACTORS, "gmv"))
    return Assortment(result, None, pd.DataFrame(columns=[*_FACTORS, "whole", "change"]))


def _chain(wide: pd.DataFrame, against: str, side: str) -> pd.DataFrame:
    gmv, units = (wide[f"{name} {against}_{side}"] for name in ("gmv", "units"))
    sold = units.where(units > 0)
    chain = {"volume": units.sum(), "mix": sold / units.sum(), "price": gmv / sold, "gmv": gmv}
    return pd.DataFrame(chain, index=wide.index)
