"""A form as an .xlsx: typed columns, drop-downs, examples, and a sheet that explains every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from reportkit.forms.model import Book, Cell, Field, Sheet, Text
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Columns", "Writer"]

Columns = Mapping[str, Sequence[Cell | None]]

_TEXTS = "params/forms.yaml"
_WRITTEN = datetime(2000, 1, 1)  # the same form is the same bytes
_LAST_ROW = 1_048_575
_TITLE_MAX, _MESSAGE_MAX = 32, 255  # what a spreadsheet shows beside a cell
_WIDTHS = {"text": 24, "id": 22, "date": 13, "int": 10, "number": 12, "percent": 12, "money": 14, "word": 14}
_NUMBER_FORMATS = {"text": "@", "id": "@", "word": "@", "date": "yyyy-mm-dd", "money": "#,##0.00"}
_GUIDE_WIDTHS = (22, 12, 60, 44, 60)
_DARK, _LIGHT, _PALE = "#1f2933", "#e4e7eb", "#7b8794"


class _Guide(Strict):
    sheet: str
    lists: str
    columns: list[str]
    required: str
    optional: str
    join: str
    refused: str


class _Mark(Strict):
    header: str
    about: Text


class _Texts(Strict):
    """``params/forms.yaml``: what all workbooks say."""

    mark: _Mark
    guide: dict[str, _Guide]
    kinds: dict[str, Text]
    rules: dict[str, list[str]]


class Writer:
    """Writes the forms of one project in its language; headers and words are Chinese in any language."""

    def __init__(self, project: Project) -> None:
        path = project.resource(_TEXTS)
        self._lang = project.settings.lang
        self._texts = load_model(_Texts, read_yaml(path), str(path))
        self._guide = self._texts.guide[self._lang]

    def write(
        self,
        book: Book,
        path: Path,
        entries: Mapping[str, Columns] | None = None,
        written: datetime = _WRITTEN,
    ) -> None:
        """Write `book` to `path`, over whatever stands there.

        `entries` are filled in below the examples: by the source of the sheet, columns of equal length by
        header, None where a cell stays empty. `written` is the time that stands inside the workbook.
        """
        with xlsxwriter.Workbook(path) as file:
            file.set_properties({"title": book.name, "created": written})
            styles = _Styles(file)
            pages = [(file.add_worksheet(sheet.name), sheet) for sheet in book.sheets]
            self._explain(file.add_worksheet(self._guide.sheet), book, styles)
            lists = _Lists(file.add_worksheet(self._guide.lists))
            for page, sheet in pages:
                self._fill(page, sheet, styles, lists)
                self._enter(page, sheet, (entries or {}).get(sheet.source, {}), styles)

    def _fill(self, page: Any, sheet: Sheet, styles: _Styles, lists: _Lists) -> None:
        page.freeze_panes(1, 1)
        for place, field in enumerate(self._fields(sheet)):
            page.set_column(place, place, _width(field), styles.cells(field.kind))
            page.write_string(0, place, field.header, styles.header(field.required))
            page.data_validation(1, place, _LAST_ROW, place, self._validation(field, lists))
        for row, example in enumerate(sheet.examples, start=1):
            shown = {self._texts.mark.header: sheet.mark, **example}
            for place, field in enumerate(self._fields(sheet)):
                if field.header in shown:
                    _write(page, row, place, shown[field.header], styles.example(field.kind))

    def _enter(self, page: Any, sheet: Sheet, columns: Columns, styles: _Styles) -> None:
        first = len(sheet.examples) + 1
        for place, field in enumerate(self._fields(sheet)):
            style = styles.cells(field.kind)
            for row, cell in enumerate(columns.get(field.header, ()), start=first):
                if cell is not None:
                    _write(page, row, place, cell, style)

    def _fields(self, sheet: Sheet) -> list[Field]:
        """The sheet's columns behind the one that marks examples."""
        mark = self._texts.mark
        return [Field(mark.header, mark.about, "text", required=False), *sheet.fields]

    def _validation(self, field: Field, lists: _Lists) -> dict[str, Any]:
        how = self._texts.kinds[field.kind].of(self._lang)
        told = {
            "input_title": field.header[:_TITLE_MAX],
            "input_message": f"{field.about.of(self._lang)}\n{how}"[:_MESSAGE_MAX],
            "error_title": field.header[:_TITLE_MAX],
            "error_message": f"{self._guide.refused}\n{how}"[:_MESSAGE_MAX],
        }
        if field.kind == "word":
            return told | {"validate": "list", "source": lists.add(field.words)}
        if field.kind == "date":
            return told | {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
        if field.kind in ("number", "percent", "money"):
            return told | {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12}
        if field.kind == "int":
            return told | {"validate": "integer", "criteria": ">=", "value": 0}
        return told | {"validate": "any"}

    def _explain(self, page: Any, book: Book, styles: _Styles) -> None:
        for place, width in enumerate(_GUIDE_WIDTHS):
            page.set_column(place, place, width)
        lines: list[list[str]] = [[book.name], [book.about.of(self._lang)]]
        lines += [[f"{number}. {rule}"] for number, rule in enumerate(self._texts.rules[self._lang], start=1)]
        for number, (text,) in enumerate(lines):
            page.write_string(number, 0, text, styles.title if number == 0 else None)
        row = len(lines) + 1
        for sheet in book.sheets:
            row = self._explain_sheet(page, sheet, row, styles)

    def _explain_sheet(self, page: Any, sheet: Sheet, row: int, styles: _Styles) -> int:
        """Explain `sheet` from `row` on, counted from 0; return the next free row."""
        page.write_string(row, 0, sheet.name, styles.title)
        _write_row(page, row + 1, self._guide.columns, styles.header(required=True))
        for place, field in enumerate(self._fields(sheet)):
            _write_row(page, row + 2 + place, self._explanation(place, field), styles.wrapped)
        return row + len(sheet.fields) + 4

    def _explanation(self, place: int, field: Field) -> list[str]:
        """One line of the guide. A header stands behind its letter, so no source takes the line for its own."""
        letter = xlsxwriter.utility.xl_col_to_name(place)
        return [
            f"{letter} {field.header}",
            self._guide.required if field.required else self._guide.optional,
            field.about.of(self._lang),
            self._texts.kinds[field.kind].of(self._lang),
            self._guide.join.join(field.words),
        ]


class _Lists:
    """The hidden sheet that drop-downs read from: a list typed into a rule may have 255 characters only."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._ranges: dict[tuple[str, ...], str] = {}
        page.hide()

    def add(self, words: tuple[str, ...]) -> str:
        """Return the range that holds `words`."""
        if words not in self._ranges:
            place = len(self._ranges)
            for row, word in enumerate(words):
                self._page.write_string(row, place, word)
            cells = xlsxwriter.utility.xl_range_abs(0, place, len(words) - 1, place)
            self._ranges[words] = f"='{self._page.get_name()}'!{cells}"
        return self._ranges[words]


class _Styles:
    """Cell styles of one workbook."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._known: dict[tuple[str, str], Any] = {}
        self.title = file.add_format({"bold": True, "font_size": 13})
        self.wrapped = file.add_format(
            {"text_wrap": True, "valign": "top", "border": 1, "border_color": _LIGHT}
        )
        dark = {"bold": True, "bg_color": _DARK, "font_color": "#ffffff"}
        light = {"bold": True, "bg_color": _LIGHT, "font_color": _DARK}
        self._headers = {True: file.add_format(dark), False: file.add_format(light)}

    def header(self, required: bool) -> Any:
        """Style of a header: dark where its cells must be filled."""
        return self._headers[required]

    def cells(self, kind: str) -> Any:
        """Style of a column to fill in."""
        return self._style("cells", kind, {})

    def example(self, kind: str) -> Any:
        """Style of an example's cell."""
        return self._style("example", kind, {"italic": True, "font_color": _PALE})

    def _style(self, use: str, kind: str, look: dict[str, Any]) -> Any:
        if (use, kind) not in self._known:
            shown = {"num_format": _NUMBER_FORMATS[kind]} if kind in _NUMBER_FORMATS else {}
            self._known[use, kind] = self._file.add_format(look | shown)
        return self._known[use, kind]


def _width(field: Field) -> int:
    """Column width in characters; a Chinese one takes two."""
    return max(_WIDTHS[field.kind], 2 * len(field.header) + 2)


def _write_row(page: Any, row: int, texts: Iterable[str], style: Any) -> None:
    for place, text in enumerate(texts):
        page.write_string(row, place, text, style)


def _write(page: Any, row: int, place: int, cell: Cell, style: Any) -> None:
    """Write a typed cell. Text is always a string, so none becomes a formula."""
    if isinstance(cell, date):
        page.write_datetime(row, place, cell, style)
    elif isinstance(cell, str):
        page.write_string(row, place, cell, style)
    else:
        page.write_number(row, place, cell, style)
