"""From a printed number back to its rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from reportkit.errors import RunError
from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.run import trace
from tests.run.shop import write, write_lake


@pytest.fixture
def run(project: Project) -> str:
    """A run of two editions that print the same code; the lake has grown since."""
    fact = {
        "code": "E1",
        "metric": "gmv",
        "sql": "SELECT 3.5",
        "rows_sql": {"orders": "SELECT * FROM orders WHERE platform_id = 'tmall'"},
    }
    content = {
        "run": "20251201T080000-ab12",
        "snapshot": Lake(project.lake).snapshot().to_json(),
        "editions": [{"id": "company", "facts": [fact, fact]}, {"id": "platform-jd", "facts": [fact]}],
    }
    write(project.runs / "good/2025-11" / content["run"] / "manifest.json", json.dumps(content))
    write_lake(project.lake, extra=2)
    return str(content["run"])


def test_the_rows_behind_a_number(project: Project, run: str, tmp_path: Path) -> None:
    """The csv has the rows of the run's own snapshot, the file each stood in, and no formula."""
    found = trace(project, run, "company/E1", tmp_path / "traced")
    assert (found.run, found.edition, found.code, found.sql) == (run, "company", "E1", ("SELECT 3.5",))
    assert found.facts[0]["metric"] == "gmv"
    assert found.rows == (2,)
    [path] = found.tables
    assert path.read_bytes()[:3] == b"\xef\xbb\xbf"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["platform_order_id"], row["path"], row["source_row"]) for row in rows] == [
        ("'=1", "2025/tmall.csv", "3"),
        ("2", "2025/tmall.csv", "4"),
    ]
    assert [file.name for file in (tmp_path / "traced").iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("E1", "E1 stands in 2 editions\n  → write company/E1 or platform-jd/E1"),
        ("E9", 'no number "E9" in run'),
        ("compny/E1", 'no edition "compny" in run'),
        ("../E1", 'no edition ".." in run'),
    ],
)
def test_codes_that_name_no_number(project: Project, run: str, tmp_path: Path, code: str, said: str) -> None:
    """A code is never guessed."""
    with pytest.raises(RunError) as caught:
        trace(project, run, code, tmp_path)
    assert said in str(caught.value)
