"""The schema's own words into the cells of the workbooks that `reportkit forms` writes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

from reportkit import schema
from reportkit.demo.files.forms_goods import inventory_cells
from reportkit.demo.files.layout import layouts
from reportkit.demo.files.writer import write
from reportkit.forms.model import Cell, load_books
from reportkit.forms.workbook import Columns, Writer
from reportkit.ingest.form import Form
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project, Settings

__all__ = ["Written", "as_cells", "write_books"]

_LOCAL = timezone(timedelta(hours=8))
_FEN = 100
_STOCK = "forms/inventory"
_FILE = "forms/{name}_{written:%Y%m%d}.xlsx"


@dataclass(frozen=True)
class Written:
    """One workbook: its path below the folder, and the rows filled in by the source that reads them."""

    path: Path
    rows: dict[str, int]


def write_books(frames: Mapping[str, pd.DataFrame], folder: Path, written: datetime) -> Iterator[Written]:
    """Fill `frames`, tables in the schema's words by source, into the workbooks people keep.

    `written` (naive, China time) becomes the time of the files, inside and outside.
    """
    shipped = Project(folder.resolve(), Settings(name="forms"))
    sources, writer = load_sources(shipped), Writer(shipped)
    if _STOCK in frames:
        yield _write_stock(frames[_STOCK], folder, written)
    for book in load_books(shipped).values():
        entries = {
            sheet.source: as_cells(frames[sheet.source], sources[sheet.source])
            for sheet in book.sheets
            if sheet.source in frames and sheet.source != _STOCK
        }
        if entries:
            path = folder / _FILE.format(name=book.name, written=written)
            path.parent.mkdir(parents=True, exist_ok=True)
            writer.write(book, path, entries, written)
            seconds = written.replace(tzinfo=_LOCAL).timestamp()
            os.utime(path, (seconds, seconds))
            yield Written(path.relative_to(folder), {name: len(frames[name]) for name in entries})


def _write_stock(stock: pd.DataFrame, folder: Path, written: datetime) -> Written:
    """Stock of every day has too many rows for a workbook that people keep."""
    layout = layouts()[_STOCK]
    facts: dict[str, object] = {"exported": written}
    path = layout.file.format(**facts)
    return Written(Path(path), {_STOCK: write(folder / path, layout, inventory_cells(stock), facts, written)})


def as_cells(frame: pd.DataFrame, source: Source) -> Columns:
    """Return `frame`, a table in the schema's words, as columns of `source`'s sheet by header."""
    found: dict[str, list[Cell | None]] = {}
    for table, column, form in source.forms():
        header = form.raw_columns()[0] if form.raw else None
        if header and column in frame and header not in found:
            kind = schema.table(table).column(column).type
            found[header] = _cells(frame[column], kind, _words(form, source))
    return found


def _cells(values: pd.Series, kind: str, words: Mapping[str, str]) -> list[Cell | None]:
    """Write `values` of a schema type; with `words`, as the word that means each; None where there is none."""
    there = values.notna()
    known = values[there]
    if words:
        cells: list[Cell] = [words[value] for value in _plain(known, kind).astype(str)]
    else:
        cells = _plain(known, kind).tolist()
    if there.all():
        return list(cells)
    rest = iter(cells)
    return [next(rest) if one else None for one in there]


def _plain(known: pd.Series, kind: str) -> pd.Series:
    """`known`, none of them missing, as cells of the schema type `kind`; money in yuan."""
    match kind:
        case "date":
            return pd.Series(known.dt.date)
        case "money":
            return known.astype("int64") / _FEN
        case "number":
            return known.astype(float)
        case "int":
            return known.astype("int64")
        case _:
            return known.astype(object)


def _words(form: Form, source: Source) -> dict[str, str]:
    """The first word of the drop-down for each meaning; nothing where cells hold no words."""
    named = source.vocabularies[form.map] if isinstance(form.map, str) else form.map or {}
    return {str(meaning): str(word) for word, meaning in reversed(named.items())}
