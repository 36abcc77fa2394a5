"""What is said of a form beside its refused rows: cells nobody reads, merged cells, nothing filled in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from reportkit.ingest.books import letter
from reportkit.ingest.candidate import Candidate
from reportkit.ingest.form import normal
from reportkit.ingest.read import GridSheet

__all__ = ["hints"]

_SHOWN = 10


def hints(sheet: Candidate) -> list[str]:
    """Return what a person should know of a form although no row was refused for it, at most 10 a kind."""
    if not sheet.match.source.kept:
        return []
    found = [*_unread(sheet), *_merged(sheet), *_empty(sheet)]
    return [f"{sheet.place}: {hint}" for hint in found]


def _unread(sheet: Candidate) -> Iterator[str]:
    """Columns that the source does not know, and cells below no header at all."""
    header = sheet.match.header
    names = sheet.sheet.head[header - 1]
    strange = [
        (place, name)
        for place, name in enumerate(names)
        if normal(name) not in {"", *sheet.match.source.known_names}
    ]
    for place, name in strange[:_SHOWN]:
        yield (
            f'{letter(place)}{header}: nothing reads the column "{" ".join(name.split())}"; its cells are left out\n'
            "  → delete it, or rename it to the column of the form that is meant"
        )
    for place, row in list(_headless(sheet, names))[:_SHOWN]:
        yield (
            f"{letter(place)}{row}: this cell stands under no header and is left out\n"
            f"  → write the column's name into {letter(place)}{header}, or move the cell"
        )


def _headless(sheet: Candidate, names: list[str]) -> Iterator[tuple[int, int]]:
    """The first filled cell, by column and row, of every column whose header is empty."""
    if not isinstance(sheet.sheet, GridSheet):
        return
    rows = list(islice(sheet.sheet.rows(), sheet.match.header, None))
    for place in range(max(map(len, rows), default=0)):
        if place >= len(names) or not normal(names[place]):
            for row, cells in enumerate(rows, start=sheet.match.header + 1):
                if place < len(cells) and cells[place].strip():
                    yield place, row
                    break


def _merged(sheet: Candidate) -> Iterator[str]:
    if not isinstance(sheet.sheet, GridSheet):
        return
    below = [area for area in sheet.sheet.merged if area[1][0] >= sheet.match.header]
    for (top, left), (bottom, right) in sorted(below)[:_SHOWN]:
        first = f"{letter(left)}{top + 1}"
        yield (
            f"{first}:{letter(right)}{bottom + 1}: the cells are merged, so only {first} holds a value\n"
            "  → take them apart and fill in each"
        )


def _empty(sheet: Candidate) -> Iterator[str]:
    if sheet.read == sheet.skipped:
        row = sheet.match.header + 1
        yield (
            f"A{row}: no row is filled in, examples aside\n"
            f'  → write below the examples, and leave the cells of the first column empty: "{_mark(sheet)}" hides a row'
        )


def _mark(sheet: Candidate) -> str:
    return next(iter(sheet.match.source.skip_rows), "")
