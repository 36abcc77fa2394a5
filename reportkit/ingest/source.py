"""A source: how one platform's export is recognised, read and mapped. One YAML file each."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from pydantic import Field, field_validator, model_validator

from reportkit import schema
from reportkit.errors import ProjectError, suggest
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Form", "Mapping", "RawColumn", "Recognise", "Source", "aliases", "load_sources", "normal"]

WordMap = dict[str | bool, str | bool | None]

_STAMP = "stamp"


@cache
def normal(name: str) -> str:
    """Return a header name in the form names are compared in: NFKC, no white space, no BOM."""
    return re.sub(r"[\s\ufeff]+", "", unicodedata.normalize("NFKC", name))


def aliases(spec: str) -> list[str]:
    """Split ``"a | b"`` into the names one column has had over the years."""
    return [normal(part) for part in spec.split("|")]


@dataclass(frozen=True)
class RawColumn:
    """A column of the file: the names it has had, and whether the file must have it."""

    names: tuple[str, ...]
    required: bool


def quote_names(sql: str, specs: list[str]) -> str:
    """Quote the raw columns of `specs` where an expression names them, in their normal form."""
    first = {spec.split("|")[0].strip(): aliases(spec)[0] for spec in specs}
    for written in sorted(first, key=len, reverse=True):
        sql = re.sub(
            rf'(?<![\w"]){re.escape(written)}(?![\w"])|"{re.escape(written)}"', f'"{first[written]}"', sql
        )
    return sql


class Form(Strict):
    """How one column of a table is made from raw columns.

    `sum` adds the column up where several rows of a file become one row of the table.
    """

    raw: str | list[str] = Field(default_factory=list, alias="from")
    id: bool = False
    private: bool = False
    optional: bool = False
    map: str | WordMap | None = None
    time: list[str] | None = None
    date: list[str] | None = None
    money: str | None = None
    number: str | None = None
    sql: str | None = None
    sum: bool = False
    constant: str | int | bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"from": data} if isinstance(data, str | list) else data

    @model_validator(mode="after")
    def _one_kind(self) -> Form:
        kinds = [k for k in ("id", "private", "map", "time", "date", "money", "number") if getattr(self, k)]
        if len(kinds) > 1 or (self.sql and kinds and kinds[0] not in ("time", "date", "money")):
            both = [*kinds, "sql"] if self.sql else kinds
            raise ValueError(f"{' and '.join(both)} exclude each other")
        if (self.constant is None) == (not self.raw):
            raise ValueError("needs either `from` or `constant`")
        return self

    def raw_columns(self) -> list[str]:
        """Return the raw columns used, each as ``"name | older name"``."""
        names = [self.raw] if isinstance(self.raw, str) else list(self.raw)
        return names if self.sql or not names else [" | ".join(names)]

    @property
    def sql_quoted(self) -> str:
        """The expression with every raw column it names quoted in the form columns are compared in."""
        return quote_names(self.sql or "", self.raw_columns())


class Mapping(Strict):
    """How the rows of a source become rows of one table.

    `when` says which rows belong in the table; `prefer` which ones speak first where several rows of a
    file become one row of it.
    """

    columns: dict[str, Form]
    when: str | None = None
    prefer: str | None = None
    placeholder: bool = False


class Recognise(Strict):
    """What a header row must and must not hold; file names are hints for messages only."""

    headers: list[str] = Field(min_length=1)
    without: list[str] = []
    file: list[str] = []

    def missing_from(self, names: set[str]) -> list[str]:
        """Return the needed headers that a row holding `names` lacks."""
        return [spec for spec in self.headers if not names.intersection(aliases(spec))]

    def fits(self, names: set[str]) -> bool:
        """Tell whether a row holding `names` is this source's header row."""
        return not self.missing_from(names) and not names.intersection(map(normal, self.without))


class Source(Strict):
    """``params/sources/<platform>/<export>.yaml``; `id` is that path without its ending."""

    id: str
    platform: str | None = None
    export: dict[str, str]
    recognise: Recognise
    unit: list[str] = Field(min_length=1)
    exported_at: str | None = None
    timezone: str
    personal: list[str] = []
    skip_rows: list[str] = []
    missing: list[str] = []
    uses: list[str] = []
    tables: dict[str, Mapping] = Field(min_length=1)
    vocabularies: dict[str, WordMap] = {}

    @field_validator("exported_at")
    @classmethod
    def _has_stamp(cls, pattern: str | None) -> str | None:
        if pattern and _STAMP not in re.compile(pattern).groupindex:
            raise ValueError("needs a group (?P<stamp>…)")
        return pattern

    @model_validator(mode="after")
    def _fits_schema(self) -> Source:
        for name, mapping in self.tables.items():
            if name not in schema.tables() or schema.table(name).governance:
                raise ValueError(f'unknown table "{name}", {suggest(name, schema.tables())}')
            self._check_columns(name, mapping)
        known = {column for mapping in self.tables.values() for column in mapping.columns}
        if unknown := [column for column in self.unit if column not in known]:
            raise ValueError(f'unit: "{unknown[0]}" is no mapped column, {suggest(unknown[0], known)}')
        return self

    def _check_columns(self, name: str, mapping: Mapping) -> None:
        table = schema.table(name)
        allowed = {c.name for c in table.own if c.derived_from is None} - {"order_key"}
        allowed |= set() if self.platform else {"platform_id"}
        for column in mapping.columns:
            if column not in allowed:
                raise ValueError(f'{name}: unknown column "{column}", {suggest(column, allowed)}')
        given = set(mapping.columns) | {"order_key"} | ({"platform_id"} if self.platform else set())
        needed = [c.name for c in table.own if c.required and c.name not in given]
        if not self.platform and "platform_id" not in mapping.columns:
            needed.append("platform_id")
        if needed:
            raise ValueError(f"{name}: {', '.join(needed)} must be mapped")
        for column, form in mapping.columns.items():
            if isinstance(form.map, str) and form.map not in self.vocabularies:
                raise ValueError(
                    f'{name}.{column}: unknown vocabulary "{form.map}", {suggest(form.map, self.vocabularies)}'
                )

    def forms(self) -> Iterator[tuple[str, str, Form]]:
        """Yield (table, column, form) for every mapped column."""
        for table, mapping in self.tables.items():
            for column, form in mapping.columns.items():
                yield table, column, form

    @cached_property
    def raw_columns(self) -> dict[str, RawColumn]:
        """Return every raw column used, by its first name."""
        found: dict[str, RawColumn] = {}
        specs = [(spec, not form.optional) for _, _, form in self.forms() for spec in form.raw_columns()]
        for spec, required in [*specs, *((spec, True) for spec in self.uses)]:
            names = aliases(spec)
            known = found.get(names[0], RawColumn((), False))
            merged = dict.fromkeys((*known.names, *names))
            found[names[0]] = RawColumn(tuple(merged), known.required or required)
        return found

    @cached_property
    def known_names(self) -> set[str]:
        """Return every header name this source has heard of."""
        listed = {name for spec in [*self.recognise.headers, *self.personal] for name in aliases(spec)}
        return listed.union(*(column.names for column in self.raw_columns.values()))

    @property
    def one_row_per_unit(self) -> bool:
        """Whether a unit is one row of the file (an order file) or several (a line file)."""
        real = [name for name, mapping in self.tables.items() if not mapping.placeholder]
        return all(set(schema.table(name).key) == set(self.unit) for name in real)

    @property
    def shares_units(self) -> bool:
        """Whether other sources speak of the same units: they do where the unit is some table's key."""
        return any(set(schema.table(name).key) == set(self.unit) for name in self.tables)

    @property
    def version(self) -> str:
        """Fingerprint of everything that decides how a file is read."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_sources(project: Project) -> dict[str, Source]:
    """Return every source of the project and of reportkit itself, by id.

    Raises ProjectError naming the file and the key at fault.
    """
    vocabularies = read_yaml(project.resource("params/vocabularies.yaml")) or {}
    sources = {}
    for relative, path in project.resources("params/sources", "*.yaml").items():
        data = read_yaml(path)
        if not isinstance(data, dict):
            raise ProjectError("is empty", where=str(path))
        name = relative.removesuffix(".yaml")
        given = {"timezone": project.settings.timezone} | data | {"id": name}
        used = _used_vocabularies(data, vocabularies)
        sources[name] = load_model(Source, given | {"vocabularies": used}, str(path))
    return sources


def _used_vocabularies(data: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return {name: words for name, words in known.items() if json.dumps(name, ensure_ascii=False) in text}
