"""Every printed number has a code, and the code leads to its rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import cards, shares, table
from reportkit.show.markup import codes
from tests.show.conftest import Shown


def counted(report: Report, fact: dict[str, Any]) -> tuple[int, int]:
    """Rows and files behind a fact, counted plainly."""
    every = " UNION ALL ".join(f"SELECT source_file FROM ({sql})" for sql in fact["rows_sql"].values())
    return report._metrics.engine.rows(f"SELECT count(*), count(DISTINCT source_file) FROM ({every})")[0]


@pytest.mark.parametrize("by", ["platform", "category", "province", "day"])
def test_rows_and_files_are_those_of_the_sql(
    two: Project, opened: Callable[..., Report], shown: Shown, by: str
) -> None:
    """For totals and for parts along any dimension."""
    report = opened(two, "2025-11-10/2025-11-12")
    requests = "gmv net_sales.pay_date refund_rate_amt"
    report.show(table(report.metrics(requests, by=by), report.metrics(requests)))
    facts = shown.of("table")[0]["facts"]
    assert len(facts) >= 6
    assert [counted(report, fact) for fact in facts] == [(fact["rows"], fact["files"]) for fact in facts]


def test_a_value_has_one_code_and_is_not_rounded(
    two: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """Asked for twice, cited as the same; the fact holds every digit."""
    report = opened(two)
    sales = report.metrics("gmv orders", compare="previous last_year target")
    report.show(cards(sales))
    report.show(cards(report.metrics("gmv")))
    first, second = (content["facts"][0] for content in shown.of("cards"))
    assert ("E1", "E1", sales.cell("gmv")) == (first["code"], second["code"], first["value"])
    assert sales.cell("gmv", "last_year_growth") == first["last_year_growth"]
    assert sales.cell("gmv", "target") == first["target"]


def test_facts_travel_as_plain_json(two: Project, opened: Callable[..., Report], shown: Shown) -> None:
    """No NaN, no date objects."""
    report = opened(two)
    report.show(
        cards(report.metrics("gmv cvr", compare="previous last_year target"), report.metrics("gmv", by="day"))
    )
    report.show(shares(report.metrics("gmv", by="platform", compare="last_year")))
    text = json.dumps([content for content, _ in shown.outputs], allow_nan=False)
    assert {"code", "metric", "basis", "name", "unit", "period", "scope", "dims", "value", "previous", "last_year",
            "target", "rows", "files", "missing", "sql", "rows_sql"} <= set(json.loads(text)[1]["facts"][0])  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["E3", "E1", "E2", "E7"], "<sup>E1–E3 E7</sup>"),
        (["E4", "E5"], "<sup>E4 E5</sup>"),
        (["E4", "E4"], "<sup>E4</sup>"),
        ([], ""),
    ],
)
def test_codes_are_drawn_together(given: list[str], expected: str) -> None:
    """Runs of three and more become one span."""
    assert expected == str(codes(given))
