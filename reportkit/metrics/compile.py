"""From metrics to SQL: one aggregate per view and date column, joined on the dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reportkit.engines import quoted
from reportkit.metrics.catalog import Catalog, Leaf, Metric
from reportkit.metrics.coverage import Span, spans
from reportkit.metrics.views import COLUMNS, TIME, UNKNOWN, View
from reportkit.metrics.windows import Window

__all__ = ["Condition", "Request", "Slice", "column_of", "rows_statement", "statement"]


_DAYS = "day_count"

# Which part of a statement holds a measure on a date column.
_Places = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Request:
    """A metric on a basis, and the words in which it was asked for."""

    text: str
    metric: Metric
    basis: str | None


@dataclass(frozen=True)
class Condition:
    """Rows whose `dimension` is one of `values`, or, where not `wanted`, none of them."""

    dimension: str
    values: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True)
class Slice:
    """What every part of one statement shares: dimensions, conditions, and the days that count."""

    by: tuple[str, ...]
    scope: tuple[Condition, ...]
    window: Window
    as_of: date


@dataclass(frozen=True)
class _Part:
    """The measures of one view on one date column, under one filter."""

    name: str
    view: View
    leaves: tuple[Leaf, ...]

    @property
    def table(self) -> str:
        return self.leaves[0].measure.table

    @property
    def date(self) -> str:
        return self.leaves[0].date

    @property
    def over_time(self) -> str | None:
        return self.leaves[0].measure.over_time

    def relation(self, cut: Slice) -> str:
        return self.view.relation(self.table, cut.as_of)


def column_of(dimension: str) -> str:
    """Return the column that holds `dimension` in a result."""
    return COLUMNS.get(dimension, dimension)


def statement(catalog: Catalog, requests: Sequence[Request], cut: Slice) -> str:
    """Return the SELECT of all `requests`: the columns of `cut.by`, then per request three columns.

    ``"gmv"`` is the value; ``"gmv n"`` the cases behind it, which for a rate is what it divides by;
    ``"gmv rows"`` the source rows.
    """
    parts = _parts(catalog, requests)
    where_is = {(leaf.metric, leaf.date): part.name for part in parts for leaf in part.leaves}
    keys = [column_of(dimension) for dimension in cut.by]
    shown = [f'"{key}"' for key in keys]
    for request in requests:
        value = _expression(catalog, request.metric, request.basis, where_is)
        shown.append(f'CAST({value} AS DOUBLE) AS "{request.text}"')
        shown.append(f'CAST({_cases(catalog, request, where_is)} AS DOUBLE) AS "{request.text} n"')
        shown.append(f'CAST({_rows(catalog, request, where_is)} AS BIGINT) AS "{request.text} rows"')
    bodies = ",\n".join(f"{part.name} AS (\n{_body(part, cut)}\n)" for part in parts)
    return f"WITH {bodies}\nSELECT\n  {_listed(shown)}\nFROM {_joined(parts, keys)}"


def rows_statement(catalog: Catalog, leaf: Leaf, cut: Slice) -> str:
    """Return the SELECT of the source rows that `leaf` aggregates in `cut`, whole."""
    part = _Part("", catalog.views[leaf.measure.table], (leaf,))
    return f"SELECT *\nFROM {part.relation(cut)}\nWHERE {_where(part, cut)}"


def _parts(catalog: Catalog, requests: Sequence[Request]) -> list[_Part]:
    groups: dict[tuple[str, str, str, str | None], dict[str, Leaf]] = {}
    for request in requests:
        for leaf in catalog.leaves(request.metric.id, request.basis):
            key = (leaf.measure.table, leaf.date, leaf.measure.where, leaf.measure.over_time)
            groups.setdefault(key, {})[leaf.metric] = leaf
    names: list[str] = []
    for table, day, *_ in groups:
        names.append(_unused(f"{table}_by_{day}", names))
    return [
        _Part(name, catalog.views[key[0]], tuple(leaves.values()))
        for name, (key, leaves) in zip(names, groups.items(), strict=True)
    ]


def _unused(name: str, taken: list[str]) -> str:
    count = sum(other == name or other.startswith(f"{name}_") for other in taken)
    return f"{name}_{count + 1}" if count else name


def _body(part: _Part, cut: Slice) -> str:
    keys = [f'{_dimension(part, name)} AS "{column_of(name)}"' for name in cut.by]
    over = f" / max({_DAYS})" if part.over_time == "mean" else ""
    sums = [f"{leaf.measure.sql}{over} AS {leaf.metric}" for leaf in part.leaves]
    grouped = f"\n  GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    shown = ",\n    ".join([*keys, *sums, "count(*) AS row_count"])
    return f"  SELECT\n    {shown}\n  FROM {_source(part, cut)}\n  WHERE {_where(part, cut)}{grouped}"


def _source(part: _Part, cut: Slice) -> str:
    """Return what `part` reads; for a mean over time with the number of days that have rows at all."""
    if part.over_time != "mean":
        return part.relation(cut)
    bucket = _bucket(part, cut)
    days = f"SELECT {bucket} AS of_time, count(DISTINCT {part.date}) AS {_DAYS}"
    counted = f"{days} FROM {part.relation(cut)} WHERE {_counting(part, cut)} GROUP BY 1"
    return f"{part.relation(cut)}\n  JOIN ({counted}) AS counted ON {bucket} = counted.of_time"


def _bucket(part: _Part, cut: Slice) -> str:
    """Return the day, week or month of a row by which `cut` is cut, or one for all."""
    return next((_dimension(part, name) for name in cut.by if name in TIME), "'all'")


def _dimension(part: _Part, name: str) -> str:
    if name in TIME:
        return part.date if name == "day" else f"CAST(date_trunc('{name}', {part.date}) AS DATE)"
    if name == "platform":
        return part.view.platform
    return f"coalesce(nullif(CAST({part.view.dimensions[name]} AS VARCHAR), ''), '{UNKNOWN}')"


def _counting(part: _Part, cut: Slice) -> str:
    """Return the condition of the rows that count, whatever the scope."""
    conditions = [] if part.leaves[0].measure.where == "true" else [f"({part.leaves[0].measure.where})"]
    conditions += [_covered(part, column, cut.window) for column in (part.date, part.view.until) if column]
    if part.view.known_on:
        conditions.append(f"{part.view.known_on} <= {_date(cut.as_of)}")
    return "\n    AND ".join(conditions)


def _where(part: _Part, cut: Slice) -> str:
    conditions = [_counting(part, cut)]
    if part.over_time == "last":
        conditions.append(_last(part, cut))
    for condition in cut.scope:
        word = "IN" if condition.wanted else "NOT IN"
        listed = ", ".join(quoted(value) for value in condition.values)
        conditions.append(f"{_dimension(part, condition.dimension)} {word} ({listed})")
    return "\n    AND ".join(conditions)


def _last(part: _Part, cut: Slice) -> str:
    """Return the condition that keeps, of each platform, the last day of a bucket that has rows at all."""
    keys = f"{part.view.platform}, {_bucket(part, cut)}"
    days = f"SELECT {keys}, max({part.date}) FROM {part.relation(cut)} WHERE {_counting(part, cut)} GROUP BY 1, 2"
    return f"({keys}, {part.date}) IN ({days})"


def _covered(part: _Part, column: str, window: Window) -> str:
    """Return the condition that the day in `column` is one of `window`; of the company, one of any platform."""
    if part.view.company:
        return _within(column, spans(frozenset[date]().union(*window.values())))
    together: dict[tuple[Span, ...], list[str]] = {}
    for platform, days in window.items():
        together.setdefault(tuple(spans(days)), []).append(platform)
    choices = []
    for ranges, platforms in together.items():
        listed = ", ".join(quoted(platform) for platform in platforms)
        choices.append(f"{part.view.platform} IN ({listed}) AND {_within(column, ranges)}")
    return f"({' OR '.join(choices)})"


def _within(column: str, ranges: Iterable[Span]) -> str:
    between = [f"{column} BETWEEN {_date(first)} AND {_date(last)}" for first, last in ranges]
    return between[0] if len(between) == 1 else f"({' OR '.join(between)})"


def _date(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _expression(catalog: Catalog, metric: Metric, basis: str | None, where_is: _Places) -> str:
    if metric.measure:
        part = where_is[metric.id, metric.measure.column(basis)]
        value = f"{part}.{metric.id}"
        return f"CASE WHEN {part}.row_count > 0 THEN {value} ELSE 0 END" if metric.zero_when_empty else value
    if metric.ratio:
        above, below = (_expression(catalog, catalog[part], basis, where_is) for part in metric.ratio)
        return f"({above}) / nullif({below}, 0)"
    signed = [(part.startswith("-"), catalog[part.lstrip("-")]) for part in metric.sum or ()]
    terms = [
        f"{'-' if minus else '+'} {_expression(catalog, part, basis, where_is)}" for minus, part in signed
    ]
    return f"({' '.join(terms).removeprefix('+ ')})"


def _cases(catalog: Catalog, request: Request, where_is: _Places) -> str:
    metric = request.metric
    while metric.ratio:
        metric = catalog[metric.ratio[1]]
        if metric.unit == "count":
            return _expression(catalog, metric, request.basis, where_is)
    return _rows(catalog, Request("", metric, request.basis), where_is)


def _rows(catalog: Catalog, request: Request, where_is: _Places) -> str:
    leaves = catalog.leaves(request.metric.id, request.basis)
    names = dict.fromkeys(where_is[leaf.metric, leaf.date] for leaf in leaves)
    return " + ".join(f"coalesce({name}.row_count, 0)" for name in names)


def _joined(parts: list[_Part], keys: list[str]) -> str:
    columns = ", ".join(f'"{key}"' for key in keys)
    joins = [
        f"FULL JOIN {part.name} USING ({columns})" if keys else f"CROSS JOIN {part.name}"
        for part in parts[1:]
    ]
    return "\n".join([parts[0].name, *joins])


def _listed(items: list[str]) -> str:
    return ",\n  ".join(items)
