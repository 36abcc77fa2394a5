"""The command line: every flag does what it says, and errors are messages, never tracebacks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportkit import cli
from reportkit.demo import write_demo
from reportkit.ingest import ingest
from reportkit.project import Project
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv
from tests.projects import make_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three months of the demo merchant, ingested."""
    project = make_shop(tmp_path_factory.mktemp("cli") / "shop", {})
    write_demo(project.inbox, months=3)
    ingest(project)
    return project


def said(*arguments: str) -> str:
    """Run a command that succeeds; return what it printed."""
    result = CliRunner().invoke(cli.app, list(arguments))
    assert result.exception is None, result.output
    return result.stdout


def query(shop: Project, *arguments: str) -> list[dict]:
    return json.loads(said("query", *arguments, "--format", "json", "-C", str(shop.root)))


def test_query_slices_and_compares(shop: Project) -> None:
    """--by, --where, --compare and --as-of change the answer as they say."""
    rows = query(shop, "gmv", "--by", "platform", "--period", "2025-11", "--compare", "previous")
    assert ["tmall", "douyin"] == [row["platform_id"] for row in rows]
    assert all(row["gmv previous"] > 0 for row in rows)
    (one,) = query(shop, "gmv", "--where", "platform=tmall", "--period", "2025-11")
    assert rows[0]["gmv"] == one["gmv"]
    (early,) = query(shop, "gmv", "--where", "platform=tmall", "--period", "2025-11", "--as-of", "2025-11-05")
    assert 0 < early["gmv"] < one["gmv"]


def test_query_formats(shop: Project) -> None:
    """The same numbers as a table, as csv and as JSON."""
    asked = ("gmv", "--period", "2025-11")
    (row,) = query(shop, *asked)
    text = said("query", *asked, "--format", "csv", "-C", str(shop.root))
    assert row["gmv"] == float(next(csv.DictReader(io.StringIO(text)))["gmv"])
    assert f"{row['gmv']:,.2f}".rstrip("0") in said("query", *asked, "-C", str(shop.root))


def test_metrics_lists_the_dictionary(shop: Project) -> None:
    """Every metric with name and formula."""
    listed = {row["id"]: row for row in json.loads(said("metrics", "--format", "json", "-C", str(shop.root)))}
    assert {"gmv", "net_sales", "cvr", "aftersale_hours", "platform_share", "pace"} <= set(listed)
    assert "gmv" in said("metrics", "-C", str(shop.root))


def test_run_flags(shop: Project) -> None:
    """--only, --no-pdf, --kernel, --as-of; and --snapshot makes an earlier run again."""
    flags = ("--only", "company", "--no-pdf", "-C", str(shop.root))
    said("run", "monthly", "--period", "2025-11", "--as-of", "2025-11-20", "--kernel", "plain", *flags)
    (first,) = shop.runs.glob("monthly/2025-11/*/manifest.json")
    manifest = json.loads(first.read_text("utf-8"))
    assert "2025-11-20" == manifest["as_of"]
    assert not list(shop.runs.rglob("*.pdf"))
    said("run", "monthly", "--period", "2025-11", "--snapshot", manifest["run"], *flags)
    manifests = [json.loads(p.read_text("utf-8")) for p in shop.runs.glob("monthly/2025-11/*/manifest.json")]
    assert ["2025-11-20"] * 2 == [one["as_of"] for one in manifests]


def test_exported_at_overrides(
    make_project: Callable[..., Project], rows: Callable[..., list[tuple]]
) -> None:
    """--exported-at says when files were written, over what they say themselves."""
    project = make_project(sources={"test/orders": ORDERS})
    path = write_csv(project.inbox / "orders20251201000000.csv", ORDER_HEADERS, [order("1")])
    printed = said("ingest", str(path), "--exported-at", "2025-12-24 08:00:00", "-C", str(project.root))
    assert "test/orders" in printed
    assert [(datetime(2025, 12, 24, 8),)] == rows(project, "SELECT exported_at FROM files")


def test_ingest_fails_aloud(make_project: Callable[..., Project]) -> None:
    """A file that cannot be read is named, and the exit code says so."""
    project = make_project()
    write_csv(project.inbox / "x.csv", ["甲", "乙"], [["1", "2"]])
    result = CliRunner().invoke(cli.app, ["ingest", "-C", str(project.root)])
    assert 1 == result.exit_code
    assert "x.csv: no source knows these columns: 甲, 乙" in result.stderr


def test_demo_data_takes_months(tmp_path: Path) -> None:
    """--out and --months say where and how much."""
    said("demo", "data", "--out", str(tmp_path / "files"), "--months", "2")
    assert (tmp_path / "files" / ".truths.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "gvm", "--period", "2025-11"], 'did you mean "gmv"?'),
        (["run", "montly", "--period", "2025-11"], 'did you mean "monthly"?'),
        (["trace", "nothing", "E1"], 'no run "nothing"'),
    ],
)
def test_errors_are_messages(
    shop: Project,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong name is one message with a suggestion and exit code 1."""
    monkeypatch.setattr("sys.argv", ["reportkit", *arguments, "-C", str(shop.root)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert 1 == ended.value.code
    assert message in printed.err
    assert "Traceback" not in printed.err
