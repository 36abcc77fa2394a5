"""Forms come back: what was filled in stands in the lake, examples and explanations do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reportkit import schema
from reportkit.engines import DuckDBEngine
from reportkit.forms import write_forms
from reportkit.forms.model import load_books
from reportkit.ingest import ingest
from reportkit.ingest.source import load_sources
from reportkit.lake import Lake
from reportkit.project import Project
from tests.forms.filled import Row, filled, write
from tests.projects import make_shop

Rows = Callable[[Project, str], list[tuple]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Counter[str]]:
    """A project that loaded every form with its examples taken for real, and the rows it should hold."""
    project = make_shop(tmp_path_factory.mktemp("forms") / "shop", {})
    for path in write_forms(project, project.inbox):
        book = load_workbook(path)
        for page in book:
            for row in range(2, page.max_row + 1) if page["A1"].value == "示例" else ():
                page.cell(row, 1).value = None
        book.save(path)
    expected = Counter(
        {sheet.name: len(sheet.examples) for book in load_books(project).values() for sheet in book.sheets}
    )
    return project, expected


def test_examples_are_valid(shown: tuple[Project, Counter[str]]) -> None:
    """Without their mark all examples of all forms are accepted, so none teaches a mistake."""
    project, expected = shown
    result = ingest(project)
    loaded = {file.sheet: file for file in result.files if file.state == "loaded"}
    assert [] == result.failed
    assert [] == [note for file in loaded.values() for note in file.notes]
    assert expected == Counter({sheet: file.accepted for sheet, file in loaded.items()})
    engine = DuckDBEngine(Lake(project.lake), result.snapshot)
    tables = {
        name
        for source in load_sources(project).values()
        for name in source.fed
        if source.id.startswith("forms/")
    }
    counts = {name: engine.rows(f"SELECT count(*) FROM {name}")[0][0] for name in sorted(tables)}
    engine.close()
    assert sum(counts.values()) == expected.total()
    assert len(counts) == len(expected) == 23


def test_unfilled_forms_load_nothing(make_project: Callable[..., Project], rows: Rows) -> None:
    """Examples left in are skipped; the guide and the lists are no data; nothing fails."""
    project = make_project()
    written = write_forms(project, project.inbox)
    result = ingest(project)
    states = Counter((file.sheet in ("填写说明", "可选词"), file.state) for file in result.files)
    assert states.keys() == {(False, "loaded"), (True, "ignored")}
    assert {
        (file.path, "填写说明")
        for file in result.files
        if file.state == "ignored" and file.sheet == "填写说明"
    } == {(path.name, "填写说明") for path in written}
    assert [] == [
        file
        for file in result.files
        if file.state == "loaded" and (file.read != file.skipped or not file.read)
    ]
    facts = [name for name, table in schema.tables().items() if not table.governance]
    assert {0} == {rows(project, f"SELECT count(*) FROM {name}")[0][0] for name in facts}


def test_targets_come_back(make_project: Callable[..., Project], rows: Rows) -> None:
    """Numbers, percentages, periods that a spreadsheet took for dates, and roles."""
    project = make_project()
    common: Row = {"平台": "天猫", "版本": "v1", "设定日期": date(2025, 10, 25), "设定角色": "店铺运营"}
    added: list[Row] = [
        {**common, "周期": "2025-11", "指标": "GMV", "目标值": 1200000, "预算": 90000.5},
        {**common, "周期": date(2025, 12, 1), "指标": "转化率", "目标值": 0.032},
        {**common, "周期": "2025年9月", "指标": "退款率", "目标值": "12.5%"},
        {**common, "周期": 2026, "指标": "净销售额", "目标值": "350万", "平台": "全部"},
    ]
    filled(project, "targets", {"目标": added})
    (file,) = (file for file in ingest(project).files if file.state == "loaded")
    assert (7, 4, 0, 3, []) == (file.read, file.accepted, file.rejected, file.skipped, file.notes)
    sql = "SELECT period, target_platform, metric_id, value, budget, set_at, set_by FROM targets ORDER BY source_row"
    day, role = date(2025, 10, 25), "店铺运营"
    assert [
        ("2025-11", "tmall", "gmv", 1200000.0, Decimal("90000.5"), day, role),
        ("2025-12", "tmall", "cvr", 0.032, None, day, role),
        ("2025-09", "tmall", "refund_rate_amt", 0.125, None, day, role),
        ("2026", "all", "net_sales", 3500000.0, None, day, role),
    ] == rows(project, sql)


def test_two_sheets_of_one_workbook(make_project: Callable[..., Project], rows: Rows) -> None:
    """Service and ratings stand in one workbook and come back to two tables."""
    project = make_project()
    day = date(2025, 11, 11)
    service: Row = {"日期": day, "平台": "抖音", "班组": "晚班", "接待量": 12, "平均响应秒数": 31.5}
    rating: Row = {"日期": day, "平台": "抖音", "评分项": "商家体验分", "得分": 92, "满分": 100}
    filled(project, "service", {"客服": [service], "满意度": [rating]})
    ingest(project)
    assert [("douyin", "晚班", 12, 31.5)] == rows(
        project, "SELECT platform_id, team, sessions, avg_response_s FROM service"
    )
    assert [("douyin", "商家体验分", 92.0, 100.0)] == rows(
        project, "SELECT platform_id, source, score, scale_max FROM ratings"
    )


def test_later_workbook_replaces_its_entries_only(make_project: Callable[..., Project], rows: Rows) -> None:
    """An action that moved on is replaced; one that the later workbook does not name stays."""
    project = make_project()
    first: Row = {
        "行动编号": "A-1",
        "动作": "测主图",
        "责任角色": "设计",
        "截止日期": date(2025, 11, 28),
        "状态": "待启动",
    }
    path = filled(project, "actions", {"行动台账": [first, {**first, "行动编号": "A-2"}]})
    path.rename(path.with_name("行动台账_20251101.xlsx"))
    ingest(project)
    later = filled(project, "actions", {"行动台账": [{**first, "状态": "已完成", "结果值": 0.031}]})
    later.rename(later.with_name("行动台账_20251201.xlsx"))
    ingest(project)
    sql = "SELECT action_id, status, result FROM actions ORDER BY 1"
    assert [("A-1", "已完成", 0.031), ("A-2", "待启动", None)] == rows(project, sql)


def test_feedback_of_several_people_adds_up(make_project: Callable[..., Project], rows: Rows) -> None:
    """Two workbooks of one day and department: what both say stands once, the rest beside it."""
    project = make_project()
    one: Row = {"日期": date(2025, 11, 3), "部门": "客服", "事实或感受": "事实", "现象": "咨询集中在定金"}
    for number, seen in enumerate(["赠品漏发", "物流变慢"], start=1):
        path = filled(project, "feedback", {"一线反馈": [one, {**one, "现象": seen}]})
        path.rename(path.with_name(f"一线反馈_{number}.xlsx"))
    ingest(project)
    expected = [("咨询集中在定金",), ("物流变慢",), ("赠品漏发",)]
    assert expected == rows(project, "SELECT statement FROM feedback ORDER BY 1")


def test_feedback_keeps_no_telephone_and_no_anonymous_position(
    make_project: Callable[..., Project], rows: Rows
) -> None:
    """Long numbers are taken out of quotes, and who is anonymous leaves no role behind."""
    project = make_project()
    said: Row = {
        "日期": date(2025, 11, 3),
        "部门": "客服",
        "岗位": "客服主管",
        "事实或感受": "事实",
        "现象": "顾客13900012345和139 0001 2346都问尾款",
        "建议": "回电13900012347",
        "是否匿名": "是",
    }
    filled(project, "feedback", {"一线反馈": [said]})
    ingest(project)
    expected = [(None, "顾客***和***都问尾款", "回电***", True)]
    assert expected == rows(project, "SELECT position, statement, suggestion, is_anonymous FROM feedback")


def test_a_bundle_is_replaced_whole(make_project: Callable[..., Project], rows: Rows) -> None:
    """A bundle's parts belong together: a part that the later workbook drops is gone."""
    project = make_project()
    part: Row = {"平台": "全部", "平台商品编码": "SET-01", "商品编码": "A1", "含件数": 1}
    path = filled(project, "sku_map", {"商品映射": [part, {**part, "商品编码": "B2", "含件数": 2}]})
    path.rename(path.with_name("商品映射_20251001.xlsx"))
    path = filled(project, "sku_map", {"商品映射": [{**part, "商品编码": "B2", "含件数": 3}]})
    path.rename(path.with_name("商品映射_20251101.xlsx"))
    ingest(project)
    sql = "SELECT map_platform, platform_sku_id, sku_id, units_multiplier, match_method FROM sku_map"
    assert [("all", "SET-01", "B2", 3.0, "form")] == rows(project, sql)


def test_columns_may_stand_in_any_order(make_project: Callable[..., Project], rows: Rows) -> None:
    """A column moved to the front is still read by its header."""
    project = make_project()
    code = "1900000000000000001"
    path: Path = filled(
        project, "order_marks", {"标记订单": [{"平台": "天猫", "订单号": code, "订单标记": "补单"}]}
    )
    book = load_workbook(path)
    page = book["标记订单"]
    page.delete_cols(1)
    page.insert_cols(1)
    for row in range(1, page.max_row + 1):
        page.cell(row, 1).value, page.cell(row, 4).value = page.cell(row, 4).value, None
    page.delete_rows(2, 2)
    write(page, 2, {"订单标记": "赠品"})
    book.save(path)
    ingest(project)
    sql = "SELECT mark_platform, order_key, mark FROM order_marks"
    assert [("tmall", f"tmall:{code}", "gift")] == rows(project, sql)
