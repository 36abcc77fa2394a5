"""The targets of a period, how far each was attained, and whether they were good targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from reportkit.engines import quoted
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Result
from reportkit.study.review import AimRules

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Aim", "Aims", "Doubt", "aims"]

Doubt = Literal["late", "low", "high", "soft", "hard"]

_SET = "SELECT metric_id, max(set_at) FROM targets WHERE period = {period} AND target_platform = 'all' GROUP BY 1"


@dataclass(frozen=True)
class Aim:
    """One metric against its target; amounts in the metric's unit, None where they are not known.

    `stretch` is target / last year's result - 1, `past` the attainment of earlier targets, the newest first,
    `doubts` what speaks against the target: set after the start, below last year's, far above it, always
    exceeded, never reached.
    """

    request: str
    value: float | None
    target: float | None
    then: float | None
    attainment: float | None
    past: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def gap(self) -> float | None:
        """Actual minus target."""
        return None if self.value is None or self.target is None else self.value - self.target

    @property
    def stretch(self) -> float | None:
        """How far the target lies above last year's result."""
        return self.target / self.then - 1 if self.target is not None and self.then else None


@dataclass(frozen=True)
class Aims:
    """Every metric a goal is usually set for. `lacking` are the families of metrics without any target."""

    result: Result
    rows: tuple[Aim, ...]
    lacking: tuple[str, ...]

    @property
    def held(self) -> tuple[Aim, ...]:
        """Those that have a target and a value."""
        return tuple(aim for aim in self.rows if aim.attainment is not None)

    @property
    def doubted(self) -> tuple[Aim, ...]:
        """Those whose target is doubted."""
        return tuple(aim for aim in self.rows if aim.doubts)


def aims(study: Study, rules: AimRules) -> Aims:
    """Return the targets of the study's period against what was attained, and whether they were sound.

    Coverage, stretch against last year and the record of earlier targets are what a target is asked for.
    """
    result = study.ask(rules.asked, compare=("last_year", "target"))
    set_at, past = _set_at(study), _past(study, rules)
    rows = tuple(
        _aim(study, rules, result, request, set_at.get(request.split(".")[0]), past.get(request, ()))
        for request in rules.asked
    )
    named = _targeted(study)
    lacking = tuple(family for family, ids in rules.families.items() if named and not named & set(ids))
    return Aims(result, rows, lacking)


def _aim(
    study: Study, rules: AimRules, result: Result, request: str, set_at: date | None, past: tuple[float, ...]
) -> Aim:
    value, target, then, attainment = (
        result.cell(request, column) for column in ("value", "target", "last_year", "attainment")
    )
    aim = Aim(request, value, target, then, attainment, past)
    grows = study.metrics.catalog[request.split(".")[0]].better == "up"
    late = set_at is not None and set_at > study.period.start
    return replace(aim, doubts=tuple(_doubts(rules, aim, grows, late)))


def _doubts(rules: AimRules, aim: Aim, grows: bool, late: bool) -> Iterator[Doubt]:
    if aim.target is None:
        return
    if late:
        yield "late"
    if grows and aim.stretch is not None and aim.stretch < rules.slack:
        yield "low"
    if grows and aim.stretch is not None and aim.stretch > rules.stretch:
        yield "high"
    if len(aim.past) >= rules.past and min(aim.past) > rules.soft:
        yield "soft"
    if len(aim.past) >= rules.past and max(aim.past) < rules.hard:
        yield "hard"


def _set_at(study: Study) -> dict[str, date | None]:
    return dict(study.metrics.engine.rows(_SET.format(period=quoted(study.period.id))))


def _targeted(study: Study) -> set[str]:
    """Return the metrics that have a target in the period, of the company or of a platform."""
    sql = f"SELECT DISTINCT metric_id FROM targets WHERE period = {quoted(study.period.id)}"
    return {name for (name,) in study.metrics.engine.rows(sql)}


def _past(study: Study, rules: AimRules) -> dict[str, tuple[float, ...]]:
    """Return by request the attainment of the earlier periods of the same kind, the newest first."""
    told = [
        study.ask(rules.asked, compare=("target",), period=period) for period in _earlier(study, rules.past)
    ]
    found = {}
    for request in rules.asked:
        rates = [result.cell(request, "attainment") for result in told]
        found[request] = tuple(rate for rate in rates if rate is not None)
    return found


def _earlier(study: Study, count: int) -> list[Period]:
    """Return the periods of the same kind before this one that have targets, the newest first."""
    period = study.period
    if period.kind == "promo":
        every = [one for one in study.metrics.promos.values() if one.end < period.start]
    elif period.kind == "month":
        every, before = [], period.previous()
        while before and len(every) < count:
            every.append(before)
            before = before.previous()
    else:
        return []
    sql = "SELECT DISTINCT period FROM targets"
    aimed = {name for (name,) in study.metrics.engine.rows(sql)}
    held = sorted((one for one in every if one.id in aimed), key=lambda one: one.start, reverse=True)
    return held[:count]
