"""What a zip holds, unpacked beside the lake: passwords, bombs and member names in the wrong encoding."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from pyzipper import AESZipFile, BadZipFile

from reportkit.errors import BrokenFile
from reportkit.ingest.passwords import Passwords, keyring_users

__all__ = ["Member", "members"]

_UTF8_NAME_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_IGNORED = ("~$", ".")

# Exports shrink to a tenth, repetitive ones to a thirtieth; a bomb shrinks to a thousandth.
_BOMB_BYTES = 1 << 28
_BOMB_RATIO = 100

# The directory of a zip: where its end tells its size; an entry's flags, lengths of three names, and size.
_END, _SIZE_AT = b"PK\x05\x06", 12
_ENTRY, _FLAGS_AT, _LENGTHS_AT, _ENTRY_BYTES = b"PK\x01\x02", 8, 28, 46


@dataclass(frozen=True)
class Member:
    """A file of a zip: its name after the zip's, where it was unpacked, and when it was written (UTC)."""

    label: str
    path: Path
    modified: datetime


def members(path: Path, label: str, scratch: Path, passwords: Passwords) -> Iterator[Member]:
    """Unpack the zip at `path` into `scratch`, file by file; its folders and hidden files are left out.

    A member's name never becomes a path. Raises BrokenFile for a zip that is damaged, holds nothing, is a
    bomb, or is protected by a password that `passwords` does not know.
    """
    with _open(path, label, scratch) as archive:
        held = sorted(filter(_is_input, archive.infolist()), key=lambda info: str(info.filename))
        _refuse(held, path, label)
        folder = Path(tempfile.mkdtemp(dir=scratch))
        for number, info in enumerate(held):
            member = Member(f"{label}!/{_name(info)}", folder / str(number), _modified(info, path))
            if info.flag_bits & _ENCRYPTED_FLAG:
                _unlock(archive, info, member, label, passwords)
            elif not _unpack(archive, info, member, None):
                raise BrokenFile("the zip is damaged", where=member.label, todo="download it again")
            yield member


def _open(path: Path, label: str, scratch: Path) -> AESZipFile:
    try:
        try:
            return AESZipFile(path)
        except UnicodeDecodeError:
            return AESZipFile(_without_utf8_claims(path, scratch))
    except (BadZipFile, struct.error) as error:
        raise BrokenFile(
            "the archive or workbook is truncated", where=label, todo="download it again"
        ) from error


def _without_utf8_claims(path: Path, scratch: Path) -> Path:
    """Copy a zip whose member names claim to be UTF-8 and are not; the copy claims nothing."""
    content = bytearray(path.read_bytes())
    end = content.rindex(_END)
    (size,) = struct.unpack_from("<I", content, end + _SIZE_AT)
    place = end - size
    while content[place : place + len(_ENTRY)] == _ENTRY:
        (flags,) = struct.unpack_from("<H", content, place + _FLAGS_AT)
        struct.pack_into("<H", content, place + _FLAGS_AT, flags & ~_UTF8_NAME_FLAG)
        place += _ENTRY_BYTES + sum(struct.unpack_from("<3H", content, place + _LENGTHS_AT))
    copy = Path(tempfile.mkdtemp(dir=scratch)) / "zip"
    copy.write_bytes(content)
    return copy


def _is_input(info: Any) -> bool:
    hidden = PurePosixPath(_name(info)).name.startswith(_IGNORED)
    return not (info.is_dir() or info.file_size == 0 or hidden)


def _name(info: Any) -> str:
    """Chinese tools write member names in GBK without saying so; they are then read as cp437."""
    name = str(info.filename)
    if not info.flag_bits & _UTF8_NAME_FLAG:
        for encoding in ("utf-8", "gb18030"):
            try:
                return name.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
    return name


def _modified(info: Any, path: Path) -> datetime:
    try:
        return datetime(*info.date_time)
    except ValueError:  # some tools leave the date out
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)


def _refuse(held: list[Any], path: Path, label: str) -> None:
    if not held:
        raise BrokenFile("the zip holds no files", where=label, todo="download it again")
    unpacked = sum(info.file_size for info in held)
    times = unpacked // path.stat().st_size
    if unpacked > _BOMB_BYTES and times > _BOMB_RATIO:
        raise BrokenFile(
            f"unpacked it would hold {unpacked >> 20:,} MB, {times:,} times its size; no export shrinks so far",
            where=label,
            todo="look where it came from; a true export can be unpacked by hand",
        )


def _unlock(archive: AESZipFile, info: Any, member: Member, label: str, passwords: Passwords) -> None:
    tried = 0
    for password in passwords.worth_trying(label):
        tried += 1
        if _unpack(archive, info, member, password):
            passwords.opened(password)
            return
    known = "protected by another password than those known" if tried else "protected by a password"
    users = keyring_users(label)
    raise BrokenFile(
        f"{_name(info)} is {known}",
        where=label,
        todo="set REPORTKIT_ZIP_PASSWORD, keep it in the keyring "
        f'(keyring set reportkit "{users[-2]}"), or run reportkit ingest at a terminal: it asks',
    )


def _unpack(archive: AESZipFile, info: Any, member: Member, password: str | None) -> bool:
    """Unpack one member; False where the password is wrong or the bytes are damaged: nobody can tell which."""
    try:
        with (
            archive.open(info, pwd=password.encode() if password else None) as packed,
            member.path.open("wb") as file,
        ):
            shutil.copyfileobj(packed, file)
    except NotImplementedError as error:
        raise BrokenFile(
            f"it is packed in a way reportkit cannot read ({error})",
            where=member.label,
            todo="unpack it first",
        ) from error
    except (BadZipFile, RuntimeError, EOFError, zlib.error):
        return False
    return True
