"""Where the texts of a PDF page stand, and how large, read from the file that our own printer writes.

WeasyPrint writes one operator a line and text as glyph numbers of two bytes; figures are drawn in
place, with their texts in forms. So a page needs no general interpreter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject

__all__ = ["Placed", "placed"]

_Matrix = tuple[float, float, float, float, float, float]

_MM = 25.4 / 72
_TOUCHING = 0.01
_OPERATOR = re.compile(
    rb"^(?:(q)|(Q)|([-\d. ]+) cm|([-\d. ]+) Tm|(/\S+) ([-\d.]+) Tf|\[(.*)\] TJ|(/\S+) Do)$", re.MULTILINE
)
_SHOWN = re.compile(rb"<([0-9a-fA-F]*)>|(-?[\d.]+)")
_MAPPED = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>")


@dataclass(frozen=True)
class Placed:
    """A run of text: its baseline in millimetres from the lower left corner, and its size in points."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    points: float


@dataclass(frozen=True)
class _Font:
    """What each glyph number means, and how wide it is in thousandths of an em."""

    means: dict[int, str]
    widths: dict[int, float]
    usual: float


def placed(page: PageObject) -> list[Placed]:
    """Return every run of text on `page`, those inside figures too, in the order they are drawn."""
    contents = page.get_contents()
    data = contents.get_data() if contents is not None else b""
    return list(_joined(_runs(data, page["/Resources"], (1, 0, 0, 1, 0, 0), {})))


def _joined(runs: Iterator[Placed]) -> Iterator[Placed]:
    """Put together what follows without a gap: texts of figures come glyph by glyph."""
    last: Placed | None = None
    for run in runs:
        if last and math.dist(last.end, run.start) < _TOUCHING and last.points == run.points:
            last = replace(last, text=last.text + run.text, end=run.end)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def _runs(data: bytes, resources: Any, at: _Matrix, fonts: dict[Any, _Font]) -> Iterator[Placed]:
    kept: list[_Matrix] = []
    text_at, font, size = at, _Font({}, {}, 0.0), 0.0
    for found in _OPERATOR.finditer(data):
        push, pop, moved, placed_at, named, points, shown, form = found.groups()
        if push:
            kept.append(at)
        elif pop:
            at = kept.pop()
        elif moved:
            at = _times(_matrix(moved), at)
        elif placed_at:
            text_at = _matrix(placed_at)
        elif named:
            font, size = _font(resources["/Font"], named.decode("latin-1"), fonts), float(points)
        elif shown is not None:
            text, ems = _told(shown, font)
            if text.strip():
                yield _run(text, ems * size, size, _times(text_at, at))
        else:
            inner = resources["/XObject"][form.decode("latin-1")].get_object()
            if inner["/Subtype"] == "/Form":
                within = _times(tuple(map(float, inner.get("/Matrix", (1, 0, 0, 1, 0, 0)))), at)  # type: ignore[arg-type]
                yield from _runs(inner.get_data(), inner.get("/Resources", resources), within, fonts)


def _run(text: str, width: float, size: float, at: _Matrix) -> Placed:
    along, across = math.hypot(at[0], at[1]), math.hypot(at[2], at[3])
    ends = (at[4], at[5]), (at[4] + width * at[0], at[5] + width * at[1])
    start, end = ((x * _MM, y * _MM) for x, y in ends)
    return Placed(text.strip(), start, end, size * min(along, across))


def _told(shown: bytes, font: _Font) -> tuple[str, float]:
    """Return the text of a TJ operand, and its width in ems."""
    text, width = "", 0.0
    for glyphs, shift in _SHOWN.findall(shown):
        if shift:
            width -= float(shift) / 1000
            continue
        for place in range(0, len(glyphs), 4):
            number = int(glyphs[place : place + 4], 16)
            text += font.means.get(number, "")
            width += font.widths.get(number, font.usual) / 1000
    return text, width


def _font(resources: Any, name: str, fonts: dict[Any, _Font]) -> _Font:
    key = resources.raw_get(name)
    key = (key.idnum, key.generation) if hasattr(key, "idnum") else id(key)
    if key not in fonts:
        font = resources[name].get_object()
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else {}
        means = font["/ToUnicode"].get_object().get_data() if "/ToUnicode" in font else b""
        fonts[key] = _Font(_meanings(means), _widths(inner.get("/W", [])), float(inner.get("/DW", 1000)))
    return fonts[key]


def _meanings(table: bytes) -> dict[int, str]:
    found = _MAPPED.findall(table)
    return {int(number, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for number, text in found}


def _widths(table: Any) -> dict[int, float]:
    """Return widths by glyph; the table holds runs such as ``[12 [555 278] 36 [638]]``."""
    return {
        int(first) + offset: float(width)
        for first, run in zip(table[::2], table[1::2], strict=True)
        for offset, width in enumerate(run)
    }


def _matrix(numbers: bytes) -> _Matrix:
    a, b, c, d, e, f = map(float, numbers.split())
    return a, b, c, d, e, f


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
