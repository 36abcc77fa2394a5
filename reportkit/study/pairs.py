"""What is bought together, in orders of two products or more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.basket import PAIRS, pairs
from reportkit.metrics.compile import Condition
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.goods import styles

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Together", "together", "within_scope"]

# A line without money is a gift, and a bundle is one product that nobody put together.
_LINES = """
SELECT DISTINCT order_key AS "order", style AS item
FROM sales
WHERE is_sale AND style IS NOT NULL AND goods_receivable_amt > 0
  AND paid_date BETWEEN DATE '{first}' AND DATE '{last}'{scope}
"""


@dataclass(frozen=True)
class Together:
    """Pairs of products (see analysis.basket), with `advice`: bundle, match or link.

    `first` to `last` are the days looked at, `several` the orders in them of two products or more; `attached`
    holds attach_rate, their share of all.
    """

    first: date
    last: date
    several: int
    attached: Result
    frame: pd.DataFrame
    lines_sql: str

    def figure(self, first: str, second: str, lift: float) -> Figure:
        """Return the lift of one pair."""
        return Figure(
            "pairs.lift", lift, "count", {"first": first, "second": second}, {"sales": self._rows()}
        )

    def _rows(self) -> str:
        return self.lines_sql.replace('SELECT DISTINCT order_key AS "order", style AS item', "SELECT *")


def together(study: Study) -> Together:
    """Find the pairs of the days up to the end of the period."""
    rules, last = study.products.pairs, study.last
    first = last - timedelta(days=rules.days - 1)
    sql = _LINES.format(first=first, last=last, scope=within_scope(study)).strip()
    lines = study.metrics.engine.frame(sql)
    found = pairs(
        lines, least_n=rules.least_n, least_share=rules.least_share, least_confidence=rules.least_confidence,
        least_lift=rules.least_lift, level=rules.level,
    )  # fmt: skip
    sizes = lines.groupby("order")["item"].nunique()
    advised = found.assign(advice=_advice(study, found) if len(found) else [])
    attached = study.ask(["attach_rate"], period=study.metrics.period(f"{first}/{last}"))
    return Together(first, last, int((sizes > 1).sum()), attached, advised, sql)


def within_scope(study: Study) -> str:
    """Return the scope of a study as SQL over the view of sales, to be set behind other conditions."""
    dimensions = study.metrics.catalog.views["sales"].dimensions
    parts = [Condition(name, tuple(values)) for name, values in study.scope.items()]
    return "".join(
        f" AND {dimensions[part.dimension]} IN ({', '.join(repr(str(value)) for value in part.values)})"
        for part in parts
    )


def _advice(study: Study, found: pd.DataFrame) -> list[str]:
    """Sell a sure pair as one, show others of one category together, link the rest from page to page."""
    rules, category = study.products.pairs, styles(study.metrics)["category"]
    kinds = []
    for row in found[PAIRS].to_dict("records"):
        sure = row["lift_low"] >= rules.bundle_lift and row["confidence"] >= rules.bundle_confidence
        same = category.get(row["first"]) == category.get(row["second"])
        kinds.append("bundle" if sure else "match" if same else "link")
    return kinds
