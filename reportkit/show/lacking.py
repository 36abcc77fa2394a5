"""The blocks of a page that have no data, folded into one list that names the files which would fill them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from reportkit.quality.audit import Audit
from reportkit.show.display import Display, Drawn, Lack, Pen
from reportkit.show.listing import Listing, listed

__all__ = ["lacking"]

_WIDTHS = (40, 60)


def lacking(audit: Audit, size: str = "full") -> Display:
    """List every block shown so far that had no data; nothing where each had some."""
    return Display("table", lambda pen: _draw(pen, audit), size)


def _draw(pen: Pen, audit: Audit) -> Drawn:
    words, lacks = pen.words, sorted(pen.lacking, key=lambda lack: lack.tables)
    if not lacks:
        return Drawn("", "")
    rows = [
        _row(pen, audit, tables, list(group)) for tables, group in groupby(lacks, lambda lack: lack.tables)
    ]
    title = words("lacking.title", count=len(lacks))
    drawn = listed(
        pen, title, Listing([words("lacking.blocks"), words("lacking.files")], rows, widths=_WIDTHS)
    )
    return Drawn(drawn.html, title, drawn.alt, blocks=tuple(sorted(lack.block for lack in lacks)))


def _row(pen: Pen, audit: Audit, tables: Sequence[str], lacks: list[Lack]) -> list[str]:
    names = [pen.words("lacking.block", block=lack.block, name=lack.name) for lack in lacks]
    files = [text for name in tables for text in _files(pen, audit, name)]
    return [pen.words.list(names), pen.words.list(list(dict.fromkeys(files)))]


def _files(pen: Pen, audit: Audit, table: str) -> list[str]:
    """Return the exports and the form that bring `table`, each with whose it is; the table where none is known."""
    found = [
        pen.words("lacking.export", whose=_whose(pen, platform), export=source.export[pen.words.lang])
        for platform in (*audit.platforms, "forms")
        for source in audit.filed.feeding(platform, table)[:1]
    ]
    most = pen.rules.quality_rows["blocks"]
    more = pen.words("lacking.more", count=len(found) - most) if len(found) > most else ""
    return [*found[:most], *([more] if more else [])] or [pen.said("table", table)]


def _whose(pen: Pen, platform: str) -> str:
    return pen.words("quality.todo_form") if platform == "forms" else pen.name("platform", platform)
