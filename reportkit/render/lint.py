"""What must never be seen in a report, looked for in its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader

from reportkit.render.fonts import REPLACEMENT, SANS, SERIF
from reportkit.show.names import has_cjk

__all__ = ["lint_html", "lint_pdf"]

_FAMILIES = {family.replace(" ", "-") for family in (SANS, SERIF)}
_EMPTY_WORDS = re.compile(r"(?<![\w.])(nan|NaN|NaT|None|null|inf|undefined)(?![\w.])")
_MARKUP = re.compile(r"<style>.*?</style>|<[a-zA-Z][^>]*>", re.DOTALL)
_ADDRESS = re.compile(r"""(?:\b(?:src|href|action|data)=|url\(|@import)\s*["']?(?!#|data:)([^"'\s)>]+)""")
_ACTIVE = re.compile(r"<(?:script|iframe|object|embed|form|link|base)\b[^>]*>|\son\w+\s*=", re.IGNORECASE)
_SHOWN = 5
_POINTS_PER_MM, _POINTS_PER_PIXEL = 72 / 25.4, 0.75
# Millimetres: the bands of header and footer, and the edge of the paper that nothing may enter.
_HEAD, _FOOT, _EDGE = 11, 11, 5


@dataclass(frozen=True)
class _Piece:
    """A run of text and where it starts, in millimetres from the lower left corner.

    Text inside a figure has no place: it is drawn in coordinates of the figure's own.
    """

    text: str
    place: tuple[float, float] | None


def lint_html(html: str) -> list[str]:
    """Return what is wrong with a report's HTML: addresses outside the file, active content."""
    markup = " ".join(_MARKUP.findall(html))
    outside = [f"an address outside the file: {found}" for found in _ADDRESS.findall(markup)]
    active = [f"active content: {found.strip()}" for found in _ACTIVE.findall(markup)]
    return _bounded(outside) + _bounded(active)


def lint_pdf(path: Path, *, lang: str = "zh", replaced: int = 0) -> list[str]:
    """Return what is wrong with the PDF at `path`, as sentences; an empty list is a pass.

    Looked for: fonts other than the two families or not embedded, pages without content,
    text that runs off the paper, words that stand for a missing value, more than `replaced`
    characters printed as □, Chinese characters where `lang` is ``en``, and a missing title,
    language or bookmark.
    """
    reader = PdfReader(path)
    pages = [_pieces(page) for page in reader.pages]
    text = "\n".join(piece.text for page in pages for piece in page)
    return [
        *_bounded(sorted({problem for page in reader.pages for problem in _fonts(page)})),
        *_bounded([problem for number, page in enumerate(pages) for problem in _page(reader, number, page)]),
        *_bounded([f'"{word}" is printed' for word in sorted(set(_EMPTY_WORDS.findall(text)))]),
        *_characters(text, lang, replaced),
        *_metadata(reader),
    ]


def _pieces(page: PageObject) -> list[_Piece]:
    found: list[_Piece] = []

    def visit(text: str, outer: list[float], inner: list[float], *_: Any) -> None:
        if text.strip():
            x, y = inner[4] * outer[0] + outer[4], inner[5] * outer[3] + outer[5]
            on_page = outer[0] == _POINTS_PER_PIXEL
            place = (x / _POINTS_PER_MM, y / _POINTS_PER_MM) if on_page else None
            found.append(_Piece(text.strip(), place))

    page.extract_text(visitor_text=visit)
    return found


def _page(reader: PdfReader, number: int, pieces: list[_Piece]) -> Iterator[str]:
    box = reader.pages[number].mediabox
    width, height = float(box.width) / _POINTS_PER_MM, float(box.height) / _POINTS_PER_MM
    if not any(piece.place is None or _FOOT < piece.place[1] < height - _HEAD for piece in pieces):
        yield f"page {number + 1} is blank"
    for piece in pieces:
        x, y = piece.place or (width / 2, height / 2)
        if not (_EDGE < x < width - _EDGE and _EDGE < y < height - _EDGE):
            yield f'page {number + 1}: "{piece.text[:20]}" runs off the paper'


def _fonts(page: PageObject) -> Iterator[str]:
    resources: Any = page["/Resources"]
    for reference in resources.get("/Font", {}).values():
        font = reference.get_object()
        name = str(font["/BaseFont"]).lstrip("/").split("+")[-1]
        if name not in _FAMILIES:
            yield f"font {name}; only {SANS} and {SERIF} belong here"
        elif not any(key.startswith("/FontFile") for key in _descriptor(font)):
            yield f"font {name} is not embedded"


def _descriptor(font: Any) -> dict[str, Any]:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return dict(inner["/FontDescriptor"]) if "/FontDescriptor" in inner else {}


def _characters(text: str, lang: str, replaced: int) -> Iterator[str]:
    if (count := text.count(REPLACEMENT)) > replaced:
        yield f"{count} characters are printed as {REPLACEMENT}, {replaced} expected"
    if lang == "en" and has_cjk(text):
        yield "Chinese characters in an English report"


def _metadata(reader: PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    has = {
        "title": bool(reader.metadata and reader.metadata.title),
        "language": bool(root.get("/Lang")),
        "bookmark": bool(reader.outline),
    }
    yield from (f"the PDF has no {what}" for what, present in has.items() if not present)


def _bounded(problems: list[str]) -> list[str]:
    more = len(problems) - _SHOWN
    return problems[:_SHOWN] + ([f"… and {more} more"] if more > 0 else [])
