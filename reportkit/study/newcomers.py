"""Who bought in a promotion: new buyers beside returning ones, and how many of the new ones came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.proportions import newcombe, wilson
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.pairs import within_scope
from reportkit.study.promotion import Promotion
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["COHORTS", "Newcomers", "newcomers"]

COHORTS = ("now", "then", "ordinary")
_SIDES = ("gmv", "buyers", "orders", "aov_buyer", "refund_rate_final")
_AGAINST = ("then", "ordinary")
_LEAST_AGE = 7  # days; younger cohorts had no second chance to buy

# The first purchase of a customer on a platform, and whether another day's followed within so many days.
_BACK = """
WITH bought AS (
  SELECT DISTINCT platform_id, customer_key, paid_date AS day, buyer
  FROM sales
  WHERE is_sale AND customer_key IS NOT NULL AND paid_date BETWEEN DATE '{first}' AND DATE '{until}'{scope}
),
begun AS (
  SELECT platform_id, customer_key, min(day) AS day
  FROM bought
  WHERE buyer = 'new' AND day <= DATE '{last}'{days}
  GROUP BY platform_id, customer_key
)
SELECT count(*) AS buyers, count(again) AS back
FROM (
  SELECT begun.customer_key, min(bought.day) AS again
  FROM begun
  LEFT JOIN bought
    ON begun.platform_id = bought.platform_id AND begun.customer_key = bought.customer_key
    AND bought.day > begun.day AND bought.day <= begun.day + {age}
  GROUP BY begun.platform_id, begun.customer_key, begun.day
)
"""


@dataclass(frozen=True)
class Newcomers:
    """New and returning buyers of a promotion.

    `sides` holds metrics by buyer (new, returning, unknown), compared with last year's promotion. `frame` is indexed by
    COHORTS (this promotion's heights, those of the one before, ordinary days before it): first, last (dates), buyers,
    back (who bought again within `age` days), rate, low, high. `gap` is the rate of now less that of `against`, between
    `low` and `high`. Without a cohort old enough, `frame` is empty and `age` how old it is.
    """

    sides: Result
    frame: pd.DataFrame
    age: int
    gap: float
    low: float
    high: float

    @property
    def against(self) -> str:
        """The cohort that now is held against: of the promotion before, whose buyers met a slump too, else ordinary."""
        return next((name for name in _AGAINST if name in self.frame.index), "")

    @property
    def worse(self) -> bool | None:
        """Whether fewer came back than of `against`, beyond chance; None where that cannot be told."""
        return None if self.high != self.high else self.high < 0

    def figure(self, cohort: str) -> Figure:
        """Return the share of a cohort that came back."""
        row = self.frame.loc[cohort]
        until = row["last"] + timedelta(days=self.age)
        rows = f"SELECT * FROM sales WHERE is_sale AND paid_date BETWEEN DATE '{row['first']}' AND DATE '{until}'"
        value = number(self.frame, cohort, "rate")
        return Figure("newcomers.rate", value, "percent", {"cohort": cohort}, {"sales": rows})


def newcomers(study: Study, rules: Promotion, calendar: pd.DataFrame) -> Newcomers | None:
    """Return who bought in the promotion that the period of `study` is; None of any other.

    All cohorts are followed for as many days as the last buyer of this promotion's heights can have been seen, at
    most `rules.buyers.within`. The days of ordinary buyers end before the promotion begins.
    """
    heights = calendar[calendar["phase"].isin(rules.phases.heights)]
    spans = {name: _span(heights, promo_id) for name, promo_id in _promos(study).items()}
    now = spans.get("now")
    if study.period.kind != "promo" or now is None:
        return None
    sides = study.ask(_SIDES, by=["buyer"], compare=["last_year"])
    age = min(rules.buyers.within, (study.as_of - now[1]).days)
    if age < _LEAST_AGE:
        return Newcomers(sides, pd.DataFrame(), age, *[float("nan")] * 3)
    begins = calendar.loc[calendar["promo_id"] == study.period.id, "first"].min().date()
    until = begins - timedelta(days=age + 1)
    spans["ordinary"] = (until - timedelta(days=rules.buyers.ordinary - 1), until)
    known = {name: span for name in COHORTS if (span := spans.get(name))}
    apart = {"ordinary": _apart(calendar, *known["ordinary"])}
    frame = pd.DataFrame(
        [_cohort(study, *span, age, apart.get(name, "")) for name, span in known.items()], index=list(known)
    )
    frame = frame[frame["buyers"] >= study.project.policy.min_n]
    if "now" not in frame.index:
        return Newcomers(sides, frame.head(0), age, *[float("nan")] * 3)
    return Newcomers(sides, _rated(frame, rules.buyers.level), age, *_gap(frame, rules.buyers.level))


def _promos(study: Study) -> dict[str, str]:
    reference = study.period.reference
    return {"now": study.period.id, **({"then": reference.id} if reference else {})}


def _span(heights: pd.DataFrame, promo_id: str) -> tuple[date, date] | None:
    own = heights[heights["promo_id"] == promo_id]
    return (own["first"].min().date(), own["last"].max().date()) if len(own) else None


def _apart(calendar: pd.DataFrame, first: date, last: date) -> str:
    """Return the condition that leaves out the days of other promotions, platform by platform."""
    near = calendar[(calendar["first"] <= pd.Timestamp(last)) & (calendar["last"] >= pd.Timestamp(first))]
    return "".join(
        f" AND NOT (platform_id = '{platform}' AND day BETWEEN DATE '{begin:%Y-%m-%d}' AND DATE '{end:%Y-%m-%d}')"
        for platform, begin, end in zip(near["platform"], near["first"], near["last"], strict=True)
    )


def _cohort(study: Study, first: date, last: date, age: int, days: str) -> dict[str, object]:
    sql = _BACK.format(
        first=first,
        last=last,
        until=last + timedelta(days=age),
        age=age,
        days=days,
        scope=within_scope(study),
    )
    ((buyers, back),) = study.metrics.engine.rows(sql)
    return {"first": first, "last": last, "buyers": buyers, "back": back}


def _rated(frame: pd.DataFrame, level: float) -> pd.DataFrame:
    return frame.join(wilson(frame["back"], frame["buyers"], level=level))


def _gap(frame: pd.DataFrame, level: float) -> tuple[float, float, float]:
    """Return how much more of the promotion's buyers came back than of those they are held against, and its interval."""
    against = next((name for name in _AGAINST if name in frame.index), None)
    if against is None:
        return float("nan"), float("nan"), float("nan")
    now, usual = ([number(frame, name, part) for part in ("back", "buyers")] for name in ("now", against))
    found = newcombe(*now, *usual, level=level).iloc[0]
    return float(found["difference"]), float(found["low"]), float(found["high"])
