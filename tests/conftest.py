"""What every test can ask for: a project in an empty folder, and the real data where it is present."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.project import Project
from tests.projects import make_shop

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Make a project in a folder of its own; `sources` maps an id to the YAML of a source, as data."""

    def make(name: str = "shop", *, sources: dict[str, Any] | None = None, **settings: object) -> Project:
        return make_shop(tmp_path / name, sources or {}, **settings)

    return make


@pytest.fixture
def rows() -> Callable[..., list[tuple]]:
    """Run SQL on a project's published lake."""

    def run(project: Project, sql: str) -> list[tuple]:
        engine = DuckDBEngine(Lake(project.lake))
        try:
            return engine.rows(sql)
        finally:
            engine.close()

    return run


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Return the path of a real data file, or skip with the reason."""

    def find(name: str) -> Path:
        path = REAL_DATA / name
        if not path.exists():
            pytest.skip(f"{name} is not beside this checkout (shared/data)")
        return path

    return find


@pytest.fixture(scope="session")
def real_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Copy one of the projects under tests/real into an empty folder and open it."""

    def copy(name: str) -> Project:
        root = tmp_path_factory.mktemp(name) / name
        shutil.copytree(REPOSITORY / "tests" / "real" / name, root)
        (root / "data" / "inbox").mkdir(parents=True)
        return Project.open(root)

    return copy
