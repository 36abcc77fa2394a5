"""What the people at the front said, held against the metric that they spoke of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.query import Result
from reportkit.study.change import COMPARISONS, reference
from reportkit.study.why.rules import WhyRules

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Voice", "voices"]

_SAID = """
SELECT noted_date, department, position, kind, statement, suggestion, metric_id
FROM feedback WHERE noted_date BETWEEN DATE '{first}' AND DATE '{last}'
ORDER BY department, noted_date,
statement
"""
_BASIS = "pay_date"


@dataclass(frozen=True)
class Voice:
    """A statement of a department and how the data stand to it.

    `state`: ``agrees`` (the metric moved the way it says), ``check`` (a feeling that the data do not bear
    out), ``local`` (a fact that the whole does not show), ``beside`` (it names no metric, or no direction).
    `request` is the metric, told by `result` against `against`; None where it names none.
    """

    day: date
    department: str
    position: str | None
    feeling: bool
    statement: str
    suggestion: str | None
    state: str
    request: str | None = None
    result: Result | None = None
    against: str | None = None


def voices(study: Study, rules: WhyRules) -> tuple[Voice, ...]:
    """Return what was said in the period and shortly after, by department."""
    last = min(study.period.end + timedelta(days=rules.heard), study.as_of)
    frame = study.metrics.engine.frame(_SAID.format(first=study.period.start, last=last))
    rows = [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
    return tuple(_voice(study, rules, row) for row in rows)


def _voice(study: Study, rules: WhyRules, row: Mapping[str, object]) -> Voice:
    feeling, text = row["kind"] == rules.feeling, str(row["statement"])
    day = pd.Timestamp(str(row["noted_date"])).date()
    position, suggestion = (
        None if row[name] is None else str(row[name]) for name in ("position", "suggestion")
    )
    said = Voice(day, str(row["department"]), position, feeling, text, suggestion, "beside")
    metric = row["metric_id"]
    if metric is None or metric not in study.metrics.catalog:
        return said
    bases = study.metrics.catalog[str(metric)].bases or ()
    request = f"{metric}.{_BASIS}" if _BASIS in bases else str(metric)
    result = study.ask([request], compare=COMPARISONS)
    against = reference(result, request)
    state = _state(study, rules, text, feeling, result, against) if against else "beside"
    return Voice(day, said.department, position, feeling, text, suggestion, state, request, result, against)


def _state(study: Study, rules: WhyRules, text: str, feeling: bool, result: Result, against: str) -> str:
    """Return how the change of the metric stands to the direction that the words tell."""
    (request,) = result.requests
    growth = result.cell(request, f"{against}_growth")
    claimed = any(word in text for word in rules.rose) - any(word in text for word in rules.fell)
    if not claimed or growth is None:
        return "beside"
    if growth * claimed > 0 and abs(growth) >= study.project.policy.flat:
        return "agrees"
    return "check" if feeling else "local"
