"""What a form is made of: its texts from ``params/forms``, its rules from the sources that read it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportkit import schema
from reportkit.errors import ProjectError, suggest
from reportkit.ingest.form import Form, aliases, normal
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Book", "Cell", "Field", "Sheet", "Text", "load_books"]

Cell = str | int | float | date

_FOLDER = "params/forms"
_TYPED = ("date", "int", "number", "money")


class Text(Strict):
    """One text in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """Return the text in `lang`, ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class _SheetTexts(Strict):
    """One sheet of a form as YAML tells it: its columns from left to right, and rows that show how."""

    name: str
    columns: dict[str, Text]
    examples: list[dict[str, Cell]]


class _BookTexts(Strict):
    """``params/forms/<form>.yaml``; `sheets` are named by the sources that read them."""

    name: str
    about: Text
    sheets: dict[str, _SheetTexts]


@dataclass(frozen=True)
class Field:
    """A column of a sheet.

    `kind` is ``text``, ``id``, ``date``, ``int``, ``number``, ``percent``, ``money`` or ``word``; only a
    word has `words`, all that the cell may hold.
    """

    header: str
    about: Text
    kind: str
    required: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet to fill in, read back by `source`. A row whose first cell is `mark` is an example and is not."""

    source: str
    name: str
    mark: str
    fields: tuple[Field, ...]
    examples: tuple[dict[str, Cell], ...]


@dataclass(frozen=True)
class Book:
    """One form: a workbook of one sheet or more."""

    name: str
    about: Text
    sheets: tuple[Sheet, ...]


def load_books(project: Project) -> dict[str, Book]:
    """Return every form of the project and of reportkit itself, by id.

    Raises ProjectError naming the file and what does not fit.
    """
    sources = load_sources(project)
    books = {}
    for relative, path in project.resources(_FOLDER, "*.yaml").items():
        texts = load_model(_BookTexts, read_yaml(path), str(path))
        sheets = tuple(_sheet(name, body, sources, str(path)) for name, body in texts.sheets.items())
        books[relative.removesuffix(".yaml")] = Book(texts.name, texts.about, sheets)
    return books


def _sheet(name: str, texts: _SheetTexts, sources: dict[str, Source], where: str) -> Sheet:
    if name not in sources:
        raise ProjectError(f'no source "{name}", {suggest(name, sources)}', where=where)
    source = sources[name]
    if not source.skip_rows:
        raise ProjectError(f"source {name} needs skip_rows: its first word marks an example", where=where)
    _check_columns(source, texts, where)
    fields = tuple(_field(header, about, source) for header, about in texts.columns.items())
    return Sheet(name, texts.name, source.skip_rows[0], fields, tuple(texts.examples))


def _check_columns(source: Source, texts: _SheetTexts, where: str) -> None:
    """What the sheet offers is what the source reads, no more and no less."""
    offered = {normal(header) for header in texts.columns}
    known = {name for column in source.raw_columns.values() for name in column.names}
    if unread := sorted(offered - known):
        raise ProjectError(
            f'source {source.id} reads no "{unread[0]}", {suggest(unread[0], known)}', where=where
        )
    missing = [
        first for first, column in source.raw_columns.items() if not offered.intersection(column.names)
    ]
    if missing:
        raise ProjectError(f'source {source.id} reads "{missing[0]}", which has no column here', where=where)
    for header in {header for row in texts.examples for header in row}:
        if header not in texts.columns:
            raise ProjectError(f'an example fills "{header}", {suggest(header, texts.columns)}', where=where)


def _field(header: str, about: Text, source: Source) -> Field:
    """Gather what every column made from `header` asks of its cells."""
    made = [
        (schema.table(table).column(column), form)
        for table, column, form in source.forms()
        if form.raw and normal(header) in aliases(form.raw_columns()[0])
    ]
    required = any(column.required for column, _ in made)
    for _, form in made:
        if form.map is not None:
            return Field(header, about, "word", required, _words(form, source))
    kinds = [_kind(column.type, form) for column, form in made]
    return Field(header, about, kinds[0] if kinds else "text", required)


def _words(form: Form, source: Source) -> tuple[str, ...]:
    words = source.vocabularies[form.map] if isinstance(form.map, str) else form.map or {}
    return tuple(str(word) for word in words)


def _kind(kind: str, form: Form) -> str:
    if form.id:
        return "id"
    if form.number == "%":
        return "percent"
    return kind if kind in _TYPED else "text"
