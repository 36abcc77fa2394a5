"""The small demo merchant, written and ingested once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reportkit.demo import write_demo
from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.project import Project
from tests.projects import make_shop


@pytest.fixture(scope="session")
def demo_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose inbox is still empty."""
    return make_shop(tmp_path_factory.mktemp("demo") / "shop", {})


@pytest.fixture(scope="session")
def written(demo_project: Project) -> dict[str, Any]:
    """What the demo in the inbox must come to."""
    return write_demo(demo_project.inbox)


@pytest.fixture(scope="session")
def ingested(demo_project: Project, written: dict[str, Any]) -> IngestResult:
    """What became of every file of the inbox."""
    return ingest(demo_project)


@pytest.fixture(scope="session")
def engine(demo_project: Project, ingested: IngestResult) -> Iterator[DuckDBEngine]:
    """The demo's lake."""
    opened = DuckDBEngine(Lake(demo_project.lake), ingested.snapshot)
    yield opened
    opened.close()
