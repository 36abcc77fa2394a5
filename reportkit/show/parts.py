"""Who holds the total and who moved it: shares as bars, the change as a bridge that closes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import percentages
from reportkit.show.paper import Paper, figure, text_width
from reportkit.show.readings import Part, parts, reference
from reportkit.show.style import INK, LINE, NOTE, SECOND, TONES
from reportkit.show.verdict import named_parts

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["bridge", "shares"]

_ROW, _EDGE, _LEGEND = 4.7, 0.6, 4.6
_VALUES, _MOVES = 11.0, 13.0
_NAME_MAX = 26.0
_ZOOM = 3.0
_REST = "rest"


def shares(result: Result, request: str = "", size: str = "right") -> Display:
    """Show what share of an additive metric each part holds now (dark) and held then (light).

    `request` is one of `result`, by default its first; `result` has one dimension.
    """
    return Display("figure", lambda pen: _draw_shares(pen, result, request or result.requests[0], size), size)


def bridge(result: Result, request: str = "", size: str = "right") -> Display:
    """Show how each part moved the total of an additive metric from then to now; the steps add up exactly.

    What has no like-for-like comparison is a step of its own, so the end is always the total.
    """
    return Display("figure", lambda pen: _draw_bridge(pen, result, request or result.requests[0], size), size)


def _gathered(pen: Pen, found: list[Part]) -> list[Part]:
    """Return at most ``parts_shown`` parts, the smallest ones gathered into one."""
    shown = pen.rules.parts_shown
    if len(found) <= shown:
        return found
    rest = found[shown - 1 :]
    name = pen.words("labels.rest", count=len(rest))
    sums = [_total(each) for each in zip(*[(part.value, part.now, part.then) for part in rest], strict=True)]
    return [*found[: shown - 1], Part(_REST, name, *sums)]


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _period(pen: Pen, result: Result, comparison: str | None) -> str:
    other = {"previous": result.period.previous, "last_year": result.period.last_year}
    period = other[comparison]() if comparison else None
    return period.label(pen.words.lang) if period else ""


def _cited(pen: Pen, result: Result, request: str, found: Sequence[Part]) -> list[str]:
    dimension = result.by[0]
    shown = [part for part in found if part.key != _REST and part.value is not None]
    return [pen.cite(result, request, **{dimension: part.key}) for part in shown]


@dataclass(frozen=True)
class _Share:
    """One bar: shares as fractions, `then` and `move` None where there is nothing to compare."""

    part: Part
    now: float
    then: float | None
    move: float | None


def _shares(found: list[Part]) -> list[_Share]:
    now = [share / 100 for share in percentages([max(part.value or 0.0, 0.0) for part in found])]
    paired = [part for part in found if part.now is not None and part.then is not None]
    totals = math.fsum(part.now or 0.0 for part in paired), math.fsum(part.then or 0.0 for part in paired)
    if not paired or min(totals) <= 0:
        return [_Share(part, share, None, None) for part, share in zip(found, now, strict=True)]
    bars = []
    for part, share in zip(found, now, strict=True):
        both = part.now is not None and part.then is not None
        then = (part.then or 0.0) / totals[1] if both else None
        bars.append(_Share(part, share, then, (part.now or 0.0) / totals[0] - then if then is not None else None))
    return bars


def _draw_shares(pen: Pen, result: Result, request: str, size: str) -> Drawn:
    spoken = pen.spoken(request)
    against = reference(result, request)
    found = _gathered(pen, parts(pen, result, request, against))
    paper = Paper(size, _EDGE + max(len(found), 1) * _ROW + _LEGEND)
    bars = _shares(found)
    title = _shares_title(pen, result, spoken.name, bars, against)
    if bars:
        _share_bars(pen, paper, bars)
        labels = [pen.words("parts.shares_label", name=spoken.name, period=result.period.label(pen.words.lang))]
        if any(bar.then is not None for bar in bars):
            labels.append(_period(pen, result, against))
        _legend(paper, labels)
    items = pen.words.list([f"{bar.part.name} {pen.words.numbers.rate(bar.now)}" for bar in bars])
    alt = pen.words("parts.shares_alt", title=title, items=items)
    return figure(pen, paper, title=title, alt=alt, marks=_cited(pen, result, request, found))


def _shares_title(pen: Pen, result: Result, name: str, bars: list[_Share], against: str | None) -> str:
    words, policy = pen.words, pen.policy
    if not bars:
        return words("parts.shares_missing", name=name)
    top = bars[0]
    moves = [bar for bar in bars if bar.move is not None and abs(bar.move) >= policy.rate_clear]
    if len(bars) == 1 or against is None:
        return words("parts.shares_alone", top=top.part.name, name=name, share=words.numbers.rate(top.now))
    if not moves:
        dimension = words(f"labels.dimension_{result.by[0]}")
        rate = words.numbers.rate(top.now)
        return words("parts.shares_same", dimension=dimension, top=top.part.name, share=rate)
    up = max(moves, key=lambda bar: bar.move or 0.0)
    down = min(moves, key=lambda bar: bar.move or 0.0)
    rose, fell = (up.move or 0.0) > 0, (down.move or 0.0) < 0
    return words(
        "parts.shares_moved", than=words(f"change.than_{against}"),
        up=up.part.name if rose else "", up_size=words.change(up.move, "percent").size,
        down=down.part.name if fell else "", down_size=words.change(down.move, "percent").size,
    )  # fmt: skip


def _rows(paper: Paper, names: Sequence[str], right: float) -> Axes:
    """Return axes with one row a name, the names written to their left; x is free, y is rows from the top."""
    left = min(max((text_width(name, 7.5) for name in names), default=0.0) + 2.0, _NAME_MAX)
    axes = paper.axes(left, _EDGE, paper.width - left - right, len(names) * _ROW)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), list(names), fontsize=7.5, color=INK)
    axes.set_xticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def _share_bars(pen: Pen, paper: Paper, bars: list[_Share]) -> None:
    axes = _rows(paper, [bar.part.name for bar in bars], _VALUES + _MOVES)
    top = max(max(bar.now, bar.then or 0.0) for bar in bars) or 1.0
    axes.set_xlim(0, top)
    for row, bar in enumerate(bars):
        axes.barh(row - 0.17, bar.now, 0.4, color=INK)
        axes.barh(row + 0.21, bar.then or 0.0, 0.28, color=LINE)
        middle = _EDGE + (row + 0.5) * _ROW
        paper.note(
            pen.words.numbers.rate(bar.now), paper.width - _MOVES - 1.5, middle, ha="right", va="center", color=INK
        )
        moved = pen.words.numbers.change(bar.move, "percent", 1)
        paper.note(moved, paper.width, middle, ha="right", va="center", color=SECOND)


def _legend(paper: Paper, labels: Sequence[str]) -> None:
    left, top = 0.5, paper.height - 1.9
    for label, color in zip(labels, (INK, LINE), strict=False):
        corner = (left / paper.width, 1 - (top + 0.9) / paper.height)
        size = 1.8 / paper.width, 1.8 / paper.height
        paper.figure.add_artist(Rectangle(corner, *size, color=color, lw=0))
        paper.note(label, left + 2.8, top, va="center", color=SECOND)
        left += text_width(label, 7) + 7.0


@dataclass(frozen=True)
class _Step:
    """One row of the bridge: a bar from `start` to `end`; a `total` stands on the axis."""

    name: str
    start: float
    end: float
    total: bool = False
    comparable: bool = True


def _draw_bridge(pen: Pen, result: Result, request: str, size: str) -> Drawn:
    spoken = pen.spoken(request)
    against = reference(result, request)
    every = parts(pen, result, request, against)
    found = _gathered(pen, every)
    if against is None or not any(part.change is not None for part in found):
        return _no_bridge(pen, result, request, size, found)
    steps = _steps(pen, result, found, against)
    title = _bridge_title(pen, request, every, against)
    paper = Paper(size, _EDGE + len(steps) * _ROW + _LEGEND)
    _step_bars(pen, paper, steps, request)
    unit = pen.words.numbers.column([step.end for step in steps], spoken.unit, spoken.noun)
    paper.note(pen.words("parts.bridge_unit", name=spoken.full_name, unit=unit.unit), 0.5, paper.height - 3.2)
    items = [
        pen.words("parts.item", name=step.name, value=pen.words.amount(step.end - step.start, spoken.unit).signed)
        for step in steps[1:-1]
    ]
    ends = [pen.words.amount(step.end, spoken.unit) for step in (steps[0], steps[-1])]
    alt = pen.words(
        "parts.bridge_alt", title=title, start=ends[0], end=ends[1], items=pen.words.list(items)
    )  # fmt: skip
    return figure(pen, paper, title=title, alt=alt, marks=_cited(pen, result, request, found))


def _no_bridge(pen: Pen, result: Result, request: str, size: str, found: list[Part]) -> Drawn:
    """Nothing to compare with: the parts as they are, so that the place is not empty."""
    spoken = pen.spoken(request)
    title = pen.words("parts.bridge_missing", name=spoken.name)
    paper = Paper(size, _EDGE + max(len(found), 1) * _ROW + _LEGEND)
    if found:
        axes = _rows(paper, [part.name for part in found], _VALUES)
        axes.set_xlim(0, max(max((part.value or 0.0) for part in found), 1e-9))
        column = pen.words.numbers.column([part.value for part in found], spoken.unit, spoken.noun)
        for row, part in enumerate(found):
            axes.barh(row, part.value or 0.0, 0.5, color=INK)
            paper.note(
                column.texts[row], paper.width, _EDGE + (row + 0.5) * _ROW, ha="right", va="center", color=INK
            )
        unit = pen.words("parts.bridge_unit", name=spoken.full_name, unit=column.unit)
        paper.note(unit, 0.5, paper.height - 3.2)
    alt = pen.words("parts.bridge_alt", title=title, start="—", end="—", items="")
    return figure(pen, paper, title=title, alt=alt, marks=_cited(pen, result, request, found))


def _steps(pen: Pen, result: Result, found: list[Part], against: str) -> list[_Step]:
    moved = sorted((part for part in found if part.change is not None), key=lambda part: -(part.change or 0.0))
    level = math.fsum(part.then or 0.0 for part in moved)
    steps = [_Step(_period(pen, result, against), 0.0, level, total=True)]
    for part in moved:
        steps.append(_Step(part.name, level, level + (part.change or 0.0)))
        level = steps[-1].end
    end = math.fsum(part.value or 0.0 for part in found)
    if not math.isclose(level, end, rel_tol=1e-9, abs_tol=0.005):
        steps.append(_Step(pen.words("parts.bridge_other"), level, end, comparable=False))
    return [*steps, _Step(result.period.label(pen.words.lang), 0.0, end, total=True)]


def _bridge_title(pen: Pen, request: str, found: list[Part], against: str) -> str:
    spoken, words = pen.spoken(request), pen.words
    paired = [part for part in found if part.change is not None]
    change = math.fsum(part.change or 0.0 for part in paired)
    then = math.fsum(part.then or 0.0 for part in paired)
    growth = words.change(change / then if then > 0 else None, spoken.unit)
    named = named_parts(pen, found)
    than = words(f"change.than_{against}")
    if growth.flat and not named:
        return words("parts.bridge_same", name=spoken.name, than=than, change=growth)
    whole = math.fsum(part.value or 0.0 for part in found)
    texts = [
        words("verdict.part", name=part.name, amount=words.amount(part.change, spoken.unit, "", whole))
        for part in named
    ]
    return words(
        "parts.bridge_title", name=spoken.name, than=than, up=change > 0,
        size=words.amount(abs(change), spoken.unit, "", whole), named=words.list(texts),
    )  # fmt: skip


def _axis_start(steps: list[_Step]) -> float:
    """Return where the axis begins: zero, unless the steps would be lost on bars so long."""
    inner = [edge for step in steps[1:-1] for edge in (step.start, step.end)]
    low = min([*inner, steps[0].end, steps[-1].end])
    spread = max([*inner, steps[0].end, steps[-1].end]) - low
    return low - spread if low > _ZOOM * spread > 0 else min(0.0, low)


def _step_bars(pen: Pen, paper: Paper, steps: list[_Step], request: str) -> None:
    spoken = pen.spoken(request)
    axes = _rows(paper, [step.name for step in steps], _VALUES + 3.0)
    start = _axis_start(steps)
    top = max(max(step.start, step.end) for step in steps)
    axes.set_xlim(start, start + (top - start) * 1.02)
    texts = pen.words.numbers.column([step.end for step in steps], spoken.unit).texts
    divisor = pen.words.numbers.divisor([step.end for step in steps], spoken.unit)
    decimals = len(texts[0].partition(".")[2])
    for row, step in enumerate(steps):
        _step_bar(pen, axes, steps, row, start, spoken.better)
        said = texts[row] if step.total else _signed(step.end - step.start, divisor, decimals)
        reach = max(step.end, step.start)
        axes.annotate(
            said, (reach, row), xytext=(3, 0), textcoords="offset points", va="center", fontsize=7,
            color=INK if step.total else TONES[_step_tone(pen, step, spoken.better)],
        )  # fmt: skip
    if start > 0:
        said = pen.words("parts.bridge_axis", start=pen.words.amount(start, spoken.unit))
        paper.note(said, paper.width, paper.height - 3.2, ha="right")


def _step_tone(pen: Pen, step: _Step, better: str) -> str:
    return pen.tone(step.end - step.start, better) if step.comparable else "plain"


def _step_bar(pen: Pen, axes: Axes, steps: list[_Step], row: int, start: float, better: str) -> None:
    step = steps[row]
    if step.total:
        color = NOTE if row == 0 else INK
        axes.barh(row, step.end - start, 0.62, left=start, color=color)
    elif step.comparable:
        color = TONES[_step_tone(pen, step, better)]
        axes.barh(row, step.end - step.start, 0.5, left=step.start, color=color)
    else:
        axes.barh(row, step.end - step.start, 0.5, left=step.start, fc="white", ec=NOTE, lw=0.7)
    if row + 1 < len(steps):
        axes.plot([step.end] * 2, [row + 0.25, row + 0.75], color=NOTE, lw=0.5)


def _signed(value: float, divisor: float, decimals: int) -> str:
    text = f"{value / divisor:+,.{decimals}f}".replace("-", "−")
    return text if text.strip("+−0.,") else text.lstrip("+−")
