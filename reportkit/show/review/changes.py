"""What changed since the last issue of this report: every number, old, new, by how much and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.readings import Reading

if TYPE_CHECKING:
    from reportkit.reissue import Move, Reissue

__all__ = ["changes", "projections"]

_HEADS = ("metric", "whose", "then_value", "now_value", "moved", "by_days", "by_files", "by_definition")
_PROJECTED = "_final"
_WIDTHS = (22, 18, 10, 10, 10, 10, 10, 10)


def changes(told: Reissue | None, size: str = "full") -> Display:
    """List every metric that the last issue printed and that has moved since, with what moved it."""
    return Display("table", lambda pen: _draw(pen, told), size, block="R5.1")


def _draw(pen: Pen, told: Reissue | None) -> Drawn:
    words = pen.words
    if told is None:
        return Drawn("", "")
    moves = sorted(told.moves, key=lambda move: (len(move.dims), move.request, -abs(move.change)))
    rows = [_row(pen, move) for move in moves]
    marks = [pen.cite(move.result, move.request, **move.dims) for move in moves]
    days = (told.as_of - told.issue.as_of).days
    title = words(
        "review.changes_title", count=len(moves), kept=told.kept, before=told.issue.as_of, days=days,
        largest=_largest(pen, moves),
    )  # fmt: skip
    rest = words("review.changes_rest", run=told.issue.run, gone=told.gone)
    heads = [words(f"review.{head}") for head in _HEADS]
    return listed(
        pen, title, Listing(heads, rows, numbers=range(2, 8), widths=_WIDTHS), marks=marks, rest=rest
    )


def projections(told: Reissue | None, size: str = "full") -> Display:
    """Hold what the last issue projected against what the same projection comes to now."""
    return Display("table", lambda pen: _draw_projections(pen, told), size, block="R5.2")


def _draw_projections(pen: Pen, told: Reissue | None) -> Drawn:
    words = pen.words
    moves = [move for move in told.moves if move.request.split(".")[0].endswith(_PROJECTED)] if told else []
    if told is None:
        return Drawn("", "")
    if not moves:
        return listed(pen, words("review.projections_none", before=told.issue.as_of), Listing([], []))
    rows = [_row(pen, move)[:5] for move in sorted(moves, key=lambda one: (len(one.dims), one.request))]
    marks = [pen.cite(move.result, move.request, **move.dims) for move in moves]
    whole = [abs(move.change / move.then) for move in moves if move.then]
    title = words(
        "review.projections_title", count=len(moves), most=words.numbers.rate(max(whole, default=None))
    )
    heads = [words(f"review.{head}") for head in _HEADS[:5]]
    return listed(
        pen, title, Listing(heads, rows, numbers=range(2, 5), widths=(30, 25, 15, 15, 15)), marks=marks
    )


def _largest(pen: Pen, moves: list[Move]) -> str:
    """Return the whole business's amount of money that moved most, as a clause."""
    money = [move for move in moves if not move.dims and pen.spoken(move.request).unit == "money"]
    if not money:
        return ""
    move = max(money, key=lambda one: abs(one.change))
    reading = Reading(pen, move.result, move.request, {})
    return pen.words(
        "review.largest",
        name=reading.spoken.full_name,
        then=reading.money(move.then),
        now=reading.money(move.now),
    )


def _row(pen: Pen, move: Move) -> list[str]:
    spoken, words = pen.spoken(move.request), pen.words
    whose = [pen.name(name, value) for name, value in move.dims.items()]
    parts = [
        words.amount(part, spoken.unit, spoken.noun, move.now).signed if part else "—"
        for part in (move.change, move.days, move.files, move.definition)
    ]
    return [
        spoken.full_name,
        words.list(whose) or words("labels.total"),
        *(str(words.amount(value, spoken.unit, spoken.noun)) for value in (move.then, move.now)),
        *parts,
    ]
