"""The rows of several sheets of one layout as one Arrow stream, tidied but not yet typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from reportkit.errors import InputError
from reportkit.ingest.candidate import Candidate
from reportkit.ingest.cells import tidy
from reportkit.ingest.read import ROW
from reportkit.ingest.rows import BELOW, ENDED, FIRST

__all__ = ["Broken", "Stream", "count_malformed"]


class Broken(Exception):
    """A sheet whose bytes proved damaged while it was read."""

    def __init__(self, candidate: Candidate, cause: InputError) -> None:
        super().__init__(str(cause))
        self.candidate, self.cause = candidate, cause


class Stream:
    """The rows of `group`, one sheet after another, each row with its origin's number.

    `broken` is set where a sheet proves damaged on the way.
    """

    def __init__(self, group: list[Candidate], progress: Callable[[Candidate], None]) -> None:
        self.group, self.progress = group, progress
        self.broken: Broken | None = None
        self.source = group[0].match.source
        self.columns = sorted(group[0].match.columns)

    def reader(self) -> pa.RecordBatchReader:
        """Return the stream: ``#origin``, ``#row``, the cells, and the pseudo columns of `rows`."""
        texts = [*self.columns, FIRST, *self.source.file_patterns.values()]
        fields = [("#origin", pa.int64()), (ROW, pa.int64()), *((name, pa.string()) for name in texts)]
        schema = pa.schema([*fields, (BELOW, pa.bool_()), (ENDED, pa.bool_())])
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def origins(self) -> pa.Table:
        """Return the file, sheet and export time behind every origin's number."""
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
            places = {name: candidate.match.columns[name] for name in self.columns}
            places[FIRST] = candidate.match.first
            try:
                for batch in candidate.sheet.read(candidate.match.header, places, self.source.quotes):
                    yield pa.RecordBatch.from_arrays(self._arrays(number, candidate, batch), schema=schema)
            except InputError as error:
                self.broken = Broken(candidate, error)
                raise self.broken from error

    def _arrays(self, number: int, candidate: Candidate, batch: pa.RecordBatch) -> list[pa.Array]:
        rows, size = batch.column(0), batch.num_rows
        cells = [tidy(column, self.source.missing, self.source.strip) for column in batch.columns[1:]]
        cells[-1] = first = self._first(candidate, cells)
        outside = [candidate.outside[name] for name in self.source.file_patterns.values()]
        return [
            pa.repeat(pa.scalar(number, pa.int64()), size),
            rows,
            *cells,
            *(pa.repeat(pa.scalar(value, pa.string()), size) for value in outside),
            pc.equal(rows, candidate.match.header + 1),
            self._ended(candidate, rows, first),
        ]

    def _first(self, candidate: Candidate, cells: Sequence[pa.Array]) -> pa.Array:
        """The first cell of a row that holds anything, among those that are read."""
        if not self.source.skip_rows and not self.source.ends:
            return cells[-1]
        order = sorted(range(len(self.columns)), key=lambda at: candidate.match.columns[self.columns[at]])
        return pc.coalesce(cells[-1], *(cells[at] for at in order))

    def _ended(self, candidate: Candidate, rows: pa.Array, first: pa.Array) -> pa.Array:
        """Which rows stand below the one that ends the data."""
        marks = tuple(self.source.ends)
        if marks and candidate.ended is None:
            candidate.ended = _end(candidate, marks)
            found = [row for row, cell in _beginning(rows, first, marks) if cell]
            candidate.ended = min([*found, *([candidate.ended] if candidate.ended else [])], default=None)
        if candidate.ended is None:
            return pa.repeat(pa.scalar(False), len(rows))
        return pc.greater_equal(rows, candidate.ended)


def _end(candidate: Candidate, marks: tuple[str, ...]) -> int | None:
    """The row that ends the data where it has not as many cells as the header."""
    return min(
        (bad.row for bad in candidate.sheet.malformed if _text(bad.text).startswith(marks)), default=None
    )


def _beginning(rows: pa.Array, first: pa.Array, marks: tuple[str, ...]) -> Iterator[tuple[int, bool]]:
    hits = [pc.starts_with(first, mark) for mark in marks]
    for hit in hits:
        places = pc.filter(rows, pc.fill_null(hit, False))
        yield from ((row.as_py(), True) for row in places)


def count_malformed(candidate: Candidate) -> None:
    """Count rows whose number of cells is not the header's: footers and empty rows are skipped, others refused."""
    candidate.malformed = []
    for bad in candidate.sheet.malformed:
        candidate.read += 1
        if _is_footer(candidate, bad.row, bad.text):
            candidate.skipped += 1
        else:
            candidate.rejected += 1
            candidate.malformed.append((bad.row, f"the row has {bad.cells} cells, the header {bad.expected}"))


def _is_footer(candidate: Candidate, row: int, text: str) -> bool:
    source = candidate.match.source
    ended = candidate.ended is not None and row >= candidate.ended
    words = ("#", *source.skip_rows, *source.ends)
    return ended or not text.strip(" ,\t\r\n\"'") or _text(text).startswith(words)


def _text(text: str) -> str:
    return text.strip(" \t\"'")
