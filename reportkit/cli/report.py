"""Reports: run a pack of notebooks, and follow a printed number back to its rows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.printing import err, note, out, progress_bar
from reportkit.cli.root import ProjectPath, app
from reportkit.project import Project
from reportkit.run import RunResult, run_pack, trace

__all__ = ["Kernel", "run", "trace_command"]


class Kernel(StrEnum):
    """How notebooks' kernels start."""

    auto = "auto"
    fork = "fork"
    plain = "plain"


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
    with progress_bar() as bar:
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
    for line in result.notes:
        note(line)
    for failure in result.failures:
        note(f"{failure.name}: {failure.error}\n  repeat: {failure.repeat}", bad=True)


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
