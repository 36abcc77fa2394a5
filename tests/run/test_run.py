"""Whole runs: reports, their manifest, and what a failure leaves for readers and for the owner."""

from __future__ import annotations

import json
import os
import shlex
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from reportkit.errors import PdfUnavailable, RenderError, RunError
from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.run import Progress, RunResult, edition, plan, run_pack
from reportkit.run.runs import find_run
from tests.run.conftest import Notebook
from tests.run.shop import CLOSE, OPEN, SHOW, outputs, pack_text, write, write_lake


def manifest(result: RunResult) -> dict[str, Any]:
    """Read the manifest of a run."""
    content: dict[str, Any] = json.loads(result.manifest.read_text(encoding="utf-8"))
    return content


def test_a_run_from_pack_to_pdf(project: Project) -> None:
    """Each edition becomes one HTML and one PDF that state their own period and scope."""
    editions = {"company": {}, "platform": {"for_each": "platform"}}
    write(project.root / "params/packs/good.yaml", pack_text("test/good", editions=editions))
    seen: list[Progress] = []
    result = run_pack(project, "good", "2025-11", progress=seen.append)
    assert result.ok
    assert [report.edition for report in result.reports] == ["company", "platform-tmall", "platform-jd"]
    texts = [report.html.read_text(encoding="utf-8") for report in result.reports]
    assert all("2025年11月" in text for text in texts)
    assert ["京东" in text for text in texts] == [False, False, True]
    assert ["jd 3.5" in text for text in texts] == [False, False, True]
    assert all(
        report.pages >= 1 and report.pdf and report.pdf.read_bytes()[:5] == b"%PDF-"
        for report in result.reports
    )
    assert [(one.done, one.total) for one in seen] == [(number, 6) for number in range(1, 7)]
    assert sorted(path.name for path in result.folder.iterdir()) == [
        "company", "manifest.json", "platform-jd", "platform-tmall",
    ]  # fmt: skip


def test_the_manifest(project: Project) -> None:
    """The manifest names data, inputs, versions, artifacts and facts; hashes are those of the files."""
    result = run_pack(project, "good", "2025-11", as_of="2025-11-30")
    found = manifest(result)
    assert found["snapshot"] == Lake(project.lake).snapshot().to_json()
    assert (found["run"], found["pack"], found["as_of"]) == (result.run, "good", "2025-11-30")
    assert found["period"] == {"id": "2025-11", "kind": "month", "start": "2025-11-01", "end": "2025-11-30"}
    assert found["kernel"] == {"forked": True, "preloaded": True, "missing": {}}
    assert set(found["packages"]) >= {"duckdb", "papermill", "weasyprint", "reportkit"}
    for name in ("notebooks/test/good.ipynb", "params/project.yaml"):
        assert found["inputs"][name] == sha256((project.root / name).read_bytes()).hexdigest()
    assert "templates/report/pack.html.j2" in found["inputs"]
    [job], [company] = found["jobs"], found["editions"]
    assert job["parameters"] == {"period": "2025-11", "scope": {}, "as_of": "2025-11-30"}
    for artifact in (job["notebook"], company["html"], company["pdf"]):
        assert artifact["sha256"] == sha256((result.folder / artifact["path"]).read_bytes()).hexdigest()
    [fact] = company["facts"]
    assert (fact["code"], fact["section"], fact["value"]) == ("E1", "test/good", 3.5)
    assert str(project.root) not in json.dumps({key: found[key] for key in ("jobs", "editions", "inputs")})


def test_codes_are_unique_in_an_edition(project: Project, notebook: Notebook) -> None:
    """Notebooks that each begin at E1 have different codes in one report, in print as in the manifest."""
    notebook("more", OPEN, SHOW, CLOSE)
    write(project.root / "params/packs/two.yaml", pack_text("test/good", "test/more"))
    result = run_pack(project, "two", "2025-11", pdf=False)
    codes = [fact["code"] for fact in manifest(result)["editions"][0]["facts"]]
    assert codes == ["E1", "E2"]
    text = result.reports[0].html.read_text(encoding="utf-8")
    assert all(f">{code}<" in text for code in codes)


def test_a_failed_section(project: Project, notebook: Notebook) -> None:
    """Readers get one plain line for a section that failed; the owner gets cell, error and command."""
    notebook("bad", OPEN, SHOW, "1 / 0", CLOSE)
    write(project.root / "params/packs/mixed.yaml", pack_text("test/good", "test/bad"))
    result = run_pack(project, "mixed", "2025-11", pdf=False)
    text = result.reports[0].html.read_text(encoding="utf-8")
    assert "3.5" in text
    assert not any(word in text for word in ("Traceback", "ZeroDivisionError", "1 / 0"))
    assert result.reports[0].failed == ("test/bad",)
    [failure] = result.failures
    assert str(failure.error) == "company/test/bad, In [5] 1 / 0: ZeroDivisionError: division by zero"
    assert failure.notebook
    assert any(one["output_type"] == "error" for one in outputs(failure.notebook))
    states = {job["id"]: (job["state"], job["error"]) for job in manifest(result)["jobs"]}
    assert states == {
        "company/test/good": ("done", None),
        "company/test/bad": ("failed", str(failure.error)),
    }


def test_the_command_that_repeats_a_failure(project: Project, notebook: Notebook) -> None:
    """What the owner is told to type runs that one job on the same data."""
    notebook("bad", OPEN, "1 / 0", CLOSE)
    result = run_pack(project, "bad", "2025-11")
    command = shlex.split(result.failures[0].repeat)
    assert command[:5] == ["reportkit", "run", "bad", "--period", "2025-11"]
    options = dict(zip(command[5::2], command[6::2], strict=True))
    again = run_pack(project, "bad", "2025-11", only=options["--only"], snapshot=options["--snapshot"])
    assert [outcome.name for outcome in again.outcomes] == ["company/test/bad", "company"]
    assert str(again.failures[0].error) == str(result.failures[0].error)


def test_an_edition_without_a_section(project: Project, notebook: Notebook) -> None:
    """Where every section failed there is no report, and the run says so."""
    notebook("bad", OPEN, "1 / 0", CLOSE)
    result = run_pack(project, "bad", "2025-11")
    assert result.reports == ()
    assert [str(failure.error) for failure in result.failures][1] == "company: every section failed"
    assert manifest(result)["editions"][0]["state"] == "failed"
    assert not list(result.folder.rglob("report.*"))


def test_a_run_made_again(project: Project, notebook: Notebook) -> None:
    """A run on an earlier run's snapshot gives its numbers, whatever was ingested since."""
    count = (
        "from reportkit.engines import DuckDBEngine\nfrom reportkit.lake import Lake, Snapshot\n"
        "from reportkit.project import Project\n"
        "engine = DuckDBEngine(Lake(Project.open(project).lake), Snapshot.from_json(snapshot))\n"
        "print(as_of, engine.rows('SELECT count(*) FROM orders'))"
    )
    notebook("count", OPEN, count, SHOW, CLOSE)
    options: dict[str, Any] = {"pdf": False}

    def printed(result: RunResult) -> str:
        assert result.outcomes[0].notebook
        return str(outputs(result.outcomes[0].notebook)[0]["text"])

    first = run_pack(project, "count", "2025-11", **options)
    write_lake(project.lake, extra=2)
    second = run_pack(project, "count", "2025-11", **options)
    again = run_pack(project, "count", "2025-11", snapshot=first.run, **options)
    assert printed(first) == printed(again) == "2025-11-05 [(3,)]\n"
    assert printed(second) == "2025-11-07 [(5,)]\n"
    assert manifest(again)["snapshot"] == manifest(first)["snapshot"] != manifest(second)["snapshot"]


def test_the_plain_kernel(project: Project) -> None:
    """A run without any fork makes the same report."""
    plain, forked = (
        run_pack(project, "good", "2025-11", kernel=kernel, pdf=False) for kernel in ("plain", "fork")
    )
    assert manifest(plain)["kernel"] == {"forked": False}
    facts = [result.reports[0].facts for result in (plain, forked)]
    assert facts[0] == facts[1]


def test_html_alone(project: Project) -> None:
    """Without PDF there is the HTML, and no word about it."""
    result = run_pack(project, "good", "2025-11", pdf=False)
    assert (result.ok, result.notes, result.reports[0].pdf) == (True, (), None)
    assert manifest(result)["editions"][0]["pdf"] is None
    assert not list(result.folder.rglob("*.pdf"))


def test_runs_are_found(project: Project) -> None:
    """A run is found by its name, or by a beginning that only it has."""
    result = run_pack(project, "good", "2025-11", pdf=False)
    assert find_run(project, result.run) == result.folder
    assert find_run(project, result.run[:-2]) == result.folder
    write(project.runs / "good/2025-11" / f"{result.run[:-1]}_" / "manifest.json", "{}")
    with pytest.raises(RunError, match="begins 2 runs"):
        find_run(project, result.run[:-2])
    with pytest.raises(RunError, match=rf'no run "x"\n  → newest: .*{result.run}'):
        run_pack(project, "good", "2025-11", snapshot="x")


@pytest.mark.parametrize("kernel", ["frok", ""])
def test_an_unknown_kernel(project: Project, kernel: Any) -> None:
    """A way to start kernels that is not one of the three is refused."""
    with pytest.raises(RunError, match="choose auto, fork or plain"):
        run_pack(project, "good", "2025-11", kernel=kernel)


def made(project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Render the company's edition of the pack ``good`` in this process, from no notebook at all."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    planned = plan(project, "good", "2025-11")
    stamp = {"run": "r", "generated_at": "2025-12-01T00:00:00+08:00"}
    return edition.make(project, planned, planned.editions[0], {}, stamp, True, lambda name, value: None)


def test_without_the_libraries_for_pdf(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PDF cannot be made the HTML is delivered, with one note that says what to install."""

    def unavailable(html: Path, pdf: Path, *, seconds: float) -> None:
        raise PdfUnavailable("no Pango", todo="install it")

    monkeypatch.setattr(edition, "print_pdf", unavailable)
    report = made(project, tmp_path / "edition", monkeypatch)
    assert (report.html.exists(), report.pdf, report.pages) == (True, None, 0)
    assert report.notes == ("no Pango\n  → install it",)


def test_pages_that_do_not_say_what_they_are(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report whose pages lack the period they were made for is not delivered."""
    write(project.root / "templates/report/pack.html.j2", "<html>{{ cover.title }}</html>")
    with pytest.raises(RenderError, match='the pages do not say "2025年11月"'):
        made(project, tmp_path / "edition", monkeypatch)
    assert os.listdir(tmp_path / "edition") == []
