"""A source: how one platform's export is recognised, read and mapped. One YAML file each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from reportkit import schema
from reportkit.errors import ProjectError, suggest
from reportkit.ingest.form import MARKS, ROW_CURRENCY, Form, RawColumn, WordMap, aliases, normal, quote_names
from reportkit.ingest.mapping import Mapping, Rate, Recognise, table_of
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Confidence", "Source", "load_sources"]

Confidence = Literal["real", "code-from-real", "doc-with-sample", "code", "code-partial"]

_STAMP = "stamp"


class Source(Strict):
    """``params/sources/<platform>/<export>.yaml``; `id` is that path without its ending.

    A key of `tables` is the name of a table, or ``table/label`` where one row of the file may become
    several rows of it, one by each of its mappings.
    """

    id: str
    platform: str | None = None
    export: dict[str, str]
    confidence: Confidence = "real"
    partial: bool = False
    gaps: dict[Literal["zh", "en"], str] = {}
    routine: bool = False
    recognise: Recognise
    unit: list[str] = Field(min_length=1)
    family: str | None = None
    exported_at: str | None = None
    timezone: str
    currency: Form | None = None
    personal: list[str] = []
    skip_rows: list[str] = []
    skip: str | None = None
    ends: list[str] = []
    strip: str | None = None
    quotes: bool = True
    note_row: bool = False
    totals: list[str] = []
    repeats: list[str] = []
    rows_of: str | None = None
    fill: list[str] = []
    missing: list[str] = []
    uses: list[str] = []
    tables: dict[str, Mapping] = Field(min_length=1)
    vocabularies: dict[str, WordMap] = {}
    patterns: dict[str, list[str]] = {}
    rates: dict[str, list[Rate]] = {}

    @field_validator("exported_at")
    @classmethod
    def _has_stamp(cls, pattern: str | None) -> str | None:
        if pattern and _STAMP not in re.compile(pattern).groupindex:
            raise ValueError("needs a group (?P<stamp>…)")
        return pattern

    @model_validator(mode="after")
    def _keys_agree(self) -> Source:
        if self.partial != bool(self.gaps):
            raise ValueError("`partial: true` and `gaps` go together")
        if (self.fill or any(form.spread for _, _, form in self.forms())) and not self.rows_of:
            raise ValueError("`fill` and `spread` need `rows_of`, the column that names the order")
        if any(form.money == ROW_CURRENCY for _, _, form in self.forms()) and not self.currency:
            raise ValueError("`money: row` needs `currency`")
        if unknown := [spec for spec in self.fill if normal(spec) not in self.raw_columns]:
            raise ValueError(f'fill: no column is made from "{unknown[0]}"')
        return self

    @model_validator(mode="after")
    def _fits_schema(self) -> Source:
        for name, mappings in self.fed.items():
            if name not in schema.tables() or schema.table(name).governance:
                raise ValueError(f'unknown table "{name}", {suggest(name, schema.tables())}')
            self._check_labels(name, mappings)
            for key, mapping in mappings.items():
                self._check_columns(name, key, mapping)
        known = {column for mapping in self.tables.values() for column in mapping.columns}
        if unknown := [column for column in self.unit if column not in known]:
            raise ValueError(f'unit: "{unknown[0]}" is no mapped column, {suggest(unknown[0], known)}')
        return self

    def _check_labels(self, name: str, mappings: dict[str, Mapping]) -> None:
        if len(mappings) > 1 and schema.table(name).key:
            raise ValueError(
                f"{name}: a row is one {' and '.join(schema.table(name).key)}, so one key feeds it"
            )
        if len({(mapping.placeholder, mapping.covers) for mapping in mappings.values()}) > 1:
            raise ValueError(f"{', '.join(mappings)}: `placeholder` and `covers` must be the same")
        if wrong := [key for key in mappings if not re.fullmatch(r"\w+(/\w+)?", key)]:
            raise ValueError(f'"{wrong[0]}" is no table, nor a table, a slash and a label of one word')

    def _check_columns(self, table_name: str, name: str, mapping: Mapping) -> None:
        table = schema.table(table_name)
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
        for key, mapping in self.tables.items():
            for column, form in mapping.columns.items():
                yield table_of(key), column, form

    @cached_property
    def fed(self) -> dict[str, dict[str, Mapping]]:
        """Return the mappings of every table fed, by their keys in `tables`."""
        found: dict[str, dict[str, Mapping]] = {}
        for key, mapping in self.tables.items():
            found.setdefault(table_of(key), {})[key] = mapping
        return found

    @property
    def real(self) -> list[str]:
        """Return the tables that the source does not merely stand in for."""
        return [
            name for name, mappings in self.fed.items() if not any(m.placeholder for m in mappings.values())
        ]

    @cached_property
    def raw_columns(self) -> dict[str, RawColumn]:
        """Return every raw column used, by its first name."""
        found: dict[str, RawColumn] = {}
        for spec, required in self._specs:
            names = aliases(spec)
            known = found.get(names[0], RawColumn((), False))
            merged = dict.fromkeys((*known.names, *names))
            found[names[0]] = RawColumn(tuple(merged), known.required or required)
        return found

    @cached_property
    def _specs(self) -> list[tuple[str, bool]]:
        """Every raw column as it is written, and whether the file must have it."""
        forms = [form for _, _, form in self.forms()] + ([self.currency] if self.currency else [])
        specs = [(spec, not form.optional) for form in forms for spec in form.raw_columns()]
        specs += [(self.rows_of, True)] if self.rows_of else []
        return [*specs, *((spec, False) for spec in [*self.uses, *self.totals])]

    def quoted(self, sql: str) -> str:
        """Return a condition or weight with the raw columns it names quoted, blanks in their names or not."""
        return quote_names(sql, self._written)

    @cached_property
    def _written(self) -> tuple[str, ...]:
        """Every raw column as an expression may name it."""
        merged = (" | ".join(column.names) for column in self.raw_columns.values())
        return (*(spec for spec, _ in self._specs), *merged)

    @cached_property
    def known_names(self) -> set[str]:
        """Return every header name this source has heard of."""
        listed = {name for spec in [*self.recognise.headers, *self.personal] for name in aliases(spec)}
        return listed.union(*(column.names for column in self.raw_columns.values()))

    @cached_property
    def file_patterns(self) -> dict[str, str]:
        """Return, for every pattern that finds a value outside the cells, the name of the column made of it."""
        return {
            form.from_file: f"#{key}.{name}"
            for key, mapping in self.tables.items()
            for name, form in mapping.columns.items()
            if form.from_file
        }

    @property
    def kept(self) -> bool:
        """Whether people keep it by hand: a form, whose every fault is told by cell."""
        return self.id.startswith("forms/")

    @property
    def one_row_per_unit(self) -> bool:
        """Whether a unit is one row of the file (an order file) or several (a line file)."""
        return bool(self.real) and all(set(schema.table(name).key) == set(self.unit) for name in self.real)

    @property
    def shares_units(self) -> bool:
        """Whether other sources speak of the same units: they do where the unit is some table's key."""
        return any(set(schema.table(name).key) == set(self.unit) for name in self.fed)

    @cached_property
    def version(self) -> str:
        """Fingerprint of everything that decides how a file is read."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class _Shared:
    """What all sources of a project may name; two that are written alike are the same."""

    written: str
    timezone: str = field(compare=False)
    vocabularies: dict[str, WordMap] = field(compare=False)
    patterns: dict[str, list[str]] = field(compare=False)
    rates: dict[str, list[Any]] = field(compare=False)


def load_sources(project: Project) -> dict[str, Source]:
    """Return every source of the project and of reportkit itself, by id.

    Raises ProjectError naming the file and the key at fault.
    """
    known = project.settings.timezone, _vocabularies(project), _patterns(project), _rates(project)
    shared = _Shared(repr(known), *known)
    return {
        relative.removesuffix(".yaml"): _source(relative.removesuffix(".yaml"), path, *_state(path), shared)
        for relative, path in project.resources("params/sources", "*.yaml").items()
    }


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file is written."""
    told = path.stat()
    return told.st_mtime_ns, told.st_size


@cache
def _source(name: str, path: Path, changed: int, size: int, shared: _Shared) -> Source:
    """Read a source once a process, while its file and what it may name stay as they are."""
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ProjectError("is empty", where=str(path))
    given: dict[str, Any] = {"timezone": shared.timezone} | data | {"id": name}
    given["vocabularies"] = _named_in(data, shared.vocabularies)
    given["patterns"] = _named_in(data, shared.patterns)
    given["rates"] = shared.rates if "currency" in data else {}
    return load_model(Source, given, str(path))


@cache
def _parsed(path: Path, changed: int, size: int) -> Any:
    """The YAML of a file, parsed once a process while it stays as it is; nobody changes the result."""
    return read_yaml(path)


def _vocabularies(project: Project) -> dict[str, WordMap]:
    """Return the words of every vocabulary; what a project says of a word goes before what is shipped."""
    words: dict[str, WordMap] = {}
    for path in project.layers("params/vocabularies", "*.yaml"):
        for name, meanings in (_parsed(path, *_state(path)) or {}).items():
            words[name] = words.get(name, {}) | meanings
    return words


def _patterns(project: Project) -> dict[str, list[str]]:
    """Return the merchant's own patterns for every mark; none where it lists none."""
    path = project.resource("params/marks.yaml")
    marks = {name: patterns or [] for name, patterns in (_parsed(path, *_state(path)) or {}).items()}
    if unknown := sorted(set(marks) - set(MARKS)):
        raise ProjectError(f'unknown mark "{unknown[0]}", {suggest(unknown[0], MARKS)}', where=str(path))
    for name, pattern in ((name, pattern) for name, patterns in marks.items() for pattern in patterns):
        try:
            re.compile(pattern)
        except re.error as error:
            problem = f'{name}: "{pattern}" is no regular expression ({error})'
            raise ProjectError(problem, where=str(path)) from error
    return {name: marks.get(name, []) for name in MARKS}


def _rates(project: Project) -> dict[str, list[Any]]:
    path = project.resource("params/rates.yaml")
    rates: dict[str, list[Any]] = _parsed(path, *_state(path)) or {}
    return rates


def _named_in(data: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return those of `known` that a source names: they are part of how its files are read."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    return {name: words for name, words in known.items() if json.dumps(name, ensure_ascii=False) in text}
