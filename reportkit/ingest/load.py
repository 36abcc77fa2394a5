"""Staged rows into the lake: the newest export of every unit wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa

from reportkit import schema
from reportkit.engines import quoted, relation_sql
from reportkit.ingest.mapping import Mapping
from reportkit.ingest.stage import Stage
from reportkit.lake import Lake, Snapshot

__all__ = ["merge"]

_BATCH_ROWS = 10_000
_ROWS_AT_ONCE = 250_000  # all that is decided is decided within a unit, so units may come by and by
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
    feeding = [stage for stage in stages if table.name in stage.source.fed]
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
        self.lake, self.before, self.table, self.stages, self.db = lake, before, table, stages, connection
        self.files = lake.files(table.name, before)
        self.read = sorted({sheet.document.id for stage in stages for sheet in stage.sheets})
        rows = sum(sheet.read for stage in stages for sheet in stage.sheets)
        self.slices = max(1, -(-rows // _ROWS_AT_ONCE))
        self.spokesmen = 0
        self.takes_all = False  # until it is known that nothing keeps a row out

    def run(self) -> set[str]:
        self.db.execute("SET VARIABLE slice = 0")
        self._gather()
        self._listen()
        self._rank()
        touched = self._each("SELECT platform_id, year FROM won UNION SELECT platform_id, year FROM beaten")
        if touched:
            self._write(sorted(set(touched)))
        self._remember_lost()
        return {file for (file,) in self.db.execute("SELECT DISTINCT source_file FROM beaten").fetchall()}

    def _sliced(self) -> Iterator[int]:
        """Let the views show one slice of the units after the other."""
        for number in range(self.slices):
            if self.slices > 1:
                self.db.execute(f"SET VARIABLE slice = {number}")
            yield number

    def _each(self, sql: str) -> list[tuple[Any, ...]]:
        """Execute `sql` on every slice; return all that it gives."""
        return [row for _ in self._sliced() for row in self.db.execute(sql).fetchall()]

    def _in_slice(self, unit: str) -> str:
        return "true" if self.slices == 1 else f"hash({unit}) % {self.slices} = getvariable('slice')"

    def _gather(self) -> None:
        parts = " UNION ALL BY NAME ".join(
            self._incoming(stage, key) for stage in self.stages for key in self._keys(stage)
        )
        real_first = self._real_first()
        self.takes_all = not real_first and self.spokesmen == 0
        self.db.execute(
            f"""CREATE OR REPLACE TEMP VIEW incoming AS SELECT * FROM ({parts}) {real_first};
            CREATE OR REPLACE TEMP VIEW existing AS
            SELECT * FROM ({relation_sql(self.table, self.files)}) WHERE {self._in_slice("unit_key")}"""
        )

    def _keys(self, stage: Stage) -> dict[str, Mapping]:
        return stage.source.fed[self.table.name]

    def _real_first(self) -> str:
        """Where two sheets of a file speak of one unit, its placeholder rows give way to the real ones."""
        files = [sheet.document.id for stage in self.stages for sheet in stage.sheets]
        kinds = {mapping.placeholder for stage in self.stages for mapping in self._keys(stage).values()}
        if len(set(files)) == len(files) or len(kinds) == 1:
            return ""
        return (
            "QUALIFY NOT is_placeholder OR bool_and(is_placeholder) OVER (PARTITION BY unit_key, source_file)"
        )

    def _incoming(self, stage: Stage, key: str) -> str:
        """Return the SELECT of the rows that one mapping of a stage brings to this table."""
        source, mapping = stage.source, stage.source.tables[key]
        stored = {
            c.name: f'"{sql}"' for c in self.table.columns if (sql := stage.columns.get(f"{key}.{c.name}"))
        }
        rows, values = self._rows_of(stage, key), stored
        if self._repeats(stage, key):
            sums = {c: stored[c] for c, form in mapping.columns.items() if form.sum}
            rows = self._spokesmen(stage, key, sums)
            values = stored | {c: f'"sum of {c}"' for c in sums}
        own = ", ".join(f'{values[c.name]} AS "{c.name}"' for c in self.table.own if c.name in values)
        platform = quoted(source.platform) if source.platform else stored["platform_id"]
        day = stored.get(self.table.day or "", "NULL::DATE")
        placeholder = str(mapping.placeholder).lower()
        return f"""SELECT {own}, {platform} AS platform_id, coalesce(year({day}), 0) AS year,
            {stage.unit} AS unit_key, {quoted(source.id)} AS source_id, "#file" AS source_file,
            "#sheet" AS source_sheet, "#row" AS source_row, "#exported_at" AS exported_at,
            "#latest" AS latest_at, {placeholder} AS is_placeholder
        {rows}"""

    def _rows_of(self, stage: Stage, *keys: str) -> str:
        return f"{stage.rows_of(*keys)} AND {self._in_slice(stage.unit)}"

    def _repeats(self, stage: Stage, key: str) -> bool:
        """Tell whether several rows of a file speak of one entity of this table."""
        single = stage.source.one_row_per_unit or set(self.table.key) == set(stage.source.unit)
        one_file = len({sheet.key[0] for sheet in stage.sheets}) == 1
        entity = stage.unit if one_file else f'({stage.unit}, "#file")'
        repeats = f"SELECT count(*) > count(DISTINCT {entity}) {self._rows_of(stage, key)}"
        return single and stage.remembered(repeats, self._true)

    def _spokesmen(self, stage: Stage, key: str, sums: dict[str, str]) -> str:
        """Of several rows of a file that speak of one entity, let one speak: by content, never by place.

        Only where each stands and its `sums` (column and expression) over all of them are noted, since whole rows
        would not fit into memory. Returns the FROM clause over the rows that speak.
        """
        self.spokesmen += 1
        content = ", ".join(f'"{column}"' for column in sorted(set(stage.columns.values())))
        first = f'"{stage.columns[f"{key}!"]}" DESC,' if stage.source.tables[key].prefer else ""
        kinds = {column.name: schema.sql_type(column.type) for column in self.table.own}
        added = "".join(
            f', CAST(sum({sql}) OVER same AS {kinds[c]}) AS "sum of {c}"' for c, sql in sums.items()
        )
        self._collect(
            f"spokesmen{self.spokesmen}",
            f"""SELECT {stage.relation}.rowid AS "#id", getvariable('slice') AS "#slice"{added}
            {self._rows_of(stage, key)}
            WINDOW same AS (PARTITION BY {stage.unit}, "#file")
            QUALIFY row_number() OVER (same ORDER BY {first} "#latest" DESC, {content}, "#sheet", "#row") = 1""",
        )
        return f"""FROM (SELECT {stage.relation}.rowid AS "#id", * {self._rows_of(stage, key)})
            JOIN spokesmen{self.spokesmen} USING ("#id") WHERE "#slice" = getvariable('slice')"""

    def _listen(self) -> None:
        """Make ``silent``: the files that speak of a unit and have no row of it for this table.

        An export in which an order is refunded no longer is newer than one in which it was: having no row
        is what it says. Only conditions make a file silent, so only they are looked at.
        """
        self.db.execute(
            """CREATE OR REPLACE TEMP TABLE silent (
                unit_key VARCHAR, source_file VARCHAR, real BOOLEAN, exported_at TIMESTAMP, latest_at TIMESTAMP)"""
        )
        for sql in (sql for stage in self.stages for sql in self._silences(stage)):
            self._each(f"INSERT INTO silent {sql}")

    def _silences(self, stage: Stage) -> Iterator[str]:
        mappings = self._keys(stage).values()
        if not all(mapping.when for mapping in mappings):
            return
        real = str(not any(mapping.placeholder for mapping in mappings)).lower()
        yield f"""SELECT {stage.unit} AS unit_key, "#file" AS source_file, {real} AS real,
            max("#exported_at") AS exported_at, max("#latest") AS latest_at
            {stage.good} AND NOT ({stage.taken_by(*self._keys(stage))}) AND {self._in_slice(stage.unit)} GROUP BY ALL"""
        read = ", ".join(sorted({quoted(sheet.document.id) for sheet in stage.sheets}))
        for name in stage.source.fed:
            if name != self.table.name and (files := self.lake.files(name, self.before)):
                stored = relation_sql(schema.table(name), files)
                yield f"""SELECT unit_key, source_file, {real} AS real,
                    max(exported_at) AS exported_at, max(latest_at) AS latest_at FROM ({stored})
                    WHERE source_id = {quoted(stage.source.id)} AND source_file NOT IN ({read})
                        AND unit_key IN (SELECT unit_key FROM incoming) GROUP BY ALL"""

    def _rank(self) -> None:
        """Name, for every unit that comes in, the file that speaks for it from now on.

        Makes the relations ``won`` (incoming rows to keep) and ``beaten`` (unit and file of rows to drop).
        """
        again = ", ".join(map(quoted, self.read))
        met = f"""source_file IN ({again})
            OR unit_key IN (SELECT unit_key FROM incoming UNION ALL SELECT unit_key FROM silent)"""
        self._collect(
            "standing",
            f"""SELECT {_CLAIM}, platform_id, year, source_file IN ({again}) AS read_again
            FROM existing WHERE {met if self.files else "false"}
            GROUP BY unit_key, source_file, platform_id, year""",
        )
        others = f"(SELECT 1 FROM standing UNION ALL SELECT 1 FROM silent WHERE source_file NOT IN ({again}))"
        if len(self.read) == 1 and self._true(f"SELECT count(*) = 0 FROM {others}"):
            self.db.execute("CREATE OR REPLACE TEMP VIEW won AS FROM incoming")
            self.db.execute("CREATE OR REPLACE TEMP TABLE beaten AS FROM standing")
            return
        self.takes_all = False
        now = self._in_slice("unit_key")
        self._collect(
            "best",
            f"""SELECT unit_key, arg_max(source_file, {{'1': real, '2': exported_at,
                '3': coalesce(latest_at, TIMESTAMP '1970-01-01'), '4': source_file}}) AS source_file
            FROM (SELECT {_CLAIM} FROM incoming GROUP BY unit_key, source_file UNION ALL BY NAME
                  FROM silent WHERE {now} UNION ALL BY NAME
                  SELECT * EXCLUDE (platform_id, year, read_again) FROM standing WHERE NOT read_again AND {now})
            GROUP BY unit_key""",
        )
        best = f"(FROM best WHERE {now}) AS best"
        self._collect(
            "beaten",
            f"""SELECT s.* FROM (FROM standing WHERE {now}) AS s LEFT JOIN {best} USING (unit_key)
            WHERE s.read_again OR best.source_file <> s.source_file""",
        )
        self.db.execute(
            f"""CREATE OR REPLACE TEMP VIEW won AS
            SELECT * FROM incoming SEMI JOIN {best} USING (unit_key, source_file)"""
        )

    def _collect(self, name: str, sql: str) -> None:
        """Make the temporary table `name` of what `sql` gives, slice by slice."""
        for number in self._sliced():
            into = f"INSERT INTO {name}" if number else f"CREATE OR REPLACE TEMP TABLE {name} AS"
            self.db.execute(f"{into} {sql}")

    def _write(self, touched: Sequence[tuple[str, int]]) -> None:
        names = ", ".join(f'"{column.name}"' for column in self.table.columns)
        places = ", ".join(f"({quoted(platform)}, {year})" for platform, year in touched)
        rows = f"""SELECT {names} FROM (
            SELECT * FROM existing ANTI JOIN beaten USING (unit_key, source_file)
            WHERE (platform_id, year) IN ({places})
            UNION ALL BY NAME
            SELECT *, {self._row_key()} AS row_key FROM won)"""
        slices = (self.db.sql(rows).to_arrow_reader(_BATCH_ROWS) for _ in self._sliced())
        first = next(slices)
        reader = pa.RecordBatchReader.from_batches(
            first.schema, chain(first, (batch for reader in slices for batch in reader))
        )
        predicate = " OR ".join(f"(platform_id = {quoted(p)} AND year = {year})" for p, year in touched)
        self.lake.write(self.table.name, reader, predicate=predicate, partitioned=True)

    def _row_key(self) -> str:
        several = [mapping for stage in self.stages for mapping in self._several(stage)]
        if not several and all(stage.source.one_row_per_unit for stage in self.stages):
            return "unit_key || '#1'"
        # What one row of the file became is told apart by what it holds, not by the order of the mappings.
        content = sorted({column for mapping in several for column in mapping.columns})
        order = ", ".join(["source_file", "source_sheet", "source_row", *(f'"{name}"' for name in content)])
        return f"unit_key || '#' || row_number() OVER (PARTITION BY unit_key ORDER BY {order})"

    def _several(self, stage: Stage) -> list[Mapping]:
        """The mappings of a stage by which one row may become several of this table."""
        mappings = list(self._keys(stage).values())
        return mappings if len(mappings) > 1 else []

    def _remember_lost(self) -> None:
        """Note the rows of a sheet that the table did not take: those of it that won are fewer."""
        if self.takes_all:
            return
        won = self._counted("FROM won", "source_file, source_sheet")
        for stage in self.stages:
            offered: Counter[tuple[str, str]] = Counter()
            for key in self._keys(stage):
                offered.update(self._counted(self._rows_of(stage, key), '"#file", "#sheet"'))
            if any(count > won.get(sheet, 0) for sheet, count in offered.items()):
                files = ", ".join(sorted({quoted(sheet.document.id) for sheet in stage.sheets}))
                self._each(
                    f"""INSERT INTO lost SELECT "#file", "#sheet", "#row" {self._rows_of(stage, *self._keys(stage))}
                    EXCEPT SELECT source_file, source_sheet, source_row FROM won
                    WHERE source_id = {quoted(stage.source.id)} AND source_file IN ({files})"""
                )

    def _counted(self, rows: str, sheet: str) -> Counter[tuple[str, str]]:
        counted: Counter[tuple[str, str]] = Counter()
        for file, name, count in self._each(f"SELECT {sheet}, count(*) {rows} GROUP BY ALL"):
            counted[file, name] += count
        return counted

    def _true(self, sql: str) -> bool:
        return any(true for (true,) in self._each(sql))
