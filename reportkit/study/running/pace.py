"""How a promotion stands against its target and against last year's, and where it ends at this pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from reportkit.analysis.pacing import project
from reportkit.metrics.compile import Request
from reportkit.metrics.targets import Targets, read_targets
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number
from reportkit.study.running.clock import Clock
from reportkit.study.running.hours import Hours, between

if TYPE_CHECKING:
    from reportkit.study.running.rules import ProjectionRules, RunningRules
    from reportkit.study.study import Study

__all__ = ["ALL", "Basis", "Pace", "read_pace"]

ALL = "all"
Basis = Literal["weights", "phases", "days", "last_year", "none"]
_MONEY = (
    "actual",
    "due",
    "target",
    "final",
    "low",
    "high",
    "then",
    "now",
    "today",
    "today_then",
    "today_now",
    "today_due",
)


@dataclass(frozen=True)
class Pace:
    """How each platform, and ALL of them, stand.

    `table` has actual, due (by now), target, final, low and high (the projected end), `now` and `then` (what was sold
    on the days that have a twin last year, and there up to the same hour), today, today_now, today_then and today_due alike: all money;
    pace (actual / due), growth (now / then - 1), today_growth and attained (actual / target). `due` is what is due in
    each hour of the period by platform, `sold` what came, all together; `basis` says by what: a target by its
    daily weights, by last year's phases, or evenly by days; last year's sales where there is no target.
    """

    table: pd.DataFrame
    due: pd.DataFrame
    sold: pd.Series
    basis: Basis
    rows: tuple[str, str]

    def number(self, column: str, platform: str = ALL) -> float:
        """Return one number of `table`."""
        return number(self.table, platform, column)

    def figure(self, column: str, platform: str = ALL) -> Figure:
        """Return one number of `table` with the order lines behind it."""
        now, then = self.rows
        own = "" if platform == ALL else f" AND platform_id = '{platform}'"
        rows = {"sales": f"{now}{own}"} | (
            {"sales last year": f"{then}{own}"} if then and column not in _NOW else {}
        )
        unit: Unit = "money" if column in _MONEY else "percent"
        dims = {} if platform == ALL else {"platform": platform}
        return Figure(f"running.{column}", self.number(column, platform), unit, dims, rows)


_NOW = ("actual", "today", "now", "today_now", "target", "attained")


def read_pace(study: Study, rules: RunningRules, clock: Clock, hours: Hours) -> Pace:
    """Return the pace of the study's period at the clock's time."""
    targets, scoped = read_targets(study.metrics.engine), study.scope.get("platform")
    platforms = [name for name in hours.gmv.columns if scoped is None or name in scoped]
    due, basis = _due(study, hours, targets, platforms)
    first, end = pd.Timestamp(study.period.start), pd.Timestamp(study.period.end) + pd.Timedelta(days=1)
    table = pd.DataFrame(
        {name: _platform(study, clock, hours, due[name], name) for name in platforms}
    ).T.astype("float64").reindex(columns=["actual", "due", "whole", "now", "then", "today", "today_then", "today_now", "today_due"])  # fmt: skip
    table.loc[ALL] = table.sum(min_count=1)
    wanted = {name: _target(study, targets, None if name == ALL else name) for name in table.index}
    table["target"] = pd.Series(wanted, dtype="float64")
    table["pace"] = table["actual"] / table["due"].where(table["due"] > 0)
    table["growth"] = table["now"] / table["then"].where(table["then"] > 0) - 1
    table["today_growth"] = table["today_now"] / table["today_then"].where(table["today_then"] > 0) - 1
    table["attained"] = table["actual"] / table["target"].where(table["target"] > 0)
    ends = _ends(rules, clock, hours, due, table, first, end)
    sold = between(hours.gmv[platforms].sum(axis=1).to_frame("gmv"), first, end)["gmv"]
    return Pace(table.join(ends), between(due, first, end), sold, basis, hours.rows)


def _target(study: Study, targets: Targets, platform: str | None) -> float:
    """Return the target of a platform, of all (None), or of those in the scope; NaN where none is set."""
    if set(study.scope) - {"platform"}:
        return float("nan")
    scoped = study.scope.get("platform")
    names = [platform] if platform else list(scoped) if scoped else None
    found = targets.of(_gmv(study), study.period, names)
    return found.value if found else float("nan")


def _gmv(study: Study) -> Request:
    return Request("gmv", study.metrics.catalog["gmv"], None)


def _due(study: Study, hours: Hours, targets: Targets, platforms: list[str]) -> tuple[pd.DataFrame, Basis]:
    """Return what is due in each hour by platform, and by what it was shared out."""
    start, end = pd.Timestamp(study.period.start), pd.Timestamp(study.period.end) + pd.Timedelta(days=1)
    index = pd.DatetimeIndex(hours.gmv.index)
    inside = (index >= start) & (index < end)
    course = hours.course[platforms].copy()
    course.loc[~inside] = 0.0
    each = {name: _target(study, targets, name) for name in platforms}
    whole = _target(study, targets, None)
    if np.isnan(whole):
        return (course, "last_year") if hours.compared else (course * np.nan, "none")
    share = course.fillna(0.0)
    if not hours.compared:
        share = pd.DataFrame(dict.fromkeys(platforms, inside.astype("float64")), index)
    known = {name: value for name, value in each.items() if value > 0}
    if len(known) == len(platforms) and np.isclose(sum(known.values()), whole, rtol=0.01):
        share = share.assign(**{name: share.sum(axis=1) for name in course.columns[course.isna().all()]})
        sums = share.sum()
        due = share / sums.where(sums > 0) * pd.Series(known)
    else:
        due = share / share.to_numpy().sum() * whole
    weighted = _weighted(study, targets, due)
    if weighted is not None:
        return weighted, "weights"
    return due.fillna(0.0), "phases" if hours.compared else "days"


def _weighted(study: Study, targets: Targets, due: pd.DataFrame) -> pd.DataFrame | None:
    """Return `due` moved so that every day brings what the daily weights of the whole target say; None without any."""
    scoped = study.scope.get("platform")
    found = targets.of(_gmv(study), study.period, list(scoped) if scoped else None)
    if found is None or len({round(value, 6) for value in found.daily.values()}) == 1:
        return None
    days = pd.DatetimeIndex(due.index).normalize()
    daily = pd.Series({pd.Timestamp(day): value for day, value in found.daily.items()})
    sums = due.fillna(0.0).sum(axis=1).groupby(days).transform("sum")
    return due.fillna(0.0).mul(
        (daily.reindex(days).fillna(0.0).to_numpy() / sums.where(sums > 0)).fillna(0.0), axis=0
    )


def _platform(study: Study, clock: Clock, hours: Hours, due: pd.Series, name: str) -> dict[str, float]:
    first, end = pd.Timestamp(study.period.start), pd.Timestamp(study.period.end) + pd.Timedelta(days=1)
    last, now = min(clock.until[name], end), min(clock.now or end, end)
    morning = (now - pd.Timedelta(microseconds=1)).normalize()
    frame = pd.DataFrame({"sold": hours.gmv[name], "due": due, "then": hours.then[name]})
    so_far = between(frame[["due", "then"]], first, max(last, first))
    sold = hours.gmv.loc[(hours.gmv.index >= first) & (hours.gmv.index < end), name]
    today = between(frame[["due", "then"]], max(morning, first), max(last, first))
    known = so_far["then"].notna()
    return {
        "actual": sold.sum(),
        "due": so_far["due"].sum(min_count=1),
        "whole": due.sum(min_count=1),
        "now": sold[so_far.index[known]].sum() if known.any() else np.nan,
        "then": so_far["then"].sum(min_count=1),
        "today": sold[sold.index >= morning].sum() if last > morning else np.nan,
        "today_now": sold[sold.index >= morning].sum() if today["then"].notna().any() else np.nan,
        "today_then": today["then"].sum(min_count=1),
        "today_due": today["due"].sum(min_count=1),
    }


def _ends(
    rules: RunningRules, clock: Clock, hours: Hours, due: pd.DataFrame, table: pd.DataFrame,
    first: pd.Timestamp, end: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """Return final, low and high: what each platform comes to at its pace, or at that of all while it is young."""
    projection = rules.projection
    found = pd.DataFrame(np.nan, index=table.index, columns=["final", "low", "high"])
    whole = number(table, ALL, "pace")
    enough = number(table, ALL, "due") >= projection.after * number(table, ALL, "whole")
    if not enough or np.isnan(whole):
        return found
    parts = []
    for name in due.columns:
        until = min(max(clock.until[name], first), end)
        young = number(table, name, "due") < projection.after * number(table, name, "whole")
        own = whole if young or np.isnan(number(table, name, "pace")) else number(table, name, "pace")
        past = _daily(between(due[[name]], first, until)[name])
        rest = _daily(between(due[[name]], until, end)[name])
        sold = _daily(hours.gmv[name]).reindex(past.index, fill_value=0.0)
        found.loc[name] = _projected(sold, past, rest, own, projection)
        parts.append((sold, past, rest * own / whole if whole else rest))
    sold, past, rest = (
        pd.concat([part[place] for part in parts], axis=1, sort=True).sum(axis=1) for place in range(3)
    )
    found.loc[ALL] = _projected(sold, past, rest, whole, projection)
    return found


def _projected(
    sold: pd.Series, past: pd.Series, rest: pd.Series, pace: float, rules: ProjectionRules
) -> list[float]:
    """Return final, low and high of sums by day (see analysis.pacing.project)."""
    so_far, due, to_come = (values.to_numpy(dtype="float64") for values in (sold, past, rest))
    made = project(so_far, due, to_come, pace, level=rules.level, floor=rules.floor)
    return [made.final, made.low, made.high]


def _daily(values: pd.Series) -> pd.Series:
    return values.groupby(pd.DatetimeIndex(values.index).normalize()).sum()
