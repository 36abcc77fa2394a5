"""Printed numbers read back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.project import Project
from reportkit.render.printed import Reader
from reportkit.show.numbers import Numbers, Unit
from reportkit.show.words import Words


@pytest.fixture(scope="module")
def numbers(projects: dict[str, Project]) -> dict[str, Numbers]:
    """How each language prints numbers."""
    return {lang: Words(project).numbers for lang, project in projects.items()}


@pytest.fixture(scope="module")
def readers(numbers: dict[str, Numbers]) -> dict[str, Reader]:
    """A reader of each language that knows orders."""
    nouns = {"zh": ["单"], "en": ["orders"]}
    return {lang: Reader(printing.words, nouns[lang]) for lang, printing in numbers.items()}


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh", "GMV 2,209 万元", (22_090_000, 5_000, "amount")),
        ("zh", "净销售额 1.07 亿", (107_000_000, 500_000, "amount")),
        ("zh", "274 元", (274, 0.5, "amount")),
        ("zh", "E12 14.3%", (0.143, 0.0005, "percent")),
        ("zh", "▼0.25pp", (-0.0025, 0.00005, "points")),
        ("zh", "升 6.1 个百分点", (0.061, 0.0005, "points")),
        ("zh", "644 单", (644, 0.5, "noun")),
        ("zh", "缺 5 天", (5, 0.5, "noun")),
        ("zh", "−2.9 万", (-29_000, 500, "amount")),
        ("zh", "5.60", (5.6, 0.005, "plain")),
        ("en", "GMV ¥22.1M.", (22_100_000, 50_000, "amount")),
        ("en", "¥4,069, with a peak", (4_069, 0.5, "amount")),
        ("en", "−¥28.9K", (-28_900, 50, "amount")),
        ("en", "3,038 orders", (3_038, 0.5, "noun")),
    ],
)
def test_a_printed_number(
    readers: dict[str, Reader], lang: str, text: str, expected: tuple[float, float, str]
) -> None:
    """Value, half of its last digit, and kind."""
    number = next(readers[lang].numbers(text))
    assert (pytest.approx(expected[0]), pytest.approx(expected[1]), expected[2]) == (
        number.value,
        number.half,
        number.kind,
    )


def test_a_cell_under_the_unit_of_its_column(readers: dict[str, Reader]) -> None:
    """The unit stands in the header."""
    zh, en = readers["zh"].under("1,209", "万元"), readers["en"].under("1.46", "¥M")
    assert zh
    assert en
    assert (12_090_000, pytest.approx(1_460_000)) == (zh.value, en.value)


@settings(max_examples=60)
@given(
    value=st.floats(-3e9, 3e9).map(lambda value: round(value, 2)), unit=st.sampled_from(["money", "percent"])
)
def test_what_is_printed_says_its_value(
    numbers: dict[str, Numbers], readers: dict[str, Reader], value: float, unit: Unit
) -> None:
    """Whatever the house prints, in either language, is read back as what it came from, and as nothing far from it."""
    for lang, printing in numbers.items():
        given_ = value / 1e9 if unit == "percent" else value
        number = next(readers[lang].numbers(printing.inline(given_, unit)))
        assert number.says(given_)
        assert not number.says(given_ + 3 * number.half)
