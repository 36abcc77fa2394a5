"""New names of known columns, written into the project's own copy of a source."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reportkit.errors import InputError, ReportkitError, UnknownFile, suggest
from reportkit.ingest.aliases import Renamed, renamed
from reportkit.ingest.form import normal
from reportkit.ingest.match import claim, match
from reportkit.ingest.passwords import Ask, Passwords
from reportkit.ingest.read import Sheet, sheets
from reportkit.ingest.rewrite import with_aliases, with_exclusions
from reportkit.ingest.sniff import Document, documents
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project

__all__ = ["Accepted", "accept", "opened"]


@dataclass(frozen=True)
class Accepted:
    """What was written: the new name of each column by its first old one, and the files that hold it.

    The first of `paths` is the source's own; the others are sources that were told apart by the old name.
    """

    source: str
    columns: dict[str, str]
    paths: tuple[Path, ...]


def accept(
    project: Project, file: Path, columns: Mapping[str, str] | None = None, *, ask: Ask | None = None
) -> list[Accepted]:
    """Write the new column names of `file` into ``params/sources`` of the project, one entry a source.

    `columns` says what a column is called now, by any of its names so far; what it does not say must be
    beyond doubt. The source is copied from the shipped one where the project has none; comments and layout
    stay as they are. Raises InputError where nothing was renamed or the new name is in doubt.
    """
    told = {normal(old): new for old, new in (columns or {}).items()}
    written: dict[str, Accepted] = {}
    sources = load_sources(project)
    with opened(project, file, ask) as found:
        for document, sheet in found:
            try:
                source, header = claim(sheet, sources, document.label, document.name)
            except UnknownFile:
                continue
            if lost := renamed(source, sheet.head, header):
                now = _decided(lost, told, sheet.head[header - 1], document.label)
                paths = _write(project, sources, source, now, document, sheet)
                written[source.id] = Accepted(
                    source.id, {column.name: now[column.names] for column in lost}, tuple(paths)
                )
    if not written:
        raise InputError(
            "no known export with a renamed column",
            where=str(file),
            todo="ingest it, or describe it: reportkit source new FILE",
        )
    return list(written.values())


@contextmanager
def opened(
    project: Project, file: Path, ask: Ask | None = None
) -> Iterator[Iterator[tuple[Document, Sheet]]]:
    """Open the sheets of `file`, a path of its own or one in the inbox; what was unpacked is deleted after.

    Raises InputError where there is no such file.
    """
    path = next((each for each in (file, project.inbox / file) if each.is_file()), None)
    if path is None:
        raise InputError("no such file", where=str(file), todo="name a file, here or in the inbox")
    project.lake.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".staging-", dir=project.lake) as scratch:
        found = documents(path, str(file), Path(scratch), Passwords(ask))
        yield ((document, sheet) for document in found for sheet in sheets(document))


def _decided(
    lost: list[Renamed], told: Mapping[str, str], row: list[str], where: str
) -> dict[tuple[str, ...], str]:
    """Return the new name of each lost column, by its names so far."""
    headers = {normal(cell): " ".join(cell.split()) for cell in row if cell.strip()}
    decided = {}
    for column in lost:
        given = next((told[name] for name in column.names if name in told), None)
        if given is not None and normal(given) not in headers:
            raise InputError(
                f'--column: the header row holds no "{given}"',
                where=where,
                todo=suggest(given, headers.values()),
            )
        if given is None and len(column.now) != 1:
            maybe = " or ".join(f'"{name}"' for name in column.now) or "any column"
            raise InputError(
                f'"{column.name}" may now be {maybe}',
                where=where,
                todo=f'say which: --column "{column.name}={column.now[0] if column.now else "its name now"}"',
            )
        decided[column.names] = headers[normal(given)] if given is not None else column.now[0]
    if len(set(decided.values())) < len(decided):
        raise InputError(
            f"two columns cannot both be {sorted(decided.values())}",
            where=where,
            todo='say which is which: --column "old=new"',
        )
    return decided


def _write(
    project: Project,
    sources: dict[str, Source],
    source: Source,
    now: Mapping[tuple[str, ...], str],
    document: Document,
    sheet: Sheet,
) -> dict[Path, str]:
    """Write the new names, and into sources that are told apart by the old ones that they exclude the new.

    Returns the source of each file written. What does not lead to a match is taken back.
    """
    drafts = {source.id: with_aliases(_text(project, source.id), now)}
    for other in _told_apart(sources, source, now, sheet):
        drafts[other] = with_exclusions(_text(project, other), now)
    paths = {project.root / _file(name): name for name in drafts}
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    for path, name in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drafts[name].encode())
    try:
        match(sheet, load_sources(project), document.label, document.name)
    except ReportkitError:
        for path, content in before.items():
            path.unlink()
            if content is not None:
                path.write_bytes(content)
        raise
    return paths


def _told_apart(
    sources: dict[str, Source], source: Source, now: Mapping[tuple[str, ...], str], sheet: Sheet
) -> Iterator[str]:
    """Yield the sources that take the sheet for theirs because a column they exclude was renamed."""
    old = {name for names in now for name in names}
    rows = [set(map(normal, row)) for row in sheet.head]
    for other in sources.values():
        excluded = old.intersection(map(normal, other.recognise.without))
        if other.id != source.id and excluded and any(map(other.recognise.fits, rows)):
            yield other.id


def _file(source: str) -> str:
    return f"params/sources/{source}.yaml"


def _text(project: Project, source: str) -> str:
    return project.resource(_file(source)).read_bytes().decode()
