"""Which rows stand in the lake after overlapping exports were loaded in any order, split and repeated."""

from __future__ import annotations

import copy
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.engines import DuckDBEngine
from reportkit.ingest import books, ingest
from reportkit.ingest import load as merging
from reportkit.lake import Lake
from reportkit.project import Project
from tests.ingest.samples import LINE_HEADERS, LINES, ORDER_HEADERS, ORDERS, line, order, write_csv
from tests.projects import describe, make_shop

EXAMPLES = 300 if os.environ.get("REPORTKIT_SOAK") else 8

Rows = Callable[[Project, str], list[tuple]]


@dataclass(frozen=True)
class Export:
    """One downloaded file: when it was exported and, by order, the amounts of its rows."""

    minute: int
    lines: bool
    amounts: dict[int, list[int]]

    @property
    def name(self) -> str:
        kind = "lines" if self.lines else "orders"
        return f"{kind}20251201{self.minute:04d}00.csv"


def oracle(exports: list[Export]) -> Counter[tuple[int, int]]:
    """The order lines that should stand: of each order the newest line file's, else the newest order file's."""
    standing: Counter[tuple[int, int]] = Counter()
    for number in {number for export in exports for number in export.amounts}:
        claims = [export for export in exports if number in export.amounts]
        winner = max(claims, key=lambda export: (export.lines, export.minute))
        amounts = winner.amounts[number]
        standing.update((number, amount) for amount in (amounts if winner.lines else amounts[:1]))
    return standing


def write(export: Export, folder: Path) -> Path:
    path = folder / export.name
    if export.lines:
        cells = [line(str(n), "1", f"{a}.00") for n, amounts in export.amounts.items() for a in amounts]
        return write_csv(path, LINE_HEADERS, cells)
    return write_csv(path, ORDER_HEADERS, [order(str(n), f"{a[0]}.00") for n, a in export.amounts.items()])


def load(project: Project, batches: list[list[Path]]) -> Counter[tuple[int, int]]:
    """Ingest `batches` one after another, check the books, and return the lines that stand."""
    for batch in batches:
        assert [] == ingest(project, batch).failed
    engine = DuckDBEngine(Lake(project.lake))
    lines = engine.rows("SELECT platform_order_id::INT, goods_receivable_amt::INT FROM order_lines")
    orders = engine.rows("SELECT count(*), count(DISTINCT order_key) FROM orders")
    keys = engine.rows("SELECT count(*), count(DISTINCT row_key) FROM order_lines")
    books = engine.rows("SELECT sum(rows_read), sum(accepted + superseded + rejected + skipped) FROM files")
    engine.close()
    distinct = len({number for number, _ in lines})
    assert [(distinct, distinct)] == orders
    assert [(len(lines), len(lines))] == keys
    assert books[0][0] == books[0][1]
    return Counter(lines)


amounts = st.lists(st.integers(1, 3), min_size=1, max_size=3)
export = st.builds(
    Export, st.integers(0, 59), st.booleans(), st.dictionaries(st.integers(1, 4), amounts, min_size=1)
)
overlapping = st.lists(export, min_size=1, max_size=5, unique_by=lambda one: one.minute)


@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(exports=overlapping, data=st.data())
def test_newest_export_of_every_order_stands(exports: list[Export], data: st.DataObject) -> None:
    """Whatever the load order, the batches, a second load, or the slices of units, the oracle's lines stand in the lake."""
    at_once = data.draw(st.sampled_from([2, merging._ROWS_AT_ONCE]))
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(merging, "_ROWS_AT_ONCE", at_once),
        patch.object(books, "_ROWS_AT_ONCE", at_once),
    ):
        project = make_shop(Path(folder) / "shop", {"test/orders": ORDERS, "test/lines": LINES})
        paths = [write(one, Path(folder)) for one in data.draw(st.permutations(exports))]
        cut = data.draw(st.integers(0, len(paths)))
        batches = [batch for batch in (paths[:cut], paths[cut:], paths[:1]) if batch]
        assert oracle(exports) == load(project, batches)


def test_equal_lines_of_one_file_are_kept(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """Two equal lines of one order in one file are two pieces sold, not a duplicate."""
    project = make_project(sources={"test/lines": LINES})
    path = write_csv(tmp_path / "lines20251201000000.csv", LINE_HEADERS, [line("7", "1", "5.00")] * 2)
    assert Counter({(7, 5): 2}) == load(project, [[path]])


def test_row_order_changes_nothing(make_project: Callable[..., Project], tmp_path: Path, rows: Rows) -> None:
    """A file with its rows reversed, and an order twice in it, leaves the same order standing."""
    cells = [order("1", "1.00", "成功"), order("1", "2.00", "关闭"), order("2")]
    found = []
    for name, part in (("a", cells), ("b", cells[::-1])):
        project = make_project(name, sources={"test/orders": ORDERS})
        result = ingest(project, [write_csv(tmp_path / f"{name}.csv", ORDER_HEADERS, part)])
        assert (3, 2, 1) == (result.files[0].read, result.files[0].accepted, result.files[0].superseded)
        sql = "SELECT platform_order_id, goods_receivable_amt::INT FROM order_lines ORDER BY 1"
        found.append(rows(project, sql))
    assert found[0] == found[1]


def test_second_load_publishes_nothing(make_project: Callable[..., Project]) -> None:
    """Files that are in the lake already are known by their bytes, under any name."""
    project = make_project(sources={"test/orders": ORDERS})
    first = write_csv(project.inbox / "a.csv", ORDER_HEADERS, [order("1")])
    before = ingest(project).snapshot
    (project.inbox / "a (1).csv").write_bytes(first.read_bytes())
    again = ingest(project)
    assert ["known", "known"] == [file.state for file in again.files]
    assert before == again.snapshot


def test_superseded_rows_leave_the_books_of_their_file(
    make_project: Callable[..., Project], rows: Rows
) -> None:
    """When a newer export takes an order over, the older file's record says so."""
    project = make_project(sources={"test/orders": ORDERS})
    write_csv(project.inbox / "orders20251201000000.csv", ORDER_HEADERS, [order("1"), order("2")])
    ingest(project)
    write_csv(project.inbox / "orders20251202000000.csv", ORDER_HEADERS, [order("1", status="关闭")])
    ingest(project)
    sql = "SELECT path, rows_read, accepted, superseded FROM files ORDER BY path"
    expected = [("orders20251201000000.csv", 2, 1, 1), ("orders20251202000000.csv", 1, 1, 0)]
    assert expected == rows(project, sql)
    assert [("1", "closed"), ("2", "completed")] == rows(
        project, "SELECT platform_order_id, status_std FROM orders ORDER BY 1"
    )


def test_changed_source_reads_its_files_again(make_project: Callable[..., Project], rows: Rows) -> None:
    """After a word is mapped, the rows it had rejected come in, and the others stand once."""
    project = make_project(sources={"test/orders": ORDERS})
    write_csv(project.inbox / "a.csv", ORDER_HEADERS, [order("1"), order("2", status="新词")])
    assert [1] == [file.rejected for file in ingest(project).files]
    learned = copy.deepcopy(ORDERS)
    learned["tables"]["orders"]["columns"]["status_std"]["map"]["新词"] = "paid"
    describe(project.root, {"test/orders": learned})
    assert [2] == [file.accepted for file in ingest(project).files]
    assert [("1",), ("2",)] == rows(project, "SELECT platform_order_id FROM orders ORDER BY 1")
    assert [] == rows(project, "SELECT * FROM rejects")
