"""Who moved the total: a bridge from then to now whose steps add up exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING
from reportkit.show.paper import Paper, figure
from reportkit.show.parts import EDGE, LEGEND, ROW, VALUES, cited, compared_period, gathered, rows_axes
from reportkit.show.readings import Part, parts, reference
from reportkit.show.style import INK, NOTE, TONES
from reportkit.show.verdict import is_open, named_parts

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["bridge"]

_ZOOM = 3.0


def bridge(result: Result, request: str = "", size: str = "right") -> Display:
    """Show how each part moved the total of an additive metric from then to now; the steps add up exactly.

    What has no like-for-like comparison is a step of its own, so the end is always the total.
    """
    return Display("figure", lambda pen: _draw_bridge(pen, result, request or result.requests[0], size), size)


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
    found = gathered(pen, every)
    if against is None or not any(part.change is not None for part in found):
        return _no_bridge(pen, result, request, size, found)
    steps = _steps(pen, result, found, against)
    title = _bridge_title(pen, result, request, every, against)
    paper = Paper(size, EDGE + len(steps) * ROW + LEGEND)
    _step_bars(pen, paper, steps, request)
    unit = pen.words.numbers.column([step.end for step in steps], spoken.unit, spoken.noun)
    paper.note(pen.words("parts.bridge_unit", name=spoken.full_name, unit=unit.unit), 0.5, paper.height - 3.2)
    items = [
        pen.words(
            "parts.item", name=step.name, value=pen.words.amount(step.end - step.start, spoken.unit).signed
        )
        for step in steps[1:-1]
    ]
    ends = [pen.words.amount(step.end, spoken.unit) for step in (steps[0], steps[-1])]
    alt = pen.words(
        "parts.bridge_alt", title=title, start=ends[0], end=ends[1], items=pen.words.list(items)
    )  # fmt: skip
    return figure(pen, paper, title=title, alt=alt, marks=cited(pen, result, request, found))


def _no_bridge(pen: Pen, result: Result, request: str, size: str, found: list[Part]) -> Drawn:
    """Nothing to compare with: the parts as they are, so that the place is not empty."""
    spoken = pen.spoken(request)
    title = pen.words("parts.bridge_missing", name=spoken.name)
    paper = Paper(size, EDGE + max(len(found), 1) * ROW + LEGEND)
    if found:
        axes = rows_axes(paper, [part.name for part in found], VALUES)
        axes.set_xlim(0, max(max((part.value or 0.0) for part in found), 1e-9))
        column = pen.words.numbers.column([part.value for part in found], spoken.unit, spoken.noun)
        for row, part in enumerate(found):
            axes.barh(row, part.value or 0.0, 0.5, color=INK)
            paper.note(
                column.texts[row], paper.width, EDGE + (row + 0.5) * ROW, ha="right", va="center", color=INK
            )
        unit = pen.words("parts.bridge_unit", name=spoken.full_name, unit=column.unit)
        paper.note(unit, 0.5, paper.height - 3.2)
    alt = pen.words("parts.bridge_alt", title=title, start=MISSING, end=MISSING, items="")
    return figure(pen, paper, title=title, alt=alt, marks=cited(pen, result, request, found))


def _steps(pen: Pen, result: Result, found: list[Part], against: str) -> list[_Step]:
    moved = sorted(
        (part for part in found if part.change is not None), key=lambda part: -(part.change or 0.0)
    )
    level = math.fsum(part.then or 0.0 for part in moved)
    steps = [_Step(compared_period(pen, result, against), 0.0, level, total=True)]
    for part in moved:
        steps.append(_Step(part.name, level, level + (part.change or 0.0)))
        level = steps[-1].end
    end = math.fsum(part.value or 0.0 for part in found)
    if not math.isclose(level, end, rel_tol=1e-9, abs_tol=0.005):
        steps.append(_Step(pen.words("parts.bridge_other"), level, end, comparable=False))
    return [*steps, _Step(result.period.label(pen.words.lang), 0.0, end, total=True)]


def _bridge_title(pen: Pen, result: Result, request: str, found: list[Part], against: str) -> str:
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
    early = is_open(pen, result, request)
    return words(
        "parts.bridge_title", early=early, name=spoken.name, than=than, up=change > 0,
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
    axes = rows_axes(paper, [step.name for step in steps], VALUES + 3.0)
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
