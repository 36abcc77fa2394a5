"""What every block of a board says in the same way: its verdict, period, unit and alternative text, that it has no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reportkit.show.display import Asked, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.names import has_cjk
from reportkit.show.style import printable
from reportkit.show.words import Amount

__all__ = ["about", "absent", "alt", "compared", "ground", "money", "period_name", "span", "statement"]


def period_name(pen: Pen, asked: Asked) -> str:
    """Return what a reader calls the period of a study."""
    return asked.period.label(pen.words.lang)


def compared(pen: Pen, asked: Asked, against: str | None) -> str:
    """Return what a reader calls the period that ``last_year`` or ``previous`` stands for; empty where there is none."""
    if against is None:
        return ""
    period = asked.period.last_year() if against == "last_year" else asked.period.previous()
    return period.label(pen.words.lang) if period else ""


def span(pen: Pen, first: date, last: date) -> str:
    """Return what a reader calls the days from `first` to `last`."""
    return pen.words.day(first) if first == last else pen.words("dates.span", first=first, last=last)


def about(pen: Pen, name: str, unit: str = "", *more: str) -> str:
    """Return the small line of a figure or table: what it measures, in which unit, then when and from what."""
    return pen.words("parts.about", name=name, unit=unit, more=[text for text in more if text])


def alt(pen: Pen, title: str, kind: str, items: Sequence[str]) -> str:
    """Return the alternative text of a figure of a `kind`, reading out its `items`."""
    return pen.words(
        "parts.alt", title=title, kind=pen.words(f"parts.kind_{kind}"), items=pen.words.list(list(items))
    )


def ground(pen: Pen, promos: Mapping[date, str]) -> str:
    """Return what the faint ground means: the promotions of `promos` by name, where the language can write it."""
    named = [name for name in promos.values() if name and (pen.words.lang == "zh" or not has_cjk(name))]
    return pen.words(
        "trend.ground", names=pen.words.list([printable(name)[0] for name in dict.fromkeys(named)])
    )


def absent(name: str, *tables: str) -> Drawn:
    """Return a block that has no data, by its name, with the tables that would fill it."""
    return Drawn("", title=name, lacks=tables)


def money(pen: Pen, value: float) -> Amount:
    """Return an amount of money for use in a sentence."""
    return pen.words.amount(value, "money")


def statement(
    pen: Pen, sentence: str, marks: Sequence[str], states: Sequence[tuple[str, str]], facts: Sequence[str]
) -> Drawn:
    """Return a verdict: a sentence with its evidence, `states` as tone and text, then `facts`."""
    html = fill(
        pen.project, "verdict.html", sentence=sentence, codes=pen.codes(marks), states=states, facts=facts
    )
    aside = " · ".join([*(text for _, text in states), *facts])
    return Drawn(html, sentence, pen.words("verdict.alt", sentence=sentence), aside)
