"""What stands between a made report and its readers."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest

from reportkit.errors import RenderError
from reportkit.project import Project
from reportkit.run import Report, edition, plan, run_pack
from tests.render.pack import notebook as pack_notebook
from tests.run.conftest import Notebook
from tests.run.shop import CLOSE, OPEN, SHOW

STAMP = {"run": "r", "generated_at": "2025-12-01T00:00:00+08:00"}
OTHERWISE = SHOW.replace('"value": 3.5', '"value": 4.5').replace("E1", "E2")


def made(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch, old: str = "", new: str = ""
) -> Report:
    """Render the company's edition of the small pack, in which `new` stands for `old`."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    planned = plan(project, "good", "2025-11")
    [company] = planned.editions
    executed = folder.parent / "executed.ipynb"
    text = nbformat.writes(pack_notebook(project))
    assert old in text
    executed.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return edition.make(
        project, planned, company, {company.jobs[0].id: executed}, STAMP, False, lambda name, value: None
    )


def test_a_report_that_passes(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What agrees and is polished is delivered without a note, and how long the lint took is told."""
    report = made(project, tmp_path / "edition", monkeypatch)
    assert (report.notes, os.listdir(tmp_path / "edition")) == ((), ["report.html"])
    assert report.seconds["lint"] > 0


def test_a_report_below_the_standard(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that warns is a note to the owner; the report is delivered."""
    report = made(project, tmp_path / "edition", monkeypatch, "天猫占 GMV 的 54.7%", "天猫占多半")
    assert report.html.exists()
    assert [
        "title: test/good: 天猫占多半: its title holds no number, and no word for a state without one"
    ] == list(report.notes)


def test_a_report_that_contradicts_itself(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that stops leaves no report, only a file for its owner, and says what differs."""
    with pytest.raises(RenderError) as error:
        made(project, tmp_path / "edition", monkeypatch, "▲8.2%", "▲9.2%")
    held = tmp_path / "edition" / "held.html"
    assert str(error.value) == (
        'company: the lint stops this report: test/good: 核心指标 2 项: card GMV prints "▲9.2%", but published '
        f"is 0.0824 (E1)\n  → look at {held}, mend what differs, and run it again; no reader has it"
    )
    assert [held.name] == os.listdir(held.parent)


def test_a_run_that_contradicts_itself(project: Project, notebook: Notebook) -> None:
    """The run is not well, its owner is told, and there is no report to deliver."""
    notebook("odd", OPEN, SHOW, OTHERWISE, CLOSE)
    result = run_pack(project, "odd", "2025-11", pdf=False)
    assert (result.ok, result.reports) == (False, ())
    [failure] = result.failures
    assert "GMV value is 3.5 under E1 and 4.5 under E2" in str(failure.error)
    assert ["held.html"] == [path.name for path in (result.folder / "company").glob("*.html")]
