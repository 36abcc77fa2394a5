"""One case to the end: the largest cause with its days."""

from __future__ import annotations

import pandas as pd

from reportkit.show.causes.said import claim, quoted, size, whole
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import MISSING
from reportkit.study.why import Causes
from reportkit.study.why.case import Case
from reportkit.study.why.case import case as followed

__all__ = ["case"]

_MOST = 15


def case(told: Causes, size: str = "full") -> Display:
    """Follow the largest cause of the period down to its days, with what people answered below it."""
    return Display("table", lambda pen: _draw(pen, told), size, block="R3.7")


def _draw(pen: Pen, told: Causes) -> Drawn:
    words = pen.words
    if not told.drivers:
        return Drawn("", "")
    found = followed(told.study, told.drivers[0])
    title = words("causes.case_title", claim=claim(pen, found.node), size=size(pen, told, found.node))
    columns = list(found.days.columns)
    days = (
        found.days
        if len(found.days) <= _MOST
        else found.days.sort_values(columns[0]).tail(_MOST).sort_index()
    )
    rows = [[words(f"causes.case_{name}"), *_line(pen, days[name])] for name in columns]
    heads = [words("causes.case_day"), *(words.day(pd.Timestamp(day).date()) for day in days.index)]
    answers = [quoted(pen, answer.statement) for answer in found.node.answers]
    rest = words(
        "causes.case_rest",
        rate=_rate(pen, found),
        table=found.table,
        answers=answers,
        of=len(found.days),
        shown=len(days),
    )
    marks = [pen.prove(told.study, found.node.figure)] if found.node.figure else []
    drawn = listed(
        pen, title, Listing(heads, rows, numbers=range(1, len(heads))), marks=marks,
        subtitle=words("causes.case_subtitle", periods="others" in columns), rest=rest,
    )  # fmt: skip
    said = words("causes.case_alt", title=title, whole=whole(pen, told, found.node), days=len(days))
    return Drawn(drawn.html, title, said, drawn.subtitle)


def _line(pen: Pen, values: pd.Series) -> list[str]:
    return [
        MISSING if value != value else pen.words.numbers.inline(float(value), "count") for value in values
    ]


def _rate(pen: Pen, found: Case) -> str:
    return "" if found.rate is None else pen.words.numbers.column([found.rate], "hours").texts[0]
