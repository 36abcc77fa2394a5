"""What a person is told of a file: the rows refused, where the first stands, and what to do."""

from __future__ import annotations

import duckdb

from reportkit.engines import quoted
from reportkit.errors import suggest
from reportkit.ingest.books import further, rejects, totals
from reportkit.ingest.candidate import Candidate
from reportkit.ingest.faults import NO_RATE, NO_VALUE, ROUNDED, UNMAPPED
from reportkit.ingest.form import aliases
from reportkit.ingest.hints import hints
from reportkit.ingest.source import Source
from reportkit.ingest.stage import Stage

__all__ = ["notes"]

_REASONS_SHOWN = 5
_OF_A_FORM = 20
_CELLS_SHOWN = 5


def notes(stage: Stage, sheet: Candidate, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return what was refused and why, which totals differ and what is odd about a form.

    Each has its place and what to do. Of most files only the commonest reasons are told, of a form
    everything up to 20, from its first row on.
    """
    return [*_refusals(stage, sheet, connection), *_differences(stage, sheet, connection), *hints(sheet)]


def _refusals(stage: Stage, sheet: Candidate, connection: duckdb.DuckDBPyConnection) -> list[str]:
    if not sheet.rejected:
        return []
    rows = " UNION ALL BY NAME ".join([*rejects(stage), *further(stage)])
    nothing = """NULL::VARCHAR AS "column", NULL::VARCHAR AS raw, NULL::VARCHAR AS cell, NULL::INT AS fault"""
    order, shown = ("5, min(fault)", _OF_A_FORM) if stage.source.kept else ("4 DESC, 5", _REASONS_SHOWN)
    found = connection.execute(
        f"""SELECT "column", reason, raw, count(*), min(source_row), list(cell ORDER BY source_row)[:{_CELLS_SHOWN}]
        FROM (SELECT * FROM (SELECT {nothing} WHERE false UNION ALL BY NAME {rows}) WHERE {_is_of(sheet)}
            QUALIFY row_number() OVER (PARTITION BY source_row, "column" ORDER BY fault) = 1)
        GROUP BY "column", reason, raw ORDER BY {order}"""
    ).fetchall()
    told = [_note(stage.source, sheet.place, *row) for row in found[:shown]]
    if stage.source.kept and len(found) > shown:
        told.append(
            f"{sheet.place}: {len(found) - shown} more faults\n  → correct these first and ingest again"
        )
    return told


def _differences(stage: Stage, sheet: Candidate, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Totals of the file itself that its rows do not add up to."""
    notes = []
    for sql in totals(stage):
        listed = f'SELECT "column", said, found FROM ({sql}) WHERE {_is_of(sheet)} ORDER BY source_row'
        sums = connection.execute(listed).fetchall()
        if sums and all(said != found for _, said, found in sums):
            column, said, found = sums[-1]
            notes.append(
                f"{sheet.place}: {column}: the file's own total is {said:,.2f}, its rows add up to {found:,.2f}\n"
                "  → look whether the export was cut short; some exports count more in the total than they list"
            )
    return notes


def _is_of(sheet: Candidate) -> str:
    return f"source_file = {quoted(sheet.key[0])} AND source_sheet = {quoted(sheet.key[1])}"


def _note(
    source: Source,
    place: str,
    column: str | None,
    reason: str,
    raw: str | None,
    count: int,
    first: int,
    cells: list[str | None],
) -> str:
    what = f'{column}: {reason} "{raw}"' if raw else f"{column}: {reason}" if column else reason
    return f"{place}: {_where(count, first, cells)}: {what}\n  → {_todo(source, column, reason, raw)}"


def _where(count: int, first: int, cells: list[str | None]) -> str:
    known = [cell for cell in cells if cell]
    if not known:
        return f"{count} rows, the first row {first}" if count > 1 else f"row {first}"
    more = f" and {count - len(known)} more" if count > len(known) else ""
    return (f"{count} rows, " if count > 1 else "") + ", ".join(known) + more


def _todo(source: Source, column: str | None, reason: str, raw: str | None) -> str:
    if reason == UNMAPPED and source.kept:
        words = suggest(raw or "", _words(source, column or ""))
        return f"write one word of the drop-down, {words}; a new one goes into params/vocabularies"
    if reason == UNMAPPED:
        return "add the word to a vocabulary under params/vocabularies and ingest again"
    if reason == NO_RATE:
        return "add the rate and where it is from to params/rates.yaml, and ingest again"
    if reason == NO_VALUE and source.kept:
        return "fill in the cell; where cells are merged, take them apart and fill in each"
    if source.kept:
        return "correct the cell as the form's own explanation says, and ingest again"
    if reason == ROUNDED:
        return "download the file again and do not save it from a spreadsheet"
    return f"correct it in the file, or change params/sources/{source.id}.yaml, and ingest again"


def _words(source: Source, column: str) -> list[str]:
    """The words that cells of a raw column may hold."""
    for _, _, form in source.forms():
        if form.map is not None and column in aliases(form.raw_columns()[0]):
            words = source.vocabularies[form.map] if isinstance(form.map, str) else form.map
            return [str(word) for word in words]
    return []
