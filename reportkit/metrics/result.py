"""What a query returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from reportkit.errors import QueryError, suggest
from reportkit.metrics.catalog import Catalog
from reportkit.metrics.compile import Condition, column_of, rows_statement
from reportkit.metrics.evaluate import Answer
from reportkit.metrics.periods import Period, bucket
from reportkit.metrics.views import TIME
from reportkit.metrics.windows import Window

__all__ = ["Result", "Value"]

Value = str | date


@dataclass(frozen=True)
class Result:
    """Requests over a period, answered.

    `frame` is long: one row per request and combination of `by`. Columns: ``metric``, the columns of
    `by` (``platform_id``, ``shop_id``, else the dimension's name; days, weeks and months as the
    timestamp of their first day), ``value`` (NaN where missing), ``n`` (cases: source rows, or for a
    rate what it divides by where that is a count), ``rows`` (source rows), and by comparison

    - previous, last_year (c): ``c`` all in, ``c_now`` and ``c_then`` like for like, ``c_change`` their
      difference, ``c_growth`` their growth, NaN where then is not positive;
    - target: ``target``, ``attainment`` (of the full period), ``pace`` (of the days elapsed).

    `missing` names by request the platforms left out for want of data, `partial` how many days a
    platform lacks. `statements` is the SQL that computed ``value``.
    """

    requests: tuple[str, ...]
    by: tuple[str, ...]
    period: Period
    scope: dict[str, list[str]]
    as_of: date
    frame: pd.DataFrame
    missing: dict[str, list[str]]
    partial: dict[str, dict[str, int]]
    statements: dict[str, str]
    answers: Mapping[str, Answer] = field(repr=False)
    catalog: Catalog = field(repr=False)

    def cell(self, request: str, column: str = "value", **dims: Value) -> float | None:
        """Return one number; None where it is missing.

        `dims` picks the row by dimension name, e.g. ``platform="jd"``; QueryError where that does
        not leave exactly one row.
        """
        if column not in self.frame.columns:
            raise QueryError(f'no column "{column}" in this result', todo=suggest(column, self.frame.columns))
        self._answer(request)
        wanted = {
            self._column(name): pd.Timestamp(value) if name in TIME else value for name, value in dims.items()
        }
        keys = [column_of(name) for name in self.by]
        found = self._places.get((request, *(wanted.get(key) for key in keys)))
        if found is None or len(wanted) < len(keys):
            raise QueryError(
                f"{request}: no one row at {dims}", todo="name every dimension of `by`, and a value it has"
            )
        value: Any = self.frame[column].iat[found]
        return None if pd.isna(value) else float(value)

    @cached_property
    def _places(self) -> dict[tuple[Any, ...], int]:
        """Row of the frame by request and the values of `by`."""
        keys = ["metric", *(column_of(name) for name in self.by)]
        return {
            key: place for place, key in enumerate(zip(*(self.frame[name] for name in keys), strict=True))
        }

    def wide(self) -> pd.DataFrame:
        """Return one row per combination of `by`, with columns ``gmv``, ``gmv previous`` … per request."""
        keys = [column_of(name) for name in self.by]
        columns = [name for name in self.frame.columns if name not in ("metric", "n", "rows", *keys)]
        parts = []
        for request in self.requests:
            own = self.frame[self.frame["metric"] == request].reset_index(drop=True)
            named = {name: request if name == "value" else f"{request} {name}" for name in columns}
            parts.append((own[keys], own[columns].rename(columns=named)))
        if not keys:
            return pd.concat([values for _, values in parts], axis=1)
        indexed = [values.set_index(pd.MultiIndex.from_frame(key)) for key, values in parts]
        return pd.concat(indexed, axis=1).reset_index()

    def rows_sql(self, request: str, **dims: Value) -> dict[str, str]:
        """Return by table the SELECT of the source rows behind a value, with source_file, _sheet and _row.

        `dims` narrows it as in `cell`. Empty where there is no data.
        """
        answer = self._answer(request)
        for name in dims:
            self._column(name)
        window = _narrowed(answer.windows["value"], dims)
        if not window:
            return {}
        conditions = tuple(
            Condition(name, (str(value),)) for name, value in dims.items() if name not in (*TIME, "platform")
        )
        cut = answer.question.cut(window)
        cut = replace(cut, by=(), scope=(*cut.scope, *conditions))
        found: dict[str, str] = {}
        for leaf in self.catalog.leaves(answer.request.metric.id, answer.request.basis):
            sql = rows_statement(self.catalog, leaf, cut)
            if sql not in found.values():
                name = leaf.measure.table
                found[name if name not in found else f"{name} {leaf.metric}"] = sql
        return found

    def _answer(self, request: str) -> Answer:
        if request not in self.answers:
            raise QueryError(f'"{request}" was not asked for', todo=suggest(request, self.requests))
        return self.answers[request]

    def _column(self, name: str) -> str:
        known = {dimension: column_of(dimension) for dimension in self.by}
        known |= {column: column for column in known.values()}
        if name not in known:
            raise QueryError(
                f'this result is not cut by "{name}"', todo=suggest(name, known) if known else ""
            )
        return known[name]


def _narrowed(window: Window, dims: Mapping[str, Value]) -> Window:
    platform = dims.get("platform", dims.get("platform_id"))
    kept = {name: days for name, days in window.items() if platform in (None, name)}
    for kind in TIME:
        if kind in dims:
            first = pd.Timestamp(dims[kind]).date()
            kept = {
                name: frozenset(day for day in days if bucket(kind, day) == first)
                for name, days in kept.items()
            }
    return {name: days for name, days in kept.items() if days}
