"""Text files of any encoding as UTF-8, decoded strictly."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import Any

from reportkit.errors import BrokenFile

__all__ = ["Utf8Stream"]

_CHUNK = 1 << 18  # decoded fastest while it stays in the cache


class Utf8Stream(io.RawIOBase):
    """A text file of any encoding as a stream of UTF-8 bytes, decoded strictly.

    Raises BrokenFile with the row where the bytes stop being text.
    """

    def __init__(self, path: Path, encoding: str, label: str) -> None:
        self._file = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._label, self._lines, self._ended = label, 0, False
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`, but for the last time; 0 at the end."""
        filled = 0
        while filled < len(buffer) and not (self._ended and not self._rest):
            if not self._rest:
                self._rest = memoryview(self._decode(self._file.read(_CHUNK)))
            size = min(len(buffer) - filled, len(self._rest))
            buffer[filled : filled + size] = self._rest[:size]
            self._rest, filled = self._rest[size:], filled + size
        return filled

    def _decode(self, raw: bytes) -> bytes:
        self._ended = not raw
        try:
            text = self._decoder.decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._broken(error) from error
        self._lines += text.count("\n")
        return text.encode()

    def _broken(self, error: UnicodeDecodeError) -> BrokenFile:
        line = self._lines + error.object[: error.start].count(b"\n") + 1
        if self._ended or not self._file.read(1):
            return BrokenFile(
                f"the file ends in the middle of a character (line {line}): it was cut short",
                where=self._label,
                todo="download it again",
            )
        return BrokenFile(
            f"line {line} is not text in {error.encoding}",
            where=self._label,
            todo="save the file as UTF-8, or download it again",
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
