"""SQL in, frame out: DuckDB over one published snapshot of the lake.

SQL is written once, in DuckDB's dialect, plain enough for SQLGlot to carry to another engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from reportkit.errors import ProjectError
from reportkit.lake import Lake, Snapshot
from reportkit.schema import Table, sql_type, tables

if TYPE_CHECKING:  # half a second of import that an ingest does not need
    import pandas as pd
    import pyarrow as pa

__all__ = ["DuckDBEngine", "connect", "quoted", "relation_sql"]


def connect(database: str | Path = ":memory:", **config: Any) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB whose clock is UTC."""
    connection = duckdb.connect(database, config=config)
    connection.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
    # In a notebook the bar is off already, and touching it there asks for a package nobody needs.
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(True,)]:
        connection.execute("SET enable_progress_bar = false")
    return connection


def quoted(text: str) -> str:
    """Return `text` as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def relation_sql(table: Table, files: Sequence[str]) -> str:
    """Return a SELECT that reads `table` from Parquet `files`, every column present and typed."""
    typed = ", ".join(f'NULL::{sql_type(c.type)} AS "{c.name}"' for c in table.columns)
    empty = f"SELECT {typed} WHERE false"
    if not files:
        return empty
    listed = ", ".join(quoted(file) for file in files)
    types = "" if table.governance else ", hive_types = {'platform_id': VARCHAR, 'year': BIGINT}"
    hive = "false" if table.governance else "true"
    read = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = {hive}{types})"
    return f"{empty} UNION ALL BY NAME SELECT * FROM {read}"


def _standing(table: Table, body: str) -> str:
    """Leave out the placeholders in whose stead another source has brought real rows."""
    if not table.until:
        return body
    same = ", ".join(table.until)
    return f"""WITH stored AS ({body}) SELECT * FROM stored WHERE NOT coalesce(is_placeholder AND ({same}) IN (
        SELECT ({same}) FROM stored WHERE NOT is_placeholder AND {table.until_if}), false)"""


class DuckDBEngine:
    """Queries one snapshot of a lake. Every normalized table is a view of the same name.

    With `keep_views` a named view is computed once, when a query or another view first reads it: a report
    asks the same joins for dozens of numbers. `computed` is a DuckDB file that has some of them computed
    already. To open a `connection` takes longer than most queries, so who reads many lakes one after the
    other may give the same one to their engines.
    """

    def __init__(
        self,
        lake: Lake,
        snapshot: Snapshot | None = None,
        *,
        keep_views: bool = False,
        computed: Path | None = None,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self.snapshot = snapshot or lake.snapshot()
        self.keep_views = keep_views
        self._lake = lake
        self._unread: dict[str, tuple[Callable[[], str], bool]] = {
            name: (partial(self._stored, table), False) for name, table in tables().items()
        }
        self.connection = connection or connect()
        self._computed = self._attached(computed) if computed else set()

    def _attached(self, computed: Path) -> set[str]:
        self.connection.execute(f"ATTACH {quoted(str(computed))} AS computed (READ_ONLY)")
        return {
            name
            for (name,) in self.connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'computed'"
            ).fetchall()
        }

    def _stored(self, table: Table) -> str:
        return _standing(table, relation_sql(table, self._lake.files(table.name, self.snapshot)))

    def define(self, name: str, sql: str, *, keep: bool = False) -> None:
        """Say what a named view is; with `keep` its rows are computed once.

        It is made when a query or another view first reads it, which raises ProjectError where its SQL
        does not fit the tables: to bind dozens of nested views takes longer than most queries.
        """
        self._unread[name] = (lambda: sql), keep

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the result of `sql` as a pandas DataFrame."""
        self._make(sql)
        return self.connection.execute(sql).df()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the result of `sql` as a list of tuples."""
        self._make(sql)
        return self.connection.execute(sql).fetchall()

    def has(self, rows: str) -> bool:
        """Whether `rows`, what stands behind FROM, has a row.

        It is counted: under LIMIT 1, over a table of many files, DuckDB 2.0 may wait for ever.
        """
        return bool(self.rows(f"SELECT count(*) > 0 FROM {rows}")[0][0])

    def arrow(self, sql: str) -> pa.RecordBatchReader:
        """Return the result of `sql` as a stream of Arrow batches."""
        self._make(sql)
        return self.connection.sql(sql).to_arrow_reader()

    def _make(self, sql: str) -> None:
        """Make the views that `sql` is the first to read, after those that they read."""
        words = set(re.findall(r"\w+", sql))
        for name in [name for name in self._unread if name in words]:
            if (defined := self._unread.pop(name, None)) is None:
                continue
            body, keep = defined[0](), defined[1]
            if keep and name in self._computed:
                body, keep = f'FROM computed."{name}"', False
            else:
                self._make(body)
            try:
                self.connection.execute(f'CREATE OR REPLACE {"TABLE" if keep else "VIEW"} "{name}" AS {body}')
            except duckdb.Error as error:
                self._unread[name] = defined
                raise ProjectError(f"view {name}: {error}", where="params/views.yaml") from error

    def compute(self) -> None:
        """Compute every view that is kept; one whose SQL does not fit is left to whoever reads it."""
        for name in [name for name, (_, keep) in self._unread.items() if keep]:
            with suppress(ProjectError):
                self._make(name)

    def close(self) -> None:
        """Release the database."""
        self.connection.close()
