"""Columns to a workbook of one sheet, thousands of rows at a time: the same columns always to the same bytes.

ECMA-376 part 1, §18.3: only what a reader needs; texts stand in their cells, without a table of strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.layout import Column

__all__ = ["has_any", "write_sheet"]

_BLOCK = 8_192  # rows joined at once
_LEVEL = 3  # of compression: half the time of the usual 6 for a tenth more bytes
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE = f"{_PACKAGE}/relationships/metadata/core-properties"
_TEXT, _TEXT_END = '" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_CORE}" Target="docProps/core.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{created:%Y-%m-%dT%H:%M:%SZ}</dcterms:created></cp:coreProperties>',
}


def write_sheet(
    path: Path,
    name: str | None,
    head: Sequence[Sequence[object]],
    columns: Sequence[Column | str],
    count: int,
    below: Sequence[Sequence[object]],
    written: datetime,
) -> None:
    """Write `columns` of `count` rows, a text standing in every row, between the rows `head` and `below`.

    `name` is the sheet's; `written` (naive) becomes the time of everything inside the workbook. Text stays text,
    numbers become numbers, and cells without either are left out.
    """
    stamp = written.timetuple()[:6]
    facts = {"sheet": escape(name or "Sheet1"), "created": written}
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for part, text in _PARTS.items():
            book.writestr(_info(part, stamp), _HEAD + text.format(**facts), ZIP_DEFLATED, _LEVEL)
        with book.open(_info("xl/worksheets/sheet1.xml", stamp), "w", force_zip64=True) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            _write_rows(sheet, head, 1)
            for block in _blocks(columns, count, len(head) + 1):
                sheet.write(block)
            _write_rows(sheet, below, len(head) + count + 1)
            sheet.write(b"</sheetData></worksheet>")


def has_any(texts: pa.Array, marks: str) -> bool:
    """Tell whether any of `marks` stands in any of `texts`."""
    data = _bytes(texts)
    return any(mark.encode() in data for mark in marks)


def _info(part: str, stamp: tuple[int, ...]) -> ZipInfo:
    info = ZipInfo(part, stamp)  # type: ignore[arg-type]
    info.compress_type = ZIP_DEFLATED
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]
    return info


def _write_rows(sheet: IO[bytes], rows: Sequence[Sequence[object]], first: int) -> None:
    """Write the few rows around the table."""
    for number, row in enumerate(rows, start=first):
        table = [pa.array([cell]) for cell in row]
        sheet.write(b"".join(_blocks(table, 1, number)))


def _blocks(columns: Sequence[Column | str], count: int, first: int) -> Iterator[bytes]:
    """Yield the XML of rows, numbered from `first`."""
    letters = [_letters(place) for place in range(len(columns))]
    for start in range(0, count, _BLOCK):
        size = min(_BLOCK, count - start)
        number = pa.array(range(first + start, first + start + size)).cast(pa.string())
        cells = [
            _cells(column if isinstance(column, str) else column[start : start + size], letter, number)
            for letter, column in zip(letters, columns, strict=True)
            if not (isinstance(column, str) and column == "")
        ]
        rows = pc.binary_join_element_wise('<row r="', number, '">', *cells, "</row>", "")
        yield _bytes(rows)


def _cells(column: Column | str, letter: str, number: pa.Array) -> pa.Array:
    """Return the XML of one column's cells in the rows `number`; nothing where there is no value."""
    if isinstance(column, str):
        return _joined(f'<c r="{letter}', number, _TEXT, escape(column), _TEXT_END)
    values = column if isinstance(column, pa.Array) else pa.array(column)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return pc.fill_null(
            _joined(f'<c r="{letter}', number, '"><v>', values.cast(pa.string()), "</v></c>"), ""
        )
    text = pc.fill_null(values.cast(pa.string()), "")
    return pc.if_else(
        pc.equal(text, ""), "", _joined(f'<c r="{letter}', number, _TEXT, _escaped(text), _TEXT_END)
    )


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _escaped(text: pa.Array) -> pa.Array:
    if not has_any(text, "&<>"):
        return text
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = pc.replace_substring(text, mark, name)
    return text


def _letters(place: int) -> str:
    """Name a column: A … Z, AA …"""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _bytes(rows: pa.Array) -> bytes:
    """Return the texts of `rows`, one after another."""
    _, offsets, data = rows.buffers()
    ends = memoryview(offsets).cast("i")
    text: bytes = data.to_pybytes()
    return text[ends[rows.offset] : ends[rows.offset + len(rows)]]
