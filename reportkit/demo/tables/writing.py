"""Frames in the schema's own words straight into a lake, as if their files had been read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit import schema
from reportkit.demo.tables.sql import select
from reportkit.engines import connect
from reportkit.errors import LakeError
from reportkit.ingest.cells import MACROS
from reportkit.ingest.source import Source, load_sources
from reportkit.lake import Lake
from reportkit.project import Project

__all__ = ["Writer"]

_HELD = 50_000  # rows of a table and source that wait for more before they are converted
_BATCH = 20_000
_SPOOL = pa.ipc.IpcWriteOptions(compression="lz4")
_STAGING = ".staging-"


@dataclass
class _Record:
    """What the books say of one source: as if it were one file."""

    source: Source
    exported_at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    @property
    def file(self) -> str:
        return sha256(f"demo:{self.source.id}".encode()).hexdigest()[:16]

    def meet(self, days: pa.Array) -> None:
        """Widen the days that the file is about."""
        ends = pc.min_max(days).as_py()
        self.first = min((day for day in (self.first, ends["min"]) if day), default=None)
        self.last = max((day for day in (self.last, ends["max"]) if day), default=None)

    def told(self) -> dict[str, Any]:
        """The row of the table ``files``."""
        count = max(self.rows.values())
        return {
            "source_file": self.file,
            "source_sheet": "",
            "path": f"demo:{self.source.id}",
            "source_id": self.source.id,
            "source_version": self.source.version,
            "platform_id": self.source.platform,
            "exported_at": self.exported_at,
            "rows_read": count,
            "accepted": count,
            "superseded": 0,
            "rejected": 0,
            "skipped": 0,
            "date_min": self.first,
            "date_max": self.last,
            "preamble": None,
        }


class Writer:
    """Writes into the empty lake of `project`; readers see it all at once, when the ``with`` block ends well.

    `exported_at` (UTC, naive) stands as the time of the export in every row.
    """

    def __init__(self, project: Project, exported_at: datetime) -> None:
        self.project, self.exported_at = project, exported_at
        self.lake, self.sources, self.key = Lake(project.lake), load_sources(project), project.secret()
        self._held: dict[tuple[str, str], list[pd.DataFrame]] = {}
        self._records: dict[str, _Record] = {}
        self._spools: dict[str, pa.ipc.RecordBatchFileWriter] = {}
        self._open = ExitStack()

    def __enter__(self) -> Writer:
        self._open.enter_context(self.lake.writing())
        if self.lake.snapshot().versions:
            self._open.close()
            raise LakeError(
                "the lake holds data", where=str(self.lake.root), todo="write the demo into an empty project"
            )
        scratch = self._open.enter_context(tempfile.TemporaryDirectory(prefix=_STAGING, dir=self.lake.root))
        self._scratch = Path(scratch)
        self._db = self._open.enter_context(connect(memory_limit="200MB", temp_directory=scratch))
        self._db.execute(MACROS)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._open:
            if kind is None:
                for name, source in list(self._held):
                    self._convert(name, source)
                for name in self._spools:
                    self._write(name)
                self._write_files()
                self.lake.publish()

    def add(self, name: str, frame: pd.DataFrame) -> None:
        """Add the rows of table `name`: a frame in schema columns with ``platform_id`` and ``source_id``.

        Money is whole fen, times are naive local ones of the source, a column that is private holds names.
        """
        for source in frame["source_id"].unique():
            held = self._held.setdefault((name, source), [])
            held.append(_only(frame, frame["source_id"] == source))
            if sum(map(len, held)) >= _HELD:
                self._convert(name, source)

    def _convert(self, name: str, source_id: str) -> None:
        """Turn what is held into rows of the lake and put them aside."""
        held = self._held.pop((name, source_id))
        frame = pd.concat(held, ignore_index=True) if len(held) > 1 else held[0]
        table, source = schema.table(name), self.sources[source_id]
        record = self._records.setdefault(source_id, _Record(source, self.exported_at))
        before = record.rows.get(name, 0)
        record.rows[name] = before + len(frame)
        sql = select(table, source, list(frame.columns), self.key, record.file, self.exported_at, before)
        self._db.register("frame", pa.Table.from_pandas(frame, preserve_index=False))
        rows = self._db.sql(sql).to_arrow_reader(_BATCH)
        spool = self._spool(name, rows.schema)
        for batch in rows:
            spool.write_batch(batch)
            if table.day:
                record.meet(batch.column(table.day))
        self._db.unregister("frame")

    def _spool(self, name: str, rows: pa.Schema) -> pa.ipc.RecordBatchFileWriter:
        if name not in self._spools:
            self._spools[name] = pa.ipc.new_file(self._scratch / f"{name}.arrow", rows, options=_SPOOL)
        return self._spools[name]

    def _write(self, name: str) -> None:
        self._spools[name].close()
        with pa.OSFile(str(self._scratch / f"{name}.arrow")) as spooled:
            file = pa.ipc.open_file(spooled)
            reader = pa.RecordBatchReader.from_batches(file.schema, _batches(file))
            self.lake.write(name, reader, predicate=None, partitioned=True)

    def _write_files(self) -> None:
        records = pa.Table.from_pylist([record.told() for _, record in sorted(self._records.items())])
        self._db.register("records", records)
        typed = ", ".join(
            f'CAST("{c.name}" AS {schema.sql_type(c.type)}) AS "{c.name}"'
            for c in schema.table("files").columns
        )
        rows = self._db.sql(f"SELECT {typed} FROM records ORDER BY ALL").to_arrow_reader()
        self.lake.write("files", rows, predicate=None, partitioned=False)


def _only(frame: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Return the `chosen` rows; no copy where that is all."""
    return frame if chosen.all() else frame[chosen]


def _batches(file: pa.ipc.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    return (file.get_batch(number) for number in range(file.num_record_batches))
