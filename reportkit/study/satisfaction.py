"""What buyers say: scores as each platform publishes them, and what bad reviews are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.engines import quoted
from reportkit.quality.figure import Figure
from reportkit.study.rows import number
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Satisfaction", "product_scores", "satisfaction"]

_INDEX = "csat_index"
_KEYS = ["platform", "source"]

_SCORES = """
SELECT platform_id AS platform, source, CAST(date_trunc('month', date) AS DATE) AS month,
  CAST(sum(score * weight) / sum(weight) AS DOUBLE) AS score, CAST(sum(n) AS DOUBLE) AS n,
  CAST(min(scale_min) AS DOUBLE) AS low, CAST(max(scale_max) AS DOUBLE) AS high
FROM ({rows})
GROUP BY ALL
ORDER BY ALL
"""
_PRODUCTS = """
SELECT coalesce(own.style, told.platform_id || ':' || told.spu_id) AS style,
  CAST(sum(told.score_index * told.weight) / sum(told.weight) AS DOUBLE) AS score
FROM ({rows}) AS told
LEFT JOIN product_styles AS own ON told.platform_id = own.platform_id AND told.spu_id = own.spu_id
GROUP BY ALL
"""


@dataclass(frozen=True)
class Satisfaction:
    """Scores of whole shops, each on its platform's own scale.

    `table` has one row a platform and score: low and high (ends of the scale), now, before (what was published last
    before it), n (ratings behind it), target (NaN where none is set) and fallen. `months` has the scores by the
    same rows and month (its first day), NaN where none was published.
    """

    table: pd.DataFrame
    months: pd.DataFrame
    rows_sql: str

    def figure(self, platform: str, source: str, column: str = "now") -> Figure:
        """Return one score with the rows behind it."""
        sql = f"SELECT * FROM ({self.rows_sql}) WHERE platform_id = {quoted(platform)} AND source = {quoted(source)}"
        value = number(self.table, (platform, source), column)
        return Figure(
            f"score.{column}", value, "ratio", {"platform": platform, "source": source}, {"scores": sql}
        )


def satisfaction(study: Study) -> Satisfaction:
    """Return the scores of the months up to the period's last; one not published since the period began is left out."""
    last = pd.Timestamp(study.last).to_period("M")
    start = (last - (study.service.satisfaction.months - 1)).to_timestamp()
    sql = f"{rows_within(study, 'scores', 'date', start.date(), study.last)} AND spu_id IS NULL AND score IS NOT NULL"
    found = study.metrics.engine.frame(_SCORES.format(rows=sql)).astype({"month": "datetime64[us]"})
    by = found.groupby(_KEYS, sort=False)
    table = by[["low", "high", "n", "month"]].last()
    table["now"], table["before"] = (
        by["score"].last(),
        by["score"].apply(lambda told: told.iloc[:-1].iloc[-1:].sum(min_count=1)),
    )
    table = table[table.pop("month") >= pd.Timestamp(study.period.start).to_period("M").to_timestamp()]
    months = found.pivot(index=_KEYS, columns="month", values="score").reindex(table.index)
    months = months.reindex(columns=pd.date_range(start, study.last, freq="MS"))
    table = table.assign(target=_targets(study, table), fallen=_fallen(study, table, months))
    return Satisfaction(table, months, sql)


def _targets(study: Study, table: pd.DataFrame) -> pd.Series:
    """Return the target of a platform's satisfaction index on the scale of each of its scores."""
    result = study.ask([_INDEX], by=["platform"], compare=["target"])
    targets = result.frame.set_index("platform_id")["target"].astype("float64")
    index = targets.reindex(table.index.get_level_values("platform")).to_numpy(dtype=float)
    return table["low"] + index / 100 * (table["high"] - table["low"])


def _fallen(study: Study, table: pd.DataFrame, months: pd.DataFrame) -> pd.Series:
    """Tell which scores fell since they were published last, by more than their scale allows and than they use to vary.

    A scale nobody ruled takes the share of the next larger one.
    """
    rules = study.service.satisfaction
    tops = sorted(rules.fallen)
    nearest = [next((top for top in tops if top >= high), tops[-1]) for high in table["high"]]
    allowed = np.array([rules.fallen[top] for top in nearest]) * (table["high"] / nearest).to_numpy()
    earlier = months.apply(lambda told: told.dropna().iloc[:-1], axis=1)
    usual = earlier.mean(axis=1) - rules.varies * earlier.std(axis=1).fillna(0.0)
    by, now = table["before"] - table["now"], table["now"]
    fallen: pd.Series = (by >= allowed - 1e-9) & (now <= usual)
    return fallen


def product_scores(study: Study) -> pd.Series:
    """Return the last score published of each product (style), from 0 to 100, over all platforms."""
    sql = f"{rows_within(study, 'scores', 'date', study.period.start, study.last)} AND spu_id IS NOT NULL"
    return study.metrics.engine.frame(_PRODUCTS.format(rows=sql)).set_index("style")["score"]
