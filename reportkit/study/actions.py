"""What was decided in reviews: what became of it, and whether it did anything."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from reportkit.analysis.effect import Effect, effect
from reportkit.engines import quoted
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Action", "Actions", "Fault", "Judged", "State", "Why", "actions", "faults"]

State = Literal["done", "overdue", "open", "cancelled"]
Verdict = Literal["effective", "ineffective", "undecided"]
Why = Literal["", "no_metric", "open", "cancelled", "early", "action", "event", "unclear"]
Fault = Literal["metric", "vague", "late", "steps", "finding"]

_DONE, _CANCELLED = ("已完成", "已验证有效", "无效"), "取消"
_ACTIONS = """SELECT action_id AS id, review_id AS review, finding_id AS finding, kind, action AS text, steps, owner,
    departments AS helpers, start_date AS start, due_date AS due, metric_id AS metric, baseline, target,
    check_date AS checked, status, coalesce(postponed, 0) AS postponed, result, evidence, note
FROM actions ORDER BY due_date, action_id"""
_EVENTS = "SELECT title, start_date, coalesce(end_date, start_date) FROM events ORDER BY start_date"
_PHASES = "SELECT DISTINCT start_date, end_date FROM promos"
_BEFORE = 366  # days before the period from which an action is read back


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
    helpers: str | None = None
    start: date | None = None
    metric: str | None = None
    baseline: float | None = None
    target: float | None = None
    checked: date | None = None
    postponed: int = 0
    result: float | None = None
    evidence: str | None = None
    note: str | None = None

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
    verdict: Verdict
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


@dataclass(frozen=True)
class Actions:
    """The actions of earlier reviews, each with its verdict, and those of this one, each with its faults."""

    earlier: tuple[Judged, ...]
    own: tuple[tuple[Action, tuple[Fault, ...]], ...]

    @property
    def counted(self) -> tuple[Judged, ...]:
        """The earlier ones that were not called off."""
        return tuple(one for one in self.earlier if one.state != "cancelled")

    @property
    def closed(self) -> float | None:
        """The share of them that are done."""
        return _share(self.counted, lambda one: one.state == "done")

    @property
    def effective(self) -> float | None:
        """The share of those judged either way that did something."""
        told = tuple(one for one in self.counted if one.verdict != "undecided")
        return _share(told, lambda one: one.verdict == "effective")

    @property
    def unstarted(self) -> int:
        """How many were said and not begun by their deadline."""
        return sum(one.state == "overdue" and one.action.status == "待启动" for one in self.counted)

    @property
    def unfollowed(self) -> int:
        """How many were done and cannot be judged, for nobody named what they were to move."""
        return sum(one.why == "no_metric" for one in self.counted)

    @property
    def listed(self) -> Figure:
        """How many actions of this review are accepted, with their rows."""
        ids = ", ".join(quoted(action.id) for action, _ in self.own)
        return Figure(
            "actions.own",
            len(self.own),
            "count",
            {},
            {"actions": f"SELECT * FROM actions WHERE action_id IN ({ids})"},
        )

    def figure(self, name: str, value: float) -> Figure:
        """Return a count or share of the earlier actions, with their rows."""
        ids = ", ".join(quoted(one.action.id) for one in self.counted)
        rows = f"SELECT * FROM actions WHERE action_id IN ({ids})" if ids else ""
        unit: Literal["percent", "count"] = "percent" if name in ("closed", "effective") else "count"
        return Figure(f"actions.{name}", value, unit, {}, {"actions": rows} if rows else {})


def _share(rows: tuple[Judged, ...], holds: Any) -> float | None:
    return sum(map(holds, rows)) / len(rows) if rows else None


def actions(study: Study) -> Actions:
    """Return the actions that the ledger of actions holds, as of the study's last day.

    Read back are those of other reviews that began before the period's end and were due within the year before the period or later.
    """
    every = _read(study)
    since = study.period.start - timedelta(days=_BEFORE)
    earlier = [
        one
        for one in every
        if one.review != study.period.id
        and one.due >= since
        and (one.start is None or one.start <= study.period.end)
    ]
    own = [one for one in every if one.review == study.period.id]
    return Actions(
        tuple(_judged(study, one, every) for one in earlier),
        tuple((one, faults(study, one)) for one in own),
    )


def faults(study: Study, action: Action) -> tuple[Fault, ...]:
    """Return what a good action has and this one lacks (C6.14): metric, a figure, a date in reach, steps, a finding."""
    rules = study.review.actions
    text = action.text.lower()
    hollow = any(word in text for word in (*rules.vague, *rules.empty)) and not any(map(str.isdigit, text))
    held: dict[Fault, bool] = {
        "metric": action.metric is None,
        "vague": hollow,
        "late": action.due > _next(study),
        "steps": not action.steps,
        "finding": not action.finding,
    }
    return tuple(name for name, wrong in held.items() if wrong)


def _next(study: Study) -> date:
    """Return the day the next promotion begins: by then this review's actions are due; else a year from now."""
    after = [one.start for one in study.metrics.promos.values() if one.start > study.as_of]
    return min(after, default=study.as_of + timedelta(days=_BEFORE))


def _read(study: Study) -> tuple[Action, ...]:
    frame = study.metrics.engine.frame(_ACTIONS)
    names = {one.name for one in fields(Action)}
    rows: list[Any] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return tuple(
        Action(**{name: _plain(value) for name, value in row.items() if name in names}) for row in rows
    )


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value


def _judged(study: Study, action: Action, every: tuple[Action, ...]) -> Judged:
    state = action.state(study.as_of)
    if state == "cancelled":
        return Judged(action, state, "undecided", "cancelled")
    if state != "done":
        return Judged(action, state, "undecided", "open")
    if action.metric is None:
        return Judged(action, state, "undecided", "no_metric")
    request = _request(study, action.metric)
    told = _compared(study, action, request)
    if told is None:
        return Judged(action, state, "undecided", "early")
    found, result = told
    if other := _other_action(action, every):
        return Judged(action, state, "undecided", "action", found, result, other)
    if other := _event(study, action):
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


def _compared(study: Study, action: Action, request: str) -> tuple[Effect, Result] | None:
    """Return the effect, and the days after it; None where there are too few usual days."""
    rules = study.review.actions
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


def _other_action(action: Action, every: tuple[Action, ...]) -> str:
    """Return the id of another action that was to move the same metric in the same weeks."""
    mine = (action.start or action.due, action.due + timedelta(days=28))
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


def _event(study: Study, action: Action) -> str:
    """Return the first event that people wrote down in the days after the action."""
    last = min(action.due + timedelta(days=study.review.actions.days), study.as_of)
    return next(
        (
            title
            for title, first, end in study.metrics.engine.rows(_EVENTS)
            if first <= last and end >= action.due
        ),
        "",
    )
