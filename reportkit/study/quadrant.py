"""Which platform is strong, promising, to be kept, or to be put in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.study.change import COMPARISONS, reference

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["CLASSES", "Quadrant", "quadrant"]

CLASSES = ("strong", "promising", "keep", "mend")
_REQUESTS = (
    "gmv", "net_sales.pay_date", "contribution", "contribution_rate", "cost_coverage", "roi_total_net", "roi_breakeven",
)  # fmt: skip
_SIGNS = ("cvr", "roi_total")


@dataclass(frozen=True)
class Quadrant:
    """Every part of `dimension` by its growth and by what it contributes after advertising.

    `table` has one row a part: growth of GMV against the comparison `against`, rate (contribution / net sales),
    net (net sales, money), share of all GMV, better (conversion or return rose in enough of the last weeks),
    losing (below its breakeven twice running), and `class`, one of CLASSES. `growth` and `rate` are those of all parts
    together, the cut lines. Parts whose costs are not known, or that have nothing to compare, are not in it.
    """

    dimension: str
    against: str | None
    result: Result
    table: pd.DataFrame
    growth: float
    rate: float


def quadrant(study: Study) -> Quadrant | None:
    """Return the classes of all parts; None where there is nothing to compare."""
    dimension = study.across
    result = study.ask(_REQUESTS, by=[dimension], compare=COMPARISONS)
    against = reference(result, "gmv")
    if against is None:
        return None
    wide = result.wide().set_index(column_of(dimension))
    table = pd.DataFrame(
        {
            "growth": wide[f"gmv {against}_growth"],
            "rate": wide["contribution_rate"].where(wide["cost_coverage"] >= study.rules.costs),
            "net": wide["net_sales.pay_date"],
            "share": wide["gmv"] / wide["gmv"].sum(),
            "losing": _loses(wide, "") & _loses(wide, " previous"),
        }
    ).dropna()
    known = wide.loc[table.index]
    growth = float(
        known[f"gmv {against}_now"].sum() / (known[f"gmv {against}_then"].sum() or float("nan")) - 1
    )
    rate = float(known["contribution"].sum() / (known["net_sales.pay_date"].sum() or float("nan")))
    table["better"] = table.index.isin(_better(study, dimension))
    table["class"] = [_class(study, row, growth, rate, 1 / max(len(table), 1)) for _, row in table.iterrows()]
    return Quadrant(dimension, against, result, table, growth, rate)


def _loses(wide: pd.DataFrame, when: str) -> pd.Series:
    return wide[f"roi_total_net{when}"] < wide[f"roi_breakeven{when}"]


def _better(study: Study, dimension: str) -> list[str]:
    """Return the parts whose conversion or return rose in enough of the last weeks."""
    rules = study.rules.quadrant
    end = min(study.period.end, study.as_of)
    monday = end - timedelta(days=(end.weekday() + 1) % 7 + 7 * rules.weeks + 6)
    span = study.metrics.period(f"{monday}/{monday + timedelta(days=7 * (rules.weeks + 1) - 1)}")
    weeks = study.ask(_SIGNS, by=[dimension, "week"], period=span).wide()
    rises = weeks.sort_values("week").groupby(column_of(dimension))[list(_SIGNS)].diff() > 0
    counts = rises.groupby(weeks[column_of(dimension)]).sum()
    return [str(part) for part in counts.index[(counts >= rules.improving).any(axis=1)]]


def _class(study: Study, row: pd.Series, growth: float, rate: float, mean_share: float) -> str:
    if row["rate"] < 0 or row["losing"]:
        return "mend"
    if row["growth"] >= growth and row["rate"] >= rate:
        return "strong"
    ahead = row["growth"] >= growth + study.rules.quadrant.ahead
    return "promising" if ahead and row["better"] and row["share"] < mean_share else "keep"
