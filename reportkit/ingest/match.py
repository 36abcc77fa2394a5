"""Which source a sheet belongs to, and in which row its header stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatch

from reportkit.errors import AmbiguousFile, InputError, MissingColumn, UnknownFile
from reportkit.ingest.read import Sheet
from reportkit.ingest.source import Source, aliases, normal

__all__ = ["Match", "match"]

_NEARLY = 0.5
_NAMES_SHOWN = 8


@dataclass(frozen=True)
class Match:
    """A sheet's source, its header row counted from 1, and where each raw column stands.

    `columns` maps the first name of a raw column to its position; an optional one may be absent.
    """

    source: Source
    header: int
    columns: dict[str, int]


def match(sheet: Sheet, sources: dict[str, Source], where: str, file_name: str) -> Match:
    """Return the one source that fits `sheet`.

    Raises UnknownFile, AmbiguousFile or MissingColumn; nothing is ever guessed.
    """
    rows = [[normal(cell) for cell in row] for row in sheet.head]
    fitting = [
        (_known(row, source), -number, source)
        for number, row in enumerate(rows, start=1)
        for source in sources.values()
        if source.recognise.fits(set(row))
    ]
    if not fitting:
        raise _not_recognised(rows, sources, where, file_name)
    best = max(known for known, *_ in fitting)
    header = -max(number for known, number, _ in fitting if known == best)
    claims = {source.id: source for _, number, source in fitting if number == -header}
    if len(claims) > 1:
        raise AmbiguousFile(
            f"row {header} fits {len(claims)} sources: {', '.join(sorted(claims))}",
            where=where,
            todo="add `without:` or more `headers:` to one of them under params/sources",
        )
    source = next(iter(claims.values()))
    return Match(source, header, _places(rows[header - 1], source, header, where))


def _known(row: list[str], source: Source) -> int:
    return len(source.known_names.intersection(row))


def _places(row: list[str], source: Source, header: int, where: str) -> dict[str, int]:
    counts = Counter(row)
    places: dict[str, int] = {}
    for first, column in source.raw_columns.items():
        name = next((name for name in column.names if name in counts), None)
        if name is None:
            if column.required:
                raise _missing(column.names, row, source, header, where)
            continue
        if counts[name] > 1:
            at = [str(place + 1) for place, cell in enumerate(row) if cell == name]
            raise InputError(
                f'row {header}: the header "{name}" stands in columns {" and ".join(at)}',
                where=where,
                todo="delete or rename the column that is not meant, then ingest again",
            )
        places[first] = row.index(name)
    return places


def _missing(names: Sequence[str], row: list[str], source: Source, header: int, where: str) -> MissingColumn:
    near = [close for name in names for close in get_close_matches(name, row, n=1, cutoff=0.4)]
    found = f'the nearest name found is "{near[0]}"' if near else "no name found is near it"
    return MissingColumn(
        f'row {header}: source {source.id} needs the column "{names[0]}"; {found}',
        where=where,
        todo=f"export again with that column ticked, or add the new name in params/sources/{source.id}.yaml",
    )


def _not_recognised(
    rows: list[list[str]], sources: dict[str, Source], where: str, file_name: str
) -> InputError:
    scored = [
        (_share(row, source), -number, source)
        for number, row in enumerate(rows, start=1)
        for source in sources.values()
        if not set(row).intersection(map(normal, source.recognise.without))
    ]
    share, number, source = max(scored, key=lambda item: (item[0], item[1]), default=(0.0, -1, None))
    if source and share >= _NEARLY and len(source.recognise.headers) > 1:
        row = rows[-number - 1]
        return _missing(aliases(source.recognise.missing_from(set(row))[0]), row, source, -number, where)
    shown = max(rows, key=lambda row: sum(map(bool, row)), default=[])
    names = [cell for cell in shown if cell][:_NAMES_SHOWN]
    hint = [s.id for s in sources.values() if any(fnmatch(file_name, mask) for mask in s.recognise.file)]
    lead = f"; its name looks like {hint[0]}" if hint else ""
    return UnknownFile(
        f"no source knows these columns: {', '.join(names)}{' …' if len(shown) > len(names) else ''}{lead}",
        where=where,
        todo="describe it in params/sources/<platform>/<export>.yaml, or take it out of the inbox",
    )


def _share(row: list[str], source: Source) -> float:
    needed = source.recognise.headers
    return 1 - len(source.recognise.missing_from(set(row))) / len(needed)
