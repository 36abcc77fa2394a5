"""Evaluation: requests to answers, each computed over the platforms and days that have all its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import pandas as pd

from reportkit.engines import DuckDBEngine
from reportkit.metrics.available import Available, does_not_fit
from reportkit.metrics.catalog import Catalog
from reportkit.metrics.compile import Condition, Request, Slice, column_of, statement
from reportkit.metrics.coverage import Coverage, Days
from reportkit.metrics.development import Developments
from reportkit.metrics.grid import Cells, Grid
from reportkit.metrics.periods import Period
from reportkit.metrics.windows import Window, in_period, pairs
from reportkit.project import Maturity

__all__ = ["Answer", "Evaluator", "Question", "without"]


_Key = tuple[tuple[str, Days], ...]


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

    @property
    def whole(self) -> bool:
        """Whether all platforms are asked for together."""
        return "platform" not in (*self.by, *(condition.dimension for condition in self.scope))

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
    """Runs requests on one snapshot, which never changes: what was once found is kept."""

    def __init__(
        self, catalog: Catalog, engine: DuckDBEngine, coverage: Coverage, maturity: Maturity
    ) -> None:
        self.catalog, self.engine, self.coverage = catalog, engine, coverage
        self.available = Available(catalog, engine, coverage)
        self.developments = Developments(engine, self.available, maturity)
        self._known: dict[tuple[object, ...], dict[str, pd.DataFrame]] = {}

    def answers(self, requests: Sequence[Request], question: Question) -> dict[str, Answer]:
        """Return the answer of every request by its text. Requests over the same days share a statement."""
        windows = {request.text: self._windows(request, question) for request in requests}
        asked: dict[_Key, dict[str, Request]] = {}
        for request in requests:
            for window in windows[request.text].values():
                asked.setdefault(_key(window), {})[request.text] = request
        found = {
            key: self._found(list(group.values()), question.cut(dict(key))) for key, group in asked.items()
        }
        grid = Grid.over(question.by, question.period, question.until, question.platforms)
        cells = {
            (text, name): grid.cells(found[_key(window)][text], window, self._calendar(name, question))
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
        counts = grid.counts(cells.get((request.text, "value")))
        frame = grid.frame({"value": columns.pop("value")} | counts | columns)
        sql = self.statement(request, question, windows["value"])
        return Answer(request, question, frame, windows, (sql,) if sql else ())

    def _calendar(self, name: str, question: Question) -> Period | None:
        """Return the period whose days window `name` holds, where it is not the question's own."""
        compare = name.removesuffix("_then")
        return question.other(compare) if compare in question.compare else None

    def _windows(self, request: Request, question: Question) -> dict[str, Window]:
        days = self._days(request, question)
        value = in_period(days, question.period, question.until)
        found: dict[str, Window] = {"value": value}
        for compare in question.compare:
            other = question.other(compare)
            then = in_period(days, other, question.as_of)
            found[compare] = then
            both = pairs(value, then, question.period, other) if other else ({}, {})
            found[f"{compare}_now"], found[f"{compare}_then"] = both
        return found

    def _days(self, request: Request, question: Question) -> dict[str, Days]:
        days = self.available.days(request, question.platforms, question.whole)
        if not self.catalog.dated(request.metric.id):
            return days
        known = self.developments.of(question.as_of).known
        return {platform: own & known.get(platform, frozenset()) for platform, own in days.items()}

    def _found(self, requests: Sequence[Request], cut: Slice) -> dict[str, pd.DataFrame]:
        """Return what each request finds in `cut`, by text; what was found before is not asked again."""
        if not cut.window:
            return {}
        known = self._known.setdefault((cut.by, cut.scope, _key(cut.window), cut.as_of), {})
        if new := [request for request in requests if request.text not in known]:
            frame = self._run(new, cut)
            keys = [column_of(dimension) for dimension in cut.by]
            for request in new:
                columns = [*keys, request.text, f"{request.text} n", f"{request.text} rows"]
                known[request.text] = frame[columns].set_axis([*keys, "value", "n", "rows"], axis=1)
        return known

    def _run(self, requests: Sequence[Request], cut: Slice) -> pd.DataFrame:
        try:
            return self.engine.frame(statement(self.catalog, requests, cut))
        except duckdb.Error as error:
            raise does_not_fit([request.text for request in requests], error) from error


def _key(window: Window) -> _Key:
    return tuple(window.items())


def without(question: Question, dimension: str) -> Question:
    """Return `question` over all values of `dimension`, not cut by it."""
    kept = tuple(condition for condition in question.scope if condition.dimension != dimension)
    return replace(question, by=tuple(name for name in question.by if name != dimension), scope=kept)
