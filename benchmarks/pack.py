"""A pack of seven reports against papermill and nbconvert making the same seven, one after another.

    python benchmarks/pack.py [--months N]

The overview of the demo merchant, for the whole business and for each of six platforms, from parameters to
finished HTML. Both sides start cold, as commands. Prints
both times and their ratio, measured in this one run, and the time of the PDF step beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reportkit.demo import write_demo
from reportkit.ingest import ingest
from reportkit.project import Project
from reportkit.render.pdf import print_pdf
from reportkit.run import plan

PERIOD = "2026-09"
PACK = """\
title: {zh: 月报, en: Monthly}
period: month
sections: [boards/overview]
editions: {company: {}, platform: {for_each: platform}}
"""
RUN = """\
import sys
from reportkit.project import Project
from reportkit.run import run_pack
result = run_pack(Project.open(sys.argv[1]), "seven", sys.argv[2], pdf=False)
assert result.ok and len(result.reports) == 7, result.failures
print(result.folder)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--months", type=int, default=15)
    with tempfile.TemporaryDirectory() as folder:
        project = merchant(Path(folder), parser.parse_args().months)
        one_by_one(
            project, Path(folder) / "warm", jobs=1
        )  # so that neither side reads its libraries from disk
        started = time.perf_counter()
        made = run(sys.executable, "-c", RUN, str(project.root), PERIOD).strip()
        ours = time.perf_counter() - started
        theirs = one_by_one(project, Path(folder) / "plain", jobs=7)
        print(f"reportkit: 7 reports to HTML in {ours:.1f} s")
        print(f"papermill, then nbconvert: the same 7 in {theirs:.1f} s")
        print(f"ratio: {theirs / ours:.1f}")
        print_pages(Path(made))


def merchant(folder: Path, months: int) -> Project:
    """Return a project with the demo merchant's trade."""
    (folder / "params/packs").mkdir(parents=True)
    (folder / "params/project.yaml").write_text("name: demo\n", encoding="utf-8")
    (folder / "params/packs/seven.yaml").write_text(PACK, encoding="utf-8")
    project = Project.open(folder)
    write_demo(project.inbox, months=months)
    ingest(project)
    return project


def one_by_one(project: Project, folder: Path, jobs: int) -> float:
    """Execute and convert the first `jobs` notebooks of the pack in turn; return the seconds it took."""
    folder.mkdir()
    started = time.perf_counter()
    for job in plan(project, "seven", PERIOD).jobs[:jobs]:
        target = folder / f"{job.edition}.ipynb"
        given = json.dumps(job.parameters)
        run(
            sys.executable,
            "-m",
            "papermill",
            str(job.notebook),
            str(target),
            "-y",
            given,
            "--no-progress-bar",
        )
        run(sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(target))
    return time.perf_counter() - started


def print_pages(folder: Path) -> None:
    """Print every report to PDF in turn and say what a page takes."""
    pages, started = 0, time.perf_counter()
    for html in sorted(folder.glob("*/report.html")):
        pages += print_pdf(html, html.with_suffix(".pdf")).pages
    seconds = time.perf_counter() - started
    print(f"PDF of the same 7, in turn: {seconds:.1f} s for {pages} pages, {seconds / pages:.2f} s a page")


def run(*command: str) -> str:
    """Run a command and return what it printed; its own complaints are shown where it fails."""
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
