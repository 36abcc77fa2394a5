"""Sources: which exports reportkit reads, and how to teach it another or a column's new name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.cli.printing import Format, note, out, password_prompt, show
from reportkit.cli.root import ProjectPath, app, source
from reportkit.errors import ProjectError
from reportkit.ingest.accept import accept
from reportkit.ingest.draft import draft
from reportkit.ingest.propose import Proposal, propose
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project, read_yaml

__all__ = ["accept_command", "new_command", "sources_command"]

_ID = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@app.command("sources")
def sources_command(
    format: Annotated[Format, typer.Option()] = Format.table, project: ProjectPath = Path()
) -> None:
    """List the exports that can be read, the tables each feeds, and how well its layout is known."""
    opened = Project.open(project)
    layouts = read_yaml(opened.resource("params/layouts.yaml")) or []
    counts = Counter(name for layout in layouts for name in layout["sources"])
    rows = [_row(opened, each, counts[each.id]) for each in load_sources(opened).values()]
    show(rows, format)


def _row(project: Project, each: Source, layouts: int) -> dict[str, Any]:
    lang = project.settings.lang
    return {
        "source": each.id,
        "platform": project.platform_name(each.platform) if each.platform else "",
        "export": each.export.get(lang, ""),
        "tables": ", ".join(each.fed),
        "confidence": each.confidence,
        "layouts": layouts,
        "routine": "yes" if each.routine else "",
        "partial": each.gaps.get(lang, "yes") if each.partial else "",
    }


@source.command("accept")
def accept_command(
    file: Annotated[Path, typer.Argument(help="A file whose columns were renamed, here or in the inbox.")],
    column: Annotated[
        list[str] | None, typer.Option(help='What a column is called now: "old name=new name".')
    ] = None,
    project: ProjectPath = Path(),
) -> None:
    """Write a known export's new column names into the project's copy of its source."""
    opened = Project.open(project)
    for done in accept(opened, file, _columns(column or []), ask=password_prompt()):
        for old, new in done.columns.items():
            out.print(f"{done.paths[0]}: {old} | {new}", markup=False, highlight=False)
        for path in done.paths[1:]:
            note(f"{path}: told apart by the new name too")


def _columns(told: list[str]) -> dict[str, str]:
    pairs = [part.partition("=") for part in told]
    for old, sign, new in pairs:
        if not (old and sign and new):
            raise typer.BadParameter(f'{old}: write it as "old name=new name"', param_hint="--column")
    return {old.strip(): new.strip() for old, _, new in pairs}


@source.command("new")
def new_command(
    file: Annotated[Path, typer.Argument(help="A file that no source reads, here or in the inbox.")],
    platform: Annotated[
        str | None, typer.Option(help="Id of the platform, such as youzan; default: that of --to.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="Write it as this source, such as youzan/orders; default: print it.")
    ] = None,
    project: ProjectPath = Path(),
) -> None:
    """Propose the YAML that reads a file nobody has described yet."""
    if to and not _ID.fullmatch(to):
        raise typer.BadParameter(f"{to}: write it as platform/export, in plain letters", param_hint="--to")
    name = platform or (to.partition("/")[0] if to else "TODO")
    if name != "TODO" and not _NAME.fullmatch(name):
        raise typer.BadParameter(f"{name}: plain lower-case letters", param_hint="--platform")
    opened = Project.open(project)
    proposal = propose(opened, file, ask=password_prompt())
    text = draft(proposal, name, opened.settings.currency)
    if to:
        _write(opened, to, text, proposal)
    else:
        print(text, end="")
    _tell(proposal)


def _write(project: Project, to: str, text: str, proposal: Proposal) -> None:
    """An unfinished source would stop every ingest, so it is kept under a name that none reads."""
    whole = project.root / "params" / "sources" / f"{to}.yaml"
    path = whole.with_suffix(".yaml.todo") if proposal.lacking else whole
    if to in load_sources(project) or path.exists():
        raise ProjectError("there is such a source already", where=str(path), todo="choose another --to")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        load_sources(project)
    except ProjectError:
        path.unlink()
        raise
    out.print(str(path), markup=False, highlight=False)
    if proposal.lacking:
        note(f"fill in the TODO lines, then rename it to {whole.name}")


def _tell(proposal: Proposal) -> None:
    for name, guesses in proposal.tables.items():
        note(f"{name}: {len(guesses)} columns found")
    for lack in proposal.lacking:
        note(f"{lack} must be there, and no column of the file looks like it", bad=True)
    for column, guess in [item for guesses in proposal.tables.values() for item in guesses.items()]:
        if guess.unknown:
            words = ", ".join(guess.unknown)
            note(f"{column}: nobody has said what these words mean: {words}")
    if proposal.unmapped:
        note(f"{len(proposal.unmapped)} columns went nowhere; they are listed at the end")
