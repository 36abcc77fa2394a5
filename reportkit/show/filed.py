"""Days with data: platform × table × day, whole, in part or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby, pairwise
from math import ceil

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reportkit.quality.audit import Audit
from reportkit.quality.days import Line, State
from reportkit.quality.figure import Figure
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.paper import Paper, figure, fitted, text_width
from reportkit.show.style import BAD, INK, LINE, NOTE, SECOND

__all__ = ["coverage"]

# Millimetres: a row, its bar, what stands beside the days, the line of days below, the gap between panels.
_ROW, _BAR, _COUNT, _DAYS, _GAP, _LEGEND = 2.9, 1.6, 9.5, 4.0, 5.0, 4.2
_NAME_MAX, _CROSS_ROOM, _TICK_ROOM = 20.0, 1.2, 11.0
_HATCH = "/////"
# Two platforms stand side by side, five and more in three columns.
_COLUMNS = {1: 1, 2: 2, 3: 2, 4: 2}
_MOST_COLUMNS = 3


@dataclass(frozen=True)
class _Row:
    """One row of the grid: a line of days, or the tables of a platform that were never downloaded."""

    platform: str
    line: Line | None
    never: list[Line]


@dataclass(frozen=True)
class _Panel:
    """The rows that stand below each other in one column of the figure."""

    rows: list[_Row]
    left: float
    width: float


def coverage(audit: Audit) -> Display:
    """Show for each platform and table which days there is data for: 有, 部分, 缺."""
    return Display("figure", lambda pen: _draw(pen, audit), block="0.2")


def _draw(pen: Pen, audit: Audit) -> Drawn:
    if not any(line.days for line in audit.lines):
        title = pen.words("quality.coverage_none")
        return Drawn(fill(pen.project, "note.html", title=title, items=[]), title, title)
    panels = _panels(audit)
    paper = Paper("full", _LEGEND + max(len(panel.rows) for panel in panels) * _ROW + _DAYS)
    for panel in panels:
        _draw_panel(pen, paper, panel, list(audit.lines[0].days))
    paper.note(pen.words("quality.coverage_legend"), 0.0, 0.4, color=SECOND)
    figures = audit.coverage
    marks = [pen.prove(audit, each) for each in figures]
    title = _title(pen, audit)
    items = pen.words.list([_told(pen, each) for each in figures[1:]]) or pen.words("quality.coverage_full")
    alt = pen.words("quality.coverage_alt", title=title, items=items)
    return figure(pen, paper, title=title, alt=alt, marks=marks)


def _panels(audit: Audit) -> list[_Panel]:
    """Share the platforms out over columns of about as many rows, in their order."""
    groups = [_rows(audit, list(group)) for _, group in groupby(audit.lines, key=lambda line: line.platform)]
    count = _COLUMNS.get(len(groups), _MOST_COLUMNS)
    cuts = min(
        combinations(range(1, len(groups)), count - 1),
        key=lambda cut: max(sum(map(len, part)) for part in _parts(groups, cut)),
    )
    width = (Paper("full", 1.0).width - (count - 1) * _GAP) / count
    return [
        _Panel([row for group in part for row in group], place * (width + _GAP), width)
        for place, part in enumerate(_parts(groups, cuts))
    ]


def _parts(groups: list[list[_Row]], cuts: Sequence[int]) -> list[list[list[_Row]]]:
    return [groups[first:last] for first, last in pairwise((0, *cuts, len(groups)))]


def _rows(audit: Audit, lines: list[Line]) -> list[_Row]:
    platform = lines[0].platform
    never = [line for line in lines if not audit.is_expected(line)]
    shown = [_Row(platform, line, []) for line in lines if line not in never]
    return [*shown, _Row(platform, None, never)] if never else shown


def _draw_panel(pen: Pen, paper: Paper, panel: _Panel, days: Sequence[date]) -> None:
    owners = [pen.name("platform", row.platform) for row in panel.rows]
    tables = [pen.said("table", row.line.table) if row.line else "" for row in panel.rows]
    owner_width = min(max(text_width(name, 7) for name in owners) + 2.0, _NAME_MAX)
    left = panel.left + owner_width + max(text_width(name, 7) for name in tables) + 2.0
    width = panel.left + panel.width - _COUNT - left
    axes = paper.axes(left, _LEGEND, width, len(panel.rows) * _ROW)
    axes.set_xlim(0, len(days))
    axes.set_ylim(len(panel.rows), 0)
    axes.axis("off")
    for place, row in enumerate(panel.rows):
        top = _LEGEND + place * _ROW
        if place == 0 or owners[place] != owners[place - 1]:
            paper.note(fitted(owners[place], 7, owner_width), panel.left, top, color=INK)
            _rule(axes, place, (left - panel.left) / width)
        if row.line is None:
            names = pen.words.list([pen.said("table", line.table) for line in row.never])
            said = pen.words("quality.coverage_never", names=names)
            paper.note(fitted(said, 7, panel.width - owner_width), panel.left + owner_width, top)
            continue
        paper.note(tables[place], panel.left + owner_width, top, color=SECOND)
        _draw_line(axes, row.line, place, width / len(days))
        _count(pen, paper, row.line, panel.left + panel.width, top)
    _name_days(pen, paper, days, left, width / len(days), _LEGEND + len(panel.rows) * _ROW)


def _count(pen: Pen, paper: Paper, line: Line, right: float, top: float) -> None:
    held = len(line.days) - len(line.of("none"))
    text = pen.words("quality.coverage_count", held=held, days=len(line.days))
    paper.note(text, right, top, ha="right", color=BAD if line.of("none") else NOTE)


def _rule(axes: Axes, row: int, beside: float) -> None:
    """Draw the light line above a platform's first row, from its name to its last day."""
    if row:
        whole = axes.get_xlim()[1]
        axes.plot([-beside * whole, whole], [row - 0.05] * 2, color=LINE, linewidth=0.4, clip_on=False)


def _draw_line(axes: Axes, line: Line, row: int, room: float) -> None:
    middle, place = row + 0.42, 0
    for state, group in groupby(line.days.values()):
        length = len(list(group))
        if state == "none":
            _cross(axes, place, length, middle, room)
        else:
            axes.add_patch(_bar(place, middle, length, state))
        place += length


def _bar(place: int, middle: float, length: int, state: State) -> Rectangle:
    corner, high = (place + 0.06, middle - _BAR / _ROW / 2), _BAR / _ROW
    if state == "part":
        return Rectangle(
            corner,
            length - 0.12,
            high,
            facecolor="white",
            edgecolor=SECOND,
            hatch=_HATCH,
            linewidth=0.4,
        )
    return Rectangle(corner, length - 0.12, high, facecolor=LINE, edgecolor="none")


def _cross(axes: Axes, place: int, length: int, middle: float, room: float) -> None:
    """Draw a cross a day; where days are too narrow, as many as have room."""
    count = max(1, min(length, int(length * room / _CROSS_ROOM)))
    at = [place + length * (number + 0.5) / count for number in range(count)]
    axes.plot(
        at, [middle] * count, linestyle="none", marker="x", markersize=2.6, color=BAD, markeredgewidth=0.7
    )


def _name_days(pen: Pen, paper: Paper, days: Sequence[date], left: float, room: float, top: float) -> None:
    """Write as many of the days below their columns as have room."""
    step = max(1, ceil(_TICK_ROOM / room))
    for place in range(0, len(days), step):
        paper.note(pen.words.day(days[place]), left + (place + 0.5) * room, top + 0.4, ha="center")


def _title(pen: Pen, audit: Audit) -> str:
    whole, *lacking = audit.coverage
    lines = [line for line in audit.lines if audit.is_expected(line)]
    worst = max(lacking, key=lambda each: each.value, default=None)
    return pen.words(
        "quality.coverage_title",
        share=pen.words.numbers.rate(whole.value), lines=len(lines),
        part=sum(len(line.of("part")) for line in lines), platforms=len({line.platform for line in lines}),
        lacking=len(lacking), worst=_told(pen, worst) if worst else "", never=len(audit.lines) - len(lines),
    )  # fmt: skip


def _told(pen: Pen, figure: Figure) -> str:
    names = {name: pen.said(name, value) for name, value in figure.dims.items()}
    return pen.words("quality.coverage_item", days=int(figure.value), **names)
