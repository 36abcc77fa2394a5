"""The demo merchant from one seed: its export files, and beside them everything they must come to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from reportkit.demo.files.downloads import Download, Downloads
from reportkit.demo.files.forms import Records, write_books
from reportkit.demo.ledger import Ledger
from reportkit.demo.tables import company_tables, platform_tables
from reportkit.demo.truths import Truths
from reportkit.demo.world import SIZES, World
from reportkit.errors import InputError

__all__ = ["END", "MONTHS", "SEED", "TRUTHS", "write_demo"]

TRUTHS = "truths.json"
SEED, END, MONTHS = 20260930, "2026-09", 24
_KEPT = time(18, 0)  # people save their workbooks in the evening before the downloads

Progress = Callable[[str, int, int], None]


def write_demo(
    out_dir: str | Path,
    size: str = "small",
    *,
    seed: int = SEED,
    end: str = END,
    months: int = MONTHS,
    null: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the export files of an invented merchant under `out_dir`; return what they must come to.

    `size` is small, medium or large: about 20 thousand, 200 thousand or 10 million order lines in the 24
    months up to `end` (``YYYY-MM``); `null` plants no trouble. The same arguments give the same bytes.
    `progress` is called with (last month done, its number, of how many). Written in chunks: memory does not grow with
    `months`.

    The result also stands in ``truths.json`` beside the files: ``made_from`` (the arguments), ``planted`` (see
    reportkit.demo.truths), ``totals`` by table, platform and month (see reportkit.demo.ledger), and ``files``:
    by path, why it is there (see reportkit.demo.files.downloads) and its rows by the source that reads them. Raises InputError for an unknown size, or where the
    folder holds anything but this same demo.
    """
    if size not in SIZES:
        raise InputError(f'no size "{size}"', todo=f"choose one of {', '.join(SIZES)}")
    folder = Path(out_dir)
    made_from = {"size": size, "seed": seed, "end": end, "months": months, "null": null}
    _claim(folder, made_from)
    world = World.build(size, seed, end, months, null)
    downloads, records, ledger, truths = Downloads(world, folder), Records(world), Ledger(), Truths(world)
    files: dict[str, dict[str, Any]] = {}

    def note(written: Iterable[Download]) -> None:
        files.update({one.path: {"kind": one.kind, "rows": {one.source: one.rows}} for one in written})

    for stretch in world.stretches():
        records.collect(stretch)
        truths.collect(stretch)
        note(downloads.last_months(stretch))
        for name in world.platforms:
            span = downloads.span(name, stretch.first, stretch.last, stretch.facts.pop(name))
            note(downloads.reports(span))
            ledger.add(platform_tables(world, span.facts))
        if progress:
            progress(stretch.label, world.labels.index(stretch.label) + 1, months)
    books = records.tables()
    ledger.add(company_tables(world, books))
    for book in write_books(books, folder, datetime.combine(world.end, _KEPT)):
        files[str(book.path)] = {"kind": "last", "rows": book.rows}
    made = {"made_from": made_from, "planted": truths.planted(), "totals": ledger.totals(), "files": files}
    (folder / TRUTHS).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made


def _claim(folder: Path, made_from: dict[str, Any]) -> None:
    """See that nothing but this demo stands in `folder`: other files would be read with it."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        there = json.loads((folder / TRUTHS).read_text("utf-8"))["made_from"]
    except (OSError, ValueError, KeyError):
        there = None
    if there != made_from:
        raise InputError("holds other files already", where=str(folder), todo="choose an empty folder")
