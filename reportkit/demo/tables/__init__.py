"""The world in the schema's own words: what its files must come to, and straight into a lake without any files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from reportkit.demo.files.forms import Records
from reportkit.demo.ledger import Ledger
from reportkit.demo.tables.company import company_tables
from reportkit.demo.tables.platforms import platform_tables
from reportkit.demo.tables.writing import Writer
from reportkit.demo.world import World
from reportkit.demo.world.known import known
from reportkit.project import Project

__all__ = ["company_tables", "platform_tables", "write_tables"]

_EXPORTED = timedelta(hours=9, minutes=30)  # in the morning after the last day


def write_tables(project: Project, world: World) -> Ledger:
    """Write `world`, as known at its end, into the empty lake of `project`; return its totals.

    Memory does not grow with the months. Raises LakeError where the lake holds data.
    """
    ledger, records = Ledger(), Records(world)
    with Writer(project, _exported(project, world)) as writer:
        for stretch in world.stretches():
            records.collect(stretch)
            for name in world.platforms:
                facts = known(stretch.facts.pop(name), world.cutoff)
                _add(platform_tables(world, facts), ledger, writer)
        _add(company_tables(world, records.tables()), ledger, writer)
    return ledger


def _add(tables: Iterable[tuple[str, pd.DataFrame]], ledger: Ledger, writer: Writer) -> None:
    for name, frame in tables:
        ledger.add([(name, frame)])
        writer.add(name, frame)


def _exported(project: Project, world: World) -> datetime:
    """The moment, in UTC, at which all files of `world` would be downloaded."""
    morning = datetime.combine(world.end + timedelta(days=1), datetime.min.time()) + _EXPORTED
    return morning.replace(tzinfo=ZoneInfo(project.settings.timezone)).astimezone(UTC).replace(tzinfo=None)
