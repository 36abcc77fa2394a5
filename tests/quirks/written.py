"""Small files as platforms write them, with the damage that theirs have."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project

Rows = Sequence[Sequence[object]]


def columns(line: str) -> list[str]:
    """Split the names of a header row, written with bars between them."""
    return line.split("|")


def load(project: Project, *paths: Path) -> list[FileResult]:
    """Ingest `paths` one after another; return what became of each."""
    return [result for path in paths for result in ingest(project, [path]).files]


def book(path: Path, rows: Rows, sheet: str = "Sheet1") -> Path:
    """Write one sheet; an empty cell is not written at all."""
    return sheets(path, {sheet: rows})


def sheets(path: Path, named: dict[str, Rows]) -> Path:
    """Write a workbook of several sheets."""
    workbook = xlsxwriter.Workbook(str(path))
    for name, rows in named.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell != "":
                    (sheet.write_string if isinstance(cell, str) else sheet.write)(number, place, cell)
    workbook.close()
    return path


def plain(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write text without any quoting, as WeChat, Alipay and Amazon do."""
    text = "".join(delimiter.join(str(cell) for cell in row) + "\r\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def damaged(path: Path, change: Callable[[str], str]) -> Path:
    """Change the XML of a workbook's first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def wrong_dimension(xml: str) -> str:
    """Let the sheet say that it holds one cell."""
    return re.sub(r'<dimension ref="[^"]*"/>', '<dimension ref="A1:A1"/>', xml)


def split_header(xml: str) -> str:
    """Give every cell of the first row a row element of its own."""
    row = re.search(r'<row r="1"[^>]*>(.*?)</row>', xml, re.DOTALL)
    assert row is not None
    cells = re.findall(r"<c .*?</c>", row[1], re.DOTALL)
    return xml.replace(row[0], "".join(f'<row r="1">{cell}</row>' for cell in cells))


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """Write a zip whose member names are GBK that no flag tells of."""
    marks = {
        chr(65 + number) * len(name.encode("gbk")): (name.encode("gbk"), data)
        for number, (name, data) in enumerate(members.items())
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for mark, (_, data) in marks.items():
            archive.writestr(mark, data)
    packed = path.read_bytes()
    for mark, (name, _) in marks.items():
        packed = packed.replace(mark.encode(), name)
    path.write_bytes(packed)
    return path
