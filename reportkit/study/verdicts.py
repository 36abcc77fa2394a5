"""Whether an action that was decided was done, and whether it moved what it was to move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import pandas as pd

from reportkit.analysis.effect import Effect, Outcome, effect
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.review import ActionRules

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Action", "Judged", "State", "Why", "judge"]

State = Literal["done", "overdue", "open", "cancelled"]
Why = Literal["", "no_metric", "open", "cancelled", "early", "action", "event", "unclear"]

_DONE, _CANCELLED = ("已完成", "已验证有效", "无效"), "取消"
_EVENTS = "SELECT title, start_date, coalesce(end_date, start_date) FROM events ORDER BY start_date"
_PHASES = "SELECT DISTINCT start_date, end_date FROM promos"


@dataclass(frozen=True)
class Action:
    """One row of the ledger of actions, as people keep it; None where a cell is empty."""

    id: str
    text: str
    owner: str
    due: date
    status: str = "待启动"
    review: str | None = None
    finding: str | None = None
    kind: str | None = None
    steps: str | None = None
    start: date | None = None
    metric: str | None = None
    baseline: float | None = None
    target: float | None = None

    def state(self, day: date) -> State:
        """Return how it stands on `day`."""
        if self.status == _CANCELLED:
            return "cancelled"
        if self.status in _DONE:
            return "done"
        return "overdue" if self.due < day else "open"


@dataclass(frozen=True)
class Judged:
    """An action and what became of it: the verdict, and why there is none where it is undecided.

    `effect` compares the days after the deadline with those before the start; `other` names what else happened.
    """

    action: Action
    state: State
    verdict: Outcome
    why: Why = ""
    effect: Effect | None = None
    result: Result | None = None
    other: str = ""

    @property
    def figure(self) -> Figure | None:
        """The change of the metric, with the rows of the days after."""
        if self.effect is None or self.result is None:
            return None
        rows = self.result.rows_sql(self.result.requests[0])
        return Figure("actions.effect", self.effect.change, "percent", {"action": self.action.id}, rows)


def judge(study: Study, rules: ActionRules, action: Action, every: Sequence[Action]) -> Judged:
    """Return what became of `action`, and whether its metric moved; `every` are all actions there are."""
    state = action.state(study.as_of)
    if state == "cancelled":
        return Judged(action, state, "undecided", "cancelled")
    if state != "done":
        return Judged(action, state, "undecided", "open")
    if action.metric is None:
        return Judged(action, state, "undecided", "no_metric")
    request = _request(study, action.metric)
    told = _compared(study, rules, action, request)
    if told is None:
        return Judged(action, state, "undecided", "early")
    found, result = told
    if other := _other_action(rules, action, every):
        return Judged(action, state, "undecided", "action", found, result, other)
    if other := _event(study, rules, action):
        return Judged(action, state, "undecided", "event", found, result, other)
    better = study.metrics.catalog[action.metric].better
    verdict = found.outcome("down" if better == "down" else "up", _wanted(action))
    return Judged(action, state, verdict, "unclear" if verdict == "undecided" else "", found, result)


def _wanted(action: Action) -> float:
    """Return by what fraction the metric was to move; 0 where nobody said."""
    if not action.baseline or action.target is None:
        return 0.0
    return abs(action.target / action.baseline - 1)


def _request(study: Study, metric: str) -> str:
    """Return the metric by the day its money moved, since refunds of late payments are still to come."""
    bases = study.metrics.catalog[metric].bases
    return f"{metric}.refund_date" if "refund_date" in bases else metric


def _compared(study: Study, rules: ActionRules, action: Action, request: str) -> tuple[Effect, Result] | None:
    """Return the effect, and the days after it; None where there are too few usual days."""
    begun = action.start or action.due
    before = _usual(study, begun - timedelta(days=1), -1, rules.days)
    after = _usual(study, action.due + timedelta(days=1), 1, rules.days)
    if min(len(before), len(after)) < rules.least:
        return None
    sides = [_days(study, request, days) for days in (before, after)]
    known = [
        frame.loc[frame.index.isin(days)].dropna()
        for (frame, _), days in zip(sides, (before, after), strict=True)
    ]
    if min(len(side) for side in known) < rules.least:
        return None
    found = effect(known[0], known[1], level=rules.level)
    return (found, sides[1][1]) if found else None


def _usual(study: Study, first: date, step: int, count: int) -> list[pd.Timestamp]:
    """Return up to `count` days from `first` on, forwards or backwards, that lie in no phase of a promotion."""
    spans, found = study.metrics.engine.rows(_PHASES), list[pd.Timestamp]()
    for offset in range(3 * count):
        day = first + timedelta(days=step * offset)
        if day > study.as_of or len(found) == count:
            break
        if not any(start <= day <= end for start, end in spans):
            found.append(pd.Timestamp(day))
    return found


def _days(study: Study, request: str, days: list[pd.Timestamp]) -> tuple[pd.DataFrame, Result]:
    """Return x and y by day of a metric: of a ratio both parts, of another its value and 1."""
    metric, basis = study.metrics.catalog.split(request)
    parts = [_part(study, name, basis) for name in metric.ratio] if metric.ratio else [request]
    period = f"{min(days).date()}/{max(days).date()}"
    result = study.ask(parts if metric.ratio else [request], by=["day"], period=period)
    wide = result.frame.pivot(index="day", columns="metric", values="value").astype("float64")
    x = wide[parts[0]]
    y = wide[parts[1]] if metric.ratio else pd.Series(1.0, index=wide.index)
    return pd.DataFrame({"x": x, "y": y}), result


def _part(study: Study, name: str, basis: str | None) -> str:
    return f"{name}.{basis}" if basis and basis in study.metrics.catalog[name].bases else name


def _other_action(rules: ActionRules, action: Action, every: Sequence[Action]) -> str:
    """Return the id of another action that was to move the same metric in the same weeks."""
    mine = (action.start or action.due, action.due + timedelta(days=rules.days))
    return next(
        (
            one.id
            for one in every
            if one.id != action.id
            and one.metric == action.metric
            and one.status in _DONE
            and (one.start or one.due) <= mine[1]
            and one.due >= mine[0]
        ),
        "",
    )


def _event(study: Study, rules: ActionRules, action: Action) -> str:
    """Return the first event that people wrote down in the days after the action."""
    last = min(action.due + timedelta(days=rules.days), study.as_of)
    return next(
        (
            title
            for title, first, end in study.metrics.engine.rows(_EVENTS)
            if first <= last and end >= action.due
        ),
        "",
    )
