"""Views computed once for a run: every kernel reads the same rows there, and makes none of them again."""

from __future__ import annotations

from pathlib import Path

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.run.views import compute_views
from tests.study.merchant import merchant


def test_computed_views_hold_what_views_hold(tmp_path: Path) -> None:
    """Whoever reads a view in the file sees the rows that it would compute; what hangs on a day is told anew."""
    project = merchant(tmp_path / "shop", ("tmall",))
    snapshot = Lake(project.lake).snapshot()
    compute_views(project, snapshot, tmp_path / "views.duckdb")
    plain = DuckDBEngine(Lake(project.lake), snapshot, keep_views=True)
    read = DuckDBEngine(Lake(project.lake), snapshot, keep_views=True, computed=tmp_path / "views.duckdb")
    views = Metrics(project, plain).catalog.views
    Metrics(project, read)
    kept = [name for name, view in views.items() if view.sql and not view.dated]
    full = 0
    for name in kept:
        ours, theirs = (sorted(map(repr, engine.rows(f"SELECT * FROM {name}"))) for engine in (read, plain))
        assert ours == theirs, name
        full += bool(ours)
    assert full >= 10  # so that the comparison says something
    own = read.rows("SELECT table_name FROM duckdb_tables() WHERE database_name <> 'computed'")
    assert not {name for (name,) in own} & set(kept)


def test_a_view_that_does_not_fit_is_left_to_whoever_reads_it(tmp_path: Path) -> None:
    """One broken view of a project stops the notebooks that read it, not the run."""
    project = merchant(tmp_path / "shop", ("tmall",), plain=True)
    params = project.root / "params" / "views.yaml"
    params.write_text(
        Path(Project.open(project.root).resource("params/views.yaml")).read_text("utf-8")
        + "\nbroken: {sql: SELECT no_such_column FROM orders, datasets: [orders], dimensions: {platform: platform_id}}\n",
        encoding="utf-8",
    )
    project = Project.open(project.root)
    compute_views(project, Lake(project.lake).snapshot(), tmp_path / "views.duckdb")
    engine = DuckDBEngine(Lake(project.lake), computed=tmp_path / "views.duckdb")
    (found,) = engine.rows("SELECT count(*) FROM computed.sales")
    assert found[0] > 0
