"""One platform's files of a small world, written and read back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reportkit import schema
from reportkit.demo.files.downloads import Downloads
from reportkit.demo.world import Facts, World
from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.bridge import Bridge, explain
from tests.projects import make_shop


@dataclass(frozen=True)
class Trip:
    """`facts` are those of all months as known when the world ends; `written` maps a file to source and rows."""

    project: Project
    world: World
    facts: Facts
    written: dict[str, tuple[str, int]]
    result: IngestResult

    @contextmanager
    def lake(self) -> Iterator[DuckDBEngine]:
        """Open the lake."""
        engine = DuckDBEngine(Lake(self.project.lake), self.result.snapshot)
        yield engine
        engine.close()

    def fen(self, sql: str) -> tuple[int, ...]:
        """Return the one row of `sql` as whole numbers; it asks for money in fen."""
        with self.lake() as engine:
            return tuple(int(value) for value in engine.rows(sql)[0])

    def counts(self, sql: str) -> dict[Any, int]:
        """Return the rows of `sql`, a name and a number each."""
        with self.lake() as engine:
            return dict(engine.rows(sql))

    def stored(self, table: str, columns: list[str]) -> list[tuple[str, ...]]:
        """Return `columns` of `table` as text, sorted; money in fen, times in China."""
        chosen = ", ".join(_told(schema.table(table).column(name)) for name in columns)
        with self.lake() as engine:
            return sorted(engine.rows(f"SELECT {chosen} FROM {table}"))

    @staticmethod
    def told(rows: pd.DataFrame) -> list[tuple[str, ...]]:
        """Return `rows`, money in fen and times naive, as `stored` does."""
        texts = [rows[name].astype(str).str.removesuffix(" 00:00:00") for name in rows]
        return sorted(zip(*texts, strict=True))

    def bridge(self, period: str) -> Bridge:
        """Return the bridge from the platform's own figure to ours."""
        with self.lake() as engine:
            return explain(Metrics(self.project, engine), "gmv", self.facts.platform, period)

    def read(self) -> dict[str, tuple[str | None, int]]:
        """What became of every file: the source that read it and the rows it took."""
        return {file.path: (file.source, file.accepted) for file in self.result.files}


def make_trip(root: Path, platform: str, end: str, months: int) -> Trip:
    """Write `platform`'s files of a small world into a project below `root`, and ingest them."""
    world, project = World.build(end=end, months=months), make_shop(root / "shop", {})
    (stretch,) = world.stretches()
    downloads = Downloads(world, project.inbox)
    span = downloads.span(platform, stretch.first, stretch.last, stretch.facts[platform])
    written = {file.path: (file.source, file.rows) for file in downloads.reports(span)}
    return Trip(project, world, span.facts, written, ingest(project))


def _told(column: schema.Column) -> str:
    if column.type == "money":
        return f'CAST(CAST("{column.name}" * 100 AS BIGINT) AS VARCHAR)'
    if column.type == "time":
        return f"""strftime("{column.name}" + INTERVAL 8 HOUR, '%Y-%m-%d %H:%M:%S')"""
    return f'CAST("{column.name}" AS VARCHAR)'
