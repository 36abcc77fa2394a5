"""Staged rows into the lake: the newest export of every unit wins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

import duckdb
import pyarrow as pa

from reportkit import schema
from reportkit.engines import quoted, relation_sql
from reportkit.ingest.mapping import Mapping
from reportkit.ingest.stage import Stage, in_order, place_of
from reportkit.lake import Lake, Snapshot

__all__ = ["merge"]

_BATCH_ROWS = 10_000
_ROWS_AT_ONCE = 250_000
_SLICES_OF_UNITS = 8  # units alone take less room than rows
_NOW = """"#place" BETWEEN getvariable('first') AND getvariable('last')"""
_CLAIMS = "unit_key VARCHAR, source_file VARCHAR, real BOOLEAN, exported_at TIMESTAMP, latest_at TIMESTAMP"
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
    """The merge of one table, slice by slice of its units: all that is decided is decided within a unit."""

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
        self.existing = f"({relation_sql(table, self.files)})"
        self.again = ", ".join(sorted({quoted(sheet.document.id) for one in stages for sheet in one.sheets}))

    def run(self) -> set[str]:
        self._look_back()
        if touched := self._touched():
            names = ", ".join(f'"{column.name}"' for column in self.table.columns)
            batches = self._batches(names, ", ".join(f"({quoted(p)}, {year})" for p, year in touched))
            rows = pa.RecordBatchReader.from_batches(
                self._stream(names, relation_sql(self.table, [])).schema, batches
            )
            predicate = " OR ".join(f"(platform_id = {quoted(p)} AND year = {year})" for p, year in touched)
            self.lake.write(self.table.name, rows, predicate=predicate, partitioned=True)
        return {file for (file,) in self.db.execute("SELECT DISTINCT source_file FROM beaten").fetchall()}

    def _look_back(self) -> None:
        """Make of what is stored of the units met ``standing``, the files with rows here, and ``mute``, those without.

        Files that are read again claim nothing. ``beaten`` is for the claims that lose.
        """
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE standing ({_CLAIMS}, platform_id VARCHAR, year BIGINT, "#place" INTEGER);
            CREATE OR REPLACE TEMP TABLE mute ({_CLAIMS}, "#place" INTEGER);
            CREATE OR REPLACE TEMP TABLE beaten (unit_key VARCHAR, source_file VARCHAR)"""
        )
        met = " UNION ALL ".join(f"SELECT {stage.unit} {stage.good} AND {_NOW}" for stage in self.stages)
        taken = " UNION ALL ".join(
            f"SELECT {stage.unit} {self._rows_of(stage, *self._keys(stage))}" for stage in self.stages
        )
        for _ in self._slices(_SLICES_OF_UNITS):
            if self.files:
                self._claim("standing", f"{_CLAIM}, platform_id, year", self.existing, f"unit_key IN ({met})")
            for stage, stored in self._told_elsewhere():
                claim = f"""unit_key, source_file, {self._real(stage)} AS real,
                    max(exported_at) AS exported_at, max(latest_at) AS latest_at"""
                own = f"source_id = {quoted(stage.source.id)} AND unit_key IN ({taken})"
                self._claim("mute", claim, stored, own)

    def _claim(self, name: str, claim: str, stored: str, which: str) -> None:
        rows = f"""SELECT {claim} FROM (SELECT *, {place_of("unit_key")} AS "#place" FROM {stored})
            WHERE {_NOW} AND source_file NOT IN ({self.again}) AND {which} GROUP BY ALL"""
        self.db.execute(f"INSERT INTO {name} {in_order(rows, 'unit_key')}")

    def _told_elsewhere(self) -> Iterator[tuple[Stage, str]]:
        """Yield the other tables of each source that may be silent of a unit in this one."""
        for stage in filter(self._may_be_silent, self.stages):
            for name in stage.source.fed:
                if name != self.table.name and (files := self.lake.files(name, self.before)):
                    yield stage, f"({relation_sql(schema.table(name), files)})"

    def _touched(self) -> list[tuple[str, int]]:
        """The partitions in which rows may change."""
        fresh = (
            f"SELECT {', '.join(self._partition(one, key))} {one.rows_of(key)}" for one, key in self._fed()
        )
        sql = f"""SELECT platform_id, year FROM standing UNION
            SELECT platform_id, year FROM {self.existing} WHERE source_file IN ({self.again})"""
        return sorted(self.db.execute(" UNION ".join([sql, *fresh])).fetchall())

    def _fed(self) -> Iterator[tuple[Stage, str]]:
        """Yield every stage with the key of each of its mappings into this table."""
        for stage in self.stages:
            for key in self._keys(stage):
                yield stage, key

    def _keys(self, stage: Stage) -> dict[str, Mapping]:
        return stage.source.fed[self.table.name]

    def _partition(self, stage: Stage, key: str) -> tuple[str, str]:
        source, day = stage.source, stage.columns.get(f"{key}.{self.table.day}")
        platform = quoted(source.platform) if source.platform else f'"{stage.columns[f"{key}.platform_id"]}"'
        return f"{platform} AS platform_id", f'coalesce(year("{day}"), 0) AS year' if day else "0 AS year"

    def _batches(self, names: str, touched: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows that win, slice by slice, and then those that stay."""
        for _ in self._slices():
            narrowed = self._gather()
            self._rank()
            self._remember_lost(narrowed)
            yield from self._stream(names, f"SELECT *, {self._row_key()} AS row_key FROM won")
        yield from self._stream(
            names,
            f"""SELECT * FROM {self.existing} ANTI JOIN beaten USING (unit_key, source_file)
            WHERE (platform_id, year) IN ({touched}) AND source_file NOT IN ({self.again})""",
        )

    def _stream(self, names: str, rows: str) -> pa.RecordBatchReader:
        typed = f"SELECT {names} FROM ({relation_sql(self.table, [])} UNION ALL BY NAME {rows})"
        return self.db.sql(typed).to_arrow_reader(_BATCH_ROWS)

    def _slices(self, size: int = 1) -> Iterator[None]:
        """Show one slice of the units after the other: as many places as hold `size` times `_ROWS_AT_ONCE` rows."""
        rows = " UNION ALL ".join(f'SELECT "#place" {stage.good}' for stage in self.stages)
        counted = self.db.execute(
            f'SELECT "#place", count(*) FROM ({rows}) GROUP BY ALL ORDER BY ALL'
        ).fetchall()
        while counted:
            held = list(accumulate(count for _, count in counted))
            end = max(1, bisect_right(held, size * _ROWS_AT_ONCE))
            self.db.execute(
                f"SET VARIABLE first = {counted[0][0]}; SET VARIABLE last = {counted[end - 1][0]}"
            )
            yield
            counted = counted[end:]

    def _gather(self) -> bool:
        """Make ``incoming``, the rows a slice brings to this table, and tell whether rows of its files were left out."""
        narrowed, parts = False, []
        for stage, key in self._fed():
            several = self._repeats(stage, key)
            narrowed |= several
            parts.append(self._incoming(stage, key, several))
        real_first = self._real_first()
        self.db.execute(
            f"CREATE OR REPLACE TEMP TABLE incoming AS FROM ({' UNION ALL BY NAME '.join(parts)}) {real_first}"
        )
        return narrowed or bool(real_first)

    def _real_first(self) -> str:
        """Where two sheets of a file speak of one unit, its placeholder rows give way to the real ones."""
        files = [sheet.document.id for stage in self.stages for sheet in stage.sheets]
        kinds = {mapping.placeholder for stage in self.stages for mapping in self._keys(stage).values()}
        if len(set(files)) == len(files) or len(kinds) == 1:
            return ""
        return (
            "QUALIFY NOT is_placeholder OR bool_and(is_placeholder) OVER (PARTITION BY unit_key, source_file)"
        )

    def _incoming(self, stage: Stage, key: str, several: bool) -> str:
        """Return the SELECT of the rows that one mapping of a stage brings to this table."""
        source, mapping = stage.source, stage.source.tables[key]
        values = {
            c.name: f'"{sql}"' for c in self.table.columns if (sql := stage.columns.get(f"{key}.{c.name}"))
        }
        rows = self._rows_of(stage, key)
        if several:
            sums = {c: values[c] for c, form in mapping.columns.items() if form.sum}
            rows = f"FROM ({self._spokesmen(stage, key, sums)})"
            values |= {c: f'"sum of {c}"' for c in sums}
        own = ", ".join(f'{values[c.name]} AS "{c.name}"' for c in self.table.own if c.name in values)
        placeholder = str(mapping.placeholder).lower()
        return f"""SELECT {own}, {", ".join(self._partition(stage, key))},
            {stage.unit} AS unit_key, {quoted(source.id)} AS source_id, "#file" AS source_file,
            "#sheet" AS source_sheet, "#row" AS source_row, "#exported_at" AS exported_at,
            "#latest" AS latest_at, {placeholder} AS is_placeholder
        {rows}"""

    def _rows_of(self, stage: Stage, *keys: str) -> str:
        return f"{stage.rows_of(*keys)} AND {_NOW}"

    def _repeats(self, stage: Stage, key: str) -> bool:
        """Tell whether several rows of a file speak of one entity of this table."""
        single = stage.source.one_row_per_unit or set(self.table.key) == set(stage.source.unit)
        one_file = len({sheet.key[0] for sheet in stage.sheets}) == 1
        entity = stage.unit if one_file else f'({stage.unit}, "#file")'
        return single and self._true(f"count(*) > count(DISTINCT {entity}) {self._rows_of(stage, key)}")

    def _spokesmen(self, stage: Stage, key: str, sums: dict[str, str]) -> str:
        """Of several rows of a file that speak of one entity, let one speak: by content, never by place.

        `sums` (column and expression) are over all of them.
        """
        content = ", ".join(f'"{column}"' for column in sorted(set(stage.columns.values())))
        first = f'"{stage.columns[f"{key}!"]}" DESC,' if stage.source.tables[key].prefer else ""
        kinds = {column.name: schema.sql_type(column.type) for column in self.table.own}
        added = "".join(
            f', CAST(sum({sql}) OVER same AS {kinds[c]}) AS "sum of {c}"' for c, sql in sums.items()
        )
        return f"""SELECT *{added} {self._rows_of(stage, key)}
            WINDOW same AS (PARTITION BY {stage.unit}, "#file")
            QUALIFY row_number() OVER (same ORDER BY {first} "#latest" DESC, {content}, "#sheet", "#row") = 1"""

    def _rank(self) -> None:
        """Make ``won``, the incoming rows to keep, and note in ``beaten`` the claims of a slice that lost.

        For every unit the file that speaks for it from now on is named. A file that is silent of a unit claims
        it too: an export in which an order is refunded no longer is newer than one in which it was.
        """
        claims = [
            f"SELECT {_CLAIM} FROM incoming GROUP BY unit_key, source_file",
            *(self._silence(stage) for stage in filter(self._may_be_silent, self.stages)),
            f'SELECT * EXCLUDE ("#place") FROM mute WHERE {_NOW}',
            f'SELECT * EXCLUDE (platform_id, year, "#place") FROM standing WHERE {_NOW}',
        ]
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE best AS
            SELECT unit_key, arg_max(source_file, {{'1': real, '2': exported_at,
                '3': coalesce(latest_at, TIMESTAMP '1970-01-01'), '4': source_file}}) AS source_file
            FROM ({" UNION ALL BY NAME ".join(claims)}) GROUP BY unit_key;
            INSERT INTO beaten SELECT unit_key, source_file
            FROM (FROM standing WHERE {_NOW}) ANTI JOIN best USING (unit_key, source_file);
            CREATE OR REPLACE TEMP VIEW won AS FROM incoming SEMI JOIN best USING (unit_key, source_file)"""
        )

    def _may_be_silent(self, stage: Stage) -> bool:
        """Only conditions make a file silent."""
        return all(mapping.when for mapping in self._keys(stage).values())

    def _real(self, stage: Stage) -> str:
        return str(not any(mapping.placeholder for mapping in self._keys(stage).values())).lower()

    def _silence(self, stage: Stage) -> str:
        return f"""SELECT {stage.unit} AS unit_key, "#file" AS source_file, {self._real(stage)} AS real,
            max("#exported_at") AS exported_at, max("#latest") AS latest_at
            {stage.good} AND NOT ({stage.taken_by(*self._keys(stage))}) AND {_NOW} GROUP BY ALL"""

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

    def _remember_lost(self, narrowed: bool) -> None:
        """Note the rows of a slice that the table did not take."""
        if not narrowed and self._true("(SELECT count(*) FROM incoming) = (SELECT count(*) FROM won)"):
            return
        offered = " UNION ALL ".join(
            f'SELECT "#file", "#sheet", "#row" {self._rows_of(stage, *self._keys(stage))}'
            for stage in self.stages
        )
        self.db.execute(
            f"INSERT INTO lost {offered} EXCEPT SELECT source_file, source_sheet, source_row FROM won"
        )

    def _true(self, sql: str) -> bool:
        return self.db.execute(f"SELECT {sql}").fetchall() == [(True,)]
