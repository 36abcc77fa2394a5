"""What ingest says of forms beyond the refused row: every fault of it, the words meant, what nobody reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openpyxl import load_workbook

from reportkit.ingest import FileResult, ingest
from reportkit.project import Project
from tests.forms.filled import Row, filled, headers

TARGET: Row = {"周期": "2025-11", "平台": "天猫", "指标": "GMV", "目标值": 1000}
ACTION: Row = {
    "行动编号": "A-1",
    "动作": "测主图",
    "责任角色": "设计",
    "截止日期": date(2025, 11, 28),
    "状态": "待启动",
}


def told(project: Project) -> FileResult:
    (file,) = (file for file in ingest(project).files if file.source)
    return file


def test_every_fault_of_a_row_is_told(make_project: Callable[..., Project]) -> None:
    """Three cells of one row are wrong: three messages, each once, and one row refused."""
    project = make_project()
    filled(project, "targets", {"目标": [{**TARGET, "平台": "淘系", "目标值": "很多", "设定日期": "月初"}]})
    file = told(project)
    assert 1 == file.rejected
    assert 3 == len(file.notes)
    for place in ("C5: 平台: a word nobody mapped", "E5: 目标值: not a number", "I5: 设定日期: not a date"):
        assert any(f"[目标]: {place}" in note for note in file.notes)


def test_one_fault_in_many_rows_is_one_message(make_project: Callable[..., Project]) -> None:
    """Equal faults are told together, each with its cell up to five."""
    project = make_project()
    filled(project, "targets", {"目标": [{**TARGET, "指标": None}] * 7})
    (note,) = told(project).notes
    assert "7 rows, D5, D6, D7, D8, D9 and 2 more: 指标: no value" in note
    assert "merged" in note


def test_the_word_meant_is_suggested(make_project: Callable[..., Project]) -> None:
    """A wrong word comes with the nearest of the drop-down; a person's name with the roles there are."""
    project = make_project()
    filled(project, "targets", {"目标": [{**TARGET, "平台": "抖音店"}, {**TARGET, "设定角色": "张测试"}]})
    platform, role = told(project).notes
    assert 'did you mean "抖音"?' in platform
    assert "known: 人事, 仓储," in role
    assert "张测试" not in role


def test_a_period_nobody_understands(make_project: Callable[..., Project]) -> None:
    """A month without its year is no period, and is not called empty either."""
    project = make_project()
    filled(project, "targets", {"目标": [{**TARGET, "周期": "11月"}]})
    (note,) = told(project).notes
    assert '[目标]: B5: 周期: not understood "11月"' in note


def test_an_extra_column_is_named(make_project: Callable[..., Project]) -> None:
    """A column nobody reads is told by its header's cell, one without a header by its first cell."""
    project = make_project()
    path = filled(project, "targets", {"目标": [TARGET]})
    book = load_workbook(path)
    page = book["目标"]
    page["K1"], page["K5"], page["M5"] = "内部备注", "先不对外", "随手写"
    book.save(path)
    strange, headless = told(project).notes
    assert '[目标]: K1: nothing reads the column "内部备注"' in strange
    assert "[目标]: M5: this cell stands under no header" in headless


def test_merged_cells_are_named(make_project: Callable[..., Project]) -> None:
    """A budget merged over two rows belongs to the first only: nobody may believe it shared."""
    project = make_project()
    path = filled(project, "targets", {"目标": [{**TARGET, "预算": 500}, {**TARGET, "指标": "净销售额"}]})
    book = load_workbook(path)
    book["目标"].merge_cells("F5:F6")
    book.save(path)
    file = told(project)
    assert 2 == file.accepted
    assert "[目标]: F5:F6: the cells are merged, so only F5 holds a value" in file.notes[0]


def test_an_unfilled_form_says_so(make_project: Callable[..., Project]) -> None:
    """Only examples, or written over them: the message says where to write."""
    project = make_project()
    filled(project, "targets", {})
    (note,) = told(project).notes
    assert "[目标]: A2: no row is filled in, examples aside" in note


def test_a_deleted_column_is_written_back(make_project: Callable[..., Project]) -> None:
    """Nobody exports a form again: the header goes back where it stood."""
    project = make_project()
    path = filled(project, "actions", {"行动台账": [ACTION]})
    book = load_workbook(path)
    page = book["行动台账"]
    page.delete_cols(headers(page).index("状态") + 1)
    book.save(path)
    (note,) = (note for file in ingest(project).files if file.state == "failed" for note in file.notes)
    assert '→ write "状态" back into row 1' in note
