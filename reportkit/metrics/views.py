"""Named views: what measures read, by which dimensions they can be cut, and what data they need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pydantic import field_validator, model_validator

from reportkit.engines import DuckDBEngine, quoted
from reportkit.errors import ProjectError, suggest
from reportkit.project import Project, Strict, load_model, read_yaml
from reportkit.schema import Table, tables

__all__ = ["COLUMNS", "COMPANY", "TIME", "UNKNOWN", "View", "define_views", "dimensions_of", "load_views"]

TIME = ("day", "week", "month")
UNKNOWN = "unknown"
COMPANY = "all"
COLUMNS = {"platform": "platform_id", "shop": "shop_id"}

_AS_OF = "{as_of}"
_ALIAS = re.compile(r"SELECT \* FROM \w+")  # a table by another name: nothing to compute
_OF_COLUMNS = {"platform": "platform_id", "shop": "shop_id", "product": "spu_id", "province": "province"}


class View(Strict):
    """A relation that measures read.

    `sql` is empty for a normalized table that is read as it stands. `datasets` are the normalized
    tables whose files must cover a day before that day counts. `known_on` is the SQL of the day on
    which a row became known, so that a report of an earlier day does not see it. In a `dense` view
    every day of trade has rows, so a day without is missing, not zero. `until` is the SQL of the last
    day a row speaks of, where that is not its date: a row counts where all its days do. The rows of a
    view of the `company` belong to no platform. A `small` view is always computed once. A view whose `sql` holds ``{as_of}`` is told anew for
    every last day that may be seen.
    """

    sql: str = ""
    datasets: tuple[str, ...]
    dimensions: dict[str, str]
    known_on: str | None = None
    dense: bool = False
    until: str | None = None
    company: bool = False
    small: bool = False

    @property
    def platform(self) -> str:
        """The SQL of the platform a row belongs to, ``all`` where it belongs to none."""
        return self.dimensions.get("platform", quoted(COMPANY))

    @property
    def dated(self) -> bool:
        """Whether it says other things on other days."""
        return _AS_OF in self.sql

    def relation(self, name: str, as_of: date | None) -> str:
        """Return what stands behind FROM to read this view, which is called `name`, as of a day."""
        return f"(\n{self.on(as_of)}\n) AS {name}" if self.dated else name

    def on(self, as_of: date | None) -> str:
        """Return the `sql` as of a day; as of None it fits, and finds nothing."""
        return self.sql.rstrip().replace(_AS_OF, f"DATE '{as_of}'" if as_of else "CAST(NULL AS DATE)")

    @field_validator("datasets")
    @classmethod
    def _normalized(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in tables():
                raise ValueError(f'"{name}" is not a normalized table, {suggest(name, tables())}')
        return names

    @field_validator("dimensions")
    @classmethod
    def _leaves_the_calendar(cls, dimensions: dict[str, str]) -> dict[str, str]:
        if clash := set(dimensions) & set(TIME):
            raise ValueError(f"{', '.join(sorted(clash))}: days, weeks and months come from a measure's date")
        return dimensions

    @model_validator(mode="after")
    def _has_platform(self) -> View:
        if self.company == ("platform" in self.dimensions):
            problem = "belongs to no platform" if self.company else "platform is missing"
            raise ValueError(f"{problem}: coverage is kept by platform")
        return self


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


def define_views(engine: DuckDBEngine, views: dict[str, View]) -> None:
    """Tell `engine` what the named views are."""
    for name, view in views.items():
        if view.sql:
            keep = engine.keep_views and not view.dated and not _ALIAS.fullmatch(view.sql.strip())
            engine.define(name, view.on(None), keep=view.small or keep)


def dimensions_of(views: Iterable[View]) -> tuple[str, ...]:
    """Return the dimensions that all of `views` have, the time dimensions last.

    Everything may be asked by platform; what belongs to the whole company is then missing.
    """
    found = [{"platform": view.platform} | view.dimensions for view in views]
    common = [name for name in found[0] if all(name in other for other in found)] if found else []
    return (*common, *TIME)
