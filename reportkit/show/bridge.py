"""Who moved the total: a bridge from then to now whose steps add up exactly."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from reportkit.show import figures
from reportkit.show.blocks import compared
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure
from reportkit.show.parts import cited, gathered
from reportkit.show.readings import Part, parts, reference
from reportkit.show.verdict import is_open, named_parts

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["bridge", "worded"]


def bridge(result: Result, request: str = "", size: str = "right") -> Display:
    """Show how each part moved the total of an additive metric from then to now; the steps add up exactly.

    What has no like-for-like comparison is a step of its own, so the end is always the total.
    """
    return Display(
        "figure",
        lambda pen: _draw_bridge(pen, result, request or result.requests[0], size),
        size,
        block="1.E",
    )


def _draw_bridge(pen: Pen, result: Result, request: str, size: str) -> Drawn:
    spoken = pen.spoken(request)
    against = reference(result, request)
    every = parts(pen, result, request, against)
    found = gathered(pen, every)
    if against is None or not any(part.change is not None for part in found):
        return _no_bridge(pen, result, request, size, found)
    steps = _steps(pen, result, found, against)
    title = _bridge_title(pen, result, request, every, against)
    unit = pen.words.numbers.column(_printed(steps), spoken.unit, spoken.noun)
    start = pen.words.amount(figures.bridge_start(steps), spoken.unit)
    paper = figures.bridge(
        size,
        worded(pen, steps, request),
        note=pen.words("parts.bridge_unit", name=spoken.full_name, unit=unit.unit),
        start_note=pen.words("parts.bridge_axis", start=start),
    )
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
    column = pen.words.numbers.column([part.value for part in found], spoken.unit, spoken.noun)
    rows = [figures.Bar(part.name, part.value, text) for part, text in zip(found, column.texts, strict=True)]
    unit = pen.words("parts.bridge_unit", name=spoken.full_name, unit=column.unit)
    paper = figures.bars(size, rows, now=unit if found else "")
    alt = pen.words("parts.bridge_alt", title=title, start=MISSING, end=MISSING, items="")
    return figure(pen, paper, title=title, alt=alt, marks=cited(pen, result, request, found))


def _steps(pen: Pen, result: Result, found: list[Part], against: str) -> list[figures.Step]:
    moved = sorted(
        (part for part in found if part.change is not None), key=lambda part: -(part.change or 0.0)
    )
    level = math.fsum(part.then or 0.0 for part in moved)
    steps = [figures.Step(compared(pen, result, against), 0.0, level, total=True)]
    for part in moved:
        steps.append(figures.Step(part.name, level, level + (part.change or 0.0)))
        level = steps[-1].end
    end = math.fsum(part.value or 0.0 for part in found)
    if not math.isclose(level, end, rel_tol=1e-9, abs_tol=0.005):
        steps.append(figures.Step(pen.words("parts.bridge_other"), level, end, comparable=False))
    return [*steps, figures.Step(result.period.label(pen.words.lang), 0.0, end, total=True)]


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


def worded(pen: Pen, steps: list[figures.Step], request: str) -> list[figures.Step]:
    """Return the steps with their texts, all of one unit and one count of decimals, and their tones."""
    spoken, values = pen.spoken(request), _printed(steps)
    texts = pen.words.numbers.column(values, spoken.unit).texts[: len(steps)]
    divisor = pen.words.numbers.divisor(values, spoken.unit)
    decimals = len(texts[0].partition(".")[2])
    return [
        replace(
            step,
            text=text if step.total else _signed(step.end - step.start, divisor, decimals),
            tone=pen.tone(step.end - step.start, spoken.better) if step.comparable else "plain",
        )
        for step, text in zip(steps, texts, strict=True)
    ]


def _printed(steps: list[figures.Step]) -> list[float]:
    """Return every number of a bridge, its ends first: the smallest step decides the scale with them."""
    return [step.end for step in steps] + [step.end - step.start for step in steps if not step.total]


def _signed(value: float, divisor: float, decimals: int) -> str:
    text = f"{value / divisor:+,.{decimals}f}".replace("-", "−")
    return text if text.strip("+−0.,") else text.lstrip("+−")
