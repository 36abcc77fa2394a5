"""The phases of a promotion on every platform, against the same phases of the promotion it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure, Unit
from reportkit.study.promotion import PhaseRules
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["TOTAL", "Phases", "phase_days", "phases", "promo_calendar"]

TOTAL = "total"
_ALL = "all"
_SUMS = ("gmv", "orders", "visitors", "cart_users", "pay_buyers", "ad_spend", "refund_final")
_RATES = {
    "cvr": ("pay_buyers", "visitors"), "aov": ("gmv", "orders"), "roi": ("gmv", "ad_spend"),
    "refund_rate": ("refund_final", "gmv"),
}  # fmt: skip
_PROMOS = """
SELECT promo_id, promo_platform AS platform, phase, min(start_date) AS first, max(end_date) AS last
FROM promos
GROUP BY ALL
ORDER BY first, promo_id, platform
"""


@dataclass(frozen=True)
class Phases:
    """A promotion by phase.

    `table` is indexed by phase in order, TOTAL last (what follows the promotion left out). Columns, each again with
    ``_then`` for the promotion it is compared with: first, last (dates), shortest, longest (days seen, of the
    platforms), gmv, daily (money a day: the platforms' own means, added up), share (of TOTAL), visitors, cart_users,
    pay_buyers, orders, ad_spend, refund_final, cvr, aov, roi, refund_rate (projected); growth is that of the daily
    money of platforms that have the phase in both. `days` has a row a platform and day of the whole span: platform, day,
    phase and kind (empty where the platform has none), nth (day of the phase) and index (day of the promotion), the
    sums, then (gmv of the same day of the phase before, its daily mean where the phase was shorter) and then_index (of
    the same day of the promotion before). `warm` is by platform: pool (people who put goods aside while it warmed up),
    buyers (at its heights), both again with ``_then``.
    """

    promo_id: str
    reference: str
    table: pd.DataFrame
    days: pd.DataFrame
    warm: pd.DataFrame
    result: Result
    before: Result | None

    def figure(self, column: str, phase: str = TOTAL, unit: Unit = "money") -> Figure:
        """Return one number of `table` with the rows of the promotion that it is about."""
        result = self.before if column.endswith("_then") else self.result
        request = next((name for name in _SUMS if column.startswith(name)), "gmv")
        rows = result.rows_sql(request) if result else {}
        name = column.removesuffix("_then")
        return Figure(f"phases.{name}", number(self.table, phase, column), unit, {"phase": phase}, rows)


def promo_calendar(study: Study, rules: PhaseRules) -> pd.DataFrame:
    """Return every phase of every promotion on each platform: promo_id, platform, phase, kind, first, last.

    Of each promotion a platform has its own phases, or those of all platforms where it has none of its own.
    """
    found = study.metrics.engine.frame(_PROMOS)
    found = found.assign(
        first=pd.to_datetime(found["first"]), last=pd.to_datetime(found["last"]),
        kind=[rules.kind(phase) for phase in found["phase"]],
    )  # fmt: skip
    parts = [
        _own(rows, platform).assign(platform=platform)
        for _, rows in found.groupby("promo_id", sort=False)
        for platform in platforms_of(study)
    ]
    return pd.concat(parts, ignore_index=True) if parts else found


def platforms_of(study: Study) -> tuple[str, ...]:
    """Return the platforms within the scope of `study`."""
    wanted = study.scope.get("platform")
    return tuple(name for name in study.metrics.platforms if wanted is None or name in wanted)


def _own(rows: pd.DataFrame, platform: str) -> pd.DataFrame:
    own = rows[rows["platform"] == platform]
    return own if len(own) else rows[rows["platform"] == _ALL]


def phase_days(calendar: pd.DataFrame, promo_id: str, last: date) -> pd.DataFrame:
    """Return a row a platform and day of `promo_id` up to `last`: platform, day, phase, kind, nth, index.

    A day that two phases claim belongs to the later one.
    """
    rows = calendar[calendar["promo_id"] == promo_id].sort_values(["platform", "first"])
    days = [list(pd.date_range(first, last)) for first, last in zip(rows["first"], rows["last"], strict=True)]
    found = rows[["platform", "phase", "kind"]].assign(day=pd.Series(days, rows.index)).explode("day")
    found = found.dropna(subset="day").astype({"day": "datetime64[us]"})
    found = found[found["day"] <= pd.Timestamp(last)].drop_duplicates(["platform", "day"], keep="last")
    found = found.sort_values(["platform", "day"]).reset_index(drop=True)
    nth = found.groupby(["platform", "phase"]).cumcount() + 1
    began = found.groupby("platform")["day"].transform("min")
    return found.assign(nth=nth, index=(found["day"] - began).dt.days + 1)


def phases(study: Study, rules: PhaseRules, calendar: pd.DataFrame) -> Phases | None:
    """Return the phases of the promotion that the period of `study` is; None of any other period.

    `calendar` is that of `promo_calendar`.
    """
    if study.period.kind != "promo":
        return None
    asked = _asked(study, calendar, study.period.id)
    if asked is None:
        return None
    days, result = asked
    reference = study.period.reference.id if study.period.reference else ""
    then, before = _asked(study, calendar, reference) or (days.head(0), None)
    table = _table(days).join(_table(then).add_suffix("_then"))
    table["growth"] = pd.Series(_growth(days, then))
    days = days.assign(then=_aligned(days, then), then_index=_same_index(days, then))
    warm = _warm(days, rules).join(_warm(then, rules).add_suffix("_then"))
    return Phases(study.period.id, reference if before else "", table, days, warm, result, before)


def _asked(study: Study, calendar: pd.DataFrame, promo_id: str) -> tuple[pd.DataFrame, Result] | None:
    """Return the days of a promotion with what they brought; None where no day of it may be seen."""
    days = phase_days(calendar, promo_id, study.as_of)
    if days.empty:
        return None
    span = pd.date_range(days["day"].min(), days["day"].max(), name="day")
    result = study.ask(_SUMS, by=["platform", "day"], period=f"{span[0]:%Y-%m-%d}/{span[-1]:%Y-%m-%d}")
    told = result.frame.pivot(index=["platform_id", "day"], columns="metric", values="value").reset_index()
    told = told.rename(columns={"platform_id": "platform"}).astype({"day": "datetime64[us]"})
    found = told.merge(days, how="left", on=["platform", "day"]).fillna({"phase": "", "kind": ""})
    found["index"] = found["index"].fillna((found["day"] - span[0]).dt.days + 1)
    return found.assign(**{name: float("nan") for name in _SUMS if name not in found}), result


def _table(days: pd.DataFrame) -> pd.DataFrame:
    """Return the phases in the order in which they begin, then TOTAL."""
    known = days[days["phase"] != ""].dropna(subset="gmv")
    order = known.groupby("phase")["day"].mean().sort_values().index
    rows = {str(phase): _row(known[known["phase"] == phase]) for phase in order}
    whole = _counted(known)
    table = pd.DataFrame.from_dict({**rows, TOTAL: _row(whole)}, orient="index")
    return table.assign(share=table["gmv"] / float(whole["gmv"].sum()) if len(whole) else float("nan"))


def _row(days: pd.DataFrame) -> dict[str, object]:
    count = days.groupby("platform").size()
    sums = {name: days[name].sum(min_count=1) for name in _SUMS}
    rates = {name: _ratio(days, *parts) for name, parts in _RATES.items()}
    daily = (days.groupby("platform")["gmv"].sum() / count).sum()
    ends = {"first": days["day"].min(), "last": days["day"].max()}
    return {**ends, "shortest": count.min(), "longest": count.max(), "daily": daily, **sums, **rates}


def _ratio(days: pd.DataFrame, over: str, under: str) -> float:
    """Return Σ over / Σ under of the days that tell both."""
    both = days.dropna(subset=[over, under])
    total = float(both[under].sum())
    return float(both[over].sum()) / total if total > 0 else float("nan")


def _growth(days: pd.DataFrame, then: pd.DataFrame) -> Mapping[str, float]:
    found = {
        str(phase): _daily(rows, then[then["phase"] == phase])
        for phase, rows in days.groupby("phase")
        if phase
    }
    return {**found, TOTAL: _daily(_counted(days), _counted(then))}


def _counted(days: pd.DataFrame) -> pd.DataFrame:
    """Return the days that TOTAL adds up."""
    return days[days["kind"].isin(["pre", "promo"])]


def _daily(days: pd.DataFrame, then: pd.DataFrame) -> float:
    """Return the growth of the money a day of the platforms that are in both."""
    sides = [each.dropna(subset="gmv").groupby("platform")["gmv"].mean() for each in (days, then)]
    both = pd.concat(sides, axis=1, keys=["now", "then"]).dropna()
    return float(both["now"].sum() / both["then"].sum() - 1) if both["then"].sum() > 0 else float("nan")


def _aligned(days: pd.DataFrame, then: pd.DataFrame) -> pd.Series:
    """Return the gmv of the same day of the same phase, the phase's daily mean where it had no such day.

    Where a platform has no phase, that of the same day of the promotion, or its mean without a phase.
    """
    had = then[then["phase"] != ""]
    same = _at(days, had.set_index(["platform", "phase", "nth"])["gmv"])
    mean = _at(days, had.groupby(["platform", "phase"])["gmv"].mean())
    rest = then[then["phase"] == ""]
    idle = _at(days, rest.set_index(["platform", "index"])["gmv"])
    idle = idle.fillna(_at(days, rest.groupby("platform")["gmv"].mean()))
    return same.fillna(mean).where(days["phase"] != "", idle)


def _at(days: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return for each of `days` the one of `values` that stands at its own names."""
    names = list(values.index.names)
    keys = pd.MultiIndex.from_frame(days[names]) if len(names) > 1 else pd.Index(days[names[0]])
    return pd.Series(values.reindex(keys).to_numpy(), days.index)


def _same_index(days: pd.DataFrame, then: pd.DataFrame) -> pd.Series:
    return _at(days, then.drop_duplicates(["platform", "index"]).set_index(["platform", "index"])["gmv"])


def _warm(days: pd.DataFrame, rules: PhaseRules) -> pd.DataFrame:
    warm, heights = days[days["phase"].isin(rules.warm)], days[days["phase"].isin(rules.heights)]
    pool = warm.groupby("platform")["cart_users"].sum(min_count=1)
    buyers = heights.groupby("platform")["pay_buyers"].sum(min_count=1)
    return pd.concat([pool, buyers], axis=1, keys=["pool", "buyers"]).dropna()
