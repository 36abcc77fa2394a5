"""The merchant of two Septembers, and one of a single month and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show.display import Drawn
from tests.study.merchant import merchant


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three platforms with everything."""
    return merchant(tmp_path_factory.mktemp("known") / "shop")


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two platforms with the orders of one month."""
    return merchant(tmp_path_factory.mktemp("plain") / "shop", ("tmall", "xiaohongshu"), plain=True)


@pytest.fixture(scope="module")
def page(known: Project) -> Report:
    """The page of September."""
    return _quiet(known)


@pytest.fixture(scope="module")
def bare(plain: Project) -> Report:
    """The page of a merchant of whom little is known."""
    return _quiet(plain)


def _quiet(project: Project, **options: object) -> Report:
    from reportkit import report as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_publish", lambda content, html="": None)
        return module.open_report(project.root, "2025-09", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def quiet() -> Callable[..., Report]:
    """Open a report that publishes nothing while it opens."""
    return _quiet


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Drawn]:
    """Draw a display with the pen of a report."""
    return lambda report, display: display.draw(report._pen)
