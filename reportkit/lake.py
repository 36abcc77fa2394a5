"""The lake: Delta tables on disk, and the snapshot that says which version of each is published.

Readers see only published snapshots; a run pins one, so that it can be made again. One writer at
a time holds the lock. Nothing is ever deleted by reportkit, so an old snapshot stays readable.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import ColumnProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError
from filelock import FileLock, Timeout

from reportkit.errors import LakeError

__all__ = ["Lake", "Snapshot"]

_LOCK_WAIT_SECONDS = 600
_PART_ROWS = 100_000
# Most columns are keys or amounts: dictionaries and statistics of them cost time and half a gigabyte a
# million rows, and save nothing: partitions are what queries skip by.
_WRITER = WriterProperties(
    max_row_group_size=50_000,
    compression="ZSTD",
    compression_level=1,
    default_column_properties=ColumnProperties(dictionary_enabled=False, statistics_enabled="NONE"),
)
_CONFIGURATION = {"delta.enableExpiredLogCleanup": "false", "delta.dataSkippingNumIndexedCols": "0"}


@dataclass(frozen=True)
class Snapshot:
    """The published version of every table, by table name. `number` counts publications."""

    number: int
    versions: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """Return the form that stands in ``snapshot.json`` and in a run's manifest."""
        return {"number": self.number, "versions": dict(sorted(self.versions.items()))}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Snapshot:
        """Read what `to_json` wrote."""
        return cls(int(data["number"]), {str(k): int(v) for k, v in data["versions"].items()})


@dataclass(frozen=True)
class Lake:
    """The Delta tables under `root`, one folder each."""

    root: Path

    @property
    def _published(self) -> Path:
        return self.root / "snapshot.json"

    def snapshot(self) -> Snapshot:
        """Return the published snapshot; number 0 and no tables before the first ingest."""
        if not self._published.exists():
            return Snapshot(0, {})
        return Snapshot.from_json(json.loads(self._published.read_text(encoding="utf-8")))

    def files(self, table: str, snapshot: Snapshot) -> list[str]:
        """Return the Parquet files of `table` in `snapshot`, sorted; none where it has no rows yet."""
        if table not in snapshot.versions:
            return []
        try:
            delta = DeltaTable(self.root / table, version=snapshot.versions[table])
        except TableNotFoundError as error:
            raise LakeError(
                f"table {table} is gone",
                where=str(self.root),
                todo="restore the folder from a backup, or remove it all and ingest again",
            ) from error
        return sorted(unquote(uri.removeprefix("file://")) for uri in delta.file_uris())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; first put back what a dead writer left unpublished."""
        self.root.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.root / ".lock", timeout=_LOCK_WAIT_SECONDS):
                self._restore()
                yield
        except Timeout as error:
            raise LakeError(
                "another ingest has held the lake for ten minutes",
                where=str(self.root),
                todo="wait for it to end, or end it, then run again",
            ) from error

    def write(self, table: str, rows: Any, *, predicate: str | None, partitioned: bool) -> None:
        """Replace the rows of `table` that match `predicate` (all of them where it is None) by `rows`.

        `rows` is anything with an Arrow stream. Nothing is visible to readers before `publish`, so a long
        stream is written in several commits: in one, the writer would hold all of it in memory.
        """
        path = self.root / table
        new = not DeltaTable.is_deltatable(str(path))
        parts = _ahead(_parts(pa.RecordBatchReader.from_stream(rows)))
        write_deltalake(
            path,
            next(parts),
            mode="overwrite",
            predicate=None if new else predicate,
            partition_by=["platform_id", "year"] if partitioned and new else None,
            schema_mode=None if predicate or new else "overwrite",
            configuration=_CONFIGURATION if new else None,
            writer_properties=_WRITER,
        )
        for part in parts:
            write_deltalake(path, part, mode="append", writer_properties=_WRITER)

    def newest(self) -> Snapshot:
        """Return the newest version of every table, published or not, as the next snapshot."""
        versions = {folder.name: DeltaTable(folder).version() for folder in self._tables()}
        return Snapshot(self.snapshot().number + 1, versions)

    def publish(self) -> Snapshot:
        """Publish the newest version of every table, atomically, and return the snapshot."""
        published = self.newest()
        if published.versions == self.snapshot().versions:
            return self.snapshot()
        draft = self._published.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(published.to_json(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._published)
        return published

    def _restore(self) -> None:
        published = self.snapshot().versions
        for folder in self._tables():
            delta = DeltaTable(folder)
            if folder.name not in published:
                delta.delete()
            elif delta.version() != published[folder.name]:
                delta.restore(published[folder.name])

    def _tables(self) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if (path / "_delta_log").is_dir())


def _parts(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Cut a stream into tables of some `_PART_ROWS` rows; at least one, be it empty."""
    batches: list[pa.RecordBatch] = []
    empty = True
    for batch in rows:
        batches.append(batch)
        if sum(one.num_rows for one in batches) >= _PART_ROWS:
            yield pa.Table.from_batches(batches, rows.schema)
            batches, empty = [], False
    if batches or empty:
        yield pa.Table.from_batches(batches, rows.schema)


def _ahead(parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Make the next part while the last one is being written."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, parts, None)
            yield part
