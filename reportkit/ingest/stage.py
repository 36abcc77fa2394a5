"""Sheets of one layout, cleaned and typed together by one statement into one temporary table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from reportkit.errors import InputError
from reportkit.ingest.cells import MACROS, tidy
from reportkit.ingest.clean import Problem, build
from reportkit.ingest.match import Match, match
from reportkit.ingest.read import ROW, Sheet
from reportkit.ingest.sniff import Document
from reportkit.ingest.source import Source
from reportkit.project import Project

__all__ = ["Candidate", "Stage", "Stager"]

_STAMP_FORMATS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass
class Candidate:
    """A sheet whose source is known, and the counts its rows ended in."""

    document: Document
    sheet: Sheet
    match: Match
    exported_at: datetime
    problem: InputError | None = None
    read: int = 0
    skipped: int = 0
    rejected: int = 0
    accepted: int = 0
    superseded: int = 0
    malformed: list[tuple[int, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """File and sheet, as rows remember them."""
        return self.document.id, self.sheet.name

    @property
    def place(self) -> str:
        return f"{self.document.label} [{self.sheet.name}]" if self.sheet.name else self.document.label


@dataclass(frozen=True)
class Stage:
    """A temporary table of typed rows, and the sheets it came from.

    `columns` maps ``table.column`` to the name it has there.
    """

    relation: str
    source: Source
    columns: dict[str, str]
    problems: list[Problem]
    sheets: list[Candidate]
    answers: dict[str, bool] = field(default_factory=dict)

    def remembered(self, sql: str, ask: Callable[[str], bool]) -> bool:
        """Ask once what several tables want to know of these rows."""
        if sql not in self.answers:
            self.answers[sql] = ask(sql)
        return self.answers[sql]

    @property
    def rows(self) -> str:
        """FROM clause over all rows, each with its file, sheet and export time."""
        return f'FROM {self.relation} JOIN {self.relation}_origins USING ("#origin")'

    @property
    def good(self) -> str:
        """FROM clause over the rows that may enter the lake."""
        return f'{self.rows} WHERE NOT "#skip" AND "#problem" = 0'

    @property
    def unit(self) -> str:
        """The column that names a row's unit."""
        return f'"{self.columns["#unit"]}"'

    def rows_of(self, table: str) -> str:
        """FROM clause over the rows that may enter `table`."""
        return f'{self.good} AND "{self.columns[f"{table}?"]}"'


class Stager:
    """Matches sheets to sources and stages them through one DuckDB connection."""

    def __init__(
        self,
        project: Project,
        sources: dict[str, Source],
        connection: duckdb.DuckDBPyConnection,
        exported_at: datetime | None,
    ) -> None:
        self.project, self.sources, self.db = project, sources, connection
        self.exported_at, self.key = exported_at, project.secret()
        connection.execute(MACROS)

    def candidate(self, document: Document, sheet: Sheet) -> Candidate:
        """Find the source of `sheet`. Raises InputError where no one source fits."""
        place = f"{document.label} [{sheet.name}]" if sheet.name else document.label
        found = match(sheet, self.sources, place, document.name)
        self._check_currency(found.source, place)
        return Candidate(document, sheet, found, self._exported_at(document, sheet, found))

    def stages(self, candidates: list[Candidate], progress: Callable[[Candidate], None]) -> Iterator[Stage]:
        """Stage `candidates`, layout by layout. One whose bytes prove damaged gets a `problem` and is left out."""

        def layout(candidate: Candidate) -> tuple[str, list[str]]:
            return candidate.match.source.id, sorted(candidate.match.columns)

        for number, (_, same) in enumerate(groupby(sorted(candidates, key=layout), key=layout)):
            if stage := self._stage(list(same), f"stage{number}", progress):
                yield stage

    def _stage(
        self, group: list[Candidate], relation: str, progress: Callable[[Candidate], None]
    ) -> Stage | None:
        source, present = group[0].match.source, set(group[0].match.columns)
        statement = build(source, present, source.timezone, self.key)
        while group:
            try:
                self._fill(statement.sql, group, relation, progress)
                break
            except _Broken as broken:
                broken.candidate.problem = broken.cause
                group = [candidate for candidate in group if candidate is not broken.candidate]
        if not group:
            return None
        stage = Stage(relation, source, statement.stored, statement.problems, group)
        self._count(stage)
        return stage

    def _fill(
        self, sql: str, group: list[Candidate], relation: str, progress: Callable[[Candidate], None]
    ) -> None:
        stream = _Stream(group, progress)
        self.db.register("raw", stream.reader())
        self.db.register("origins", stream.origins())
        try:
            self.db.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {sql}")
            self.db.execute(f"CREATE OR REPLACE TEMP TABLE {relation}_origins AS FROM origins")
        except duckdb.Error as error:
            if stream.broken is None:
                raise
            raise stream.broken from error
        finally:
            self.db.unregister("raw")
            self.db.unregister("origins")

    def _count(self, stage: Stage) -> None:
        counted = self.db.execute(
            f"""SELECT "#file", "#sheet", count(*), count(*) FILTER ("#skip"),
                count(*) FILTER (NOT "#skip" AND "#problem" > 0)
            {stage.rows} GROUP BY ALL"""
        ).fetchall()
        counts = {(file, sheet): rest for file, sheet, *rest in counted}
        for candidate in stage.sheets:
            candidate.read, candidate.skipped, candidate.rejected = counts.get(candidate.key, (0, 0, 0))
            _count_malformed(candidate)

    def _exported_at(self, document: Document, sheet: Sheet, found: Match) -> datetime:
        """The platform's own time from the file's name or the rows above the header, else the file's."""
        if self.exported_at:
            return self.exported_at
        if found.source.exported_at:
            above = [cell for row in sheet.head[: found.header - 1] for cell in row]
            for text in (document.name, *above):
                if hit := re.search(found.source.exported_at, text):
                    return _stamp(hit["stamp"], found.source.timezone) or document.modified
        return document.modified

    def _check_currency(self, source: Source, place: str) -> None:
        other = {form.money for _, _, form in source.forms() if form.money} - {self.project.settings.currency}
        if other:
            raise InputError(
                f"{source.id} holds amounts in {other.pop()}, the project counts in {self.project.settings.currency}",
                where=place,
                todo="set `currency` in params/project.yaml, or ingest it in a project of its own",
            )


class _Broken(Exception):
    """A sheet whose bytes proved damaged while it was read."""

    def __init__(self, candidate: Candidate, cause: InputError) -> None:
        super().__init__(str(cause))
        self.candidate, self.cause = candidate, cause


class _Stream:
    """The rows of several sheets of one layout, one after another, each row with its origin's number."""

    def __init__(self, group: list[Candidate], progress: Callable[[Candidate], None]) -> None:
        self.group, self.progress = group, progress
        self.broken: _Broken | None = None
        self.columns = sorted(group[0].match.columns)
        self.first = bool(group[0].match.source.skip_rows)

    def reader(self) -> pa.RecordBatchReader:
        names = [*self.columns, *(["#first"] if self.first else [])]
        fields = [("#origin", pa.int64()), (ROW, pa.int64()), *((name, pa.string()) for name in names)]
        schema = pa.schema(fields)
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def origins(self) -> pa.Table:
        return pa.Table.from_pylist(
            [
                {
                    "#origin": number,
                    "#file": one.key[0],
                    "#sheet": one.key[1],
                    "#exported_at": one.exported_at,
                }
                for number, one in enumerate(self.group)
            ]
        )

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        for number, candidate in enumerate(self.group):
            self.progress(candidate)
            columns = {name: candidate.match.columns[name] for name in self.columns}
            if self.first:
                columns["#first"] = 0
            try:
                for batch in candidate.sheet.read(candidate.match.header, columns):
                    origin = pa.repeat(pa.scalar(number, pa.int64()), batch.num_rows)
                    cells = [tidy(column, candidate.match.source.missing) for column in batch.columns[1:]]
                    yield pa.RecordBatch.from_arrays([origin, batch.column(0), *cells], schema=schema)
            except InputError as error:
                self.broken = _Broken(candidate, error)
                raise self.broken from error


def _count_malformed(candidate: Candidate) -> None:
    candidate.malformed = []
    for bad in candidate.sheet.malformed:
        candidate.read += 1
        if not bad.text.strip(" ,\t\r\n\"'") or _is_footer(bad.text, candidate.match.source):
            candidate.skipped += 1
        else:
            candidate.rejected += 1
            candidate.malformed.append((bad.row, f"the row has {bad.cells} cells, the header {bad.expected}"))


def _is_footer(text: str, source: Source) -> bool:
    return text.strip(" \t\"'").startswith(("#", *source.skip_rows))


def _stamp(text: str, timezone: str) -> datetime | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) not in _STAMP_FORMATS:
        return None
    try:
        local = datetime.strptime(digits, _STAMP_FORMATS[len(digits)])
    except ValueError:
        return None
    if len(digits) == 8:
        local += timedelta(days=1) - timedelta(seconds=1)
    return local.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC).replace(tzinfo=None)
