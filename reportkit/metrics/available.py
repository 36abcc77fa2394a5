"""Availability: for which days a platform's data hold what a measure reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import duckdb

from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError, suggest
from reportkit.metrics.catalog import Catalog, Leaf
from reportkit.metrics.compile import Request
from reportkit.metrics.coverage import Coverage, Days

__all__ = ["Available", "does_not_fit"]


class Available:
    """Days with data of everything a request reads. What it has once looked up it keeps."""

    def __init__(self, catalog: Catalog, engine: DuckDBEngine, coverage: Coverage) -> None:
        self.catalog, self.engine, self.coverage = catalog, engine, coverage
        self._counts: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        self._days: dict[tuple[str, str], dict[str, Days]] = {}

    def days(self, request: Request, platforms: Iterable[str]) -> dict[str, Days]:
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
        columns = self._columns(leaf)
        filled = self._filled(leaf).get(platform)
        return filled is not None and any(filled[column] == 0 for column in columns)

    def _filled(self, leaf: Leaf) -> dict[str, dict[str, int]]:
        table, where = leaf.measure.table, leaf.measure.where
        if (table, where) not in self._counts:
            columns = sorted({column for other in self._siblings(leaf) for column in self._columns(other)})
            counts = ", ".join(f'count("{column}")' for column in columns)
            platform = self.catalog.views[table].dimensions["platform"]
            found = self._rows(f"SELECT {platform}, {counts} FROM {table} WHERE {where} GROUP BY 1", leaf)
            self._counts[table, where] = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in found}
        return self._counts[table, where]

    def _siblings(self, leaf: Leaf) -> list[Leaf]:
        source = (leaf.measure.table, leaf.measure.where)
        found = [
            Leaf(metric=name, measure=measure, date=day)
            for name in self.catalog
            if (measure := self.catalog[name].measure) and (measure.table, measure.where) == source
            for day in (measure.bases.values() or [measure.date or ""])
        ]
        return [other for other in found if other.date in self._known_columns[leaf.measure.table]]

    def _columns(self, leaf: Leaf) -> set[str]:
        known = self._known_columns[leaf.measure.table]
        if leaf.date not in known:
            problem = f'{leaf.measure.table} has no column "{leaf.date}"'
            raise QueryError(problem, where=leaf.metric, todo=suggest(leaf.date, known))
        return set(re.findall(r"[a-z_][a-z0-9_]*", leaf.measure.sql)) & known | {leaf.date}

    @cached_property
    def _known_columns(self) -> dict[str, set[str]]:
        measures = [self.catalog[name].measure for name in self.catalog]
        names = {measure.table for measure in measures if measure}
        return {name: {str(row[0]) for row in self.engine.rows(f'DESCRIBE "{name}"')} for name in names}

    def _rows(self, sql: str, leaf: Leaf) -> list[tuple[Any, ...]]:
        try:
            return self.engine.rows(sql)
        except duckdb.Error as error:
            raise does_not_fit([leaf.metric], error) from error


def does_not_fit(names: Sequence[str], error: duckdb.Error) -> QueryError:
    """Return the error that names the metrics whose SQL the database refused."""
    problem = f"the SQL does not fit its table: {str(error).splitlines()[0]}"
    return QueryError(
        problem, where=", ".join(names[:10]), todo="correct sql, date or where in params/metrics"
    )
