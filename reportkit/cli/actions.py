"""The ledger of actions: what a review proposes, as the workbook that people fill in and ingest reads back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.printing import out
from reportkit.cli.root import PERIOD, ProjectPath, app
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.periods import parse_day
from reportkit.metrics.query import Metrics
from reportkit.project import Project

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["actions_command"]


@app.command("actions")
def actions_command(
    period: Annotated[str, typer.Argument(help=PERIOD)],
    to: Annotated[Path, typer.Option("--out", help="The workbook to write.")],
    as_of: Annotated[str | None, typer.Option(help="The last business day that may be seen.")] = None,
    project: ProjectPath = Path(),
) -> None:
    """Write the actions that a review proposes into the action workbook, for people to accept, change or strike."""
    from reportkit.forms import write_filled

    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake), keep_views=True)
    try:
        rows = _proposed(Metrics(opened, engine), period, parse_day(as_of) if as_of else None)
    finally:
        engine.close()
    write_filled(opened, "actions", to, rows)
    out.print(f"{len(rows)} proposed actions in {to}", markup=False, highlight=False)


def _proposed(metrics: Metrics, period: str, as_of: date | None) -> pd.DataFrame:
    import pandas as pd

    from reportkit.advice.findings import find
    from reportkit.show.display import Pen
    from reportkit.show.evidence import Evidence
    from reportkit.show.names import Names
    from reportkit.show.review import entries
    from reportkit.show.rules import Rules
    from reportkit.show.words import Words
    from reportkit.study import Study
    from reportkit.study.campaign import Campaign

    project, engine = metrics.project, metrics.engine
    span = metrics.period(period)
    study = Study(project, metrics, span, as_of or metrics.last_day or span.end)
    words = Words(project)
    names, rules = Names(project, words, engine), Rules.read(project)
    pen = Pen(project, words, names, rules, metrics.catalog, Evidence(engine), lambda *_: {})
    rows = pd.DataFrame(entries(pen, Campaign(study), find(study)))
    days = [name for name in map(str, rows) if name.endswith("_date")]
    return rows.astype(dict.fromkeys(days, "datetime64[s]"))
