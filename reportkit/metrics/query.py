"""Metric × dimension × period → frame: what reports and scripts ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import pandas as pd

from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError, suggest
from reportkit.metrics.catalog import load_catalog
from reportkit.metrics.compile import Condition, Request, column_of
from reportkit.metrics.coverage import Coverage, read_coverage
from reportkit.metrics.derived import derive, growth, with_targets
from reportkit.metrics.development import Developments, make_table
from reportkit.metrics.evaluate import Answer, Evaluator, Question
from reportkit.metrics.periods import Period, parse, parse_day, read_promos
from reportkit.metrics.result import Result
from reportkit.metrics.targets import Targets, read_targets
from reportkit.metrics.views import TIME, define_views
from reportkit.project import Project

__all__ = ["COMPARISONS", "Metrics", "Result"]

COMPARISONS = ("previous", "last_year", "target")

_TOLD_AS_OF = re.compile(r"as_of = DATE '([0-9-]{10})'")

Scope = Mapping[str, Sequence[str] | str]


class Metrics:
    """The metrics of a project over one snapshot of its lake. Opened once per report."""

    def __init__(self, project: Project, engine: DuckDBEngine) -> None:
        """Read the dictionary and define its views in `engine`; ProjectError where they do not fit."""
        self.project, self.engine = project, engine
        self.catalog = load_catalog(project)
        make_table(engine)
        define_views(engine, self.catalog.views)

    @cached_property
    def coverage(self) -> Coverage:
        """Which days there is data for."""
        return read_coverage(self.project, self.engine)

    @cached_property
    def promos(self) -> dict[str, Period]:
        """The promotions of the lake by id."""
        return read_promos(self.engine)

    @cached_property
    def platforms(self) -> tuple[str, ...]:
        """Platforms that have orders, in the order reports list them."""
        rank = {platform: place for place, platform in enumerate(self.project.platforms)}
        return tuple(sorted(self.coverage.platforms, key=lambda name: (rank.get(name, len(rank)), name)))

    @property
    def last_day(self) -> date | None:
        """The last day with an order; None for an empty lake."""
        return max((last for _, last in self.coverage.trading.values()), default=None)

    def period(self, text: str) -> Period:
        """Return the period that `text` names, a promotion's id included; QueryError where there is none."""
        return parse(text, self.promos)

    @property
    def developments(self) -> Developments:
        """How refunds develop, as of any day."""
        return self._evaluator.developments

    def prepare(self, sql: str) -> None:
        """Make ready what a statement of an earlier answer reads of the days as of which it was told."""
        for day in sorted(set(_TOLD_AS_OF.findall(sql))):
            self.developments.of(date.fromisoformat(day))

    def query(
        self,
        requests: Sequence[str],
        by: Sequence[str] = (),
        period: str | Period = "",
        scope: Scope | None = None,
        compare: Sequence[str] = (),
        as_of: str | date | None = None,
    ) -> Result:
        """Return `requests` (``gmv``, ``net_sales.refund_date``) over `period`, cut by the dimensions `by`.

        `scope` keeps rows by dimension, ``{"platform": ["tmall"]}``. `compare` names any of previous,
        last_year and target. `as_of` is the last day that may be seen, by default the last order day.
        Raises QueryError for a name that is not known, with the nearest that is.
        """
        asked = [self._request(text) for text in dict.fromkeys(requests)]
        conditions = _conditions(scope or {})
        self._check(asked, by, conditions, compare)
        span = period if isinstance(period, Period) else self.period(period)
        question = Question(
            by=tuple(dict.fromkeys(by)),
            period=span,
            scope=conditions,
            compare=tuple(name for name in COMPARISONS if name in compare and name != "target"),
            as_of=parse_day(as_of) if as_of else self.last_day or span.end,
            platforms=self._within(conditions),
        )
        answers = self._answers(asked, question)
        return self._result(answers, question, "target" in compare)

    @cached_property
    def _evaluator(self) -> Evaluator:
        return Evaluator(self.catalog, self.engine, self.coverage, self.project.policy.maturity)

    @cached_property
    def _targets(self) -> Targets:
        return read_targets(self.engine)

    def _request(self, text: str) -> Request:
        metric, basis = self.catalog.split(text)
        return Request(text, metric, basis)

    def _answers(self, requests: Sequence[Request], question: Question) -> dict[str, Answer]:
        plain = [request for request in requests if not request.metric.view]
        found = self._evaluator.answers(plain, question) if plain else {}
        return {
            request.text: found[request.text]
            if request.text in found
            else derive(request, question, self._evaluator, self._targets)
            for request in requests
        }

    def _result(self, answers: dict[str, Answer], question: Question, targets: bool) -> Result:
        frames = [
            self._compared(answer, question, targets).assign(metric=text) for text, answer in answers.items()
        ]
        keys = ["metric", *(column_of(name) for name in question.by)]
        frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=keys)
        return Result(
            requests=tuple(answers),
            by=question.by,
            period=question.period,
            scope={condition.dimension: list(condition.values) for condition in question.scope},
            as_of=question.as_of,
            frame=frame[[*keys, *(name for name in frame.columns if name not in keys)]],
            missing={text: answer.missing for text, answer in answers.items()},
            partial={text: answer.partial for text, answer in answers.items()},
            statements={text: ";\n\n".join(answer.statements) for text, answer in answers.items()},
            answers=answers,
            catalog=self.catalog,
        )

    def _compared(self, answer: Answer, question: Question, targets: bool) -> pd.DataFrame:
        frame = answer.frame.copy()
        if targets:
            frame = frame.assign(target=float("nan"), attainment=float("nan"), pace=float("nan"))
            if not answer.request.metric.view:
                frame = with_targets(answer, self._targets)
        for compare in question.compare:
            now, then = frame[f"{compare}_now"], frame[f"{compare}_then"]
            frame[f"{compare}_change"] = now - then
            frame[f"{compare}_growth"] = growth(now, then)
        return frame

    def _check(
        self,
        requests: Sequence[Request],
        by: Sequence[str],
        scope: Sequence[Condition],
        compare: Sequence[str],
    ) -> None:
        for name in compare:
            if name not in COMPARISONS:
                raise QueryError(f'cannot compare with "{name}"', todo=suggest(name, COMPARISONS))
        if len(times := [name for name in by if name in TIME]) > 1:
            raise QueryError(f"cannot cut by {' and '.join(times)} at once", todo="ask for one of them")
        every = {name for view in self.catalog.views.values() for name in view.dimensions} | set(TIME)
        names = [(name, False) for name in by] + [(condition.dimension, True) for condition in scope]
        for name, filtered in names:
            if name not in every or (filtered and name in TIME):
                raise QueryError(
                    f'no dimension "{name}"', todo=suggest(name, every - set(TIME) if filtered else every)
                )
            for request in requests:
                self._check_has(request, name)

    def _check_has(self, request: Request, dimension: str) -> None:
        known = self.catalog.dimensions(request.metric.id, request.basis)
        if dimension not in known:
            todo = f"it has {', '.join(known)}"
            raise QueryError(f'{request.text} does not know the dimension "{dimension}"', todo=todo)

    def _within(self, scope: Sequence[Condition]) -> tuple[str, ...]:
        wanted = next((condition.values for condition in scope if condition.dimension == "platform"), None)
        if wanted is None:
            return self.platforms
        known = {*self.platforms, *self.project.platforms}
        for name in wanted:
            if name not in known:
                raise QueryError(f'no platform "{name}"', where="scope", todo=suggest(name, known))
        return tuple(name for name in dict.fromkeys([*self.platforms, *wanted]) if name in wanted)


def _conditions(scope: Scope) -> tuple[Condition, ...]:
    found = []
    for dimension, given in scope.items():
        values = (given,) if isinstance(given, str) else tuple(str(value) for value in given)
        if not values:
            raise QueryError(
                f"scope {dimension} has no values", todo="name at least one, or leave the dimension out"
            )
        found.append(Condition(dimension, values))
    return tuple(found)
