"""Tables: great_tables for the markup, the house's own rules for the look."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from great_tables import GT, html, loc, style
from markupsafe import Markup, escape

from reportkit.show.cards import target_tone
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING
from reportkit.show.parts import fractions
from reportkit.show.readings import Part, Reading, parts, reference
from reportkit.show.style import INK, NOTE, TONES

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["markup_of", "table"]

_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
_WRAPPER = re.compile(r' style="[^"]*overflow[^"]*"')
_IDS = re.compile(r' (?:id|headers)="[^"]*"')
_RATES = ("percent", "ratio")


@dataclass(frozen=True)
class _Column:
    """One column: what stands above it, its cells, and the colour of each."""

    head: str
    unit: str
    texts: tuple[str, ...]
    colors: tuple[str, ...]


@dataclass(frozen=True)
class _Rows:
    """What the table is about: the parts it lists and the total above them."""

    result: Result
    total: Result | None
    found: list[Part]
    shown: list[Part]

    def readings(self, pen: Pen, request: str) -> list[Reading]:
        """Return the cells of one column, the total first."""
        whole = [Reading(pen, self.total, request, {})] if self.total is not None else []
        return whole + [
            Reading(pen, self.result, request, {self.result.by[0]: part.key}) for part in self.shown
        ]

    def tells(self, pen: Pen, request: str) -> bool:
        """Whether a column would hold anything."""
        return any(reading.known for reading in self.readings(pen, request))

    @property
    def hidden(self) -> list[Part]:
        """The parts gathered in the last row."""
        return self.found[len(self.shown) :]

    def rest(self, pen: Pen, request: str) -> float | None:
        """Return what the hidden parts come to; None for a metric whose parts do not add up."""
        metric = pen.catalog[pen.spoken(request).id]
        if not metric.additive or metric.unit not in ("money", "count"):
            return None
        every = [Reading(pen, self.result, request, {self.result.by[0]: part.key}) for part in self.found]
        values = [reading.value or 0.0 for reading in every]
        whole = Reading(pen, self.total, request, {}).value if self.total is not None else None
        # An order of two products counts for both: what does not add up to the total is not added up.
        if whole is not None and not math.isclose(math.fsum(values), whole, rel_tol=1e-6):
            return None
        return math.fsum(values[len(self.shown) :])


def table(
    result: Result, total: Result | None = None, rows: int | None = None, size: str = "left"
) -> Display:
    """Show one row for each part of `result`, which has one dimension, the largest first.

    Columns are its metrics, then target attainment and growth of the first one. `total` holds the same
    metrics without a dimension and stands on top. Beyond `rows` rows (by default ``table_rows`` of
    ``params/show.yaml``) the rest is one row: the sum of what adds up, — of what does not.
    """
    return Display(
        "table", lambda pen: _draw(pen, result, total, rows or pen.rules.table_rows), size, block="1.T"
    )


def _draw(pen: Pen, result: Result, total: Result | None, most: int) -> Drawn:
    against = reference(result, result.requests[0])
    found = parts(pen, result, result.requests[0], against)
    rows = _Rows(result, total, found, found if len(found) <= most else found[: most - 1])
    first, *others = result.requests
    told = [first, *(request for request in others if rows.tells(pen, request))]
    columns = [_column(pen, rows, request) for request in told]
    if _has_targets(rows):
        columns.append(_attained(pen, rows))
    if against:
        columns.append(_growth(pen, rows, against))
    words = pen.words
    title = _title(pen, rows)
    subtitle = words(
        "table.subtitle", period=result.period.label(words.lang), count=len(found), dimension=_head(pen, rows)
    )
    alt = words("table.alt", title=title, columns=words.list([column.head for column in columns]))
    body = fill(
        pen.project, "table.html", title=title, subtitle=subtitle, mark="",
        codes=pen.codes(_marks(pen, rows)), body=_markup(pen, rows, columns), rest="",
    )  # fmt: skip
    return Drawn(body, title, alt, subtitle)


def _head(pen: Pen, rows: _Rows) -> str:
    return pen.words(f"labels.dimension_{rows.result.by[0]}")


def _marks(pen: Pen, rows: _Rows) -> list[str]:
    every = [reading for request in rows.result.requests for reading in rows.readings(pen, request)]
    return [reading.code() for reading in every if reading.known]


def _column(pen: Pen, rows: _Rows, request: str) -> _Column:
    spoken, readings = pen.spoken(request), rows.readings(pen, request)
    values = [reading.value for reading in readings]
    pale = [each.few or not each.known for each in readings]
    if rows.hidden:
        values.append(rows.rest(pen, request))
        pale.append(values[-1] is None)
    # The metric's name says what is counted; the head needs the scale only.
    printed = pen.words.numbers.column(values, spoken.unit)
    return _Column(
        spoken.full_name, printed.unit, printed.texts, tuple(NOTE if each else INK for each in pale)
    )


def _growth(pen: Pen, rows: _Rows, against: str) -> _Column:
    readings = rows.readings(pen, rows.result.requests[0])
    changes = [reading.change(against) for reading in readings]
    tones = [
        "plain" if change.flat else pen.tone(change.value, reading.spoken.better)
        for reading, change in zip(readings, changes, strict=True)
    ]
    head = pen.words("table.growth", name=readings[0].name, label=pen.words(f"labels.{against}"))
    return _padded(rows, _Column(head, "", tuple(map(str, changes)), tuple(TONES[tone] for tone in tones)))


def _has_targets(rows: _Rows) -> bool:
    frame, first = rows.result.frame, rows.result.requests[0]
    return "attainment" in frame.columns and bool(
        frame.loc[frame["metric"] == first, "attainment"].notna().any()
    )


def _attained(pen: Pen, rows: _Rows) -> _Column:
    readings = rows.readings(pen, rows.result.requests[0])
    texts = tuple(pen.words.numbers.rate(reading.number("attainment")) for reading in readings)
    colors = tuple(TONES[target_tone(pen, reading)] for reading in readings)
    head = pen.words("table.attained", name=readings[0].name)
    return _padded(rows, _Column(head, "", texts, colors))


def _padded(rows: _Rows, column: _Column) -> _Column:
    """Return a column with nothing to say in the row of the rest."""
    if not rows.hidden:
        return column
    return replace(column, texts=(*column.texts, MISSING), colors=(*column.colors, NOTE))


def _title(pen: Pen, rows: _Rows) -> str:
    words, request = pen.words, rows.result.requests[0]
    lead = Reading(pen, rows.result, request, {})
    total = sum(part.value or 0.0 for part in rows.found)
    if not rows.found:
        return words("trend.missing", name=lead.name)
    if len(rows.found) < 2 or total <= 0:
        return words("table.title_alone", name=lead.name, total=lead.money(total))
    top = rows.found[0]
    title = words(
        "table.title", top=top.name, name=lead.name, value=lead.money(top.value),
        share=words.numbers.rate(fractions(rows.found)[0]),
    )  # fmt: skip
    return title + _worst(pen, rows)


def _worst(pen: Pen, rows: _Rows) -> str:
    """Return who stands worst in the first rate with a direction, if enough cases stand behind it."""
    for request in rows.result.requests:
        spoken = pen.spoken(request)
        if spoken.unit not in _RATES or spoken.better == "none":
            continue
        dimension = rows.result.by[0]
        fit = [
            (part, reading)
            for part in rows.shown
            if (reading := Reading(pen, rows.result, request, {dimension: part.key})).known
            and not reading.few
        ]
        if len(fit) < 2:
            return ""
        high = spoken.better == "down"
        ranked = sorted(fit, key=lambda pair: pair[1].value or 0.0)
        if str(ranked[0][1]) == str(ranked[-1][1]):
            return ""
        part, reading = ranked[-1 if high else 0]
        return pen.words("table.worst", name=spoken.name, high=high, who=part.name, value=reading)
    return ""


def _markup(pen: Pen, rows: _Rows, columns: Sequence[_Column]) -> Markup:
    names = [pen.words("labels.total")] if rows.total is not None else []
    names += [part.name for part in rows.shown]
    names += [pen.words("labels.rest", count=len(rows.hidden))] if rows.hidden else []
    data = {"name": names} | {f"c{place}": list(column.texts) for place, column in enumerate(columns)}
    shown = GT(pd.DataFrame(data))
    labels: dict[str, Any] = {f"c{place}": html(_label(column)) for place, column in enumerate(columns)}
    shown = shown.cols_label(cases={"name": _head(pen, rows)} | labels)
    shown = shown.cols_align("right", list(labels)).cols_align("left", ["name"])
    for place, column in enumerate(columns):
        for color in sorted(set(column.colors) - {INK}):
            where = [row for row, each in enumerate(column.colors) if each == color]
            shown = shown.tab_style(style.text(color=color), loc.body([f"c{place}"], where))
    return markup_of(shown, total=rows.total is not None)


def _label(column: _Column) -> str:
    unit = Markup(' <span class="unit">{}</span>').format(column.unit) if column.unit else ""
    return f"{escape(column.head)}{unit}"


def markup_of(shown: GT, total: bool = False) -> Markup:
    """Return the markup of a table without its own style sheet, so that the house's rules apply.

    Its ids are left out: two tables of a report may have columns of one name. With `total` the first
    row is marked as the sum of the others.
    """
    markup = _WRAPPER.sub("", _STYLE.sub("", shown.as_raw_html()), count=1)
    markup = _IDS.sub("", markup)
    if total:
        head, body = markup.split("<tbody", 1)
        markup = head + "<tbody" + body.replace("<tr>", '<tr class="total">', 1)
    return Markup(markup)
