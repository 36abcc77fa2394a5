"""The health of the business: one word a domain, the rule's reason beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.readings import Reading

if TYPE_CHECKING:
    from reportkit.study import Study
    from reportkit.study.health import Light

__all__ = ["health"]


def health(study: Study) -> Display:
    """Say of each domain whether it is good, to be watched or bad, and by which rule; 缺数 where nothing is known."""
    return Display("health", lambda pen: _draw(pen, study), block="1.H")


def _draw(pen: Pen, study: Study) -> Drawn:
    words = pen.words
    lights = [
        {
            "domain": words(f"health.domain_{light.domain}"),
            "level": light.level,
            "word": words("health.alone" if light.rule == "alone" else f"health.{light.level}"),
            "reason": _reason(pen, light),
        }
        for light in study.health
    ]
    levels = [light.level for light in study.health]
    counts = dict.fromkeys(("good", "watch", "bad", "none"), 0) | Counter(levels)
    title = words("health.title", counts=counts)
    said = [f"{each['domain']} {each['word']} {each['reason']}".strip() for each in lights]
    marks = [mark for light in study.health for mark in _marks(pen, light)]
    html = fill(pen.project, "health.html", lights=lights, codes=pen.codes(marks))
    return Drawn(html, title, words("health.alt", title=title, items=words.list(said)))


def _reason(pen: Pen, light: Light) -> str:
    if light.result is None:
        return ""
    words, reading = pen.words, Reading(pen, light.result, light.request, {})
    beside = Reading(pen, light.result, light.beside, {}) if light.beside else None
    return words(
        f"health.reason_{light.rule}", reading=reading, beside=beside, count=light.count,
        change=reading.change(light.against), label=words(f"labels.{light.against}") if light.against else "",
        rate=words.numbers.rate(light.value), limit=_limit(pen, light), short=_short(pen, light),
    )  # fmt: skip


def _short(pen: Pen, light: Light) -> str:
    """Return what a line of five domains calls a metric with a long name."""
    key = f"health.short_{light.request}"
    return pen.words(key) if pen.words.has(key) else ""


def _limit(pen: Pen, light: Light) -> str:
    """Return what the number fell short of, in its own unit; empty where it did not."""
    if light.limit is None:
        return ""
    if light.rule == "breakeven":
        return pen.words.numbers.inline(light.limit, "ratio")
    if light.rule == "growth":
        return pen.words.numbers.change(light.limit, "money")
    return pen.words.numbers.rate(light.limit, 0)


def _marks(pen: Pen, light: Light) -> list[str]:
    if light.result is None:
        return []
    asked = [light.request, *([light.beside] if light.beside else [])]
    readings = [Reading(pen, light.result, request, {}) for request in asked]
    return [reading.code() for reading in readings if reading.known]
