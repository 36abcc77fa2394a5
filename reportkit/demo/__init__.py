"""A demo merchant with known truths, written in the platforms' own file layouts."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from reportkit.demo.files import write
from reportkit.demo.layouts import layouts
from reportkit.demo.plan import Download, downloads
from reportkit.demo.truths import truths
from reportkit.demo.world import build_world

__all__ = ["write_demo"]

_TRUTHS = ".truths.json"  # hidden, so that an inbox holding it is not asked to read it


def write_demo(
    out_dir: str | Path, months: int = 15, seed: int = 20251130, end: str = "2025-11"
) -> dict[str, Any]:
    """Write the exports of an invented merchant under `out_dir`; return what they must come to.

    The files are about the `months` months up to and including `end` (``YYYY-MM``), as downloaded month by
    month: some months twice, one file copied. The same arguments give the same bytes. The result is also
    written to ``.truths.json``: ``totals`` and ``monthly`` figures by platform (amounts as text, to the
    cent; see reportkit.demo.truths), and ``files``: by path, its source, its rows and why it is there.
    """
    folder, world = Path(out_dir), build_world(months, seed, end)
    known = truths(world) | {"seed": seed, "files": {}}
    for download in downloads(world, seed):
        path, rows = _write(folder, download)
        known["files"][path] = {"source": download.source, "rows": rows, "kind": download.kind}
    text = json.dumps(known, ensure_ascii=False, indent=1)
    (folder / _TRUTHS).write_text(text + "\n", encoding="utf-8")
    return known


def _write(folder: Path, download: Download) -> tuple[str, int]:
    layout = layouts()[download.source]
    facts = {"first": download.first, "last": download.last, "exported": download.exported}
    path = PurePosixPath(layout.file.format(**facts))
    if download.kind == "copy":
        path = path.with_name(f"{path.stem} (1){path.suffix}")
    above = [[cell.format(**facts) for cell in row] for row in layout.above]
    rows = layout.rows(download.make())
    write(folder / path, layout, rows, above, download.exported)
    return str(path), len(rows)
