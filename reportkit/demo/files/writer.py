"""Columns to bytes, the same columns always to the same bytes: csv, xlsx, and the HTML that platforms call xls."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.layout import Column, Frame, Layout
from reportkit.demo.files.sheets import has_any, write_sheet

__all__ = ["write"]

_LOCAL = timezone(timedelta(hours=8))
_SPECIAL, _MARKS = '",\r\n', """&<>"'"""
_BLOCK = 50_000  # rows joined at once


def write(path: Path, layout: Layout, frame: Frame, facts: dict[str, object], written: datetime) -> int:
    """Write `frame` in `layout` to `path`, and return its rows; `facts` fill the rows around the table.

    `written` (naive, China time) becomes the file's own time, and the time inside a workbook.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    above = [[cell.format(**facts) for cell in row] for row in layout.above]
    head = [*above, layout.headers, *layout.below_header]
    below = [[cell.format(**facts) for cell in row] for row in layout.below]
    columns, count = layout.columns(frame), len(next(iter(frame.values())))
    if path.suffix == ".csv":
        _write_csv(path, layout, head, columns, count, below)
    elif path.suffix == ".xls":
        path.write_text(_html(head, columns, below), encoding="utf-8")
    else:
        write_sheet(path, layout.sheet, head, columns, count, below, written)
    seconds = written.replace(tzinfo=_LOCAL).timestamp()
    os.utime(path, (seconds, seconds))
    return count


def _write_csv(
    path: Path,
    layout: Layout,
    head: list[Sequence[str]],
    columns: list[Column | str],
    count: int,
    below: list[list[str]],
) -> None:
    with path.open("w", encoding=layout.encoding, newline="") as file:
        for row in head:
            file.write(",".join(_quoted(pa.array(row, pa.string())).to_pylist()) + "\r\n")
        for start in range(0, count, _BLOCK):
            size = min(_BLOCK, count - start)
            cells = [
                _csv_column(name, column, layout, slice(start, start + size))
                for name, column in zip(layout.headers, columns, strict=True)
            ]
            lines = pc.binary_join_element_wise(*cells, ",")
            file.write("\r\n".join([*lines.to_pylist(), ""]))
        for row in below:
            file.write(",".join(_quoted(pa.array(row, pa.string())).to_pylist()) + "\r\n")


def _csv_column(name: str, column: Column | str, layout: Layout, block: slice) -> pa.Array | pa.Scalar:
    """Quote what needs it. Platforms leave ``="123"`` as it is, though it holds quotes."""
    if isinstance(column, str):
        return _quoted(pa.array([column]))[0]
    cells = _text(column[block])
    if name in layout.formula:
        return pc.binary_join_element_wise('="', cells, '"', "")
    return _quoted(pc.binary_join_element_wise(cells, "\t", "") if name in layout.tabbed else cells)


def _quoted(cells: pa.Array) -> pa.Array:
    if not has_any(cells, _SPECIAL):
        return cells
    special = pc.match_substring_regex(cells, f"[{_SPECIAL}]")
    inside = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', inside, '"', ""), cells)


def _text(column: Column) -> pa.Array:
    return (
        column.cast(pa.string()) if isinstance(column, pa.Array) else pa.array(map(str, column), pa.string())
    )


def _html(head: list[Sequence[str]], columns: list[Column | str], below: list[list[str]]) -> str:
    around = ["".join(_html_rows([pa.array([cell]) for cell in row])) for row in (*head, *below)]
    rows = [*around[: len(head)], *_html_rows(columns), *around[len(head) :]]
    return f'<html><head><meta charset="utf-8"></head><body><table>\n{"".join(rows)}</table></body></html>\n'


def _html_rows(columns: Sequence[Column | str]) -> list[str]:
    cells = [escape(one) if isinstance(one, str) else _escaped(_text(one)) for one in columns]
    rows = pc.binary_join_element_wise(*cells, "</td><td>")
    lines: list[str] = pc.binary_join_element_wise("<tr><td>", rows, "</td></tr>\n", "").to_pylist()
    return lines


def _escaped(cells: pa.Array) -> pa.Array:
    if not has_any(cells, _MARKS):
        return cells
    return pa.array(map(escape, cells.to_pylist()), pa.string())
