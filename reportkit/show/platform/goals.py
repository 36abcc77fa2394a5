"""2.2 How far each platform goes towards its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.show import figures
from reportkit.show.blocks import alt
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.show.readings import Reading, parts

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["goals"]

_LONGER = ("quarter", "year")


def goals(result: Result, longer: Result | None = None, size: str = "right") -> Display:
    """Show the first request of `result`, which has one dimension, against its targets: a bullet each.

    `longer` holds attain_quarter and attain_year by the same dimension: how far each has come in them.
    Without any target it says so: nothing is missing but the aim.
    """
    return Display("figure", lambda pen: _draw(pen, result, longer, size), size, block="2.2")


def _draw(pen: Pen, result: Result, longer: Result | None, size: str) -> Drawn:
    words, request = pen.words, result.requests[0]
    keys = [part.key for part in parts(pen, result, request, None)]
    every = [Reading(pen, result, request, {result.by[0]: key}) for key in keys]
    held = [reading for reading in every if reading.number("target")]
    if not held:
        return Drawn("", title=words("platform.goals_unset"), lacks=("targets",))
    held.sort(key=lambda reading: -(reading.number("attainment") or 0.0))
    running = result.as_of < result.period.end
    rows = [_bullet(pen, reading, longer, running=running) for reading in held]
    note = words(
        "platform.goals_note", name=held[0].name, period=result.period.label(words.lang), running=running
    )
    paper = figures.bullets(size, rows, note=note)
    title = _title(pen, held, len(every) - len(held), running=running)
    items = [f"{row.name} {row.text}" for row in rows]
    return figure(
        pen, paper, title=title, alt=alt(pen, title, "bullets", items),
        marks=[reading.code() for reading in held] + [other.code() for reading in held for other in _later(pen, reading, longer)],
    )  # fmt: skip


def _later(pen: Pen, reading: Reading, longer: Result | None) -> list[Reading]:
    """Return the attainment of quarter and year that are known."""
    every = [Reading(pen, longer, f"attain_{span}", reading.dims) for span in _LONGER] if longer else []
    return [other for other in every if other.known]


def _bullet(pen: Pen, reading: Reading, longer: Result | None, *, running: bool) -> figures.Bullet:
    target, pace = reading.number("target") or 0.0, reading.number("pace")
    rate = pen.words.numbers.rate(reading.number("attainment"))
    due = (reading.value or 0.0) / pace if running and pace else None
    name = pen.name(reading.result.by[0], next(iter(reading.dims.values())))
    later = {other.request: pen.words.numbers.rate(other.value) for other in _later(pen, reading, longer)}
    spans = {span: later.get(f"attain_{span}", "") for span in _LONGER}
    text = pen.words("platform.goals_text", amount=reading, rate=rate, **spans)
    return figures.Bullet(
        name, reading.value, target, text, pen.words("cards.target_value", target=reading.money(target)), due
    )


def _title(pen: Pen, held: list[Reading], unset: int, *, running: bool) -> str:
    """Return how many reached their target, and who is furthest from it."""
    column = "pace" if running else "attainment"
    scores = [(reading.number(column) or 0.0, reading) for reading in held]
    reached = sum(score >= pen.rules.target_good for score, _ in scores)
    score, worst = min(scores, key=lambda pair: pair[0])
    return pen.words(
        "platform.goals_title", reached=reached, count=len(held), unset=unset, running=running,
        worst=pen.name(worst.result.by[0], next(iter(worst.dims.values()))), rate=pen.words.numbers.rate(score),
        all=reached == len(held),
    )  # fmt: skip
