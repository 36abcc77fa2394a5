"""What the demo merchant keeps by hand: written into the shipped workbooks, and read back as it was."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from reportkit import schema
from reportkit.demo.files.forms import Records, write_books
from reportkit.demo.files.workbooks import Written
from reportkit.demo.world import World
from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.project import Project
from tests.projects import make_shop

AT = datetime(2026, 1, 1, 9, 30)
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def world() -> World:
    return World.build(end="2025-12", months=3)


@pytest.fixture(scope="module")
def frames(world: World) -> Frames:
    records = Records(world)
    for stretch in world.stretches():
        records.collect(stretch)
    return records.tables()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_shop(tmp_path_factory.mktemp("forms") / "shop", {})


@pytest.fixture(scope="module")
def books(project: Project, frames: Frames) -> list[Written]:
    return list(write_books(frames, project.inbox, AT))


@pytest.fixture(scope="module")
def result(project: Project, books: list[Written]) -> IngestResult:
    return ingest(project)


def words(table: str, frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The rows of `frame` as text, sorted, money in yuan."""
    texts = {}
    for name in sorted(frame.columns):
        kind = "text" if name == "platform_id" else schema.table(table).column(name).type
        texts[name] = [text(value, kind) for value in frame[name]]
    return sorted(zip(*texts.values(), strict=True))


def text(value: object, kind: str) -> str:
    if pd.isna(value):
        return ""
    if kind == "date":
        return str(pd.Timestamp(value).date())
    return f"{float(value):.4f}" if kind in ("money", "number", "int") else str(value)


def stored(project: Project, source: str, frame: pd.DataFrame) -> pd.DataFrame:
    engine = DuckDBEngine(Lake(project.lake))
    table = source.removeprefix("forms/")
    columns = ", ".join(f'"{name}"' for name in frame)
    found = engine.frame(f"SELECT {columns} FROM \"{table}\" WHERE source_id = '{source}'")
    engine.close()
    return found


def in_yuan(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    money = [
        name for name in frame if name != "platform_id" and schema.table(table).column(name).type == "money"
    ]
    return frame.assign(**{name: frame[name].astype("Float64") / 100 for name in money})


def test_every_sheet_is_read_by_its_own_source(result: IngestResult, books: list[Written]) -> None:
    """No row is refused, and none is taken for an example."""
    expected = {(str(book.path), source): rows for book in books for source, rows in book.rows.items()}
    actual = {(sheet.path, sheet.source): sheet.accepted for sheet in result.files if sheet.accepted}
    assert expected == actual
    assert [] == [sheet for sheet in result.files if sheet.rejected]


def test_every_value_comes_back(project: Project, frames: Frames, result: IngestResult) -> None:
    """What stands in the lake is what the merchant wrote, table by table."""
    for source, frame in frames.items():
        table = source.removeprefix("forms/")
        assert words(table, in_yuan(table, frame)) == words(table, stored(project, source, frame)), source


def test_the_same_rows_are_the_same_bytes(
    frames: Frames, books: list[Written], project: Project, tmp_path: Path
) -> None:
    """A workbook written twice is one file."""
    small = {name: frames[name] for name in ("forms/shops", "forms/events")}
    for book in write_books(small, tmp_path, AT):
        assert (project.inbox / book.path).read_bytes() == (tmp_path / book.path).read_bytes()


def test_fulfilment_follows_from_parcels(frames: Frames) -> None:
    """Every platform pays for carriage, packing and labour each month."""
    fees = frames["forms/fees"].groupby(["platform_id", "fee_type"]).size()
    assert {3} == set(fees)
    assert 18 == len(fees)


def test_the_process_delay_is_seen(frames: Frames) -> None:
    """The parcels of two platforms were late in November 2025, as the flow's steps say."""
    steps = frames["forms/process_nodes"].set_index(["period", "node"])["overdue_rate"]
    late = [steps["1111-2025", node] for node in ("京东出库", "拼多多出库")]
    assert min(late) > 1.5 * steps["1111-2025", "打单出库"]
