"""Executed notebooks made in memory, as `reportkit.show` publishes them, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.project import Project
from reportkit.render.html import Cover, Page, Rendered, render
from reportkit.render.pdf import Printed, print_pdf
from reportkit.report import MIMETYPE
from reportkit.show.style import svg

WORDS = {
    "zh": {
        "sections": ("经营总览", "平台", "商品"),
        "verdict": "GMV 同比增 8.2%",
        "long": "120 个商品",
        "cover": ("经营月报", "示例商家", "2025年11月", "同比 2024年11月"),
    },
    "en": {
        "sections": ("Overview", "Platforms", "Products"),
        "verdict": "GMV up 8.2% on last year",
        "long": "120 products",
        "cover": ("Monthly report", "Sample shop", "November 2025", "vs November 2024"),
    },
}


class Build:
    """Parts of executed notebooks."""

    @staticmethod
    def display(kind: str, html: str = "", *facts: dict[str, Any]) -> NotebookNode:
        """Return one output with both mimetypes."""
        return new_output("display_data", data={"text/html": html, MIMETYPE: {"kind": kind, "facts": facts}})

    @staticmethod
    def cell(*outputs: NotebookNode, tag: str = "") -> NotebookNode:
        """Return an executed code cell."""
        return new_code_cell("secret = 1", outputs=list(outputs), metadata={"tags": [tag] if tag else []})

    @staticmethod
    def text(source: str, tag: str = "") -> NotebookNode:
        """Return a markdown cell."""
        return new_markdown_cell(source, metadata={"tags": [tag] if tag else []})

    def close(self) -> NotebookNode:
        """Return the cell that proves that a notebook reached its end."""
        content = {"kind": "close", "closed": True, "facts": 1, "as_of": "2025-12-03"}
        return self.cell(new_output("display_data", data={MIMETYPE: content}))

    def notebook(self, *cells: NotebookNode) -> NotebookNode:
        """Return a notebook of `cells` that reached its end."""
        return new_notebook(cells=[*cells, self.close()])

    @staticmethod
    def fact(number: int, **more: Any) -> dict[str, Any]:
        """Return a fact with evidence code E`number`."""
        common = {"metric": "gmv", "basis": None, "name": "GMV", "unit": "money", "period": "2025-11"}
        counts = {"value": 22091234.12, "rows": 1234, "files": 3, "scope": {}, "dims": {}, "missing": []}
        return {"code": f"E{number}"} | common | counts | more

    @staticmethod
    def figure(title: str, width: float, height: float) -> str:
        """Return an inline SVG of `width` × `height` mm with its title."""
        drawn = Figure(figsize=(width / 25.4, height / 25.4))
        drawn.add_subplot().bar(range(5), range(5))
        caption = f"<figcaption>{title}</figcaption>"
        return f'<figure class="figure" role="img" aria-label="{title}">{caption}{svg(drawn, title)}</figure>'

    @staticmethod
    def table(title: str, rows: int) -> str:
        """Return a table of `rows` rows under the header ``SKU``."""
        head = "<thead><tr><th>SKU</th><th>n</th></tr></thead>"
        body = "".join(f"<tr><td>A-{row}</td><td>{row}</td></tr>" for row in range(rows))
        return f'<section class="table"><p class="title">{title}</p><table>{head}{body}</table></section>'

    @staticmethod
    def cover(lang: str = "zh", **more: Any) -> Cover:
        """Return the cover of a monthly report."""
        title, project_name, period_label, comparison = WORDS[lang]["cover"]
        given = {
            "title": title,
            "project_name": project_name,
            "period_label": period_label,
            "as_of": "2025-12-03",
            "edition": "",
            "scope": {},
            "snapshot": 7,
            "run_id": "r1",
            "generated_at": "2025-12-03T08:00:00+08:00",
            "lang": lang,
            "comparison": comparison,
            "platforms": "6/6",
        }
        return Cover(**given | more)


@dataclass(frozen=True)
class Sample:
    """A report of three sections, the last of which failed, as HTML and as PDF."""

    lang: str
    rendered: Rendered
    html: Path
    pdf: Path
    printed: Printed


@pytest.fixture(scope="session")
def build() -> Build:
    """Parts of executed notebooks."""
    return Build()


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """A project of one line of settings in each language."""
    found = {}
    for lang in ("zh", "en"):
        params = tmp_path_factory.mktemp(lang) / "params"
        params.mkdir()
        (params / "project.yaml").write_text(f"name: shop\nlang: {lang}\n")
        found[lang] = Project.open(params.parent)
    return found


@pytest.fixture
def project(projects: dict[str, Project]) -> Project:
    """The Chinese project."""
    return projects["zh"]


@pytest.fixture
def one(build: Build, project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Rendered]:
    """Render one notebook of the given cells, without its fonts."""
    monkeypatch.setattr("reportkit.render.fonts.embed", lambda html: "")

    def make(*cells: NotebookNode, **cover: Any) -> Rendered:
        page = Page(build.notebook(*cells), "boards/overview", "经营总览")
        return render([page], build.cover(**cover), project)

    return make


def _pages(build: Build, lang: str) -> list[Page]:
    words = WORDS[lang]
    first, second, third = words["sections"]
    verdict = f'<section class="verdict"><p class="sentence">{words["verdict"]}<sup>E1 E2</sup></p></section>'
    overview = build.notebook(
        build.cell(build.display("verdict", verdict, build.fact(1), build.fact(2, dims={"platform": "jd"}))),
        build.cell(build.display("figure", build.figure(first, 169, 70)), tag="left"),
        build.cell(build.display("figure", build.figure(second, 98, 60)), tag="right"),
    )
    facts = [build.fact(number, value=number / 7, name=f"GMV {number}") for number in range(1, 91)]
    platform = build.notebook(
        build.cell(build.display("table", build.table(words["long"], 120), *facts)),
        build.cell(build.display("custom", build.figure(third, 273, 60))),
    )
    failed = new_notebook(
        cells=[build.cell(new_output("error", ename="KeyError", evalue="x", traceback=["Traceback"]))]
    )
    books = {"boards/overview": overview, "boards/platform": platform, "boards/product": failed}
    return [
        Page(book, name, title) for (name, book), title in zip(books.items(), words["sections"], strict=True)
    ]


@pytest.fixture(scope="session", params=["zh", "en"])
def sample(
    request: pytest.FixtureRequest,
    build: Build,
    projects: dict[str, Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Sample:
    """The sample report, printed once in each language."""
    lang = request.param
    folder = tmp_path_factory.mktemp(f"report-{lang}")
    html, pdf = folder / "report.html", folder / "report.pdf"
    rendered = render(_pages(build, lang), build.cover(lang), projects[lang])
    html.write_text(rendered.html, encoding="utf-8")
    return Sample(lang, rendered, html, pdf, print_pdf(html, pdf))
