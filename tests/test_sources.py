"""No sample, no source: every shipped source reads a tiny file of its platform's own layout.

The rows a sample becomes stand in ``expected.yaml`` beside it; ``REPORTKIT_RENEW=1`` writes them anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportkit import schema
from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult, ingest
from reportkit.ingest.form import normal
from reportkit.ingest.match import match
from reportkit.ingest.read import sheets
from reportkit.ingest.sniff import documents
from reportkit.ingest.source import Source, load_sources
from reportkit.lake import Lake
from reportkit.project import Project
from tests.exported import (
    EXPECTED,
    EXPORTS,
    PERSONAL,
    SAMPLES,
    found_in_lake,
    sample_project,
    source_id,
)

SOURCES = sorted({path.parent.relative_to(EXPORTS).as_posix() for path in SAMPLES})


@pytest.fixture(scope="module")
def shipped() -> dict[str, Source]:
    return load_sources(Project.open(EXPORTS))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample_project(tmp_path_factory.mktemp("samples") / "shop")


@pytest.fixture(scope="module")
def ingested(project: Project) -> IngestResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTKIT_SECRET", "samples")
        return ingest(project, SAMPLES)


@pytest.fixture(scope="module")
def engine(project: Project, ingested: IngestResult) -> Iterator[DuckDBEngine]:
    opened = DuckDBEngine(Lake(project.lake), ingested.snapshot)
    yield opened
    opened.close()


def test_every_source_has_a_sample(shipped: dict[str, Source]) -> None:
    """A source nobody can try is not shipped."""
    assert sorted(shipped) == SOURCES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{source_id(path)}/{path.name}")
def test_recognised_by_its_source_alone(sample: Path, shipped: dict[str, Source], tmp_path: Path) -> None:
    """A sample's header row fits its own source and no other."""
    (document,) = documents(sample, sample.name, tmp_path)
    (sheet,) = sheets(document)
    header = match(sheet, shipped, sample.name, sample.name).header
    names = {normal(cell) for cell in sheet.head[header - 1]}
    fitting = [name for name, source in shipped.items() if source.recognise.fits(names)]
    assert fitting == [source_id(sample)]


def test_no_row_is_lost(ingested: IngestResult) -> None:
    """Every row of every sample is accepted or a footer, but for the one that spans several days."""
    problems = {Path(file.path).name: file.notes for file in ingested.files if file.rejected}
    assert {file.state for file in ingested.files} == {"loaded"}
    assert [name.partition("_")[0] for name in problems] == ["【生意参谋平台】自助取数"]
    assert sum(file.rejected for file in ingested.files) == 1


@pytest.mark.parametrize("source", SOURCES)
def test_rows_are_as_expected(source: str, shipped: dict[str, Source], engine: DuckDBEngine) -> None:
    """A sample becomes exactly these rows."""
    found = {table: table_rows(engine, source, table) for table in shipped[source].fed}
    path = EXPORTS / source / EXPECTED
    if os.environ.get("REPORTKIT_RENEW"):
        path.write_text(yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=110), "utf-8")
    expected = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert found == expected


def table_rows(engine: DuckDBEngine, source: str, table: str) -> list[dict[str, Any]]:
    """The rows of `source` in `table`, as text, without what is empty or only says where a row came from."""
    kept = [column.name for column in schema.table(table).own if column.derived_from is None]
    listed = ", ".join(f'"{name}"::VARCHAR' for name in ["platform_id", *kept])
    rows = engine.rows(
        f"SELECT {listed} FROM {table} WHERE source_id = '{source}' ORDER BY source_file, source_row, row_key"
    )
    return [
        {name: cell for name, cell in zip(["platform_id", *kept], row, strict=True) if cell is not None}
        for row in rows
    ]


def test_nothing_personal_in_the_lake(project: Project, ingested: IngestResult) -> None:
    """No name, phone or address of the samples stands in any table, and no message tells one."""
    assert [] == found_in_lake(project, PERSONAL)
    assert [] == [note for file in ingested.files for note in file.notes if re.search(PERSONAL, note)]


def test_gaps_are_told_in_both_languages(shipped: dict[str, Source]) -> None:
    """What a partial source lacks is said in Chinese, and in English without Chinese words."""
    told = {name: source.gaps for name, source in shipped.items() if source.partial}
    assert [] == [
        name for name, gaps in told.items() if set(gaps) != {"zh", "en"} or not gaps["en"].isascii()
    ]
