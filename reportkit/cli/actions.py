"""The ledger of actions: what a review proposes, as the workbook that people fill in and ingest reads back."""

from __future__ import annotations

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

if TYPE_CHECKING:  # seconds of import that other commands do not need
    import pandas as pd

    from reportkit.advice.findings import Findings
    from reportkit.study.campaign import Campaign

__all__ = ["actions_command", "proposed"]


@app.command("actions")
def actions_command(
    period: Annotated[str, typer.Argument(help=PERIOD)],
    to: Annotated[Path, typer.Option("--out", help="The workbook to write.")],
    as_of: Annotated[str | None, typer.Option(help="The last business day that may be seen.")] = None,
    project: ProjectPath = Path(),
) -> None:
    """Write the actions that a review proposes into the action workbook, for people to accept, change or strike."""
    from reportkit.advice.findings import find
    from reportkit.forms import write_filled
    from reportkit.study import Study
    from reportkit.study.campaign import Campaign

    opened = Project.open(project)
    engine = DuckDBEngine(Lake(opened.lake), keep_views=True)
    try:
        metrics = Metrics(opened, engine)
        span = metrics.period(period)
        day = parse_day(as_of) if as_of else metrics.last_day or span.end
        study = Study(opened, metrics, span, day)
        rows = proposed(Campaign(study), find(study))
    finally:
        engine.close()
    write_filled(opened, "actions", to, rows)
    out.print(f"{len(rows)} proposed actions in {to}", markup=False, highlight=False)


def proposed(campaign: Campaign, findings: Findings | None) -> pd.DataFrame:
    """Return the proposed actions as rows of the table ``actions``, in the project's language."""
    import pandas as pd

    from reportkit.show.display import Pen
    from reportkit.show.evidence import Evidence
    from reportkit.show.names import Names
    from reportkit.show.review import entries
    from reportkit.show.rules import Rules
    from reportkit.show.words import Words

    project, metrics = campaign.study.project, campaign.study.metrics
    words = Words(project)
    names, rules = Names(project, words, metrics.engine), Rules.read(project)
    pen = Pen(project, words, names, rules, metrics.catalog, Evidence(metrics.engine), lambda *_: {})
    rows = pd.DataFrame(entries(pen, campaign, findings))
    days = [name for name in map(str, rows) if name.endswith("_date")]
    return rows.astype(dict.fromkeys(days, "datetime64[s]"))
