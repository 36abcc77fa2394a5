"""What a rule sees on one day, and what somebody is told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reportkit.alerts.rules import Level
from reportkit.quality.figure import Unit

__all__ = ["NO_BAND", "Alert", "Alerts", "Band", "Scope", "Signal", "State", "chance", "key_of"]

Scope = tuple[tuple[str, str], ...]
Band = tuple[float, float]
State = Literal["new", "acknowledged", "in_work", "solved", "false"]
NO_BAND: Band = (float("nan"), float("nan"))
"""Of what is held against a limit, and not against what chance does."""
_WIDTHS = (1.2816, 1.96)  # standard errors
_CLOSED: tuple[State, ...] = ("solved", "false")


def key_of(rule: str, scope: Mapping[str, str]) -> str:
    """Return the name of a rule in one part of the business, ``AL-S1:tmall``: what an alert's id begins with."""
    return f"{rule}:{'.'.join(scope.values()) or 'all'}"


def chance(expected: float, error: float, most: float = float("inf")) -> tuple[Band, Band]:
    """Return the bands of 80 and 95 % around what is expected, between 0 and `most`: normal, of this standard error."""
    low80, low95 = (float(max(expected - width * error, 0.0)) for width in _WIDTHS)
    high80, high95 = (float(min(expected + width * error, most)) for width in _WIDTHS)
    return (low80, high80), (low95, high95)


@dataclass(frozen=True)
class Signal:
    """A rule's condition met on one day, in one part of the business.

    `sign` is 1 where the metric is above what is expected, -1 below. `at_once`: one day is enough. `since` is the
    first day of what the signal is about, where that is not its own; `named` the day that its id is named after, where
    it is counted on the last day only and its first is not known. `unit` is that of its values, by default the
    metric's.
    """

    rule: str
    scope: Scope
    day: dt.date
    level: Level
    sign: int
    actual: float
    expected: float
    stake: float
    score: float = float("nan")
    n: float = float("nan")
    band80: Band = NO_BAND
    band95: Band = NO_BAND
    at_once: bool = False
    since: dt.date | None = None
    named: dt.date | None = None
    unit: Unit | None = None
    parts: tuple[tuple[str, float], ...] = ()
    rows_sql: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Alert:
    """An incident: a rule whose condition holds in one part of the business, on days next to each other.

    `id` names it by rule, scope and first day, and stays while it lasts. `date` is its last day so far, whose `actual`
    and `expected` values (in `unit`), bands, cases (`n`) and `score` stand here; `first_seen` its first, `alerted` the day on
    which it was sure enough to be told, `days` on how many it showed. `kind` is a risk, or an opportunity where the
    metric moves the good way. `stake` is money. `contributors` are the parts behind it and their share; `parent` is
    the id of the alert that it is told with, empty where it stands for itself. `rows_sql` are the
    rows behind it by table, `state` is what the ledger knows of it.
    """

    id: str
    rule: str
    version: int
    kind: Literal["risk", "opportunity"]
    level: Level
    metric: str
    layer: str
    scope: Mapping[str, str]
    date: dt.date
    actual: float
    expected: float
    band80: Band
    band95: Band
    n: float
    score: float
    stake: float
    first_seen: dt.date
    alerted: dt.date
    days: int
    contributors: tuple[tuple[str, float], ...]
    owner: str
    parent: str
    rows_sql: Mapping[str, str] = field(repr=False)
    unit: Unit = "count"
    state: State = "new"

    @property
    def closed(self) -> bool:
        """Whether somebody has marked it as solved or false."""
        return self.state in _CLOSED


@dataclass(frozen=True)
class Alerts:
    """All alerts, the gravest first; `unevaluated` names the rules that nothing could feed, and what they lack.

    `unknown_years` are those whose holidays nobody has told yet, `resting` counts the days asked for on which nothing
    statistical was judged: promotions, holidays and what follows them.
    """

    found: tuple[Alert, ...]
    unevaluated: Mapping[str, tuple[str, ...]]
    unknown_years: tuple[int, ...]
    budget: Mapping[str, int]
    resting: int = 0

    @property
    def shown(self) -> tuple[Alert, ...]:
        """Those that stand for themselves and are open, within the budget of their layer."""
        seen: dict[str, int] = {}
        kept = []
        for one in self._open:
            seen[one.layer] = seen.get(one.layer, 0) + 1
            if seen[one.layer] <= self.budget[one.layer]:
                kept.append(one)
        return tuple(kept)

    @property
    def overflow(self) -> int:
        """How many more there are."""
        return len(self._open) - len(self.shown)

    @property
    def closed(self) -> tuple[Alert, ...]:
        """Those that stand for themselves and are marked as solved or false: they take no place of others."""
        return tuple(one for one in self._single if one.closed)

    @property
    def _open(self) -> list[Alert]:
        return [one for one in self._single if not one.closed]

    @property
    def _single(self) -> list[Alert]:
        return [one for one in self.found if not one.parent]
