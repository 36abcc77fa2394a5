"""Which source a sheet belongs to, and in which row its header stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from reportkit.errors import AmbiguousFile, InputError, MissingColumn, UnknownFile
from reportkit.ingest.aliases import Renamed, renamed
from reportkit.ingest.form import normal
from reportkit.ingest.read import Sheet
from reportkit.ingest.source import Source

__all__ = ["Match", "claim", "match"]

_NEARLY = 0.5
_NAMES_SHOWN = 8


@dataclass(frozen=True)
class Match:
    """A sheet's source, its header row counted from 1, and where each raw column stands.

    `columns` maps the first name of a raw column to its position; an optional one may be absent.
    `first` is the position of the first named column.
    """

    source: Source
    header: int
    columns: dict[str, int]
    first: int = 0


def match(sheet: Sheet, sources: dict[str, Source], where: str, file_name: str) -> Match:
    """Return the one source that fits `sheet`.

    Raises UnknownFile, AmbiguousFile or MissingColumn; nothing is ever guessed.
    """
    source, header = claim(sheet, sources, where, file_name)
    if lost := renamed(source, sheet.head, header):
        raise _missing(lost, source, header, where)
    row = [normal(cell) for cell in sheet.head[header - 1]]
    first = next(place for place, name in enumerate(row) if name)
    return Match(source, header, _places(row, source, header, where), first)


def claim(sheet: Sheet, sources: dict[str, Source], where: str, file_name: str) -> tuple[Source, int]:
    """Return the source whose export `sheet` is, and its header row counted from 1.

    Where none fits, one that knows at least half of what it is recognised by will do: then columns were
    renamed or left out. Raises UnknownFile or AmbiguousFile.
    """
    rows = [[normal(cell) for cell in row] for row in sheet.head]
    fitting = [
        (_known(row, source), -number, source)
        for number, (row, names) in enumerate(zip(rows, map(set, rows), strict=True), start=1)
        for source in sources.values()
        if source.recognise.fits(names)
    ]
    if not fitting:
        return _nearly(rows, sources, where, file_name)
    best = max(known for known, *_ in fitting)
    header = -max(number for known, number, _ in fitting if known == best)
    claims = {source.id: source for _, number, source in fitting if number == -header}
    if len(claims) > 1:
        raise AmbiguousFile(
            f"row {header} fits {len(claims)} sources: {', '.join(sorted(claims))}",
            where=where,
            todo="add `without:` or more `headers:` to one of them under params/sources",
        )
    fits = next(iter(claims.values()))
    return _drifted(sheet.head, header, best, sources) or fits, header


def _drifted(
    head: Sequence[Sequence[str]], header: int, known: int, sources: dict[str, Source]
) -> Source | None:
    """Return the source that knows more of the header row than the one that fits, but for renamed columns.

    Without it a file whose amount was renamed would be taken for an export of the same kind without amounts.
    """
    row = [normal(cell) for cell in head[header - 1]]
    richer = [source for source in sources.values() if _known(row, source) > known and _may_be(row, source)]
    for source in sorted(richer, key=lambda source: -_known(row, source)):
        if all(column.now for column in renamed(source, head, header)):
            return source
    return None


def _known(row: list[str], source: Source) -> int:
    return len(source.known_names.intersection(row))


def _places(row: list[str], source: Source, header: int, where: str) -> dict[str, int]:
    counts, repeated = Counter(row), set(map(normal, source.repeats))
    places: dict[str, int] = {}
    for first, column in source.raw_columns.items():
        name = next((name for name in column.names if name in counts), None)
        if name is None:
            continue
        if counts[name] > 1 and name not in repeated:
            at = [str(place + 1) for place, cell in enumerate(row) if cell == name]
            raise InputError(
                f'row {header}: the header "{name}" stands in columns {" and ".join(at)}',
                where=where,
                todo="delete or rename the column that is not meant, then ingest again",
            )
        places[first] = row.index(name)
    return places


def _missing(lost: Sequence[Renamed], source: Source, header: int, where: str) -> MissingColumn:
    needed = ", ".join(f'"{column.name}"' for column in lost)
    near = [" or ".join(f'"{cell}"' for cell in column.now) for column in lost if column.now]
    found = (
        f"the nearest name{'s' * (len(near) > 1)} found {'are' if len(near) > 1 else 'is'} {', '.join(near)}"
    )
    doubtful = [column for column in lost if len(column.now) != 1]
    told = " ".join(
        f'--column "{column.name}={column.now[0] if column.now else "its name now"}"' for column in doubtful
    )
    todo = (
        f"if it was renamed: reportkit source accept FILE{' ' * bool(told)}{told}; "
        "if not, export again with that column ticked"
    )
    if source.kept:
        todo = f"write {needed} back into row {header}; reportkit forms writes the form anew"
    return MissingColumn(
        f"row {header}: source {source.id} needs the column{'s' * (len(lost) > 1)} {needed}; "
        f"{found if near else 'no name found is near it'}",
        where=where,
        todo=todo,
    )


def _nearly(
    rows: list[list[str]], sources: dict[str, Source], where: str, file_name: str
) -> tuple[Source, int]:
    scored = [
        (_share(row, source), _known(row, source), -number, source)
        for number, row in enumerate(rows, start=1)
        for source in sources.values()
        if _may_be(row, source)
    ]
    _, _, number, source = max(scored, key=lambda item: item[:3], default=(0.0, 0, -1, None))
    if source:
        return source, -number
    shown = max(rows, key=lambda row: sum(map(bool, row)), default=[])
    names = [cell for cell in shown if cell][:_NAMES_SHOWN]
    hint = [s.id for s in sources.values() if any(fnmatch(file_name, mask) for mask in s.recognise.file)]
    lead = f"; its name looks like {hint[0]}" if hint else ""
    raise UnknownFile(
        f"no source knows these columns: {', '.join(names)}{' …' if len(shown) > len(names) else ''}{lead}",
        where=where,
        todo="describe it in params/sources (reportkit source new FILE proposes how), "
        "or take it out of the inbox",
    )


def _may_be(row: list[str], source: Source) -> bool:
    excluded = set(row).intersection(map(normal, source.recognise.without))
    return not excluded and len(source.recognise.headers) > 1 and _share(row, source) >= _NEARLY


def _share(row: list[str], source: Source) -> float:
    needed = source.recognise.headers
    return 1 - len(source.recognise.missing_from(set(row))) / len(needed)
