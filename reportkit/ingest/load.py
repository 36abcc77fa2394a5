"""Staged rows into the lake: the newest export of every unit wins."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from reportkit import schema
from reportkit.engines import quoted, relation_sql
from reportkit.ingest.stage import Stage
from reportkit.lake import Lake, Snapshot

__all__ = ["merge"]

_BATCH_ROWS = 10_000
_CLAIM = """unit_key, source_file, NOT bool_or(is_placeholder) AS real,
    max(exported_at) AS exported_at, max(latest_at) AS latest_at"""


def merge(
    lake: Lake,
    before: Snapshot,
    table: schema.Table,
    stages: list[Stage],
    connection: duckdb.DuckDBPyConnection,
) -> set[str]:
    """Replace in `table`, unpublished, every unit of which `stages` hold a newer export.

    Rows that the table did not take are added to the temporary table ``lost``. Returns the files that
    lost rows to newer ones.
    """
    feeding = [stage for stage in stages if table.name in stage.source.tables]
    if not feeding:
        return set()
    return _Merge(lake, before, table, feeding, connection).run()


class _Merge:
    def __init__(
        self,
        lake: Lake,
        before: Snapshot,
        table: schema.Table,
        stages: list[Stage],
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.lake, self.table, self.stages, self.db = lake, table, stages, connection
        self.files = lake.files(table.name, before)

    def run(self) -> set[str]:
        self._gather()
        self._rank()
        touched = self.db.execute(
            "SELECT platform_id, year FROM won UNION SELECT platform_id, year FROM beaten ORDER BY ALL"
        ).fetchall()
        if touched:
            self._write(touched)
        self._remember_lost()
        return {file for (file,) in self.db.execute("SELECT DISTINCT source_file FROM beaten").fetchall()}

    def _gather(self) -> None:
        parts = " UNION ALL BY NAME ".join(self._incoming(stage) for stage in self.stages)
        self.db.execute(f"CREATE OR REPLACE TEMP VIEW incoming AS {parts}")
        self.db.execute(f"CREATE OR REPLACE TEMP VIEW existing AS {relation_sql(self.table, self.files)}")

    def _incoming(self, stage: Stage) -> str:
        """Return the SELECT of the rows that one stage brings to this table."""
        name, source = self.table.name, stage.source
        stored = {
            c.name: f'"{sql}"' for c in self.table.columns if (sql := stage.columns.get(f"{name}.{c.name}"))
        }
        chosen = self._chosen(stage)
        summed = [column for column, form in source.tables[name].columns.items() if form.sum and chosen]
        values = stored | {c: f'sum({stored[c]}) OVER (PARTITION BY {stage.unit}, "#file")' for c in summed}
        own = ", ".join(f'{values[c.name]} AS "{c.name}"' for c in self.table.own if c.name in values)
        platform = quoted(source.platform) if source.platform else stored["platform_id"]
        day = stored.get(self.table.day or "", "NULL::DATE")
        placeholder = str(source.tables[name].placeholder).lower()
        return f"""SELECT {own}, {platform} AS platform_id, coalesce(year({day}), 0) AS year,
            {stage.unit} AS unit_key, {quoted(source.id)} AS source_id, "#file" AS source_file,
            "#sheet" AS source_sheet, "#row" AS source_row, "#exported_at" AS exported_at,
            "#latest" AS latest_at, {placeholder} AS is_placeholder
        {stage.rows_of(name)} {chosen}"""

    def _chosen(self, stage: Stage) -> str:
        """Of several rows of a file that speak of one entity, keep one: by content, never by place."""
        single = stage.source.one_row_per_unit or set(self.table.key) == set(stage.source.unit)
        one_file = len({sheet.key[0] for sheet in stage.sheets}) == 1
        entity = stage.unit if one_file else f'({stage.unit}, "#file")'
        repeats = f"SELECT count(*) > count(DISTINCT {entity}) {stage.rows_of(self.table.name)}"
        if not single or not stage.remembered(repeats, self._true):
            return ""
        content = ", ".join(f'"{column}"' for column in sorted(set(stage.columns.values())))
        first = (
            f'"{stage.columns[f"{self.table.name}!"]}" DESC,'
            if stage.source.tables[self.table.name].prefer
            else ""
        )
        return f"""QUALIFY row_number() OVER (
            PARTITION BY {stage.unit}, "#file" ORDER BY {first} "#latest" DESC, {content}, "#sheet", "#row") = 1"""

    def _rank(self) -> None:
        """Name, for every unit that comes in, the file that speaks for it from now on.

        Makes the relations ``won`` (incoming rows to keep) and ``beaten`` (unit and file of rows to drop).
        """
        files = sorted({sheet.document.id for stage in self.stages for sheet in stage.sheets})
        again = ", ".join(map(quoted, files))
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE standing AS
            SELECT {_CLAIM}, platform_id, year, source_file IN ({again}) AS read_again
            FROM existing WHERE source_file IN ({again}) OR unit_key IN (SELECT unit_key FROM incoming)
            GROUP BY unit_key, source_file, platform_id, year"""
        )
        if len(files) == 1 and self._true("SELECT count(*) = 0 FROM standing"):
            self.db.execute("CREATE OR REPLACE TEMP VIEW won AS FROM incoming")
            self.db.execute("CREATE OR REPLACE TEMP TABLE beaten AS FROM standing")
            return
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE best AS
            SELECT unit_key, arg_max(source_file, {{'1': real, '2': exported_at,
                '3': coalesce(latest_at, TIMESTAMP '1970-01-01'), '4': source_file}}) AS source_file
            FROM (SELECT {_CLAIM} FROM incoming GROUP BY unit_key, source_file UNION ALL BY NAME
                  SELECT * EXCLUDE (platform_id, year, read_again) FROM standing WHERE NOT read_again)
            GROUP BY unit_key;
            CREATE OR REPLACE TEMP TABLE beaten AS
            SELECT s.* FROM standing s LEFT JOIN best b USING (unit_key)
            WHERE s.read_again OR b.source_file <> s.source_file;
            CREATE OR REPLACE TEMP VIEW won AS
            SELECT * FROM incoming SEMI JOIN best USING (unit_key, source_file)"""
        )

    def _write(self, touched: Sequence[tuple[str, int]]) -> None:
        names = ", ".join(f'"{column.name}"' for column in self.table.columns)
        places = ", ".join(f"({quoted(platform)}, {year})" for platform, year in touched)
        rows = self.db.sql(
            f"""SELECT {names} FROM (
                SELECT * FROM existing ANTI JOIN beaten USING (unit_key, source_file)
                WHERE (platform_id, year) IN ({places})
                UNION ALL BY NAME
                SELECT *, {self._row_key()} AS row_key FROM won)"""
        )
        predicate = " OR ".join(f"(platform_id = {quoted(p)} AND year = {year})" for p, year in touched)
        self.lake.write(
            self.table.name, rows.to_arrow_reader(_BATCH_ROWS), predicate=predicate, partitioned=True
        )

    def _row_key(self) -> str:
        if all(stage.source.one_row_per_unit for stage in self.stages):
            return "unit_key || '#1'"
        order = "source_file, source_sheet, source_row"
        return f"unit_key || '#' || row_number() OVER (PARTITION BY unit_key ORDER BY {order})"

    def _remember_lost(self) -> None:
        for stage in self.stages:
            rows = f"""SELECT "#file", "#sheet", "#row" {stage.rows_of(self.table.name)}"""
            won = f"SELECT source_file, source_sheet, source_row FROM won WHERE source_id = {quoted(stage.source.id)}"
            if self._true(f"SELECT (SELECT count(*) FROM ({rows})) > (SELECT count(*) FROM ({won}))"):
                self.db.execute(f"INSERT INTO lost {rows} EXCEPT {won}")

    def _true(self, sql: str) -> bool:
        return bool(self.db.execute(sql).fetchall()[0][0])
