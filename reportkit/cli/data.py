"""Files into the lake: what is still needed, and the forms people fill in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from reportkit.cli.printing import Format, note, out, password_prompt, progress_bar, show
from reportkit.cli.root import PERIOD, ProjectPath, app
from reportkit.engines import DuckDBEngine
from reportkit.forms import write_forms
from reportkit.ingest import FileResult, ingest
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.todo import Need, todo

__all__ = ["forms_command", "ingest_command", "todo_command"]

_COUNTS = ("read", "accepted", "superseded", "rejected", "skipped")


@app.command("todo")
def todo_command(
    period: Annotated[str, typer.Option(help=PERIOD)],
    format: Annotated[Format, typer.Option()] = Format.table,
    project: ProjectPath = Path(),
) -> None:
    """List the files still to be downloaded for a period, and what they unlock."""
    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake))
    try:
        needs = todo(opened, Metrics(opened, engine), period)
    finally:
        engine.close()
    show([_need(opened, need) for need in needs], format)


def _need(project: Project, need: Need) -> dict[str, Any]:
    lang = project.settings.lang
    return {
        "platform": project.platform_name(need.platform),
        "export": need.export.get(lang, need.source),
        "where": need.export.get("where", ""),
        "missing": _days(need.missing),
        "partial": _days(need.partial),
        "unlocks": need.unlocks.get(lang, ""),
        "source": need.source,
    }


def _days(spans: Any) -> str:
    return ", ".join(f"{first}" if first == last else f"{first}/{last}" for first, last in spans)


@app.command("ingest")
def ingest_command(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; default: the inbox.")] = None,
    exported_at: Annotated[
        datetime | None, typer.Option(help="When the platform wrote these files (UTC), over what they say.")
    ] = None,
    project: ProjectPath = Path(),
) -> None:
    """Read export files into the lake and account for every row."""
    with progress_bar() as bar:
        task = bar.add_task("reading", total=None)
        result = ingest(
            Project.open(project),
            paths,
            exported_at=exported_at,
            progress=lambda file, done, of: bar.update(task, description=file, completed=done, total=of),
            ask=password_prompt(bar),
        )
    known = [file for file in result.files if file.state == "known"]
    out.print(_books([file for file in result.files if file.state != "known"]))
    if known:
        out.print(f"{len(known)} files were in the lake already.")
    out.print(f"The lake is at snapshot {result.snapshot.number}.")
    for file in result.files:
        for line in file.notes if file.state != "ignored" else []:
            note(line, bad=file.state == "failed")
    if result.failed:
        raise typer.Exit(1)


def _books(files: list[FileResult]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("file", "source"):
        table.add_column(heading, overflow="fold")
    for heading in _COUNTS:
        table.add_column(heading, justify="right")
    for file in files:
        place = f"{file.path} [{file.sheet}]" if file.sheet else file.path
        table.add_row(
            Text(place), file.source or file.state, *(f"{getattr(file, name):,}" for name in _COUNTS)
        )
    totals = [sum(getattr(file, name) for file in files) for name in _COUNTS]
    table.add_section()
    table.add_row(f"{len(files)} sheets", "", *(f"{total:,}" for total in totals))
    return table


@app.command("forms")
def forms_command(
    names: Annotated[list[str] | None, typer.Argument(help="Forms, such as targets; default: all.")] = None,
    to: Annotated[Path, typer.Option("--out", help="Folder for the workbooks.")] = Path("forms"),
    project: ProjectPath = Path(),
) -> None:
    """Write the workbooks that people fill in; ingest reads them back."""
    for path in write_forms(Project.open(project), to, names or None):
        out.print(str(path), markup=False, highlight=False)
