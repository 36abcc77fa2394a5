"""What readers see of the lake while it is written, killed, and read again long after."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from reportkit.engines import DuckDBEngine
from reportkit.errors import LakeError
from reportkit.ingest import ingest
from reportkit.lake import Lake, Snapshot
from reportkit.project import Project
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv

Rows = Callable[[Project, str], list[tuple]]

KILLS = 40 if os.environ.get("REPORTKIT_SOAK") else 4
COUNT = "SELECT count(*), count(DISTINCT unit_key) FROM orders"
INGEST = "import sys; from reportkit.ingest import ingest; from reportkit.project import Project; ingest(Project.open(sys.argv[1]))"


@pytest.fixture
def shop(make_project: Callable[..., Project]) -> Project:
    """A lake of three orders."""
    project = make_project(sources={"test/orders": ORDERS})
    write_csv(project.inbox / "orders20251201000000.csv", ORDER_HEADERS, [order(str(n)) for n in range(3)])
    ingest(project)
    return project


def test_a_snapshot_stays_what_it_was(shop: Project) -> None:
    """A pinned snapshot gives the same rows after any number of later ingests."""
    lake = Lake(shop.lake)
    pinned = lake.snapshot()
    changed = [order(str(n), status="关闭") for n in range(5)]
    write_csv(shop.inbox / "orders20251202000000.csv", ORDER_HEADERS, changed)
    assert pinned.number + 1 == ingest(shop).snapshot.number
    states = {}
    for name, snapshot in (("then", pinned), ("now", lake.snapshot())):
        engine = DuckDBEngine(lake, Snapshot.from_json(snapshot.to_json()))
        states[name] = engine.rows("SELECT status_std, count(*) FROM orders GROUP BY ALL")
        engine.close()
    assert {"then": [("completed", 3)], "now": [("closed", 5)]} == states


def test_history_is_kept_for_good(shop: Project) -> None:
    """Delta would drop its log after thirty days; these tables say that it must not."""
    configuration = DeltaTable(shop.lake / "orders").metadata().configuration
    assert "false" == configuration["delta.enableExpiredLogCleanup"]


def test_partitions_are_platform_and_year(shop: Project) -> None:
    """Only the partitions that a file touches are written again."""
    files = Lake(shop.lake).files("orders", Lake(shop.lake).snapshot())
    assert ["platform_id=tmall/year=2025"] == [
        str(Path(file).parent.relative_to(shop.lake / "orders")) for file in files
    ]
    write_csv(
        shop.inbox / "orders20260102000000.csv", ORDER_HEADERS, [order("9", when="2026-01-01 10:00:00")]
    )
    ingest(shop)
    assert set(files) < set(Lake(shop.lake).files("orders", Lake(shop.lake).snapshot()))


def test_an_empty_lake_has_every_table(make_project: Callable[..., Project], rows: Rows) -> None:
    """Before the first ingest all tables are there, typed and empty."""
    project = make_project()
    assert [(0, 0)] == rows(project, COUNT)
    assert [] == rows(project, "SELECT gmv.* FROM (SELECT goods_receivable_amt FROM order_lines) gmv")


def test_one_writer_at_a_time(shop: Project) -> None:
    """A second writer waits for the first, and readers wait for nobody."""
    lake, entered = Lake(shop.lake), threading.Event()

    def second() -> None:
        with Lake(shop.lake).writing():
            entered.set()

    with lake.writing():
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.5)
        assert 1 == lake.snapshot().number
    assert entered.wait(10)
    thread.join()


def test_what_a_dead_writer_left_is_put_back(shop: Project, rows: Rows) -> None:
    """Rows written but never published are gone before the next ingest begins."""
    lake = Lake(shop.lake)
    with lake.writing():
        engine = DuckDBEngine(lake)
        table = engine.arrow("SELECT * REPLACE (row_key || 'x' AS row_key) FROM orders").read_all()
        engine.close()
        lake.write("orders", pa.concat_tables([table, table]).to_reader(), predicate=None, partitioned=True)
        lake.write("ghosts", pa.table({"a": [1]}).to_reader(), predicate=None, partitioned=False)
    assert [(3, 3)] == rows(shop, COUNT)
    write_csv(shop.inbox / "orders20251202000000.csv", ORDER_HEADERS, [order("7")])
    ingest(shop)
    assert [(4, 4)] == rows(shop, COUNT)


def test_a_missing_table_is_named(shop: Project) -> None:
    """A snapshot whose table was deleted by hand says what to do."""
    broken = Snapshot(9, {"refunds": 3})
    with pytest.raises(LakeError, match=r"table refunds is gone\n.*ingest again"):
        Lake(shop.lake).files("refunds", broken)


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_any_moment(shop: Project, rows: Rows, seed: int) -> None:
    """An ingest killed at a random moment leaves the old rows or the new, whole; the next one finishes the job."""
    fresh = [order(str(n), status="关闭") for n in range(2000)]
    write_csv(shop.inbox / "orders20251203000000.csv", ORDER_HEADERS, fresh)
    process = subprocess.Popen([sys.executable, "-c", INGEST, str(shop.root)], stderr=subprocess.DEVNULL)
    time.sleep(random.Random(seed).uniform(0.5, 3.0))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert rows(shop, COUNT)[0] in {(3, 3), (2000, 2000)}
    assert [] == ingest(shop).failed
    assert [(2000, 2000)] == rows(shop, COUNT)
    assert [("closed",)] == rows(shop, "SELECT DISTINCT status_std FROM orders")
    assert [(2003, 2003)] == rows(shop, "SELECT sum(rows_read), sum(accepted + superseded) FROM files")
