"""Forms filled in badly: each fault is told by sheet and cell, with what to do, and no row is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project
from tests.forms.filled import Row, filled, headers, write

Rows = Callable[[Project, str], list[tuple]]

TARGET: Row = {"周期": "2025-11", "平台": "天猫", "指标": "GMV", "目标值": 1000}
ACTION: Row = {
    "行动编号": "A-1",
    "动作": "测主图",
    "责任角色": "设计",
    "截止日期": date(2025, 11, 28),
    "状态": "待启动",
}
WHY: Row = {
    "复盘编号": "1111-2025",
    "节点编号": "product.stockout.A-180",
    "第几个为什么": 4,
    "为什么": "备货会开在报名之前",
    "类型": "推断",
    "责任部门": "供应链",
    "是否可控": "是",
}


def told(project: Project) -> FileResult:
    """What ingest says of the one sheet that is a form; every row it read is accounted for."""
    (file,) = (file for file in ingest(project).files if file.source)
    assert file.read == file.accepted + file.superseded + file.rejected + file.skipped
    return file


@pytest.mark.parametrize(
    ("form", "sheet", "good", "fault", "message"),
    [
        ("targets", "目标", TARGET, {"目标值": None}, "E5: 目标值: no value"),
        ("targets", "目标", TARGET, {"平台": None}, "C5: 平台: no value"),
        ("targets", "目标", TARGET, {"目标值": "很多"}, 'E5: 目标值: not a number "很多"'),
        ("targets", "目标", TARGET, {"指标": "销量额"}, 'D5: 指标: a word nobody mapped "销量额"'),
        ("targets", "目标", TARGET, {"平台": "天猫京东"}, 'C5: 平台: a word nobody mapped "天猫京东"'),
        ("targets", "目标", TARGET, {"设定日期": "11月初"}, 'I5: 设定日期: not a date "11月初"'),
        ("actions", "行动台账", ACTION, {"责任角色": "设计、客服"}, "H4: 责任角色: a word nobody mapped"),
        ("actions", "行动台账", ACTION, {"责任角色": None}, "H4: 责任角色: no value"),
        ("actions", "行动台账", ACTION, {"截止日期": "下周五"}, 'K4: 截止日期: not a date "下周五"'),
        (
            "actions",
            "行动台账",
            ACTION,
            {"开始日期": date(2025, 12, 1)},
            'K4: 截止日期: a date before start_date "2025-11-28',
        ),
        ("actions", "行动台账", ACTION, {"延期次数": 1.5}, 'S4: 延期次数: not a int "1.5"'),
        ("whys", "归因表", WHY, {"责任部门": "供应链、仓储"}, "G5: 责任部门: a word nobody mapped"),
        ("whys", "归因表", WHY, {"第几个为什么": 6}, 'D5: 第几个为什么: a word nobody mapped "6"'),
        ("whys", "归因表", WHY, {"类型": "也许"}, 'F5: 类型: a word nobody mapped "也许"'),
        ("whys", "归因表", WHY, {"是否可控": None}, "J5: 是否可控: no value"),
    ],
)
def test_a_fault_is_told_by_cell(
    make_project: Callable[..., Project], form: str, sheet: str, good: Row, fault: Row, message: str
) -> None:
    """Half filled, an unknown word, a wrong platform, two owners, a date nobody understands."""
    project = make_project()
    filled(project, form, {sheet: [{**good, **fault}, good]})
    file = told(project)
    assert (1, 1) == (file.accepted, file.rejected)
    (note,) = file.notes
    assert f".xlsx [{sheet}]: {message}" in note
    assert "\n  → " in note


def test_a_person_is_refused_and_kept_nowhere(make_project: Callable[..., Project], rows: Rows) -> None:
    """A name in a column for roles reaches neither a table nor the rejects nor the message."""
    project = make_project()
    filled(
        project, "actions", {"行动台账": [{**ACTION, "责任角色": "张测试"}, {**ACTION, "更新角色": "李样例"}]}
    )
    file = told(project)
    assert 2 == file.rejected
    assert "张测试" not in "".join(file.notes)
    assert "李样例" not in "".join(file.notes)
    assert [("H4", None), ("Y5", None)] == rows(project, "SELECT cell, raw FROM rejects ORDER BY cell")


@pytest.mark.parametrize("day", ["2025/11/1", "2025年11月1日", "20251101", "2025-11-01 00:00:00", 45962])
def test_dates_as_text_are_understood(
    make_project: Callable[..., Project], rows: Rows, day: str | int
) -> None:
    """A date that somebody typed as text, or pasted as a bare number, is still that day."""
    project = make_project()
    filled(
        project,
        "events",
        {"事件标注": [{"开始日期": day, "平台": "全部", "事件类型": "天气", "事件": "降温"}]},
    )
    assert 1 == told(project).accepted
    assert [(date(2025, 11, 1),)] == rows(project, "SELECT start_date FROM events")


def test_merged_cells_lose_no_row(make_project: Callable[..., Project], rows: Rows) -> None:
    """Below a merged cell the other rows have no value: they are refused, cell by cell, not guessed."""
    project = make_project()
    path = filled(
        project, "targets", {"目标": [TARGET, {**TARGET, "指标": "净销售额"}, {**TARGET, "指标": "转化率"}]}
    )
    book = load_workbook(path)
    book["目标"].merge_cells("C5:C7")
    book.save(path)
    file = told(project)
    assert (1, 2) == (file.accepted, file.rejected)
    assert [("C6", "no value"), ("C7", "no value")] == rows(
        project, "SELECT cell, reason FROM rejects ORDER BY 1"
    )


def test_a_deleted_column_is_named(make_project: Callable[..., Project]) -> None:
    """Without a column that is needed nothing of the sheet loads, and the message says which it is."""
    project = make_project()
    path = filled(project, "targets", {"目标": [TARGET]})
    book = load_workbook(path)
    page = book["目标"]
    page.delete_cols(headers(page).index("目标值") + 1)
    book.save(path)
    failed = [file for file in ingest(project).files if file.state == "failed"]
    (note,) = failed[0].notes
    assert ["目标"] == [file.sheet for file in failed]
    assert 'row 1: source forms/targets needs the column "目标值"' in note


def test_a_deleted_column_that_may_be_empty_does_no_harm(
    make_project: Callable[..., Project], rows: Rows
) -> None:
    """Who never fills a column may delete it."""
    project = make_project()
    path = filled(project, "targets", {"目标": [TARGET]})
    book = load_workbook(path)
    page = book["目标"]
    page.delete_cols(headers(page).index("日权重") + 1)
    book.save(path)
    assert (1, []) == (told(project).accepted, told_again(project))
    assert [("2025-11", 1000.0)] == rows(project, "SELECT period, value FROM targets")


def told_again(project: Project) -> list[str]:
    """What a second ingest has to say: nothing, for it knows the file."""
    return [note for file in ingest(project).files for note in file.notes]


def test_an_extra_column_does_no_harm(make_project: Callable[..., Project], rows: Rows) -> None:
    """Notes that somebody keeps beside the form leave its rows as they are."""
    project = make_project()
    path = filled(project, "targets", {"目标": [TARGET]})
    book = load_workbook(path)
    page = book["目标"]
    page.insert_cols(3)
    page.cell(1, 3).value, page.cell(5, 3).value = "内部备注", "先不对外"
    book.save(path)
    assert 1 == told(project).accepted
    assert [("2025-11", "tmall", 1000.0)] == rows(
        project, "SELECT period, target_platform, value FROM targets"
    )


def test_an_empty_workbook_is_named(make_project: Callable[..., Project]) -> None:
    """A workbook without a single cell fails by name."""
    project = make_project()
    Workbook().save(project.inbox / "目标.xlsx")
    (file,) = ingest(project).failed
    assert "目标.xlsx: the file holds no rows" in file.notes[0]


def test_a_form_with_its_header_only(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """Examples deleted and nothing written: no row is read, none is lost."""
    project = make_project()
    path = filled(project, "targets", {})
    book = load_workbook(path)
    book["目标"].delete_rows(2, 10)
    book.save(path)
    file = told(project)
    assert ("loaded", 0, 0) == (file.state, file.read, file.rejected)


def test_codes_keep_every_digit(make_project: Callable[..., Project], rows: Rows) -> None:
    """An order number that a spreadsheet has rounded is refused by cell; one kept as text is whole."""
    project = make_project()
    rounded: Row = {"平台": "天猫", "订单号": 1.9e18, "订单标记": "补单"}
    filled(project, "order_marks", {"标记订单": [rounded, {**rounded, "订单号": "0019000000000000001"}]})
    file = told(project)
    assert (1, 1) == (file.accepted, file.rejected)
    assert "[标记订单]: C4: 订单号: the number was rounded by a spreadsheet" in file.notes[0]
    assert [("0019000000000000001",)] == rows(project, "SELECT platform_order_id FROM order_marks")


def test_examples_written_over_are_still_examples(make_project: Callable[..., Project]) -> None:
    """A row keeps its mark whatever is typed into it: it is counted as skipped."""
    project = make_project()
    path = filled(project, "targets", {})
    book = load_workbook(path)
    write(book["目标"], 2, {**TARGET, "目标值": 5})
    book.save(path)
    file = told(project)
    assert (3, 3, 0) == (file.read, file.skipped, file.accepted)
