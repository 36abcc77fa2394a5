"""Workbooks of the demo hold what they were given, and are the same bytes for the same values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from reportkit.demo.files import sheets
from reportkit.demo.files.sheets import write_sheet

AT = datetime(2026, 10, 1, 9, 30)
HEAD = [["结算账单", ""], ["订单号  ", "金额"]]
BELOW = [["合计", 3.5]]


def test_cells_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text with marks and blanks, numbers, what is missing, what stands in every row, and rows around them."""
    monkeypatch.setattr(sheets, "_BLOCK", 2)
    columns = [
        pa.array(["=1", " a<b & c>", None]),
        [1, 2.5, 3],
        "",
        pa.array(["", "x", "y"], pa.large_string()),
        "“&”",
    ]
    write_sheet(tmp_path / "a.xlsx", "Order details", HEAD, columns, 3, BELOW, AT)
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert ["Order details"] == book.sheet_names
    assert [
        ["结算账单", "", "", "", ""],
        ["订单号  ", "金额", "", "", ""],
        ["=1", 1.0, "", "", "“&”"],
        [" a<b & c>", 2.5, "", "x", "“&”"],
        ["", 3.0, "", "y", "“&”"],
        ["合计", 3.5, "", "", ""],
    ] == book.get_sheet_by_index(0).to_python()


def test_the_same_cells_are_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the moment of writing is in a workbook."""
    for name in ("a", "b"):
        write_sheet(tmp_path / f"{name}.xlsx", None, HEAD, ["1", pa.array(["2"])], 1, [], AT)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_columns_are_named_as_in_a_sheet() -> None:
    """The 27th column is AA, the 703rd AAA."""
    assert ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"] == [
        sheets._letters(n) for n in (0, 25, 26, 51, 52, 701, 702)
    ]
