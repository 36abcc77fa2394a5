"""The workbooks that people keep, written for them to fill in; ingest reads them back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from reportkit.errors import ProjectError, suggest
from reportkit.forms.entries import as_cells
from reportkit.forms.model import Book, load_books
from reportkit.forms.workbook import Writer
from reportkit.ingest.source import load_sources
from reportkit.project import Project

__all__ = ["write_filled", "write_forms"]


def write_forms(project: Project, out: Path, names: Sequence[str] | None = None) -> list[Path]:
    """Write the forms into the folder `out`, one workbook each, and return their paths.

    `names` chooses some, by id (``targets``) or by the name people use (``目标``). A workbook that is
    there already may hold somebody's work and is never written over. Raises ProjectError for it, for a
    name nobody knows, and where ``params/forms`` does not fit its sources; then nothing is written.
    """
    books = load_books(project)
    chosen = books if names is None else {form: books[form] for form in _ids(names, books)}
    paths = {form: out / f"{book.name}.xlsx" for form, book in chosen.items()}
    if there := [path.name for path in paths.values() if path.exists()]:
        raise ProjectError(
            f"{', '.join(there)} would be written over",
            where=str(out),
            todo="move what is filled in away, write into another folder, or name the forms you need",
        )
    out.mkdir(parents=True, exist_ok=True)
    writer = Writer(project)
    for form, path in paths.items():
        writer.write(chosen[form], path)
    return list(paths.values())


def write_filled(project: Project, form: str, path: Path, rows: pd.DataFrame) -> None:
    """Write the form of one sheet to `path` with `rows` filled in, columns in the schema's words.

    Raises ProjectError where `path` is there already: it may hold somebody's work.
    """
    if path.exists():
        raise ProjectError("would be written over", where=str(path), todo="name another file")
    book = load_books(project)[form]
    (sheet,) = book.sheets
    path.parent.mkdir(parents=True, exist_ok=True)
    Writer(project).write(book, path, {sheet.source: as_cells(rows, load_sources(project)[sheet.source])})


def _ids(names: Sequence[str], books: dict[str, Book]) -> list[str]:
    called = {book.name: form for form, book in books.items()}
    for name in names:
        if name not in books and name not in called:
            raise ProjectError(f'no form "{name}", {suggest(name, [*books, *called])}', where="params/forms")
    return list(dict.fromkeys(called.get(name, name) for name in names))
