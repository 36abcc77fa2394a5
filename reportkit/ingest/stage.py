"""Sheets of one layout, cleaned and typed together by one statement into one temporary table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import duckdb

from reportkit.errors import BrokenFile, InputError, ProjectError
from reportkit.ingest.candidate import Candidate, candidate
from reportkit.ingest.cells import MACROS
from reportkit.ingest.clean import build
from reportkit.ingest.faults import Problem
from reportkit.ingest.form import ROW_CURRENCY
from reportkit.ingest.match import match
from reportkit.ingest.read import Sheet
from reportkit.ingest.sniff import Document
from reportkit.ingest.source import Source
from reportkit.ingest.stream import Broken, Stream, count_malformed
from reportkit.project import Project

__all__ = ["Stage", "Stager", "in_order", "place_of"]

_CORRECT = "correct it in the file; if it is right, an expression of the source must foresee it"


def place_of(unit: str) -> str:
    """Return the SQL of a unit's place: one of 256 of its platform, whose units stand side by side in the lake."""
    return f"(hash(split_part({unit}, ':', 1)) % 256 * 256 + hash({unit}) % 256)::INTEGER"


def in_order(rows: str, unit: str) -> str:
    """Return a SELECT of `rows` by place, so that what asks for a few places reads no others."""
    return f'SELECT *, {place_of(unit)} AS "#place" FROM ({rows}) ORDER BY "#place"'


@dataclass(frozen=True)
class Stage:
    """A temporary table of typed rows in the order of their units' places, and the sheets it came from.

    `columns` maps ``table.column`` to the name it has there.
    """

    relation: str
    source: Source
    columns: dict[str, str]
    problems: list[Problem]
    sheets: list[Candidate]

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

    def rows_of(self, *keys: str) -> str:
        """FROM clause over the rows that one of the source's mappings, named by their `keys`, takes."""
        return f"{self.good} AND ({self.taken_by(*keys)})"

    def taken_by(self, *keys: str) -> str:
        """Condition that one of the mappings takes a row."""
        return " OR ".join(f'"{self.columns[f"{key}?"]}"' for key in keys)


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
        return candidate(document, sheet, found, self.exported_at)

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
        statement = build(source, present, self.key, self.project.settings.currency)
        sql = in_order(statement.sql, f'"{statement.columns["#unit"]}"')
        while group:
            try:
                self._fill(sql, group, relation, progress)
                break
            except Broken as broken:
                broken.candidate.problem = broken.cause
            except duckdb.DataError as error:
                self._blame(error, sql, group, relation, progress)
            group = [one for one in group if one.problem is None]
        if not group:
            return None
        stage = Stage(relation, source, statement.stored, statement.problems, group)
        self._count(stage)
        return stage

    def _blame(
        self,
        error: duckdb.DataError,
        sql: str,
        group: list[Candidate],
        relation: str,
        progress: Callable[[Candidate], None],
    ) -> None:
        """Find the sheets with a value that no expression foresaw, so that the others still load."""
        for one in group:
            try:
                self._fill(sql, [one], relation, progress)
            except duckdb.DataError as own:
                one.problem = BrokenFile(f"a value cannot be read ({own})", where=one.place, todo=_CORRECT)
        if all(one.problem is None for one in group):
            raise error

    def _fill(
        self, sql: str, group: list[Candidate], relation: str, progress: Callable[[Candidate], None]
    ) -> None:
        stream = Stream(group, progress)
        self.db.register("raw", stream.reader())
        self.db.register("origins", stream.origins())
        try:
            self.db.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {sql}")
            self.db.execute(f"CREATE OR REPLACE TEMP TABLE {relation}_origins AS FROM origins")
        except duckdb.BinderException as error:
            where = f"params/sources/{stream.source.id}.yaml"
            todo = "correct the expression; a header that only a condition names is listed under `uses`"
            raise ProjectError(f"an SQL expression does not fit: {error}", where=where, todo=todo) from error
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
        for sheet in stage.sheets:
            sheet.read, sheet.skipped, sheet.rejected = counts.get(sheet.key, (0, 0, 0))
            count_malformed(sheet)

    def _check_currency(self, source: Source, place: str) -> None:
        other = {form.money for _, _, form in source.forms() if form.money} - {
            self.project.settings.currency,
            ROW_CURRENCY,
        }
        if other:
            raise InputError(
                f"{source.id} holds amounts in {other.pop()}, the project counts in {self.project.settings.currency}",
                where=place,
                todo="set `currency` in params/project.yaml, or ingest it in a project of its own",
            )
