"""From a pack and a period to jobs: every name and parameter is checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from reportkit.engines import DuckDBEngine
from reportkit.errors import RunError, suggest
from reportkit.lake import Lake, Snapshot
from reportkit.metrics.periods import Period, parse_day
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.run.packs import Audience, Pack, SectionRule, load_pack
from reportkit.run.parameters import check_parameters, read_parameters

__all__ = ["NOTEBOOK", "Edition", "Job", "Plan", "plan", "safe_name"]

NOTEBOOK = "notebook.ipynb"
"""Name of an executed notebook in its job's folder."""

_NOTEBOOKS = "notebooks"


@dataclass(frozen=True)
class Job:
    """One notebook with its parameters, for one edition. `id` is ``company/boards/overview``.

    `snapshot` is the state of the lake it must read, `seconds` its deadline.
    """

    id: str
    edition: str
    section: str
    notebook: Path
    parameters: dict[str, Any]
    snapshot: Snapshot
    seconds: float


@dataclass(frozen=True)
class Edition:
    """One report: its folder's `name`, what readers call it (empty for the whole), and its jobs in order."""

    name: str
    label: str
    scope: dict[str, list[str]]
    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Plan:
    """All that a run will do.

    `as_of` is the last business day it may see, in ISO form; `platforms` are those with orders.
    """

    pack_name: str
    pack: Pack
    period: Period
    as_of: str
    snapshot: Snapshot
    platforms: tuple[str, ...]
    editions: tuple[Edition, ...]

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs of all editions."""
        return tuple(job for edition in self.editions for job in edition.jobs)


def plan(
    project: Project,
    pack: str,
    period: str,
    *,
    as_of: str | date | None = None,
    snapshot: Snapshot | None = None,
    only: str | None = None,
) -> Plan:
    """Return what a run of `pack` for `period` would do, reading `snapshot` (default: the published one).

    `as_of` is by default the day of the last order. `only` keeps one edition (``company``) or one
    job (``company/boards/overview``). Raises RunError for an unknown pack or notebook or an empty
    lake, QueryError for a period, ParameterError where a notebook does not take what it would get.
    """
    loaded = load_pack(project, pack)
    engine = DuckDBEngine(Lake(project.lake), snapshot)
    try:
        metrics = Metrics(project, engine)
        span = metrics.period(period)
        _check_kind(loaded, pack, span)
        draft = Plan(pack, loaded, span, _day(metrics, as_of), engine.snapshot, metrics.platforms, ())
        editions = [
            _edition(project, draft, name, audience, value)
            for name, audience in loaded.editions.items()
            for value in _values(metrics, audience)
        ]
    finally:
        engine.close()
    return replace(draft, editions=tuple(_kept(editions, only)))


def _day(metrics: Metrics, as_of: str | date | None) -> str:
    day = parse_day(as_of) if as_of else metrics.last_day
    if day is None:
        raise RunError(
            "there are no orders to report on", where=str(metrics.project.lake), todo="ingest files"
        )
    return day.isoformat()


def safe_name(text: str) -> str:
    """Return `text` as one name of a file or folder, the same one for the same text.

    Text that is not plain letters, digits, ``-``, ``_`` and single dots keeps apart by a checksum.

    >>> safe_name("2025-11"), safe_name("../../etc")
    ('2025-11', 'etc-74ccf3c5')
    """
    plain = re.sub(r"[^\w-]+", "-", text).strip("-_")[:60]
    return (
        plain if plain and plain == text else f"{plain}-{sha256(text.encode()).hexdigest()[:8]}".lstrip("-")
    )


def _check_kind(pack: Pack, name: str, period: Period) -> None:
    if period.kind != pack.period:
        raise RunError(
            f"pack {name} reports on a {pack.period}, {period.id} is a {period.kind}",
            todo=f"give a {pack.period}, or another pack",
        )


def _values(metrics: Metrics, audience: Audience) -> list[str | None]:
    """Return what an edition is made for: None for the whole, else each value with orders in the lake."""
    if audience.for_each is None:
        return [None]
    if audience.for_each == "platform":
        return list(metrics.platforms)
    found = metrics.engine.rows("SELECT DISTINCT shop_id FROM orders WHERE shop_id IS NOT NULL ORDER BY 1")
    return [row[0] for row in found]


def _edition(project: Project, draft: Plan, name: str, audience: Audience, value: str | None) -> Edition:
    dimension = audience.for_each
    folder = name if value is None else f"{name}-{safe_name(value)}"
    scope: dict[str, list[str]] = {str(dimension): [value]} if dimension and value else {}
    label = project.platform_name(value) if value and dimension == "platform" else value or ""
    rules = (*(audience.sections or draft.pack.sections), *draft.pack.appendix)
    jobs = tuple(_job(project, draft, folder, scope, rule) for rule in rules)
    return Edition(folder, label, scope, jobs)


def _job(project: Project, draft: Plan, edition: str, scope: dict[str, list[str]], rule: SectionRule) -> Job:
    notebook = _notebook(project, rule.notebook)
    given = {
        **rule.parameters,
        "project": str(project.root),
        "period": draft.period.id,
        "scope": scope,
        "as_of": draft.as_of,
    }
    check_parameters(given, read_parameters(notebook), str(notebook))
    name = f"{edition}/{rule.notebook}"
    return Job(name, edition, rule.notebook, notebook, given, draft.snapshot, draft.pack.deadline_seconds)


def _notebook(project: Project, name: str) -> Path:
    known = {
        found.removesuffix(".ipynb"): path
        for found, path in project.resources(_NOTEBOOKS, "*.ipynb").items()
        if ".ipynb_checkpoints" not in path.parts
    }
    if name not in known:
        raise RunError(f'no notebook "{name}"', where=_NOTEBOOKS, todo=suggest(name, known))
    return known[name]


def _kept(editions: Iterable[Edition], only: str | None) -> list[Edition]:
    if only is None:
        return list(editions)
    edition, _, section = only.partition("/")
    known = [name for one in editions for name in (one.name, *(job.id for job in one.jobs))]
    if only not in known:
        raise RunError(f'nothing called "{only}" in this run', todo=suggest(only, known))
    found = next(one for one in editions if one.name == edition)
    jobs = tuple(job for job in found.jobs if not section or job.section == section)
    return [replace(found, jobs=jobs)]
