"""The named views of a run, computed once for all its notebooks."""

from __future__ import annotations

from pathlib import Path

from reportkit.engines import DuckDBEngine, connect
from reportkit.lake import Lake, Snapshot
from reportkit.metrics.query import Metrics
from reportkit.project import Project

__all__ = ["compute_views"]


def compute_views(project: Project, snapshot: Snapshot, path: Path) -> None:
    """Write what every view of `project` says of `snapshot` to the DuckDB file `path`.

    A kernel reads it there instead of making the same joins again, see `reportkit.open_report`.
    """
    engine = DuckDBEngine(Lake(project.lake), snapshot, keep_views=True, connection=connect(path))
    # It is read for minutes and thrown away.
    engine.connection.execute("PRAGMA force_compression = 'uncompressed'")
    Metrics(project, engine)
    engine.compute()
    engine.close()
