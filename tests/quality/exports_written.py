"""Export files written below the real header rows of the samples, in the same encodings and file types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from reportkit.ingest.read import GridSheet, TextSheet, sheets
from reportkit.ingest.sniff import documents
from tests.exported import EXPORTS
from tests.quirks.tmall_files import write

Row = dict[str, str | Decimal]


@dataclass(frozen=True)
class Export:
    """One file like the sample `like`. In a row money is Decimal, all else text; what it lacks is empty.

    Without a sample the header is made of what the first row tells.
    `key` is a column of the header, by which it is found; `notes` is how many rows below explain it.
    """

    like: str
    name: str
    key: str
    rows: tuple[Row, ...]
    notes: int = 0

    def write(self, folder: Path, scale: int = 1) -> Path:
        """Write the file, every amount of money `scale` times as much."""
        sample = _sample(self.like, self.key) if self.like else _plain(self.rows)
        names = [name.strip() for name in sample.header]
        unknown = {name for row in self.rows for name in row} - set(names)
        assert not unknown, f"{self.like} has no {unknown}"
        cells = [[_cell(row.get(name, ""), scale) for name in names] for row in self.rows]
        for row in cells:
            for place in sample.tabbed:
                row[place] += "\t"
        grid = [*sample.above, sample.header, *sample.below[: self.notes], *cells]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.name
        if path.suffix == ".xlsx":
            return write(path, {sample.sheet: grid})
        return write(path, grid, sample.encoding, sample.delimiter)

    def of(self, rows: Iterable[Row]) -> Export:
        """Return the same file with other rows."""
        return replace(self, rows=tuple(rows))


@dataclass(frozen=True)
class _Sample:
    """What stands around the rows of a sample."""

    sheet: str
    encoding: str
    delimiter: str
    above: list[list[str]]
    header: list[str]
    below: list[list[str]]
    tabbed: tuple[int, ...]


def _cell(value: str | Decimal, scale: int) -> str:
    return value if isinstance(value, str) else f"{value * scale:,.2f}"


@cache
def _sample(like: str, key: str) -> _Sample:
    path = EXPORTS / like
    with TemporaryDirectory() as scratch:
        sheet = sheets(next(iter(documents(path, path.name, Path(scratch)))))[0]
        rows = _rows(sheet)
    at = next(place for place, row in enumerate(rows) if key in map(str.strip, row))
    above = [[re.sub(r"20\d\d-\d\d-\d\d", "2025-12-05", cell) for cell in row] for row in rows[:at]]
    tabbed = tuple(place for place, cell in enumerate(rows[at + 1]) if cell.endswith("\t"))
    encoding, delimiter = (
        (sheet.encoding, sheet.delimiter) if isinstance(sheet, TextSheet) else ("utf-8", ",")
    )
    return _Sample(sheet.name, encoding, delimiter, above, rows[at], rows[at + 1 :], tabbed)


def _plain(rows: tuple[Row, ...]) -> _Sample:
    return _Sample("Sheet1", "utf-8", ",", [], list(rows[0]), [], ())


def _rows(sheet: GridSheet | TextSheet) -> list[list[str]]:
    if isinstance(sheet, GridSheet):
        return list(sheet.rows())
    lines = sheet.path.read_bytes().decode(sheet.encoding).splitlines()
    return [line.split(sheet.delimiter) for line in lines]
