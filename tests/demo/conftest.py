"""The small demo merchant, as the other tests of a session share it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reportkit.demo import TRUTHS
from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult
from reportkit.lake import Lake
from reportkit.project import Project


@pytest.fixture(scope="session")
def demo_project(small_demo: tuple[Project, IngestResult]) -> Project:
    """The project whose inbox holds the demo."""
    return small_demo[0]


@pytest.fixture(scope="session")
def written(demo_project: Project) -> dict[str, Any]:
    """What the demo in the inbox must come to."""
    return json.loads((demo_project.inbox / TRUTHS).read_text("utf-8"))


@pytest.fixture(scope="session")
def ingested(small_demo: tuple[Project, IngestResult]) -> IngestResult:
    """What became of every file of the inbox."""
    return small_demo[1]


@pytest.fixture(scope="session")
def engine(demo_project: Project, ingested: IngestResult) -> Iterator[DuckDBEngine]:
    """The demo's lake."""
    opened = DuckDBEngine(Lake(demo_project.lake), ingested.snapshot)
    yield opened
    opened.close()
