"""The command line: arguments in, functions called, results printed. Errors come without a traceback."""

from __future__ import annotations

import csv
import json
import math
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from reportkit.demo import write_demo
from reportkit.engines import DuckDBEngine
from reportkit.errors import ReportkitError
from reportkit.ingest import FileResult, ingest
from reportkit.lake import Lake
from reportkit.metrics.describe import describe
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.run import RunResult, run_pack, trace

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
demo = typer.Typer(no_args_is_help=True, help="A merchant whose truths are known.")
app.add_typer(demo, name="demo")

_PIPE_WIDTH = 160  # columns where nobody's terminal says how wide it is

out = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True)

ProjectPath = Annotated[
    Path, typer.Option("--project", "-C", help="Folder of the project, or one inside it.")
]

_SAFE_DIGITS = 15
_COUNTS = ("read", "accepted", "superseded", "rejected", "skipped")


class Format(StrEnum):
    """How a query is printed."""

    table = "table"
    json = "json"
    csv = "csv"


class Kernel(StrEnum):
    """How notebooks' kernels start."""

    auto = "auto"
    fork = "fork"
    plain = "plain"


def main() -> None:
    """Run the command line; a ReportkitError becomes one message and exit code 1."""
    try:
        app()
    except ReportkitError as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(1)


@app.callback()
def _describe() -> None:
    """From a merchant's export files to recurring reports whose every number can be traced."""


@app.command("ingest")
def ingest_command(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; default: the inbox.")] = None,
    exported_at: Annotated[
        datetime | None, typer.Option(help="When the platform wrote these files (UTC), over what they say.")
    ] = None,
    project: ProjectPath = Path(),
) -> None:
    """Read export files into the lake and account for every row."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    )
    with bar:
        task = bar.add_task("reading", total=None)
        result = ingest(
            Project.open(project),
            paths,
            exported_at=exported_at,
            progress=lambda file, done, of: bar.update(task, description=file, completed=done, total=of),
        )
    known = [file for file in result.files if file.state == "known"]
    out.print(_books([file for file in result.files if file.state != "known"]))
    if known:
        out.print(f"{len(known)} files were in the lake already.")
    out.print(f"The lake is at snapshot {result.snapshot.number}.")
    for file in result.files:
        for note in file.notes if file.state != "ignored" else []:
            err.print(
                note, style="red" if file.state == "failed" else "yellow", markup=False, highlight=False
            )
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
        table.add_row(place, file.source or file.state, *(f"{getattr(file, name):,}" for name in _COUNTS))
    totals = [sum(getattr(file, name) for file in files) for name in _COUNTS]
    table.add_section()
    table.add_row(f"{len(files)} sheets", "", *(f"{total:,}" for total in totals))
    return table


@app.command()
def query(
    metrics: Annotated[list[str], typer.Argument(help="Metrics, such as gmv or net_sales.refund_date.")],
    period: Annotated[
        str, typer.Option(help="2025-11, 2025-W46, 2025-Q4, 2025, a day, from/to, or a promotion.")
    ],
    by: Annotated[
        list[str] | None, typer.Option(help="platform, shop, product, category, province, day, week, month.")
    ] = None,
    where: Annotated[list[str] | None, typer.Option(help="A slice, such as platform=tmall.")] = None,
    compare: Annotated[list[str] | None, typer.Option(help="previous, last_year, target.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The last business day that may be seen.")] = None,
    format: Annotated[Format, typer.Option()] = Format.table,
    project: ProjectPath = Path(),
) -> None:
    """Ask for metrics."""
    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake))
    try:
        result = Metrics(opened, engine).query(
            metrics,
            by=by or [],
            period=period,
            scope=_scope(where or []),
            compare=compare or [],
            as_of=date.fromisoformat(as_of) if as_of else None,
        )
    finally:
        engine.close()
    # A person reads on one line what belongs together; a program wants one row per slice.
    frame = result.frame.drop(columns=["n", "rows"]) if format is Format.table else result.wide()
    frame = frame.drop(columns=[name for name in frame if str(name).endswith(("_now", "_then"))])
    _print([{str(k): _plain(v) for k, v in row.items()} for row in frame.to_dict("records")], format)
    for request, missing in result.missing.items():
        if missing:
            err.print(
                f"{request}: without {', '.join(map(opened.platform_name, missing))} (no data)",
                style="yellow",
            )


def _scope(where: list[str]) -> dict[str, list[str]]:
    scope: dict[str, list[str]] = {}
    for part in where:
        dimension, sign, value = part.partition("=")
        if not sign:
            raise typer.BadParameter(f"{part}: write it as dimension=value", param_hint="--where")
        scope.setdefault(dimension, []).append(value)
    return scope


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.{_SAFE_DIGITS}g}")
    return value.date().isoformat() if isinstance(value, datetime) else value


def _print(records: list[dict[str, Any]], format: Format) -> None:
    if format is Format.json:
        print(json.dumps(records, ensure_ascii=False, indent=1))
    elif format is Format.csv:
        writer = csv.DictWriter(sys.stdout, list(records[0]) if records else [])
        writer.writeheader()
        writer.writerows(records)
    else:
        table = Table(show_edge=False, pad_edge=False)
        for name in records[0] if records else []:
            numeric = any(isinstance(record[name], float) for record in records)
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for record in records:
            table.add_row(*(_cell(value) for value in record.values()))
        out.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


@app.command()
def metrics(format: Annotated[Format, typer.Option()] = Format.table, project: ProjectPath = Path()) -> None:
    """List the metric dictionary."""
    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake))
    rows = describe(Metrics(opened, engine).catalog, opened.settings.lang)
    engine.close()
    if format is Format.table:
        shown = ("id", "name", "unit", "bases", "formula")
        rows = [{key: " ".join(row[key]) if key == "bases" else row[key] for key in shown} for row in rows]
    _print(rows, format)


@app.command()
def run(
    pack: Annotated[str, typer.Argument(help="A pack of params/packs, such as monthly.")],
    period: Annotated[str, typer.Option(help="The period, or the promotion's id.")],
    as_of: Annotated[str | None, typer.Option(help="The last business day that may be seen.")] = None,
    only: Annotated[str | None, typer.Option(help="One edition or one job.")] = None,
    snapshot: Annotated[
        str | None, typer.Option(help="An earlier run: make it again on its own data.")
    ] = None,
    kernel: Annotated[Kernel, typer.Option(help="How notebooks' kernels start.")] = Kernel.auto,
    pdf: Annotated[bool, typer.Option(help="Also print the reports as PDF.")] = True,
    project: ProjectPath = Path(),
) -> None:
    """Run a pack of notebooks and render its reports."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    )
    with bar:
        task = bar.add_task(pack, total=None)
        result = run_pack(
            Project.open(project),
            pack,
            period,
            as_of=as_of,
            only=only,
            snapshot=snapshot,
            kernel=kernel.value,
            pdf=pdf,
            progress=lambda step: bar.update(
                task, description=step.outcome.name, completed=step.done, total=step.total
            ),
        )
    _tell(result)
    if not result.ok:
        raise typer.Exit(1)


def _tell(result: RunResult) -> None:
    for report in result.reports:
        out.print(
            f"{report.label or report.edition}: {report.pages} pages, {len(report.facts)} numbers traced"
        )
        out.print(f"  {report.pdf or report.html}", markup=False, highlight=False)
    out.print(f"run {result.run}, {result.seconds:.1f} s")
    for note in result.notes:
        err.print(note, style="yellow", markup=False, highlight=False)
    for failure in result.failures:
        err.print(
            f"{failure.name}: {failure.error}\n  repeat: {failure.repeat}",
            style="red",
            markup=False,
            highlight=False,
        )


@app.command("trace")
def trace_command(
    run: Annotated[
        str, typer.Argument(help="The run's name, as the report's last page prints it, or `last`.")
    ],
    code: Annotated[str, typer.Argument(help="The evidence code, such as E12.")],
    to: Annotated[Path, typer.Option(help="Folder for the csv files.")] = Path(),
    project: ProjectPath = Path(),
) -> None:
    """Print the SQL behind a printed number and write its source rows to csv."""
    found = trace(Project.open(project), run, code, to)
    for sql in found.sql:
        print(sql)
    for table, rows in zip(found.tables, found.rows, strict=True):
        err.print(f"{rows:,} rows: {table}", markup=False, highlight=False)


@demo.command("data")
def demo_data(
    to: Annotated[
        Path, typer.Option("--out", help="Folder for the files; default: the project's inbox.")
    ] = Path("data/inbox"),
    months: Annotated[int, typer.Option(help="How many months, the last of which is November 2025.")] = 15,
) -> None:
    """Write the demo merchant's export files, and its truths beside them."""
    files = write_demo(to, months=months)["files"]
    out.print(f"{len(files)} files in {to}")
