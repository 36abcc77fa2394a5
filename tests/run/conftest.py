"""A shop to run packs on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportkit.project import Project
from tests.run.shop import CLOSE, OPEN, PARAMETERS, SHOW, notebook_text, pack_text, write, write_lake

Notebook = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with orders on tmall and jd, and a notebook ``test/good``."""
    root = tmp_path / "shop"
    write(root / "params/project.yaml", "name: Test\n")
    write_lake(root / "data/lake")
    write(root / "notebooks/test/good.ipynb", notebook_text(OPEN, SHOW, CLOSE))
    write(root / "params/packs/good.yaml", pack_text("test/good"))
    return Project.open(root)


@pytest.fixture
def notebook(project: Project) -> Notebook:
    """Write a notebook ``test/<name>`` of the given cells, and a pack ``<name>`` of it alone."""

    def make(name: str, *cells: str, parameters: str = PARAMETERS, **pack: Any) -> Path:
        path = project.root / f"notebooks/test/{name}.ipynb"
        write(path, notebook_text(*cells, parameters=parameters))
        write(project.root / f"params/packs/{name}.yaml", pack_text(f"test/{name}", **pack))
        return path

    return make
