"""What was sold in each hour of a promotion and of last year's, and the course to be expected of this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis.pacing import stretched
from reportkit.study.running.clock import Clock, local
from reportkit.study.running.phases import BEFORE, phase_days, twins
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.running.rules import RunningRules
    from reportkit.study.study import Study

__all__ = ["Hours", "between", "read_hours"]

_HOUR = pd.Timedelta(hours=1)
_PER_DAY = 24

_SOLD = """
SELECT platform_id AS platform, date_trunc('hour', sold_at) AS hour, CAST(sum(goods_receivable_amt) AS DOUBLE) AS gmv,
  CAST(sum(qty) AS DOUBLE) AS units, CAST(count(DISTINCT order_key) AS DOUBLE) AS orders
FROM (SELECT *, {paid} AS sold_at FROM ({rows}))
WHERE {known}
GROUP BY ALL
ORDER BY ALL
"""


@dataclass(frozen=True)
class Hours:
    """Hours × platforms, in the merchant's own time, from some days before a promotion to the end of its aftermath.

    `gmv` (money) and `units` are those sold up to now; `course` and `pieces` what last year's promotion would have
    brought in the same hour of the same phase, NaN without one; `then` the money it did bring on the twin of each
    day. `twin` is that day, by platform and day. `rows` are the SELECTs of the order lines of this year and of last.
    """

    gmv: pd.DataFrame
    units: pd.DataFrame
    course: pd.DataFrame
    pieces: pd.DataFrame
    then: pd.DataFrame
    phases: pd.DataFrame
    twin: pd.Series
    rows: tuple[str, str]

    @property
    def compared(self) -> bool:
        """Whether there is a promotion to compare with, on any platform."""
        return bool(self.course.notna().any().any())


def between(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return the hours of `frame` (sums by hour) from `first` to `last`; one that is cut counts by its share."""
    starts = np.asarray((pd.DatetimeIndex(frame.index) - first) / _HOUR, dtype="float64")
    length = (last - first) / _HOUR
    share = np.clip(np.minimum(starts + 1, length) - np.maximum(starts, 0.0), 0.0, 1.0)
    kept = frame.loc[share > 0]
    return pd.DataFrame(kept.mul(share[share > 0], axis=0))


def read_hours(study: Study, rules: RunningRules, clock: Clock) -> Hours:
    """Return the hours of the study's period and of the promotion it is compared with."""
    platforms, period = sorted(clock.until), study.period
    phases = phase_days(study, period, platforms, rules.before_days)
    first = period.start - timedelta(days=rules.before_days)
    last = max([period.end, *(day.date() for day in phases["day"])])
    index = pd.date_range(first, last + timedelta(days=1), freq="h", inclusive="left")
    sold = _sold(study, _rows(study, first, last), _known(clock))
    gmv, units = (_wide(sold, name, index, platforms) for name in ("gmv", "units"))
    rows = _rows(study, period.start, study.last)
    then = period.reference if period.kind == "promo" else None
    before = phase_days(study, then, platforms, rules.before_days) if then else phases.head(0)
    if then is None or before.empty:
        none = gmv * np.nan
        return Hours(gmv, units, none, none, none, phases, twins(phases, before), (rows, ""))
    past = _phased(
        _sold(study, _rows(study, before["day"].min().date(), before["day"].max().date()), "true"), before
    )
    course, pieces = (_courses(past, phases, before, name, index, rules, clock) for name in ("gmv", "units"))
    twin = twins(phases, before)
    return Hours(
        gmv,
        units,
        course,
        pieces,
        _then(past, twin, index, platforms),
        phases,
        twin,
        (rows, _rows(study, then.start, then.end)),
    )


def _rows(study: Study, first: date, last: date) -> str:
    """Return the SELECT of the order lines paid between two days."""
    return rows_within(study, "sales", "paid_date", first, last) + " AND is_sale"


def _known(clock: Clock) -> str:
    """Return the condition of what lies before each platform's own moment."""
    return f"({' OR '.join(clock.told(name, 'sold_at') for name in clock.until) or 'false'})"


def _sold(study: Study, rows: str, known: str) -> pd.DataFrame:
    found = study.metrics.engine.frame(
        _SOLD.format(paid=local(study, "paid_at"), rows=rows, known=known)
    ).dropna(subset="hour")
    return found.assign(hour=pd.to_datetime(found["hour"]).astype("datetime64[ns]"))


def _wide(sold: pd.DataFrame, column: str, index: pd.DatetimeIndex, platforms: list[str]) -> pd.DataFrame:
    table = sold.pivot_table(index="hour", columns="platform", values=column, aggfunc="sum")
    return table.reindex(index=index, columns=platforms).fillna(0.0)


def _phased(sold: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """Return `sold` with day, clock (0 to 23), phase and whether it is the phase's first day."""
    told = sold.assign(day=sold["hour"].dt.normalize(), clock=sold["hour"].dt.hour)
    told = told.merge(phases[["platform", "day", "phase", "place"]], on=["platform", "day"])
    return told.assign(opens=told["place"] == 0)


def _courses(
    past: pd.DataFrame, phases: pd.DataFrame, before: pd.DataFrame, column: str, index: pd.DatetimeIndex,
    rules: RunningRules, clock: Clock,
) -> pd.DataFrame:  # fmt: skip
    """Return the expected course of `column`: each phase as long as it is now, at last year's amounts a day."""
    table = np.full((len(index), len(clock.until)), np.nan)
    places = {name: place for place, name in enumerate(sorted(clock.until))}
    sold = {str(name): own for name, own in past.groupby("platform")}
    for (platform, phase), days in phases.groupby(["platform", "phase"], sort=False):
        dates = before.loc[(before["platform"] == platform) & (before["phase"] == phase), "day"]
        if str(platform) not in sold or dates.empty:
            continue
        own = sold[str(platform)]
        daily = own.groupby("day")[column].sum().reindex(dates, fill_value=0.0).to_numpy()
        levels = np.full(len(days), daily.mean()) if phase == BEFORE else stretched(daily, len(days))
        first, later = (
            _curve(own, str(phase), opens, rules, flat=platform in clock.days_only) for opens in (True, False)
        )
        curves = np.vstack([first, np.tile(later, (len(days) - 1, 1))])
        begins = int(index.searchsorted(days["day"].iloc[0]))
        table[begins : begins + _PER_DAY * len(days), places[str(platform)]] = (
            levels[:, None] * curves
        ).ravel()
    return pd.DataFrame(table, index=index, columns=list(places))


def _curve(own: pd.DataFrame, phase: str, opens: bool, rules: RunningRules, *, flat: bool) -> np.ndarray:
    """Return the share of a day that each hour takes: of days like this one, if they had orders enough."""
    if flat:
        return np.full(_PER_DAY, 1 / _PER_DAY)
    inside = own[own["phase"] == phase]
    for rows in (inside[inside["opens"] == opens], inside):
        if rows["orders"].sum() >= rules.curve_orders:
            return _shares(rows)
    return _shares(own)


def _shares(rows: pd.DataFrame) -> np.ndarray:
    sums = rows.groupby("clock")["gmv"].sum().reindex(range(_PER_DAY), fill_value=0.0)
    whole = sums.sum()
    return np.asarray(sums / whole) if whole > 0 else np.full(_PER_DAY, 1 / _PER_DAY)


def _then(past: pd.DataFrame, twin: pd.Series, index: pd.DatetimeIndex, platforms: list[str]) -> pd.DataFrame:
    """Return what was sold in each hour of the twin of each day; NaN on a day without one."""
    told = twin.dropna().rename("day_then").reset_index()
    days = told.merge(
        past[["platform", "day", "clock", "gmv"]].rename(columns={"day": "day_then"}),
        how="left", on=["platform", "day_then"],
    )  # fmt: skip
    days["hour"] = days["day"] + pd.to_timedelta(days["clock"].fillna(0), unit="h")
    table = _wide(days, "gmv", index, platforms)
    known = told.assign(known=1.0).pivot(index="day", columns="platform", values="known")
    mask = known.reindex(index=index.normalize(), columns=platforms).set_axis(index)
    return table.where(mask.notna())
