"""The command: a table for people, every alert for programs, and the rules that nothing feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reportkit.alerts import Alerts, alerts
from reportkit.cli import app
from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from tests.projects import make_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Four months of the small merchant."""
    project = make_shop(tmp_path_factory.mktemp("command") / "shop", {})
    write_tables(project, World.build("small", months=4))
    return project


@pytest.fixture(scope="module", autouse=True)
def _each_check_once() -> Iterator[None]:
    """The same check of the same lake is made once: how it is told is what is tested here."""
    known: dict[Any, Alerts] = {}

    def once(metrics: Metrics, since: date | None = None, acknowledged: Any = None) -> Alerts:
        key = metrics.project.root, since, tuple(sorted((acknowledged or {}).items()))
        if key not in known:
            known[key] = alerts(metrics, since=since, acknowledged=acknowledged)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reportkit.alerts.alerts", once)
        yield


def run(project: Project, *arguments: str) -> Any:
    """Run the command on `project`."""
    return CliRunner().invoke(app, ["alerts", *arguments, "-C", str(project.root)])


def test_programs_get_every_alert(shop: Project) -> None:
    """With its bands, days, owner and rows; json that any program reads."""
    ended = run(shop, "--format", "json", "--since", "2026-09-20")
    assert 0 == ended.exit_code, ended.output
    found = json.loads(ended.stdout)
    assert {one["rule"] for one in found} >= {"AL-G3", "AL-R2", "AL-T1"}
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


def test_what_is_said_of_an_alert_is_printed_and_counted(shop: Project) -> None:
    """Its state in table and json; a false alarm leaves the message and counts into the precision, per rule and in all."""
    first = json.loads(run(shop, "--format", "json").stdout)
    assert {"new"} == {one["state"] for one in first}
    assert len(first) == len({one["push"] for one in first})
    late = [one for one in first if one["rule"] == "AL-G3"]
    for one, state in zip(late, ("false", "in_work"), strict=True):
        marked = run(shop, "mark", one["id"], state, "--note", "seen", "--by", "lin")
        assert 0 == marked.exit_code, marked.output
        assert [state, "lin", "seen"] == [
            word.strip(" │") for word in marked.stdout.splitlines()[-1].split("│")[1:]
        ]
    ids = {one["id"]: one["state"] for one in json.loads(run(shop, "--format", "json").stdout)}
    assert ["false", "in_work"] == [ids[one["id"]] for one in late]
    table, text, marks = (run(shop, "--format", shape).stdout for shape in ("table", "text", "markdown"))
    assert "误报" in table
    assert "处理中" in table
    assert text.startswith("shop 预警 2026.9.30:")
    assert marks.startswith("**shop 预警 2026.9.30:")
    assert [False, True] == [one["id"] in text for one in late] == [one["id"] in marks for one in late]
    told = {row["rule"]: row for row in json.loads(run(shop, "precision", "--format", "json").stdout)}
    assert {"told": 2, "judged": 2, "false": 1, "precision": 0.5} == {
        name: value for name, value in told["AL-G3"].items() if name != "rule"
    }
    assert (len(first), 2, 0.5) == (told["all"]["told"], told["all"]["judged"], told["all"]["precision"])


def test_an_id_nobody_was_told(shop: Project) -> None:
    """The nearest one is named; a state there is not lists those there are."""
    run(shop)
    assert 'did you mean "AL-G3:' in str(run(shop, "mark", "AL-G3:A-26", "solved").exception)
    assert "acknowledged" in run(shop, "mark", "AL-G3:A-26", "done").output
    misplaced = CliRunner().invoke(app, ["alerts", "-C", str(shop.root), "precision"])
    assert "stands behind" in misplaced.output


def test_where_nobody_judged_there_is_no_precision(tmp_path: Path) -> None:
    """It is said so, instead of a hundred per cent of nothing."""
    ended = run(make_shop(tmp_path / "quiet", {}), "precision", "--format", "json")
    assert [{"rule": "all", "told": 0, "judged": 0, "false": 0, "precision": None}] == json.loads(
        ended.stdout
    )
    assert "nobody has judged an alert yet" in ended.stderr


def test_a_day_that_is_none(shop: Project, tmp_path: Path) -> None:
    """Said in one line each: no day, a day after the last, a lake without orders."""
    assert "is no day" in run(shop, "--since", "soon").output
    assert "lies after" in str(run(shop, "--since", "2027-01-01").exception)
    assert "no orders yet" in str(run(make_shop(tmp_path / "empty", {})).exception)
