"""How new products run: what each had sold by its k-th day, beside what earlier ones had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.engines import quoted
from reportkit.quality.figure import Figure
from reportkit.study.goods import styles
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Launch", "Launches", "launches"]

_LISTED = """
SELECT own.style, min(launch.actual_date) AS listed, sum(launch.target_amt) AS target
FROM (
  SELECT launch_id, spu_id, title, min(actual_date) AS actual_date, CAST(max(target_amt) AS DOUBLE) AS target_amt
  FROM launches WHERE actual_date IS NOT NULL GROUP BY ALL
) AS launch
JOIN ({named}) AS own ON launch.spu_id = own.spu_id OR launch.spu_id IS NULL AND launch.title = own.title
GROUP BY own.style
"""
_NAMED = """
SELECT DISTINCT style, spu_id, NULL AS title FROM product_styles
UNION SELECT DISTINCT spu_id, spu_id, title FROM skus WHERE spu_id IS NOT NULL
"""
_SALES = """
SELECT style, CAST(paid_date AS DATE) AS day, CAST(sum(goods_receivable_amt) AS DOUBLE) AS gmv
FROM sales
WHERE is_sale AND style IN ({styles}) AND paid_date <= DATE '{last}'
GROUP BY ALL
"""
_TARGET_DAYS = 30


@dataclass(frozen=True)
class Launch:
    """One product new in the year up to the last day.

    `curve` is the GMV by the end of its 1st, 2nd … day on sale, as far as it can be seen. `verdict` is hit,
    fair, watch, stop, young (too early to tell) or few (too few to compare with); `low`, `middle` and `high`
    are P25, P50 and P75 of earlier launches at its age. `target` is the GMV planned for the first 30 days.
    """

    style: str
    listed: date
    curve: tuple[float, ...]
    verdict: str
    low: float | None
    middle: float | None
    high: float | None
    target: float | None
    earlier: int

    @property
    def age(self) -> int:
        """Days of its curve."""
        return len(self.curve)

    @property
    def attained(self) -> float | None:
        """The GMV of the first 30 days over its target; None while they run."""
        if not self.target or self.age < _TARGET_DAYS:
            return None
        return self.curve[_TARGET_DAYS - 1] / self.target

    @property
    def figure(self) -> Figure:
        """The GMV so far."""
        last = self.listed + timedelta(days=self.age - 1)
        rows = f"SELECT * FROM sales WHERE is_sale AND style = {quoted(self.style)} AND paid_date BETWEEN DATE '{self.listed}' AND DATE '{last}'"
        dims = {"style": self.style, "day": str(self.age)}
        return Figure("launch.gmv", self.curve[-1] if self.curve else 0.0, "money", dims, {"sales": rows})


@dataclass(frozen=True)
class Launches:
    """The launches of the year up to the last day, the newest first, and the curves of those before the newest.

    `past` are days × styles; `low` and `high` P25 and P75 of it by day, empty where it holds too few.
    `dated` is False where no product says since when it is on sale.
    """

    dated: bool
    found: tuple[Launch, ...]
    past: pd.DataFrame
    low: tuple[float, ...]
    high: tuple[float, ...]


def launches(study: Study) -> Launches:
    """Return what is new, judged by what was new before."""
    rules, last = study.products.launches, study.last
    listed = _listed(study)
    if listed.empty:
        return Launches(False, (), pd.DataFrame(), (), ())
    begun = _first_day(study)
    seen = listed[(listed["listed"] > pd.Timestamp(begun)) & (listed["listed"] <= pd.Timestamp(last))]
    curves = _curves(study, seen["listed"], rules.days)
    recent = seen[seen["listed"] > pd.Timestamp(last) - pd.Timedelta(days=rules.recent)]
    recent = recent.sort_values("listed", ascending=False)
    found = tuple(_launch(study, style, seen, curves) for style in recent.index)
    past = curves[seen.index[seen["listed"] < recent["listed"].max()]].dropna(axis=1, how="all")
    whole = past.dropna(axis=1)
    enough = whole.shape[1] >= rules.least
    low, high = (tuple(whole.quantile(q, axis=1)) if enough else () for q in (0.25, 0.75))
    return Launches(True, found, past, low, high)


def _listed(study: Study) -> pd.DataFrame:
    """Return by style `listed`, the first day on sale, and `target`: the plan of its launch where it has one."""
    planned = study.metrics.engine.frame(_LISTED.format(named=_NAMED)).set_index("style")
    planned["listed"] = pd.to_datetime(planned["listed"])
    told = styles(study.metrics)[["listed"]].dropna()
    return planned.combine_first(told).reindex(columns=["listed", "target"])


def _first_day(study: Study) -> date:
    """Return the first day with an order: what was listed before it was new to nobody."""
    return min((first for first, _ in study.metrics.coverage.trading.values()), default=study.last)


def _curves(study: Study, listed: pd.Series, days: int) -> pd.DataFrame:
    """Return the running GMV by day on sale (1 …) and style, NaN for days that have not come."""
    if listed.empty:
        return pd.DataFrame(index=range(1, days + 1))
    names = ", ".join(quoted(str(style)) for style in listed.index)
    sales = study.metrics.engine.frame(_SALES.format(styles=names, last=study.last))
    sales["age"] = (pd.to_datetime(sales["day"]) - sales["style"].map(listed)).dt.days + 1
    table = sales.pivot_table(index="age", columns="style", values="gmv", aggfunc="sum")
    table = table.reindex(index=range(1, days + 1), columns=listed.index).fillna(0.0).cumsum()
    seen = (pd.Timestamp(study.last) - listed).dt.days + 1
    return table.where(np.less_equal.outer(table.index.to_numpy(), seen.to_numpy()))


def _launch(study: Study, style: str, seen: pd.DataFrame, curves: pd.DataFrame) -> Launch:
    rules, listed = study.products.launches, seen["listed"]
    own = curves[style].dropna()
    age = len(own)
    earlier = (
        curves.loc[age, listed.index[listed < listed[style]]].dropna() if age else pd.Series(dtype="float64")
    )
    enough = len(earlier) >= rules.least
    low, middle, high = (float(earlier.quantile(q)) if enough else None for q in (0.25, 0.5, 0.75))
    target = number(seen, style, "target")
    verdict = (
        "few"
        if low is None or high is None
        else _verdict(float(own.iloc[-1]), age, low, high, rules.early, rules.late)
    )
    return Launch(
        style, listed[style].date(), tuple(map(float, own)), verdict, low, middle, high,
        None if target != target else target, len(earlier),
    )  # fmt: skip


def _verdict(value: float, age: int, low: float, high: float, early: int, late: int) -> str:
    """Return how a product runs at its age, held against the middle half of those before it."""
    if age < early:
        return "young"
    if value >= low:
        return "hit" if value > high else "fair"
    return "stop" if age >= late else "watch"
