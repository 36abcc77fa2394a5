"""The morning check: what should be looked at today, and what became of it."""

from __future__ import annotations

import getpass
import math
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.cli.printing import Format, show
from reportkit.cli.printing import note as tell
from reportkit.cli.root import ProjectPath
from reportkit.cli.root import alerts as app
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project

if TYPE_CHECKING:  # a second of import that other commands do not need
    from reportkit.alerts import Alert, Alerts
    from reportkit.show.push import Teller

__all__ = ["alerts_command", "mark_command", "precision_command"]


class Shape(StrEnum):
    """How alerts are printed: for people and groups those within the budget, for programs all of them."""

    table = "table"
    json = "json"
    text = "text"
    markdown = "markdown"


class Mark(StrEnum):
    """What somebody says of an alert."""

    new = "new"
    acknowledged = "acknowledged"
    in_work = "in_work"
    solved = "solved"
    false = "false"


@app.callback(help="Tell what should be looked at today, the gravest first, and what rises.")
def alerts_command(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(help="Everything that showed from this day on.")] = None,
    format: Annotated[
        Shape, typer.Option(help="A table, every alert for programs, or a message to a group.")
    ] = Shape.table,
    project: ProjectPath = Path(),
) -> None:
    """Check the last day, write down in the ledger what was found, and print it."""
    if context.invoked_subcommand:
        if project != Path():
            raise typer.BadParameter("stands behind mark or precision", param_hint="--project")
        return
    from reportkit.show.push import Teller

    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake), keep_views=True)
    try:
        metrics = Metrics(opened, engine)
        found = _checked(metrics, _day(since))
        _print(Teller(metrics), found, format, metrics.last_day or date.min)
    finally:
        engine.close()


@app.command("mark")
def mark_command(
    alert: Annotated[
        str, typer.Argument(metavar="ID", help="The alert's id, as reportkit alerts prints it.")
    ],
    state: Annotated[Mark, typer.Argument(help="What it is now.")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    by: Annotated[str, typer.Option(help="Who says so; by default who is logged in.")] = "",
    project: ProjectPath = Path(),
) -> None:
    """Say what became of an alert; every word is kept, the last one is its state."""
    from reportkit.ledger import Ledger, events, mark

    ledger = Ledger.open(Project.open(project))
    mark(ledger, alert, state.value, by or getpass.getuser(), note)
    show(
        [{"at": f"{one.at:%Y-%m-%d %H:%M} UTC", "state": one.state, "by": one.by, "note": one.note}
         for one in events(ledger, alert)],
        Format.table,
    )  # fmt: skip


@app.command("precision")
def precision_command(format: Format = Format.table, project: ProjectPath = Path()) -> None:
    """Tell how often each rule was right: of the alerts that somebody judged, those that were not false."""
    from reportkit.ledger import Judged, Ledger, precision

    rules = precision(Ledger.open(Project.open(project)))
    counts = (
        sum(one.told for one in rules),
        sum(one.judged for one in rules),
        sum(one.false for one in rules),
    )
    rows = [
        {
            "rule": one.rule,
            "told": one.told,
            "judged": one.judged,
            "false": one.false,
            "precision": one.precision,
        }
        for one in [*rules, Judged("all", *counts)]
    ]
    show(rows, format)
    if not counts[1]:
        tell("nobody has judged an alert yet: reportkit alerts mark ID in_work, solved or false")


def _checked(metrics: Metrics, since: date | None) -> Alerts:
    """Return what the check finds, with what the ledger knows of it."""
    from reportkit.alerts import alerts
    from reportkit.ledger import Ledger, acknowledged, see

    ledger = Ledger.open(metrics.project)
    return see(ledger, alerts(metrics, since=since, acknowledged=acknowledged(ledger)))


def _print(teller: Teller, found: Alerts, shape: Shape, day: date) -> None:
    if shape is Shape.json:
        show([_record(teller, one) for one in found.found], Format.json)
    elif shape is Shape.table:
        show([_line(teller, one) for one in (*found.shown, *found.closed)], Format.table)
        _notes(found)
    else:
        print(teller.push(found, day, markdown=shape is Shape.markdown))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is no day such as 2026-09-30', param_hint="--since") from error


def _line(teller: Teller, one: Alert) -> dict[str, Any]:
    """Return an alert as a person reads it."""
    said = teller.said(one)
    return {
        "level": said.level,
        "what": said.what,
        "where": said.where,
        "actual": said.actual,
        "expected": said.expected,
        "stake": None if math.isnan(one.stake) else Decimal(f"{one.stake:.2f}"),
        "since": one.first_seen,
        "days": one.days,
        "owner": said.owner,
        "state": said.state,
        "id": one.id,
    }


def _record(teller: Teller, one: Alert) -> dict[str, Any]:
    """Return an alert as a program reads it; `push` is the same for what is to be told once, an incident a day."""
    told = {name: getattr(one, name) for name in one.__dataclass_fields__}
    bands = {
        name: [None if math.isnan(side) else float(side) for side in told[name]]
        for name in ("band80", "band95")
    }
    parts = [{"part": part, "share": float(share)} for part, share in one.contributors]
    said = {"text": teller.line(one), "push": f"{one.id}@{one.date}"}
    return (
        told
        | bands
        | {"contributors": parts, "scope": dict(one.scope), "rows_sql": dict(one.rows_sql)}
        | said
    )


def _notes(found: Alerts) -> None:
    if found.overflow:
        tell(f"{found.overflow} more; --format json lists them all")
    for rule, needs in found.unevaluated.items():
        tell(f"{rule}: not evaluated (needs {', '.join(needs)})")
    for year in found.unknown_years:
        tell(f"{year}: holidays not known yet, Monday to Friday are taken as worked")
