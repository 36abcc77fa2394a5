"""One world twice: through its files and an ingest, and straight into a lake. Both must hold the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportkit import schema
from reportkit.demo import write_demo
from reportkit.demo.ledger import Totals, told
from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.engines import DuckDBEngine
from reportkit.errors import LakeError
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.project import Project
from tests.projects import make_shop

MADE: dict[str, Any] = {"end": "2025-11", "months": 2}  # with a presale, a burst and refunds after it
SHOWN = 3
FACTS = [name for name, table in schema.tables().items() if not table.governance]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where both projects stand; they hide buyers with one key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTKIT_SECRET", "demo")
        yield tmp_path_factory.mktemp("same")


@pytest.fixture(scope="module")
def direct(root: Path) -> tuple[Project, Totals]:
    """The world written straight into a lake, and the totals of that."""
    project = make_shop(root / "direct", {})
    return project, write_tables(project, World.build(**MADE)).totals()


@pytest.fixture(scope="module")
def filed(root: Path) -> tuple[Project, Totals, IngestResult]:
    """The world's files ingested, and what they must come to."""
    project = make_shop(root / "filed", {})
    made = write_demo(project.inbox, **MADE)
    return project, made["totals"], ingest(project)


@pytest.fixture(scope="module")
def lakes(
    direct: tuple[Project, Totals], filed: tuple[Project, Totals, IngestResult]
) -> Iterator[DuckDBEngine]:
    """The lake written directly; beside each of its tables, what the files came to: ``filed_…``."""
    engine, other = (DuckDBEngine(Lake(project.lake)) for project in (direct[0], filed[0]))
    for name in FACTS:
        rows = other.arrow(f'FROM "{name}"').read_all()
        engine.connection.register(f"filed_{name}", rows)
    yield engine
    engine.close()
    other.close()


def test_every_file_is_read_whole(filed: tuple[Project, Totals, IngestResult]) -> None:
    """No file fails and no row is refused."""
    lost = [file for file in filed[2].files if file.state == "failed" or file.rejected]
    assert [] == lost


@pytest.mark.parametrize("name", FACTS)
def test_same_rows(name: str, lakes: DuckDBEngine) -> None:
    """All columns of the schema agree, row for row; only where the rows came from does not."""
    columns = ", ".join(
        f'"{column}"' for column in ("platform_id", *(c.name for c in schema.table(name).own))
    )
    either = f'SELECT {columns} FROM "{name}"', f'SELECT {columns} FROM "filed_{name}"'
    for more, less in (either, either[::-1]):
        found = lakes.frame(f"{more} EXCEPT ALL {less} ORDER BY ALL LIMIT {SHOWN}")
        assert found.empty, f"not in {less}:\n{found.T.dropna(how='all').to_string()}"


def test_one_ledger(
    direct: tuple[Project, Totals], filed: tuple[Project, Totals, IngestResult], lakes: DuckDBEngine
) -> None:
    """Totals are told alike beside the files, and are those of the lake."""
    assert filed[1] == direct[1]
    for name, platforms in direct[1].items():
        rows = {
            platform: sum(one["rows"] for one in months.values()) for platform, months in platforms.items()
        }
        assert rows == dict(lakes.rows(f'SELECT platform_id, count(*) FROM "{name}" GROUP BY ALL')), name


def test_money_of_a_month_stands_in_the_ledger(direct: tuple[Project, Totals], lakes: DuckDBEngine) -> None:
    """A month's sales of a platform, to the cent, by the day in China on which orders were placed."""
    sums = lakes.rows(
        """SELECT platform_id, strftime(created_date, '%Y-%m'), sum(goods_receivable_amt) * 100
        FROM order_lines GROUP BY ALL"""
    )
    books = direct[1]["order_lines"]
    found = {
        (platform, month): books[platform][month]["goods_receivable_amt"]
        for platform in books
        for month in books[platform]
    }
    assert found == {(platform, month): told("money", fen) for platform, month, fen in sums}


def test_files_are_told_as_what_they_are(lakes: DuckDBEngine) -> None:
    """The books say of every source that no file was read, and count its rows."""
    rows = lakes.rows("SELECT path, source_id, rows_read, accepted FROM files")
    assert [] == [row for row in rows if row[0] != f"demo:{row[1]}" or row[2] != row[3]]
    assert {("tmall/orders",), ("pdd/bill",), ("forms/targets",)} <= {(row[1],) for row in rows}


def test_a_lake_with_data_is_left_alone(direct: tuple[Project, Totals]) -> None:
    """Nobody's data is written over by a demo."""
    with pytest.raises(LakeError) as caught:
        write_tables(direct[0], World.build(end="2025-11", months=1))
    expected = f"{direct[0].lake}: the lake holds data\n  → write the demo into an empty project"
    assert expected == str(caught.value)
