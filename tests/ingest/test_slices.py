"""A merge in slices: the same tables as in one piece, each slice reading its own rows alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from reportkit import schema
from reportkit.engines import connect
from reportkit.ingest import books, ingest
from reportkit.ingest import load as merging
from reportkit.ingest.stage import in_order
from reportkit.project import Project
from tests.ingest.samples import LINE_HEADERS, LINES, ORDER_HEADERS, ORDERS, line, order, write_csv

Rows = Callable[[Project, str], list[tuple]]

ORDERS_A_YEAR, ROWS, SLICES = 60, 600_000, 12


def exports(folder: Path) -> list[Path]:
    """Two order files that overlap, a line file newer than one of them, and footers: orders of three years."""
    folder.mkdir()

    def orders(numbers: range, status: str) -> list[list[str]]:
        return [order(str(n), f"{n}.00", status, f"{2023 + n % 3}-05-01 12:00:00") for n in numbers]

    lines = [
        line(str(n), str(sub), f"{sub}.00", "2025-05-01 12:00:00") for n in range(30, 150) for sub in (1, 2)
    ]
    every = 3 * ORDERS_A_YEAR
    return [
        write_csv(folder / "orders20251201000000.csv", ORDER_HEADERS, orders(range(every), "成功")),
        write_csv(
            folder / "orders20251203000000.csv",
            ORDER_HEADERS,
            [*orders(range(every - 20, every + 20), "关闭"), order("7", "某"), ["合计", "", "", "", "", ""]],
        ),
        write_csv(folder / "lines20251202000000.csv", LINE_HEADERS, lines),
    ]


@pytest.fixture(params=["at once", "one after the other"])
def batches(request: pytest.FixtureRequest, tmp_path: Path) -> list[list[Path]]:
    files = exports(tmp_path / "files")
    return [files] if request.param == "at once" else [[file] for file in files]


def test_slices_make_the_same_tables(
    make_project: Callable[..., Project], batches: list[list[Path]], rows: Rows
) -> None:
    """Cut into dozens of slices and counted in parts, an ingest leaves every row of every table as in one piece."""
    found = []
    for at_once in (5, 100_000):
        project = make_project(str(at_once), sources={"test/orders": ORDERS, "test/lines": LINES})
        (project.root / "data" / "secret.key").write_text("the same", encoding="utf-8")
        with patch.object(merging, "_ROWS_AT_ONCE", at_once), patch.object(books, "_ROWS_AT_ONCE", at_once):
            for batch in batches:
                ingest(project, batch)
        found.append({name: rows(project, f"FROM {name} ORDER BY ALL") for name in schema.tables()})
    assert found[0] == found[1]
    assert 200 == len(found[0]["orders"])
    assert 1 == len(found[0]["rejects"])


def scanned(plan: dict[str, Any]) -> Iterator[int]:
    """Yield how many rows each scan of a profile has read."""
    yield plan.get("rows_scanned", 0)
    for child in plan.get("children", []):
        yield from scanned(child)


def test_a_slice_reads_only_its_own_rows(tmp_path: Path) -> None:
    """All slices of a stage together read little more than the stage once, so the time of a merge is linear."""
    profile = tmp_path / "profile.json"
    with connect(preserve_insertion_order=False) as connection:
        units = (
            f"SELECT 'shop' || i % 3 || ':' || i AS unit, repeat('x', 9) AS cell FROM range({ROWS}) AS r(i)"
        )
        connection.execute(f"CREATE TEMP TABLE stage AS {in_order(units, 'unit')}")
        held = 'SELECT "#place", count(*) FROM stage GROUP BY ALL ORDER BY ALL'
        places = [place for place, _ in connection.execute(held).fetchall()]
        connection.execute(f"PRAGMA enable_profiling = 'json'; PRAGMA profiling_output = '{profile}'")
        read = seen = 0
        for number in range(SLICES):
            part = places[number * len(places) // SLICES : (number + 1) * len(places) // SLICES]
            connection.execute(f"SET VARIABLE first = {part[0]}; SET VARIABLE last = {part[-1]}")
            sql = f"SELECT count(*), max(cell) FROM stage WHERE {merging._NOW}"
            ((count, _),) = connection.execute(sql).fetchall()
            seen += count
            read += sum(scanned(json.loads(profile.read_text(encoding="utf-8"))["operator"][0]))
    assert ROWS == seen
    assert ROWS <= read < 3 * ROWS


def test_slices_follow_the_rows_they_hold(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """However many units there are, no slice holds more rows than it may, where units are small."""
    sizes: list[int] = []

    class Counting(merging._Merge):
        def _gather(self) -> bool:
            narrowed = super()._gather()
            if self.table.name == "orders":
                sizes.extend(
                    count for (count,) in self.db.execute("SELECT count(*) FROM incoming").fetchall()
                )
            return narrowed

    project = make_project(sources={"test/orders": ORDERS})
    path = write_csv(
        tmp_path / "orders20251201000000.csv", ORDER_HEADERS, [order(str(n)) for n in range(2_000)]
    )
    with patch.object(merging, "_Merge", Counting), patch.object(merging, "_ROWS_AT_ONCE", 300):
        ingest(project, [path])
    assert 2_000 == sum(sizes)
    assert max(sizes) <= 300
    assert len(sizes) < 10
