"""Views of a metric, answered as if they were metrics: share, concentration, index, growth, attainment …"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from reportkit.errors import QueryError
from reportkit.metrics.compile import Condition, Request, column_of
from reportkit.metrics.evaluate import Answer, Evaluator, Question, without
from reportkit.metrics.grid import buckets
from reportkit.metrics.periods import Period, bucket, enclosing
from reportkit.metrics.targets import Targets
from reportkit.metrics.views import TIME, UNKNOWN

__all__ = ["derive", "growth", "with_targets"]


def derive(request: Request, question: Question, evaluator: Evaluator, targets: Targets) -> Answer:
    """Return the answer of a request whose metric is a view of another."""
    metric = request.metric
    of = Request(metric.of or "", evaluator.catalog[metric.of or ""], request.basis)
    match metric.view:
        case "share" | "index":
            answer = _share(of, metric.over or "", metric.known_only, question, evaluator)
        case "concentration":
            answer = _concentration(of, metric.over or "", question, evaluator)
        case "growth":
            answer = _growth(of, metric.against or "", question, evaluator)
        case _:
            answer = _against_target(of, request, question, evaluator, targets)
    return replace(answer, request=request)


def growth(now: pd.Series, then: pd.Series) -> pd.Series:
    """Return now / then - 1, missing where `then` is zero, negative or missing."""
    return now / then.where(then > 0) - 1


def with_targets(answer: Answer, targets: Targets) -> pd.DataFrame:
    """Return the frame of `answer` with target, attainment and pace beside each value.

    Targets are set by platform and period; a row cut or filtered otherwise has none.
    """
    frame = answer.frame.copy()
    goals = [_goal(answer, targets, row) for row in _records(frame, answer.question)]
    frame["target"] = [whole for whole, _ in goals]
    frame["attainment"] = frame["value"] / frame["target"].where(frame["target"] != 0)
    due = pd.Series([so_far for _, so_far in goals], index=frame.index, dtype="float64")
    frame["pace"] = frame["value"] / due.where(due != 0)
    return frame


def _share(of: Request, over: str, known_only: bool, question: Question, evaluator: Evaluator) -> Answer:
    whole = without(question, over)
    if over == "platform":
        whole = replace(whole, platforms=evaluator.coverage.platforms)
    part = evaluator.answers([of], question)[of.text]
    total = evaluator.answers([of], whole)[of.text]
    shares = _divided(part, total)
    statements = (*part.statements, *total.statements)
    if known_only:
        condition = Condition(over, (UNKNOWN,), wanted=False)
        total = evaluator.answers([of], replace(whole, scope=(*whole.scope, condition)))[of.text]
        known = _divided(part, total)
        if over in question.by:
            unknown = part.frame[column_of(over)] == UNKNOWN
            known.loc[unknown] = shares.loc[unknown]
        shares = known
        statements = (*statements, *total.statements)
    return replace(part, frame=shares, statements=statements)


def _concentration(of: Request, over: str, question: Question, evaluator: Evaluator) -> Answer:
    """Return the sum of the squared shares over a dimension: 1 / how many equal parts there would be."""
    parts = evaluator.answers([of], replace(question, by=(*without(question, over).by, over)))[of.text]
    values, counts = list(parts.windows), ["n", "rows"]
    keys = [column_of(dimension) for dimension in question.by]
    cells = parts.frame.assign(**{f"{name}²": parts.frame[name] ** 2 for name in values})
    grouped = cells.groupby(keys or np.zeros(len(cells)), sort=False)
    sums = grouped[[*counts, *values, *(f"{name}²" for name in values)]].sum(min_count=1).reset_index()
    frame = sums[[*keys, *counts, *values]].copy()
    for name in values:
        frame[name] = sums[f"{name}²"] / sums[name].where(sums[name] != 0) ** 2
    return replace(parts, question=question, frame=frame[[*keys, "value", *counts, *values[1:]]])


def _divided(part: Answer, total: Answer) -> pd.DataFrame:
    keys = [column_of(dimension) for dimension in total.question.by]
    own = [column_of(dimension) for dimension in part.question.by]
    values = list(part.windows)
    if keys:
        below = part.frame[keys].merge(total.frame, on=keys, how="left")[values]
    else:
        below = pd.concat([total.frame[values]] * len(part.frame), ignore_index=True)
    frame = part.frame.copy()
    frame[values] = frame[values].to_numpy() / below.where(below != 0).to_numpy()
    return frame[[*own, "value", "n", "rows", *values[1:]]]


def _growth(of: Request, against: str, question: Question, evaluator: Evaluator) -> Answer:
    answer = evaluator.answers([of], replace(question, compare=(against,)))[of.text]
    now, then = (answer.frame[f"{against}_{side}"] for side in ("now", "then"))
    frame = answer.frame.drop(columns=[name for name in answer.windows if name != "value"])
    frame["value"] = growth(now, then)
    windows = answer.windows
    statements = [evaluator.statement(of, question, windows[f"{against}_{side}"]) for side in ("now", "then")]
    kept = {"value": windows[f"{against}_now"]}
    return _blank_compared(
        replace(answer, frame=frame, windows=kept, statements=tuple(filter(None, statements))), question
    )


def _against_target(
    of: Request, request: Request, question: Question, evaluator: Evaluator, targets: Targets
) -> Answer:
    if cut := [name for name in question.by if name in TIME]:
        raise QueryError(
            f"{request.text} cannot be cut by {cut[0]}", todo="ask for its metric with a target instead"
        )
    period = request.metric.period
    inner = replace(
        question,
        period=enclosing(period, question.until) if period else question.period,
        compare=(),
        counted_to=question.until,
    )
    answer = evaluator.answers([of], inner)[of.text]
    frame = with_targets(answer, targets)
    if request.metric.view == "projection":
        frame["value"] /= [_elapsed(answer, targets, row) for row in _records(frame, inner)]
    else:
        frame["value"] = frame[str(request.metric.view)]
    return _blank_compared(
        replace(answer, frame=frame.drop(columns=["target", "attainment", "pace"])), question
    )


def _blank_compared(answer: Answer, question: Question) -> Answer:
    """Return `answer` with empty comparisons: a growth or an attainment is itself a comparison."""
    names = [name for compare in question.compare for name in (compare, f"{compare}_now", f"{compare}_then")]
    return replace(answer, frame=answer.frame.assign(**dict.fromkeys(names, np.nan)))


def _records(frame: pd.DataFrame, question: Question) -> list[dict[str, object]]:
    columns = [column_of(dimension) for dimension in question.by]
    return [
        dict(zip(question.by, row, strict=True)) for row in frame[columns].itertuples(index=False, name=None)
    ]


def _goal(answer: Answer, targets: Targets, row: dict[str, object]) -> tuple[float, float]:
    """Return what the whole row, and the part of it that has passed, should bring; NaN where not set."""
    question = answer.question
    target = (
        targets.of(answer.request, question.period, _targeted(answer, targets, row))
        if _fits(question)
        else None
    )
    if target is None:
        return np.nan, np.nan
    days = _days(question.period, question.by, row)
    whole = target.value if days is None else target.due(days)
    due = target.due(day for day in days or question.period.dates() if day <= question.until)
    return (np.nan if whole is None else whole), (np.nan if due is None else due)


def _elapsed(answer: Answer, targets: Targets, row: dict[str, object]) -> float:
    question = answer.question
    whole, due = _goal(answer, targets, row)
    days = ((question.until - question.period.start).days + 1) / question.period.days
    share = due / whole if whole and not np.isnan(whole) else days
    return share if share > 0 else np.nan


def _fits(question: Question) -> bool:
    return not set(question.by) - {"platform", *TIME} and all(
        condition.dimension == "platform" for condition in question.scope
    )


def _targeted(answer: Answer, targets: Targets, row: dict[str, object]) -> list[str] | None:
    question = answer.question
    if "platform" in row:
        return [str(row["platform"])]
    if question.scope:
        return list(question.platforms)
    if targets.of(answer.request, question.period, None):
        return None
    return sorted({*question.platforms, *targets.platforms(answer.request, question.period)})


def _days(period: Period, by: tuple[str, ...], row: dict[str, object]) -> list[date] | None:
    if not buckets(by, period, period.end):
        return None
    kind = next(name for name in by if name in TIME)
    first = pd.Timestamp(str(row[kind])).date()
    return [day for day in period.dates() if bucket(kind, day) == first]
