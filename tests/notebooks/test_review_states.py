"""The review where data lack: each phase reaches its end and says what it cannot tell."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import nbformat
import pandas as pd
import pytest

from reportkit import report as module
from reportkit.errors import QueryError
from reportkit.lake import Lake
from reportkit.project import Project
from tests.conftest import REPOSITORY, long
from tests.show.lakes import shop, typed

PHASES = ("goals", "process", "causes", "actions", "changes")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One platform without targets, actions or a year before; a promotion nobody sold in stands in its calendar."""
    project = shop(tmp_path_factory.mktemp("bare") / "shop", ("tmall",), targets=False)
    calendar = pd.DataFrame(
        [
            ("1111-2024", "爆发1", "2024-11-10", "2024-11-12"),
            ("618-2024", "爆发1", "2024-06-15", "2024-06-18"),
        ],
        columns=["promo_id", "phase", "start_date", "end_date"],
    ).assign(promo_platform="all", platform_id="all", name=None)
    lake = Lake(project.lake)
    with lake.writing():
        lake.write("promos", typed("promos", calendar), predicate=None, partitioned=True)
        lake.publish()
    return project


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Run the cells of a notebook of the review on a project; return the titles of what it showed, and that it ended."""

    def run(project: Project, phase: str, period: str, as_of: str) -> list[str]:
        shown: list[dict[str, Any]] = []
        monkeypatch.setattr(module, "_publish", lambda content, html="": shown.append(content))
        book = nbformat.read(REPOSITORY / "notebooks" / "review" / f"{phase}.ipynb", as_version=4)
        given = {"project": str(project.root), "period": period, "scope": {}, "as_of": as_of}
        space: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in book.cells:
                if cell.cell_type == "code":
                    exec(cell.source, space)
                if "parameters" in cell.metadata.get("tags", ()):
                    space.update(given)
        assert "close" == shown[-1]["kind"]
        return [content["title"] for content in shown if content.get("title")]

    return run


@pytest.mark.parametrize("phase", PHASES)
def test_a_running_promotion_without_targets_or_last_year(
    bare: Project, read: Callable[..., list[str]], phase: str
) -> None:
    """The 11th of the month, the second of three days: every phase ends, and none claims what it cannot know."""
    titles = read(bare, phase, "1111-2024", "2024-11-11")
    said = " ".join(titles)
    assert "nan" not in said
    assert "None" not in said
    expected = {
        "goals": ["未设目标", "没有设目标", "没有可比的去年同活动"],
        "process": ["净增至多", "没有去年同活动可比"],
        "causes": ["目标"],
        "actions": ["还没有认领的行动"],
        "changes": [],
    }[phase]
    assert [] == [words for words in expected if words not in said], titles


@long
@pytest.mark.parametrize("phase", PHASES)
def test_a_period_without_orders(bare: Project, read: Callable[..., list[str]], phase: str) -> None:
    """Nothing was sold: no phase fails, and no sentence prints what is no number."""
    titles = read(bare, phase, "618-2024", "2024-12-01")
    assert [] == [title for title in titles if "nan" in title or "None" in title]


def test_a_promotion_that_no_calendar_has(bare: Project) -> None:
    """It is told which there are."""
    with pytest.raises(QueryError, match="1111-2024"):
        module.open_report(bare.root, "1111-2031", as_of=date(2024, 12, 1))
