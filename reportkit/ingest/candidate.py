"""A sheet that found its source: what is known of it before its rows are read, and where they ended."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from reportkit.errors import InputError
from reportkit.ingest.match import Match
from reportkit.ingest.read import Sheet
from reportkit.ingest.sniff import Document

__all__ = ["Candidate", "candidate"]

_STAMP_FORMATS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass
class Candidate:
    """A sheet whose source is known, and the counts its rows ended in.

    `outside` holds the values found in the file's name or above its header, by pseudo column;
    `ended` is the row from which on there are only footers.
    """

    document: Document
    sheet: Sheet
    match: Match
    exported_at: datetime
    outside: dict[str, str | None] = field(default_factory=dict)
    problem: InputError | None = None
    ended: int | None = None
    read: int = 0
    skipped: int = 0
    rejected: int = 0
    accepted: int = 0
    superseded: int = 0
    malformed: list[tuple[int, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """File and sheet, as rows remember them."""
        return self.document.id, self.sheet.name

    @property
    def place(self) -> str:
        return f"{self.document.label} [{self.sheet.name}]" if self.sheet.name else self.document.label


def candidate(document: Document, sheet: Sheet, found: Match, exported_at: datetime | None) -> Candidate:
    """Return `sheet` as a candidate; `exported_at` overrides what the file says of itself."""
    at = exported_at or _exported_at(document, sheet, found)
    return Candidate(document, sheet, found, at, _outside(document, sheet, found))


def _exported_at(document: Document, sheet: Sheet, found: Match) -> datetime:
    """The platform's own time from the file's name or the rows above the header, else the file's."""
    if found.source.exported_at:
        for text in (document.name, *_above(sheet, found)):
            if hit := re.search(found.source.exported_at, text):
                return _stamp(hit["stamp"], found.source.timezone) or document.modified
    return document.modified


def _above(sheet: Sheet, found: Match) -> list[str]:
    return [cell for row in sheet.head[: found.header - 1] for cell in row]


def _outside(document: Document, sheet: Sheet, found: Match) -> dict[str, str | None]:
    """What the source's patterns find in the file's name, the sheet's name or the rows above the header."""
    texts = (document.name, sheet.name, *_above(sheet, found))
    values: dict[str, str | None] = {}
    for pattern, column in found.source.file_patterns.items():
        hits = (hit["value"] for text in texts if (hit := re.search(pattern, text)))
        values[column] = next(hits, None)
    return values


def _stamp(text: str, timezone: str) -> datetime | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) not in _STAMP_FORMATS:
        return None
    try:
        local = datetime.strptime(digits, _STAMP_FORMATS[len(digits)])
    except ValueError:
        return None
    if len(digits) == 8:
        local += timedelta(days=1) - timedelta(seconds=1)
    return local.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC).replace(tzinfo=None)
