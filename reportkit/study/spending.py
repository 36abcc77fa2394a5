"""What advertising costs and brings on each platform, and whether some of it had better be moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.marginal import Marginal, marginal_return
from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["GUARDS", "Shift", "Spending", "spending", "stocked"]

_REQUESTS = (
    "ad_spend",
    "gmv",
    "net_sales_final",
    "visitors",
    "roi_total_net",
    "roi_breakeven",
    "cost_coverage",
)
_NET = "net_sales_final"
_UNITS: dict[str, Unit] = {
    "spend": "money",
    "budget": "money",
    "input": "percent",
    "output": "percent",
    "use": "percent",
}
# What keeps a platform from being given more, in the order it is asked.
GUARDS = ("unknown", "return", "budget", "stock")


@dataclass(frozen=True)
class Shift:
    """A trial: `low` to `high` of the spend (money) of `giver` goes to `taker`.

    `gain` is what net sales would move by at the mean of the two, between `gain_low` and `gain_high`; it
    follows from marginal returns, which are correlations.
    """

    giver: str
    taker: str
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True)
class Spending:
    """Spend against what it brings, by `dimension`.

    `table` has one row a part that spent: spend, budget (NaN where not set), use, roi (net), breakeven, input and
    output (shares of all spend and of all GMV of these parts), index (output / input), marginal, marginal_low,
    marginal_high, days. `visits` has input, output and index of the parts that tell their visitors: shares of all
    their visitors and of all their GMV. `blocked` names for each part what keeps it from being given more (see GUARDS); the
    parts without a name may take. `shift` is the trial proposed, None where no part may take or none gives.
    """

    dimension: str
    result: Result
    table: pd.DataFrame
    visits: pd.DataFrame
    blocked: Mapping[str, tuple[str, ...]]
    shift: Shift | None

    def figure(self, part: str, column: str) -> Figure:
        """Return one number of `table` with the rows behind it."""
        rows = self._rows(part, "ad_spend")
        value = number(self.table, part, column)
        return Figure(f"spending.{column}", value, _UNITS.get(column, "ratio"), {self.dimension: part}, rows)

    def visit(self, part: str, column: str) -> Figure:
        """Return one number of `visits` with the rows behind it."""
        rows, value = self._rows(part, "visitors"), number(self.visits, part, column)
        return Figure(f"visits.{column}", value, "percent", {self.dimension: part}, rows)

    def _rows(self, part: str, request: str) -> dict[str, str]:
        asked = (self.result.rows_sql(name, **{self.dimension: part}) for name in (request, "gmv"))
        return {name: sql for found in asked for name, sql in found.items()}


def spending(study: Study) -> Spending:
    """Return spend and return of every part that spent in the period."""
    dimension = study.across
    result = study.ask(_REQUESTS, by=[dimension], compare=["target"])
    wide = result.wide().set_index(column_of(dimension))
    table = _table(wide[wide["ad_spend"] > 0], study.rules.costs)
    table = table.join(_marginals(study, dimension, list(table.index)))
    blocked = {str(part): _guards(study, row) for part, row in table.iterrows()}
    visits = _shares(wide[wide["visitors"] > 0], "visitors")
    return Spending(dimension, result, table, visits, blocked, _shift(study, table, blocked))


def _shares(wide: pd.DataFrame, request: str) -> pd.DataFrame:
    """Return each part's share of what goes in and of what is sold, and the second over the first."""
    shares = pd.DataFrame(
        {"input": wide[request] / wide[request].sum(), "output": wide["gmv"] / wide["gmv"].sum()}
    )
    return shares.astype("float64").assign(index=shares["output"] / shares["input"])


def _table(wide: pd.DataFrame, costs: float) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "spend": wide["ad_spend"],
            "budget": wide["ad_spend target"],
            "use": wide["ad_spend pace"],
            "roi": wide["roi_total_net"],
            "breakeven": wide["roi_breakeven"].where(wide["cost_coverage"] >= costs),
        }
    ).astype("float64")
    return table.join(_shares(wide, "ad_spend")).sort_values("spend", ascending=False)


def _marginals(study: Study, dimension: str, parts: list[str]) -> pd.DataFrame:
    """Return what one more yuan goes with, by part, from days without promotions."""
    rules = study.rules.spending
    end = min(study.period.end, study.as_of)
    span = study.metrics.period(f"{end - timedelta(days=rules.days - 1)}/{end}")
    days = study.ask(["ad_spend", _NET], by=[dimension, "day"], period=span).wide()
    days = (
        days[~days["day"].isin(_promotion_days(study))]
        if dimension != "platform"
        else days[~_promoted(study, days)]
    )
    found: dict[str, Marginal | None] = {}
    for part, rows in days.set_index("day").groupby(column_of(dimension)):
        fit = marginal_return(rows["ad_spend"], rows[_NET], level=rules.level)
        found[str(part)] = fit if fit and fit.n >= rules.least_days else None
    columns = ["marginal", "marginal_low", "marginal_high", "days"]
    fits = [
        (fit.value, fit.low, fit.high, fit.n) if (fit := found.get(part)) else (None,) * 4 for part in parts
    ]
    return pd.DataFrame(fits, index=parts, columns=columns, dtype="float64")


def _promotions(study: Study) -> pd.DataFrame:
    """Return platform (or all) and day of every day of a promotion, its aftermath included."""
    return study.metrics.engine.frame(
        "SELECT DISTINCT promo_platform AS platform, "
        "CAST(unnest(generate_series(start_date, end_date, INTERVAL 1 DAY)) AS DATE) AS day FROM promos"
    )


def _promoted(study: Study, days: pd.DataFrame) -> pd.Series:
    """Tell which rows of platform and day lie in a promotion."""
    promoted = _promotions(study)
    everywhere = promoted.loc[promoted["platform"] == "all", "day"]
    own = set(zip(promoted["platform"], pd.to_datetime(promoted["day"]), strict=True))
    pairs = zip(days["platform_id"], days["day"], strict=True)
    return days["day"].isin(pd.to_datetime(everywhere)) | pd.Series(
        [pair in own for pair in pairs], index=days.index
    )


def _promotion_days(study: Study) -> pd.Series:
    return pd.to_datetime(_promotions(study)["day"])


def _guards(study: Study, row: pd.Series) -> tuple[str, ...]:
    """Return what keeps a part from being given more spend."""
    rules = study.rules.spending
    if row[["marginal", "breakeven"]].isna().any():
        return ("unknown",)
    found = {
        "return": not row["marginal"] > rules.above_breakeven * row["breakeven"],
        "budget": not row["use"] > rules.budget_used,
        "stock": not stocked(study),
    }
    return tuple(name for name in GUARDS if found.get(name))


def stocked(study: Study) -> bool:
    """Tell whether the best sellers surely last longer than a delivery takes, but for a small part of their sales."""
    if study.stock.day is None:
        return False
    items = study.stock.frame
    best = items[(items["klass"] == "A") & items["on_sale"]]
    sales = best["rate"] * best["price"]
    short = best["cover"] <= best["lead"]
    return bool(sales[short].sum() <= study.rules.spending.stock_short * sales.sum() > 0)


def _shift(study: Study, table: pd.DataFrame, blocked: Mapping[str, tuple[str, ...]]) -> Shift | None:
    """Return the trial from the worst part surely below its breakeven to the best that may take."""
    rules = study.rules.spending
    ratio = table["marginal"] / table["breakeven"]
    givers = ratio[table["marginal_high"] < table["breakeven"]]
    takers = ratio[[part for part in ratio.index if not blocked[part]]]
    if givers.empty or takers.empty:
        return None
    giver, taker = str(givers.idxmin()), str(takers.idxmax())
    low, high = (share * number(table, giver, "spend") for share in rules.move)
    middle = (low + high) / 2
    give, take = (
        {name: number(table, part, name) for name in ("marginal", "marginal_low", "marginal_high")}
        for part in (giver, taker)
    )
    return Shift(
        giver, taker, low, high,
        middle * (take["marginal"] - give["marginal"]),
        middle * (take["marginal_low"] - give["marginal_high"]),
        middle * (take["marginal_high"] - give["marginal_low"]),
    )  # fmt: skip
