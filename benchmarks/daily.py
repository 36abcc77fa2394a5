"""From a day's new files to the page of a running promotion.

    python benchmarks/daily.py [--size medium] [--project FOLDER]

On a lake with two years of the demo merchant: seconds to ingest one more month of all its downloads, which is what a
merchant who exports the last thirty days again and again drops into the inbox, and seconds from the command to HTML
and PDF. A folder with the merchant already loaded saves the writing and the first ingest; it is copied.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from pack import merchant

from reportkit.demo import write_demo
from reportkit.ingest import ingest
from reportkit.project import Project
from reportkit.run import run_pack

PACK, PERIOD, DAY = "promo_daily", "618-2026", "2026-06-17"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", default="medium", choices=("small", "medium"))
    parser.add_argument("--project", type=Path, help="the demo merchant, already loaded")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = copied(options.project, folder) if options.project else merchant(folder, options.size, 24)
        write_demo(folder / "new", options.size, end="2026-06", months=1)
        shutil.copytree(folder / "new", project.inbox / "new")
        started, worked = time.perf_counter(), time.process_time()
        loaded = [file for file in ingest(project).files if file.state == "loaded"]
        fed, worked = time.perf_counter() - started, time.process_time() - worked
        rows = sum(file.read for file in loaded)
        print(f"ingest of {rows:,} rows in {len(loaded)} sheets: {fed:.1f} s, of a processor {worked:.1f} s")
        started = time.perf_counter()
        result = run_pack(project, PACK, PERIOD, as_of=DAY)
        assert result.ok, result.failures
        made = time.perf_counter() - started
        print(f"{PACK} of {PERIOD} as of {DAY}: {made:.1f} s")
        print(f"from the inbox to the page: {fed + made:.1f} s")


def copied(given: Path, folder: Path) -> Project:
    """Return a copy of a project and its lake, with an empty inbox."""
    source = Project.open(given)
    shutil.copytree(source.root / "params", folder / "shop" / "params")
    shutil.copytree(source.lake, folder / "shop" / "data" / "lake")
    secret = source.lake.with_name("secret.key")
    if secret.exists():
        shutil.copy(secret, folder / "shop" / "data")
    return Project.open(folder / "shop")


if __name__ == "__main__":
    main()
