"""Zips as they are found: locked, nested, mis-labelled, hostile. What opens opens; the rest is named."""

from __future__ import annotations

import logging
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import xlsxwriter
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from reportkit.ingest import FileResult, ingest
from reportkit.ingest.passwords import Passwords, keyring_users
from reportkit.lake import Lake
from reportkit.project import Project
from tests.ingest.locked import write_aes, write_zipcrypto
from tests.ingest.samples import LINE_HEADERS, LINES, ORDER_HEADERS, ORDERS, line, order, write_csv

SECRET = "cinnabar-4711"
WRITERS = {"aes": write_aes, "zipcrypto": write_zipcrypto}


class Ring(KeyringBackend):
    """A keyring in memory; without a user it has no storage at all, as on a server."""

    priority = 1
    kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if not self.kept:
            raise NoKeyringError
        return self.kept.get(username) if service == "reportkit" else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("nothing may be stored")


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The passwords of a keyring of this test's own; none at first, and none in the environment."""
    monkeypatch.delenv("REPORTKIT_ZIP_PASSWORD", raising=False)
    before = keyring.get_keyring()
    Ring.kept = {}
    keyring.set_keyring(Ring())
    yield Ring.kept
    keyring.set_keyring(before)


@pytest.fixture
def shop(make_project: Callable[..., Project]) -> Project:
    """A project whose inbox holds one good file."""
    project = make_project(sources={"test/orders": ORDERS, "test/lines": LINES})
    write_csv(project.inbox / "good.csv", ORDER_HEADERS, [order("1")])
    return project


def csv_bytes(folder: Path, number: str) -> bytes:
    """An order file with one order."""
    return write_csv(folder / "one.csv", ORDER_HEADERS, [order(number)]).read_bytes()


def of(project: Project, name: str, **options: object) -> FileResult:
    """Ingest the inbox; the good file comes in, and what became of `name` is returned."""
    found = {file.path: file for file in ingest(project, **options).files}
    assert "loaded" == found["good.csv"].state
    return next(file for path, file in found.items() if path.startswith(name))


@pytest.mark.parametrize("kind", WRITERS)
def test_password_from_the_environment(
    shop: Project, kind: str, monkeypatch: pytest.MonkeyPatch, rows: Callable[..., list[tuple]]
) -> None:
    """REPORTKIT_ZIP_PASSWORD opens both kinds of zips."""
    WRITERS[kind](shop.inbox / "jd.zip", {"订单.csv": csv_bytes(shop.root, "2")}, SECRET)
    monkeypatch.setenv("REPORTKIT_ZIP_PASSWORD", SECRET)
    assert ("loaded", 1) == (of(shop, "jd.zip!/订单.csv").state, 1)
    assert [("1",), ("2",)] == rows(shop, "SELECT platform_order_id FROM orders ORDER BY 1")


@pytest.mark.parametrize("user", ["jd_20251201.zip", "jd_*.zip", "zip"])
def test_password_from_the_keyring(shop: Project, ring: dict[str, str], user: str) -> None:
    """The keyring is asked by file name, by its pattern, and for zips in general."""
    write_aes(shop.inbox / "jd_20251201.zip", {"x.csv": csv_bytes(shop.root, "2")}, SECRET)
    ring[user] = SECRET
    assert "loaded" == of(shop, "jd_20251201.zip!/x.csv").state
    assert user in keyring_users("folder/jd_20251201.zip")


def test_password_typed_once_for_files_that_share_it(shop: Project) -> None:
    """A person is asked for the first zip only, and may mistype it."""
    for name in ("a.zip", "b.zip"):
        write_zipcrypto(shop.inbox / name, {f"{name}.csv": csv_bytes(shop.root, name)}, SECRET)
    asked: list[str] = []

    def ask(file: str) -> str | None:
        asked.append(file)
        return "mistyped" if len(asked) == 1 else f" {SECRET} "

    assert [] == ingest(shop, ask=ask).failed
    assert ["a.zip", "a.zip"] == asked


def test_a_person_may_pass(shop: Project) -> None:
    """No answer passes the file over, and three wrong ones end the asking."""
    write_aes(shop.inbox / "a.zip", {"x.csv": csv_bytes(shop.root, "2")}, SECRET)
    passed = of(shop, "a.zip", ask=lambda _: None)
    assert ("failed", True) == (passed.state, "x.csv is protected by a password\n" in passed.notes[0])
    typed = iter(["one", "two", "three", SECRET])
    assert "another password than those known" in ingest(shop, ask=lambda _: next(typed)).failed[0].notes[0]
    assert SECRET == next(typed)


@pytest.mark.parametrize("kind", WRITERS)
def test_unattended_the_file_is_named(shop: Project, kind: str) -> None:
    """Where nobody can be asked, the message says what would help, and the others load."""
    WRITERS[kind](shop.inbox / "jd_2025.zip", {"x.csv": csv_bytes(shop.root, "2")}, SECRET)
    file = of(shop, "jd_2025.zip")
    assert "failed" == file.state
    assert [
        "jd_2025.zip: x.csv is protected by a password\n"
        '  → set REPORTKIT_ZIP_PASSWORD, keep it in the keyring (keyring set reportkit "jd_*.zip"), '
        "or run reportkit ingest at a terminal: it asks"
    ] == file.notes


@pytest.mark.parametrize("kind", WRITERS)
def test_wrong_password(shop: Project, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that does not fit is told apart from none, and is not repeated."""
    WRITERS[kind](shop.inbox / "jd.zip", {"x.csv": csv_bytes(shop.root, "2")}, SECRET)
    monkeypatch.setenv("REPORTKIT_ZIP_PASSWORD", "something else")
    (note,) = of(shop, "jd.zip").notes
    assert "x.csv is protected by another password than those known" in note
    assert "something else" not in note


def test_nothing_remembers_the_password(
    shop: Project, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """After an ingest neither the password nor what was unpacked is anywhere in the project or its output."""
    write_aes(shop.inbox / "jd.zip", {"x.csv": csv_bytes(shop.root, "2")}, SECRET)
    with caplog.at_level(logging.DEBUG):
        assert [] == ingest(shop, ask=lambda _: SECRET).failed
    printed = capfd.readouterr()
    assert SECRET not in caplog.text + printed.out + printed.err + repr(vars(Passwords()))
    files = [path for path in shop.root.rglob("*") if path.is_file()]
    assert [] == [path for path in files if SECRET.encode() in path.read_bytes()]
    assert [] == list(Lake(shop.lake).root.glob(".staging-*"))


def test_locked_workbook_says_so(shop: Project) -> None:
    """An xlsx saved with a password is an OLE file that holds an encrypted package."""
    (shop.inbox / "x.xlsx").write_bytes(ole_with_stream("EncryptedPackage"))
    assert ["x.xlsx: the workbook is protected by a password\n  → save it without a password"] == of(
        shop, "x.xlsx"
    ).notes


def ole_with_stream(name: str) -> bytes:
    """The smallest compound file: one FAT sector, one directory sector, one empty stream."""
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    head += b"\xff" * (512 - len(head))
    fat = struct.pack("<2I", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    return head + fat + entry("Root Entry", 5, 1) + entry(name, 2, 0xFFFFFFFF) + bytes(256)


def entry(name: str, kind: int, child: int) -> bytes:
    """One entry of a compound file's directory."""
    text = name.encode("utf-16-le") + b"\0\0"
    tree = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
    tail = struct.pack("<IQ", 0xFFFFFFFE, 0)
    return text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + tree + bytes(36) + tail


def test_member_names_are_no_paths(shop: Project, tmp_path: Path) -> None:
    """A member called ../../x is read, and nothing is written outside the scratch folder."""
    with zipfile.ZipFile(shop.inbox / "evil.zip", "w") as archive:
        archive.writestr("../../../../evil.csv", csv_bytes(shop.root, "2"))
        archive.writestr("/evil.csv", csv_bytes(shop.root, "3"))
    assert [] == ingest(shop).failed
    assert [] == list(tmp_path.rglob("evil.csv"))
    assert not Path("/evil.csv").exists()


def test_zip_bomb_is_refused(shop: Project) -> None:
    """A small file that would fill the disk is refused before a byte of it is unpacked."""
    with zipfile.ZipFile(shop.inbox / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", bytes(300 << 20))
    (note,) = of(shop, "bomb.zip").notes
    assert "bomb.zip: unpacked it would hold 300 MB, 1,0" in note


def test_zip_within_a_zip(shop: Project, rows: Callable[..., list[tuple]]) -> None:
    """One level is opened, with its password; a third is refused."""
    inner = write_zipcrypto(shop.root / "inner.zip", {"x.csv": csv_bytes(shop.root, "2")}, SECRET)
    with zipfile.ZipFile(shop.inbox / "two.zip", "w") as archive:
        archive.write(inner, "inner.zip")
    with zipfile.ZipFile(shop.inbox / "three.zip", "w") as archive:
        archive.write(shop.inbox / "two.zip", "two.zip")
    (failed,) = ingest(shop, ask=lambda _: SECRET).failed
    assert failed.notes[0].startswith("three.zip!/two.zip!/inner.zip: it is a zip within a zip within a zip")
    assert [("good.csv",), ("two.zip!/inner.zip!/x.csv",)] == rows(shop, "SELECT path FROM files ORDER BY 1")


def test_stored_workbook_in_a_zip(shop: Project) -> None:
    """A zip that holds a workbook as it is, is no workbook."""
    with xlsxwriter.Workbook(shop.root / "x.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([ORDER_HEADERS, order("2")]):
            sheet.write_row(number, 0, row)
    with zipfile.ZipFile(shop.inbox / "x.zip", "w") as archive:
        archive.write(shop.root / "x.xlsx", "x.xlsx")
    assert "loaded" == of(shop, "x.zip!/x.xlsx").state


def test_empty_zip_is_named(shop: Project) -> None:
    """A zip without files, or with a folder only, does not vanish in silence."""
    with zipfile.ZipFile(shop.inbox / "a.zip", "w"):
        pass
    with zipfile.ZipFile(shop.inbox / "b.zip", "w") as archive:
        archive.mkdir("empty")
    assert ["a.zip: the zip holds no files", "b.zip: the zip holds no files"] == [
        file.notes[0].partition("\n")[0] for file in ingest(shop).failed
    ]


def test_flipped_byte_in_a_member(shop: Project) -> None:
    """A member whose bytes are damaged is named."""
    with zipfile.ZipFile(shop.inbox / "x.zip", "w") as archive:
        archive.writestr("x.csv", csv_bytes(shop.root, "2"))
    content = bytearray((shop.inbox / "x.zip").read_bytes())
    content[40] ^= 0xFF
    (shop.inbox / "x.zip").write_bytes(content)
    assert "x.zip!/x.csv: the zip is damaged" in of(shop, "x.zip").notes[0]


@pytest.mark.parametrize("claims_utf8", [False, True])
def test_alipay_flow_is_spreadsheetml_in_a_zip_with_a_gbk_name(
    shop: Project, claims_utf8: bool, rows: Callable[..., list[tuple]]
) -> None:
    """A name in GBK, with or without the claim to be UTF-8, and XML that calls itself xls."""
    body = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in [LINE_HEADERS, line("2", "21", "5.00")]
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="明细"><Table>'
        f"{body}</Table></Worksheet></Workbook>"
    )
    write_with_gbk_name(shop.inbox / "flow.zip", "账务明细.xls", xml.encode(), claims_utf8)
    assert ("loaded", "明细") == ((file := of(shop, "flow.zip!/账务明细.xls")).state, file.sheet)
    assert [(5,)] == rows(
        shop, "SELECT goods_receivable_amt::INT FROM order_lines WHERE platform_order_id = '2'"
    )


def write_with_gbk_name(path: Path, name: str, content: bytes, claims_utf8: bool) -> None:
    """Write a zip as Chinese tools do: the name in GBK, and perhaps the flag that says it is UTF-8."""
    raw = name.encode("gbk")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(raw), content)
    packed = bytearray(path.read_bytes().replace(b"x" * len(raw), raw))
    if claims_utf8:
        packed[7] |= 8
        packed[packed.rindex(b"PK\x01\x02") + 9] |= 8
    path.write_bytes(packed)
