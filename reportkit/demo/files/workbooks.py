"""The schema's own words into the workbooks that `reportkit forms` writes, and into lists with the same columns."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.forms_habits import habits
from reportkit.demo.files.layout import Layout
from reportkit.demo.files.writer import write
from reportkit.forms.entries import as_cells
from reportkit.forms.model import load_books
from reportkit.forms.workbook import Columns, Writer
from reportkit.ingest.source import load_sources
from reportkit.project import Project, Settings

__all__ = ["Written", "write_books"]

_LOCAL = timezone(timedelta(hours=8))
_BOOK, _LIST = "forms/{name}_{written:%Y%m%d}.xlsx", "forms/{name}_{exported:%Y%m%d}.csv"


@dataclass(frozen=True)
class Written:
    """One workbook or list: its path below the folder, and the rows filled in by the source that reads them."""

    path: Path
    rows: dict[str, int]


def write_books(frames: Mapping[str, pd.DataFrame], folder: Path, written: datetime) -> Iterator[Written]:
    """Fill `frames`, tables in the schema's words by source, into the workbooks people keep, and lists into files of theirs.

    `written` (naive, China time) becomes the time of the files, inside and outside.
    """
    shipped = Project(folder.resolve(), Settings(name="forms"))
    sources, writer = load_sources(shipped), Writer(shipped)
    cells = {name: as_cells(frame, sources[name]) for name, frame in frames.items()}
    for name in [name for name in habits().lists if name in cells]:
        yield _write_list(name, cells.pop(name), folder, written)
    for book in load_books(shipped).values():
        entries = {sheet.source: cells[sheet.source] for sheet in book.sheets if sheet.source in cells}
        if entries:
            path = folder / _BOOK.format(name=book.name, written=written)
            path.parent.mkdir(parents=True, exist_ok=True)
            writer.write(book, path, entries, written)
            seconds = written.replace(tzinfo=_LOCAL).timestamp()
            os.utime(path, (seconds, seconds))
            yield Written(path.relative_to(folder), {name: len(frames[name]) for name in entries})


def _write_list(source: str, columns: Columns, folder: Path, written: datetime) -> Written:
    """What programs keep has too many rows for a workbook that people keep."""
    headers = list(columns)
    layout = Layout(
        file=_LIST, encoding="utf-8-sig", headers=headers, cells=dict(zip(headers, headers, strict=True))
    )
    facts: dict[str, object] = {"name": habits().lists[source], "exported": written}
    path = layout.file.format(**facts)
    texts = {name: pc.fill_null(pa.array(cells).cast(pa.string()), "") for name, cells in columns.items()}
    return Written(Path(path), {source: write(folder / path, layout, texts, facts, written)})
