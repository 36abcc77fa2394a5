"""G What to decide: the advice of a board, each with its evidence, what it may bring and whose task it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reportkit.quality.figure import Figure
from reportkit.show.alarms import BOARDS, LINES, about_what
from reportkit.show.blocks import alt, period_name, span
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.platform.said import line_name
from reportkit.show.service.said import between, product

if TYPE_CHECKING:
    from reportkit.advice import Advice
    from reportkit.advice.findings import Findings

__all__ = ["advised", "effect_of", "figures_of", "said"]

_WIDTHS = {True: (50, 32, 18), False: (56, 24, 20)}  # in short, with evidence
_PARTS = ("platform", "shop", "type", "category", "style", "province", "carrier", "channel")
_WAYS = "product.advice_"


def advised(found: Findings | None, board: str, size: str = "right") -> Display:
    """List what a board advises: on the overview the things to decide today, elsewhere with their evidence."""
    return Display("table", lambda pen: _draw(pen, found, board), size, block=f"{BOARDS[board]}.G")


def _draw(pen: Pen, found: Findings | None, board: str) -> Drawn:
    words = pen.words
    if found is None:
        return Drawn("", "")
    every, brief = found.advised(board), board == "overview"
    rows = _rows(every)
    shown = rows[: pen.rules.advice_shown[board]]
    cells = [
        [_task(pen, row, brief), effect_of(pen, row[0], brief), words(f"alerts.owner_{row[0].owner}")]
        for row in shown
    ]
    listing = Listing(
        [words(f"advised.{head}") for head in ("action", "effect", "owner")], cells, widths=_WIDTHS[brief]
    )
    marks = [pen.prove(found, figure) for row in shown for figure in figures_of(row[0])]
    title = _title(pen, every, shown, brief)
    subtitle = words("advised.subtitle", period=period_name(pen, found)) if shown and not brief else ""
    more = len(every) - sum(map(len, shown))
    rest = "" if brief else words("advised.rest", more=more, unfed=len(found.unfed))
    drawn = listed(pen, title, listing, marks=marks, subtitle=subtitle, rest=rest)
    return Drawn(drawn.html, title, alt(pen, title, "list", [" ".join(row) for row in cells]), subtitle)


def _rows(every: list[Advice]) -> list[list[Advice]]:
    """Return advice of one kind together, in the order of the first of each."""
    found: dict[str, list[Advice]] = {}
    for one in every:
        found.setdefault(one.text, []).append(one)
    return list(found.values())


def _title(pen: Pen, every: list[Advice], shown: list[list[Advice]], brief: bool) -> str:
    if not shown:
        return pen.words("advised.none")
    if brief:
        return pen.words("advised.title_brief", count=len(every), shown=len(shown))
    first = shown[0][0]
    effect = effect_of(pen, first) if first.effect else ""
    return pen.words("advised.title", count=len(every), first=said(pen, first, "do"), effect=effect)


def _task(pen: Pen, row: list[Advice], brief: bool) -> str:
    """Return what to do; on a board also where else the same holds, and why."""
    if brief:
        return said(pen, row[0], "do")
    return pen.words(
        "advised.task", action=said(pen, row[0], "do"), more=len(row) - 1, why=said(pen, row[0], "why")
    )


def figures_of(one: Advice) -> list[Figure]:
    """Return the numbers that an advice prints."""
    return [*one.told.values(), *([one.effect.figure] if one.effect else [])]


def said(pen: Pen, one: Advice, part: str) -> str:
    """Return the sentence of an advice: what to ``do``, or ``why``."""
    told: dict[str, object] = {
        name: pen.words.amount(figure.value, figure.unit) for name, figure in one.told.items()
    }
    return pen.words(f"advised.{one.text}_{part}", **(told | _named(pen, one)))


def _named(pen: Pen, one: Advice) -> dict[str, object]:
    """Return what a reader calls the object of an advice, and the words its sentence needs besides."""
    about = dict(one.about)
    named: dict[str, object] = {
        name: product(pen, value)
        if name == "style"
        else pen.name("style" if name == "partner" else name, value)
        for name, value in about.items()
        if name not in ("first", "last", "step")
    }
    named["part"] = about_what(pen, {name: value for name, value in about.items() if name in _PARTS})
    if "first" in about:
        named["days"] = span(pen, *(date.fromisoformat(about[end]) for end in ("first", "last")))
    if "step" in about:
        named["step"] = pen.words(f"service.step_{about['step']}")
    for name in LINES:
        if name in about:
            named["line"] = line_name(pen, name, about[name])
    extra = dict(one.extra)
    if "way" in extra:
        partner = pen.name("style", extra["partner"]) if extra["partner"] else ""
        amounts = {name: pen.words.amount(one.told[name].value, "count") for name in ("spare", "ordered")}
        named["way"] = pen.words(f"{_WAYS}{extra['way']}", partner=partner, **amounts)
    return named | {name: value for name, value in extra.items() if name not in ("way", "partner")}


def effect_of(pen: Pen, one: Advice, brief: bool = False) -> str:
    """Return what an advice may bring, with its range unless in `brief`; else why nobody can tell."""
    if one.effect is None:
        return pen.words(f"advised.unknown_{one.rule.lower().replace('-', '_')}")
    value = pen.words.amount(one.effect.value, "money")
    return pen.words(
        f"advised.gain_{one.effect.gain}",
        value=value,
        range="" if brief else between(pen, one.effect.low, one.effect.high, "money"),
    )
