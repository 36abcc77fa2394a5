"""A shop of three orders, packs, and 1 KB notebooks that publish by themselves."""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.run.plan import plan
from reportkit.run.run import job_task
from reportkit.run.workers import Done, Workers

PARAMETERS = """\
project = "."  # folder of the project
period = "2025-11"  # month
scope = {}  # {dimension: [values]}
as_of = None  # last day that may be seen
"""

OPEN = """\
import json, os
from IPython.display import publish_display_data

def publish(html, **content):
    publish_display_data({"text/html": html, "application/vnd.reportkit.v1+json": content})

snapshot = json.loads(os.environ["REPORTKIT_SNAPSHOT"])
"""

SHOW = """\
name = "/".join(value for values in scope.values() for value in values) or "all"
fact = {"code": "E1", "metric": "gmv", "name": "GMV", "unit": "money", "period": period, "scope": scope,
        "dims": {}, "value": 3.5, "rows": 2, "files": 1, "missing": [], "sql": "SELECT 3.5",
        "rows_sql": {"orders": "SELECT * FROM orders WHERE platform_id = 'tmall'"}}
publish(f"<p>{name} 3.5<sup>E1</sup></p>", kind="note", title="GMV", facts=[fact])
"""

CLOSE = """\
publish("", kind="close", closed=True, snapshot=snapshot, period=period, period_label="2025年11月",
        scope=scope, as_of=as_of, missing={}, sources_without=[], facts=1)
"""


def notebook_text(*cells: str, parameters: str = PARAMETERS) -> str:
    """Return a notebook of code cells after its parameters cell."""
    sources = [("parameters", parameters), *(("", cell) for cell in cells)]
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{number}",
                    "metadata": {"tags": [tag]} if tag else {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for number, (tag, source) in enumerate(sources)
            ],
        }
    )


def execute(project: Project, pack: str, *, fork: bool = True, at_once: int | None = None) -> dict[str, Done]:
    """Execute the notebooks of `pack` for November 2025 without rendering; return how each job ended."""
    jobs = plan(project, pack, "2025-11").jobs
    folder = project.root / "executed"
    with TemporaryDirectory(prefix="rk-") as scratch, Workers(fork=fork, at_once=at_once) as workers:
        for job in jobs:
            workers.submit(job_task(job, folder, Path(scratch) / job.id.replace("/", "-"), fork))
        return {done.task.name: done for done in workers.finished()}


def outputs(notebook: Path) -> list[Any]:
    """Return the outputs of all cells of an executed notebook, printed text as one string."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    found = [output for cell in cells for output in cell.get("outputs", [])]
    return [one | {"text": "".join(one["text"])} if "text" in one else one for one in found]


def is_alive(pid: int) -> bool:
    """Return whether the process runs; one that waits only to be reaped does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def all_end(pids: list[int], seconds: float = 10) -> bool:
    """Wait until none of `pids` runs; False where one still does after `seconds`."""
    end = time.monotonic() + seconds
    while any(map(is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(is_alive, pids))


def pack_text(*sections: Any, **more: Any) -> str:
    """Return a monthly pack of `sections` for the company."""
    pack = {
        "title": {"zh": "月报", "en": "Monthly"},
        "period": "month",
        "sections": sections,
        "editions": {"company": {}},
    }
    return json.dumps(pack | more, ensure_ascii=False)


def write(path: Path, text: str) -> None:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_lake(root: Path, extra: int = 0) -> None:
    """Publish a lake of three orders in November 2025, two on tmall, one on jd; and `extra` later ones."""
    lake = Lake(root)
    orders = [_order("tmall", "=1", 3), _order("tmall", "2", 4), _order("jd", "3", 5)]
    orders += [_order("tmall", f"extra-{number}", 6 + number) for number in range(extra)]
    files = [_file("tmall"), _file("jd")]
    with lake.writing():
        lake.write("orders", pa.Table.from_pylist(orders).to_reader(), predicate=None, partitioned=True)
        lake.write("files", pa.Table.from_pylist(files).to_reader(), predicate=None, partitioned=False)
        lake.publish()


def _order(platform: str, number: str, day: int) -> dict[str, Any]:
    return {
        "platform_id": platform,
        "year": 2025,
        "row_key": f"{platform}:{number}",
        "unit_key": number,
        "source_id": f"{platform}/orders",
        "source_file": f"file-{platform}",
        "source_sheet": "",
        "source_row": day,
        "exported_at": datetime(2025, 12, 1),
        "platform_order_id": number,
        "order_key": f"{platform}:{number}",
        "created_at": datetime(2025, 11, day, 4),
        "created_date": date(2025, 11, day),
        "shop_id": "../up" if platform == "jd" else None,
    }


def _file(platform: str) -> dict[str, Any]:
    counts = dict.fromkeys(("rows_read", "accepted", "superseded", "rejected", "skipped"), 1)
    return {
        "source_file": f"file-{platform}",
        "source_sheet": "",
        "path": f"2025/{platform}.csv",
        "source_id": f"{platform}/orders",
        "source_version": "1",
        "platform_id": platform,
        "exported_at": datetime(2025, 12, 1),
        "date_min": date(2025, 11, 1),
        "date_max": date(2025, 11, 30),
        **counts,
    }
