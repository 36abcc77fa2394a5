"""Tables of products: columns of numbers that share a unit, cells that may hold small drawings, one tone a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reportkit.show.display import Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING, Unit

__all__ = ["Column", "Table", "drawn", "numbers", "ranges", "texts"]


@dataclass(frozen=True)
class Column:
    """A head with its unit, and a cell a row; `tones` are good, bad, watch, plain, or empty for ink."""

    head: str
    cells: Sequence[str | Markup]
    unit: str = ""
    tones: Sequence[str] = ()
    right: bool = False


@dataclass(frozen=True)
class Table:
    """What a table says: its title, columns, the evidence codes, a small line beside the title and one below."""

    title: str
    columns: Sequence[Column]
    marks: Sequence[str] = ()
    subtitle: str = ""
    rest: str = ""


def texts(head: str, cells: Sequence[str | Markup], tones: Sequence[str] = ()) -> Column:
    """Return a column of words."""
    return Column(head, cells, tones=tones)


def numbers(
    pen: Pen,
    head: str,
    values: Sequence[float | None],
    unit: Unit,
    *,
    signed: bool = False,
    tones: Sequence[str] = (),
) -> Column:
    """Return a column of numbers in one unit with one count of decimals."""
    printed = pen.words.numbers.column(values, unit, signed=signed)
    return Column(head, printed.texts, printed.unit, tones, right=True)


def ranges(
    pen: Pen, head: str, triples: Sequence[tuple[float, float, float]], unit: Unit, *, signed: bool = False,
    tones: Sequence[str] = (),
) -> Column:  # fmt: skip
    """Return a column of values, each with its low and high end, all in one unit."""
    printed = pen.words.numbers.column([value for triple in triples for value in triple], unit, signed=signed)
    key = "product.range_signed" if signed else "product.range"
    cells = [
        pen.words(key, value=value, low=low, high=high)
        for value, low, high in zip(*[iter(printed.texts)] * 3, strict=True)
    ]
    return Column(head, cells, printed.unit, tones)


def drawn(pen: Pen, table: Table) -> Drawn:
    """Return `table` as a display; its alternative text names the columns."""
    body = (
        Markup('<div class="dense">{}</div>').format(_markup(table.columns)) if table.columns else Markup("")
    )
    html = fill(
        pen.project, "table.html", title=table.title, subtitle=table.subtitle, mark="", codes=pen.codes(table.marks),
        body=body, rest=table.rest,
    )  # fmt: skip
    heads = pen.words.list([column.head for column in table.columns if column.head])
    return Drawn(html, table.title, pen.words("table.alt", title=table.title, columns=heads), table.subtitle)


def _markup(columns: Sequence[Column]) -> Markup:
    heads = Markup("").join(_head(column) for column in columns)
    rows = range(len(columns[0].cells))
    body = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(_cell(column, row, place > 0) for place, column in enumerate(columns))
        )
        for row in rows
    )
    return Markup("<table><thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table>").format(heads, body)


def _head(column: Column) -> Markup:
    unit = Markup(' <span class="unit">{}</span>').format(column.unit) if column.unit else ""
    return Markup('<th class="{}">{}{}</th>').format(_side(column), column.head, unit)


def _cell(column: Column, row: int, whole: bool) -> Markup:
    """Return one cell; its words stand on one line where `whole`."""
    text, tone = column.cells[row], column.tones[row] if column.tones else ""
    kinds = [_side(column), "number" if whole else "", "label" if text == MISSING else tone]
    kind = " ".join(kind for kind in kinds if kind)
    return Markup('<td class="{}">{}</td>').format(kind, text)


def _side(column: Column) -> str:
    return "gt_right" if column.right else "gt_left"
