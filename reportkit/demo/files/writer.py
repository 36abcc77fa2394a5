"""Columns to bytes, the same columns always to the same bytes: csv, xlsx, and the HTML that platforms call xls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from itertools import repeat
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.layout import Column, Frame, Layout
from reportkit.demo.files.sheets import write_sheet

__all__ = ["write"]

_LOCAL = timezone(timedelta(hours=8))
_SPECIAL = '[",\r\n]'
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
        path.write_text(_html([*head, *_rows(columns, count), *below]), encoding="utf-8")
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
    cells = (
        column[block].cast(pa.string())
        if isinstance(column, pa.Array)
        else pa.array(map(str, column[block]), pa.string())
    )
    if name in layout.formula:
        return pc.binary_join_element_wise('="', cells, '"', "")
    return _quoted(pc.binary_join_element_wise(cells, "\t", "") if name in layout.tabbed else cells)


def _quoted(cells: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(cells, _SPECIAL)
    if not pc.any(special).as_py():
        return cells
    inside = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', inside, '"', ""), cells)


def _rows(columns: list[Column | str], count: int) -> Iterator[Sequence[object]]:
    return zip(*(_values(column, count) for column in columns), strict=True)


def _values(column: Column | str, count: int) -> Iterable[object]:
    if isinstance(column, str):
        return repeat(column, count)
    values: Iterable[object] = column.to_pylist() if isinstance(column, pa.Array) else column
    return values


def _html(table: Iterable[Sequence[object]]) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>\n" for row in table)
    return f'<html><head><meta charset="utf-8"></head><body><table>\n{rows}</table></body></html>\n'
