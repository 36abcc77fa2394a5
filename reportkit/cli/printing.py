"""How results are printed: for people as tables, for programs as json or csv."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from reportkit.ingest.passwords import Ask

__all__ = ["Format", "err", "note", "out", "password_prompt", "plain", "progress_bar", "show"]

_PIPE_WIDTH = 160  # columns where nobody's terminal says how wide it is
_SAFE_DIGITS = 15

out = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True)


class Format(StrEnum):
    """How records are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def progress_bar() -> Progress:
    """Return a bar that shows what is being done and leaves nothing behind."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    )


def password_prompt(bar: Progress | None = None) -> Ask | None:
    """Return what asks for a zip's password where somebody sits at a terminal, else None.

    `bar` stands still meanwhile.
    """
    if not sys.stdin.isatty():
        return None

    def ask(file: str) -> str | None:
        if bar:
            bar.stop()
        typed: str = typer.prompt(
            f"Password of {file} (empty: leave it out)",
            default="",
            show_default=False,
            hide_input=True,
            err=True,
        )
        if bar:
            bar.start()
        return typed or None

    return ask


def note(text: str, *, bad: bool = False) -> None:
    """Tell a person something beside the result, as it is."""
    err.print(text, style="red" if bad else "yellow", markup=False, highlight=False)


def plain(value: Any) -> Any:
    """Return `value` as json and csv hold it: no NaN, no float noise, dates in ISO form."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value:.{_SAFE_DIGITS}g}")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def show(records: Sequence[dict[str, Any]], format: Format) -> None:
    """Print `records`, all with the same keys, in the format asked for. A Decimal is money, to the cent."""
    if format is Format.table:
        _show_table(records)
        return
    rows = [{name: plain(value) for name, value in record.items()} for record in records]
    if format is Format.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


def _show_table(records: Sequence[dict[str, Any]]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for name in records[0] if records else []:
        numeric = any(isinstance(record[name], int | float | Decimal) for record in records)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for record in records:
        table.add_row(*(Text(_cell(value)) for value in record.values()))
    out.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    value = plain(value)
    if value is None:
        return "—"
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
