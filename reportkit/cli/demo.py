"""The demo merchant: its files alone, or the whole way from them to a finished report."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.cli.printing import note, out, progress_bar
from reportkit.cli.root import demo
from reportkit.demo import END, REISSUED, REVIEW, REVIEWED, write_demo
from reportkit.errors import InputError
from reportkit.ingest import ingest
from reportkit.project import Project
from reportkit.run import Progress, RunResult, run_pack
from reportkit.run.forking import forks
from reportkit.run.workers import load_ahead

__all__ = ["Size", "demo_command", "demo_data"]

_PROJECT = "params/project.yaml"
_PACKS = (("monthly", END, None), ("promo_review", REVIEW, REVIEWED))
_SETTINGS = "# The demo merchant.\nname: 示例商家\n"


class Size(StrEnum):
    """How much the demo merchant sells in two years."""

    small = "small"
    medium = "medium"
    large = "large"


SizeOption = Annotated[Size, typer.Option(help="About 20 thousand, 200 thousand or 10 million order lines.")]


@demo.callback(
    help="A merchant on six platforms whose truths are known: files, ingest, monthly report and review in one go."
)
def demo_command(
    context: typer.Context,
    size: SizeOption = Size.small,
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the demo's project; made where it is missing.")
    ] = Path(),
) -> None:
    """Write the demo merchant's files into the inbox, load them, make the monthly report and the review of Double 11."""
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
        rows = sum(file.read for file in loaded.files)
        out.print(f"{len(files)} files in {opened.inbox}, {rows:,} rows in the lake.", markup=False)
        results = []
        for pack, period, day in _PACKS:
            told = _told(step(f"reporting {pack}"))
            results.append(run_pack(opened, pack, period, as_of=day, only="company", progress=told))
            _tell(results[-1])  # at once: there is something to read while the next is made
    _next(results[0], project)
    if loaded.failed or not all(result.ok for result in results):
        raise typer.Exit(1)


def _told(running: Any) -> Callable[[Progress], None]:
    return lambda one: running(one.outcome.name, one.done, one.total)


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


def _tell(result: RunResult) -> None:
    for failure in result.failures:
        note(f"{failure.name}: {failure.error}", bad=True)
    for company in result.reports:
        out.print(f"The report: {company.pdf or company.html}", markup=False, highlight=False)


def _next(monthly: RunResult, project: Path) -> None:
    """Print three things worth trying, each a command that runs as it stands."""
    if not monthly.reports:
        return
    where = "" if project == Path() else f" -C {project}"
    out.print("Worth trying next:")
    for command in (
        f"reportkit trace {monthly.run} {monthly.reports[0].facts[0]['code']} --to traced{where}",
        f"reportkit run promo_review --period {REVIEW} --as-of {REISSUED}{where}",
        f"reportkit actions {REVIEW} --as-of {REVIEWED} --out actions.xlsx{where}",
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
