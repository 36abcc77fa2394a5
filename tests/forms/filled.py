"""Forms as people fill them in: the workbook that was written, opened, changed and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportkit.forms import write_forms
from reportkit.project import Project

Row = Mapping[str, str | int | float | date | None]

MARK = "示例"


def headers(page: Worksheet) -> list[str]:
    """The header row of a page."""
    return [str(cell.value) for cell in page[1]]


def write(page: Worksheet, row: int, values: Row) -> None:
    """Fill `values`, by header, into row `row`."""
    names = headers(page)
    for header, value in values.items():
        page.cell(row, names.index(header) + 1, value)


def filled(project: Project, form: str, rows: Mapping[str, Sequence[Row]]) -> Path:
    """Write `form` into the project's inbox and add `rows`, by sheet, below the examples."""
    (path,) = write_forms(project, project.inbox, [form])
    book = load_workbook(path)
    for name, added in rows.items():
        page = book[name]
        for number, values in enumerate(added, start=page.max_row + 1):
            write(page, number, values)
    book.save(path)
    return path
