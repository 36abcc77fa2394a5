"""The whole way, on the demo merchant: from export files to reports that a manager reads."""

from __future__ import annotations

import copy
import csv
import re
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell

from reportkit import open_report
from reportkit.demo import REVIEW, REVIEWED
from reportkit.ingest import IngestResult
from reportkit.project import Project
from reportkit.render.lint import lint_html, lint_pdf
from reportkit.run import RunResult, run_pack, trace
from tests.conftest import REPOSITORY, long
from tests.covered import asked, holding, published
from tests.printed import chapters, text_of
from tests.projects import make_shop

MONTH = "2026-09"
PLATFORMS = ["tmall", "jd", "pdd", "douyin", "xiaohongshu", "tiktok_shop"]

ANALYST = """\
import seaborn
days = report.frame("gmv", by="day", period=report.recent)
axes = seaborn.histplot(days, x="gmv")
axes.set(xlabel="GMV", ylabel="天数")
report.show(axes, title="多数日子卖得差不多", alt="每日 GMV 的直方图")"""


@pytest.fixture(scope="module")
def demo(small_demo: tuple[Project, IngestResult], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project on the lake of the demo merchant."""
    merchant, ingested = small_demo
    assert [] == ingested.failed
    return make_shop(tmp_path_factory.mktemp("spine") / "demo", {}, lake=str(merchant.lake))


@pytest.fixture(scope="module")
def monthly(demo: Project) -> RunResult:
    return run_pack(demo, "monthly", MONTH, only="company")


def test_monthly_in_chinese(monthly: RunResult) -> None:
    """The company's report has no fault; overview and data quality are one sheet each, the trace is last."""
    faultless(monthly, "company", ["商品经营"])


@long
def test_a_platforms_month_in_chinese(demo: Project) -> None:
    """So has that of a platform, without the board of products."""
    faultless(run_pack(demo, "monthly", MONTH, only="platform-xiaohongshu"), "platform-xiaohongshu", [])


def faultless(result: RunResult, edition: str, products: list[str]) -> None:
    """Hold a run's one report to what every report is held to."""
    assert result.ok, result.failures
    (report,) = result.reports
    assert report.pdf is not None
    assert edition == report.edition
    assert [] == lint_pdf(report.pdf, lang="zh")
    assert [] == lint_html(report.html.read_text("utf-8"))
    sheets = chapters(report.pdf)
    assert ["经营总览", "平台对比", *products, "售后服务", "数据质量", "数据追溯"] == list(sheets)
    assert (0, 1) == (sheets["经营总览"], sheets["平台对比"])
    assert 1 == sheets["数据追溯"] - sheets["数据质量"]
    assert () == result.notes


@pytest.fixture(scope="module")
def review(demo: Project) -> RunResult:
    return run_pack(demo, "promo_review", REVIEW, as_of=REVIEWED)


def test_review_in_chinese(review: RunResult) -> None:
    """Five chapters without a fault, page one on one sheet; no chapter about an issue before, for there is none."""
    assert review.ok, review.failures
    (report,) = review.reports
    assert report.pdf is not None
    assert [] == lint_pdf(report.pdf, lang="zh")
    assert [] == lint_html(report.html.read_text("utf-8"))
    assert "达成" in text_of(report.pdf)
    chapter = ["目标回顾", "过程复盘", "问题归因", "行动优化", "数据质量", "数据追溯"]
    assert chapter == list(chapters(report.pdf))
    assert () == review.notes


def test_what_was_asked_for_is_shown(monthly: RunResult) -> None:
    """Every block that docs/coverage.md names for the boards holds a value, and a row's blocks tell the metrics it names."""
    shown = holding(published(monthly))
    assert {} == {row.id: lost for row in asked("S1") if (lost := set(row.blocks) - set(shown))}
    assert {} == untold("S1", shown)


def test_what_was_asked_of_the_review_is_shown(monthly: RunResult, review: RunResult) -> None:
    """Every block that docs/coverage.md names for the review is there, and a row's blocks tell the metrics it names."""
    contents = [*published(monthly), *published(review)]
    there = {block for content in contents for block in content["blocks"]}
    assert {} == {row.id: lost for row in asked("S2") if (lost := set(row.blocks) - there)}
    assert {} == untold("S2", holding(contents))


def untold(article: str, shown: dict[str, set[str]]) -> dict[str, set[str]]:
    """The metrics that rows name and their blocks do not tell."""
    told = {row.id: set().union(*(shown.get(block, set()) for block in row.blocks)) for row in asked(article)}
    return {row.id: lost for row in asked(article) if (lost := set(row.facts) - told[row.id])}


def test_parts_and_totals_agree(monthly: RunResult) -> None:
    """What a page prints for its platforms adds up to what it prints for the company."""
    company = monthly.reports[0].facts
    totals = {(fact["metric"], fact["basis"]): fact["value"] for fact in company if not fact["dims"]}
    for metric, basis in (("gmv", None), ("net_sales_final", None), ("orders", None)):
        split = {
            fact["dims"]["platform"]: fact["value"]
            for fact in company
            if (fact["metric"], fact["basis"]) == (metric, basis) and set(fact["dims"]) == {"platform"}
        }
        assert set(PLATFORMS) == set(split)
        assert abs(sum(split.values()) - totals[metric, basis]) < 0.005


def test_effects_add_up_to_the_change(demo: Project, monthly: RunResult) -> None:
    """The factors of each platform come to its change, and the platforms' changes to that of the company."""
    effects: dict[str, dict[str, float]] = {}
    for fact in monthly.reports[0].facts:
        if fact["metric"].startswith("change.") and set(fact["dims"]) == {"platform"}:
            effects.setdefault(fact["dims"]["platform"], {})[fact["metric"]] = fact["value"]
    changes = {platform: found.pop("change.change") for platform, found in effects.items()}
    assert set(PLATFORMS) == set(changes)
    assert changes == pytest.approx({name: sum(found.values()) for name, found in effects.items()}, abs=0.01)
    report = open_report(demo.root, MONTH)
    whole = report.metrics("net_sales_final", compare="last_year").frame["last_year_change"].iloc[0]
    report.close()
    assert sum(changes.values()) == pytest.approx(whole, abs=0.01)


@pytest.mark.parametrize(
    ("block", "kind"),
    [("1.D", "横条"), ("2.5", "横条"), ("3.3", "横条"), ("3.13", "横条"), ("4.5", "帕累托图")],
)
def test_shares_come_to_a_hundred(monthly: RunResult, block: str, kind: str) -> None:
    """What is printed beside the bars of a whole adds up to 100.0 %."""
    told = [one["alt"].partition(f"{kind}:")[2] for one in published(monthly) if block in one["blocks"]]
    sums = [sum(map(Decimal, re.findall(r"([\d.]+)%", items))) for items in told if items]
    assert sums
    assert {Decimal("100.0")} == set(sums)


@pytest.mark.parametrize("basis", ["pay_date", "refund_date"])
def test_sales_less_refunds_are_net_sales(demo: Project, basis: str) -> None:
    """On either basis, on every day of a platform that tells both; these days together are the company's."""
    report = open_report(demo.root, MONTH)
    requests = f"gmv refund_amount.{basis} net_sales.{basis}"
    known = report.frame(requests, by="platform day").dropna()
    net = known["gmv"] - known[f"refund_amount.{basis}"]
    assert net.to_numpy() == pytest.approx(known[f"net_sales.{basis}"].to_numpy(), abs=0.005)
    assert net.sum() == pytest.approx(report.frame(requests)[f"net_sales.{basis}"].iloc[0], abs=0.005)
    report.close()


def test_nothing_printed_is_no_number(monthly: RunResult) -> None:
    """Neither the page nor the PDF says nan, None or inf."""
    (report,) = monthly.reports
    assert report.pdf is not None
    body = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", report.html.read_text("utf-8"), flags=re.S)
    for text in (body, text_of(report.pdf)):
        assert [] == re.findall(r"(?<![\w.-])[-+−]?(?:nan|NaN|None|inf|NaT)(?![\w.-])", text)


def test_a_printed_number_leads_to_its_rows(demo: Project, monthly: RunResult, tmp_path: Path) -> None:
    """The rows that trace writes add up to the number printed under the code."""
    (fact,) = [one for one in monthly.reports[0].facts if one["metric"] == "gmv" and not one["dims"]][:1]
    found = trace(demo, monthly.run, f"company/{fact['code']}", tmp_path)
    assert found.sql
    (table,) = found.tables
    with table.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert round(Decimal(fact["value"]), 2) == sum(Decimal(line["goods_receivable_amt"]) for line in lines)
    assert all(line["path"] and int(line["source_row"]) > 1 for line in lines)


def test_a_number_about_the_data_leads_to_its_rows(demo: Project, monthly: RunResult, tmp_path: Path) -> None:
    """So does what a platform's own screen shows, on the page about the data."""
    (fact,) = [
        one
        for one in monthly.reports[0].facts
        if one["metric"] == "reconciliation.figure" and one["dims"] == {"platform": "tmall"}
    ]
    (table,) = trace(demo, monthly.run, f"company/{fact['code']}", tmp_path).tables
    with table.open(encoding="utf-8-sig", newline="") as file:
        amounts = [Decimal(line["amount"]) for line in csv.DictReader(file)]
    assert (round(Decimal(fact["value"]), 2), 30) == (sum(amounts), len(amounts))


@pytest.fixture(scope="module")
def two(demo: Project) -> RunResult:
    """A pack of the project's own: the overview with an analyst's figure, and a notebook that fails.

    Without alerts and advice, which take longer than all the rest of the page.
    """
    notebook = nbformat.read(REPOSITORY / "notebooks" / "boards" / "overview.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "report.findings" not in cell.source]
    folder = demo.root / "notebooks" / "own"
    folder.mkdir(parents=True)
    for name, place, cell in (("mine", -1, ANALYST), ("broken", 3, "report.metrics('gmvv')")):
        changed = copy.deepcopy(notebook)
        changed.cells.insert(place, new_code_cell(cell))
        nbformat.write(changed, folder / f"{name}.ipynb")
    pack = {"title": {"zh": "两页", "en": "Two"}, "period": "month", "sections": ["own/mine", "own/broken"],
            "editions": {"company": {}}}  # fmt: skip
    (demo.root / "params" / "packs").mkdir(exist_ok=True)
    (demo.root / "params" / "packs" / "two.yaml").write_text(
        yaml.safe_dump(pack, allow_unicode=True), "utf-8"
    )
    return run_pack(demo, "two", MONTH)


def test_an_analysts_own_figure_is_in_the_report(two: RunResult) -> None:
    """Five lines of seaborn in a notebook of the project's own stand in its PDF, marked as custom."""
    assert two.reports[0].pdf is not None
    text = text_of(two.reports[0].pdf)
    assert "多数日子卖得差不多" in text
    assert "自定义" in text


def test_a_broken_notebook_never_reaches_a_reader(two: RunResult) -> None:
    """Beside a section that fails the others are delivered, and no reader sees a traceback."""
    assert not two.ok
    assert ["company/own/broken"] == [failure.name for failure in two.failures]
    assert 'no metric "gmvv"' in str(two.failures[0].error)
    (report,) = two.reports
    assert "Traceback" not in report.html.read_text("utf-8")
    assert report.pdf is not None
    gmv = next(fact["value"] for fact in report.facts if fact["metric"] == "gmv" and not fact["dims"])
    assert f"{gmv / 10_000:.1f}" in text_of(report.pdf)
