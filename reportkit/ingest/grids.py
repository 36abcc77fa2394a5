"""Files that hold grids of cells: workbooks, web pages and XML that call themselves workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from lxml import etree, html
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from reportkit.errors import BrokenFile
from reportkit.ingest.sniff import Document, encodings
from reportkit.ingest.text import Utf8Stream

__all__ = ["GRIDS", "Grid"]


@dataclass(frozen=True)
class Grid:
    """A sheet of cells, row by row. `merged` holds ((row, column), (row, column)) of merged cells, counted from 0."""

    name: str
    rows: Iterator[list[str]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


Grids = Iterator[Grid]

_EXACT_INTEGER = float(2**53)


def _workbook(document: Document) -> Grids:
    try:
        # By its bytes: from_path would believe the name's ending.
        with document.path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                yield Grid(name, _sheet_rows(sheet), sheet.merged_cell_ranges or ())
    except (CalamineError, OSError) as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        problem = (
            "the workbook is protected by a password" if locked else f"the workbook is damaged ({error})"
        )
        todo = "save it without a password" if locked else "download it again"
        raise BrokenFile(problem, where=document.label, todo=todo) from error


def _sheet_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows as text; the empty columns before the first filled one, which the reader leaves out, among them."""
    before = [""] * (sheet.start or (0, 0))[1]
    return (before + [_cell_text(cell) for cell in row] for row in sheet.iter_rows())


def _cell_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_INTEGER else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell) if isinstance(cell, int | timedelta) else repr(cell)


def _html(document: Document) -> Grids:
    text = _whole_text(document)
    tree = html.document_fromstring(text)
    for number, table in enumerate(tree.iter("table"), start=1):
        rows = ([_html_cell(cell) for cell in row.iter("td", "th")] for row in table.iter("tr"))
        yield Grid(f"table {number}", rows)


def _html_cell(cell: Any) -> str:
    # Most cells hold text alone, which is read ten times as fast.
    return str(cell.text_content()) if len(cell) else cell.text or ""


def _spreadsheetml(document: Document) -> Grids:
    space = "{urn:schemas-microsoft-com:office:spreadsheet}"
    try:
        tree = etree.parse(str(document.path), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BrokenFile(
            f"the XML is damaged ({error})", where=document.label, todo="download it again"
        ) from error
    for sheet in tree.iter(f"{space}Worksheet"):
        rows = (_xml_row(row, space) for row in sheet.iter(f"{space}Row"))
        yield Grid(sheet.get(f"{space}Name", ""), rows)


def _xml_row(row: Any, space: str) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{space}Cell"):
        skipped = int(cell.get(f"{space}Index", len(cells) + 1)) - len(cells) - 1
        cells += [""] * skipped
        data = cell.find(f"{space}Data")
        cells.append("" if data is None else "".join(data.itertext()))
    return cells


def _whole_text(document: Document) -> str:
    for encoding in encodings(document.path):
        with Utf8Stream(document.path, encoding, document.label) as stream:
            return stream.readall().decode() if stream else ""
    return ""


GRIDS: dict[str, Callable[[Document], Grids]] = {
    "workbook": _workbook,
    "html": _html,
    "spreadsheetml": _spreadsheetml,
}
