"""What changed since the last issue of the same report: every metric it printed, then and now, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake, Snapshot
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics, Result
from reportkit.metrics.views import UNKNOWN
from reportkit.project import Project

__all__ = ["Issue", "Move", "Reissue", "last_issue", "reissue", "since"]

_MANIFEST = "manifest.json"
_CLOSE = 1e-9
Key = tuple[tuple[str, ...], str]


@dataclass(frozen=True)
class Issue:
    """An earlier issue: its run, the last day it saw, its snapshot, and the facts that it printed."""

    run: str
    as_of: date
    snapshot: Snapshot
    facts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Move:
    """One value then and now, in the metric's unit. now - then = definition + files + days, each of them exact.

    `definition` is what today's definitions and programs make of the same rows, `files` what rows do that arrived since,
    `days` what happened in the days since: refunds came in, the period went on.
    """

    request: str
    dims: Mapping[str, str]
    period: str
    then: float
    now: float
    definition: float
    files: float
    days: float
    result: Result = field(repr=False)

    @property
    def change(self) -> float:
        """now - then."""
        return self.now - self.then


@dataclass(frozen=True)
class Reissue:
    """What moved since `issue`; `kept` values are the same, `gone` can no longer be told."""

    issue: Issue
    period: Period
    as_of: date
    scope: Mapping[str, Sequence[str]]
    moves: tuple[Move, ...]
    kept: int
    gone: int


def since(
    metrics: Metrics, section: str, period: Period, scope: Mapping[str, Sequence[str]], as_of: date
) -> Reissue | None:
    """Return what moved since the last issue; None where there is none."""
    issue = last_issue(metrics.project, section, period.id, scope, as_of)
    return reissue(metrics, issue, period, scope, as_of) if issue else None


def last_issue(
    project: Project, section: str, period: str, scope: Mapping[str, Sequence[str]], as_of: date
) -> Issue | None:
    """Return the newest issue of the report that holds the notebook `section`, as of an earlier day than `as_of`.

    It is looked for among the project's runs; one that cannot be read is none.
    """
    found = [
        issue
        for path in project.runs.glob(f"*/*/*/{_MANIFEST}")
        for issue in _issues(path, section, period, scope)
        if issue.as_of < as_of
    ]
    return max(found, key=lambda issue: (issue.as_of, issue.run), default=None)


def _issues(path: Path, section: str, period: str, scope: Mapping[str, Sequence[str]]) -> list[Issue]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["period"]["id"] != period:
            return []
        return [
            Issue(
                told["run"], date.fromisoformat(told["as_of"]), Snapshot.from_json(told["snapshot"]),
                tuple(one["facts"]),
            )
            for one in told["editions"]
            if section in one["sections"] and one["scope"] == dict(scope) and one.get("facts")
        ]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return []


def reissue(
    metrics: Metrics, issue: Issue, period: Period, scope: Mapping[str, Sequence[str]], as_of: date
) -> Reissue:
    """Return every metric that `issue` printed of `scope`, then and now.

    The value is asked three times: of the rows of then as of then, of today's rows as of then, of today's rows today.
    """
    engine = DuckDBEngine(Lake(metrics.project.lake), issue.snapshot)
    try:
        before = Metrics(metrics.project, engine)
        steps = ((before, issue.as_of), (metrics, issue.as_of), (metrics, as_of))
        moves, kept, gone = [], 0, 0
        for facts in _together(issue, metrics):
            asked = [_asked(one, facts, scope, day) for one, day in steps]
            for fact in facts:
                values = [_cell(result, fact) for result in asked]
                move = _move(fact, values, asked[-1])
                moves += [move] if move and move.change else []
                kept += bool(move and not move.change)
                gone += move is None
    finally:
        engine.close()
    return Reissue(issue, period, as_of, scope, tuple(moves), kept, gone)


def _together(issue: Issue, metrics: Metrics) -> list[list[Mapping[str, Any]]]:
    """Return the facts that are metrics, those of one period and the same dimensions together, each value once."""
    known = {
        (_request(fact), *_key(fact), *sorted(fact["dims"].items())): fact
        for fact in issue.facts
        if fact["metric"] in metrics.catalog and fact["value"] is not None
    }
    return [list(group) for _, group in groupby(sorted(known.values(), key=_key), key=_key)]


def _key(fact: Mapping[str, Any]) -> Key:
    return tuple(sorted(fact["dims"])), fact["period"]


def _request(fact: Mapping[str, Any]) -> str:
    return f"{fact['metric']}.{fact['basis']}" if fact["basis"] else str(fact["metric"])


def _asked(
    metrics: Metrics, facts: list[Mapping[str, Any]], scope: Mapping[str, Sequence[str]], as_of: date
) -> Result:
    requests = list(dict.fromkeys(_request(fact) for fact in facts))
    by, period = _key(facts[0])
    return metrics.query(requests, by=by, period=period, scope=scope, as_of=as_of)


def _cell(result: Result, fact: Mapping[str, Any]) -> float | None:
    """Return the value where the fact's dimensions hold; None where no row has them."""
    frame = result.frame[result.frame["metric"] == _request(fact)]
    for name, value in fact["dims"].items():
        column = f"{name}_id" if name in ("platform", "shop") else name
        texts = (
            frame[column].astype(str).str.slice(0, 10) if name in ("day", "week", "month") else frame[column]
        )
        frame = frame[texts.fillna(UNKNOWN) == value]
    if len(frame) != 1:
        return None
    value = float(frame["value"].iloc[0])
    return None if value != value else value


def _move(fact: Mapping[str, Any], values: list[float | None], result: Result) -> Move | None:
    then = float(fact["value"])
    if any(value is None for value in values):
        return None
    first, second, now = (float(value) for value in values if value is not None)
    definition, files, days = (_exact(step, then) for step in (first - then, second - first, now - second))
    now = then + definition + files + days
    return Move(_request(fact), fact["dims"], fact["period"], then, now, definition, files, days, result)


def _exact(change: float, beside: float) -> float:
    """Return `change`, 0 where it is only how sums of decimals were added."""
    return 0.0 if abs(change) <= _CLOSE * max(1.0, abs(beside)) else change
