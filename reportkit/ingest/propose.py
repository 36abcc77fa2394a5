"""A stranger's file: which table it may feed, and how its columns may be read. Guesses, for a person to check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from reportkit import schema
from reportkit.errors import InputError, ReportkitError
from reportkit.ingest.accept import opened
from reportkit.ingest.aliases import likeness
from reportkit.ingest.form import Form, WordMap, aliases, normal
from reportkit.ingest.looks import LOOKS_OF, Look, looks, said
from reportkit.ingest.match import match
from reportkit.ingest.passwords import Ask
from reportkit.ingest.read import Sheet
from reportkit.ingest.sniff import Document, kind_of
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project

__all__ = ["Guess", "Proposal", "RawGuess", "lacking", "propose"]

_NEAR = 0.75
_NEAR_WORTH = 0.5
_SAMPLE_ROWS = 2000
_SHOWN = 8
_TOTALS = ("合计", "总计", "汇总", "总和", "Total", "total", "TOTAL")
_NEAREST = 12
_TOGETHER = ("orders", "order_lines")
# Columns that the draft of a source makes from others.
_FOLLOWS = {"traffic": ("date_to", "scope", "period_grain")}
_PERSONAL = re.compile(
    r"姓名|收[件货]人|联系|电话|手机|地址|邮箱|身份证|昵称|会员名|旺旺|留言"
    r"|phone|mobile|address|e-?mail|passport|^name$"
    r"|(?:buyer|customer|recipient|receiver|consignee|shipping|billing|first|last|full)[ _]?name",
    re.IGNORECASE,
)
_PROVINCE = re.compile(r'province\("?\w+"?\)')
_PHONE = re.compile(r"'?(?:\+?86)?1\d{10}")


@dataclass(frozen=True)
class RawGuess:
    """A column of the file: its header, up to 2000 of its cells that hold a value, and what they may be."""

    header: str
    cells: tuple[str, ...]
    looks: frozenset[Look]
    personal: bool


@dataclass(frozen=True)
class Guess:
    """How a column of a table may be made.

    `like` is a form that some source uses for a header of this name, or one as near as `near` says.
    `words` maps the words met to ours; `unknown` are those that no source maps.
    """

    raw: RawGuess
    like: Form
    near: str = ""
    words: WordMap = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What a file seems to be. `header` counts from 1; `tables` holds the guesses by table and column.

    `lacking` are the columns, as ``table.column``, that a table must have and the file does not tell;
    `unmapped` the columns of the file that went nowhere; `footers` what its total rows begin with.
    """

    file: str
    kind: str
    sheet: str
    header: int
    columns: tuple[RawGuess, ...]
    tables: dict[str, dict[str, Guess]]
    lacking: tuple[str, ...]
    unmapped: tuple[RawGuess, ...]
    footers: tuple[str, ...]


def propose(project: Project, file: Path, *, ask: Ask | None = None) -> Proposal:
    """Return what `file`, which no source reads, seems to be: its sheet and header row, columns and table.

    Raises InputError for a file that a source reads already or that holds no table.
    """
    sources = load_sources(project)
    known = _Known(sources)
    with opened(project, file, ask) as found:
        drafts = [
            _read(document, sheet, header, known)
            for document, sheet in found
            if (header := _header(sheet, known, sources, document))
        ]
    best = max(drafts, key=_told, default=None)
    if best is None:
        raise InputError("it holds no row of headers", where=str(file), todo="look at it in a spreadsheet")
    if not _told(best):
        names = ", ".join(raw.header for raw in best.columns[:_SHOWN])
        raise InputError(
            f"none of its columns is like any that a source reads: {names}",
            where=str(file),
            todo="write the source by hand, see docs/sources.md",
        )
    return best


def _told(proposal: Proposal) -> int:
    return sum(map(len, proposal.tables.values()))


class _Known:
    """What the sources at hand say of headers: which columns of tables they feed, how, and which are personal."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.uses: dict[str, Counter[tuple[str, str]]] = {}
        self.forms: dict[tuple[str, str, str], Form] = {}
        self.words: dict[tuple[str, str], WordMap] = {}
        self.personal = {normal(name) for source in sources.values() for name in source.personal}
        for source in sources.values():
            for table, column, form in source.forms():
                self._learn(source, table, column, form)
        self.folded: dict[str, list[str]] = {}
        for name in self.uses:
            self.folded.setdefault(name.casefold(), []).append(name)

    def _learn(self, source: Source, table: str, column: str, form: Form) -> None:
        specs = form.raw_columns()
        own_sql = form.sql and not _PROVINCE.fullmatch(form.sql)
        if len(specs) != 1 or own_sql or form.marks or form.spread or column == "platform_id":
            return
        for name in aliases(specs[0]):
            self.uses.setdefault(name, Counter())[table, column] += 1
            self.forms.setdefault((name, table, column), form)
        words = source.vocabularies.get(form.map, {}) if isinstance(form.map, str) else form.map or {}
        self.words[table, column] = words | self.words.get((table, column), {})

    def near(self, raw: RawGuess) -> list[tuple[str, float]]:
        """Return the names that sources use which are this header or near it, each with how near, up to 1."""
        header = normal(raw.header).casefold()
        found = get_close_matches(header, self.folded, n=_NEAREST, cutoff=_NEAR)
        return [(name, likeness(name, header)) for folded in found for name in self.folded[folded]]

    def fits(self, raw: RawGuess, table: str, column: str, name: str) -> bool:
        """Tell whether the cells can be what a source reads from a column of that name."""
        form = self.forms[name, table, column]
        kind = schema.table(table).column(column).type
        if form.private:
            return True
        typed = form.map is None and kind in LOOKS_OF and bool(raw.cells)
        return not raw.personal and (not typed or bool(raw.looks & LOOKS_OF[kind]))


def _header(sheet: Sheet, known: _Known, sources: dict[str, Source], document: Document) -> int | None:
    """Return the row that most looks like headers: many known names, then many texts that are no values."""
    try:
        fits = match(sheet, sources, document.label, document.name).source.id
    except ReportkitError:
        fits = ""
    if fits:
        raise InputError(f"source {fits} reads it already", where=document.label, todo="reportkit ingest")
    scores = []
    for number, row in enumerate(sheet.head, start=1):
        names = {cell.strip() for cell in row if cell.strip() and not looks([cell])}
        heard = sum(normal(name) in known.uses for name in names)
        if len(names) > 1:
            scores.append((2 * heard + len(names), -number))
    return -max(scores)[1] if scores else None


def _read(document: Document, sheet: Sheet, header: int, known: _Known) -> Proposal:
    columns, footers = _columns(sheet, header, known)
    tables = _tables(columns, known)
    used = {guess.raw.header for guesses in tables.values() for guess in guesses.values()}
    return Proposal(
        file=document.name,
        kind=kind_of(document.path),
        sheet=sheet.name,
        header=header,
        columns=columns,
        tables=tables,
        lacking=tuple(lacking(tables)),
        unmapped=tuple(raw for raw in columns if raw.header not in used and not raw.personal),
        footers=footers,
    )


def _columns(sheet: Sheet, header: int, known: _Known) -> tuple[tuple[RawGuess, ...], tuple[str, ...]]:
    row = sheet.head[header - 1]
    places = {" ".join(cell.split()): place for place, cell in enumerate(row) if cell.strip()}
    cells: dict[str, list[str]] = {name: [] for name in places}
    footers: set[str] = set()
    first = next(iter(places))
    for batch in sheet.read(header, places):
        footers |= {
            word for cell in batch.column(first).to_pylist() for word in _TOTALS if cell.startswith(word)
        }
        for name, taken in cells.items():
            taken += batch.column(name).to_pylist()[: _SAMPLE_ROWS - len(taken)]
    columns = []
    for name, taken in cells.items():
        values = [cell for cell in said(taken) if not cell.startswith(_TOTALS)]
        columns.append(
            RawGuess(name, tuple(values), frozenset(looks(values)), _is_personal(name, values, known))
        )
    return tuple(columns), tuple(sorted(footers))


def _is_personal(name: str, values: Sequence[str], known: _Known) -> bool:
    phones = sum(bool(_PHONE.fullmatch(value)) for value in values)
    return normal(name) in known.personal or bool(_PERSONAL.search(name)) or 2 * phones > len(values) > 0


def _tables(columns: Sequence[RawGuess], known: _Known) -> dict[str, dict[str, Guess]]:
    """Return the guesses for the nearest table; an order file often tells of orders and of their lines."""
    near = [(raw, known.near(raw)) for raw in columns]
    drafts = {
        name: _guesses(near, name, known) for name, table in schema.tables().items() if not table.governance
    }
    lacks = {name: lacking({name: guesses}) for name, guesses in drafts.items()}

    def worth(name: str) -> float:
        telling = sum(_NEAR_WORTH if guess.near else 1.0 for guess in drafts[name].values())
        return telling - len(lacks[name])

    best = max(drafts, key=worth)
    whole = [name for name in _TOGETHER if best in _TOGETHER and not lacks[name]]
    return {name: drafts[name] for name in whole or [best]}


def _guesses(
    near: Sequence[tuple[RawGuess, list[tuple[str, float]]]], table: str, known: _Known
) -> dict[str, Guess]:
    """Give each column of `table` the header nearest to a name it is known by, the nearest pairs first."""
    pairs = [
        (alike, count, place, name, column)
        for place, (raw, names) in enumerate(near)
        for name, alike in names
        for (owner, column), count in known.uses[name].items()
        if owner == table and known.fits(raw, table, column, name)
    ]
    pairs.sort(key=lambda pair: (-pair[0], -pair[1], pair[2]))
    found: dict[str, Guess] = {}
    fed_by: dict[int, str] = {}
    # First one column a header; then those that a source makes from one and the same name.
    for alone in (True, False):
        for alike, _, place, name, column in pairs:
            free = place not in fed_by if alone else fed_by.get(place, name) == name
            if free and column not in found:
                fed_by[place] = name
                found[column] = _guess(near[place][0], known, (name, table, column), alike)
    return {column.name: found[column.name] for column in schema.table(table).own if column.name in found}


def _guess(raw: RawGuess, known: _Known, use: tuple[str, str, str], alike: float) -> Guess:
    form, (name, *target) = known.forms[use], use
    met = dict.fromkeys(raw.cells) if form.map is not None else {}
    words = known.words.get((target[0], target[1]), {})
    return Guess(
        raw,
        form,
        near="" if alike == 1 else name,
        words={word: words[word] for word in met if word in words},
        unknown=tuple(word for word in met if word not in words),
    )


def lacking(tables: dict[str, dict[str, Guess]]) -> list[str]:
    """Return, as ``table.column``, what `tables` must have and neither a guess nor the table itself tells."""
    return [
        f"{name}.{column.name}"
        for name, guesses in tables.items()
        for column in schema.table(name).own
        if column.required
        and column.derived_from is None
        and column.name not in {*guesses, "order_key", *_FOLLOWS.get(name, ())}
    ]
