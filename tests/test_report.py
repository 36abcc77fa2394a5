"""The object a notebook opens."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import reportkit
from reportkit.errors import ProjectError, QueryError, ReportkitError, RunError
from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.report import MIMETYPE, open_report
from reportkit.show import cards, trend
from tests.show.lakes import build, shop

Bundle = dict[str, Any]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop on two platforms."""
    return shop(tmp_path_factory.mktemp("report") / "shop", ("tmall", "douyin"))


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[Bundle]:
    """What reaches the notebook, as mimetype bundles."""
    found: list[Bundle] = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: found.append(bundle))
    return found


def test_the_package_exports_one_name() -> None:
    """And imports nothing heavy before it is asked for."""
    assert (["open_report"], open_report) == (reportkit.__all__, reportkit.open_report)
    with pytest.raises(AttributeError, match="no attribute 'open_reprot'"):
        _ = reportkit.open_reprot


def test_a_report_from_open_to_close(project: Project, published: list[Bundle]) -> None:
    """Style first, displays with both mimetypes, the closing word last."""
    report = open_report(str(project.root), "2025-11", scope={"platform": ["tmall"]}, as_of="2025-12-01")
    report.show(cards(report.metrics("gmv")))
    report.close()
    kinds = [bundle[MIMETYPE]["kind"] for bundle in published]
    assert ["style", "cards", "close"] == kinds
    assert ({"text/html", "text/plain", MIMETYPE}, {MIMETYPE}) == (set(published[1]), set(published[2]))
    assert "<style>" in published[0]["text/html"]
    closing = published[2][MIMETYPE]
    assert {
        "kind": "close", "closed": True, "snapshot": Lake(project.lake).snapshot().to_json(), "period": "2025-11",
        "period_label": "2025年11月", "scope": {"platform": ["tmall"]}, "as_of": "2025-12-01", "missing": [],
        "sources_without": [], "replaced_characters": 0, "facts": 1,
    } == closing  # fmt: skip


def test_a_display_carries_its_facts_as_json(project: Project, published: list[Bundle]) -> None:
    """Title, alternative text and facts, without the HTML."""
    report = open_report(project.root, "2025-11")
    report.show(trend(report.metrics("net_sales.pay_date", by="day", period=report.recent)))
    content = json.loads(json.dumps(published[-1][MIMETYPE], allow_nan=False))
    assert {"kind", "title", "subtitle", "alt", "size", "blocks", "facts"} == set(content)
    assert ("figure", "left", {"day": "2025-11-11"}) == (
        content["kind"],
        content["size"],
        content["facts"][0]["dims"],
    )


def test_nothing_follows_the_closing_word(project: Project, published: list[Bundle]) -> None:
    """A cell after it is a mistake, and says so."""
    report = open_report(project.root, "2025-11")
    report.close()
    for late in (report.close, lambda: report.metrics("gmv"), lambda: report.show(None)):
        with pytest.raises(RunError, match="the report is closed"):
            late()


def test_a_run_pins_the_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: list[Bundle]
) -> None:
    """The same report later gives the same numbers, whatever was loaded since."""
    project = shop(tmp_path / "shop", ("tmall",), seed=1)
    first = Lake(project.lake).snapshot()
    before = open_report(project.root, "2025-11").metrics("gmv").cell("gmv")
    build(project.lake, ("tmall",), seed=2)
    assert before != open_report(project.root, "2025-11").metrics("gmv").cell("gmv")
    monkeypatch.setenv("REPORTKIT_SNAPSHOT", json.dumps(first.to_json()))
    assert before == open_report(project.root, "2025-11").metrics("gmv").cell("gmv")


def test_scope_and_as_of_hold_for_everything(project: Project, published: list[Bundle]) -> None:
    """What a report may not see does not reach its numbers."""
    report = open_report(project.root, "2025-11", scope={"platform": "tmall"}, as_of=date(2025, 11, 10))
    found = report.metrics("gmv", by="platform")
    assert (["tmall"], date(2025, 11, 10)) == (found.frame["platform_id"].tolist(), found.as_of)
    assert 10 == len(report.metrics("gmv", by="day").frame)


def test_frame_is_wide(project: Project, published: list[Bundle]) -> None:
    """One column a metric, for an analyst's own work."""
    report = open_report(project.root, "2025-11")
    found = report.frame(["gmv", "orders"], by="platform", compare="last_year")
    assert {"platform_id", "gmv", "orders", "gmv last_year"} <= set(found.columns)
    assert 2 == len(found)


@pytest.mark.parametrize(
    ("period", "as_of", "expected"),
    [
        ("2025-11", None, ("2025-11-01", "2025-11-30")),
        ("2025-10", None, ("2025-10-01", "2025-10-31")),
        ("2025-11", "2025-11-15", ("2025-10-17", "2025-11-15")),
        ("2025-W46", None, ("2025-10-18", "2025-11-16")),
        ("2025", None, ("2025-11-04", "2025-12-03")),
        ("2026-02", None, ("2026-02-01", "2026-02-28")),
    ],
)
def test_recent_days(
    project: Project, published: list[Bundle], period: str, as_of: str, expected: tuple[str, str]
) -> None:
    """A finished month is shown as it is; anything else as the last thirty days that may be seen."""
    recent = open_report(project.root, period, as_of=as_of).recent
    assert expected == (recent.start.isoformat(), recent.end.isoformat())


@pytest.mark.parametrize(("scope", "expected"), [({}, "platform"), ({"platform": ["tmall"]}, "category")])
def test_what_a_page_is_split_by(
    project: Project, published: list[Bundle], scope: dict[str, list[str]], expected: str
) -> None:
    """The first dimension that has two parts or more."""
    assert expected == open_report(project.root, "2025-11", scope=scope).split


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda root: open_report(root / "nowhere", "2025-11"), ProjectError, "no params/project.yaml"),
        (lambda root: open_report(root, "2025-13"), QueryError, "period"),
        (
            lambda root: open_report(root, "2025-11", as_of="yesterday"),
            QueryError,
            '"yesterday" is not a day',
        ),
        (lambda root: open_report(root, "2025-11").metrics("gmvv"), QueryError, 'did you mean "gmv"'),
        (
            lambda root: open_report(root, "2025-11", scope={"platform": ["tmal"]}).metrics("gmv"),
            QueryError,
            'did you mean "tmall"',
        ),
    ],
    ids=["project", "period", "as_of", "metric", "scope"],
)
def test_mistakes_are_named(
    project: Project,
    published: list[Bundle],
    tmp_path: Path,
    call: Any,
    kind: type[ReportkitError],
    message: str,
) -> None:
    """Where, what, and the nearest name."""
    root = tmp_path if kind is ProjectError else project.root
    with pytest.raises(kind, match=message):
        call(root)


def test_a_display_writes_its_own_title(project: Project, published: list[Bundle]) -> None:
    """A title given to one is a mistake, not a silent loss."""
    report = open_report(project.root, "2025-11")
    with pytest.raises(QueryError, match="writes its own title"):
        report.show(cards(report.metrics("gmv")), title="mine")


def test_outside_a_kernel_the_title_is_printed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A script sees what it showed."""
    report = open_report(project.root, "2025-11")
    report.show(cards(report.metrics("gmv")))
    assert "核心指标 1 项" in capsys.readouterr().out
