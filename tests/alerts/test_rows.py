"""What the check says depends on what the rows hold, never on where they stand."""

from __future__ import annotations

from pathlib import Path

from reportkit import schema
from reportkit.alerts import alerts
from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.engines import DuckDBEngine, relation_sql
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from tests.projects import make_shop


def checked(project: Project) -> list[tuple[object, ...]]:
    """Return the alerts of a project's last day, rounded as far as sums depend on their order."""
    engine = DuckDBEngine(Lake(project.lake), keep_views=True)
    found = alerts(Metrics(project, engine)).found
    engine.close()
    return [
        (one.id, one.level, f"{one.actual:.6g}", f"{one.expected:.6g}", f"{one.stake:.6g}") for one in found
    ]


def shuffled(lake: Lake, other: Lake) -> None:
    """Write every table of `lake` into `other`, its rows in another order."""
    engine = DuckDBEngine(lake)
    with other.writing():
        for name in engine.snapshot.versions:
            rows = relation_sql(schema.table(name), lake.files(name, engine.snapshot))
            mixed = engine.connection.sql(f"SELECT * FROM ({rows}) ORDER BY random()").to_arrow_table()
            other.write(name, mixed, predicate=None, partitioned=not schema.table(name).governance)
        other.publish()
    engine.close()


def test_rows_in_another_order_change_no_alert(tmp_path: Path) -> None:
    """Of three months of the small merchant."""
    one, other = (make_shop(tmp_path / name, {}) for name in ("one", "other"))
    write_tables(one, World.build("small", months=3))
    shuffled(Lake(one.lake), Lake(other.lake))
    found = checked(one)
    assert found
    assert found == checked(other)
