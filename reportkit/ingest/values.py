"""How the text of a cell becomes a value: the SQL expression for every form a column can have."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from reportkit import schema
from reportkit.engines import quoted
from reportkit.ingest.form import Form
from reportkit.ingest.source import Source

__all__ = ["Values", "shared_out"]


class Values:
    """The expressions of one source. `key` hides its buyers."""

    def __init__(self, source: Source, key: bytes) -> None:
        self.source, self.zone, self.key = source, source.timezone, key

    def typed(self, form: Form, kind: str, raw: str) -> str:
        """Return the value of `form` in a column of type `kind`, a local time where that is a time."""
        if form.sql and (form.time or form.date):
            return self._moment(form, kind, f"CAST(({form.sql_quoted}) AS VARCHAR)")
        if form.sql and form.map is not None:
            return self._mapped(form, kind, f"({form.sql_quoted})")
        if form.marks:
            return self._marked(form.marks, f"({form.sql_quoted})" if form.sql else raw)
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

    def _marked(self, mark: str, text: str) -> str:
        """Whether the merchant's own patterns find the mark; the text itself is not kept."""
        patterns = self.source.patterns[mark]
        return (
            f"coalesce(regexp_matches({text}, {quoted('|'.join(patterns))}), false)" if patterns else "false"
        )

    def _numeric(self, form: Form, kind: str, raw: str) -> str:
        if form.number == "%":
            value = (
                f"round(number(rtrim({raw}, '%')) / CASE WHEN ends_with({raw}, '%') THEN 100 ELSE 1 END, 8)"
            )
        elif form.number:
            value = f"number(CASE WHEN ends_with({raw}, {quoted(form.number)}) THEN left({raw}, -{len(form.number)}) ELSE {raw} END)"
        else:
            value = f"number({raw})"
        if kind == "int":
            return f"CASE WHEN {value} = trunc({value}) THEN TRY_CAST({value} AS BIGINT) END"
        return f"CAST({value} AS {schema.sql_type(kind)})"

    def _moment(self, form: Form, kind: str, raw: str) -> str:
        """Formats that the source names are tried before those that explain themselves."""
        value = f"moment({raw}, {quoted(self.zone)})"
        if formats := form.time or form.date:
            value = f"coalesce(try_strptime({raw}, [{', '.join(map(quoted, formats))}]), {value})"
        return value if kind == "time" else f"CAST({value} AS DATE)"

    def to_utc(self, local: str) -> str:
        """Return a local time of the source in UTC."""
        minutes = _fixed_offset(self.zone)
        if minutes is not None:
            return f"{local} - to_minutes({minutes})"
        return f"({local} AT TIME ZONE {quoted(self.zone)}) AT TIME ZONE 'UTC'"

    def _mapped(self, form: Form, kind: str, raw: str) -> str:
        words = self.words(form)
        cases = " ".join(f"WHEN {quoted(word)} THEN {_literal(value)}" for word, value in words.items())
        return f"CAST(CASE {raw} {cases} END AS {schema.sql_type(kind)})"

    def words(self, form: Form) -> dict[str, str | bool | None]:
        """Return the words that `form` maps, and what each means."""
        assert form.map is not None
        words = self.source.vocabularies[form.map] if isinstance(form.map, str) else form.map
        return {str(word): value for word, value in words.items()}

    def _keyed_hash(self, raw: str) -> str:
        """HMAC-SHA256 (RFC 2104) over the platform and the name, as Python's hmac computes it.

        A masked name (t***1) is many people's, so it names nobody.
        """
        key = (sha256(self.key).digest() if len(self.key) > 64 else self.key).ljust(64, b"\0")
        inner, outer = (bytes(byte ^ mask for byte in key) for mask in (0x36, 0x5C))
        message = f"encode({quoted((self.source.platform or '') + ':')} || clean_id({raw}))"
        digest = f"unhex(sha256({_blob(inner)} || {message}))"
        return f"CASE WHEN NOT contains({raw}, '*') THEN left(sha256({_blob(outer)} || {digest}), 32) END"


def shared_out(total: str, weight: str) -> str:
    """Share `total` out by `weight` to the cent: each row takes what its share moves the rounded running sum."""
    weights = f"sum({weight}) OVER whole"
    even = f"(coalesce({weights}, 0) = 0)"
    before = f"CASE WHEN {even} THEN (count(*) OVER upto) - 1 ELSE (sum({weight}) OVER upto) - {weight} END"
    upto = f"CASE WHEN {even} THEN count(*) OVER upto ELSE sum({weight}) OVER upto END"
    all_ = f"CASE WHEN {even} THEN count(*) OVER whole ELSE {weights} END"
    parts = [
        f"TRY_CAST(round(CAST({total} AS DOUBLE) * CAST({part} AS DOUBLE) / CAST({all_} AS DOUBLE), 2) AS DECIMAL(18,4))"
        for part in (upto, before)
    ]
    return f"CAST({parts[0]} - {parts[1]} AS DECIMAL(18,4))"


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
