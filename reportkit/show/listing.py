"""A list of things that are no metric's parts: rows of text under heads, in the look of every table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from great_tables import GT, loc, style
from markupsafe import Markup

from reportkit.show.display import Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.style import TONES
from reportkit.show.tables import markup_of

__all__ = ["Listing", "cents", "listed"]

_MINUS = "−"


@dataclass(frozen=True)
class Listing:
    """Heads, rows of as many cells, which columns hold numbers, and the tone of single cells by place.

    `widths` are percentages of the table's width, where it must not be left to the texts.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Collection[int] = ()
    tones: Mapping[tuple[int, int], str] = field(default_factory=dict)
    widths: Sequence[int] = ()


def listed(
    pen: Pen, title: str, listing: Listing, *, marks: Sequence[str] = (), subtitle: str = "", rest: str = ""
) -> Drawn:
    """Return `listing` under its title; without rows the title stands alone. `rest` is the line below."""
    body = Markup('<div class="dense">{}</div>').format(_markup(listing)) if listing.rows else Markup("")
    html = fill(
        pen.project, "table.html", title=title, subtitle=subtitle, mark="", codes=pen.codes(marks),
        body=body, rest=rest,
    )  # fmt: skip
    alt = pen.words(
        "quality.list_alt", title=title, columns=pen.words.list([head for head in listing.heads if head])
    )
    return Drawn(html, title, alt, subtitle)


def _markup(listing: Listing) -> Markup:
    names = [f"c{place}" for place in range(len(listing.heads))]
    shown = GT(pd.DataFrame([list(row) for row in listing.rows], columns=names))
    shown = shown.cols_label(cases=dict(zip(names, listing.heads, strict=True)))
    shown = shown.cols_align("left", names)
    if listing.numbers:
        shown = shown.cols_align("right", [names[place] for place in listing.numbers])
    if listing.widths:
        shown = shown.cols_width(
            {name: f"{width}%" for name, width in zip(names, listing.widths, strict=True)}
        )
    for (row, column), tone in listing.tones.items():
        shown = shown.tab_style(style.text(color=TONES[tone]), loc.body([names[column]], [row]))
    return markup_of(shown)


def cents(value: float) -> str:
    """Return an amount to the cent, as what must reconcile is printed.

    >>> cents(-1234.5)
    '−1,234.50'
    """
    text = f"{value:,.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", _MINUS)
