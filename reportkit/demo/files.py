"""Rows to bytes, the same rows always to the same bytes: csv, xlsx, and the HTML that platforms call xls."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from reportkit.demo.layouts import Cell, Layout

__all__ = ["write"]

_LOCAL = timezone(timedelta(hours=8))
_SPECIAL = re.compile(r'[",\r\n]')


def write(
    path: Path, layout: Layout, rows: list[list[Cell]], above: list[list[str]], written: datetime
) -> None:
    """Write `rows` under the layout's header, below the rows `above`.

    `written` (naive, China time) becomes the file's own time, and the time inside a workbook.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    table: list[Sequence[Cell]] = [*above, layout.headers, *rows]
    if path.suffix == ".csv":
        path.write_bytes("".join(map(_csv_row, table)).encode(layout.encoding or "utf-8"))
    elif path.suffix == ".xls":
        path.write_bytes(_html(table).encode())
    else:
        _write_xlsx(path, table, written)
    seconds = written.replace(tzinfo=_LOCAL).timestamp()
    os.utime(path, (seconds, seconds))


def _csv_row(row: Sequence[Cell]) -> str:
    """Quote what needs it. Platforms leave ``="123"`` as it is, though it holds quotes."""
    cells = [str(cell) for cell in row]
    line = ",".join(cells)
    if line.count(",") != len(cells) - 1 or line.count('"') != 2 * line.count('="') or "\n" in line:
        line = ",".join(cell if cell.startswith('="') else _quoted(cell) for cell in cells)
    return f"{line}\r\n"


def _quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(cell) else cell


def _html(table: Iterable[Sequence[Cell]]) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>\n" for row in table)
    return f'<html><head><meta charset="utf-8"></head><body><table>\n{rows}</table></body></html>\n'


def _write_xlsx(path: Path, table: Iterable[Sequence[Cell]], written: datetime) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": written})
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    _ = sheet.write_string(number, place, cell) if cell else 0
                else:
                    sheet.write_number(number, place, cell)
