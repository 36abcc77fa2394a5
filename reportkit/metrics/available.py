"""Availability: for which days a platform's data hold what a measure reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError, suggest
from reportkit.metrics.catalog import Catalog, Leaf
from reportkit.metrics.compile import Request
from reportkit.metrics.coverage import Coverage, Days
from reportkit.metrics.views import COMPANY

__all__ = ["Available", "does_not_fit"]


class Available:
    """Days with data of everything a request reads. What it has once looked up it keeps."""

    def __init__(self, catalog: Catalog, engine: DuckDBEngine, coverage: Coverage) -> None:
        self.catalog, self.engine, self.coverage = catalog, engine, coverage
        self._counts: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        self._days: dict[tuple[str, str], dict[str, Days]] = {}
        self._of_leaves: dict[tuple[str, str, str], Days] = {}
        self._named: dict[str, set[str]] = {}

    def days(self, request: Request, platforms: Iterable[str], whole: bool = True) -> dict[str, Days]:
        """Return, by platform, the days that have data for every measure of `request`.

        What belongs to the company has data for every platform, or, where not the `whole` is asked
        for but some platform, for none.
        """
        leaves = self.catalog.leaves(request.metric.id, request.basis)
        if not whole and any(self.catalog.views[leaf.measure.table].company for leaf in leaves):
            return dict.fromkeys(platforms, frozenset())
        return {
            platform: frozenset.intersection(*(self._leaf_days(leaf, platform) for leaf in leaves))
            for platform in platforms
        }

    def _leaf_days(self, leaf: Leaf, platform: str) -> Days:
        key = (leaf.metric, leaf.date, platform)
        if key not in self._of_leaves:
            self._of_leaves[key] = self._looked_up(leaf, platform)
        return self._of_leaves[key]

    def _looked_up(self, leaf: Leaf, platform: str) -> Days:
        view = self.catalog.views[leaf.measure.table]
        owner = COMPANY if view.company else platform
        if self._is_blank(leaf, owner):
            return frozenset()
        if view.dense:
            return self._days_with_rows(leaf).get(owner, frozenset())
        return self.coverage.of(owner, view.datasets)

    def _days_with_rows(self, leaf: Leaf) -> dict[str, Days]:
        key = (leaf.measure.table, leaf.date)
        if key not in self._days:
            view = self.catalog.views[leaf.measure.table]
            shown = f"{view.platform}, {leaf.date}, {view.until or leaf.date}"
            found: dict[str, set[date]] = {}
            for name, first, last in self.engine.rows(f"SELECT DISTINCT {shown} FROM {leaf.measure.table}"):
                days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
                found.setdefault(name, set()).update(days)
            self._days[key] = {name: frozenset(days) for name, days in found.items()}
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
            platform = self.catalog.views[table].platform
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
        return [other for other in found if other.date in self._known_columns(leaf.measure.table)]

    def _columns(self, leaf: Leaf) -> set[str]:
        known = self._known_columns(leaf.measure.table)
        if leaf.date not in known:
            problem = f'{leaf.measure.table} has no column "{leaf.date}"'
            raise QueryError(problem, where=leaf.metric, todo=suggest(leaf.date, known))
        return set(re.findall(r"[a-z_][a-z0-9_]*", leaf.measure.sql)) & known | {leaf.date}

    def _known_columns(self, table: str) -> set[str]:
        if table not in self._named:
            self._named[table] = {str(row[0]) for row in self.engine.rows(f'DESCRIBE "{table}"')}
        return self._named[table]

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
