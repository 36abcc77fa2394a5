"""The one SQL statement that turns an all-text stream into typed rows, with what is wrong beside them.

Its result holds, for every table T and column C of the source, a column ``T.C``; ``T?`` tells whether the row
belongs in T, ``T!`` whether it speaks first. Beside them stand ``#origin``, ``#row``, ``#unit``, ``#latest``,
``#skip`` (a footer or an empty row) and ``#problem`` (0 where the row is good, else an index into
`Statement.problems`) with ``#raw``, the text at fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from reportkit import schema
from reportkit.engines import quoted
from reportkit.ingest.read import ROW
from reportkit.ingest.source import Form, Source, aliases, normal, quote_names

__all__ = ["ROUNDED", "UNMAPPED", "Problem", "Statement", "build"]

UNMAPPED = "a word nobody mapped"
ROUNDED = "the number was rounded by a spreadsheet and is lost"

_EARLIEST = "DATE '2000-01-01'"


@dataclass(frozen=True)
class Problem:
    """Why rows are refused: the raw column at fault and the reason. `personal` hides the raw text."""

    column: str
    reason: str
    test: str
    raw: str
    personal: bool


@dataclass
class Statement:
    """The generated SQL, over a relation called ``raw``, and the problems its ``#problem`` counts.

    `columns` tells under which name a column ``T.C`` stands: equal expressions are computed once.
    """

    sql: str = ""
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def stored(self) -> dict[str, str]:
        """`columns` without the local times (``T.C@``), which only serve others."""
        return {name: column for name, column in self.columns.items() if not name.endswith("@")}


def build(source: Source, present: set[str], timezone: str, key: bytes) -> Statement:
    """Generate the statement for `source`.

    `present` holds the raw columns, by their first names, that the file has; `key` hides buyers.
    """
    return _Builder(source, present, timezone, key).build()


def _unit_prefix(source: Source, platform: str) -> str:
    """Return the SQL text that keeps units of different sources apart where they mean different things."""
    return f"{platform} || ':'" + ("" if source.shares_units else f" || {quoted(source.id + ':')}")


class _Builder:
    def __init__(self, source: Source, present: set[str], timezone: str, key: bytes) -> None:
        self.source, self.present, self.zone, self.key = source, present, timezone, key
        self.statement = Statement()
        self.computed: dict[str, str] = {}
        self.personal = {normal(name) for name in source.personal}

    def build(self) -> Statement:
        for name in self.source.tables:
            self._when(name)
        for table, column, form in self.source.forms():
            self._column(table, column, form)
        for name in self.source.tables:
            self._derived(name)
        self._add("#unit", self._unit())
        typed = ", ".join(f'{sql} AS "{name}"' for sql, name in self.computed.items())
        self.statement.sql = f"""
WITH cells AS (SELECT "#origin", "{ROW}", {self._present()} FROM raw),
typed AS (SELECT *, {typed} FROM cells),
keyed AS (SELECT *, {self._latest()} AS "#latest", {self._skip()} AS "#skip" FROM typed),
judged AS (SELECT *, {self._judge()} AS "#problem" FROM keyed)
SELECT "#origin", "{ROW}", "#latest", "#skip", "#problem", {self._raw()} AS "#raw",
    {", ".join(f'"{name}"' for name in self.computed.values() if not name.endswith("@"))}
FROM judged"""
        return self.statement

    def _add(self, name: str, sql: str) -> None:
        """Compute `sql` as `name`, once for all names that want the same."""
        self.statement.columns[name] = self.computed.setdefault(sql, name)

    def _ref(self, name: str) -> str:
        return f'"{self.statement.columns[name]}"'

    def _present(self) -> str:
        """Every raw column the source knows; null where this file lacks it."""
        names = [f'"{name}"' for name in self.source.raw_columns]
        columns = [name if name.strip('"') in self.present else f"NULL::VARCHAR AS {name}" for name in names]
        return ", ".join([*columns, '"#first"'] if self.source.skip_rows else columns)

    def _column(self, table: str, column: str, form: Form) -> None:
        kind = schema.table(table).column(column).type if column != "platform_id" else "text"
        target = f"{table}.{column}"
        if form.constant is not None:
            value = quoted(str(form.constant))
            self._add(target, f"CAST({value} AS {schema.sql_type(kind)})")
            return
        raw = f'"{_bare(form.raw_columns()[0])}"'
        local = f"{target}@" if kind == "time" else target
        self._add(local, self._typed(form, kind, raw))
        if kind == "time":
            self._add(target, self._to_utc(self._ref(local)))
        self._checks(table, column, form, kind, raw)

    def _typed(self, form: Form, kind: str, raw: str) -> str:
        if form.sql and (form.time or form.date):
            return self._moment(form, kind, f"CAST(({form.sql_quoted}) AS VARCHAR)")
        if form.sql:
            return f"TRY_CAST({form.sql_quoted} AS {schema.sql_type(kind)})"
        if form.private:
            return self._keyed_hash(raw)
        if form.map is not None:
            return self._mapped(form, kind, raw)
        if form.id:
            return f"CASE WHEN NOT is_rounded({raw}) THEN clean_id({raw}) END"
        if kind in ("time", "date"):
            return self._moment(form, kind, raw)
        if kind in ("money", "number", "int"):
            return self._numeric(form, kind, raw)
        return raw

    def _numeric(self, form: Form, kind: str, raw: str) -> str:
        if form.number == "%":
            value = f"number(rtrim({raw}, '%')) / CASE WHEN ends_with({raw}, '%') THEN 100 ELSE 1 END"
        elif form.number:
            value = f"number(CASE WHEN ends_with({raw}, {quoted(form.number)}) THEN left({raw}, -{len(form.number)}) ELSE {raw} END)"
        else:
            value = f"number({raw})"
        if kind == "int":
            return f"CASE WHEN {value} = trunc({value}) THEN CAST({value} AS BIGINT) END"
        return f"CAST({value} AS {schema.sql_type(kind)})"

    def _moment(self, form: Form, kind: str, raw: str) -> str:
        formats = [f for f in (form.time or form.date or []) if f not in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")]
        cast = f"TRY_CAST({raw} AS TIMESTAMP)"
        parsed = f"try_strptime({raw}, [{', '.join(map(quoted, formats))}])"
        value = f"coalesce({cast}, {parsed})" if formats else cast
        return value if kind == "time" else f"CAST({value} AS DATE)"

    def _to_utc(self, local: str) -> str:
        minutes = _fixed_offset(self.zone)
        if minutes is not None:
            return f"{local} - to_minutes({minutes})"
        return f"({local} AT TIME ZONE {quoted(self.zone)}) AT TIME ZONE 'UTC'"

    def _mapped(self, form: Form, kind: str, raw: str) -> str:
        words = self._words(form)
        cases = " ".join(f"WHEN {quoted(word)} THEN {_literal(value)}" for word, value in words.items())
        return f"CAST(CASE {raw} {cases} END AS {schema.sql_type(kind)})"

    def _words(self, form: Form) -> dict[str, str | bool | None]:
        assert form.map is not None
        words = self.source.vocabularies[form.map] if isinstance(form.map, str) else form.map
        return {str(word): value for word, value in words.items()}

    def _keyed_hash(self, raw: str) -> str:
        """HMAC-SHA256 (RFC 2104) over the platform and the name, as Python's hmac computes it."""
        key = (sha256(self.key).digest() if len(self.key) > 64 else self.key).ljust(64, b"\0")
        inner, outer = (bytes(byte ^ mask for byte in key) for mask in (0x36, 0x5C))
        message = f"encode({quoted((self.source.platform or '') + ':')} || clean_id({raw}))"
        digest = f"unhex(sha256({_blob(inner)} || {message}))"
        return f"CASE WHEN {raw} IS NOT NULL THEN left(sha256({_blob(outer)} || {digest}), 32) END"

    def _checks(self, table: str, column: str, form: Form, kind: str, raw: str) -> None:
        described = schema.table(table).column(column)
        value, name = self._ref(f"{table}.{column}"), form.raw_columns()[0]
        if form.id:
            self._problem(name, ROUNDED, f"is_rounded({raw})")
        elif form.map is not None:
            known = ", ".join(quoted(word) for word in self._words(form))
            self._problem(name, UNMAPPED, f"{raw} NOT IN ({known})")
        elif form.sql:
            self._check_numbers(form)
            if kind not in ("text", "bool"):
                self._problem(name, f"not a {kind}", f"({form.sql_quoted}) IS NOT NULL AND {value} IS NULL")
        elif not form.private and kind not in ("text", "bool"):
            self._problem(name, f"not a {kind}", f"{raw} IS NOT NULL AND {value} IS NULL")
        if kind in ("time", "date"):
            upper = "" if described.future else " OR CAST({v} AS DATE) > current_date + 1"
            test = f"CAST({{v}} AS DATE) < {_EARLIEST}{upper}".format(v=value)
            self._problem(
                name, "a date before 2000 or in the future" if upper else "a date before 2000", test
            )
        if described.required:
            self._problem(name, "no value", f"{self._ref(f'{table}?')} AND {value} IS NULL")

    def _check_numbers(self, form: Form) -> None:
        """An expression over text that is no number would be null: refuse the row instead."""
        for spec in form.raw_columns():
            call = f'number("{_bare(spec)}")'
            if call in form.sql_quoted:
                self._problem(spec, "not a number", f'"{_bare(spec)}" IS NOT NULL AND {call} IS NULL')

    def _problem(self, spec: str, reason: str, test: str) -> None:
        names = aliases(spec)
        known = [problem.test for problem in self.statement.problems]
        if test not in known:
            raw, personal = f'"{names[0]}"', bool(self.personal.intersection(names))
            self.statement.problems.append(Problem(names[0], reason, test, raw, personal))

    def _derived(self, name: str) -> None:
        table, mapped = schema.table(name), self.source.tables[name].columns
        own = {column.name: column for column in table.own}
        if "order_key" in own and "platform_order_id" in mapped:
            order = self._ref(f"{name}.platform_order_id")
            self._add(f"{name}.order_key", f"{self._platform(name)} || ':' || {order}")
        for column in table.own:
            if column.derived_from in mapped:
                local = self._ref(f"{name}.{column.derived_from}@")
                self._add(f"{name}.{column.name}", f"CAST({local} AS DATE)")

    def _platform(self, table: str) -> str:
        return quoted(self.source.platform) if self.source.platform else self._ref(f"{table}.platform_id")

    def _when(self, name: str) -> None:
        mapping = self.source.tables[name]
        self._add(f"{name}?", self._condition(mapping.when or "true"))
        if mapping.prefer:
            self._add(f"{name}!", self._condition(mapping.prefer))

    def _condition(self, sql: str) -> str:
        specs = [" | ".join(column.names) for column in self.source.raw_columns.values()]
        return f"coalesce({quote_names(sql, specs)}, false)"

    def _unit(self) -> str:
        table = next(t for t, m in self.source.tables.items() if set(self.source.unit) <= set(m.columns))
        columns = {column: self._ref(f"{table}.{column}") for column in self.source.unit}
        parts = [
            sql if schema.table(table).column(column).required else f"coalesce(CAST({sql} AS VARCHAR), '')"
            for column, sql in columns.items()
        ]
        return f"{_unit_prefix(self.source, self._platform(table))} || {' || chr(31) || '.join(parts)}"

    def _latest(self) -> str:
        times = [f'"{name}"' for name in self.computed.values() if name.endswith("@")]
        return f"greatest({', '.join(times)})" if times else "NULL::TIMESTAMP"

    def _skip(self) -> str:
        names = [f'"{name}"' for name in self.source.raw_columns]
        tests = [f"coalesce({', '.join(names)}) IS NULL"]
        tests += [f'starts_with("#first", {quoted(word)})' for word in self.source.skip_rows]
        return f"coalesce({' OR '.join(tests)}, false)"

    def _judge(self) -> str:
        belongs = " OR ".join(self._ref(f"{name}?") for name in self.source.tables)
        self.statement.problems.append(
            Problem("", "no table of the source takes this row", f"NOT ({belongs})", "NULL", True)
        )
        cases = " ".join(f"WHEN {p.test} THEN {n}" for n, p in enumerate(self.statement.problems, start=1))
        return f'CASE WHEN "#skip" THEN 0 {cases} ELSE 0 END'

    def _raw(self) -> str:
        shown = [(n, p.raw) for n, p in enumerate(self.statement.problems, start=1) if not p.personal]
        cases = " ".join(f"WHEN {number} THEN {raw}" for number, raw in shown)
        masked = f"regexp_replace(left(CASE \"#problem\" {cases} END, 40), '[0-9]{{7,}}', '*******', 'g')"
        return f'CASE WHEN "#problem" > 0 THEN {masked} END' if shown else "NULL::VARCHAR"


def _bare(spec: str) -> str:
    return aliases(spec)[0]


def _literal(value: str | bool | None) -> str:
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else quoted(value)


def _blob(data: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02X}" for byte in data) + "'::BLOB"


@cache
def _fixed_offset(zone: str) -> int | None:
    """Minutes east of UTC where the zone has kept one offset since 2000, else None."""
    info = ZoneInfo(zone)
    days = [datetime(2000, 1, 1) + timedelta(days=30 * step) for step in range(12 * 40)]
    offsets = {day.replace(tzinfo=info).utcoffset() for day in days}
    offset = offsets.pop()
    return int(offset.total_seconds() // 60) if not offsets and offset is not None else None
