"""How fast stock turns and how far a season has sold, category by category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis import inventory
from reportkit.metrics.periods import Period, enclosing
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.goods import variants
from reportkit.study.products import Seasons
from reportkit.study.sold import daily
from reportkit.study.stock import counted

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Season", "Turnover", "seasons", "turnover"]

_DAY = timedelta(days=1)
_NEAR = 7  # days by which an opening count may miss the first day of a season
_RECEIVED = """
SELECT sku_id, sum(coalesce(received_qty, qty)) AS units
FROM purchase_orders
WHERE received_date BETWEEN DATE '{first}' AND DATE '{last}'
GROUP BY sku_id
"""


@dataclass(frozen=True)
class Turnover:
    """Days that stock lasts at the cost of what is sold, by `months`, the last one that of the report.

    `parts` by category and month, `whole` by month.
    """

    months: tuple[date, ...]
    parts: Result
    whole: Result


def turnover(study: Study) -> Turnover:
    """Return the days of stock of the months up to the last day's; of all platforms, whatever the scope."""
    months = _months(study)
    span = study.metrics.period(f"{months[0].start}/{study.last}")
    parts, whole = (
        study.metrics.query(["inventory_days"], by=by, period=span, as_of=study.as_of)
        for by in (["category", "month"], ["month"])
    )
    return Turnover(tuple(month.start for month in months), parts, whole)


def _months(study: Study) -> list[Period]:
    found = [enclosing("month", study.last)]
    while len(found) < study.products.turnover_months:
        found.insert(0, enclosing("month", found[0].start - _DAY))
    return found


@dataclass(frozen=True)
class Season:
    """What a category has sold of a season's goods since its start, beside how much of the season is over.

    `sold` are units since `first`, `supply` those there at the start and received since; `rate` = sold / supply
    and `elapsed` are fractions. `left` is what is on hand at the end, at cost (money).
    """

    category: str
    season: str
    first: date
    last: date
    sold: float
    supply: float
    rate: float
    elapsed: float
    left: float
    rows_sql: dict[str, str]

    @property
    def figure(self) -> Figure:
        """The share sold."""
        dims = {"category": self.category, "season": self.season}
        return Figure("stock.sell_through", self.rate, "percent", dims, self.rows_sql)


def seasons(study: Study) -> tuple[Season, ...] | None:
    """Return every category and season that runs on the last day or has just ended; None where nobody counted."""
    day, rules = study.last, study.products.seasons
    if study.stock.day is None:
        return None
    running = {name: span for name in rules.months if (span := _span(rules, name, day))}
    known = variants(study.metrics)
    found = [
        _season(
            study,
            {
                str(key): index
                for key, index in known[known["season"] == name].groupby("category").groups.items()
            },
            name,
            *span,
        )
        for name, span in running.items()
    ]
    return tuple(sorted((one for some in found for one in some), key=lambda one: (one.last, one.rate)))


def _span(rules: Seasons, season: str, day: date) -> tuple[date, date] | None:
    """Return first and last day of the season that `day` lies in, or that has ended a short time before."""
    for start, end in rules.months[season]:
        for year in (day.year, day.year - 1):
            first = date(year, start, 1)
            last = enclosing("month", date(year + (end < start), end, 1)).end
            if first <= day <= last + timedelta(days=rules.after):
                return first, last
    return None


def _season(study: Study, groups: dict[str, pd.Index], season: str, first: date, last: date) -> list[Season]:
    """Return the categories of one season."""
    end = min(study.last, last)
    opening = counted(study.metrics, first - timedelta(days=_NEAR), first + timedelta(days=_NEAR))
    if opening.empty:
        return []
    start = opening.sort_values("day").groupby("sku")["on_hand"].first()
    received = study.metrics.engine.frame(_RECEIVED.format(first=first, last=end)).set_index("sku_id")[
        "units"
    ]
    sold = daily(study.metrics, first, end).groupby("sku")["units"].sum()
    elapsed = ((end - first).days + 1) / ((last - first).days + 1)
    closing, rows = (
        study.stock.frame["value"],
        {"stock_days": f"SELECT * FROM stock_days WHERE day BETWEEN DATE '{first}' AND DATE '{end}'"},
    )
    sums = {
        name: [float(part.reindex(skus).fillna(0).sum()) for part in (sold, start, received, closing)]
        for name, skus in groups.items()
    }
    table = pd.DataFrame.from_dict(sums, orient="index", columns=["sold", "start", "received", "left"])
    if table.empty:
        return []
    table["rate"] = inventory.sell_through(table["sold"], table["start"], table["received"])
    return [
        Season(str(name), season, first, last, row["sold"], row["start"] + row["received"], row["rate"],
               elapsed, row["left"], rows)
        for name, row in table.iterrows() if np.isfinite(row["rate"])
    ]  # fmt: skip
