"""What is not yet known: platforms without data, days missing, refunds to come, targets not set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reportkit.metrics.projected import ALL
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.readings import COMPARISONS, Reading
from reportkit.show.verdict import first_open_day, is_costed, missing_names

if TYPE_CHECKING:
    from reportkit.metrics.query import Result
    from reportkit.study import Study

__all__ = ["unknowns"]


def unknowns(*results: Result, study: Study | None = None, size: str = "right") -> Display:
    """List what `results` cannot know yet; where nothing is missing, say so.

    With `study` refunds that are still to come are told by how much they are expected to be.
    """
    return Display("note", lambda pen: _draw(pen, results, study), size)


def _draw(pen: Pen, results: tuple[Result, ...], study: Study | None) -> Drawn:
    to_come, marks = _to_come(pen, study) if study else ([], [])
    # Beside the cards of the first page, which say where no target is set, the list is kept short.
    topics: Sequence[Callable[[Pen, tuple[Result, ...]], list[str]]] = (
        (_partial, _missing, _uncosted, _uncompared)
        if study
        else (_missing, _partial, _listed, _unset, _uncompared)
    )
    topics = topics if to_come else (*topics[:2], _open_refunds, *topics[2:])
    every = [*to_come, *(item for found in topics for item in found(pen, results))]
    items = list(dict.fromkeys(every)) or [pen.words("notes.nothing")]
    if hidden := len(items) - pen.rules.notes_shown if len(items) > pen.rules.notes_shown else 0:
        items = [*items[: pen.rules.notes_shown - 1], pen.words("notes.more", count=hidden + 1)]
    title = pen.words("notes.title")
    html = fill(
        pen.project, "note.html", title=title, items=items, codes=pen.codes(marks), dense=study is not None
    )
    return Drawn(html, title, pen.words("notes.alt", text=" ".join(items)), " ".join(items))


def _to_come(pen: Pen, study: Study) -> tuple[list[str], list[str]]:
    """Return what the refunds of the period's orders will still come to, and the evidence of it."""
    if not study.refunds.known or study.refunds.table.loc[ALL, "badge"] == "mature":
        return [], []
    figures = [study.refunds.figure(name) for name in ("final", "refunded")]
    amount = pen.words.amount(figures[0].value - figures[1].value, "money")
    period = study.period.label(pen.words.lang)
    share = pen.words.numbers.rate(pen.policy.maturity.interval, 0)
    text = pen.words("notes.to_come", period=period, amount=amount, share=share)
    return [text], [pen.prove(study, figure) for figure in figures]


def _uncosted(pen: Pen, results: tuple[Result, ...]) -> list[str]:
    """Say why contribution is not told where it was asked for."""
    asked = [result for result in results if not result.by and "cost_coverage" in result.requests]
    shares = [Reading(pen, each, "cost_coverage", {}).value for each in asked if not is_costed(pen, each)]
    limit = pen.words.numbers.rate(pen.policy.limits.costed, 0)
    return [
        pen.words("notes.uncosted", share=pen.words.numbers.rate(share), limit=limit)
        for share in shares
        if share
    ]


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
