"""What readers call things."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show.names import Names, has_cjk
from reportkit.show.words import Words


@pytest.mark.parametrize(
    ("lang", "dimension", "value", "expected"),
    [
        ("zh", "platform", "tmall", "天猫"),
        ("en", "platform", "tmall", "Tmall"),
        ("zh", "platform", "taiga", "taiga"),
        ("zh", "category", "unknown", "未知"),
        ("en", "category", "unknown", "Unknown"),
        ("zh", "category", "羽绒服", "羽绒服"),
        ("en", "category", "Down jackets", "Down jackets"),
        ("en", "province", "浙江省", "Zhejiang"),
        ("en", "category", "羽绒服", "Category 1"),
        ("zh", "product", "x" * 40, "x" * 23 + "…"),
        ("zh", "product", "羽绒服🔥", "羽绒服□"),
    ],
)
def test_names(
    make_project: Callable[..., Project], lang: str, dimension: str, value: str, expected: str
) -> None:
    """By language; ids where nobody gave a name; ranks where English has none."""
    project = make_project(lang=lang)
    assert expected == Names(project, Words(project), None)(dimension, value)[0]


def test_a_rank_stays_with_its_value(make_project: Callable[..., Project]) -> None:
    """One report calls one category by one name."""
    project = make_project(lang="en")
    names = Names(project, Words(project), None)
    found = [names("category", value)[0] for value in ("羽绒服", "毛衣", "羽绒服")]
    assert ["Category 1", "Category 2", "Category 1"] == found


def test_products_have_their_titles(two: Project, opened: Callable[..., Report]) -> None:
    """From the table of products."""
    assert "羽绒服A款" == opened(two)._pen.name("product", "P00")


@pytest.mark.parametrize(("text", "expected"), [("Tmall ▲8.2% − ¥", False), ("天", True), ("a,b", True)])
def test_chinese_is_recognised(text: str, expected: bool) -> None:
    """Full-width punctuation counts."""
    assert expected == has_cjk(text.replace(",", "\uff0c") if expected and text == "a,b" else text)
