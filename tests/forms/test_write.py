"""The workbooks that are written: what they offer, what they explain, and that they harm nobody's work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportkit.errors import ProjectError
from reportkit.forms import write_forms
from reportkit.forms.model import Book, load_books
from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project
from tests.conftest import REPOSITORY
from tests.forms.filled import MARK, headers

FORMS = {
    "targets": "目标",
    "costs": "成本",
    "sku_map": "商品映射",
    "promos": "活动日历",
    "benchmarks": "行业基准",
    "process_nodes": "流程节点",
    "risks": "风险清单",
    "feedback": "一线反馈",
    "whys": "归因表",
    "launches": "上新计划",
    "fees": "费用",
    "service": "客服与满意度",
    "events": "事件标注",
    "competitors": "竞品",
    "resources": "资源决策",
    "actions": "行动台账",
    "products": "商品",
    "shops": "店铺",
    "stock": "库存与采购",
    "order_marks": "标记订单",
}
LETTERS = "BCDEFGHIJKLMNOPQRSTUVWXYZ"
SHIPPED = Project.open(REPOSITORY)


@pytest.fixture(scope="module")
def books() -> dict[str, Book]:
    return load_books(SHIPPED)


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return load_sources(SHIPPED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("forms")
    write_forms(SHIPPED, out)
    return out


def opened(folder: Path, form: str) -> Workbook:
    return load_workbook(folder / f"{FORMS[form]}.xlsx")


def drop_down(page: Worksheet, header: str) -> list[Any]:
    """The words a column's cells may be chosen from."""
    letter = page.cell(1, headers(page).index(header) + 1).column_letter
    (rule,) = (
        r for r in page.data_validations.dataValidation if r.type == "list" and f"{letter}2" in r.sqref
    )
    sheet, _, cells = rule.formula1.rpartition("!")
    return [cell.value for (cell,) in page.parent[sheet.strip("='")][cells.replace("$", "")]]


def test_every_form_has_its_workbook(folder: Path, books: dict[str, Book]) -> None:
    """Every form people keep is written under the name they call it."""
    assert {form: book.name for form, book in books.items()} == FORMS
    assert {path.name for path in folder.iterdir()} == {f"{name}.xlsx" for name in FORMS.values()}


def test_every_source_of_a_form_has_a_sheet() -> None:
    """Whatever ingest reads as a form can be asked for, once."""
    texts = SHIPPED.resources("params/forms", "*.yaml").values()
    offered = [name for path in texts for name in yaml.safe_load(path.read_text("utf-8"))["sheets"]]
    assert sorted(offered) == sorted(name for name in load_sources(SHIPPED) if name.startswith("forms/"))


@pytest.mark.parametrize("form", FORMS)
def test_sheets_are_ready_to_fill(form: str, folder: Path, books: dict[str, Book]) -> None:
    """Chinese headers behind the one for examples, frozen, every column with a width, a rule and a hint."""
    book = opened(folder, form)
    for sheet in books[form].sheets:
        page = book[sheet.name]
        assert headers(page) == [MARK, *(field.header for field in sheet.fields)]
        assert "B2" == page.freeze_panes
        assert all(page.column_dimensions[cell.column_letter].width >= 8 for cell in page[1])
        rules = page.data_validations.dataValidation
        assert {cell.column_letter for cell in page[1]} == {str(rule.sqref).split("2")[0] for rule in rules}
        assert all(rule.prompt for rule in rules)
        assert [sheet.mark] * len(sheet.examples) == [
            page.cell(row, 1).value for row in range(2, page.max_row + 1)
        ]
        assert 2 <= len(sheet.examples) <= 3


def test_drop_downs_offer_the_words_that_are_understood(folder: Path, sources: dict[str, Source]) -> None:
    """A drop-down holds the vocabulary of its column, in the order of the file."""
    page = opened(folder, "targets")["目标"]
    assert drop_down(page, "平台") == list(sources["forms/targets"].vocabularies["platform_or_all"])
    assert drop_down(page, "指标") == list(sources["forms/targets"].vocabularies["target_metric"])
    marks = opened(folder, "order_marks")["标记订单"]
    assert ["补单", "内部", "测试", "赠品"] == drop_down(marks, "订单标记")
    assert ["是", "否"] == drop_down(opened(folder, "feedback")["一线反馈"], "是否匿名")


def test_cells_are_typed(folder: Path) -> None:
    """Codes stay text, dates are dates, amounts are numbers."""
    page = opened(folder, "costs")["成本"]
    rules = {str(rule.sqref)[0]: rule.type for rule in page.data_validations.dataValidation}
    assert {"C": "decimal", "D": "date", "E": "date"} == {place: rules[place] for place in "CDE"}
    assert "@" == page["B2"].number_format
    assert ("yyyy-mm-dd", True) == (page["D2"].number_format, page["D2"].is_date)
    assert 86.5 == page["C2"].value


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_column_is_explained(
    make_project: Callable[..., Project], books: dict[str, Book], lang: str
) -> None:
    """The guide says of each column what it is, whether it is needed and which words it takes."""
    project = make_project(lang=lang)
    write_forms(project, project.inbox)
    need = {"zh": {True: "必填", False: "可空"}, "en": {True: "required", False: "may be empty"}}[lang]
    name, glue = ("填写说明", "、") if lang == "zh" else ("How to fill in", ", ")
    for book in books.values():
        guide = load_workbook(project.inbox / f"{book.name}.xlsx")[name]
        told = [row for row in guide.iter_rows(values_only=True) if row[1] in need.values()]
        expected = [
            (f"{letter} {field.header}", need[field.required], field.about.of(lang), glue.join(field.words))
            for sheet in book.sheets
            for letter, field in zip(LETTERS[: len(sheet.fields)], sheet.fields, strict=True)
        ]
        assert [(*row[:3], row[4] or "") for row in told if row[0] != f"A {MARK}"] == expected
        assert all(row[3] for row in told)


def test_required_columns_are_those_that_may_not_be_empty(books: dict[str, Book]) -> None:
    """What the guide calls required is what ingest refuses to miss."""
    (sheet,) = books["targets"].sheets
    assert ["周期", "平台", "指标", "目标值"] == [field.header for field in sheet.fields if field.required]
    (sheet,) = books["actions"].sheets
    needed = [field.header for field in sheet.fields if field.required]
    assert ["行动编号", "动作", "责任角色", "截止日期", "状态"] == needed


def test_no_text_becomes_a_formula(folder: Path, books: dict[str, Book]) -> None:
    """No cell holds a formula, or text that a spreadsheet would take for one."""
    cells = [
        cell
        for form in FORMS
        for page in opened(folder, form)
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert len(cells) > 1000
    assert [] == [
        cell.value for cell in cells if cell.data_type == "f" or cell.value.startswith(tuple("=+-@"))
    ]


def test_responsibility_is_a_role(sources: dict[str, Source]) -> None:
    """Every column that says who answers takes roles only, and what is not one is shown nowhere."""
    columns = {
        (name, column): (form.map, form.raw_columns()[0] in source.personal)
        for name, source in sources.items()
        if name.startswith("forms/")
        for _, column, form in source.forms()
        if column in {"owner", "position", "decided_by", "set_by", "updated_by"}
    }
    assert len(columns) == 9
    assert {("role", True)} == set(columns.values())


def test_same_form_same_bytes(tmp_path: Path) -> None:
    """Written twice, a form is the same file, so that ingest knows it again."""
    digests = [
        [hashlib.sha256(path.read_bytes()).hexdigest() for path in write_forms(SHIPPED, tmp_path / name)]
        for name in ("one", "two")
    ]
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == len(FORMS)


def test_names_choose(tmp_path: Path) -> None:
    """A form is asked for by id or by the name people use, and written once."""
    paths = write_forms(SHIPPED, tmp_path, ["目标", "costs", "targets"])
    assert ["目标.xlsx", "成本.xlsx"] == [path.name for path in paths]
    with pytest.raises(ProjectError, match='no form "target", did you mean "targets"'):
        write_forms(SHIPPED, tmp_path / "more", ["target"])
    assert not (tmp_path / "more").exists()


def test_filled_workbooks_are_never_written_over(tmp_path: Path) -> None:
    """Somebody's work stays: the file is named and nothing is written at all."""
    (tmp_path / "目标.xlsx").write_bytes(b"work")
    with pytest.raises(ProjectError, match=r"目标\.xlsx would be written over"):
        write_forms(SHIPPED, tmp_path)
    assert [b"work"] == [path.read_bytes() for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": {"周期 ": {"zh": "a", "en": "a"}}}, 'reads "平台", which has no column here'),
        (
            {"columns": {"周期": {"zh": "a", "en": "a"}, "目表值": {"zh": "a", "en": "a"}}},
            'reads no "目表值"',
        ),
        ({"columns": {"周期": {"zh": "a"}}}, "en: Field required"),
        ({"examples": [{"周其": "2025"}]}, 'an example fills "周其", did you mean "周期"'),
    ],
)
def test_a_form_that_does_not_fit_its_source_is_refused(
    make_project: Callable[..., Project], change: dict[str, Any], message: str
) -> None:
    """What a form offers and what ingest reads cannot drift apart."""
    project = make_project()
    texts = yaml.safe_load((REPOSITORY / "params" / "forms" / "targets.yaml").read_text("utf-8"))
    texts["sheets"]["forms/targets"] |= change
    (project.root / "params" / "forms").mkdir()
    path = project.root / "params" / "forms" / "targets.yaml"
    path.write_text(yaml.safe_dump(texts, allow_unicode=True), "utf-8")
    with pytest.raises(ProjectError) as caught:
        write_forms(project, project.inbox)
    assert message in str(caught.value)
    assert "targets.yaml" in caught.value.where


def test_a_form_of_an_unknown_source_is_refused(make_project: Callable[..., Project]) -> None:
    """A sheet that nobody would read back is not written."""
    project = make_project()
    (project.root / "params" / "forms").mkdir()
    sheet = {"name": "x", "columns": {}, "examples": []}
    texts = {"name": "x", "about": {"zh": "x", "en": "x"}, "sheets": {"forms/target": sheet}}
    (project.root / "params" / "forms" / "x.yaml").write_text(yaml.safe_dump(texts), "utf-8")
    with pytest.raises(ProjectError, match='no source "forms/target", did you mean "forms/targets"'):
        write_forms(project, project.inbox)
