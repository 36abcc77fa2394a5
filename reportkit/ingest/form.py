"""A column of a source: how one column of a table is made from the columns of an export."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from pydantic import Field, field_validator, model_validator

from reportkit.project import Strict

__all__ = [
    "MARKS",
    "ROW_CURRENCY",
    "Form",
    "RawColumn",
    "WordMap",
    "aliases",
    "bare",
    "normal",
    "quote_names",
]

ROW_CURRENCY = "row"

Mark = Literal["brush", "internal", "test", "gift"]
MARKS: tuple[Mark, ...] = get_args(Mark)

WordMap = dict[str | bool, str | bool | None]

_KINDS = ("id", "private", "map", "marks", "time", "date", "money", "number")
_WITH_SQL = ("map", "marks", "time", "date", "money")
_VALUE = "value"
_OR = " | "  # with blanks: a header may hold a bar


@cache
def normal(name: str) -> str:
    """Return a header name in the form names are compared in: NFKC, no white space, no BOM."""
    return re.sub(r"[\s\ufeff]+", "", unicodedata.normalize("NFKC", name))


def aliases(spec: str) -> list[str]:
    """Split ``"a | b"`` into the names one column has had over the years."""
    return [normal(part) for part in spec.split(_OR)]


def bare(spec: str) -> str:
    """Return the first of the names in `spec`, under which the statement knows the column."""
    return aliases(spec)[0]


@dataclass(frozen=True)
class RawColumn:
    """A column of the file: the names it has had, and whether the file must have it."""

    names: tuple[str, ...]
    required: bool


@cache
def quote_names(sql: str, specs: tuple[str, ...]) -> str:
    """Quote the raw columns of `specs` where an expression names them, in their normal form."""
    first = {spec.split(_OR)[0].strip(): aliases(spec)[0] for spec in specs}
    for written in sorted(first, key=len, reverse=True):
        sql = re.sub(
            rf'(?<![\w"]){re.escape(written)}(?![\w"])|"{re.escape(written)}"', f'"{first[written]}"', sql
        )
    return sql


class Form(Strict):
    """How one column of a table is made from raw columns.

    `sum` adds the column up where several rows of a file become one row of the table; `spread` shares
    an order's amount out over its rows, by the weight it gives. `after` names the column of a day before which this
    one may not lie.
    """

    raw: str | list[str] = Field(default_factory=list, alias="from")
    id: bool = False
    private: bool = False
    optional: bool = False
    map: str | WordMap | None = None
    marks: Mark | None = None
    time: list[str] | None = None
    date: list[str] | None = None
    money: str | None = None
    number: str | None = None
    sql: str | None = None
    sum: bool = False
    spread: str | None = None
    after: str | None = None
    from_file: str | None = None
    constant: str | int | bool | None = None

    @field_validator("from_file")
    @classmethod
    def _has_value(cls, pattern: str | None) -> str | None:
        if pattern and _VALUE not in re.compile(pattern).groupindex:
            raise ValueError("needs a group (?P<value>…)")
        return pattern

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"from": data} if isinstance(data, str | list) else data

    @model_validator(mode="after")
    def _one_kind(self) -> Form:
        kinds = [kind for kind in _KINDS if getattr(self, kind)]
        if len(kinds) > 1 or (self.sql and kinds and kinds[0] not in _WITH_SQL):
            both = [*kinds, "sql"] if self.sql else kinds
            raise ValueError(f"{' and '.join(both)} exclude each other")
        if sum([self.constant is not None, bool(self.raw), self.from_file is not None]) != 1:
            raise ValueError("needs one of `from`, `from_file` and `constant`")
        return self

    def raw_columns(self) -> list[str]:
        """Return the raw columns used, each as ``"name | older name"``."""
        names = [self.raw] if isinstance(self.raw, str) else list(self.raw)
        return names if self.sql or not names else [" | ".join(names)]

    @property
    def sql_quoted(self) -> str:
        """The expression with every raw column it names quoted in the form columns are compared in."""
        return quote_names(self.sql or "", tuple(self.raw_columns()))
