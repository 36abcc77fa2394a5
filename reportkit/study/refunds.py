"""What the refunds of the period's orders come to in the end, how they get there, and where they gather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.projected import ALL, curves, projection
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Curves", "Refunds", "Weights", "refund_curves", "refund_weights", "refunds"]

_FINAL, _SEEN = "refund_final", "refund_amount.pay_date"
_REQUESTS = (_FINAL, _SEEN, "refund_rate_final", "refund_rate_amt.pay_date", "refund_maturity", "gmv")
_PARTS = ("platform", "shop", "category", "style")


@dataclass(frozen=True)
class Refunds:
    """Refunds of the orders paid in the period, projected to their end.

    `table` is metrics.projected.projection by platform, ALL last, with the share of the money paid that is seen
    (seen), comes back in the end (rate) and bounds it (rate_low, rate_high). `result` holds the metrics by platform.
    """

    table: pd.DataFrame
    result: Result

    @property
    def known(self) -> bool:
        """Whether anything could be projected."""
        return number(self.table, ALL, "final") > 0

    @property
    def platforms(self) -> pd.DataFrame:
        """The platforms that can be projected, the highest rate first."""
        return self.table.drop(index=ALL).dropna(subset="final").sort_values("rate", ascending=False)

    @property
    def net(self) -> tuple[float, float]:
        """The ends of what is kept in the end: paid less the most and the least that may come back (money)."""
        paid, low, high = (number(self.table, ALL, name) for name in ("paid", "low", "high"))
        return paid - high, paid - low

    def figure(self, column: str, platform: str = ALL) -> Figure:
        """Return one number of `table` with the rows behind it."""
        dims = {} if platform == ALL else {"platform": platform}
        unit: Unit = "percent" if column.startswith(("rate", "seen", "maturity")) else "money"
        rows = self.result.rows_sql(_FINAL, **dims)
        return Figure(f"refunds.{column}", number(self.table, platform, column), unit, dims, rows)


@dataclass(frozen=True)
class Curves:
    """Cumulative refund rates by days since payment.

    `table` is indexed by age: now (the period, as far as the rules trust it), path (from there to the projected
    end), promo and normal (what it is held against; NaN where there is none). `age` is the oldest age of `now`,
    None where nothing is that old; `promo_id` names the promotion. `rows` are the SELECTs of the refunds behind `now`
    and of all that the others are taken from.
    """

    table: pd.DataFrame
    age: int | None
    promo_id: str
    rows: tuple[Mapping[str, str], Mapping[str, str]]

    @property
    def figures(self) -> dict[str, Figure]:
        """The rates at `age` of each curve that is there, by its name, with the rows behind them."""
        now, before = self.rows
        return {
            name: Figure(f"refund_curve.{name}", rate, "percent", {}, now if name == "now" else before)
            for name in ("now", "promo", "normal")
            if self.age is not None and (rate := number(self.table, self.age, name)) == rate
        }


@dataclass(frozen=True)
class Weights:
    """What share of all refunds, and of all GMV, each part of `dimension` has; `index` is the one over the other.

    `table` has refunds and gmv (money), refund_share, gmv_share and index, the highest index first. `request` is
    what refunds are here: projected where they can be, else those seen.
    """

    dimension: str
    request: str
    result: Result
    table: pd.DataFrame

    def figure(self, part: str) -> Figure:
        """Return the index of one part with the rows behind it."""
        rows = self.result.rows_sql(self.request, **{self.dimension: part})
        return Figure(
            "refunds.index", number(self.table, part, "index"), "ratio", {self.dimension: part}, rows
        )


def refunds(study: Study) -> Refunds:
    """Return what the refunds of the period come to, by platform and together."""
    result = study.ask(_REQUESTS, by=["platform"])
    found = projection(study.metrics, study.period, study.scope, study.as_of).set_index("platform")
    paid = found["paid"].where(found["paid"] > 0).astype("float64")
    sides = {"seen": "refunded", "rate": "final", "rate_low": "low", "rate_high": "high"}
    rates = {name: found[column].astype("float64") / paid for name, column in sides.items()}
    return Refunds(found.assign(**rates), result)


def refund_curves(study: Study) -> Curves | None:
    """Return the curves of all platforms that can be projected together; None where there is none."""
    told = study.refunds.platforms
    if told.empty or set(study.scope) - {"platform"}:
        return None
    long = curves(study.metrics, study.period, list(told.index), study.as_of)
    table = long.pivot(index="age", columns="curve", values="rate").rename(columns={"period": "now"})
    table = table.reindex(columns=["now", "promo", "normal"])
    seen = long[long["curve"] == "period"].set_index("age")["seen"].reindex(table.index)
    table["now"] = table["now"].where(seen >= study.service.refunds.seen)
    told_ages: Any = table.index[table["now"].notna()]
    age = int(told_ages[-1]) if len(told_ages) else None
    promo = long.loc[long["curve"] == "promo", "promo"]
    table = table.assign(path=_path(table, age, number(study.refunds.table, ALL, "rate")))
    now = study.refunds.result.rows_sql(_SEEN)
    before = {"refund_cases": _before(study)}
    return Curves(table, age, str(promo.iloc[0]) if len(promo) else "", (now, before))


def _before(study: Study) -> str:
    """Return the SELECT of the refunds of all orders paid before the period, as far back as curves look."""
    first = study.period.start - timedelta(days=study.project.policy.maturity.history_days)
    rows = rows_within(study, "refund_cases", "paid_date", first, study.period.start - timedelta(days=1))
    return f"{rows} AND is_refund"


def _path(table: pd.DataFrame, age: int | None, final: float) -> pd.Series:
    """Return the way from what is seen to `final`, in the steps of the usual curve."""
    usual = table["normal"].where(table["normal"].notna(), table["promo"])
    if age is None or usual.isna().any() or usual.iloc[-1] <= usual[age]:
        return pd.Series(float("nan"), index=table.index)
    share = (usual - usual[age]) / (usual.iloc[-1] - usual[age])
    seen = number(table, age, "now")
    return pd.Series((seen + share * (final - seen)).where(table.index >= age))


def refund_weights(study: Study) -> Weights | None:
    """Return the index of each platform, or of whatever has two parts first; None where nothing has."""
    request = _FINAL if study.refunds.known else _SEEN
    for dimension in _PARTS:
        result = study.ask([request, "gmv"], by=[dimension])
        wide = result.wide().set_index(column_of(dimension)).rename(columns={request: "refunds"})
        table = wide[(wide["gmv"] > 0) & wide["refunds"].notna() & (wide.index != "unknown")][
            ["refunds", "gmv"]
        ]
        if len(table) > 1 and table["refunds"].sum() > 0:
            return Weights(dimension, request, result, _indexed(table))
    return None


def _indexed(table: pd.DataFrame) -> pd.DataFrame:
    shares = {
        f"{name}_share".replace("refunds_", "refund_"): table[name] / table[name].sum() for name in table
    }
    table = table.assign(**shares)
    return table.assign(index=table["refund_share"] / table["gmv_share"]).sort_values(
        "index", ascending=False
    )
