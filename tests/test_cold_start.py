"""The first report of all: two platforms, the orders of one month, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from reportkit.project import Project
from reportkit.render.lint import lint_pdf
from reportkit.render.placed import placed
from reportkit.run import run_pack
from tests.study.merchant import merchant

MOST = 0.15  # of the page's height, for what is not yet known


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The merchant, ingested."""
    return merchant(tmp_path_factory.mktemp("cold") / "shop", ("tmall", "xiaohongshu"), plain=True)


@pytest.fixture(scope="module")
def report(project: Project) -> Path:
    """The PDF of its page one and its page about products."""
    result = run_pack(project, "monthly", "2025-09", only="company/boards/overview")
    assert result.ok, result.failures
    pdf = result.reports[0].pdf
    assert pdf is not None
    return pdf


@pytest.fixture(scope="module")
def first(report: Path) -> PageObject:
    """Page one."""
    return PdfReader(report).pages[0]


def test_page_one_says_what_is_true(report: Path, first: PageObject) -> None:
    """60 orders of 100 yuan and 60 of 50: what was sold, by whom, and that there is nothing to compare it with."""
    text = first.extract_text()
    assert "GMV 9,000 元,没有可比的期间" in text
    assert "天猫占 GMV 的 66.7%" in text
    assert "集中度 天猫 66.7%,对照 60.0%" in text
    assert "没有需要决定的事" in text
    assert "未设目标" in text
    assert [] == lint_pdf(report, lang="zh")
    assert [] == re.findall(r"\b(?:nan|None|inf)\b", text)


def test_what_is_not_known_is_kept_short(first: PageObject) -> None:
    """It takes no more than 15 % of the height of page one."""
    texts = placed(first)
    (top,) = [each for each in texts if each.text.startswith("尚未知道")]
    beside = [each for each in texts if each.start[0] >= top.start[0] - 1 and each.start[1] <= top.start[1]]
    footer = min(each.start[1] for each in texts)
    lowest = min(each.start[1] for each in beside if each.start[1] > footer + 1)
    assert 0 <= top.start[1] - lowest <= MOST * float(first.mediabox.height) * 25.4 / 72


def test_a_month_that_no_file_speaks_of_yet(project: Project) -> None:
    """The scheduler came before the files: every board stands, and says what it waits for."""
    result = run_pack(project, "monthly", "2025-10", only="company")
    assert (result.ok, result.failures) == (True, ())
