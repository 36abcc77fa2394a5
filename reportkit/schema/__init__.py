"""The normalized tables: columns, types, keys and meaning, read from ``tables.yaml`` and ``forms.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportkit.project import read_yaml

__all__ = ["PROVENANCE", "Column", "Table", "sql_type", "table", "tables"]

_FILES = ("tables.yaml", "forms.yaml")

_SQL_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18,4)",
    "bool": "BOOLEAN",
    "date": "DATE",
    "time": "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One column: its type, its meaning, and what values it may hold."""

    name: str
    type: str
    meaning: str
    required: bool = False
    future: bool = False
    derived_from: str | None = None


PROVENANCE: tuple[Column, ...] = (
    Column("platform_id", "text", "platform; partition", required=True),
    Column("year", "int", "year of the row's day, 0 where it has none; partition", required=True),
    Column("row_key", "text", "names the row within its table", required=True),
    Column("unit_key", "text", "what a newer export replaces whole", required=True),
    Column("source_id", "text", "source that read it", required=True),
    Column("source_file", "text", "first 16 hex digits of the file's sha256", required=True),
    Column("source_sheet", "text", "sheet; empty for text files", required=True),
    Column("source_row", "int", "row in the file counted from 1", required=True),
    Column("exported_at", "time", "when the platform wrote the file", required=True),
    Column("latest_at", "time", "latest time in the row; settles which of two equally old exports is newer"),
    Column("is_placeholder", "bool", "only stands in until another source brings the unit", required=True),
)


@dataclass(frozen=True)
class Table:
    """One normalized table. `columns` holds its own columns, then the provenance columns.

    A placeholder gives way to a real row that agrees with it in `until` and for which `until_if` holds.
    """

    name: str
    key: tuple[str, ...]
    day: str | None
    until: tuple[str, ...]
    until_if: str
    governance: bool
    own: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.own if self.governance else self.own + PROVENANCE

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]


def sql_type(kind: str) -> str:
    """Return the DuckDB type that holds a schema type such as ``money``."""
    return _SQL_TYPES[kind]


def _column(name: str, declared: list[str]) -> Column:
    kind, meaning = declared[0], declared[1]
    word, _, source = kind.partition(" of ")
    bare = word.rstrip("!+")
    return Column(name, bare, meaning, "!" in word, "+" in word, source or None)


@cache
def tables() -> dict[str, Table]:
    """Return every normalized table by name, in the order they are declared."""
    here = Path(__file__).parent
    raw = {name: body for file in _FILES for name, body in read_yaml(here / file).items()}
    return {
        name: Table(
            name=name,
            key=tuple(body.get("key", ())),
            day=body.get("day"),
            until=tuple(body.get("until", ())),
            until_if=body.get("until_if", "true"),
            governance=body.get("governance", False),
            own=tuple(_column(key, value) for key, value in body["columns"].items()),
        )
        for name, body in raw.items()
    }


def table(name: str) -> Table:
    """Return one normalized table; KeyError where there is none."""
    return tables()[name]
