"""The page about the data: can the numbers be trusted, do they reconcile, what is still to be downloaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pypdf import PdfReader

from reportkit import report as report_module
from reportkit.ingest import faults
from reportkit.project import Project
from reportkit.render.html import Cover, Page, render
from reportkit.render.pdf import print_pdf
from reportkit.report import Report
from reportkit.show import checks, coverage, gaps, quality_verdict, reconciliation, refusals, settlement, todo
from reportkit.show.names import has_cjk
from reportkit.show.words import Words
from tests.quality.faulty import plant
from tests.show.conftest import MANY, Shown
from tests.show.lakes import shop
from tests.show.measured import overlap, visible
from tests.show.test_pages import Executed, execute

PAGE = "support/data_quality"
HOLES = {"jd": (date(2025, 11, 5), date(2025, 11, 9)), "xiaohongshu": (date(2025, 10, 20), date(2025, 12, 3))}
SHOPS = ("bad", "bad_en", "two")


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Six platforms with every fault there is."""
    return _bad(tmp_path_factory.mktemp("bad") / "shop", "zh")


@pytest.fixture(scope="session")
def bad_en(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same, told in English."""
    return _bad(tmp_path_factory.mktemp("bad_en") / "shop", "en")


def _bad(root: Path, lang: str) -> Project:
    project = shop(root, MANY, lang=lang, holes=HOLES)
    plant(project)
    return project


@pytest.fixture(scope="session")
def page(request: pytest.FixtureRequest) -> Callable[..., Executed]:
    """Run a shipped notebook on a shop, once for all tests."""
    done: dict[tuple[str, str], Executed] = {}

    def run(name: str, notebook: str = PAGE) -> Executed:
        if (name, notebook) not in done:
            done[name, notebook] = execute(request.getfixturevalue(name), notebook, "2025-11")
        return done[name, notebook]

    return run


def titles(found: Executed) -> list[str]:
    """The titles of the displays, in order."""
    return [
        content["title"] for content, _ in found.shown.outputs if content["kind"] not in ("style", "close")
    ]


def pdf_of(found: Executed, folder: Path) -> tuple[list[int], list[str]]:
    """Print the page; return the pages its sections start on, and what the printer warned of."""
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
    cover = Cover(
        title="R", project_name="S", period_label="2025-11", as_of="2025-12-03", edition="", scope={}, snapshot=1,
        run_id="1", generated_at="2025-12-04T08:00:00+08:00", lang=found.project.settings.lang,
    )  # fmt: skip
    made = render([Page(new_notebook(cells=cells), PAGE, "Q")], cover, found.project)
    html = folder / "report.html"
    html.write_text(made.html, encoding="utf-8")
    printed = print_pdf(html, folder / "report.pdf")
    reader = PdfReader(folder / "report.pdf")
    marks = [mark for mark in reader.outline if not isinstance(mark, list)]
    return [reader.get_destination_page_number(mark) for mark in marks], printed.warnings


@pytest.mark.parametrize("name", SHOPS)
def test_the_page_is_one_sheet(page: Callable[..., Executed], name: str, tmp_path: Path) -> None:
    """Few platforms or six with every fault, in both languages: the appendix begins on page two."""
    assert ([0, 1], []) == pdf_of(page(name), tmp_path)


@pytest.mark.parametrize("name", SHOPS)
def test_no_label_of_the_grid_is_cut_or_crowded(page: Callable[..., Executed], name: str) -> None:
    """Measured on the drawing itself."""
    for paper in page(name).papers:
        found = list(visible(paper))
        cut = [text for text, box in found if box[0] < -0.3 or box[2] > paper.width + 0.3 or box[1] < -0.3]
        crowded = [(a, b) for (a, one), (b, two) in combinations(found, 2) if overlap(one, two)]
        assert ([], []) == (cut, crowded)


@pytest.mark.parametrize("name", SHOPS)
def test_every_display_speaks_its_language(page: Callable[..., Executed], name: str) -> None:
    """A title is a sentence with a number or says that there is none; English holds no Chinese."""
    found = page(name)
    for content, html in found.shown.outputs:
        if content["kind"] in ("style", "close"):
            continue
        assert content["title"]
        assert content["alt"]
        assert [] == re.findall(r"\b(?:nan|None|NaT)\b", re.sub(r"<[^>]+>", " ", html))
        if found.project.settings.lang == "en":
            assert not has_cjk(html + content["title"] + content["alt"] + content["subtitle"])


def test_titles_are_conclusions(page: Callable[..., Executed]) -> None:
    """What reconciles, what is covered, what was refused, what is to be downloaded: each with its number."""
    verdict, grid, bridges, needs, settled, refused, codes, *_ = titles(page("bad"))
    assert verdict.startswith("5 个平台中 4 个对账差异为 0.00,京东有 0.3% 未解释;数据只覆盖 ")
    assert re.search(r"覆盖 \d+\.\d% 的天数,小红书订单缺 30 天最多", grid)
    assert re.fullmatch(r"平台屏幕数 [\d,.]+,我们的 GMV [\d,.]+,未解释 −[\d,.]+", bridges)
    assert needs.startswith("缺数清单:还要 ")
    assert re.match(r"[\d,]+ 单中 [\d,]+ 单与到账相符,\d+ 单不符", settled)
    assert re.match(r"读入 [\d,]+ 行,拒收 11 行", refused)
    assert re.match(r"15 个编码未映射,占销售 \d", codes)


def test_the_bridge_adds_up_on_paper(bad: Project, opened: Callable[..., Report], shown: Shown) -> None:
    """Per platform: figure + unexplained = ours, to the cent as printed; the facts say the same."""
    report = opened(bad)
    report.show(reconciliation(report.audit))
    (content,) = shown.of("table")
    by: dict[str, dict[str, float]] = {}
    for fact in content["facts"]:
        by.setdefault(fact["dims"]["platform"], {})[fact["metric"].split(".")[1]] = fact["value"]
    assert {"tmall", "douyin", "jd", "pdd", "tiktok_shop"} == set(by)
    for found in by.values():
        assert found["ours"] == pytest.approx(found["figure"] + found["unexplained"], abs=0.005)
    assert f"{by['jd']['figure']:,.2f}" in shown.html("table")[0]
    assert "小红书" in shown.html("table")[0]


def test_numbers_about_the_data_have_evidence(
    bad: Project, opened: Callable[..., Report], shown: Shown, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    """Every fact has its code, its name and rows with a place in a file; refused rows are as many as printed."""
    report = opened(bad)
    audit = report.audit
    for display in (quality_verdict(audit), coverage(audit), refusals(audit), settlement(audit)):
        report.show(display)
    facts = {fact["code"]: fact for content, _ in shown.outputs for fact in content.get("facts", [])}
    assert [f"E{number}" for number in range(1, len(facts) + 1)] == list(facts)
    for fact in facts.values():
        assert fact["name"]
        assert fact["rows_sql"] or not fact["value"]
        assert set(fact["dims"]) <= {"platform"}
    (refused,) = [fact for fact in facts.values() if fact["metric"] == "refused.rows"]
    assert (11, 11, 2) == (refused["value"], refused["rows"], refused["files"])
    (lacking,) = [
        fact for fact in facts.values()
        if fact["metric"] == "coverage.lacking" and fact["dims"] == {"platform": "jd"} and "流量" in fact["name"]
    ]  # fmt: skip
    assert 5 == lacking["value"]
    for sql in lacking["rows_sql"].values():
        assert {"jd"} == {row[0] for row in rows(bad, f"SELECT platform_id FROM ({sql})")}


def test_a_failed_check_is_said_before_any_conclusion(page: Callable[..., Executed]) -> None:
    """First on the overview and on the goals page; each by its number."""
    for notebook in ("boards/overview", "review/goals"):
        found = page("bad", notebook)
        kinds = [content["kind"] for content, _ in found.shown.outputs if content["kind"] != "style"]
        assert ["banner", "verdict"] == kinds[:2]
        (banner,) = found.shown.of("banner")
        assert re.match(r"数据检查有 \d 项不过", banner["title"])
        assert re.search(r"数据只覆盖 \d\d\.\d%,缺 \d+ 天", banner["subtitle"])
        assert banner["facts"]


def test_nothing_is_said_where_every_check_passed(
    two: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """No banner, no empty box, no evidence code spent."""
    report = opened(two)
    before = len(shown.outputs)
    report.show(checks(report.audit))
    report.show(gaps(report.audit)) if not report.audit.partial_sources else None
    assert before == len(shown.outputs)
    report.close()
    assert 0 == shown.of("close")[0]["facts"]


def test_the_overview_leads_to_the_list(page: Callable[..., Executed]) -> None:
    """What lacks data is said there; which files to download only on the page about the data."""
    note = page("bad", "boards/overview").shown.of("note")[0]["subtitle"]
    assert "缺数清单" in note
    assert 1 == sum("缺数清单" in title for title in titles(page("bad")))


def test_a_report_of_one_platform_speaks_of_it_alone(
    bad: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """Its files, its days, its bridge; the forms are of the whole business."""
    report = opened(bad, scope={"platform": ["jd"]})
    for display in (coverage, reconciliation, todo, refusals):
        report.show(display(report.audit))
    assert {"jd"} == {line.platform for line in report.audit.lines}
    assert {"jd"} == {need.platform for need in report.audit.needs}
    assert {"jd"} == {
        fact["dims"]["platform"]
        for content, _ in shown.outputs
        for fact in content.get("facts", [])
        if fact["dims"]
    }
    assert "天猫" not in "".join(html for content, html in shown.outputs if content["kind"] != "style")


def test_reasons_of_refusal_are_said_in_chinese(two: Project) -> None:
    """Whatever an ingest writes down has its words."""
    words = Words(two)
    fixed = [value for name in faults.__all__ if isinstance(value := getattr(faults, name), str)]
    assert fixed
    for reason in (*fixed, "not a number", "not a date", "the row has 3 cells, the header 4"):
        assert words.has(f"refused.{re.sub('[0-9]+', '#', reason)}"), reason
