"""The analyst at nine in the evening with a broken file: one clear message, nothing lost, the rest loaded."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from reportkit.errors import InputError, LakeError
from reportkit.ingest import FileResult, ingest
from reportkit.lake import Lake
from reportkit.project import Project
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv

Rows = Callable[[Project, str], list[tuple]]


@pytest.fixture
def shop(make_project: Callable[..., Project]) -> Project:
    """A project whose lake holds one order, and whose inbox holds a second good file."""
    project = make_project(sources={"test/orders": ORDERS})
    write_csv(project.inbox / "first.csv", ORDER_HEADERS, [order("1")])
    ingest(project)
    write_csv(project.inbox / "good.csv", ORDER_HEADERS, [order("2")])
    return project


def outcome(project: Project, name: str, rows: Rows) -> FileResult:
    """Ingest the inbox; check that the good file came in beside `name`, and return what became of `name`."""
    result = ingest(project)
    found = {file.path.partition("!")[0]: file for file in result.files}
    assert ("loaded", 1) == (found["good.csv"].state, found["good.csv"].accepted)
    assert {"1", "2"} <= {number for (number,) in rows(project, "SELECT platform_order_id FROM orders")}
    return found[name]


def refused(project: Project, name: str, rows: Rows) -> str:
    """Ingest the inbox where `name` cannot be read at all; return its message."""
    file = outcome(project, name, rows)
    assert "failed" == file.state
    assert [] == rows(project, f"SELECT * FROM files WHERE path = '{name}'")
    assert 1 == len(file.notes)
    assert file.notes[0].startswith(name)
    return file.notes[0]


def test_unknown_file(shop: Project, rows: Rows) -> None:
    """A file no source knows is named with its columns."""
    write_csv(shop.inbox / "x.csv", ["甲", "乙"], [["1", "2"]])
    message = refused(shop, "x.csv", rows)
    assert "no source knows these columns: 甲, 乙" in message
    assert "describe it in params/sources" in message


def test_two_sources_claim_a_file(make_project: Callable[..., Project], rows: Rows) -> None:
    """Two sources that fit are both named, and neither is guessed."""
    project = make_project(sources={"test/orders": ORDERS, "test/twin": ORDERS})
    write_csv(project.inbox / "x.csv", ORDER_HEADERS, [order("1")])
    assert "row 1 fits 2 sources: test/orders, test/twin" in ingest(project).files[0].notes[0]
    assert [] == rows(project, "SELECT * FROM orders")


def test_missing_column_names_the_nearest(shop: Project, rows: Rows) -> None:
    """A required column under a new name is asked for, with the nearest name found."""
    headers = ["订单编号", "实付款额", "状态", "创建时间", "收货人", "电话"]
    write_csv(shop.inbox / "x.csv", headers, [order("3")])
    message = refused(shop, "x.csv", rows)
    assert 'source test/orders needs the column "实付"; the nearest name found is "实付款额"' in message
    assert "row 1" in message


def test_empty_files(shop: Project, rows: Rows) -> None:
    """No bytes, and no rows, are both said."""
    (shop.inbox / "x.csv").touch()
    assert "the file is empty" in refused(shop, "x.csv", rows)
    (shop.inbox / "x.csv").write_text("\n\n,,\n")
    assert "the file holds no rows" in ingest(shop).failed[0].notes[0]


def test_truncated_workbook(shop: Project, rows: Rows) -> None:
    """Half an xlsx is a damaged file, whatever its name says."""
    whole = shop.root / "whole.xlsx"
    with xlsxwriter.Workbook(whole) as book:
        book.add_worksheet().write_row(0, 0, ORDER_HEADERS)
    (shop.inbox / "x.xlsx").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "the workbook is damaged" in refused(shop, "x.xlsx", rows)


@pytest.mark.parametrize(("encoding", "lost"), [("utf-8", 2), ("gb18030", 1)])
def test_csv_cut_inside_a_character(shop: Project, rows: Rows, encoding: str, lost: int) -> None:
    """A download that stopped inside a character names the line where it did."""
    path = write_csv(shop.inbox / "x.csv", ORDER_HEADERS, [order("3"), order("4")], encoding)
    text = path.read_bytes()
    path.write_bytes(text[: text.rindex("甲".encode(encoding)) + lost])
    message = refused(shop, "x.csv", rows)
    assert "line 3" in message
    assert "in the middle of a character" in message
    assert "download it again" in message


def test_damage_far_from_the_head(shop: Project, rows: Rows) -> None:
    """Damage that only shows after many rows leaves nothing of the file behind."""
    path = write_csv(shop.inbox / "x.csv", ORDER_HEADERS, [order(str(n)) for n in range(10, 9000)])
    path.write_bytes(path.read_bytes()[:-30] + "甲".encode()[:1])
    assert "in the middle of a character" in refused(shop, "x.csv", rows)
    assert [(2,)] == rows(shop, "SELECT count(*) FROM orders")


def test_row_cut_short(shop: Project, rows: Rows) -> None:
    """A last row with too few cells is a reject with its row; the others load."""
    path = write_csv(shop.inbox / "x.csv", ORDER_HEADERS, [order("3"), order("4")])
    path.write_bytes(path.read_bytes()[:-40])
    file = outcome(shop, "x.csv", rows)
    assert (2, 1, 1) == (file.read, file.accepted, file.rejected)
    assert "row 3: the row has 4 cells, the header 6" in file.notes[0]


def test_order_number_rounded_by_a_spreadsheet(shop: Project, rows: Rows) -> None:
    """5.11E+18 is no order number any more: the row is refused, and what to do is said."""
    write_csv(shop.inbox / "x.csv", ORDER_HEADERS, [order("5.11E+18"), order("3")])
    file = outcome(shop, "x.csv", rows)
    assert (1, 1) == (file.accepted, file.rejected)
    assert 'row 2: 订单编号: the number was rounded by a spreadsheet and is lost "5.11E+18"' in file.notes[0]
    assert "download the file again" in file.notes[0]


def test_status_word_nobody_mapped(shop: Project, rows: Rows) -> None:
    """A new status word is refused with its word, its count and its first row."""
    write_csv(
        shop.inbox / "x.csv",
        ORDER_HEADERS,
        [order("3"), order("4", status="神秘"), order("5", status="神秘")],
    )
    file = outcome(shop, "x.csv", rows)
    assert (3, 1, 2) == (file.read, file.accepted, file.rejected)
    assert '2 rows, the first row 3: 状态: a word nobody mapped "神秘"' in file.notes[0]
    expected = [("状态", "神秘", 3), ("状态", "神秘", 4)]
    assert expected == rows(shop, 'SELECT "column", raw, source_row FROM rejects ORDER BY 3')


def test_header_twice(shop: Project, rows: Rows) -> None:
    """A needed header that stands twice is not chosen between."""
    write_csv(shop.inbox / "x.csv", [*ORDER_HEADERS, "状态"], [[*order("3"), "成功"]])
    message = refused(shop, "x.csv", rows)
    assert 'row 1: the header "状态" stands in columns 3 and 7' in message


def test_header_twice_where_nobody_reads_it(shop: Project, rows: Rows) -> None:
    """A repeated header that no column uses does no harm."""
    write_csv(shop.inbox / "x.csv", [*ORDER_HEADERS, "较对比日", "较对比日"], [[*order("3"), "", ""]])
    assert 1 == outcome(shop, "x.csv", rows).accepted


def test_future_date_is_a_reject(shop: Project, rows: Rows) -> None:
    """An order of 2050 is refused with its reason."""
    write_csv(shop.inbox / "x.csv", ORDER_HEADERS, [order("3", when="2050-06-09 00:00:00")])
    assert "a date before 2000 or in the future" in outcome(shop, "x.csv", rows).notes[0]


def test_encrypted_zip_is_named(shop: Project, rows: Rows) -> None:
    """A zip with a password says so; the flag is what tells."""
    path = shop.inbox / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.csv", "a,b\n1,2\n")
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert "protected by a password" in refused(shop, "x.zip", rows)


def test_personal_text_never_stands_in_rejects(shop: Project, rows: Rows) -> None:
    """Raw text of a reject is masked and cut; nothing of a buyer reaches the lake."""
    long = "x" * 60 + "13800001234"
    write_csv(
        shop.inbox / "x.csv", ORDER_HEADERS, [order("3", status="电话13800001234"), order("4", status=long)]
    )
    outcome(shop, "x.csv", rows)
    assert [("x" * 40,), ("电话*******",)] == rows(
        shop, "SELECT raw FROM rejects ORDER BY raw = '电话*******'"
    )
    stored = b"".join(path.read_bytes() for path in Lake(shop.lake).root.rglob("*.parquet"))
    assert b"13800001234" not in stored
    assert "某人甲".encode() not in stored


@pytest.mark.parametrize("table", ["orders", "order_lines", "files"])
def test_full_disk_leaves_the_lake_as_it_was(
    shop: Project, rows: Rows, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """When the disk fills while any table is written, readers see nothing of it, and the next ingest heals."""
    before, write = Lake(shop.lake).snapshot(), Lake.write

    def full(lake: Lake, name: str, *args: object, **kwargs: object) -> None:
        if name == table:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(lake, name, *args, **kwargs)

    monkeypatch.setattr(Lake, "write", full)
    with pytest.raises(LakeError, match=r"No space left on device.*the lake is as it was\n.*free some space"):
        ingest(shop)
    assert before == Lake(shop.lake).snapshot()
    assert [("1",)] == rows(shop, "SELECT platform_order_id FROM orders")
    monkeypatch.undo()
    assert [] == ingest(shop).failed
    assert [("1",), ("2",)] == rows(shop, "SELECT platform_order_id FROM orders ORDER BY 1")


def test_lost_rows_stop_the_publication(shop: Project, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conservation check can fail: rows that do not arrive are noticed, and nothing is published."""
    before, write = Lake(shop.lake).snapshot(), Lake.write

    def forgetful(lake: Lake, name: str, data: pa.RecordBatchReader, **kwargs: object) -> None:
        lost = data.schema.empty_table().to_reader() if name in ("orders", "order_lines") else data
        write(lake, name, lost, **kwargs)

    monkeypatch.setattr(Lake, "write", forgetful)
    with pytest.raises(LakeError, match=r"1 rows read, but .* = 0; nothing was published"):
        ingest(shop)
    assert before == Lake(shop.lake).snapshot()


def test_missing_path_is_one_error(shop: Project) -> None:
    """A path that does not exist is named."""
    with pytest.raises(InputError, match="no such file"):
        ingest(shop, [Path("nowhere.csv")])
