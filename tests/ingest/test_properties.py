"""Properties of every reader and every column form, over cells nobody thought of."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from reportkit.engines import connect
from reportkit.ingest import ingest
from reportkit.ingest.cells import MACROS
from reportkit.ingest.read import sheets
from reportkit.ingest.sniff import documents
from tests.ingest.test_layouts import days
from tests.projects import make_shop

HEADERS = ["甲", "乙", "丙"]

# Text as a cell can hold it: no control characters, and no line ends at its borders.
CELLS = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="\ufeff"),
    max_size=12,
).map(str.strip)
GRIDS = st.lists(st.tuples(st.just("行"), CELLS, CELLS), min_size=1, max_size=6)


def write_text(encoding: str, delimiter: str = ",") -> Callable[[Path, list[tuple[str, ...]]], None]:
    """A writer of delimited text."""

    def write(path: Path, rows: list[tuple[str, ...]]) -> None:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
        path.write_bytes(text.getvalue().encode(encoding))

    return write


def write_workbook(path: Path, rows: list[tuple[str, ...]]) -> None:
    """A workbook of text cells."""
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)


def write_html(path: Path, rows: list[tuple[str, ...]]) -> None:
    """A page with one table, as some back offices send it under the name .xls."""
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    path.write_text(
        f'<html><head><meta charset="utf-8"></head><body><table>{lines}</table></body></html>', "utf-8"
    )


def write_spreadsheetml(path: Path, rows: list[tuple[str, ...]]) -> None:
    """A workbook as XML of 2003."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{html.escape(c)}</Data></Cell>' for c in row)
        + "</Row>"
        for row in rows
    )
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="一"><Table>{cells}'
        "</Table></Worksheet></Workbook>",
        "utf-8",
    )


def write_zip(path: Path, rows: list[tuple[str, ...]]) -> None:
    """A csv in a zip."""
    inner = path.with_suffix(".inner")
    write_text("gb18030")(inner, rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "明细.csv")
    inner.unlink()


WRITERS = {
    "utf-8": write_text("utf-8"),
    "utf-8-sig": write_text("utf-8-sig"),
    "utf-16": write_text("utf-16"),
    "gb18030": write_text("gb18030"),
    "tabs": write_text("utf-8", "\t"),
    "workbook": write_workbook,
    "html": write_html,
    "spreadsheetml": write_spreadsheetml,
    "zip": write_zip,
}


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=15)
@given(rows=GRIDS)
def test_what_was_written_is_read(
    kind: str, rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every reader gives back the cells that stand in the file, row by row, each with its number."""
    folder = tmp_path_factory.mktemp("file")
    path = folder / "a.dat"
    WRITERS[kind](path, [tuple(HEADERS), *rows])
    (document,) = documents(path, "a.dat", folder)
    (sheet,) = sheets(document)
    table = sheet.read(1, {name: place for place, name in enumerate(HEADERS)}).read_all()
    found = list(zip(*(table.column(name).to_pylist() for name in HEADERS), strict=True))
    assert [_plain(row) for row in rows] == [_plain(row) for row in found]
    assert list(range(2, 2 + len(rows))) == table.column("#row").to_pylist()


def _plain(row: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without the blanks that HTML and spreadsheets fold together."""
    return tuple(" ".join(cell.split()) for cell in row)


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    connection.execute(MACROS)
    yield connection
    connection.close()


def ask(connection: duckdb.DuckDBPyConnection, call: str, *values: object) -> Any:
    """The value of one call of a macro."""
    return connection.execute(f"SELECT {call}", list(values)).fetchall()[0][0]


AMOUNTS = st.decimals(-9_999_999, 9_999_999, places=2, allow_nan=False)


@settings(max_examples=150)
@given(
    amount=AMOUNTS,
    look=st.sampled_from(
        ["{}", "{:,}", "¥{:,}", "￥{}", "{}元", "USD {:,}", "{} （仅供参考）", "${}", "{}(已退款1.00)"]
    ),
)
def test_amounts_in_any_dress(macros: duckdb.DuckDBPyConnection, amount: Decimal, look: str) -> None:
    """An amount is the same whatever stands around it."""
    assert amount == ask(macros, "number(?)", look.format(amount))


@settings(max_examples=60)
@given(amount=AMOUNTS)
def test_amounts_with_dots(macros: duckdb.DuckDBPyConnection, amount: Decimal) -> None:
    """Where dots set off thousands, the comma stands before the decimals."""
    text = f"{amount:,}".translate(str.maketrans(",.", ".,"))
    assert amount == ask(macros, "dotted(?)", text)


MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
LOOKS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
]


@settings(max_examples=150)
@given(moment=MOMENTS, look=st.sampled_from(LOOKS))
def test_times_in_any_dress(macros: duckdb.DuckDBPyConnection, moment: datetime, look: str) -> None:
    """A time without a zone is the shop's own, however it is written."""
    assert moment == ask(macros, "moment(?, 'Asia/Shanghai')", moment.strftime(look))


@settings(max_examples=80)
@given(
    moment=MOMENTS,
    hours=st.integers(-11, 13),
    look=st.sampled_from(["{:%Y-%m-%dT%H:%M:%S}{}{}:00", "{:%Y-%m-%d %H:%M:%S} {}{}00"]),
)
def test_times_with_a_zone(
    macros: duckdb.DuckDBPyConnection, moment: datetime, hours: int, look: str
) -> None:
    """A time with a zone becomes the shop's local time."""
    text = look.format(moment, "-" if hours < 0 else "+", f"{abs(hours):02d}")
    expected = (
        (moment - timedelta(hours=hours))
        .replace(tzinfo=ZoneInfo("UTC"))
        .astimezone(ZoneInfo("Asia/Shanghai"))
    )
    assert expected.replace(tzinfo=None) == ask(macros, "moment(?, 'Asia/Shanghai')", text)


@settings(max_examples=60)
@given(moment=MOMENTS)
def test_days_of_a_spreadsheet(macros: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    """The day number of a spreadsheet is the time it stands for, to the second."""
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert abs(moment - ask(macros, "moment(?, 'UTC')", repr(serial))) <= timedelta(seconds=1)


@settings(max_examples=150)
@given(number=st.integers(10**5, 10**20), look=st.sampled_from(["{}", '="{}"', "'{}", "`{}", "{}.0", '"{}"']))
def test_ids_in_any_dress(macros: duckdb.DuckDBPyConnection, number: int, look: str) -> None:
    """No digit of a number that names something is ever lost."""
    assert str(number) == ask(macros, "clean_id(?)", look.format(number))


@settings(max_examples=80)
@given(number=st.integers(10**15, 10**20))
def test_rounded_ids_are_known(macros: duckdb.DuckDBPyConnection, number: int) -> None:
    """A number that a spreadsheet has rounded is seen to be so, and a whole one is not."""
    assert ask(macros, "is_rounded(?)", f"{number:.2E}")
    assert not ask(macros, "is_rounded(?)", str(number))


FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "money": ({"from": "值", "money": "CNY"}, "spend_bonus"),
    "number": ({"from": "值", "number": "个"}, "clicks"),
    "percent": ({"from": "值", "number": "%"}, "attr_gmv"),
    "id": ({"from": "值", "id": True}, "account"),
    "private": ({"from": "值", "private": True}, "account"),
    "map": ({"from": "值", "map": {"点击": "click"}}, "attr_basis"),
    "date": ({"from": "值", "date": ["%d.%m.%Y"]}, "date"),
    "sql": ({"from": "值", "sql": "number(值) * 2"}, "attr_gmv"),
    "text": ({"from": "值"}, "account"),
    "marks": ({"from": "值", "marks": "brush"}, "account"),
}


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=3)
@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_any_text_ends_somewhere(
    name: str, cells: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Through every form, any text becomes a value, no value, or a refused row with its reason; never a crash."""
    form, column = FORMS[name]
    project = make_shop(tmp_path_factory.mktemp("form") / "shop", {"tmall/ads": days({column: form})})
    rows = [
        ("日", "计划", "花费", "值"),
        *(("2025-11-01", f"p{n}", "1", cell) for n, cell in enumerate(cells)),
    ]
    write_text("utf-8")(project.inbox / "a.csv", rows)
    (file,) = ingest(project).files
    assert ("loaded", len(cells)) == (file.state, file.accepted + file.rejected)
    assert bool(file.rejected) == bool(file.notes)
