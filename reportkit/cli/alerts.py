"""The morning check: what should be looked at today."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.cli.printing import Format, note, show
from reportkit.cli.root import ProjectPath, app
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project

if TYPE_CHECKING:  # a second of import that other commands do not need
    from reportkit.alerts import Alert, Alerts
    from reportkit.alerts.book import Book

__all__ = ["alerts_command"]


class Shape(StrEnum):
    """How alerts are printed: those within the budget for people, all of them for programs."""

    table = "table"
    json = "json"


@app.command("alerts")
def alerts_command(
    since: Annotated[str | None, typer.Option(help="Everything that showed from this day on.")] = None,
    format: Annotated[Shape, typer.Option()] = Shape.table,
    project: ProjectPath = Path(),
) -> None:
    """Tell what should be looked at today, the gravest first, and what rises."""
    from reportkit.alerts import alerts
    from reportkit.alerts.book import read_book

    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake), keep_views=True)
    try:
        found = alerts(Metrics(opened, engine), since=_day(since))
    finally:
        engine.close()
    if format is Shape.json:
        show([_record(one) for one in found.found], Format.json)
        return
    book = read_book(opened)
    show([_line(opened, book, one) for one in found.shown], Format.table)
    _notes(found)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is no day such as 2026-09-30', param_hint="--since") from error


def _line(project: Project, book: Book, one: Alert) -> dict[str, Any]:
    """Return an alert as a person reads it."""
    named = {"platform": project.platform_name}
    where = [named.get(name, str)(value) for name, value in one.scope.items()]
    return {
        "level": one.level,
        "what": book.rules[one.rule].name.name(project.settings.lang),
        "where": " ".join(where),
        "day": one.date,
        "actual": one.actual,
        "expected": one.expected,
        "stake": None if math.isnan(one.stake) else Decimal(f"{one.stake:.2f}"),
        "days": one.days,
        "owner": one.owner,
        "id": one.id,
    }


def _record(one: Alert) -> dict[str, Any]:
    """Return an alert as a program reads it."""
    told = {name: getattr(one, name) for name in one.__dataclass_fields__}
    bands = {
        name: [None if math.isnan(side) else float(side) for side in told[name]]
        for name in ("band80", "band95")
    }
    parts = [{"part": part, "share": float(share)} for part, share in one.contributors]
    return told | bands | {"contributors": parts, "scope": dict(one.scope), "rows_sql": dict(one.rows_sql)}


def _notes(found: Alerts) -> None:
    if found.overflow:
        note(f"{found.overflow} more; --format json lists them all")
    for rule, needs in found.unevaluated.items():
        note(f"{rule}: not evaluated (needs {', '.join(needs)})")
    for year in found.unknown_years:
        note(f"{year}: holidays not known yet, Monday to Friday are taken as worked")
