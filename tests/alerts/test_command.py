"""The command: a table for people, every alert for programs, and the rules that nothing feeds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reportkit.cli import app
from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.project import Project
from tests.projects import make_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Four months of the small merchant."""
    project = make_shop(tmp_path_factory.mktemp("command") / "shop", {})
    write_tables(project, World.build("small", months=4))
    return project


def run(project: Project, *arguments: str) -> Any:
    """Run the command on `project`."""
    return CliRunner().invoke(app, ["alerts", "-C", str(project.root), *arguments])


def test_programs_get_every_alert(shop: Project) -> None:
    """With its bands, days, owner and rows; json that any program reads."""
    ended = run(shop, "--format", "json", "--since", "2026-09-20")
    assert 0 == ended.exit_code, ended.output
    found = json.loads(ended.stdout)
    assert {one["rule"] for one in found} >= {"AL-G3", "AL-I3"}
    assert all(one["owner"] and one["id"].startswith(one["rule"]) for one in found)
    assert all(date.fromisoformat(one["first_seen"]) <= date.fromisoformat(one["date"]) for one in found)
    assert [] == [one["id"] for one in found if not one["rows_sql"]]
    assert ["critical", "info", "warn"] == sorted({one["level"] for one in found})


def test_people_get_a_table_and_what_was_not_evaluated(shop: Project) -> None:
    """Names in the language of the project; rules without data are named."""
    ended = run(shop)
    assert 0 == ended.exit_code, ended.output
    assert "行动逾期" in ended.stdout
    assert "AL-R5: not evaluated (needs product_reviews)" in ended.stderr


def test_a_day_that_is_none(shop: Project, tmp_path: Path) -> None:
    """Said in one line each: no day, a day after the last, a lake without orders."""
    assert "is no day" in run(shop, "--since", "soon").output
    assert "lies after" in str(run(shop, "--since", "2027-01-01").exception)
    assert "no orders yet" in str(run(make_shop(tmp_path / "empty", {})).exception)
