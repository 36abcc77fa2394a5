"""Tmall's exports of a few rows, written the ways a back office and a spreadsheet write them."""

from __future__ import annotations

import csv
import html
from pathlib import Path

import openpyxl

__all__ = ["Cells", "under", "write"]

Cells = list[list[object]]


def under(headers: list[str], *rows: dict[str, object]) -> Cells:
    """Return a header row and its rows; a row names the cells that hold something."""
    return [list(headers), *([row.get(name, "") for name in headers] for row in rows)]


def write(
    path: Path, sheets: Cells | dict[str, Cells], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """Write cells as what the ending of `path` says; ``.xls`` is the web page that platforms call so.

    `sheets` are the rows of the file, or those of every sheet of a workbook.
    """
    if path.suffix == ".xlsx":
        _workbook(path, sheets if isinstance(sheets, dict) else {"Sheet1": sheets})
        return path
    assert isinstance(sheets, list)
    if path.suffix == ".xls":
        lines = ("".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) for row in sheets)
        path.write_text(f"<html><table><tr>{'</tr><tr>'.join(lines)}</tr></table></html>", encoding)
        return path
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(sheets)
    return path


def _workbook(path: Path, sheets: dict[str, Cells]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
