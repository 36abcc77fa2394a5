"""The demo merchant's ERP: its items bring costs, and its orders only stand in for the platforms' own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reportkit.demo.files.downloads import Downloads
from reportkit.demo.files.jushuitan import item_tables
from reportkit.demo.world import Facts, Stretch, World
from reportkit.demo.world.known import known
from reportkit.ingest import IngestResult, ingest
from reportkit.project import Project
from tests.projects import make_shop

Rows = Callable[..., list[tuple]]


@pytest.fixture(scope="module")
def world() -> World:
    return World.build(end="2026-08", months=1)


@pytest.fixture(scope="module")
def month(world: World) -> Stretch:
    return next(world.stretches())


@pytest.fixture(scope="module")
def facts(world: World, month: Stretch) -> dict[str, Facts]:
    return {name: known(facts, world.cutoff) for name, facts in month.facts.items()}


@pytest.fixture(scope="module")
def inbox(
    tmp_path_factory: pytest.TempPathFactory, world: World, month: Stretch, facts: dict[str, Facts]
) -> Path:
    """Every file of the platforms and of the ERP."""
    folder = tmp_path_factory.mktemp("downloads")
    downloads = Downloads(world, folder)
    list(downloads.last_months(month))
    for name, of in month.facts.items():
        list(downloads.reports(downloads.span(name, month.first, month.last, of)))
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, inbox: Path) -> tuple[Project, IngestResult]:
    """A project that has the ERP's files only."""
    project = make_shop(tmp_path_factory.mktemp("alone") / "shop", {})
    return project, ingest(project, sorted((inbox / "jushuitan").iterdir()))


def test_every_file_is_read_by_its_own_source(alone: tuple[Project, IngestResult]) -> None:
    """No row is refused."""
    read = {(file.source, file.rejected) for file in alone[1].files}
    assert {("jushuitan/items", 0), ("jushuitan/orders", 0)} == read


def test_items_bring_variants_and_costs(
    alone: tuple[Project, IngestResult], world: World, rows: Rows
) -> None:
    """Every variant with its style, price and cost."""
    tables = item_tables(world)
    merged = tables["skus"].merge(tables["costs"], on="sku_id")
    expected = list(
        merged[["sku_id", "spu_id", "list_price", "unit_cost"]].itertuples(index=False, name=None)
    )
    actual = rows(
        alone[0],
        "SELECT sku_id, sku.spu_id, CAST(sku.list_price * 100 AS BIGINT), CAST(cost.unit_cost * 100 AS BIGINT) "
        "FROM skus AS sku JOIN costs AS cost USING (sku_id) ORDER BY sku_id",
    )
    assert sorted(expected) == actual


def test_orders_stand_in_where_a_platform_has_no_file(
    alone: tuple[Project, IngestResult], facts: dict[str, Facts], rows: Rows
) -> None:
    """What is due for paid orders comes out to the cent."""
    expected = {name: _due(one.orders, one.lines) for name, one in facts.items()}
    actual = rows(
        alone[0],
        "SELECT platform_id, CAST(sum(goods_receivable_amt) * 100 AS BIGINT) FROM order_lines GROUP BY ALL",
    )
    assert expected == dict(actual)


def _due(orders: pd.DataFrame, lines: pd.DataFrame) -> int:
    return int(lines["due"][orders["paid"].notna().to_numpy()[lines["order"]]].sum())


def test_orders_give_way_to_the_platforms_own(tmp_path: Path, inbox: Path, rows: Rows) -> None:
    """Beside the platforms' files not a row of the ERP's orders stands."""
    project = make_shop(tmp_path / "shop", {})
    ingest(project, sorted(path for path in inbox.rglob("*") if path.is_file()))
    sql = "SELECT count(*) FROM {} WHERE source_id = 'jushuitan/orders'"
    assert [(0,), (0,)] == [rows(project, sql.format(table))[0] for table in ("orders", "order_lines")]
