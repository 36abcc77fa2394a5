"""Named views: what measures read, by which dimensions they can be cut, and what data they need."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
from pydantic import field_validator

from reportkit.engines import DuckDBEngine
from reportkit.errors import ProjectError, suggest
from reportkit.project import Project, Strict, load_model, read_yaml
from reportkit.schema import Table, tables

__all__ = ["COLUMNS", "TIME", "UNKNOWN", "View", "define_views", "dimensions_of", "load_views"]

TIME = ("day", "week", "month")
UNKNOWN = "unknown"
COLUMNS = {"platform": "platform_id", "shop": "shop_id"}

_OF_COLUMNS = {"platform": "platform_id", "shop": "shop_id", "product": "spu_id", "province": "province"}


class View(Strict):
    """A relation that measures read.

    `sql` is empty for a normalized table that is read as it stands. `datasets` are the normalized
    tables whose files must cover a day before that day counts. `known_on` is the SQL of the day on
    which a row became known, so that a report of an earlier day does not see it. In a `dense` view
    every day of trade has rows, so a day without is missing, not zero.
    """

    sql: str = ""
    datasets: tuple[str, ...]
    dimensions: dict[str, str]
    known_on: str | None = None
    dense: bool = False

    @field_validator("datasets")
    @classmethod
    def _normalized(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in tables():
                raise ValueError(f'"{name}" is not a normalized table, {suggest(name, tables())}')
        return names

    @field_validator("dimensions")
    @classmethod
    def _has_platform(cls, dimensions: dict[str, str]) -> dict[str, str]:
        if "platform" not in dimensions:
            raise ValueError("platform is missing: coverage is kept by platform")
        if clash := set(dimensions) & set(TIME):
            raise ValueError(f"{', '.join(sorted(clash))}: days, weeks and months come from a measure's date")
        return dimensions


def load_views(project: Project) -> dict[str, View]:
    """Return every view by name: those of ``params/views.yaml``, then the normalized tables.

    Raises ProjectError where an entry does not fit.
    """
    path = project.resource("params/views.yaml")
    named = {
        name: load_model(View, body, f"{path}: {name}") for name, body in (read_yaml(path) or {}).items()
    }
    for name in named:
        if name in tables():
            raise ProjectError(
                f'"{name}" is the name of a normalized table', where=str(path), todo="rename it"
            )
    return named | {name: _as_it_stands(table) for name, table in tables().items() if not table.governance}


def _as_it_stands(table: Table) -> View:
    columns = {column.name for column in table.columns}
    dimensions = {name: column for name, column in _OF_COLUMNS.items() if column in columns}
    return View(datasets=(table.name,), dimensions=dimensions)


def define_views(engine: DuckDBEngine, views: dict[str, View], where: str) -> None:
    """Make the named views in `engine`; ProjectError names the view whose SQL does not fit the tables."""
    for name, view in views.items():
        if view.sql:
            try:
                engine.define(name, view.sql)
            except duckdb.Error as error:
                raise ProjectError(f"view {name}: {error}", where=where) from error


def dimensions_of(views: Iterable[View]) -> tuple[str, ...]:
    """Return the dimensions that all of `views` have, the time dimensions last."""
    found = [view.dimensions for view in views]
    common = [name for name in found[0] if all(name in other for other in found)] if found else []
    return (*common, *TIME)
