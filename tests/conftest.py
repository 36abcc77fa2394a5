"""What every test can ask for: a project in an empty folder, and the real data where it is present."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock
from hypothesis import settings

from reportkit.engines import DuckDBEngine, connect
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.project import Project
from tests.projects import make_shop

REPOSITORY = Path(__file__).resolve().parent.parent
# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

SOAK = bool(os.environ.get("REPORTKIT_SOAK"))
long = pytest.mark.skipif(not SOAK, reason="long: make soak runs it")
REAL_DATA = REPOSITORY.parent / "shared" / "data"

# From some minutes of a processor to a quarter of one.
LONGEST = [
    "tests/demo/test_write_demo.py", "tests/test_docs.py", "tests/test_spine.py",
    "tests/test_real_data.py", "tests/quality/test_from_files.py", "tests/test_cli.py",
    "tests/test_samples_changed.py", "tests/show/test_pages.py", "tests/alerts/test_known.py",
    "tests/alerts/test_quiet.py", "tests/advice/test_known.py", "tests/test_known_answers.py",
    "tests/show/test_backtest.py", "tests/run/test_execute.py", "tests/quality/test_bridge.py",
    "tests/demo/test_same_tables.py", "tests/quirks/test_tmall.py", "tests/show/test_quality.py",
    "tests/test_cold_start.py", "tests/test_sources.py", "tests/test_lake.py",
    "tests/alerts/test_backtest.py", "tests/ingest/test_replacement.py",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left with one at the end.

    The order of the command line would not do: pytest drops a file whose folder is named as well.
    """
    place = {REPOSITORY / file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Make a project in a folder of its own; `sources` maps an id to the YAML of a source, as data."""

    def make(name: str = "shop", *, sources: dict[str, Any] | None = None, **settings: object) -> Project:
        return make_shop(tmp_path / name, sources or {}, **settings)

    return make


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """One DuckDB for all that `rows` reads: to open one takes longer than to read a small lake."""
    with connect() as opened:
        yield opened


@pytest.fixture
def rows(connection: duckdb.DuckDBPyConnection) -> Callable[..., list[tuple]]:
    """Run SQL on a project's published lake."""

    def run(project: Project, sql: str) -> list[tuple]:
        return DuckDBEngine(Lake(project.lake), connection=connection).rows(sql)

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


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of all workers, for what one of them makes and nobody changes."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def small_demo(shared_folder: Path) -> tuple[Project, IngestResult]:
    """The small demo merchant, written and ingested once for all workers."""
    root = shared_folder / "small-demo"
    kept = root / "ingested.pickle"
    with FileLock(f"{root}.lock"):
        if not kept.exists():
            from reportkit.demo import write_demo  # three seconds that few tests need

            project = make_shop(root, {})
            write_demo(project.inbox)
            kept.write_bytes(pickle.dumps(ingest(project)))
    return Project.open(root), pickle.loads(kept.read_bytes())
