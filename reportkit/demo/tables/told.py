"""What the demo's files tell: which columns of which tables, by the layout of the file and the source that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from reportkit import schema
from reportkit.demo.files.layout import Layout, layouts
from reportkit.ingest.cells import tidy
from reportkit.ingest.form import Form, aliases, normal
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project, Settings

__all__ = ["Told", "Values", "report", "reports", "shipped_sources"]

Values = dict[str, Any]
"""Columns of a table by name: series, Arrow text, or one value for all rows."""

_EMPTY = "is not null"


@dataclass(frozen=True)
class Told:
    """One report of a platform: the source that reads it, and the layout it has in the demo."""

    source: Source
    layout: Layout

    @property
    def words(self) -> dict[str, Any]:
        """The platform's words in this report."""
        return self.layout.words

    @cached_property
    def _filled(self) -> set[str]:
        """The headers below which something stands."""
        always = tidy(pa.array(list(self.layout.always.values()), pa.string()), self.source.missing)
        told = [
            name
            for name, cell in zip(self.layout.always, always.to_pylist(), strict=True)
            if cell is not None
        ]
        return {normal(name) for name in (*self.layout.cells, *told)}

    def columns(self, table: str) -> set[str]:
        """Return the columns of `table` that this report tells."""
        mappings = self.source.fed.get(table, {}).values()
        return {name for one in mappings for name, form in one.columns.items() if self._tells(form)}

    def _tells(self, form: Form) -> bool:
        """Whether anything stands below a header of `form`; an expression speaks of the first it names.

        That a cell is empty is told even where its column is not there.
        """
        if form.constant is not None or form.from_file or form.marks or (form.sql or "").endswith(_EMPTY):
            return True
        specs = form.raw_columns()[:1] if form.sql else form.raw_columns()
        return any(name in self._filled for spec in specs for name in aliases(spec))

    @cached_property
    def currency(self) -> str | None:
        """The currency that this report names in every row, the project's own; None where it names none."""
        specs = self.source.currency.raw_columns() if self.source.currency else []
        always = {normal(name): cell for name, cell in self.layout.always.items()}
        return next((always[name] for spec in specs for name in aliases(spec) if name in always), None)

    def meaning(self, table: str, column: str, words: Mapping[str, str]) -> dict[str, Any]:
        """Return what each of `words` (by the demo's own state) means in the schema: the source's vocabulary."""
        (mapping,) = self.source.fed[table].values()
        known = mapping.columns[column].map
        vocabulary = self.source.vocabularies[known] if isinstance(known, str) else known or {}
        return {state: vocabulary.get(word) for state, word in words.items()}

    def frame(self, table: str, values: Mapping[str, Any]) -> pd.DataFrame:
        """Return `values`, by column of `table`, cut to what is told, with platform_id and source_id.

        KeyError where the report tells a column that `values` does not hold.
        """
        told, values = self.columns(table), {**values, **self._constants(table)}
        names = [column.name for column in schema.table(table).own if column.name in told]
        return self.marked(table, pd.DataFrame({name: _plain(values[name]) for name in names}))

    def _constants(self, table: str) -> Values:
        """What the source says of every row, whatever stands in the file."""
        mappings = self.source.fed[table].values()
        forms = {name: form for one in mappings for name, form in one.columns.items()}
        return {name: form.constant for name, form in forms.items() if form.constant is not None}

    def marked(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `frame`, rows of `table`, with platform_id and source_id, and the currency where it is named."""
        marks: Values = {"platform_id": self.source.platform, "source_id": self.source.id}
        if self.currency and "fx_rate" in {column.name for column in schema.table(table).own}:
            marks |= {"currency": self.currency, "fx_rate": 1.0}
        return frame.assign(**marks)


def _plain(values: Any) -> Any:
    """Return `values` without an index of their own; a constant as it is."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.to_pandas().array
    return values.array if isinstance(values, pd.Series) else values


@cache
def shipped_sources() -> dict[str, Source]:
    """Return every source as shipped."""
    return load_sources(Project(Path(__file__).resolve().parent, Settings(name="demo")))


@cache
def report(source: str) -> Told:
    """Return what the demo's report of `source` tells."""
    return Told(shipped_sources()[source], layouts()[source])


@cache
def reports(platform: str) -> dict[str, list[Told]]:
    """Return the reports of `platform` by the table they feed, but for those that only stand in."""
    found: dict[str, list[Told]] = {}
    for name in _written(platform):
        one = report(name)
        for table in one.source.real:
            found.setdefault(table, []).append(one)
    return found


def _written(platform: str) -> Iterator[str]:
    """The sources of the files that the demo writes of `platform`."""
    module = import_module(f"reportkit.demo.files.{platform}")
    for one in module.REPORTS:
        yield one.source
