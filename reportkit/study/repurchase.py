"""Who comes back: buyers of a product who bought it again, or anything at all, within so many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.proportions import wilson
from reportkit.engines import quoted
from reportkit.quality.figure import Figure
from reportkit.study.pairs import within_scope
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Repurchase", "repurchase"]

# A buyer of several days counts once, with the first; days of one buyer on one platform.
_BACK = """
WITH bought AS (
  SELECT DISTINCT platform_id, customer_key, style, paid_date AS day
  FROM sales
  WHERE is_sale AND customer_key IS NOT NULL AND style IS NOT NULL AND paid_date <= DATE '{last}'
    AND paid_date >= DATE '{first}'{scope}
),
begun AS (
  SELECT platform_id, customer_key, style, min(day) AS day
  FROM bought
  WHERE day <= DATE '{until}'
  GROUP BY platform_id, customer_key, style
),
later AS (
  SELECT
    begun.style, begun.platform_id, begun.customer_key,
    min(CASE WHEN bought.style = begun.style THEN date_diff('day', begun.day, bought.day) END) AS same,
    min(date_diff('day', begun.day, bought.day)) AS any_style
  FROM begun
  LEFT JOIN bought
    ON begun.platform_id = bought.platform_id AND begun.customer_key = bought.customer_key
    AND bought.day > begun.day AND bought.day <= begun.day + {within}
  GROUP BY begun.style, begun.platform_id, begun.customer_key
)
SELECT style, count(*) AS buyers, count(same) AS same, count(any_style) AS back, median(same) AS gap
FROM later
GROUP BY style
"""


@dataclass(frozen=True)
class Repurchase:
    """Buyers of `first` to `last`, each followed for `within` days.

    `frame` has one row a style, the most buyers first: buyers, same (who bought it again), back (who bought
    anything), rate, low and high of `same`, rate_back, gap (median days to the next purchase of it), if it has
    buyers enough to tell. `known` is False where the files know no buyers.
    """

    first: date
    last: date
    within: int
    known: bool
    frame: pd.DataFrame

    def figure(self, style: str) -> Figure:
        """Return the share who bought a product again."""
        rows = (
            f"SELECT * FROM sales WHERE is_sale AND style = {quoted(style)} AND paid_date BETWEEN "
            f"DATE '{self.first}' AND DATE '{self.last + timedelta(days=self.within)}'"
        )
        value = number(self.frame, style, "rate")
        return Figure("repurchase.rate", value, "percent", {"style": style}, {"sales": rows})


def repurchase(study: Study) -> Repurchase:
    """Follow the latest buyers whose days have all passed."""
    rules = study.products.repurchase
    until = study.last - timedelta(days=rules.within)
    first = until - timedelta(days=rules.buyers_days - 1)
    sql = _BACK.format(
        first=first, last=study.last, until=until, within=rules.within, scope=within_scope(study)
    )
    frame = study.metrics.engine.frame(sql).set_index("style")
    told = (
        wilson(frame["same"], frame["buyers"], level=rules.level)
        if len(frame)
        else frame.assign(rate=0.0, low=0.0, high=0.0)
    )
    frame = frame.join(told[["rate", "low", "high"]]).assign(rate_back=frame["back"] / frame["buyers"])
    ((buyers,),) = study.metrics.engine.rows("SELECT count(customer_key) FROM orders")
    frame = frame[frame["buyers"] >= study.project.policy.min_n].sort_values("buyers", ascending=False)
    return Repurchase(first, until, rules.within, buyers > 0, frame)
