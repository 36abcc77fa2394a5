"""What to download: every file a report of a period still lacks, and what it would unlock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from reportkit.engines import quoted
from reportkit.errors import ProjectError, suggest
from reportkit.ingest.source import Source
from reportkit.metrics.coverage import Span, spans
from reportkit.metrics.periods import Kind, Period, enclosing
from reportkit.metrics.query import Metrics
from reportkit.project import Project, Strict, load_model, read_yaml
from reportkit.quality.days import FORMS, Filed, main_table, owner
from reportkit.schema import table

__all__ = ["Need", "Unlocks", "active_platforms", "todo", "unlocked"]

_DAY = timedelta(days=1)
_KINDS: tuple[Kind, ...] = ("month", "quarter", "year")


class Unlocks(Strict):
    """An entry of ``params/todo.yaml``: what a report can say once the table is there."""

    zh: str
    en: str
    once: bool = False


@dataclass(frozen=True)
class Need:
    """One file to download, or one form to fill in.

    `platform` is whose back office writes it, empty for a form; `export` holds its name there by language
    and ``where`` to find it. `missing` are the days that no file holds, `partial` those whose file was
    written before the day was over, both as ranges; a need without days is one file for the whole period.
    """

    source: str
    platform: str
    export: Mapping[str, str]
    table: str
    missing: tuple[Span, ...]
    partial: tuple[Span, ...]
    unlocks: Mapping[str, str]

    @property
    def days(self) -> int:
        """How many days are missing whole."""
        return sum((last - first).days + 1 for first, last in self.missing)


def unlocked(project: Project) -> dict[str, Unlocks]:
    """Return by table what its files unlock: ``params/todo.yaml``, in its order."""
    path = project.resource("params/todo.yaml")
    return {
        name: load_model(Unlocks, body, f"{path}: {name}") for name, body in (read_yaml(path) or {}).items()
    }


def active_platforms(project: Project, filed: Filed) -> list[str]:
    """Return whose files are asked for, in the order reports list them.

    The setting `platforms`; else those that the lake or the shops form knows; else all with a routine
    export. Raises ProjectError for a setting that names no platform.
    """
    routine = {owner(source) for source in filed.sources.values() if source.routine} - {FORMS}
    known = {*project.platforms, *(owner(source) for source in filed.sources.values())}
    for name in project.settings.platforms:
        if name not in known:
            raise ProjectError(
                f'platforms: no platform "{name}"', where="params/project.yaml", todo=suggest(name, known)
            )
    chosen = set(project.settings.platforms) or filed.owners or routine & set(project.platforms)
    rank = {name: place for place, name in enumerate(project.platforms)}
    return sorted(chosen, key=lambda name: (rank.get(name, len(rank)), name))


def todo(
    project: Project,
    metrics: Metrics,
    period: str | Period,
    *,
    scope: Mapping[str, Sequence[str]] | None = None,
    as_of: date | None = None,
    filed: Filed | None = None,
) -> list[Need]:
    """Return every file still needed for `period`, by platform in the order reports list them.

    Days after `as_of` (by default the last one that is over) are not asked for. A `scope` keeps its
    platforms, and leaves out the forms, which are of the whole business.
    """
    span = period if isinstance(period, Period) else metrics.period(period)
    zone = ZoneInfo(project.settings.timezone)
    until = min(span.end, as_of or datetime.now(zone).date() - _DAY)
    asking = _Asking(project, metrics, span, until, filed or Filed(project, metrics))
    wanted = (scope or {}).get("platform")
    platforms = [name for name in asking.platforms if wanted is None or name in wanted]
    needs = [need for name in platforms for need in asking.files(name)]
    return needs if scope else [*needs, *asking.forms()]


@dataclass(frozen=True)
class _Asking:
    """One question: which files does this period still lack, up to and with the day `until`?"""

    project: Project
    metrics: Metrics
    period: Period
    until: date
    filed: Filed

    @cached_property
    def unlocks(self) -> dict[str, Unlocks]:
        return unlocked(self.project)

    @property
    def platforms(self) -> list[str]:
        return active_platforms(self.project, self.filed)

    def files(self, platform: str) -> Iterable[Need]:
        """Yield what `platform` lacks, table by table in the order of ``params/todo.yaml``."""
        routine = self._routine(platform)
        for source in sorted(routine, key=lambda source: list(self.unlocks).index(main_table(source))):
            name = main_table(source)
            if self.unlocks[name].once:
                if not self._holds(name, platform):
                    yield self._need(source, (), ())
                continue
            line = self.filed.line(platform, name, self._days, self._counted(source, routine))
            missing, partial = line.of("none"), line.of("part")
            if missing or partial:
                yield self._need(source, spans(missing), spans(partial))

    def forms(self) -> Iterable[Need]:
        """Yield the forms that say nothing about the period."""
        forms = self._routine(FORMS)
        for source in sorted(forms, key=lambda source: list(self.unlocks).index(main_table(source))):
            if not self._holds(main_table(source), None):
                yield self._need(source, (), ())

    @property
    def _days(self) -> list[date]:
        return [day for day in self.period.dates() if day <= self.until]

    def _routine(self, platform: str) -> list[Source]:
        """Return what is downloaded every period; a form has one layout only."""
        return [
            source
            for source in self.filed.sources.values()
            if owner(source) == platform
            and (source.routine or platform == FORMS)
            and main_table(source) in self.unlocks
        ]

    def _counted(self, source: Source, routine: list[Source]) -> set[str]:
        """Return the sources whose files do for `source`: all that feed its table but other routine ones."""
        others = {other.id for other in routine} - {source.id}
        feeding = {each.id for each in self.filed.feeding(owner(source), main_table(source))}
        return {source.id} | feeding - others

    def _need(self, source: Source, missing: Iterable[Span], partial: Iterable[Span]) -> Need:
        name = main_table(source)
        platform = "" if owner(source) == FORMS else owner(source)
        texts = self.unlocks[name].model_dump(include={"zh", "en"})
        return Need(source.id, platform, source.export, name, tuple(missing), tuple(partial), texts)

    def _holds(self, name: str, platform: str | None) -> bool:
        """Whether the lake has a row of a table that speaks of the period."""
        condition = _speaks_of(name, self.period)
        if platform:
            sources = ", ".join(quoted(source.id) for source in self.filed.feeding(platform, name))
            condition += f" AND source_id IN ({sources})"
        return self.metrics.engine.has(f"{name} WHERE {condition}")


def _speaks_of(name: str, period: Period) -> str:
    """Return the SQL condition by which a row of a table without daily files is about `period`."""
    columns = {column.name for column in table(name).own}
    first, last = quoted(period.start.isoformat()), quoted(period.end.isoformat())
    if "period" in columns:
        named = {period.id, *(enclosing(kind, period.end).id for kind in _KINDS)}
        return f"period IN ({', '.join(map(quoted, sorted(named)))})"
    if "valid_from" in columns:
        return f"coalesce(valid_from <= {last}, true) AND coalesce(valid_to >= {first}, true)"
    if "end_date" in columns:
        # A month may well be without a promotion; the calendar must know of its year.
        return f"year(end_date) >= {period.start.year}"
    day = table(name).day
    return f"{day} BETWEEN {first} AND {last}" if day else "true"
