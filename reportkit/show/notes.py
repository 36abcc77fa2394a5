"""What is not yet known: platforms without data, days missing, refunds to come, targets not set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.readings import COMPARISONS, Reading
from reportkit.show.verdict import first_open_day, missing_names

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["unknowns"]


def unknowns(*results: Result, size: str = "right") -> Display:
    """List what `results` cannot know yet; where nothing is missing, say so."""
    return Display("note", lambda pen: _draw(pen, results), size)


def _draw(pen: Pen, results: tuple[Result, ...]) -> Drawn:
    every = [
        item
        for found in (_missing, _partial, _listed, _open_refunds, _unset, _uncompared)
        for item in found(pen, results)
    ]
    items = list(dict.fromkeys(every)) or [pen.words("notes.nothing")]
    if hidden := len(items) - pen.rules.notes_shown if len(items) > pen.rules.notes_shown else 0:
        items = [*items[: pen.rules.notes_shown - 1], pen.words("notes.more", count=hidden + 1)]
    title = pen.words("notes.title")
    html = fill(pen.project, "note.html", title=title, items=items)
    return Drawn(html, title, pen.words("notes.alt", text=" ".join(items)), " ".join(items))


def _names(pen: Pen, requests: list[str]) -> str:
    names = list(dict.fromkeys(pen.spoken(request).name for request in requests))
    listed = pen.words.list(names[: pen.rules.names_listed])
    return (
        listed
        if len(names) <= pen.rules.names_listed
        else pen.words("notes.and_more", names=listed, count=len(names))
    )


def _missing(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    """Return one line for every set of platforms left out, with the metrics that lack them."""
    by_names: dict[str, list[str]] = {}
    for result in results:
        for request in result.requests:
            if names := missing_names(pen, result, request):
                by_names.setdefault(names, []).append(request)
    return [
        pen.words("notes.missing", metrics=_names(pen, found), names=names)
        for names, found in by_names.items()
    ]


def _partial(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    """Return one line for every platform that lacks some days, with the metrics concerned."""
    lacking: dict[tuple[str, int], list[str]] = {}
    for result in results:
        for request, platforms in result.partial.items():
            for platform, days in platforms.items():
                lacking.setdefault((platform, days), []).append(request)
    return [
        pen.words(
            "notes.days", platform=pen.name("platform", platform), days=days, metrics=_names(pen, found)
        )
        for (platform, days), found in lacking.items()
    ]


def _listed(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    """Say where the files to download are listed: once in a report, on the page about its data."""
    lacks = _missing(pen, results) or _partial(pen, results)
    return [pen.words("notes.listed")] if lacks else []


def _open_refunds(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    for result in results:
        if result.by:
            continue
        readings = [Reading(pen, result, request, {}) for request in result.requests]
        by_payment = any(each.known and each.spoken.basis == "pay_date" for each in readings)
        first = max(first_open_day(pen, result), result.period.start)
        if by_payment and first <= result.period.end:
            return [pen.words("notes.open_refunds", first=pen.words.day(first))]
    return []


def _unset(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    without = [
        reading.request
        for result in results
        if not result.by and "target" in result.frame.columns
        for reading in (Reading(pen, result, request, {}) for request in result.requests)
        if reading.known and reading.number("target") is None
    ]
    return [pen.words("notes.no_target", metrics=_names(pen, without))] if without else []


def _uncompared(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    """Return one line for each comparison that no metric of a page has."""
    found = []
    for result in results:
        if result.by:
            continue
        for name in (each for each in COMPARISONS if getattr(result.period, each)()):
            column = f"{name}_growth"
            if column in result.frame.columns and result.frame[column].isna().all():
                found.append(pen.words("notes.no_reference", label=pen.words(f"labels.{name}")))
    return found
