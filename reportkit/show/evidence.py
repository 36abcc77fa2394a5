"""Evidence: a code for every printed number, and the fact behind it.

A fact says what was asked, what came out before any rounding, and which rows of which files it was
computed from. Rows are counted once for each set of source rows, when the display is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from reportkit.engines import DuckDBEngine
from reportkit.metrics.views import TIME, UNKNOWN
from reportkit.quality.figure import Figure
from reportkit.show.display import Spoken

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["Evidence"]

_BESIDE = ("previous", "last_year", "target", "previous_growth", "last_year_growth", "attainment")

# Rows by source file, for each combination of dimension values.
Tally = dict[tuple[str, ...], dict[str, int]]


@dataclass(frozen=True)
class _Cited:
    """One value that a display prints."""

    code: str
    result: Result
    request: str
    dims: dict[str, Any]


@dataclass(frozen=True)
class _Proved:
    """One number about the data that a display prints; `told` is what its fact says besides."""

    code: str
    figure: Figure
    told: dict[str, Any]


class Evidence:
    """The evidence codes of one report, E1, E2 … in reading order."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self._engine = engine
        self._codes: dict[tuple[Any, ...], _Cited | _Proved] = {}
        self._taken: list[_Cited | _Proved] = []
        self._printed: set[str] = set()
        self._tallies: dict[tuple[str, tuple[str, ...]], Tally] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def cite(self, result: Result, request: str, **dims: Any) -> str:
        """Return the code of one value; the same value always has the same code."""
        key = (request, result.period.id, repr(result.scope), result.as_of, *sorted(dims.items()))
        return self._coded(key, _Cited(f"E{len(self._codes) + 1}", result, request, dims))

    def prove(self, figure: Figure, told: dict[str, Any]) -> str:
        """Return the code of a number about the data; `told` holds its name, period, as_of and scope."""
        key = ("", figure.id, *sorted(figure.dims.items()))
        return self._coded(key, _Proved(f"E{len(self._codes) + 1}", figure, told))

    def _coded(self, key: tuple[Any, ...], new: _Cited | _Proved) -> str:
        found = self._codes.setdefault(key, new)
        if found not in self._taken:
            self._taken.append(found)
        return found.code

    def fresh(self, given: Iterable[str]) -> list[str]:
        """Return the codes among `given` that no earlier display printed; all of them if each one was."""
        every = list(dict.fromkeys(given))
        new = [code for code in every if code not in self._printed]
        self._printed.update(every)
        return new or every

    def take(self, spoken: Callable[[str], Spoken]) -> list[dict[str, Any]]:
        """Return the facts cited since the last call, in order of their codes."""
        taken = sorted(self._taken, key=lambda cited: int(cited.code[1:]))
        self._taken = []
        return [
            _proven(one, *self._files(one.figure))
            if isinstance(one, _Proved)
            else _fact(one, spoken(one.request), *self._counts(one))
            for one in taken
        ]

    def _files(self, figure: Figure) -> tuple[int, int]:
        """Return how many rows of how many files stand behind a number about the data."""
        found: dict[str, int] = {}
        for sql in dict.fromkeys(figure.rows_sql.values()):
            for file, rows in self._tally(sql, ()).get((), {}).items():
                found[file] = found.get(file, 0) + rows
        return sum(found.values()), len(found)

    def _counts(self, cited: _Cited) -> tuple[int, int]:
        """Return how many rows of how many files stand behind a value."""
        key = tuple(_plain(value) for value in cited.dims.values())
        found: dict[str, int] = {}
        for name, sql in cited.result.rows_sql(cited.request).items():
            columns = tuple(_column(cited, name, dimension) for dimension in cited.dims)
            for file, rows in self._tally(sql, columns).get(key, {}).items():
                found[file] = found.get(file, 0) + rows
        return sum(found.values()), len(found)

    def _tally(self, sql: str, columns: tuple[str, ...]) -> Tally:
        """Count the rows of `sql` by file and dimension, once for all cells that share them."""
        if (sql, columns) not in self._tallies:
            keys = "".join(
                f"coalesce(nullif(CAST({column} AS VARCHAR), ''), '{UNKNOWN}'), " for column in columns
            )
            counted = f"SELECT {keys}source_file, count(*) FROM ({sql}) GROUP BY ALL"
            tally: Tally = {}
            for *key, file, rows in self._engine.rows(counted):
                tally.setdefault(tuple(key), {})[file] = rows
            self._tallies[sql, columns] = tally
        return self._tallies[sql, columns]


def _column(cited: _Cited, name: str, dimension: str) -> str:
    """Return the SQL of `dimension` over the source rows that ``rows_sql`` calls `name`."""
    catalog, request = cited.result.catalog, cited.result.answers[cited.request].request
    table, _, metric = name.partition(" ")
    if dimension not in TIME:
        return catalog.views[table].dimensions[dimension]
    leaves = catalog.leaves(request.metric.id, request.basis)
    day = next(leaf.date for leaf in leaves if leaf.measure.table == table and metric in ("", leaf.metric))
    return day if dimension == "day" else f"CAST(date_trunc('{dimension}', {day}) AS DATE)"


def _fact(cited: _Cited, spoken: Spoken, rows: int, files: int) -> dict[str, Any]:
    result, request = cited.result, cited.request
    columns = set(result.frame.columns)
    beside = {name: result.cell(request, name, **cited.dims) if name in columns else None for name in _BESIDE}
    return {
        "code": cited.code,
        "metric": spoken.id,
        "basis": spoken.basis,
        "name": spoken.full_name,
        "unit": spoken.unit,
        "period": result.period.id,
        "as_of": result.as_of.isoformat(),
        "scope": result.scope,
        "dims": {name: _plain(value) for name, value in cited.dims.items()},
        "value": result.cell(request, **cited.dims),
        **beside,
        "rows": rows,
        "files": files,
        "missing": list(result.missing.get(request, [])),
        "sql": result.statements[request],
        "rows_sql": result.rows_sql(request, **cited.dims),
    }


def _proven(proved: _Proved, rows: int, files: int) -> dict[str, Any]:
    figure = proved.figure
    return {
        "code": proved.code,
        "metric": figure.id,
        "basis": None,
        "unit": figure.unit,
        "dims": {name: value for name, value in figure.dims.items() if name == "platform"},
        "about": dict(figure.dims),
        "value": figure.value,
        **dict.fromkeys(_BESIDE),
        "rows": rows,
        "files": files,
        "missing": [],
        "sql": ";\n\n".join(dict.fromkeys(figure.rows_sql.values())),
        "rows_sql": dict(figure.rows_sql),
        **proved.told,
    }


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
