"""The one SQL statement that turns an all-text stream into typed rows, with what is wrong beside them.

Its result holds, for every table T (with its label, if any) and column C of the source, a column ``T.C``; ``T?``
tells whether the row belongs in T, ``T!`` whether it speaks first. Beside them stand ``#origin``, ``#row``, ``#unit``, ``#latest``,
``#skip`` (a footer or an empty row) and ``#problem`` (0 where the row is good, else an index into
`Statement.problems`) with ``#raw``, the text at fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reportkit import schema
from reportkit.engines import quoted
from reportkit.ingest.cells import NUMBER_MACROS
from reportkit.ingest.faults import (
    NO_RATE,
    NO_VALUE,
    NOT_READ,
    NOT_YET,
    OUT_OF_RANGE,
    ROUNDED,
    UNMAPPED,
    Problem,
    all_problems,
    first_problem,
    text_at_fault,
)
from reportkit.ingest.form import ROW_CURRENCY, Form, aliases, bare, normal
from reportkit.ingest.mapping import table_of
from reportkit.ingest.once import in_steps, read_once
from reportkit.ingest.read import ROW
from reportkit.ingest.rows import BELOW, ENDED, Rows
from reportkit.ingest.source import Source
from reportkit.ingest.values import Values, shared_out

__all__ = ["Statement", "build"]

_EARLIEST, _LATEST = "DATE '2000-01-01'", "DATE '2099-12-31'"


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


def build(source: Source, present: set[str], key: bytes, currency: str) -> Statement:
    """Generate the statement for `source`.

    `present` holds the raw columns, by their first names, that the file has; `key` hides buyers;
    `currency` is the project's own.
    """
    return _Builder(source, present, key, currency).build()


def _unit_prefix(source: Source, platform: str) -> str:
    """Return the SQL text that keeps units of different sources apart where they mean different things."""
    return f"{platform} || ':'" + (
        "" if source.shares_units else f" || {quoted((source.family or source.id) + ':')}"
    )


def _described(key: str) -> schema.Table:
    return schema.table(table_of(key))


class _Builder:
    def __init__(self, source: Source, present: set[str], key: bytes, currency: str) -> None:
        self.source, self.currency = source, currency
        self.rows, self.values = Rows(source, present), Values(source, key)
        self.statement = Statement()
        self.day: str | None = None
        self.computed: dict[str, str] = {}
        self.personal = {normal(name) for name in source.personal}

    def build(self) -> Statement:
        for name in self.source.tables:
            self._when(name)
        for name in self.source.tables:
            self._table(name)
        self._add("#unit", self._unit())
        for spec in self.source.totals:
            self._add(f"#total {bare(spec)}", f'number("{bare(spec)}")')
        skip, problem = '"#footer"', '"#judged"'
        if self.source.note_row:
            skip, problem = (
                f'{skip} OR ("{BELOW}" AND {problem} > 0)',
                f'CASE WHEN "{BELOW}" THEN 0 ELSE {problem} END',
            )
        unwrapped, read, (*steps, judged) = read_once([*in_steps(self.computed), self._judge()])
        typed = "read"
        for columns in steps:
            typed = f"(SELECT *, {columns} FROM {typed} {self.rows.windows()})"
        # Whoever corrects a form wants to see all that is wrong with a row at once.
        others = f'{all_problems(self.statement.problems)} AS "#others", ' if self.source.kept else ""
        self.statement.sql = f"""
WITH cells AS (SELECT {self.rows.cells()} FROM raw),
filled AS (SELECT {self.rows.filled()} FROM cells),
unwrapped AS (SELECT {unwrapped} FROM filled),
read AS (SELECT {read} FROM unwrapped),
keyed AS (SELECT *, {self._latest()} AS "#latest", {self._skip()} AS "#footer" FROM {typed}),
judged AS (SELECT *, {judged} AS "#judged" FROM keyed),
told AS (SELECT *, {skip} AS "#skip", {problem} AS "#problem" FROM judged)
SELECT "#origin", "{ROW}", "#latest", "#skip", "#problem", {text_at_fault(self.statement.problems)} AS "#raw",
    {others}{", ".join(f'"{name}"' for name in self.computed.values() if not name.endswith("@"))}
FROM told"""
        return self.statement

    def _table(self, name: str) -> None:
        """Columns in the order they build on each other: the day before the amounts converted at its rate.

        A table without a day of its own takes the rate of the day that the table before it has.
        """
        forms = self.source.tables[name].columns
        dated = _described(name).day
        day = _described(name).column(dated) if dated else None
        first = (day.derived_from or day.name) if day else ""
        for column in sorted(forms, key=lambda column: column != first):
            self._column(name, column, forms[column])
            if column == first:
                self.day = f"{name}.{first}@" if day and day.derived_from else f"{name}.{first}"
            if f"{name}.#rate" not in self.statement.columns:
                self._rate(name, self.day)
        self._derived(name)

    def _rate(self, table: str, day: str | None) -> None:
        """The value of the row's currency in the project's own, on the row's business day."""
        form = self.source.currency
        if form is None:
            return
        raw = f'"{bare(form.raw_columns()[0])}"' if form.raw else "NULL"
        code = (
            quoted(str(form.constant)) if form.constant is not None else self.values.typed(form, "text", raw)
        )
        self._add("#currency", f"upper({code})")
        own = f"{self._ref('#currency')} = {quoted(self.currency)}"
        cases = " ".join(
            self._rate_case(code, self._ref(day) if day else "current_date") for code in self.source.rates
        )
        self._add(f"{table}.#rate", f"CASE WHEN {own} THEN 1.0 {cases} END")
        told = f"{self._ref('#currency')} IS NOT NULL AND {self._ref(f'{table}.#rate')} IS NULL"
        if day:
            told += f" AND {self._ref(day)} IS NOT NULL"
        self._problem(
            form.raw_columns()[0] if form.raw else "currency", NO_RATE, told, self._ref("#currency")
        )

    def _rate_case(self, code: str, day: str) -> str:
        entries = sorted(self.source.rates[code], key=lambda rate: rate.since, reverse=True)
        cases = " ".join(f"WHEN {day} >= DATE '{entry.since}' THEN {entry.rate!r}" for entry in entries)
        return f"WHEN {self._ref('#currency')} = {quoted(code)} THEN CASE {cases} END"

    def _add(self, name: str, sql: str) -> None:
        """Compute `sql` as `name`, once for all names that want the same."""
        self.statement.columns[name] = self.computed.setdefault(sql, name)

    def _ref(self, name: str) -> str:
        return f'"{self.statement.columns[name]}"'

    def _column(self, table: str, column: str, form: Form) -> None:
        kind = _described(table).column(column).type if column != "platform_id" else "text"
        target = f"{table}.{column}"
        if form.constant is not None:
            value = quoted(str(form.constant))
            self._add(target, f"CAST({value} AS {schema.sql_type(kind)})")
            return
        raw = f'"{self._raw_name(form)}"'
        local = f"{target}@" if kind == "time" else target
        self._add(local, self._amount(table, form, self.values.typed(form, kind, raw)))
        if kind == "time":
            self._add(target, self.values.to_utc(self._ref(local)))
        self._checks(table, column, form, kind, raw)

    def _raw_name(self, form: Form) -> str:
        if form.from_file:
            return self.source.file_patterns[form.from_file]
        return bare(form.raw_columns()[0])

    def _amount(self, table: str, form: Form, value: str) -> str:
        """An amount shared out over the rows of its order, and in the project's currency."""
        if form.spread:
            weight = f"TRY_CAST(coalesce({self.source.quoted(form.spread)}, 0) AS DECIMAL(18,4))"
            value = shared_out(f"max({value}) OVER whole", weight)
        if form.money == ROW_CURRENCY:
            value = f"TRY_CAST(({value}) * {self._ref(f'{table}.#rate')} AS {schema.sql_type('money')})"
        return value

    def _checks(self, table: str, column: str, form: Form, kind: str, raw: str) -> None:
        described = _described(table).column(column)
        value, name = self._ref(f"{table}.{column}"), self._raw_name(form)
        if form.id:
            self._problem(name, ROUNDED, f"is_rounded({raw})")
        elif form.map is not None:
            known = ", ".join(quoted(word) for word in self.values.words(form))
            word = f"({form.sql_quoted})" if form.sql else raw
            self._problem(name, UNMAPPED, f"{word} NOT IN ({known})", f"CAST({word} AS VARCHAR)")
        elif form.sql:
            self._check_numbers(form)
            if kind not in ("text", "bool"):
                self._problem(name, f"not a {kind}", f"({form.sql_quoted}) IS NOT NULL AND {value} IS NULL")
        elif not form.private and not form.marks and kind not in ("text", "bool"):
            self._problem(name, f"not a {kind}", f"{raw} IS NOT NULL AND {value} IS NULL")
        if kind in ("time", "date"):
            latest = _LATEST if described.future else "current_date + 1"
            reason = OUT_OF_RANGE if described.future else NOT_YET
            self._problem(name, reason, f"CAST({value} AS DATE) NOT BETWEEN {_EARLIEST} AND {latest}")
        if form.after:
            self._problem(
                name, f"a date before {form.after}", f"{value} < {self._ref(f'{table}.{form.after}')}"
            )
        if described.required and form.sql and kind == "text":
            self._problem(
                name, NOT_READ, f"{self._ref(f'{table}?')} AND {raw} IS NOT NULL AND {value} IS NULL"
            )
        if described.required:
            self._problem(name, NO_VALUE, f"{self._ref(f'{table}?')} AND {value} IS NULL")

    def _check_numbers(self, form: Form) -> None:
        """An expression over text that is no number would be null: refuse the row instead."""
        for spec in form.raw_columns():
            calls = [f'{macro}("{bare(spec)}")' for macro in NUMBER_MACROS]
            unread = [f"{call} IS NULL" for call in calls if call in form.sql_quoted]
            if unread:
                self._problem(spec, "not a number", f'"{bare(spec)}" IS NOT NULL AND {" AND ".join(unread)}')

    def _problem(self, spec: str, reason: str, test: str, raw: str = "") -> None:
        names = aliases(spec)
        known = [problem.test for problem in self.statement.problems]
        if test not in known:
            personal = bool(self.personal.intersection(names))
            self.statement.problems.append(Problem(names[0], reason, test, raw or f'"{names[0]}"', personal))

    def _derived(self, name: str) -> None:
        """The columns that are never mapped."""
        table, mapped = _described(name), self.source.tables[name].columns
        own = {column.name: column for column in table.own}
        if "order_key" in own and "platform_order_id" in mapped:
            order = self._ref(f"{name}.platform_order_id")
            self._add(f"{name}.order_key", f"{self._platform(name)} || ':' || {order}")
        if "fx_rate" in own and self.source.currency:
            self._add(f"{name}.currency", self._ref("#currency"))
            self._add(f"{name}.fx_rate", self._ref(f"{name}.#rate"))
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
        return f"coalesce({self.source.quoted(sql)}, false)"

    def _unit(self) -> str:
        table = next(t for t, m in self.source.tables.items() if set(self.source.unit) <= set(m.columns))
        columns = {column: self._ref(f"{table}.{column}") for column in self.source.unit}
        parts = [
            sql if _described(table).column(column).required else f"coalesce(CAST({sql} AS VARCHAR), '')"
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
        tests += [f'"{ENDED}"'] if self.source.ends else []
        tests += [self._condition(self.source.skip)] if self.source.skip else []
        return f"coalesce({' OR '.join(tests)}, false)"

    def _judge(self) -> str:
        belongs = " OR ".join(self._ref(f"{name}?") for name in self.source.tables)
        self.statement.problems.append(
            Problem("", "no table of the source takes this row", f"NOT ({belongs})", "NULL", True)
        )
        return first_problem(self.statement.problems)
