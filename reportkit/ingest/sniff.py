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

__all__ = ["Document", "Kind", "documents", "encodings", "kind_of"]

Kind = Literal["text", "workbook", "html", "spreadsheetml", "zip"]

_HEAD_BYTES = 1 << 16
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF8_NAME_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_IGNORED = ("~$", ".")


@dataclass(frozen=True)
class Document:
    """One file as it was exported, or one member of a zip."""

    label: str
    path: Path
    sha256: str
    modified: datetime

    @property
    def id(self) -> str:
        """The name under which rows remember this file."""
        return self.sha256[:16]

    @property
    def name(self) -> str:
        return PurePosixPath(self.label.rpartition("!/")[2]).name


def documents(path: Path, label: str, scratch: Path) -> Iterator[Document]:
    """Yield the documents in `path`: itself, or every member of a zip, unpacked into `scratch`.

    Raises BrokenFile for an empty, encrypted or truncated file.
    """
    if path.stat().st_size == 0:
        raise BrokenFile("the file is empty", where=label, todo="download it again")
    if kind_of(path) != "zip":
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
        yield Document(label, path, _sha256(path), modified)
        return
    yield from _members(path, label, scratch)


def _members(path: Path, label: str, scratch: Path) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BrokenFile(
            "the archive or workbook is truncated", where=label, todo="download it again"
        ) from error
    digest = _sha256(path)[:16]
    with archive:
        for number, member in enumerate(sorted(archive.infolist(), key=lambda info: info.filename)):
            name = _member_name(member)
            if member.is_dir() or member.file_size == 0 or PurePosixPath(name).name.startswith(_IGNORED):
                continue
            if member.flag_bits & _ENCRYPTED_FLAG:
                raise BrokenFile(f"{name} is protected by a password", where=label, todo="unpack it first")
            inner = scratch / f"{digest}-{number}"
            inner.write_bytes(archive.read(member))
            yield Document(f"{label}!/{name}", inner, _sha256(inner), datetime(*member.date_time))


def _member_name(member: zipfile.ZipInfo) -> str:
    """Chinese tools write member names in GBK without saying so; zipfile then reads them as cp437."""
    if member.flag_bits & _UTF8_NAME_FLAG:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def kind_of(path: Path) -> Kind:
    """Return what the bytes of `path` are, whatever its name says."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_ZIP):
        return "workbook" if b"[Content_Types].xml" in head or _holds_workbook(path) else "zip"
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


def _holds_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile:
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
