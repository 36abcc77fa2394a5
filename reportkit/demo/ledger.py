"""The generator's own books: how many rows each table has and what its figures come to, platform by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from reportkit import schema
from reportkit.engines import DuckDBEngine

__all__ = ["Ledger", "Totals", "of_lake", "told"]

Totals = dict[str, dict[str, dict[str, dict[str, Any]]]]

_ALL = "all"
_NO_MONTH = -1
_SUMMED = ("money", "int", "number")
_PLACES = 4  # decimals kept of a figure that is neither money nor a count


class Ledger:
    """Totals by table, platform and month, added up as the months are made."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str, str], dict[str, float]] = {}

    def add(self, tables: Iterable[tuple[str, pd.DataFrame]]) -> None:
        """Add the rows of `tables`, by name: frames in schema columns with ``platform_id``, money in whole fen."""
        for name, frame in tables:
            if len(frame):
                self._add(schema.table(name), frame)

    def _add(self, table: schema.Table, frame: pd.DataFrame) -> None:
        of_platform, platforms = pd.factorize(frame["platform_id"])
        of_month, months = pd.factorize(_months(table, frame))
        place, count = of_platform * len(months) + of_month, len(platforms) * len(months)
        # Sums of whole fen stay exact in a float: they are far below 2 to the power of 53.
        figures = [c.name for c in table.own if c.type in _SUMMED and c.name in frame]
        sums = {name: np.bincount(place, _amounts(frame[name]), count) for name in figures}
        sums["rows"] = np.bincount(place, minlength=count)
        for number in np.flatnonzero(sums["rows"]).tolist():
            platform, month = platforms[number // len(months)], months[number % len(months)]
            books = self._sums.setdefault((table.name, str(platform), _written(month)), {})
            for column, amounts in sums.items():
                books[column] = books.get(column, 0) + amounts[number].item()

    def totals(self) -> Totals:
        """Return ``{table: {platform: {month: {"rows": n, column: sum}}}}``, sums as text.

        Money is in yuan with two decimals. A month is ``YYYY-MM`` by the table's `day`, or ``all`` where it has none.
        """
        totals: Totals = {}
        for (name, platform, month), sums in sorted(self._sums.items()):
            table = schema.table(name)
            books = {column: told(table.column(column).type, amount) for column, amount in _figures(sums)}
            totals.setdefault(name, {}).setdefault(platform, {})[month] = {"rows": int(sums["rows"])} | books
        return totals


def of_lake(engine: DuckDBEngine, totals: Totals) -> Totals:
    """Return what a lake holds, in the form of `totals`: the same tables, and the columns each month is known by.

    Platforms and months are all that the lake has, the ones that `totals` lacks with their rows alone.
    """
    return {name: _of_table(engine, schema.table(name), known) for name, known in totals.items()}


def _of_table(
    engine: DuckDBEngine, table: schema.Table, known: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, dict[str, dict[str, Any]]]:
    columns = sorted({c for months in known.values() for books in months.values() for c in books} - {"rows"})
    month = f"coalesce(strftime(\"{table.day}\", '%Y-%m'), '{_ALL}')" if table.day else f"'{_ALL}'"
    sums = "".join(f', coalesce(sum("{column}"), 0)' for column in columns)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for platform, label, rows, *amounts in engine.rows(
        f'SELECT platform_id, {month}, count(*){sums} FROM "{table.name}" GROUP BY ALL ORDER BY ALL'
    ):
        kinds = [table.column(column).type for column in columns]
        texts = (
            told(kind, n * 100 if kind == "money" else n) for kind, n in zip(kinds, amounts, strict=True)
        )
        books = {"rows": rows} | dict(zip(columns, texts, strict=True))
        kept = known.get(platform, {}).get(label, {"rows": rows})
        found.setdefault(platform, {})[label] = {name: text for name, text in books.items() if name in kept}
    return found


def told(kind: str, amount: float) -> str:
    """Write a sum of a column of type `kind`: fen as yuan with cents, counts whole, figures without needless zeros."""
    if kind == "number":
        return f"{round(float(amount), _PLACES):.{_PLACES}f}".rstrip("0").rstrip(".")
    whole = int(amount)
    if kind == "int":
        return str(whole)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def _figures(sums: dict[str, float]) -> Iterator[tuple[str, float]]:
    return ((column, amount) for column, amount in sums.items() if column != "rows")


def _amounts(values: pd.Series) -> np.ndarray:
    """Return `values` with nothing for what is missing."""
    return np.asarray(np.nan_to_num(values.to_numpy(float, na_value=np.nan)))


def _months(table: schema.Table, frame: pd.DataFrame) -> np.ndarray:
    """The month of each row's day, counted from 1970; below that where there is no day."""
    day = table.column(table.day) if table.day else None
    name = (day.derived_from or day.name) if day else ""
    if name not in frame:
        return np.full(len(frame), _NO_MONTH)
    return np.asarray(frame[name].to_numpy().astype("datetime64[M]").astype("int64"))


def _written(month: int) -> str:
    return str(np.datetime64(int(month), "M")) if month > _NO_MONTH else _ALL
