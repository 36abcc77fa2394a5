"""From a path to documents: what each file truly is, told from its bytes and never from its name."""

from __future__ import annotations

import codecs
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from reportkit.errors import BrokenFile
from reportkit.ingest.passwords import Passwords
from reportkit.ingest.zips import Member, members

__all__ = ["Document", "Kind", "documents", "encodings", "kind_of"]

Kind = Literal["text", "workbook", "html", "spreadsheetml", "zip"]

_HEAD_BYTES = 1 << 16
_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
_WORKBOOK_PART = b"[Content_Types].xml"
_FIRST_NAME = slice(30, 30 + len(_WORKBOOK_PART))
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ZIPS_WITHIN = 2


@dataclass(frozen=True)
class Document:
    """One file as it was exported, or one member of a zip; what is unpacked of it goes into `scratch`."""

    label: str
    path: Path
    sha256: str
    modified: datetime
    scratch: Path

    @property
    def id(self) -> str:
        """The name under which rows remember this file."""
        return self.sha256[:16]

    @property
    def name(self) -> str:
        return PurePosixPath(self.label.rpartition("!/")[2]).name


def documents(
    path: Path, label: str, scratch: Path, passwords: Passwords | None = None
) -> Iterator[Document]:
    """Yield the documents in `path`: itself, or every file of a zip, and of the zips in it, unpacked into `scratch`.

    Raises BrokenFile for an empty, locked or truncated file.
    """
    if path.stat().st_size == 0:
        raise BrokenFile("the file is empty", where=label, todo="download it again")
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    yield from _opened(Member(label, path, modified), scratch, passwords or Passwords(), _ZIPS_WITHIN)


def _opened(file: Member, scratch: Path, passwords: Passwords, depth: int) -> Iterator[Document]:
    if _is_locked(file.path):
        raise BrokenFile(
            "the workbook is protected by a password", where=file.label, todo="save it without a password"
        )
    if kind_of(file.path) != "zip":
        yield Document(file.label, file.path, _sha256(file.path), file.modified, scratch)
    elif depth == 0:
        raise BrokenFile(
            "it is a zip within a zip within a zip", where=file.label, todo="unpack the outer one first"
        )
    else:
        for member in members(file.path, file.label, scratch, passwords):
            yield from _opened(member, scratch, passwords, depth - 1)


def kind_of(path: Path) -> Kind:
    """Return what the bytes of `path` are, whatever its name says."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_ZIP):
        # A zip may hold a workbook as it is, so only the first name counts.
        return "workbook" if head[_FIRST_NAME] == _WORKBOOK_PART or _holds_workbook(path) else "zip"
    if head.startswith(_OLE):
        return "workbook"
    text = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if text.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "spreadsheetml"
    if text.startswith((b"<html", b"<table", b"<!doctype html", b"<meta", b"<head")) or (
        text.startswith(b"<?xml") and b"<table" in text
    ):
        return "html"
    return "text"


def _is_locked(path: Path) -> bool:
    """An xlsx with a password is an OLE file around one encrypted stream."""
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE and _LOCKED_STREAM in file.read()


def _holds_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return _WORKBOOK_PART.decode() in archive.namelist()
    except (zipfile.BadZipFile, UnicodeDecodeError):
        return False


def encodings(path: Path) -> list[str]:
    """Return the encodings worth trying on a text file, best first."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    if head.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if head.isascii():
        return ["utf-8", "gb18030"]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ["gb18030"]
    return ["utf-8"]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
