"""Displays as they are read: words, tables and facts of any period's report, all on one engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from reportkit import report as module
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.report import Report
from reportkit.show.display import Display
from reportkit.study import Study

_NUMBER = re.compile(r"[−+]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Shown:
    """One display: title, alternative text, all its words, the rows of its table, facts by metric and dimensions."""

    title: str
    alt: str
    text: str
    rows: list[list[str]]
    facts: dict[tuple[str, ...], float]

    def row(self, name: str) -> list[str]:
        """Return the one row that begins with `name`."""
        (found,) = [cells for cells in self.rows if cells[0].startswith(name)]
        return found


@dataclass
class Pages:
    """The reports of one project, each opened once."""

    project: Project
    metrics: Metrics
    opened: dict[str, Report] = field(default_factory=dict)

    def report(self, period: str) -> Report:
        """Return the report of `period`."""
        if period not in self.opened:
            self.opened[period] = Report(self.project, self.metrics, period, {}, None)
        return self.opened[period]

    def read(self, period: str, display: Callable[[Study], Display]) -> Shown:
        """Draw the display that `display` makes of the study of `period`."""
        report = self.report(period)
        drawn = display(report.study).draw(report._pen)
        facts = report._evidence.take(report._pen.spoken)
        told = {(fact["metric"], *map(str, fact["dims"].values())): fact["value"] for fact in facts}
        return Shown(drawn.title, drawn.alt, plain(drawn.html), cells(drawn.html), told)


@contextmanager
def reading(project: Project) -> Iterator[Pages]:
    """Open reports of `project` that publish nothing."""
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_publish", lambda content, html="": None)
        yield Pages(project, metrics)
    metrics.engine.close()


def plain(html: str) -> str:
    """Return the words of `html`."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def cells(html: str) -> list[list[str]]:
    """Return the cells of every row of a table, as text."""
    rows = re.findall(r"<tr\b.*?</tr>", html, flags=re.S)
    return [
        [plain(cell) for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", row, flags=re.S)] for row in rows
    ]


def band(text: str, after: str = "") -> tuple[float, float]:
    """Return the two ends in the first brackets after the words `after`; without brackets, of `text` itself."""
    inside = text.partition(after)[2] if after else text
    if "(" in inside:
        inside = inside.split("(", 1)[1].split(")", 1)[0]
    low, high = (float(one.replace(",", "").replace("−", "-")) for one in _NUMBER.findall(inside))
    unit = 10_000 if "万" in inside else 1
    return low * unit, high * unit


def within(value: float, ends: tuple[float, float]) -> bool:
    """Tell whether `value` lies between `ends`."""
    return ends[0] <= value <= ends[1]
