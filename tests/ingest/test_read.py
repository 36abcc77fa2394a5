"""What a file truly is, told from its bytes; and where its rows stand."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from reportkit.ingest import ingest
from reportkit.ingest.read import sheets
from reportkit.ingest.sniff import Document, documents, encodings, kind_of
from reportkit.project import Project
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv

Rows = Callable[[Project, str], list[tuple]]
Writer = Callable[[Path, list[list[str]]], None]

GRID = [
    ["千牛导出", "", "", "", "", ""],
    [],
    ORDER_HEADERS,
    order("1"),
    order("2", "12.50"),
    ["合计", "22.50"],
]
SPREADSHEETML = """<?xml version="1.0"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="订单"><Table>{}</Table></Worksheet></Workbook>"""


def delimited(encoding: str, mark: str = ",") -> Writer:
    """A text file in `encoding`."""

    def write(path: Path, grid: list[list[str]]) -> None:
        path.write_text("\r\n".join(mark.join(row) for row in grid), encoding=encoding)

    return write


def xlsx(path: Path, grid: list[list[str]]) -> None:
    """A real workbook whose first sheet is empty."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("订单")
        for number, row in enumerate(grid):
            sheet.write_row(number, 0, row)


def html(path: Path, grid: list[list[str]]) -> None:
    """A web page that calls itself a workbook."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in grid)
    path.write_text(f"<html><meta charset='utf-8'><body><table>{rows}</table></body></html>", "utf-8")


def spreadsheetml(path: Path, grid: list[list[str]]) -> None:
    """Excel's XML of 2003."""
    cells = (
        "<Row>" + "".join(f"<Cell><Data ss:Type='String'>{cell}</Data></Cell>" for cell in row) + "</Row>"
        for row in grid
    )
    path.write_text(SPREADSHEETML.format("".join(cells)), "utf-8")


def zipped(path: Path, grid: list[list[str]]) -> None:
    """A zip whose member's name is in GBK without saying so."""
    inner = "\r\n".join(",".join(row) for row in grid).encode("gb18030")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("AAAA.csv", (2025, 12, 1, 8, 0, 0)), inner)
    path.write_bytes(path.read_bytes().replace(b"AAAA.csv", "订单.csv".encode("gb18030")))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("utf8.csv", delimited("utf-8")),
        ("bom.csv", delimited("utf-8-sig")),
        ("gbk.csv", delimited("gb18030")),
        ("tabs.csv", delimited("gb18030", "\t")),
        ("unicode.txt", delimited("utf-16", "\t")),
        ("book.xlsx", xlsx),
        ("named-wrongly.xls", xlsx),
        ("page.xls", html),
        ("xml.xls", spreadsheetml),
        ("archive.zip", zipped),
    ],
)
def test_every_kind_of_file_gives_the_same_orders(
    make_project: Callable[..., Project], rows: Rows, name: str, write: Writer
) -> None:
    """Type, encoding, preamble and footer make no difference; rows keep their place in the file."""
    project = make_project(sources={"test/orders": ORDERS})
    write(project.inbox / name, GRID)
    loaded = [file for file in ingest(project).files if file.state == "loaded"]
    assert [(3, 2, 1)] == [(file.read, file.accepted, file.skipped) for file in loaded]
    sql = "SELECT platform_order_id, goods_receivable_amt::DOUBLE, source_row FROM order_lines ORDER BY 1"
    assert [("1", 10.0, 4), ("2", 12.5, 5)] == rows(project, sql)


def test_zip_members_are_named(make_project: Callable[..., Project], rows: Rows) -> None:
    """A member is a file of its own, under a readable name."""
    project = make_project(sources={"test/orders": ORDERS})
    zipped(project.inbox / "a.zip", GRID)
    ingest(project)
    assert [("a.zip!/订单.csv",)] == rows(project, "SELECT path FROM files")


def test_cells_with_line_breaks_keep_row_numbers(make_project: Callable[..., Project], rows: Rows) -> None:
    """A buyer's message over two lines is one cell, and rows are counted as a spreadsheet counts them."""
    project = make_project(sources={"test/orders": ORDERS})
    broken = order("1")
    broken[4] = "第一行\n第二行"
    path = write_csv(project.inbox / "a.csv", ORDER_HEADERS, [broken, order("2")])
    path.write_text(path.read_text("utf-8") + "只有一格\r\n" + ",".join(order("3")) + "\r\n", "utf-8")
    (file,) = ingest(project).files
    assert (4, 3, 1) == (file.read, file.accepted, file.rejected)
    assert "row 4: the row has 1 cells, the header 6" in file.notes[0]
    sql = "SELECT platform_order_id, source_row FROM orders ORDER BY 1"
    assert [("1", 2), ("2", 3), ("3", 5)] == rows(project, sql)


def test_numbers_in_workbooks_become_text(tmp_path: Path) -> None:
    """Whole numbers lose their .0, long ones show that they were rounded, dates are ISO."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, [17850.0, 0.1, 5.11e18, True, ""])
    (sheet,) = sheets(next(documents(path, "a.xlsx", tmp_path)))
    assert ["17850", "0.1", "5.11e+18", "TRUE"] == sheet.head[0][:4]


def test_encoding_is_judged_by_the_whole_file(tmp_path: Path) -> None:
    """A GBK file whose first 64 kB are plain ASCII is still read as GBK."""
    path = tmp_path / "late.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 20_000 + "甲,乙\n".encode("gb18030"))
    assert ["utf-8", "gb18030"] == encodings(path)
    (sheet,) = sheets(next(documents(path, "late.csv", tmp_path)))
    last = sheet.read(1, {"a": 0, "b": 1}).read_all().to_pylist()[-1]
    assert {"#row": 20_002, "a": "甲", "b": "乙"} == last


def test_kinds(tmp_path: Path) -> None:
    """The name never decides."""
    for name, write, kind in (
        ("a.csv", xlsx, "workbook"),
        ("b.xlsx", delimited("utf-8"), "text"),
        ("c.csv", html, "html"),
    ):
        write(tmp_path / name, GRID)
        assert kind == kind_of(tmp_path / name)


def test_document_names(tmp_path: Path) -> None:
    """A member's name is the last part of its place."""
    path = write_csv(tmp_path / "a.csv", ["a"], [["1"]])
    document = next(documents(path, "x/a.zip!/y/b.csv", tmp_path))
    assert isinstance(document, Document)
    assert ("b.csv", 16) == (document.name, len(document.id))
