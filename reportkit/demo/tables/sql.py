"""The statement that turns frames in the schema's words into rows of the lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reportkit import schema
from reportkit.engines import quoted
from reportkit.ingest.form import Form
from reportkit.ingest.source import Source
from reportkit.ingest.values import Values

__all__ = ["select"]

_PRIVATE = Form.model_validate({"from": "buyer", "private": True})


def select(
    table: schema.Table,
    source: Source,
    given: Sequence[str],
    key: bytes,
    file: str,
    exported_at: datetime,
    before: int,
) -> str:
    """Return the SELECT over a relation ``frame`` that makes rows of `table` of its columns `given`.

    `key` hides buyers; `before` is how many rows of `file`, the source's one, were made before.
    """
    values = _values(table, source, given, key)
    listed = ", ".join(f'{values[c.name]} AS "{c.name}"' for c in table.own)
    day = values[table.day] if table.day else "NULL::DATE"
    placeholder = "is_placeholder" if "is_placeholder" in given else "false"
    times = [f'"{c.name}"' for c in table.own if c.type == "time" and c.name in given]
    latest = f"greatest({', '.join(times)})" if len(times) > 1 else (times or ["NULL"])[0]
    return f"""
WITH numbered AS (SELECT *, {before} + 1 + row_number() OVER () AS place FROM frame),
keyed AS (SELECT {listed}, platform_id, coalesce(year({day}), 0) AS year,
    {_unit(table, source, values)} AS unit_key, {quoted(source.id)} AS source_id, {quoted(file)} AS source_file,
    '' AS source_sheet, place AS source_row, TIMESTAMP '{exported_at}' AS exported_at,
    CAST({latest} AS TIMESTAMP) AS latest_at, CAST({placeholder} AS BOOLEAN) AS is_placeholder FROM numbered)
SELECT *, unit_key || '#' || source_row AS row_key FROM keyed"""


def _values(table: schema.Table, source: Source, given: Sequence[str], key: bytes) -> dict[str, str]:
    """The expression of every column of `table`."""
    forms, mappings = Values(source, key), source.fed[table.name].values()
    private = {name for one in mappings for name, form in one.columns.items() if form.private}
    return {column.name: _value(column, forms, given, column.name in private) for column in table.own}


def _value(column: schema.Column, forms: Values, given: Sequence[str], private: bool) -> str:
    kind, raw = schema.sql_type(column.type), f'"{column.name}"'
    if private and column.name in given:
        return forms.typed(_PRIVATE, "text", raw)
    if column.derived_from in given:
        return f'CAST("{column.derived_from}" AS DATE)'
    if column.name == "order_key" and "platform_order_id" in given:
        return "platform_id || ':' || platform_order_id"
    if column.name not in given:
        return f"NULL::{kind}"
    if column.type == "money":
        return f"CAST(CAST({raw} AS DECIMAL(16,0)) * 0.01 AS {kind})"
    if column.type == "time":
        return forms.to_utc(f"CAST({raw} AS TIMESTAMP)")
    return f"CAST({raw} AS {kind})"


def _unit(table: schema.Table, source: Source, values: dict[str, str]) -> str:
    """What a newer export of the source would replace whole."""
    prefix = "" if source.shares_units else f"{source.family or source.id}:"
    parts = [f"coalesce(CAST({values[name]} AS VARCHAR), '')" for name in source.unit if name in values]
    return f"platform_id || {quoted(':' + prefix)} || " + (" || chr(31) || ".join(parts) or "''")
