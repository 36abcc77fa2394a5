"""From an inbox full of files to a published snapshot, with an account of every row."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
from deltalake.exceptions import DeltaError, SchemaMismatchError

from reportkit import schema
from reportkit.engines import connect, relation_sql
from reportkit.errors import InputError, LakeError, UnknownFile
from reportkit.ingest.books import account, write_files, write_rejects, write_totals
from reportkit.ingest.candidate import Candidate
from reportkit.ingest.load import merge
from reportkit.ingest.notes import notes
from reportkit.ingest.passwords import Ask, Passwords
from reportkit.ingest.read import Sheet, sheets
from reportkit.ingest.sniff import Document, documents
from reportkit.ingest.source import load_sources
from reportkit.ingest.stage import Stage, Stager
from reportkit.lake import Lake, Snapshot
from reportkit.project import Project

__all__ = ["FileResult", "IngestResult", "ingest"]

State = Literal["loaded", "known", "failed", "ignored"]
Progress = Callable[[str, int, int], None]

_IGNORED_PREFIXES = (".", "~$")
_IGNORED_SUFFIX = ".json"  # what programs write for each other; no back office exports it
_MEMORY, _MEMORY_OF_LAYOUT = 300, 4  # MB; every layout keeps a few blocks in use
_STAGING = ".staging-"


@dataclass
class FileResult:
    """What became of one sheet. Counts are rows; `notes` say what was refused and where it stands first."""

    path: str
    state: State
    sheet: str = ""
    source: str = ""
    read: int = 0
    accepted: int = 0
    superseded: int = 0
    rejected: int = 0
    skipped: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class IngestResult:
    """Every sheet met, and the snapshot readers see from now on."""

    files: list[FileResult]
    snapshot: Snapshot

    @property
    def failed(self) -> list[FileResult]:
        return [file for file in self.files if file.state == "failed"]


def ingest(
    project: Project,
    paths: Iterable[Path] | None = None,
    *,
    exported_at: datetime | None = None,
    progress: Progress | None = None,
    ask: Ask | None = None,
) -> IngestResult:
    """Read `paths` (default: the project's inbox) into the lake and publish a snapshot.

    A file that cannot be read becomes a `FileResult` with state ``failed``; the others still load.
    `exported_at` (UTC, naive) overrides the time a file says it was written. `progress` is called with
    (file, number, of how many), `ask` with a zip whose password nobody has told: it returns it, or None
    to pass the file over. Raises LakeError or ProjectError; the lake is then as it was.
    """
    return _Ingest(project, exported_at, progress or (lambda *_: None), Passwords(ask)).run(paths)


class _Ingest:
    def __init__(
        self, project: Project, exported_at: datetime | None, progress: Progress, passwords: Passwords
    ) -> None:
        self.project, self.exported_at, self.progress = project, exported_at, progress
        self.passwords = passwords
        self.lake = Lake(project.lake)
        self.sources = load_sources(project)
        self.results: list[FileResult] = []
        self.loading: list[tuple[FileResult, Candidate]] = []
        self.seen: set[str] = set()
        self.read = 0

    def run(self, paths: Iterable[Path] | None) -> IngestResult:
        files = list(_files([self.project.inbox] if paths is None else paths))
        with _disk_errors(self.lake), self.lake.writing():
            for left in self.lake.root.glob(f"{_STAGING}*"):
                shutil.rmtree(left, ignore_errors=True)  # of an ingest that was killed
            scratch = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self.lake.root))
            connection = connect(
                memory_limit=f"{_MEMORY}MB",
                temp_directory=str(scratch / "spill"),
                preserve_insertion_order=False,
            )
            try:
                self._load(files, connection, scratch)
            finally:
                connection.close()
                shutil.rmtree(scratch, ignore_errors=True)
            return IngestResult(self.results, self.lake.publish())

    def _load(self, files: list[Path], connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        before = self.lake.snapshot()
        self.known = self._known_files(before, connection)
        stager = Stager(self.project, self.sources, connection, self.exported_at)
        for path in files:
            self._open(path, stager, scratch)
        layouts = {(one.match.source.id, *sorted(one.match.columns)) for _, one in self.loading}
        connection.execute(f"SET memory_limit = '{_MEMORY + _MEMORY_OF_LAYOUT * len(layouts)}MB'")
        stages = list(stager.stages([candidate for _, candidate in self.loading], self._on_read))
        if stages:
            connection.execute(
                "CREATE TEMP TABLE lost (source_file VARCHAR, source_sheet VARCHAR, source_row BIGINT)"
            )
            facts = [table for table in schema.tables().values() if not table.governance]
            losers = set().union(*(merge(self.lake, before, table, stages, connection) for table in facts))
            account(self.lake, stages, connection)
            write_rejects(self.lake, before, stages, connection)
            write_totals(self.lake, before, stages, connection)
            write_files(self.lake, before, stages, losers, connection)
        self._report(stages, connection)

    def _known_files(
        self, before: Snapshot, connection: duckdb.DuckDBPyConnection
    ) -> dict[str, set[tuple[str, str]]]:
        """The (source, version) pairs that have read each file already."""
        records = relation_sql(schema.table("files"), self.lake.files("files", before))
        known: dict[str, set[tuple[str, str]]] = {}
        sql = f"SELECT source_file, source_id, source_version FROM ({records})"
        for file, source, version in connection.execute(sql).fetchall():
            known.setdefault(file, set()).add((source, version))
        return known

    def _open(self, path: Path, stager: Stager, scratch: Path) -> None:
        label = self._label(path)
        if path.suffix.lower() == _IGNORED_SUFFIX:
            self.results.append(FileResult(label, "ignored"))
            return
        try:
            for document in documents(path, label, scratch, self.passwords):
                self._match(document, stager)
        except InputError as error:
            self.results.append(FileResult(label, "failed", notes=[str(error)]))

    def _match(self, document: Document, stager: Stager) -> None:
        if document.id in self.seen or self._is_known(document):
            self.results.append(FileResult(document.label, "known"))
            return
        self.seen.add(document.id)
        found = [self._match_sheet(document, sheet, stager) for sheet in sheets(document)]
        if all(result.state == "ignored" for result in found):
            for result in found:
                result.state = "failed"
        self.results += found

    def _match_sheet(self, document: Document, sheet: Sheet, stager: Stager) -> FileResult:
        try:
            candidate = stager.candidate(document, sheet)
        except InputError as error:
            state: State = "ignored" if isinstance(error, UnknownFile) else "failed"
            return FileResult(document.label, state, sheet.name, notes=[str(error)])
        result = FileResult(document.label, "loaded", sheet.name, candidate.match.source.id)
        self.loading.append((result, candidate))
        return result

    def _on_read(self, candidate: Candidate) -> None:
        self.read += 1
        self.progress(candidate.place, self.read, len(self.loading))

    def _is_known(self, document: Document) -> bool:
        """Whether the same bytes were read before, by sources that have not changed since."""
        pairs = self.known.get(document.id, set())
        return bool(pairs) and all(
            source in self.sources and self.sources[source].version == version for source, version in pairs
        )

    def _label(self, path: Path) -> str:
        inbox = self.project.inbox
        return path.relative_to(inbox).as_posix() if path.is_relative_to(inbox) else str(path)

    def _report(self, stages: list[Stage], connection: duckdb.DuckDBPyConnection) -> None:
        """Carry the counts, and what was refused and why, from the sheets to the results."""
        reasons = {id(sheet): notes(stage, sheet, connection) for stage in stages for sheet in stage.sheets}
        for result, sheet in self.loading:
            if sheet.problem:
                result.state, result.notes = "failed", [str(sheet.problem)]
                continue
            result.read, result.accepted, result.superseded = sheet.read, sheet.accepted, sheet.superseded
            result.rejected, result.skipped = sheet.rejected, sheet.skipped
            result.notes = reasons[id(sheet)]


@contextmanager
def _disk_errors(lake: Lake) -> Iterator[None]:
    """Turn a full or failing disk into one clear LakeError."""
    try:
        yield
    except SchemaMismatchError:
        raise
    except (OSError, DeltaError, duckdb.IOException) as error:
        raise LakeError(
            f"the disk could not be written ({error}); the lake is as it was",
            where=str(lake.root),
            todo="free some space, then ingest again",
        ) from error


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield every file at or under `paths`, in a stable order."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and _is_input(file, path))
        elif path.is_file():
            yield path
        else:
            raise InputError("no such file", where=str(path))


def _is_input(file: Path, root: Path) -> bool:
    return not any(part.startswith(_IGNORED_PREFIXES) for part in file.relative_to(root).parts)
