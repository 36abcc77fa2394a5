"""From a document to sheets of text: every cell a string, every row with its place in the file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from reportkit.errors import BrokenFile
from reportkit.ingest.grids import GRIDS
from reportkit.ingest.sniff import Document, encodings, kind_of
from reportkit.ingest.text import Utf8Stream

__all__ = ["ROW", "GridSheet", "Malformed", "Sheet", "TextSheet", "sheets"]

ROW = "#row"
HEAD_ROWS = 30

_BLOCK_BYTES = 1 << 22
_BLOCK_ROWS = 5_000  # of a grid at once, as Python's lists
_DELIMITERS = ",\t;|"


@dataclass(frozen=True)
class Malformed:
    """A row whose number of cells is not the header's."""

    row: int
    text: str
    cells: int
    expected: int


class Sheet(Protocol):
    """One table of cells. `head` holds its first rows, row 1 first."""

    name: str
    malformed: list[Malformed]

    @property
    def head(self) -> list[list[str]]: ...

    def read(self, header: int, columns: dict[str, int], quotes: bool = True) -> pa.RecordBatchReader:
        """Stream the rows below row `header`, counted from 1.

        `quotes` tells whether a text file's cells may be quoted. `columns` maps a name to a position in the header. The result has those columns as strings and
        ``#row``, the row's place in the file.
        """
        ...


def sheets(document: Document) -> list[Sheet]:
    """Return the sheets of `document`. Raises BrokenFile where the bytes are damaged."""
    kind = kind_of(document.path)
    if kind == "text":
        return [_text_sheet(document)]
    found: list[Sheet] = []
    for number, grid in enumerate(GRIDS[kind](document)):
        path = document.scratch / f"{document.id}-{number}.arrow"
        if head := _spooled(grid.rows, path):
            found.append(GridSheet(grid.name, head, path, grid.merged))
    if not found:
        raise BrokenFile("the file holds no rows", where=document.label, todo="download it again")
    return found


def _schema(columns: dict[str, int]) -> pa.Schema:
    return pa.schema([(ROW, pa.int64())] + [(name, pa.string()) for name in columns])


@dataclass
class GridSheet:
    """A sheet of a workbook or a page, which are read whole: its rows wait in an Arrow file at `path`.

    `merged` holds its merged cells as in grids.Grid.
    """

    name: str
    head: list[list[str]]
    path: Path
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    malformed: list[Malformed] = field(default_factory=list)

    def rows(self) -> Iterator[list[str]]:
        """Yield every row, of as many cells as it has."""
        return (row for rows in self._blocks() for row in rows.to_pylist())

    def read(self, header: int, columns: dict[str, int], quotes: bool = True) -> pa.RecordBatchReader:
        """See Sheet.read."""
        schema = _schema(columns)

        def batches() -> Iterator[pa.RecordBatch]:
            above = 0
            for block in self._blocks():
                rows, first = block[max(0, header - above) :], max(header, above)
                above += len(block)
                numbers = pa.array(range(first + 1, above + 1), pa.int64())
                cells = [_cells(rows, place) for place in columns.values()]
                yield pa.RecordBatch.from_arrays([numbers, *cells], schema=schema)

        return pa.RecordBatchReader.from_batches(schema, batches())

    def _blocks(self) -> Iterator[pa.ListArray]:
        with pa.OSFile(str(self.path)) as file:
            for batch in pa.ipc.open_stream(file):
                yield batch.column(0)


def _spooled(rows: Iterator[list[str]], path: Path) -> list[list[str]]:
    """Write `rows` to `path`, block by block; return the first of them."""
    schema, head = pa.schema([("cells", pa.list_(pa.string()))]), list(islice(rows, HEAD_ROWS))
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "w") as file, pa.ipc.new_stream(file, schema, options=options) as spool:
        block = head
        while block:
            spool.write_batch(pa.record_batch([pa.array(block, schema.field(0).type)], schema=schema))
            block = list(islice(rows, _BLOCK_ROWS))
    return head


def _cells(rows: pa.ListArray, place: int) -> pa.Array:
    """The cell at `place` of each of `rows`; empty where a row ends before it."""
    offsets = rows.offsets
    at = pc.add(offsets[:-1], place)
    inside = pc.less(at, offsets[1:])
    return pc.fill_null(rows.values.take(pc.if_else(inside, at, None)), "")


@dataclass
class TextSheet:
    """A csv or tsv, streamed."""

    name: str
    path: Path
    label: str
    encoding: str
    delimiter: str
    head: list[list[str]]
    lines: list[int]
    malformed: list[Malformed] = field(default_factory=list)

    def read(self, header: int, columns: dict[str, int], quotes: bool = True) -> pa.RecordBatchReader:
        """See Sheet.read."""
        width = len(self.head[header - 1])
        names = [str(place) for place in range(width)]
        self.malformed.clear()

        def on_invalid(row: Any) -> str:
            self.malformed.append(
                Malformed(row.number - self.lines[header - 1] + header, row.text, row.actual_columns, width)
            )
            return "skip"

        reader = self._guarded(
            lambda: pa_csv.open_csv(
                Utf8Stream(self.path, self.encoding, self.label),
                read_options=pa_csv.ReadOptions(
                    column_names=names,
                    skip_rows=self.lines[header - 1],
                    block_size=_BLOCK_BYTES,
                    use_threads=False,
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char='"' if quotes else False,
                    newlines_in_values=quotes,
                    ignore_empty_lines=False,
                    invalid_row_handler=on_invalid,
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    include_columns=[str(place) for place in columns.values()],
                    strings_can_be_null=False,
                ),
            )
        )
        schema = _schema(columns)
        return pa.RecordBatchReader.from_batches(schema, self._numbered(reader, header, schema))

    def _numbered(self, reader: Any, header: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        row, taken = header + 1, 0
        while True:
            batch = self._guarded(lambda: next(reader, None))
            if batch is None:
                return
            gaps = {bad.row for bad in self.malformed[taken:]}
            taken = len(self.malformed)
            numbers = _row_numbers(row, batch.num_rows, gaps)
            row = numbers[-1] + 1 if numbers else row
            yield pa.RecordBatch.from_arrays([pa.array(numbers, pa.int64()), *batch.columns], schema=schema)

    def _guarded(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except pa.ArrowInvalid as error:
            if "Empty CSV file" in str(error):
                return iter(())
            raise BrokenFile(
                f"a quoted cell never ends, or a row is damaged ({error})",
                where=self.label,
                todo="download it again, or open it and save it anew as csv",
            ) from error


def _row_numbers(first: int, count: int, gaps: set[int]) -> Sequence[int]:
    if not gaps:
        return range(first, first + count)
    numbers: list[int] = []
    row = first
    while len(numbers) < count:
        if row not in gaps:
            numbers.append(row)
        row += 1
    return numbers


def _text_sheet(document: Document) -> TextSheet:
    problem: BrokenFile | None = None
    for encoding in encodings(document.path):
        try:
            head = _head_text(document, encoding)
        except BrokenFile as error:
            problem = problem or error
            continue
        return _delimited(document, encoding, head)
    raise problem or BrokenFile("no encoding fits", where=document.label)


def _head_text(document: Document, encoding: str) -> str:
    """Decode the first block; where the encoding is in doubt, all of it."""
    doubtful = len(encodings(document.path)) > 1
    with Utf8Stream(document.path, encoding, document.label) as stream:
        head = bytes(stream.read(1 << 18) or b"")
        while doubtful and stream.read(1 << 20):
            pass
    if b"\0" in head:
        raise BrokenFile("the file is not text", where=document.label, todo="export it again")
    return head.decode(errors="ignore")


def _delimited(document: Document, encoding: str, head: str) -> TextSheet:
    lines = head.splitlines(keepends=True)[: 4 * HEAD_ROWS]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))
    reader = csv.reader(lines, delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in islice(reader, HEAD_ROWS):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        raise BrokenFile(f"line {reader.line_num}: {error}", where=document.label) from error
    if not any(cell.strip() for row in rows for cell in row):
        raise BrokenFile("the file holds no rows", where=document.label, todo="download it again")
    return TextSheet("", document.path, document.label, encoding, delimiter, rows, ends)
