"""A whole pack against papermill and nbconvert making the same notebooks, one after another.

    python benchmarks/pack.py [--pack monthly] [--size medium] [--months N] [--project FOLDER]

The monthly pack is four boards and the page about the data, for the whole business and for each of six platforms, the
pack promo_review five notebooks and that page, for the whole; from parameters to finished HTML. Both sides start cold, as commands. Prints both times and their ratio, measured in this one run,
then what each stage takes: ingest, and of the company's notebooks the queries, the figures, the rest of the
kernel's work and its start; rendering, lints, and the PDF by the page. A folder with the demo merchant already
loaded saves the writing and the ingest.
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
from typing import Any

from reportkit.demo import END, REVIEW, write_demo
from reportkit.ingest import ingest
from reportkit.project import Project
from reportkit.render.pdf import print_pdf
from reportkit.run import Plan, plan

PERIODS = {"monthly": END, "promo_review": REVIEW}
RUN = """\
import sys
from reportkit.project import Project
from reportkit.run import run_pack
result = run_pack(Project.open(sys.argv[1]), sys.argv[2], sys.argv[3], pdf=False)
assert result.ok, result.failures
print(result.folder)
"""
CELLS = """\
import json, sys, time
import nbformat
from reportkit.engines import DuckDBEngine
from reportkit.show.figures.paper import Paper

seconds = {"query": 0.0, "figures": 0.0}

def timed(owner, name, stage):
    plain = getattr(owner, name)
    def call(*args, **kwargs):
        inner, start = dict(seconds), time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:  # a call within a call is counted once
            seconds.update(inner)
            seconds[stage] += time.perf_counter() - start
    setattr(owner, name, call)

for name in ("frame", "rows", "arrow"):
    timed(DuckDBEngine, name, "query")
timed(Paper, "svg", "figures")

from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
given = "; ".join(f"{name} = {value!r}" for name, value in json.loads(sys.argv[2]).items())
start = time.perf_counter()
for cell in nbformat.read(sys.argv[1], 4).cells:
    if cell.cell_type == "code":
        shell.run_cell(cell.source, silent=True).raise_error()
    if "parameters" in cell.metadata.get("tags", []):
        shell.run_cell(given, silent=True).raise_error()
seconds["rest"] = time.perf_counter() - start - sum(seconds.values())
sys.stderr.write(json.dumps(seconds))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pack", default="monthly", choices=PERIODS)
    parser.add_argument("--size", default="medium", choices=("small", "medium"))
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--project", type=Path, help="the demo merchant, already loaded")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = options.project
        project = Project.open(given) if given else merchant(folder, options.size, options.months)
        pack, period = options.pack, PERIODS[options.pack]
        planned = plan(project, pack, period)
        one_by_one(planned, folder / "warm", jobs=1)  # so that neither side reads its libraries from disk
        started = time.perf_counter()
        made = Path(run(sys.executable, "-c", RUN, str(project.root), pack, period).strip())
        ours = time.perf_counter() - started
        theirs = one_by_one(planned, folder / "plain")
        count = f"{len(planned.jobs)} notebooks, {len(planned.editions)} reports"
        print(f"reportkit: {count}, to HTML in {ours:.1f} s")
        print(f"papermill, then nbconvert: the same notebooks in {theirs:.1f} s")
        print(f"ratio: {theirs / ours:.1f}")
        print_stages(planned, made)


def merchant(folder: Path, size: str, months: int) -> Project:
    """Return a project with the demo merchant's trade, and print what loading it took."""
    (folder / "params").mkdir(parents=True)
    (folder / "params/project.yaml").write_text("name: demo\n", encoding="utf-8")
    project = Project.open(folder)
    write_demo(project.inbox, size, months=months)
    started = time.perf_counter()
    rows = sum(sheet.read for sheet in ingest(project).files)
    print(f"ingest: {time.perf_counter() - started:.1f} s for {rows:,} rows")
    return project


def one_by_one(planned: Plan, folder: Path, jobs: int | None = None) -> float:
    """Execute and convert the first `jobs` notebooks of the plan in turn; return the seconds it took."""
    folder.mkdir()
    started = time.perf_counter()
    for number, job in enumerate(planned.jobs[:jobs]):
        target = folder / f"{number}.ipynb"
        given = json.dumps(job.parameters)
        papermill = [sys.executable, "-m", "papermill", str(job.notebook), str(target), "-y", given]
        run(*papermill, "--no-progress-bar")
        run(sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(target))
    return time.perf_counter() - started


def print_stages(planned: Plan, made: Path) -> None:
    """Print what the stages of the company's report took, each on its own."""
    print("the company's report, stage by stage:")
    first = planned.editions[0]
    outcomes: dict[str, Any] = json.loads((made / "manifest.json").read_text("utf-8"))
    took = {one["id"]: one for one in (*outcomes["jobs"], *outcomes["editions"])}
    for job in first.jobs:
        command = [sys.executable, "-c", CELLS, str(job.notebook), json.dumps(job.parameters)]
        alone = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = json.loads(alone.stderr.splitlines()[-1])
        parts = "  ".join(f"{name} {value:.1f}" for name, value in seconds.items())
        print(f"  {job.section:<22} {parts}  (alone, s); in the pack {took[job.id]['seconds']:.1f} s")
    parts = took[first.name]["part_seconds"]
    print(f"  render {parts['html']:.1f} s, lints {parts['lint']:.1f} s")
    started = time.perf_counter()
    pages = print_pdf(made / first.name / "report.html", made / first.name / "timed.pdf").pages
    seconds = time.perf_counter() - started
    print(f"  PDF {seconds:.1f} s for {pages} pages, {seconds / pages:.2f} s a page")


def run(*command: str) -> str:
    """Run a command and return what it printed; its own complaints are shown where it fails."""
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
