"""What people answered, read from the form, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit.engines import quoted
from reportkit.study.why.node import Answer
from reportkit.study.why.rules import WhyRules

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Flaw", "accepted", "benchmarks", "flaws", "read_answers"]

_ANSWERS = """
SELECT node_id, why_no, statement, kind, department, evidence, check_date, is_controllable,
  benchmark_metric, benchmark_period
FROM whys WHERE review_id = {review} ORDER BY node_id, why_no
"""
_BENCHMARKS = "SELECT metric_id, period FROM benchmarks"


@dataclass(frozen=True)
class Flaw:
    """What is wrong with an answer, or with a root that has none: `rule` says what, `about` where.

    Rules: ``unknown`` (no such node), ``skipped`` (a why is left out), ``benchmark`` (blames the world
    outside without one), ``vague`` (blames what nobody can change), ``soon`` (called known, without
    evidence), ``beyond`` (ends at what is not ours to change), ``uncaused`` (a missed target without a
    cause).
    """

    rule: str
    about: str
    answer: Answer | None = None


def read_answers(study: Study) -> tuple[Answer, ...]:
    """Return the answers of this review, in the order of their nodes and whys."""
    rows = study.metrics.engine.rows(_ANSWERS.format(review=quoted(study.period.id)))
    return tuple(Answer(*(*row[:8], row[8:] if all(row[8:]) else None)) for row in rows)


def benchmarks(study: Study) -> set[tuple[str, str]]:
    """Return metric and period of every benchmark that somebody published."""
    return {(str(metric), str(period)) for metric, period in study.metrics.engine.rows(_BENCHMARKS)}


def flaws(
    answers: Iterable[Answer], levels: Mapping[str, int], known: Collection[tuple[str, str]], rules: WhyRules
) -> tuple[Flaw, ...]:
    """Judge `answers`: `levels` has the why of every node there is, `known` every benchmark."""
    by_node: dict[str, list[Answer]] = {}
    for answer in answers:
        by_node.setdefault(answer.node, []).append(answer)
    return tuple(
        flaw for node, mine in by_node.items() for flaw in _judged(node, mine, levels.get(node), known, rules)
    )


def _judged(
    node: str, answers: list[Answer], level: int | None, known: Collection[tuple[str, str]], rules: WhyRules
) -> Iterator[Flaw]:
    outside = node == rules.external
    if level is None and not outside:
        yield Flaw("unknown", node, answers[0])
        return
    last = 0 if outside else level or 0
    for answer in answers:
        if answer.why_no > last + 1:
            yield Flaw("skipped", node, answer)
        last = max(last, answer.why_no)
        if any(word in answer.statement for word in rules.vague):
            yield Flaw("vague", node, answer)
        if outside and answer.benchmark not in known:
            yield Flaw("benchmark", node, answer)
        if answer.kind == "fact" and not answer.evidence and not outside:
            yield Flaw("soon", node, answer)
    if not outside and not answers[-1].controllable:
        yield Flaw("beyond", node, answers[-1])


def accepted(answers: Iterable[Answer], found: Iterable[Flaw]) -> dict[str, tuple[Answer, ...]]:
    """Return by node the answers that stand: those below a flaw that breaks the chain fall with it."""
    broken: dict[str, int] = {}
    for flaw in found:
        if flaw.answer is not None and flaw.rule in ("unknown", "skipped", "vague", "benchmark"):
            broken[flaw.about] = min(broken.get(flaw.about, flaw.answer.why_no), flaw.answer.why_no)
    kept: dict[str, tuple[Answer, ...]] = {}
    for answer in answers:
        if answer.why_no < broken.get(answer.node, answer.why_no + 1):
            kept[answer.node] = (*kept.get(answer.node, ()), answer)
    return kept
