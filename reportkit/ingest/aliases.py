"""Columns that a platform renamed: what a source misses in a header row, and what it may be called now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportkit import schema
from reportkit.ingest.form import Form, WordMap, aliases, normal
from reportkit.ingest.looks import LOOKS_OF, looks, said
from reportkit.ingest.source import Source

__all__ = ["Renamed", "likeness", "renamed"]

_ALIKE = 0.4
_AS_ALIKE = 0.1


@dataclass(frozen=True)
class Renamed:
    """A column that a header row lacks: its names so far, and the headers it may have become.

    Two headers in `now` are as likely as each other; with none nobody can tell.
    """

    names: tuple[str, ...]
    now: tuple[str, ...]

    @property
    def name(self) -> str:
        """The first of its names."""
        return self.names[0]


def renamed(source: Source, rows: Sequence[Sequence[str]], header: int) -> list[Renamed]:
    """Return every column that `source` needs and row `header` of `rows`, counted from 1, lacks.

    A header stands for a lost column where no column of the source has that name, its cells fit what the
    column holds, and its name is near; or where its cells hold words of the column's vocabulary only.
    """
    row = rows[header - 1]
    lost = _lost(source, set(map(normal, row)))
    if not lost:
        return []
    known = source.known_names | set(map(normal, source.recognise.without))
    free = {
        " ".join(cell.split()): [line[place] for line in rows[header:] if place < len(line)]
        for place, cell in enumerate(row)
        if normal(cell) and normal(cell) not in known
    }
    found = []
    for names in lost:
        forms = list(_forms(source, names))
        scores = {cell: _score(names, cell, cells, forms, source) for cell, cells in free.items()}
        best = max(scores.values(), default=0.0)
        near = [cell for cell, score in scores.items() if score >= max(_ALIKE, best - _AS_ALIKE)]
        found.append(Renamed(names, tuple(sorted(near, key=lambda cell: -scores[cell]))))
    return found


def likeness(name: str, other: str) -> float:
    """Return how alike two header names are, from 0 to 1, without regard to case and white space."""
    return SequenceMatcher(None, normal(name).casefold(), normal(other).casefold()).ratio()


def _lost(source: Source, row: set[str]) -> list[tuple[str, ...]]:
    """Return the names of each needed column that `row` lacks; columns that share a name are one."""
    needed = [column.names for column in source.raw_columns.values() if column.required]
    needed += [tuple(aliases(spec)) for spec in source.recognise.headers]
    lost: list[tuple[str, ...]] = []
    for names in needed:
        if row.intersection(names):
            continue
        same = [other for other in lost if set(other).intersection(names)]
        merged = dict.fromkeys(name for other in [*same, names] for name in other)
        lost = [*(other for other in lost if other not in same), tuple(merged)]
    return lost


def _forms(source: Source, names: tuple[str, ...]) -> Iterator[tuple[str, Form]]:
    """Yield the type of each column of a table that is read, as it stands, from the column of these names."""
    for table, column, form in source.forms():
        own = {name for spec in form.raw_columns() for name in aliases(spec)}
        if own.intersection(names) and not form.sql and column != "platform_id":
            yield schema.table(table).column(column).type, form


def _score(
    names: tuple[str, ...], cell: str, cells: Sequence[str], forms: list[tuple[str, Form]], source: Source
) -> float:
    near = max(likeness(name, cell) for name in names)
    found = set(said(cells, source.missing))
    if words := {str(word) for _, form in forms for word in _words(form, source)}:
        return max(near, len(found & words) / len(found)) if found else near
    seen, typed = looks(list(found)), [kind for kind, _ in forms if kind in LOOKS_OF]
    return 0.0 if found and any(not seen & LOOKS_OF[kind] for kind in typed) else near


def _words(form: Form, source: Source) -> WordMap:
    return source.vocabularies[form.map] if isinstance(form.map, str) else form.map or {}
