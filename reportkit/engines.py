"""SQL in, frame out: DuckDB over one published snapshot of the lake.

SQL is written once, in DuckDB's dialect, plain enough for SQLGlot to carry to another engine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from reportkit.lake import Lake, Snapshot
from reportkit.schema import Table, sql_type, tables

if TYPE_CHECKING:  # half a second of import that an ingest does not need
    import pandas as pd

__all__ = ["DuckDBEngine", "connect", "quoted", "relation_sql"]


def connect(**config: Any) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB whose clock is UTC."""
    connection = duckdb.connect(config=config)
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

    With `keep_views` a named view is computed once, when a query first reads it: a report asks the same
    joins for dozens of numbers.
    """

    def __init__(self, lake: Lake, snapshot: Snapshot | None = None, *, keep_views: bool = False) -> None:
        self.snapshot = snapshot or lake.snapshot()
        self.keep_views = keep_views
        self.unread: set[str] = set()
        self.connection = connect()
        for name, table in tables().items():
            body = relation_sql(table, lake.files(name, self.snapshot))
            self.connection.execute(f'CREATE VIEW "{name}" AS {_standing(table, body)}')

    def define(self, name: str, sql: str) -> None:
        """Make a named view that later queries can read."""
        self.connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {sql}')
        if self.keep_views:
            self.unread.add(name)

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the result of `sql` as a pandas DataFrame."""
        self._keep(sql)
        return self.connection.execute(sql).df()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the result of `sql` as a list of tuples."""
        self._keep(sql)
        return self.connection.execute(sql).fetchall()

    def _keep(self, sql: str) -> None:
        """Put a temporary table before each view that `sql` is the first to read."""
        for name in [name for name in self.unread if re.search(rf"\b{re.escape(name)}\b", sql)]:
            self.unread.remove(name)
            self.connection.execute(f'CREATE TEMP TABLE "{name}" AS FROM "{name}"')

    def close(self) -> None:
        """Release the database."""
        self.connection.close()
