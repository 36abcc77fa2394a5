"""Until when the orders of each platform are known: a report of a running day ends at its last order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.engines import quoted
from reportkit.study.within import rows_within

if TYPE_CHECKING:
    from reportkit.study.running.rules import RunningRules
    from reportkit.study.study import Study

__all__ = ["Clock", "local", "read_clock"]

_DAY = pd.Timedelta(days=1)
_LOOK = timedelta(days=60)

_SEEN = """
SELECT platform_id AS platform, max(seen) FILTER (WHERE seen < {ends}) AS last, bool_or(seen >= {ends}) AS later,
  avg(CASE WHEN paid = date_trunc('day', paid) THEN 1.0 ELSE 0.0 END) AS midnight
FROM (SELECT platform_id, {paid} AS paid, greatest({paid}, coalesce({created}, {paid})) AS seen FROM ({rows}))
WHERE paid IS NOT NULL
GROUP BY platform_id
ORDER BY platform_id
"""

# How many orders usually fall between the same hours, over the last days.
_USUAL = """
SELECT platform_id AS platform, count(*) / {days} AS usual
FROM (SELECT platform_id, {paid} AS paid FROM ({rows})) AS sale
JOIN range(1, {days} + 1) AS back(days) ON {silent}
GROUP BY platform_id
ORDER BY platform_id
"""


def local(study: Study, column: str) -> str:
    """Return the SQL of a time column in the merchant's own time."""
    return f"(({column} AT TIME ZONE 'UTC') AT TIME ZONE {quoted(study.project.settings.timezone)})"


@dataclass(frozen=True)
class Clock:
    """Until when what is known reaches, in the merchant's own time.

    `now` is the latest order of all, or the end of the last day seen where there are later orders; None without any.
    `until` is that by platform: `now` too, unless so many orders usually fall between its own latest and `now` that
    its file must end before; then its latest order. Where its files tell days only (`days_only`), it is the beginning
    of its last day, since nobody knows how much of it is there.
    """

    now: pd.Timestamp | None
    until: Mapping[str, pd.Timestamp]
    days_only: frozenset[str]

    def told(self, platform: str, at: str) -> str:
        """Return the SQL of what a platform's files tell: times `at` up to its latest order, or before a midnight."""
        until = self.until[platform]
        before = "<" if until == until.normalize() else "<="
        return f"(platform_id = {quoted(platform)} AND {at} {before} TIMESTAMP '{until}')"

    @property
    def whole(self) -> bool:
        """Whether the last day seen is over."""
        return self.now is not None and self.now == self.now.normalize()


def read_clock(study: Study, rules: RunningRules, now: pd.Timestamp | None = None) -> Clock:
    """Return until when orders are known on the study's last day; `now` tells a moment before that."""
    ends = pd.Timestamp(study.as_of) + _DAY
    moment = min(ends, now) if now is not None else ends
    rows = rows_within(
        study, "marked_orders", "paid_date", study.as_of - _LOOK, study.as_of + timedelta(days=2)
    )
    found = study.metrics.engine.frame(
        _SEEN.format(
            rows=rows,
            ends=f"TIMESTAMP '{moment}'",
            paid=local(study, "paid_at"),
            created=local(study, "created_at"),
        )
    ).dropna(subset="last")
    days_only = frozenset(found.loc[found["midnight"] >= rules.midnight, "platform"].astype(str))
    until = {
        str(row.platform): _until(pd.Timestamp(row.last), moment, bool(row.later), row.platform in days_only)  # type: ignore[arg-type]
        for row in found.itertuples()
    }
    latest = max(until.values(), default=None)
    if latest is None:
        return Clock(None, {}, days_only)
    ended = _ended(
        study, rules, rows, {name: at for name, at in until.items() if name not in days_only}, latest
    )
    return Clock(
        latest, {name: at if name in ended | days_only else latest for name, at in until.items()}, days_only
    )


def _ended(
    study: Study, rules: RunningRules, rows: str, until: Mapping[str, pd.Timestamp], now: pd.Timestamp
) -> frozenset[str]:
    """Return the platforms whose silence up to `now` is too long to be chance."""
    silent = [
        f"platform_id = {quoted(name)} AND paid > TIMESTAMP '{at}' - to_days(CAST(back.days AS INTEGER)) "
        f"AND paid <= TIMESTAMP '{now}' - to_days(CAST(back.days AS INTEGER))"
        for name, at in until.items()
        if at < now
    ]
    if not silent:
        return frozenset()
    found = study.metrics.engine.frame(
        _USUAL.format(
            days=rules.cover.days,
            paid=local(study, "paid_at"),
            rows=rows,
            silent=f"({') OR ('.join(silent)})",
        )
    )
    return frozenset(found.loc[found["usual"] >= rules.silence, "platform"].astype(str))


def _until(last: pd.Timestamp, moment: pd.Timestamp, later: bool, days_only: bool) -> pd.Timestamp:
    if days_only:
        return moment.normalize() if later else last.normalize()
    return moment if later else last
