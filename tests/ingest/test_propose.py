"""A stranger's file: the proposed source, and the page that leads from the file to numbers, step by step."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from typer.testing import CliRunner

from reportkit import cli
from reportkit.errors import InputError
from reportkit.ingest import ingest
from reportkit.ingest.draft import draft
from reportkit.ingest.propose import propose
from reportkit.project import Project
from tests.conftest import REPOSITORY
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv

PAGE = REPOSITORY / "docs" / "add-your-own-export.md"
HEADERS = ["订单号", "下单时间", "商品名称", "数量", "订单状态", "买家电话", "颜色偏好"]
ROWS = [
    ["A0001", "2025-11-01 10:00:00", "保温杯", "2", "已完成", "13900012345", "红"],
    ["A0002", "2025-11-02 10:00:00", "雨伞", "1", "已完成", "13900012346", "蓝"],
]


def steps(page: str) -> Iterator[tuple[str, str, str]]:
    """The fenced blocks of a page: kind, file, text."""
    yield from re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", page, re.M | re.S)


def patched(text: str, change: str) -> str:
    """Apply a block of - and + lines, with lines around them, at the one place where it fits."""
    old = "".join(line[1:] + "\n" for line in change.splitlines() if line[0] != "+")
    new = "".join(line[1:] + "\n" for line in change.splitlines() if line[0] != "-")
    assert 1 == text.count(old), change
    return text.replace(old, new)


def test_the_page_leads_to_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file, command and edit of the page, in its order; what it says is printed is printed."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "project.yaml").write_text("name: my shop\n")
    monkeypatch.chdir(tmp_path)
    printed, kinds = "", []
    for kind, file, text in steps(PAGE.read_text("utf-8")):
        kinds.append(kind)
        path = tmp_path / file
        if kind == "csv":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif kind == "diff":
            path.write_text(patched(path.read_text("utf-8"), text), "utf-8")
        elif kind == "console":
            printed = "".join(run(line) for line in text.splitlines())
        elif kind == "yaml":
            assert text in (tmp_path / "params/sources/youzan/orders.yaml").read_text("utf-8")
        else:
            assert "text" == kind
            assert " ".join(text.split()) in " ".join(printed.replace("│", " ").split())
    assert ["csv", "console", "text", "console", "text", "yaml", "diff", "diff"] == kinds[:8]
    stored = b"".join(file.read_bytes() for file in (tmp_path / "data" / "lake").rglob("*.parquet"))
    assert [] == [word for word in ("张测试", "样例路", "13900012345") if word.encode() in stored]


def run(line: str) -> str:
    """Run one command of the page; an ingest may fail, but with a message."""
    program, *arguments = shlex.split(line)
    assert "reportkit" == program
    result = CliRunner().invoke(cli.app, arguments)
    assert isinstance(result.exception, SystemExit | None), result.output
    return result.output


def proposed(project: Project, file: Path) -> dict:
    """The YAML of the proposal for `file`, read back."""
    return yaml.safe_load(draft(propose(project, file), "other", "CNY"))


def test_proposal_that_suffices_is_a_source(make_project: Callable[..., Project]) -> None:
    """With all required columns found, the proposal loads the file as it is."""
    project = make_project()
    path = write_csv(project.inbox / "x.csv", HEADERS, ROWS)
    target = project.root / "params" / "sources" / "other" / "orders.yaml"
    target.parent.mkdir(parents=True)
    target.write_text(draft(propose(project, path), "other", "CNY"), "utf-8")
    (file,) = ingest(project).files
    assert ("loaded", "other/orders", 2, 2) == (file.state, file.source, file.read, file.accepted)


def test_forms_are_guessed(make_project: Callable[..., Project]) -> None:
    """Ids, units of numbers, personal columns, words: each as it is written by hand."""
    project = make_project()
    found = proposed(project, write_csv(project.inbox / "x.csv", HEADERS, ROWS))
    orders, lines = found["tables"]["orders"]["columns"], found["tables"]["order_lines"]["columns"]
    assert {"from": "订单号", "id": True} == orders["platform_order_id"]
    assert ("下单时间", "订单状态") == (orders["created_at"], orders["status_raw"])
    assert ("商品名称", "数量") == (lines["title"], lines["qty"])
    assert ["买家电话"] == found["personal"]
    assert ["platform_order_id"] == found["unit"]


def test_header_row_and_sheet_are_found(make_project: Callable[..., Project]) -> None:
    """The second sheet of a workbook that calls itself xls, below three rows of preamble."""
    project = make_project()
    path = project.inbox / "导出.xls"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write_row(0, 0, ["导出说明", "请勿修改"])
        sheet = book.add_worksheet("数据")
        for number, row in enumerate([["某店"], ["2025-11-01", "2025-11-30"], [], HEADERS, *ROWS]):
            sheet.write_row(number, 0, row)
    found = propose(project, path)
    assert ("workbook", "数据", 4) == (found.kind, found.sheet, found.header)
    assert ["颜色偏好"] == [raw.header for raw in found.unmapped]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("31/12/2025 08:00", "%d/%m/%Y %H:%M"), ("12/31/2025 08:00:00 AM", "%m/%d/%Y %I:%M:%S %p")],
)
def test_day_and_month(make_project: Callable[..., Project], cell: str, kind: str) -> None:
    """A date whose parts can be told apart gets its format."""
    project = make_project()
    rows = [[row[0], cell, *row[2:]] for row in ROWS]
    found = proposed(project, write_csv(project.inbox / "x.csv", HEADERS, rows))
    assert {"from": "下单时间", "time": [kind]} == found["tables"]["orders"]["columns"]["created_at"]


def test_amounts_and_units(make_project: Callable[..., Project]) -> None:
    """An amount is money of the project; pieces may carry their word; a total row is a footer."""
    project = make_project()
    rows = [[*row[:3], f"{row[3]}件", *row[4:], "¥5.00"] for row in ROWS]
    path = write_csv(project.inbox / "x.csv", [*HEADERS, "运费"], [*rows, ["合计", *[""] * 7]])
    found = proposed(project, path)
    assert {"from": "运费", "money": "CNY"} == found["tables"]["orders"]["columns"]["freight_charged"]
    assert {"from": "数量", "number": "件"} == found["tables"]["order_lines"]["columns"]["qty"]
    assert ["合计"] == found["skip_rows"]


def test_unknown_words_are_comments(make_project: Callable[..., Project]) -> None:
    """Words of a status nobody mapped stand as TODO, with what they may mean; the others are mapped."""
    project = make_project()
    rows = [ROWS[0], [*ROWS[1][:4], "待核销", *ROWS[1][5:]]]
    proposal = propose(project, write_csv(project.inbox / "x.csv", HEADERS, rows))
    assert ("待核销",) == proposal.tables["orders"]["status_std"].unknown
    text = draft(proposal, "other", "CNY")
    assert "          已完成: completed\n          # TODO 待核销: pending_payment | paid |" in text


def test_personal_cells_are_never_shown(make_project: Callable[..., Project]) -> None:
    """A proposal names headers and status words only; a phone number is told by its shape too."""
    project = make_project()
    headers, rows = [*HEADERS, "预留"], [[*row, "13900012399"] for row in ROWS]
    proposal = propose(project, write_csv(project.inbox / "x.csv", headers, rows))
    assert ["买家电话", "预留"] == [raw.header for raw in proposal.columns if raw.personal]
    assert "139000123" not in draft(proposal, "other", "CNY")


def test_daily_table(make_project: Callable[..., Project]) -> None:
    """A file of one row a day is traffic: its unit is the day, and what follows from it is filled in."""
    project = make_project()
    path = write_csv(
        project.inbox / "x.csv", ["统计日期", "访客数", "浏览量", "转粉数"], [["2025-11-01", "5", "9", "1"]]
    )
    found = proposed(project, path)
    assert ["traffic"] == list(found["tables"])
    columns = found["tables"]["traffic"]["columns"]
    assert ("统计日期", "统计日期", {"constant": "shop"}) == (
        columns["date_from"],
        columns["date_to"],
        columns["scope"],
    )
    assert ["date_from", "date_to"] == found["unit"]


def test_lacking_columns_are_todo(make_project: Callable[..., Project]) -> None:
    """A table without what it must have gets a TODO line a column, and the proposal says so."""
    project = make_project()
    path = write_csv(project.inbox / "x.csv", ["展现量", "点击量", "总成交金额"], [["1", "2", "3"]])
    found = propose(project, path)
    assert ("ads.date", "ads.spend_cash") == found.lacking
    text = draft(found, "other", "CNY")
    assert "      # TODO date: day spent (date)\n      # TODO spend_cash: spent (money)\n" in text


def test_files_that_get_no_proposal(make_project: Callable[..., Project]) -> None:
    """A file that a source reads, one nothing resembles, and one without headers are each refused."""
    project = make_project(sources={"test/orders": ORDERS})
    known = write_csv(project.inbox / "a.csv", ORDER_HEADERS, [order("1")])
    strange = write_csv(project.inbox / "b.csv", ["甲列", "乙列"], [["1", "2"]])
    bare = write_csv(project.inbox / "c.csv", ["1", "2"], [["3", "4"]])
    for path, reason in (
        (known, "source test/orders reads it already"),
        (strange, "none of its columns is like any that a source reads: 甲列, 乙列"),
        (bare, "holds no row of headers"),
    ):
        with pytest.raises(InputError, match=reason):
            propose(project, path)
