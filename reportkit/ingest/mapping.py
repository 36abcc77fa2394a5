"""The parts of a source: how its header row is known, how its rows become rows of a table, what rates hold."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from pydantic import Field, model_validator

from reportkit.ingest.form import Form, aliases, normal
from reportkit.project import Strict

__all__ = ["Mapping", "Rate", "Recognise", "table_of"]


def table_of(key: str) -> str:
    """Return the table that a key of `Source.tables` feeds: ``fees`` for ``fees`` and for ``fees/commission``."""
    return key.partition("/")[0]


class Rate(Strict):
    """What one unit of a foreign currency is worth in the project's own, from a day until the next entry."""

    since: date = Field(alias="from")
    rate: float = Field(gt=0)
    source: str


class Mapping(Strict):
    """How the rows of a source become rows of one table.

    `when` says which rows belong in the table; `prefer` which ones speak first where several rows of a
    file become one row of it; with `covers` false the rows do not make a day complete.
    """

    columns: dict[str, Form]
    when: str | None = None
    prefer: str | None = None
    placeholder: bool = False
    covers: bool = True

    @model_validator(mode="after")
    def _days_in_order(self) -> Mapping:
        above: set[str] = set()
        for column, form in self.columns.items():
            if form.after and form.after not in above:
                raise ValueError(f'{column}: `after` names "{form.after}", which is not mapped above it')
            above.add(column)
        return self


class Recognise(Strict):
    """What a header row must and must not hold; file names are hints for messages only."""

    headers: list[str] = Field(min_length=1)
    without: list[str] = []
    file: list[str] = []

    @cached_property
    def _needed(self) -> list[tuple[str, frozenset[str]]]:
        return [(spec, frozenset(aliases(spec))) for spec in self.headers]

    @cached_property
    def _barred(self) -> frozenset[str]:
        return frozenset(map(normal, self.without))

    def missing_from(self, names: set[str]) -> list[str]:
        """Return the needed headers that a row holding `names` lacks."""
        return [spec for spec, known in self._needed if known.isdisjoint(names)]

    def fits(self, names: set[str]) -> bool:
        """Tell whether a row holding `names` is this source's header row."""
        return self._barred.isdisjoint(names) and not any(
            known.isdisjoint(names) for _, known in self._needed
        )
