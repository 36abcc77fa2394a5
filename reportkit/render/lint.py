"""What must never be seen in a report, looked for in its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader

from reportkit.render.fonts import REPLACEMENT, SANS, SERIF
from reportkit.render.placed import Placed, placed
from reportkit.show.names import has_cjk

__all__ = ["EMPTY_WORDS", "lint_html", "lint_pdf"]

EMPTY_WORDS = re.compile(r"(?<![\w.])(nan|NaN|NaT|None|null|inf|undefined)(?![\w.])")
"""Words that a program prints where a number is missing."""

_FAMILIES = {family.replace(" ", "-") for family in (SANS, SERIF)}
_MARKUP = re.compile(r"<style\b.*?</style>|<[a-zA-Z][^>]*>", re.DOTALL)
_ADDRESS = re.compile(r"""(?:\b(?:src|href|action|data)=|url\(|@import)\s*["']?(?!#|data:)([^"'\s)>]+)""")
_ACTIVE = re.compile(r"<(?:script|iframe|object|embed|form|link|base)\b[^>]*>|\son\w+\s*=", re.IGNORECASE)
_SHOWN = 5
_POINTS_PER_MM = 72 / 25.4
# Millimetres: the bands of header and footer, and the edge of the paper that nothing may enter.
_HEAD, _FOOT, _EDGE = 11, 11, 5
# The printer rounds: 7 points come out as 6.9999.
_ROUNDED = 0.02


def lint_html(html: str) -> list[str]:
    """Return what is wrong with a report's HTML: addresses outside the file, active content."""
    markup = " ".join(_MARKUP.findall(html))
    outside = [f"an address outside the file: {found}" for found in _ADDRESS.findall(markup)]
    active = [f"active content: {found.strip()}" for found in _ACTIVE.findall(markup)]
    return _bounded(outside) + _bounded(active)


def lint_pdf(
    path: Path, *, lang: str = "zh", replaced: int = 0, smallest: float = 0.0, filled: float = 0.0
) -> list[str]:
    """Return what is wrong with the PDF at `path`, as sentences; an empty list is a pass.

    Looked for: fonts other than the two families or not embedded, pages without content, text that
    runs off the paper or is below `smallest` points, pages not `filled` down to that share of their
    height though their section goes on, words that stand for a missing value, more than `replaced`
    characters printed as □, Chinese characters where `lang` is ``en``, and a missing title, language
    or bookmark.
    """
    reader = PdfReader(path)
    pages = [placed(page) for page in reader.pages]
    text = "\n".join(piece.text for page in pages for piece in page)
    return [
        *_bounded(sorted({problem for page in reader.pages for problem in _fonts(page)})),
        *_bounded([problem for number, page in enumerate(pages) for problem in _page(reader, number, page)]),
        *_bounded(
            [problem for number, page in enumerate(pages) for problem in _small(number, page, smallest)]
        ),
        *_bounded(list(_short(reader, pages, filled))),
        *_bounded([f'"{word}" is printed' for word in sorted(set(EMPTY_WORDS.findall(text)))]),
        *_characters(text, lang, replaced),
        *_metadata(reader),
    ]


def _page(reader: PdfReader, number: int, pieces: list[Placed]) -> Iterator[str]:
    width, height = _paper(reader, number)
    if not any(_FOOT < piece.start[1] < height - _HEAD for piece in pieces):
        yield f"page {number + 1} is blank"
    for piece in pieces:
        ends = (piece.start, piece.end)
        if not all(_EDGE < x < width - _EDGE and _EDGE < y < height - _EDGE for x, y in ends):
            yield f'page {number + 1}: "{piece.text[:20]}" runs off the paper'


def _paper(reader: PdfReader, number: int) -> tuple[float, float]:
    """Return width and height of a page in millimetres."""
    box = reader.pages[number].mediabox
    return float(box.width) / _POINTS_PER_MM, float(box.height) / _POINTS_PER_MM


def _small(number: int, pieces: list[Placed], smallest: float) -> Iterator[str]:
    found = {piece.text: piece.points for piece in pieces if piece.points < smallest - _ROUNDED}
    for text, points in found.items():
        yield f'page {number + 1}: "{text[:20]}" is {points:.1f} points, below {smallest:g}'


def _short(reader: PdfReader, pages: list[list[Placed]], filled: float) -> Iterator[str]:
    """Yield the pages that leave too much room though their section goes on."""
    firsts = {reader.get_destination_page_number(mark) for mark in _marks(reader)}
    starts = sorted({0, len(pages)} | {first for first in firsts if first is not None})
    for number in (number for first, after in pairwise(starts) for number in range(first, after - 1)):
        height = _paper(reader, number)[1]
        body = [piece.start[1] for piece in pages[number] if _FOOT < piece.start[1] < height - _HEAD]
        share = 1 - min(body, default=height) / height
        if share < filled:
            yield f"page {number + 1} is filled to {share:.0%}, not {filled:.0%}, of its height"


def _marks(reader: PdfReader) -> list[Any]:
    return [mark for mark in reader.outline if not isinstance(mark, list)]


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
