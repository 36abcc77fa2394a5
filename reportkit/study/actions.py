"""The ledger of actions: what earlier reviews decided and what became of it, what this one decided and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from reportkit.engines import quoted
from reportkit.quality.figure import Figure
from reportkit.study.review import ActionRules
from reportkit.study.verdicts import Action, Judged, judge

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Actions", "Fault", "actions", "faults"]

Fault = Literal["metric", "vague", "late", "steps", "finding"]

_ACTIONS = """SELECT action_id AS id, review_id AS review, finding_id AS finding, kind, action AS text, steps, owner,
    start_date AS start, due_date AS due, metric_id AS metric, baseline, target, status
FROM actions ORDER BY due_date, action_id"""
_BEFORE = 366  # days before the period from which an action is read back


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
        rows = {"actions": f"SELECT * FROM actions WHERE action_id IN ({ids})"}
        return Figure("actions.own", len(self.own), "count", {}, rows)

    def figure(self, name: str, value: float) -> Figure:
        """Return a count or share of the earlier actions, with their rows."""
        ids = ", ".join(quoted(one.action.id) for one in self.counted)
        rows = f"SELECT * FROM actions WHERE action_id IN ({ids})" if ids else ""
        unit: Literal["percent", "count"] = "percent" if name in ("closed", "effective") else "count"
        return Figure(f"actions.{name}", value, unit, {}, {"actions": rows} if rows else {})


def _share(rows: tuple[Judged, ...], holds: Any) -> float | None:
    return sum(map(holds, rows)) / len(rows) if rows else None


def actions(study: Study, rules: ActionRules) -> Actions:
    """Return the actions that the ledger of actions holds, as of the study's last day.

    Read back are those of other reviews that began before the period's end and were due in the year before it or later.
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
        tuple(judge(study, rules, one, every) for one in earlier),
        tuple((one, faults(study, rules, one)) for one in own),
    )


def faults(study: Study, rules: ActionRules, action: Action) -> tuple[Fault, ...]:
    """Return what a good action has and this one lacks (C6.14): metric, a figure, a date in reach, steps, a finding."""
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
    rows: list[Any] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return tuple(Action(**{name: _plain(value) for name, value in row.items()}) for row in rows)


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value
