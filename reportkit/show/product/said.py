"""How the page about products speaks of products, variants, days and money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportkit.show.display import Drawn, Pen
from reportkit.show.words import Amount
from reportkit.study import Study

__all__ = [
    "about",
    "absent",
    "alt",
    "category",
    "compared",
    "money",
    "period_name",
    "sku",
    "span",
    "style",
    "tags",
]


def style(pen: Pen, name: str) -> str:
    """Return what a reader calls one of the merchant's products."""
    return pen.name("style", name)


def sku(pen: Pen, code: str) -> str:
    """Return what a reader calls a variant: its code, and the product it belongs to."""
    return pen.name("sku", code)


def category(pen: Pen, name: str) -> str:
    """Return what a reader calls a category; the whole where it is empty."""
    return pen.name("category", name) if name else pen.words("labels.total")


def money(pen: Pen, value: float) -> Amount:
    """Return an amount of money for use in a sentence."""
    return pen.words.amount(value, "money")


def between(pen: Pen, low: float, high: float) -> str:
    """Return a range of money in one unit."""
    column = pen.words.numbers.column([low, high], "money")
    ends = [money(pen, low), money(pen, high)]
    return pen.words(
        "product.between", low=column.texts[0], high=column.texts[1], unit=column.unit, ends=ends
    )


def span(pen: Pen, first: date, last: date) -> str:
    """Return what a reader calls the days from `first` to `last`."""
    return pen.words("dates.span", first=first, last=last)


def period_name(pen: Pen, study: Study) -> str:
    """Return what a reader calls the period of `study`."""
    return study.period.label(pen.words.lang)


def compared(pen: Pen, study: Study, against: str | None) -> str:
    """Return what a reader calls the period that `against` stands for; empty where there is none."""
    period = (
        {"last_year": study.period.last_year, "previous": study.period.previous}[against]()
        if against
        else None
    )
    return period.label(pen.words.lang) if period else ""


def about(pen: Pen, name: str, unit: str = "", when: str = "", source: str = "") -> str:
    """Return the small line of a figure or table: what it measures, in what unit, when, and from what."""
    parts = [part for part in (when, source) if part]
    return pen.words("product.about", name=name, unit=unit, parts=parts)


def alt(pen: Pen, title: str, kind: str, items: Sequence[str]) -> str:
    """Return the alternative text of a figure."""
    return pen.words(
        "product.alt", title=title, kind=pen.words(f"product.kind_{kind}"), items=pen.words.list(list(items))
    )


def absent(pen: Pen, block: str, *tables: str) -> Drawn:
    """Return a block that has no data, named for the list of what lacks, with the tables that would fill it."""
    return Drawn("", title=pen.words(f"product.block_{block}"), lacks=tables)


def tags(pen: Pen, given: Sequence[str]) -> str:
    """Return the tags of a product in words."""
    return pen.words.list([pen.words(f"product.tag_{tag}") for tag in given])
