"""Stacked rows: parts of a whole or of an amount, and effects that pull either way with their sum below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from reportkit.errors import RenderError
from reportkit.show.figures.kit import EDGE, Sign, column, column_width, key, key_height, known, row_axes
from reportkit.show.figures.palette import greys, written_on
from reportkit.show.figures.paper import Paper, text_width
from reportkit.show.style import INK, NOTE, SECOND, WIDTHS

__all__ = ["Stack", "diverging", "stacked"]

_ROW = 5.6
_MOST_PARTS, _MOST_EFFECTS = 7, 5


@dataclass(frozen=True)
class Stack:
    """One row of `parts` in one unit, each with its text; `text` and `note` stand at the row's right."""

    name: str
    parts: tuple[float | None, ...]
    texts: tuple[str, ...] = ()
    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Segment:
    """One part where it lies."""

    left: float
    length: float
    color: str
    text: str


def stacked(
    size: str,
    rows: Sequence[Stack],
    names: Sequence[str],
    *,
    whole: bool = True,
    label: str = "",
    colors: Sequence[str] = (),
) -> Paper:
    """Draw the parts of each row one after the other; with `whole` every row is 100 % of its own sum.

    `names` are those of the parts, seven at most, the gathered rest among them (RenderError beyond).
    Parts are grey; `colors` are given only where they are platforms. A part's text is printed where it
    has room.
    """
    looks = _looks(names, colors, _MOST_PARTS)
    paper, axes = _sheet(size, rows, _signs(names, looks, label))
    sums = [sum(known(row.parts)) for row in rows]
    axes.set_xlim(0, 1.0 if whole else max([*sums, 1e-9]))
    for place, row in enumerate(rows):
        by = (sums[place] if whole else 1.0) or 1.0
        _draw(paper, axes, place, _along(row, looks, by), 0.7)
    return paper


def diverging(
    size: str, rows: Sequence[Stack], names: Sequence[str], *, total: str = "", label: str = ""
) -> Paper:
    """Draw effects that raise right of zero, effects that lower left of it, and their sum as a line below.

    `names` are those of the effects, five at most (RenderError beyond); `total` names the line.
    """
    looks = _looks(names, (), _MOST_EFFECTS)
    signs = _signs(names, looks, label) + ([(total, {"fc": INK, "lw": 0, "thin": True})] if total else [])
    paper, axes = _sheet(size, rows, signs)
    segments = [_either_way(row, looks) for row in rows]
    edges = [
        0.0,
        *(edge for row in segments for each in row for edge in (each.left, each.left + each.length)),
    ]
    axes.set_xlim(min(edges), max(edges) if max(edges) > min(edges) else 1.0)
    axes.axvline(0, color=NOTE, lw=0.6, zorder=0)
    for place, row in enumerate(rows):
        _draw(paper, axes, place - 0.1, segments[place], 0.56)
        axes.barh(place + 0.3, sum(known(row.parts)), 0.1, color=INK)
    return paper


def _looks(names: Sequence[str], colors: Sequence[str], most: int) -> list[str]:
    if len(names) > most:
        raise RenderError(
            f"{len(names)} parts stacked", where="figures", todo=f"gather the smallest: {most} at most"
        )
    return list(colors) or greys(len(names))


def _signs(names: Sequence[str], looks: Sequence[str], label: str) -> list[Sign]:
    signs: list[Sign] = [(label, {})] if label else []
    return signs + [(name, {"fc": look, "lw": 0}) for name, look in zip(names, looks, strict=True)]


def _sheet(size: str, rows: Sequence[Stack], signs: list[Sign]) -> tuple[Paper, Axes]:
    """Return paper with the key above the rows, and the texts of each row at its right."""
    top = key_height(signs, WIDTHS[size]) + EDGE
    paper = Paper(size, top + max(len(rows), 1) * _ROW + EDGE)
    texts, notes = [row.text for row in rows], [row.note for row in rows]
    beside = column_width(notes)
    axes = row_axes(paper, [row.name for row in rows], column_width(texts) + beside, top, _ROW)
    column(paper, texts, paper.width - beside, top, _ROW)
    column(paper, notes, paper.width, top, _ROW, [SECOND] * len(rows))
    key(paper, signs, 0.0)
    return paper, axes


def _text(row: Stack, part: int) -> str:
    return row.texts[part] if row.texts else ""


def _along(row: Stack, looks: Sequence[str], by: float) -> list[_Segment]:
    found, left = [], 0.0
    for part, value in enumerate(row.parts):
        length = max(value or 0.0, 0.0) / by
        found.append(_Segment(left, length, looks[part], _text(row, part)))
        left += length
    return found


def _either_way(row: Stack, looks: Sequence[str]) -> list[_Segment]:
    found, ends = [], {True: 0.0, False: 0.0}
    for part, value in enumerate(row.parts):
        if value:
            end = ends[value > 0] + value
            left = min(ends[value > 0], end)
            found.append(_Segment(left, abs(value), looks[part], _text(row, part)))
            ends[value > 0] = end
    return found


def _draw(paper: Paper, axes: Axes, middle: float, segments: Sequence[_Segment], high: float) -> None:
    low, top = axes.get_xlim()
    width = axes.get_position().width * paper.width / (top - low)
    for each in segments:
        if each.length <= 0:
            continue
        axes.barh(middle, each.length, high, left=each.left, color=each.color, ec="white", lw=0.5)
        if text_width(each.text, 7) + 1.0 <= each.length * width:
            axes.text(
                each.left + each.length / 2, middle, each.text, ha="center", va="center", fontsize=7,
                color=written_on(each.color),
            )  # fmt: skip
