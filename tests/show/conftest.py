"""Small lakes, opened reports, and results made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit import report as report_module
from reportkit.metrics.catalog import Catalog, load_catalog
from reportkit.metrics.periods import parse
from reportkit.metrics.result import Result
from reportkit.project import Project
from reportkit.report import Report, open_report
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.names import Names
from reportkit.show.paper import Paper
from reportkit.show.readings import column_of
from reportkit.show.rules import Rules
from reportkit.show.words import Words
from tests.show.lakes import shop

MANY = ("tmall", "douyin", "jd", "pdd", "xiaohongshu", "tiktok_shop")


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop on two platforms."""
    return shop(tmp_path_factory.mktemp("two") / "shop", ("tmall", "douyin"))


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop on six platforms."""
    return shop(tmp_path_factory.mktemp("six") / "shop", MANY)


@pytest.fixture(scope="session")
def six_en(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop on six platforms that reports in English."""
    return shop(tmp_path_factory.mktemp("six_en") / "shop", MANY, lang="en")


@pytest.fixture(scope="session")
def one(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop on one platform, without targets."""
    return shop(tmp_path_factory.mktemp("one") / "shop", ("tmall",), targets=False)


@pytest.fixture(scope="session")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop that lacks ten days of one platform, and one platform from October on."""
    holes = {"douyin": (date(2025, 11, 5), date(2025, 11, 14)), "jd": (date(2025, 10, 20), date(2025, 12, 3))}
    return shop(tmp_path_factory.mktemp("holed") / "shop", ("tmall", "douyin", "jd"), holes=holes)


@dataclass
class Shown:
    """What a report has published: contents and HTML, in order."""

    outputs: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Contents of one kind."""
        return [content for content, _ in self.outputs if content["kind"] == kind]

    def html(self, kind: str) -> list[str]:
        """HTML of one kind."""
        return [html for content, html in self.outputs if content["kind"] == kind]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Catch what reports publish."""
    found = Shown()
    monkeypatch.setattr(
        report_module, "_publish", lambda content, html="": found.outputs.append((content, html))
    )
    return found


@pytest.fixture
def opened(shown: Shown) -> Callable[..., Report]:
    """Open a report whose displays `shown` catches."""

    def open_it(project: Project, period: str = "2025-11", **options: Any) -> Report:
        return open_report(project.root, period, **options)

    return open_it


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    """Keep every paper that is drawn on."""
    found: list[Paper] = []
    drawn = Paper.svg
    monkeypatch.setattr(Paper, "svg", lambda paper, *rest: (found.append(paper), drawn(paper, *rest))[1])
    return found


class NoSources:
    """Evidence without a lake: codes in the order they are asked for."""

    def __init__(self) -> None:
        self.cited: dict[tuple[Any, ...], str] = {}

    def cite(self, result: Result, request: str, **dims: Any) -> str:
        """Return the code of one value."""
        return self.cited.setdefault((request, *sorted(dims.items())), f"E{len(self.cited) + 1}")

    def fresh(self, given: Any) -> list[str]:
        """Return all of them."""
        return list(given)


@pytest.fixture(scope="session")
def catalog(two: Project) -> Catalog:
    """The shipped dictionary."""
    return load_catalog(two)


@pytest.fixture
def pen(make_project: Callable[..., Project], catalog: Catalog) -> Callable[..., Pen]:
    """A pen without a lake; settings such as ``lang`` or ``theme`` go to the project."""

    numbers = count()

    def make(**settings: Any) -> Pen:
        project = make_project(f"penned{next(numbers)}", **settings)
        words = Words(project)
        names = Names(project, words, None)
        return Pen(project, words, names, Rules.read(project), catalog, NoSources(), lambda first, last: {})

    return make


@pytest.fixture
def draw(pen: Callable[..., Pen]) -> Callable[..., Drawn]:
    """Draw a display made of results by hand."""

    def drawn(display: Display, **settings: Any) -> Drawn:
        return display.draw(pen(**settings))

    return drawn


@pytest.fixture
def made(catalog: Catalog) -> Callable[..., Result]:
    """Make a result by hand from rows; what a row does not say is missing.

    ``made({"gmv": {"value": 1.0}})`` has no dimension; ``by="platform"`` takes
    ``{"gmv": {"tmall": {"value": 1.0}}}``.
    """

    def make(
        rows: dict[str, dict[Any, Any]], by: str = "", period: str = "2025-11", as_of: str = "2026-03-01",
        missing: dict[str, list[str]] | None = None,
    ) -> Result:  # fmt: skip
        frames = []
        for request, found in rows.items():
            items = found.items() if by else [(None, found)]
            keys = {column_of(by): [key for key, _ in items]} if by else {}
            frame = pd.DataFrame([values for _, values in items])
            frames.append(
                pd.DataFrame({"metric": request, **keys}).join(frame) if by else frame.assign(metric=request)
            )
        frame = pd.concat(frames, ignore_index=True)
        if by == "day":
            frame["day"] = pd.to_datetime(frame["day"])
        for name in ("n", "target", "attainment", "pace"):
            frame[name] = frame.get(name, pd.Series(np.nan, index=frame.index))
        return Result(
            requests=tuple(rows), by=(by,) if by else (), period=parse(period), scope={},
            as_of=date.fromisoformat(as_of), frame=frame, missing=missing or {}, partial={}, statements={},
            answers=dict.fromkeys(rows), catalog=catalog,
        )  # fmt: skip

    return make


@pytest.fixture
def texts(papers: list[Paper]) -> Callable[[], list[str]]:
    """What is written on the last paper."""
    from matplotlib.text import Text

    return lambda: [text.get_text() for text in papers[-1].figure.findobj(Text) if text.get_text()]
