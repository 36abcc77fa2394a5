"""Questions about the numbers: metrics, their dictionary, and what lies between a platform's figure and ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from reportkit.cli.printing import Format, err, note, show
from reportkit.cli.root import PERIOD, ProjectPath, app
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.describe import describe
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.bridge import Bridge, explain
from reportkit.run.plan import safe_name
from reportkit.run.trace import write_rows

__all__ = ["explain_command", "metrics", "query"]

_NOTHING = {
    "no_figure": "no file tells the platform's own figure for this period",
    "no_orders": "no order file covers this period, or none names the shop",
}


@contextmanager
def _opened(path: Path) -> Iterator[Metrics]:
    project = Project.open(path)
    engine = DuckDBEngine(Lake(project.lake))
    try:
        yield Metrics(project, engine)
    finally:
        engine.close()


@app.command()
def query(
    metrics: Annotated[list[str], typer.Argument(help="Metrics, such as gmv or net_sales.refund_date.")],
    period: Annotated[str, typer.Option(help=PERIOD)],
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
    with _opened(project) as opened:
        result = opened.query(
            metrics,
            by=by or [],
            period=period,
            scope=_scope(where or []),
            compare=compare or [],
            as_of=date.fromisoformat(as_of) if as_of else None,
        )
    # A person reads on one line what belongs together; a program wants one row per slice.
    frame = result.frame.drop(columns=["n", "rows"]) if format is Format.table else result.wide()
    frame = frame.drop(columns=[name for name in frame if str(name).endswith(("_now", "_then"))])
    show([{str(k): v for k, v in row.items()} for row in frame.to_dict("records")], format)
    for request, missing in result.missing.items():
        if missing:
            note(f"{request}: without {', '.join(map(opened.project.platform_name, missing))} (no data)")


def _scope(where: list[str]) -> dict[str, list[str]]:
    scope: dict[str, list[str]] = {}
    for part in where:
        dimension, sign, value = part.partition("=")
        if not sign:
            raise typer.BadParameter(f"{part}: write it as dimension=value", param_hint="--where")
        scope.setdefault(dimension, []).append(value)
    return scope


@app.command()
def metrics(format: Annotated[Format, typer.Option()] = Format.table, project: ProjectPath = Path()) -> None:
    """List the metric dictionary."""
    with _opened(project) as opened:
        rows = describe(opened.catalog, opened.project.settings.lang)
    if format is Format.table:
        shown = ("id", "name", "unit", "bases", "formula")
        rows = [{key: " ".join(row[key]) if key == "bases" else row[key] for key in shown} for row in rows]
    show(rows, format)


@app.command("explain")
def explain_command(
    metric: Annotated[str, typer.Argument(help="The metric, such as gmv.")],
    platform: Annotated[str, typer.Option(help="Whose own figure it is compared with, such as jd.")],
    period: Annotated[str, typer.Option(help=PERIOD)],
    shop: Annotated[str | None, typer.Option(help="One shop of the platform.")] = None,
    to: Annotated[Path | None, typer.Option(help="Folder for one csv a step, with its rows.")] = None,
    format: Annotated[Format, typer.Option()] = Format.table,
    project: ProjectPath = Path(),
) -> None:
    """Walk from the figure on the platform's own screen to ours, step by step."""
    with _opened(project) as opened:
        bridge = explain(opened, metric, platform, period, shop)
        lang = _lang(opened.project)
        show(_walk(bridge, lang, opened.catalog[metric].name[lang]), format)
        for text in (*_doubts(bridge), *(text[lang] for text in bridge.notes)):
            note(text)
        if to:
            _write_steps(opened, bridge, to)


def _doubts(bridge: Bridge) -> Iterator[str]:
    """Why there is nothing to compare, and whether the steps are the platform's for certain."""
    if bridge.state in _NOTHING:
        yield f"{_NOTHING[bridge.state]}; reportkit todo names what to download"
    if not bridge.verified:
        yield f"params/bridges.yaml: the rules of {bridge.platform} were not yet checked against a back office"


def _lang(project: Project) -> Literal["zh", "en"]:
    return project.settings.lang


def _walk(bridge: Bridge, lang: Literal["zh", "en"], ours: str) -> list[dict[str, Any]]:
    steps = [(step.id, step.label[lang], step.amount, step.n, step.untold) for step in bridge.steps]
    rows = [
        ("figure", bridge.label[lang], bridge.figure, None, None),
        *steps,
        ("unexplained", "", bridge.unexplained, None, None),
        ("ours", ours, bridge.ours, None, None),
    ]
    return [dict(zip(("step", "label", "amount", "n", "untold"), row, strict=True)) for row in rows]


def _write_steps(metrics: Metrics, bridge: Bridge, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for step in bridge.steps:
        stem = "-".join(safe_name(part) for part in (bridge.platform, bridge.period.id, step.id))
        path, rows = write_rows(metrics.engine, step.rows_sql, folder / f"{stem}.csv")
        err.print(f"{rows:,} rows: {path}", markup=False, highlight=False)
