"""The root that all commands hang on, what they share, and how errors end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.printing import err
from reportkit.errors import ReportkitError

__all__ = ["PERIOD", "ProjectPath", "alerts", "app", "demo", "main", "source"]

PERIOD = "2025-11, 2025-W46, 2025-Q4, 2025, a day, from/to, or a promotion."

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
demo = typer.Typer(invoke_without_command=True)
alerts = typer.Typer(invoke_without_command=True)
source = typer.Typer(no_args_is_help=True, help="Teach reportkit an export it cannot read.")
app.add_typer(alerts, name="alerts")
app.add_typer(demo, name="demo")
app.add_typer(source, name="source")

ProjectPath = Annotated[
    Path, typer.Option("--project", "-C", help="Folder of the project, or one inside it.")
]


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
