"""The demo merchant, written and ingested.

    python benchmarks/demo.py [--sizes small medium] [--seed N] [--large] [--written INBOX]

Prints the wall time of writing each size against its limit. With ``--large`` the large size is written and
ingested too: peak memory against its limits, rows a second, the time as a ratio to pyarrow and calamine merely
reading the same files, and how many totals of the ledger arrived in the lake to the cent. ``--written`` does all
but the writing with the files of an inbox that a demo has filled before. All figures are from one run; each step
is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportkit.demo import write_demo
from reportkit.demo.ledger import Totals, of_lake
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.project import Project

SECONDS = {"small": 10, "medium": 60}
WRITING_MB, INGESTING_MB = 1024, 1536
PEAK = "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024"

WRITE = f"""
import json, resource, sys
from reportkit.demo import write_demo
known = write_demo(sys.argv[1], size=sys.argv[2], **json.loads(sys.argv[3]))
print(json.dumps({{"peak": {PEAK}, "files": len(known["files"])}}))
"""
READ = """
import json, sys
from pathlib import Path
from pyarrow import csv, string
from python_calamine import CalamineWorkbook
from reportkit.demo.files.layout import Layout, layouts

def read(path, source):
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    elif path.suffix == ".csv":
        layout = layouts().get(source) or Layout(file=path.name, headers=[], cells={})
        text = csv.ConvertOptions(column_types=dict.fromkeys(layout.headers, string()))
        start = csv.ReadOptions(encoding=layout.encoding, skip_rows=len(layout.above))
        for batch in csv.open_csv(path, start, csv.ParseOptions(invalid_row_handler=lambda row: "skip"), text):
            pass
    else:  # a page of HTML
        path.read_bytes()

inbox = Path(sys.argv[1])
for name, file in json.loads((inbox / "truths.json").read_text("utf-8"))["files"].items():
    read(inbox / name, next(iter(file["rows"])))
"""
INGEST = f"""
import json, resource, sys
from reportkit.ingest import ingest
from reportkit.project import Project
sheets = ingest(Project.open(sys.argv[1])).files
rows = {{"rows": sum(sheet.read for sheet in sheets), "rejected": sum(sheet.rejected for sheet in sheets)}}
print(json.dumps(rows | {{"peak": {PEAK}}}))
"""


def timed(script: str, *arguments: str) -> tuple[float, dict[str, Any]]:
    """Run `script` in a process of its own; return its wall time in seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    return time.perf_counter() - start, json.loads(done.stdout or "{}")


def against(value: float, limit: float, unit: str) -> str:
    """Write `value` and whether it keeps within `limit`."""
    return f"{value:,.1f} {unit} ({'within' if value <= limit else 'OVER'} {limit:,} {unit})"


def new_project(folder: Path, inbox: Path | None = None) -> Project:
    """Make a project without a lake, its inbox empty or the one that is given."""
    (folder / "params").mkdir(parents=True)
    settings = {"name": "benchmark"} | ({"inbox": str(inbox.resolve())} if inbox else {})
    (folder / "params" / "project.yaml").write_text(json.dumps(settings), encoding="utf-8")
    return Project.open(folder)


def megabytes(folder: Path) -> float:
    """Add up the files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def compared(project: Project, totals: Totals) -> Iterator[tuple[str, bool]]:
    """Yield every figure of the ledger, or of the lake alone, by name, and whether both say the same."""
    engine = DuckDBEngine(Lake(project.lake))
    lake = of_lake(engine, totals)
    engine.close()
    for name, platforms in totals.items():
        for platform in {**platforms, **lake[name]}:
            ours, theirs = platforms.get(platform, {}), lake[name].get(platform, {})
            for month in {**ours, **theirs}:
                said, found = ours.get(month, {}), theirs.get(month, {})
                for column in {**said, **found}:
                    both = said.get(column), found.get(column)
                    yield (
                        f"{name} {platform} {month} {column}: {both[0]}, found {both[1]}",
                        both[0] == both[1],
                    )


def write(inbox: Path, size: str, made: dict[str, Any]) -> None:
    """Write one size and print what it took."""
    writing, wrote = timed(WRITE, str(inbox), size, json.dumps(made))
    print(
        f"{size}: {wrote['files']} files, {megabytes(inbox):,.0f} MB, written in {writing:,.1f} s; "
        f"peak memory {against(wrote['peak'], WRITING_MB, 'MB')}",
        flush=True,
    )


def whole_way(project: Project) -> None:
    """Ingest the demo's files in the project's inbox, merely read them, compare the lake with the ledger."""
    ingesting, took = timed(INGEST, str(project.root))
    print(
        f"ingested {took['rows']:,} rows in {ingesting:,.1f} s: {took['rows'] / ingesting:,.0f} rows a second; "
        f"peak memory {against(took['peak'], INGESTING_MB, 'MB')}; {took['rejected']:,} rejected",
        flush=True,
    )
    reading, _ = timed(READ, str(project.inbox))
    print(f"merely reading {reading:,.1f} s   ratio {ingesting / reading:.2f}", flush=True)
    totals = json.loads((project.inbox / "truths.json").read_text("utf-8"))["totals"]
    figures = list(compared(project, totals))
    wrong = [figure for figure, same in figures if not same]
    print(f"totals of the ledger: {len(figures) - len(wrong):,} of {len(figures):,} in the lake to the cent")
    for figure in wrong[:20]:
        print(f"  {figure}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="*", default=list(SECONDS), choices=list(SECONDS))
    parser.add_argument("--seed", type=int, default=write_demo.__kwdefaults__["seed"])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--whole", metavar="SIZE", help="write, read, ingest and compare this size instead")
    parser.add_argument(
        "--written", metavar="INBOX", type=Path, help="ingest and compare these files instead"
    )
    parser.add_argument("--months", type=int, default=write_demo.__kwdefaults__["months"])
    options = parser.parse_args()
    made = {"seed": options.seed, "months": options.months}
    with tempfile.TemporaryDirectory() as folder:
        for size in [] if options.written else options.sizes:
            seconds, wrote = timed(WRITE, str(Path(folder) / f"{size}-files"), size, json.dumps(made))
            print(
                f"{size}: {wrote['files']} files written in {against(seconds, SECONDS[size], 's')}; "
                f"peak memory {wrote['peak']:,.0f} MB"
            )
        whole = "large" if options.large else options.whole
        if whole or options.written:
            project = new_project(Path(folder) / "whole", options.written)
            if not options.written:
                write(project.inbox, whole, made)
            whole_way(project)


if __name__ == "__main__":
    main()
