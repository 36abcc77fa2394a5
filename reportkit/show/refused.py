"""What the files held that did not arrive: refused rows, totals that differ, exports known only in part."""

from __future__ import annotations

import re

from reportkit.ingest.source import Source
from reportkit.quality.audit import Audit, Refusal, Total
from reportkit.quality.checks import judged
from reportkit.quality.figure import Figure
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, cents, listed
from reportkit.show.markup import fill
from reportkit.show.names import has_cjk

__all__ = ["gaps", "refusals"]

_DIGITS = re.compile(r"\d+")


def refusals(audit: Audit, size: str = "right") -> Display:
    """List rows refused by source and reason, unknown words with their counts, and totals that differ."""
    return Display("table", lambda pen: _draw_refusals(pen, audit), size, block="0.6")


def _draw_refusals(pen: Pen, audit: Audit) -> Drawn:
    words, most = pen.words, pen.rules.quality_rows["refused"]
    found, totals = audit.refusals[:most], audit.totals[: pen.rules.quality_rows["totals"]]
    rows = [_refusal(pen, audit, each) for each in found] + [_total(pen, audit, each) for each in totals]
    marks = [
        pen.prove(audit, figure)
        for check in judged(audit)
        if check.id == "refused"
        for figure in check.figures[:1]
    ]
    marks += [pen.prove(audit, _rows_refused(each)) for each in found]
    marks += [pen.prove(audit, _difference(each)) for each in totals]
    books = audit.books
    title = words(
        "quality.refused_title", refused=books.refused, rows=f"{books.refused:,}", read=f"{books.read:,}", files=books.files, totals=len(audit.totals),
        share=words.numbers.rate(books.refused / books.read, 2) if books.read else "",
    )  # fmt: skip
    more = len(audit.refusals) + len(audit.totals) - len(rows)
    heads = [words(f"quality.refused_{name}") for name in ("whose", "why", "rows")]
    rest = words("quality.refused_rest", count=more) if more else ""
    return listed(pen, title, Listing(heads, rows, numbers=[2]), marks=marks, rest=rest)


def _refusal(pen: Pen, audit: Audit, found: Refusal) -> list[str]:
    said = pen.words.list(
        [
            pen.words("quality.refused_word", word=word, count=count)
            for word, count in found.words
            if _may(pen, word)
        ]
    )
    column = found.column if _may(pen, found.column) else ""
    why = pen.words("quality.refused_reason", column=column, reason=_reason(pen, found.reason), said=said)
    return [_whose(pen, audit, found.source), why, f"{found.rows:,}"]


def _total(pen: Pen, audit: Audit, found: Total) -> list[str]:
    column = found.column if _may(pen, found.column) else ""
    why = pen.words("quality.total_reason", column=column, said=cents(found.said), found=cents(found.found))
    return [_whose(pen, audit, found.source), why, cents(found.found - found.said)]


def _whose(pen: Pen, audit: Audit, source: str) -> str:
    """Return the platform and its export, by the names its back office gives them."""
    known = audit.filed.sources.get(source)
    export = known.export.get(pen.words.lang, "") if known else ""
    return pen.words("quality.export", platform=pen.name("platform", audit.owner(source)), export=export)


def _reason(pen: Pen, reason: str) -> str:
    key = f"refused.{_DIGITS.sub('#', reason)}"
    return pen.words(key) if pen.words.has(key) else reason


def _may(pen: Pen, text: str) -> bool:
    """Whether this language prints a text from a file."""
    return pen.words.lang == "zh" or not has_cjk(text)


def _rows_refused(found: Refusal) -> Figure:
    dims = {
        "source": found.source,
        "column": found.column,
        "reason": found.reason,
        "platform": found.platform,
    }
    return Figure("refused.reason", found.rows, "count", dims, {"rejects": found.rows_sql})


def _difference(found: Total) -> Figure:
    dims = {"source": found.source, "column": found.column, "sql": found.rows_sql, "platform": found.platform}
    return Figure("totals.difference", found.found - found.said, "money", dims, {"totals": found.rows_sql})


def gaps(audit: Audit, size: str = "right") -> Display:
    """Name what is not known of exports of which only a part is; nothing where none is in use."""
    return Display("note", lambda pen: _draw_gaps(pen, audit), size, block="0.8")


def _draw_gaps(pen: Pen, audit: Audit) -> Drawn:
    sources = audit.partial_sources
    if not sources:
        return Drawn("", "", "")
    most = pen.rules.quality_rows["gaps"]
    items = [
        pen.words("quality.gap", export=_whose(pen, audit, source.id), gap=_gap(pen, source))
        for source in sources[:most]
    ]
    if len(sources) > most:
        items.append(pen.words("quality.gaps_rest", count=len(sources) - most))
    title = pen.words("quality.gaps_title", count=len(sources))
    html = fill(pen.project, "note.html", title=title, items=items)
    return Drawn(html, title, pen.words("quality.list_alt", title=title, columns=" ".join(items)))


def _gap(pen: Pen, source: Source) -> str:
    """Return what is not known of an export, as far as this language can say it."""
    said = source.gaps.get(pen.words.lang, "")
    return said if _may(pen, said) else pen.words("quality.gap_other")
