"""Evaluation: requests to answers, each computed over the platforms and days that have all its data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd

from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError
from reportkit.metrics.catalog import Catalog, Leaf
from reportkit.metrics.compile import Condition, Request, Slice, statement
from reportkit.metrics.coverage import Coverage, Days
from reportkit.metrics.grid import Cells, Grid
from reportkit.metrics.periods import Period
from reportkit.metrics.windows import Window, in_period, pairs

__all__ = ["Answer", "Evaluator", "Question"]


@dataclass(frozen=True)
class Question:
    """What requests are asked over.

    `as_of` is the last day that may be seen, `compare` the periods (``previous``, ``last_year``) that
    stand beside it, `platforms` those within `scope`. `counted_to` ends the count within the period.
    """

    by: tuple[str, ...]
    period: Period
    scope: tuple[Condition, ...]
    compare: tuple[str, ...]
    as_of: date
    platforms: tuple[str, ...]
    counted_to: date = date.max

    @property
    def until(self) -> date:
        """The last day that is counted."""
        return min(self.period.end, self.as_of, self.counted_to)

    def other(self, compare: str) -> Period | None:
        """Return the period that `compare` names; None where there is none."""
        return self.period.previous() if compare == "previous" else self.period.last_year()

    def cut(self, window: Window) -> Slice:
        """Return what one statement over `window` needs."""
        return Slice(self.by, self.scope, window, self.as_of)


@dataclass(frozen=True)
class Answer:
    """One request, answered.

    `frame` has the columns of the question's `by`, then value, n, rows and those of each comparison.
    `windows` are the days behind each of its values, `statements` the SQL behind `value`.
    """

    request: Request
    question: Question
    frame: pd.DataFrame
    windows: dict[str, Window] = field(repr=False)
    statements: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Platforms of the scope that are left out for want of data."""
        return [platform for platform in self.question.platforms if platform not in self.windows["value"]]

    @property
    def partial(self) -> dict[str, int]:
        """Platforms that lack days: how many of the days counted have no data."""
        asked = (self.question.until - self.question.period.start).days + 1
        found = {platform: asked - len(days) for platform, days in self.windows["value"].items()}
        return {platform: lacking for platform, lacking in found.items() if lacking}


class Evaluator:
    """Runs requests on one snapshot; what it has once learned about the data it keeps."""

    def __init__(self, catalog: Catalog, engine: DuckDBEngine, coverage: Coverage) -> None:
        self.catalog, self.engine, self.coverage = catalog, engine, coverage
        self._frames: dict[str, pd.DataFrame] = {}
        self._counts: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        self._days: dict[tuple[str, str], dict[str, Days]] = {}

    def answers(self, requests: Sequence[Request], question: Question) -> dict[str, Answer]:
        """Return the answer of every request by its text. Requests over the same days share a statement."""
        windows = {request.text: self._windows(request, question) for request in requests}
        asked: dict[tuple[tuple[str, Days], ...], dict[str, Request]] = {}
        for request in requests:
            for window in windows[request.text].values():
                if window:
                    asked.setdefault(tuple(window.items()), {})[request.text] = request
        found = {
            key: self._run(list(group.values()), question.cut(dict(key))) for key, group in asked.items()
        }
        grid = Grid.over(question.by, question.period, question.until, question.platforms)
        cells = {
            (text, name): grid.cells(
                found[tuple(window.items())], text, window, self._calendar(name, question)
            )
            for text, named in windows.items()
            for name, window in named.items()
            if window
        }
        grid = grid.completed(cells.values())
        return {
            request.text: self._answer(request, question, windows[request.text], grid, cells)
            for request in requests
        }

    def statement(self, request: Request, question: Question, window: Window) -> str:
        """Return the SQL of one request over `window`, and of nothing else; empty without any day."""
        return statement(self.catalog, [request], question.cut(window)) if window else ""

    def _answer(
        self,
        request: Request,
        question: Question,
        windows: dict[str, Window],
        grid: Grid,
        cells: dict[tuple[str, str], Cells],
    ) -> Answer:
        zero = request.metric.zero_when_empty
        columns = {name: grid.values(cells.get((request.text, name)), zero) for name in windows}
        own = cells.get((request.text, "value"))
        counts = {name: grid.counts(own, name) for name in ("n", "rows")}
        ordered = {"value": columns.pop("value")} | counts | columns
        frame = grid.frame().assign(**ordered)
        sql = self.statement(request, question, windows["value"])
        return Answer(request, question, frame, windows, (sql,) if sql else ())

    def _calendar(self, name: str, question: Question) -> Period | None:
        """Return the period whose days window `name` holds, where it is not the question's own."""
        compare = name.removesuffix("_then")
        return question.other(compare) if compare in question.compare else None

    def _windows(self, request: Request, question: Question) -> dict[str, Window]:
        days = self.covered(request, question.platforms)
        value = in_period(days, question.period, question.until)
        found: dict[str, Window] = {"value": value}
        for compare in question.compare:
            other = question.other(compare)
            then = in_period(days, other, question.as_of)
            found[compare] = then
            both = pairs(value, then, question.period, other) if other else ({}, {})
            found[f"{compare}_now"], found[f"{compare}_then"] = both
        return found

    def covered(self, request: Request, platforms: Iterable[str]) -> dict[str, Days]:
        """Return, by platform, the days that have data for every measure of `request`."""
        leaves = self.catalog.leaves(request.metric.id, request.basis)
        return {
            platform: frozenset.intersection(*(self._leaf_days(leaf, platform) for leaf in leaves))
            for platform in platforms
        }

    def _leaf_days(self, leaf: Leaf, platform: str) -> Days:
        view = self.catalog.views[leaf.measure.table]
        if self._is_blank(leaf, platform):
            return frozenset()
        if view.dense:
            return self._days_with_rows(leaf).get(platform, frozenset())
        return self.coverage.of(platform, view.datasets)

    def _days_with_rows(self, leaf: Leaf) -> dict[str, Days]:
        key = (leaf.measure.table, leaf.date)
        if key not in self._days:
            platform = self.catalog.views[leaf.measure.table].dimensions["platform"]
            found = self.engine.rows(f"SELECT DISTINCT {platform}, {leaf.date} FROM {leaf.measure.table}")
            self._days[key] = {
                name: frozenset(day for other, day in found if other == name)
                for name in {row[0] for row in found}
            }
        return self._days[key]

    def _is_blank(self, leaf: Leaf, platform: str) -> bool:
        """Tell whether `platform` has rows but never a value in one of the columns that `leaf` reads.

        Such a platform's exports do not say: buyers are masked, or refunds name no order.
        """
        counts = self._filled(leaf).get(platform)
        return bool(counts) and any(counts[column] == 0 for column in self._columns(leaf) if counts)

    def _filled(self, leaf: Leaf) -> dict[str, dict[str, int]]:
        table, where = leaf.measure.table, leaf.measure.where
        if (table, where) not in self._counts:
            columns = sorted({column for other in self._siblings(leaf) for column in self._columns(other)})
            counts = ", ".join(["count(*)", *(f'count("{column}")' for column in columns)])
            platform = self.catalog.views[table].dimensions["platform"]
            found = self._rows(f"SELECT {platform}, {counts} FROM {table} WHERE {where} GROUP BY 1", leaf)
            self._counts[table, where] = {row[0]: dict(zip(columns, row[2:], strict=True)) for row in found}
        return self._counts[table, where]

    def _siblings(self, leaf: Leaf) -> list[Leaf]:
        source = (leaf.measure.table, leaf.measure.where)
        return [
            Leaf(metric=name, measure=measure, date=day)
            for name in self.catalog
            if (measure := self.catalog[name].measure) and (measure.table, measure.where) == source
            for day in (measure.bases.values() or [measure.date or ""])
        ]

    def _columns(self, leaf: Leaf) -> set[str]:
        return set(re.findall(r"[a-z_][a-z0-9_]*", leaf.measure.sql)) & self._known_columns[
            leaf.measure.table
        ] | {leaf.date}

    @cached_property
    def _known_columns(self) -> dict[str, set[str]]:
        measures = [self.catalog[name].measure for name in self.catalog]
        names = {measure.table for measure in measures if measure}
        return {name: {str(row[0]) for row in self.engine.rows(f'DESCRIBE "{name}"')} for name in names}

    def _rows(self, sql: str, leaf: Leaf) -> list[tuple[Any, ...]]:
        try:
            return self.engine.rows(sql)
        except duckdb.Error as error:
            raise _does_not_fit([leaf.metric], error) from error

    def _run(self, requests: Sequence[Request], cut: Slice) -> pd.DataFrame:
        sql = statement(self.catalog, requests, cut)
        if sql not in self._frames:
            try:
                self._frames[sql] = self.engine.frame(sql)
            except duckdb.Error as error:
                raise _does_not_fit([request.text for request in requests], error) from error
        return self._frames[sql]


def _does_not_fit(names: Sequence[str], error: duckdb.Error) -> QueryError:
    problem = f"the SQL does not fit its table: {str(error).splitlines()[0]}"
    return QueryError(
        problem, where=", ".join(names[:10]), todo="correct sql, date or where in params/metrics"
    )


def without(question: Question, dimension: str) -> Question:
    """Return `question` over all values of `dimension`, not cut by it."""
    kept = tuple(condition for condition in question.scope if condition.dimension != dimension)
    return replace(question, by=tuple(name for name in question.by if name != dimension), scope=kept)
