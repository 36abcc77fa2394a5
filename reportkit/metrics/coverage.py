"""Coverage: for which days there is data of a platform. A day without sales is not a day without data.

A file covers the days between its first and its last, for every table its source feeds. Between two
files of one platform a gap of a few days (``closed_days``) is taken as days without trade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reportkit.engines import DuckDBEngine, quoted
from reportkit.errors import ProjectError
from reportkit.ingest.mapping import table_of
from reportkit.project import Project, read_yaml
from reportkit.schema import tables

__all__ = ["Coverage", "Days", "Span", "covered", "read_coverage", "spans"]

Span = tuple[date, date]
Days = frozenset[date]

_DAY = timedelta(days=1)
# A line-level file covers its orders, an order-level file its lines: there are always placeholders.
_ALSO = {"orders": "order_lines", "order_lines": "orders"}


@dataclass(frozen=True)
class Coverage:
    """Covered days by (platform_id, normalized table), and the days on which each platform traded.

    `trading` runs from a platform's first order day to its last; a platform without orders has none.
    """

    days: Mapping[tuple[str, str], Days]
    trading: Mapping[str, Span]

    @property
    def platforms(self) -> tuple[str, ...]:
        """Platforms that have orders."""
        return tuple(self.trading)

    def of(self, platform_id: str, datasets: Iterable[str]) -> Days:
        """Return the days for which `platform_id` has data of every one of `datasets`."""
        found = [self.days.get((platform_id, dataset), frozenset()) for dataset in datasets]
        return frozenset.intersection(*found) if found else frozenset()


def spans(days: Iterable[date]) -> list[Span]:
    """Return `days` as ranges, each first and last day included, in order."""
    found: list[Span] = []
    for day in sorted(days):
        if found and day == found[-1][1] + _DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def read_coverage(project: Project, engine: DuckDBEngine) -> Coverage:
    """Read which days the files of the lake cover, by platform and table."""
    # What an ERP knows of orders it cannot give to a platform may stand in the platforms' own files too.
    listed = ", ".join(map(quoted, project.platforms))
    trading = {
        platform: (first, last)
        for platform, first, last in engine.rows(
            "SELECT platform_id, min(created_date), max(created_date) FROM orders "
            "WHERE created_date IS NOT NULL GROUP BY platform_id "
            f"HAVING NOT bool_and(is_placeholder) OR platform_id IN ({listed}) ORDER BY platform_id"
        )
    }
    filed: dict[tuple[str, str], list[Span]] = {}
    for platform, dataset, first, last in _filed(project, engine):
        for name in (dataset, _ALSO.get(dataset)):
            if name and platform in trading:
                filed.setdefault((platform, name), []).append((first, last))
    closed, edge = project.policy.closed_days, project.policy.edge_days
    return Coverage(
        {key: covered(found, closed.get(key[1], 0), edge, trading[key[0]]) for key, found in filed.items()},
        trading,
    )


def covered(filed: list[Span], closed: int, edge: int, trading: Span) -> Days:
    """Return the days that files with the spans `filed`, at least one, are believed to cover.

    Spans are joined over gaps of up to `closed` days; the outer ends stretch by up to `edge` days of trade.
    """
    merged = _merged(filed, closed)
    reach = timedelta(days=min(edge, closed))
    first, last = merged[0][0], merged[-1][1]
    merged[0] = (min(first, max(first - reach, trading[0])), merged[0][1])
    merged[-1] = (merged[-1][0], max(last, min(last + reach, trading[1])))
    return frozenset(
        start + timedelta(days=offset) for start, end in merged for offset in range((end - start).days + 1)
    )


def _merged(filed: list[Span], closed: int) -> list[Span]:
    found: list[Span] = []
    for first, last in sorted(filed):
        if found and (first - found[-1][1]).days - 1 <= closed:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _filed(project: Project, engine: DuckDBEngine) -> list[tuple[str, str, date, date]]:
    """Return (platform_id, normalized table, first day, last day) for every file and table it feeds."""
    rows = engine.rows(
        "SELECT source_id, platform_id, source_file, date_min, date_max FROM files "
        "WHERE date_min IS NOT NULL AND date_max IS NOT NULL ORDER BY ALL"
    )
    fed = {source: _fed(project, engine, source) for source in {row[0] for row in rows}}
    found = []
    for source, platform, file, first, last in rows:
        for dataset in fed[source]:
            for name in [platform] if platform else _platforms_of(engine, dataset, file):
                found.append((name, dataset, first, last))
    return found


def _fed(project: Project, engine: DuckDBEngine, source: str) -> list[str]:
    """Return the tables whose days `source` completes; for one that the project no longer has, those with its rows."""
    try:
        path = project.resource(f"params/sources/{source}.yaml")
    except ProjectError:
        dated = [name for name, table in tables().items() if table.day]
        return [name for name in dated if _holds(engine, name, f"source_id = {quoted(source)}")]
    mappings = (read_yaml(path) or {}).get("tables") or {}
    return list(dict.fromkeys(table_of(key) for key, one in mappings.items() if one.get("covers", True)))


def _holds(engine: DuckDBEngine, table: str, condition: str) -> bool:
    return engine.has(f"{table} WHERE {condition}")


def _platforms_of(engine: DuckDBEngine, table: str, file: str) -> list[str]:
    """Return the platforms whose rows stand in a file that is not of one platform."""
    found = engine.rows(f"SELECT DISTINCT platform_id FROM {table} WHERE source_file = {quoted(file)}")
    return sorted(row[0] for row in found)
