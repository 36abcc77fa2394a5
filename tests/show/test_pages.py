"""The shipped pages, executed on small lakes: nothing crowded, nothing cut, nothing missing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pypdf import PdfReader

from reportkit import report as report_module
from reportkit.project import Project
from reportkit.render.html import Cover, Page, render
from reportkit.render.pdf import print_pdf
from reportkit.show.names import has_cjk
from reportkit.show.paper import Paper
from tests.conftest import REPOSITORY
from tests.show.conftest import Shown
from tests.show.measured import faults

PAGES = [
    ("six", "boards/overview", "2025-11"),
    ("six_en", "boards/overview", "2025-11"),
    ("one", "boards/overview", "2025-W46"),
    ("holed", "boards/overview", "2025-11"),
    ("six_en", "review/goals", "1111-2025"),
    ("holed", "review/goals", "1111-2025"),
    ("six_en", "review/causes", "1111-2025"),
]


@dataclass
class Executed:
    """A shipped notebook after its run: what it published cell by cell, and what it drew on."""

    project: Project
    cells: list[tuple[dict[str, Any], Shown]]
    papers: list[Paper]

    @property
    def shown(self) -> Shown:
        """All of it in order."""
        return Shown([output for _, found in self.cells for output in found.outputs])


@pytest.fixture(scope="session")
def executed(request: pytest.FixtureRequest) -> Callable[[str, str, str], Executed]:
    """Run the code cells of a shipped notebook in this process, once for all tests."""
    done: dict[tuple[str, str, str], Executed] = {}

    def run(shop: str, notebook: str, period: str) -> Executed:
        if (shop, notebook, period) not in done:
            done[shop, notebook, period] = execute(request.getfixturevalue(shop), notebook, period)
        return done[shop, notebook, period]

    return run


def execute(project: Project, notebook: str, period: str) -> Executed:
    """Run a shipped notebook on `project`, with the parameters of a run."""
    path = REPOSITORY / "notebooks" / f"{notebook}.ipynb"
    found = Executed(project, [], [])
    drawn = Paper.svg
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Paper, "svg", lambda paper, *rest: (found.papers.append(paper), drawn(paper, *rest))[1])
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            caught = Shown()
            patch.setattr(
                report_module,
                "_publish",
                lambda content, html="", c=caught: c.outputs.append((content, html)),
            )
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= {"project": str(project.root), "period": period}
            found.cells.append((cell, caught))
    return found


@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_a_page_is_whole(executed: Callable[..., Executed], page: tuple[str, str, str]) -> None:
    """Every display has a title and an alternative text; no NaN; English without Chinese; closed."""
    found = executed(*page)
    assert "close" == found.shown.outputs[-1][0]["kind"]
    for content, html in found.shown.outputs:
        if content["kind"] in ("style", "close"):
            continue
        assert (True, True) == (bool(content["title"]), bool(content["alt"])), content["kind"]
        assert [] == re.findall(r"\b(?:nan|None|inf|NaT)\b", re.sub(r"<[^>]+>", " ", html))
        if found.project.settings.lang == "en":
            assert not has_cjk(html + content["title"] + content["alt"] + content["subtitle"])


@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_no_label_is_cut_or_covers_another(
    executed: Callable[..., Executed], page: tuple[str, str, str]
) -> None:
    """Measured on the drawing itself."""
    for paper in executed(*page).papers:
        assert ([], []) == faults(paper)


def test_card_sentence_table_and_figure_agree(executed: Callable[..., Executed]) -> None:
    """A page whose parts contradict each other is worth nothing."""
    shown = executed(*PAGES[0]).shown
    facts = {fact["code"]: fact for content, _ in shown.outputs[:-1] for fact in content.get("facts", [])}
    assert len(facts) == shown.of("close")[0]["facts"]
    for metric in ("gmv", "net_sales_final"):
        own = [fact for fact in facts.values() if (fact["metric"], fact["basis"]) == (metric, None)]
        parts = [fact["value"] for fact in own if "platform" in fact["dims"]]
        assert (6, [pytest.approx(sum(parts))]) == (
            len(parts),
            [fact["value"] for fact in own if not fact["dims"]],
        )


def test_a_single_platform_is_split_by_category(executed: Callable[..., Executed]) -> None:
    """Nothing on the page is empty."""
    shares = executed(*PAGES[2]).shown.of("figure")[1]
    assert ["category"] == list(dict.fromkeys(name for fact in shares["facts"] for name in fact["dims"]))


def test_gaps_are_said_on_the_page(executed: Callable[..., Executed]) -> None:
    """Platforms by name, days by number."""
    shown = executed(*PAGES[3]).shown
    note = shown.of("note")[0]["subtitle"]
    assert "不含京东(见缺数清单)" in note
    assert re.search(r"抖音缺 \d+ 天", note)
    assert "不含京东" in shown.of("verdict")[0]["subtitle"]


@pytest.mark.parametrize("page", PAGES[:4], ids="-".join)
def test_the_overview_is_exactly_one_sheet(
    executed: Callable[..., Executed], page: tuple[str, str, str], tmp_path: Path
) -> None:
    """The appendix begins on page two, whatever the shop."""
    found = executed(*page)
    cells = [
        new_code_cell(
            outputs=[
                new_output("display_data", data={"text/html": html, report_module.MIMETYPE: content})
                for content, html in caught.outputs
            ],
            metadata=cell["metadata"],
        )
        for cell, caught in found.cells
    ]
    lang = found.project.settings.lang
    cover = Cover(
        title="R", project_name="S", period_label="2025-11", as_of="2025-12-03", edition="", scope={},
        snapshot=1, run_id="1", generated_at="2025-12-04T08:00:00+08:00", lang=lang,
    )  # fmt: skip
    html = tmp_path / "report.html"
    made = render(
        [Page(new_notebook(cells=cells), page[1], "总览" if lang == "zh" else "Overview")],
        cover,
        found.project,
    )
    html.write_text(made.html, encoding="utf-8")
    printed = print_pdf(html, tmp_path / "report.pdf")
    reader = PdfReader(tmp_path / "report.pdf")
    starts = [
        reader.get_destination_page_number(mark) for mark in reader.outline if not isinstance(mark, list)
    ]
    assert ([0, 1], []) == (starts, printed.warnings)
