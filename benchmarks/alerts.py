"""The morning check of the medium merchant: does it take longer the more history there is?

    python benchmarks/alerts.py [--long FOLDER] [--short FOLDER]

Prints the seconds of a check with 24 months of history and with 6, each in a process of its own that has loaded its
libraries, their ratio, held to 1.5, and what asking the rules about all 24 months takes. Folders with the merchant
already written save writing it. Processor seconds are printed too: they tell more on a machine with other work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.project import Project

LONG, SHORT, LIMIT = 24, 6, 1.5
TIMES = 3
TIMED = """\
import json, sys, time
from reportkit.alerts import alerts
from reportkit.alerts.backtest import backtest
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
project = Project.open(sys.argv[1])
engine = DuckDBEngine(Lake(project.lake), keep_views=True)
wall, cpu = time.perf_counter(), time.process_time()
{"check": alerts, "history": backtest}[sys.argv[2]](Metrics(project, engine))
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))
"""


def main() -> None:
    """Measure and print; exit 1 where the ratio is above its limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--long", type=Path, help=f"the medium merchant, {LONG} months")
    parser.add_argument("--short", type=Path, help=f"the medium merchant, {SHORT} months")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        short = options.short or merchant(Path(name) / "short", SHORT)
        long = options.long or merchant(Path(name) / "long", LONG)
        # One after the other, so that what else the machine does slows both; the quickest of each counts.
        runs = [(timed(short, "check"), timed(long, "check")) for _ in range(TIMES)]
        (few, few_cpu), (many, many_cpu) = (
            tuple(map(min, zip(*own, strict=True))) for own in zip(*runs, strict=True)
        )
        print(f"check, {SHORT} months: {few:.1f} s ({few_cpu:.1f} s of processors)")
        print(f"check, {LONG} months: {many:.1f} s ({many_cpu:.1f} s of processors)")
        print(f"ratio: {many / few:.2f}, of processors {many_cpu / few_cpu:.2f} (limit {LIMIT})")
        wall, cpu = timed(long, "history")
        print(f"back-test of {LONG} months: {wall:.1f} s ({cpu:.1f} s of processors)")
        sys.exit(many / few > LIMIT)


def merchant(folder: Path, months: int) -> Path:
    """Write the medium merchant's tables into a new project and return its folder."""
    (folder / "params").mkdir(parents=True)
    (folder / "params/project.yaml").write_text("name: demo\n", encoding="utf-8")
    write_tables(Project.open(folder), World.build("medium", months=months))
    return folder


def timed(folder: Path, what: str) -> tuple[float, float]:
    """Return seconds and processor seconds of one check, or one back-test, in a process of its own."""
    command = [sys.executable, "-c", TIMED, str(folder), what]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=True)
    wall, cpu = json.loads(done.stdout.splitlines()[-1])
    return wall, cpu


if __name__ == "__main__":
    main()
