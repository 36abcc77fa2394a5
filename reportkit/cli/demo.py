"""The demo merchant: its files alone, or the whole way from them to a finished report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.cli.printing import note, out, progress_bar
from reportkit.cli.root import demo
from reportkit.demo import END, PROMOTION, write_demo
from reportkit.errors import InputError
from reportkit.ingest import ingest
from reportkit.project import Project
from reportkit.run import RunResult, run_pack
from reportkit.run.forking import forks
from reportkit.run.workers import load_ahead

__all__ = ["Size", "demo_command", "demo_data"]

_PROJECT = "params/project.yaml"
_SETTINGS = "# The demo merchant.\nname: 示例商家\n"


class Size(StrEnum):
    """How much the demo merchant sells in two years."""

    small = "small"
    medium = "medium"
    large = "large"


SizeOption = Annotated[Size, typer.Option(help="About 20 thousand, 200 thousand or 10 million order lines.")]


@demo.callback(
    help="A merchant on six platforms whose truths are known: files, ingest and monthly report in one go."
)
def demo_command(
    context: typer.Context,
    size: SizeOption = Size.small,
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the demo's project; made where it is missing.")
    ] = Path(),
) -> None:
    """Write the demo merchant's files into the inbox, load them, and make the company's monthly report."""
    if context.invoked_subcommand:
        return
    opened = _project(project)
    if forks("auto"):
        load_ahead()
    with progress_bar() as bar:

        def step(what: str) -> Any:
            task = bar.add_task(what, total=None)
            return lambda name, done, of: bar.update(
                task, description=f"{what} {name}", completed=done, total=of
            )

        files = write_demo(opened.inbox, size.value, progress=step("writing"))["files"]
        loaded = ingest(opened, progress=step("reading"))
        running = step("reporting")
        result = run_pack(
            opened,
            "monthly",
            END,
            only="company",
            progress=lambda one: running(one.outcome.name, one.done, one.total),
        )
    rows = sum(file.read for file in loaded.files)
    out.print(f"{len(files)} files in {opened.inbox}, {rows:,} rows in the lake.", markup=False)
    _tell(result, project)
    if loaded.failed or not result.ok:
        raise typer.Exit(1)


def _project(folder: Path) -> Project:
    """Open the project at `folder`, made with one line where there is none."""
    settings = folder / _PROJECT
    if not settings.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise InputError(
                "is neither empty nor a project",
                where=str(folder.resolve()),
                todo="name an empty folder with -C",
            )
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
    return Project.open(folder)


def _tell(result: RunResult, project: Path) -> None:
    for failure in result.failures:
        note(f"{failure.name}: {failure.error}", bad=True)
    if not result.reports:
        return
    (company,) = result.reports
    out.print(f"The report: {company.pdf or company.html}", markup=False, highlight=False)
    where = "" if project == Path() else f" -C {project}"
    out.print("Worth trying next:")
    for command in (
        f"reportkit trace last {company.facts[0]['code']} --to traced{where}",
        f"reportkit explain gmv --platform tmall --period {END}{where}",
        f"reportkit run promo_review --period {PROMOTION}{where}",
    ):
        out.print(f"  {command}", markup=False, highlight=False)


@demo.command("data")
def demo_data(
    size: SizeOption = Size.small,
    to: Annotated[
        Path, typer.Option("--out", help="An empty folder for the files; default: the inbox.")
    ] = Path("data/inbox"),
    null: Annotated[bool, typer.Option("--null", help="Plant no trouble.")] = False,
) -> None:
    """Write the demo merchant's export files, and what they must come to beside them in truths.json."""
    with progress_bar() as bar:
        task = bar.add_task("writing", total=None)
        made = write_demo(
            to,
            size.value,
            null=null,
            progress=lambda month, done, of: bar.update(task, description=month, completed=done, total=of),
        )
    out.print(f"{len(made['files'])} files in {to}", markup=False, highlight=False)
