"""Files that nobody here wrote, with answers that are known: from raw file to finished report."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.render.lint import lint_pdf
from reportkit.run import RunResult, run_pack
from tests.covered import asked, holding, published
from tests.printed import CJK, text_of

# Files of so many days are loaded once more, the other way round.
BACKWARDS = 60
MONEY = """SELECT (SELECT sum(goods_receivable_amt) FROM order_lines) - (SELECT sum(refund_goods_amt) FROM refunds)
    - (SELECT sum(amount) FROM fees)"""
CONTENT = """SELECT 'orders', count(*), NULL, md5(string_agg(order_key, ',' ORDER BY order_key)) FROM orders WHERE {of}
    UNION ALL
    SELECT 'lines', count(*), sum(goods_receivable_amt), md5(string_agg(row_key, ',' ORDER BY row_key)) FROM order_lines
    WHERE {of} UNION ALL
    SELECT 'refunds', count(*), sum(refund_goods_amt), md5(string_agg(row_key, ',' ORDER BY row_key))
    FROM refunds WHERE {of} UNION ALL
    SELECT 'fees', count(*), sum(amount), md5(string_agg(row_key, ',' ORDER BY row_key)) FROM fees WHERE {of} ORDER BY 1"""


@pytest.fixture(scope="module")
def archive(real_data: Callable[[str], Path]) -> Path:
    return real_data("online_retail_daily_csv.zip")


@pytest.fixture(scope="module")
def retail(real_project: Callable[[str], Project], archive: Path) -> tuple[Project, IngestResult]:
    """Online Retail, ingested from its zip."""
    project = real_project("online_retail")
    (project.inbox / archive.name).write_bytes(archive.read_bytes())
    return project, ingest(project)


@pytest.fixture(scope="module")
def retail_lake(retail: tuple[Project, IngestResult]) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(Lake(retail[0].lake))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def retail_run(retail: tuple[Project, IngestResult]) -> RunResult:
    return run_pack(retail[0], "monthly", "2011-11", only="company")


@pytest.fixture(scope="module")
def cosmetics(
    real_project: Callable[[str], Project], real_data: Callable[[str], Path]
) -> tuple[Project, IngestResult]:
    """The cosmetics workbook, ingested."""
    workbook = real_data("淘宝日用化妆.xlsx")
    project = real_project("cosmetics")
    (project.inbox / workbook.name).write_bytes(workbook.read_bytes())
    return project, ingest(project)


def test_retail_loads_whole(retail: tuple[Project, IngestResult]) -> None:
    """All 305 files load, and every one of the 541,909 rows is accounted for."""
    files = retail[1].files
    assert ["loaded"] * 305 == [file.state for file in files]
    assert (541_909, 541_909) == (sum(file.read for file in files), sum(file.accepted for file in files))


def test_retail_money_is_all_there(retail_lake: DuckDBEngine) -> None:
    """Whatever table it landed in, the money of all rows read adds up to the known total."""
    assert abs(float(retail_lake.rows(MONEY)[0][0]) - 9_747_747.934) < 0.01


def test_retail_cancellations_are_refunds(retail_lake: DuckDBEngine) -> None:
    """Cancelled invoices are refunds that name no order; no sale is negative money."""
    found = retail_lake.rows(
        "SELECT count(DISTINCT platform_refund_id), min(refund_goods_amt) >= 0, count(order_key) FROM refunds"
    )
    assert [(True, 0)] == [row[1:] for row in found]
    assert [(0,)] == retail_lake.rows("SELECT count(*) FROM order_lines WHERE goods_receivable_amt < 0")
    codes = retail_lake.rows(
        "SELECT count(DISTINCT unit_key) FROM refunds WHERE NOT starts_with(platform_refund_id, 'C')"
    )
    assert [(0,)] == codes


def test_retail_codes_that_are_no_goods_are_fees(retail_lake: DuckDBEngine) -> None:
    """The three A rows and the postage and bank codes are fees, with their sum."""
    adjust = retail_lake.rows(
        "SELECT count(*), -sum(amount)::DOUBLE FROM fees WHERE starts_with(platform_order_id, 'A')"
    )
    assert [(3, -11_062.06)] == adjust
    codes = retail_lake.rows("SELECT DISTINCT fee_raw FROM fees ORDER BY 1")
    assert ["AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "DOT", "POST"] == [code for (code,) in codes]


def test_retail_payment_basis_is_null(retail: tuple[Project, IngestResult]) -> None:
    """Refunds that name no order leave the payment-date basis unknown, not zero."""
    engine = DuckDBEngine(Lake(retail[0].lake))
    asked = ["refund_amount.refund_date", "refund_amount.pay_date", "net_sales.pay_date", "gmv"]
    result = Metrics(retail[0], engine).query(asked, period="2011-11")
    engine.close()
    assert [None, None] == [result.cell("refund_amount.pay_date"), result.cell("net_sales.pay_date")]
    assert (result.cell("refund_amount.refund_date") or 0) > 0


def test_retail_second_load_changes_nothing(retail: tuple[Project, IngestResult]) -> None:
    """Loading the same archive again publishes nothing."""
    again = ingest(retail[0])
    assert {"known"} == {file.state for file in again.files}
    assert retail[1].snapshot == again.snapshot


def test_retail_in_reverse_gives_the_same_numbers(
    retail_lake: DuckDBEngine, archive: Path, real_project: Callable[[str], Project]
) -> None:
    """Files of two months loaded from last to first, in several goes, leave the same rows in the lake."""
    project = real_project("online_retail")
    with zipfile.ZipFile(archive) as content:
        content.extractall(project.inbox)
    files = sorted(project.inbox.rglob("*.csv"), reverse=True)[:BACKWARDS]
    for start in range(0, len(files), BACKWARDS // 3):
        assert [] == ingest(project, files[start : start + BACKWARDS // 3]).failed
    engine = DuckDBEngine(Lake(project.lake))
    listed = ", ".join(f"'{file}'" for (file,) in engine.rows("SELECT source_file FROM files"))
    content = CONTENT.format(of=f"source_file IN ({listed})")
    assert retail_lake.rows(content) == engine.rows(content)
    engine.close()


def test_retail_report_is_english(retail_run: RunResult) -> None:
    """The monthly pack gives HTML and PDF with no Chinese left in them."""
    assert retail_run.ok, retail_run.failures
    (report,) = retail_run.reports
    html = report.html.read_text("utf-8")
    assert report.pdf is not None
    assert [] == CJK.findall(re.sub(r"url\(data:[^)]*\)", "", html))
    assert [] == CJK.findall(text_of(report.pdf))
    assert [] == lint_pdf(report.pdf, lang="en")
    assert "£1.46M" in text_of(report.pdf)


def test_retail_tells_what_it_cannot_show(retail_run: RunResult) -> None:
    """Of every block that docs/coverage.md names there is a value, its empty state, or its line among what lacks data."""
    contents = published(retail_run)
    told = {block for content in contents for block in content["blocks"]}
    assert {} == {row.id: lost for row in asked("S1") if (lost := set(row.blocks) - told)}
    assert {"2.6", "2.9", "3.7", "4.8"} <= told - set(holding(contents))


def test_cosmetics_sheets_find_their_sources(cosmetics: tuple[Project, IngestResult]) -> None:
    """Each sheet goes to its own source; the one that describes fields is left out and named."""
    found = {file.sheet: (file.state, file.source, file.read) for file in cosmetics[1].files}
    assert {
        "销售订单表": ("loaded", "shop/orders", 31_452),
        "商品信息表": ("loaded", "shop/products", 122),
        "数据结构": ("ignored", "", 0),
    } == found


def test_cosmetics_books(cosmetics: tuple[Project, IngestResult]) -> None:
    """31,452 rows are 31,451 accepted and one refused, of 2050."""
    (orders,) = [file for file in cosmetics[1].files if file.sheet == "销售订单表"]
    assert (31_451, 1) == (orders.accepted, orders.rejected)
    assert "B20799: 订单日期: a date before 2000 or in the future" in orders.notes[0]


def test_cosmetics_dirt(cosmetics: tuple[Project, IngestResult], rows: Callable[..., list[tuple]]) -> None:
    """March as 2019#3#28, 1473个, 86元 and 西 区 all come out right; equal lines are kept."""
    project = cosmetics[0]
    march = "SELECT count(*) FROM order_lines WHERE created_date BETWEEN '2019-03-01' AND '2019-03-31'"
    assert [(2_894,)] == rows(project, march)
    pieces = "SELECT qty, list_amt::INT FROM order_lines WHERE source_row IN (290, 19056) ORDER BY source_row"
    assert [(397, 34_142), (1473, 126_678)] == rows(project, pieces)
    regions = "SELECT DISTINCT shop_id FROM orders WHERE shop_id IS NOT NULL ORDER BY 1"
    assert {"东区", "南区", "西区", "北区"} == {region for (region,) in rows(project, regions)}
    equal = """SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM order_lines
        GROUP BY platform_order_id, created_at, spu_id, qty, goods_receivable_amt HAVING count(*) > 1)"""
    assert rows(project, equal)[0][0] >= 6


def test_cosmetics_report_is_chinese(cosmetics: tuple[Project, IngestResult]) -> None:
    """The pack of June 2019 gives a Chinese PDF that passes the lint."""
    result = run_pack(cosmetics[0], "monthly", "2019-06", only="company")
    assert result.ok, result.failures
    (report,) = result.reports
    assert report.pdf is not None
    assert [] == lint_pdf(report.pdf, lang="zh")
    assert "5.74 亿" in text_of(report.pdf)
