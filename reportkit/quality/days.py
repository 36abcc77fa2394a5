"""Days with data: whole, in part or not at all, by platform and by source.

Unlike `reportkit.metrics.coverage`, which says what a metric may count, this looks at real files only:
rows that merely stand in for another export do not cover a day, and a day whose newest file was
written before the day was over is covered in part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from reportkit.engines import quoted
from reportkit.ingest.source import Source, load_sources
from reportkit.metrics.coverage import covered
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.schema import table

__all__ = ["FORMS", "RECORDS", "Filed", "Line", "State", "main_table", "owner"]

State = Literal["whole", "part", "none"]
FORMS = "forms"
RECORDS = "SELECT * EXCLUDE (path), 0 AS source_row FROM files"
"""The records of files as a trace wants them: it adds their paths itself."""


@dataclass(frozen=True)
class _File:
    """One file of the lake: its source, the days it is about, and the local day it was written on."""

    source: str
    first: date
    last: date
    written: date


@dataclass(frozen=True)
class Line:
    """The days of one platform's table."""

    platform: str
    table: str
    days: Mapping[date, State]

    def of(self, state: State) -> list[date]:
        """Return the days in `state`, in order."""
        return [day for day, found in self.days.items() if found == state]


def owner(source: Source) -> str:
    """Return the platform, or the system of another kind, whose back office writes the export."""
    return source.platform or source.id.split("/")[0]


def main_table(source: Source) -> str:
    """Return the table a source is downloaded for: the first that it does not merely stand in for."""
    return next((name for name in source.real if table(name).day), (source.real or list(source.fed))[0])


class Filed:
    """What the files of the lake hold, day by day. Opened once a report."""

    def __init__(self, project: Project, metrics: Metrics) -> None:
        self.project, self._metrics = project, metrics
        self.sources = load_sources(project)

    @cached_property
    def _files(self) -> list[_File]:
        rows = self._metrics.engine.rows(
            "SELECT source_id, date_min, date_max, exported_at FROM files "
            "WHERE date_min IS NOT NULL AND date_max IS NOT NULL ORDER BY ALL"
        )
        return [
            _File(source, first, last, self._local(written, source)) for source, first, last, written in rows
        ]

    def _local(self, written: datetime | None, source: str) -> date:
        """Return the day a file was written on where its shop is; one that does not say is whole."""
        known = self.sources.get(source)
        zone = ZoneInfo(known.timezone if known else self.project.settings.timezone)
        return written.replace(tzinfo=UTC).astimezone(zone).date() if written else date.max

    @cached_property
    def owners(self) -> set[str]:
        """Platforms and other systems that the lake has a file or an order of, or the shops form names."""
        read = {source for (source,) in self._metrics.engine.rows("SELECT DISTINCT source_id FROM files")}
        shops = {name for (name,) in self._metrics.engine.rows("SELECT DISTINCT platform_id FROM shops")}
        found = {owner(self.sources[name]) if name in self.sources else name.split("/")[0] for name in read}
        return (found | shops | set(self._metrics.platforms)) - {FORMS}

    def feeding(self, platform: str, name: str) -> list[Source]:
        """Return the sources of `platform` that bring real rows of the table `name`."""
        return [
            source
            for source in self.sources.values()
            if owner(source) == platform
            and name in source.real
            and all(mapping.covers for mapping in source.fed[name].values())
        ]

    def line(self, platform: str, name: str, days: Iterable[date], of: Collection[str] = ()) -> Line:
        """Return the state of each of `days` for a table of `platform`.

        `of` keeps the files of these sources; by default those of every source that feeds the table.
        """
        wanted = set(of) or {source.id for source in self.feeding(platform, name)}
        files = [file for file in self._files if file.source in wanted]
        held = self._held(platform, name, files)
        return Line(platform, name, {day: _state(day, files) if day in held else "none" for day in days})

    def _held(self, platform: str, name: str, files: list[_File]) -> frozenset[date]:
        if not files:
            return frozenset()
        spans = [(file.first, file.last) for file in files]
        policy = self.project.policy
        reach = min(first for first, _ in spans), max(last for _, last in spans)
        trading = self._metrics.coverage.trading.get(platform, reach)
        return covered(spans, policy.closed_days.get(name, 0), policy.edge_days, trading)

    def rows_sql(self, platform: str, name: str) -> str:
        """Return the SELECT of the records of the files that bring a table of `platform`."""
        listed = ", ".join(quoted(source.id) for source in self.feeding(platform, name)) or "''"
        return f"{RECORDS} WHERE source_id IN ({listed})"


def _state(day: date, files: list[_File]) -> State:
    """Return whether a covered day is whole: a gap that counts as days without trade is."""
    written = [file.written for file in files if file.first <= day <= file.last]
    return "part" if written and max(written) <= day else "whole"
