"""The list of what is still to be downloaded, printed once in a report instead of empty boxes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from reportkit.metrics.coverage import Span
from reportkit.quality.audit import Audit
from reportkit.quality.todo import Need
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import MISSING

__all__ = ["todo"]

_WIDTHS = (11, 55, 34)


def todo(audit: Audit, size: str = "left") -> Display:
    """List the files still to download: whose, which, for which days, and what they unlock."""
    return Display("table", lambda pen: _draw(pen, audit), size, block="0.4")


def _draw(pen: Pen, audit: Audit) -> Drawn:
    words, needs = pen.words, audit.needs
    groups = [list(group) for _, group in groupby(needs, key=lambda need: need.platform)]
    shown = groups[: pen.rules.quality_rows["todo"]]
    heads = [words(f"quality.todo_{name}") for name in ("whose", "export", "unlocks")]
    title = words(
        "quality.todo_title", count=len(needs), forms=sum(not need.platform for need in needs),
        platforms=len({need.platform for need in needs} - {""}),
    )  # fmt: skip
    more = sum(map(len, groups[len(shown) :]))
    rest = words("quality.todo_rest", count=more) if more else ""
    listing = Listing(heads, [_row(pen, group) for group in shown], widths=_WIDTHS)
    return listed(pen, title, listing, subtitle=words("quality.todo_where") if needs else "", rest=rest)


def _row(pen: Pen, group: Sequence[Need]) -> list[str]:
    """Return one platform's row; files that lack the same days are downloaded in one sitting."""
    lang, first = pen.words.lang, group[0]
    sittings: dict[str, list[str]] = {}
    for need in group:
        sittings.setdefault(_days(pen, need), []).append(need.export.get(lang, need.table))
    texts = [
        pen.words("quality.todo_sitting", days=days, exports=pen.words.list(exports))
        for days, exports in sittings.items()
    ]
    whose = pen.name("platform", first.platform) if first.platform else pen.words("quality.todo_form")
    return [whose, pen.words("quality.joined", items=texts), _blocks(pen, group)]


def _blocks(pen: Pen, group: Sequence[Need]) -> str:
    """Return what the files unlock, each block once; those that lack the end of a day only unlock nothing."""
    glue, most = pen.words.list(["", ""]), pen.rules.quality_rows["blocks"]
    told = [need.unlocks[pen.words.lang].split(glue) for need in group if need.missing or not need.partial]
    blocks = list(dict.fromkeys(block for each in told for block in each))
    shown = pen.words.list(blocks[:most])
    more = len(blocks) - most
    return pen.words("quality.todo_blocks", blocks=shown, more=max(more, 0)) if blocks else MISSING


def _days(pen: Pen, need: Need) -> str:
    if not need.missing and not need.partial:
        return pen.words("quality.todo_once")
    return pen.words(
        "quality.todo_spans", missing=_spans(pen, need.missing), partial=_spans(pen, need.partial)
    )


def _spans(pen: Pen, found: Sequence[Span]) -> str:
    """Return ranges of days, at most so many that they fit a cell."""
    most = pen.rules.quality_rows["spans"]
    texts = [_span(pen, *span) for span in found[:most]]
    more = len(found) - most
    return pen.words.list(texts) + (pen.words("quality.todo_more", count=more) if more > 0 else "")


def _span(pen: Pen, first: date, last: date) -> str:
    return pen.words.day(first) if first == last else pen.words("dates.span", first=first, last=last)
