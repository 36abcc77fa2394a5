"""The targets of a period beside what was attained, and what speaks against them (S2-117, S2-118)."""

from __future__ import annotations

from reportkit.show.blocks import compared
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.readings import Reading
from reportkit.study.aims import Aim
from reportkit.study.campaign import Campaign

__all__ = ["targets"]

_HEADS = ("metric", "target", "actual", "gap", "attained", "then", "stretch", "past", "doubt")
_WIDTHS = (14, 9, 9, 9, 8, 9, 9, 15, 18)


def targets(campaign: Campaign, size: str = "full") -> Display:
    """List every metric a goal is usually set for: target, actual, gap, last year, earlier attainment, doubts."""
    return Display("table", lambda pen: _draw(pen, campaign), size, block="R1.2")


def _draw(pen: Pen, campaign: Campaign) -> Drawn:
    told, words = campaign.aims, pen.words
    readings = [Reading(pen, told.result, aim.request, {}) for aim in told.rows]
    rows = [_row(pen, aim, reading) for aim, reading in zip(told.rows, readings, strict=True)]
    tones = {
        (place, column): "bad"
        for place, aim in enumerate(told.rows)
        for column, holds in (
            (3, (aim.gap or 0) < 0 and readings[place].spoken.better == "up"),
            (8, bool(aim.doubts)),
        )
        if holds
    }
    heads = [words(f"review.{head}") for head in _HEADS]
    listing = Listing(heads, rows, numbers=range(1, 7), tones=tones, widths=_WIDTHS)
    marks = [reading.code() for reading in readings if reading.known]
    then = compared(pen, campaign.study, "last_year")
    lacking = words.list([words(f"review.family_{name}") for name in told.lacking])
    rest = words("review.targets_rest", then=then, lacking=lacking)
    return listed(pen, _title(pen, campaign, readings), listing, marks=marks, rest=rest)


def _title(pen: Pen, campaign: Campaign, readings: list[Reading]) -> str:
    told = campaign.aims
    if not told.held:
        return pen.words("review.targets_none")
    missed = [
        reading for aim, reading in zip(told.rows, readings, strict=True)
        if aim.attainment is not None and reading.spoken.better == "up" and aim.attainment < 1
    ]  # fmt: skip
    worst = min(missed, key=lambda reading: reading.number("attainment") or 0.0, default=None)
    return pen.words(
        "review.targets_title", held=len(told.held), of=len(told.rows), missed=len(missed),
        worst=worst.name if worst else "", rate=pen.words.numbers.rate(worst.number("attainment")) if worst else "",
        lacking=len(told.lacking),
    )  # fmt: skip


def _row(pen: Pen, aim: Aim, reading: Reading) -> list[str]:
    words, numbers = pen.words, pen.words.numbers
    gap = (
        words.amount(aim.gap, reading.spoken.unit, reading.spoken.noun).signed if aim.gap is not None else "—"
    )
    return [
        reading.spoken.full_name,
        str(reading.money(aim.target)) if aim.target is not None else words("labels.no_target"),
        str(reading),
        gap,
        numbers.rate(aim.attainment),
        str(reading.money(aim.then)),
        numbers.change(aim.stretch, "money"),
        words("labels.list_glue").join(numbers.rate(rate, 0) for rate in aim.past) or "—",
        words.list([words(f"review.doubt_{name}") for name in aim.doubts]),
    ]
