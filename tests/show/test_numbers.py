"""Numbers are printed the same way everywhere."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.project import Project
from reportkit.show.numbers import Numbers, Printed, percentages
from reportkit.show.words import Words


@pytest.fixture
def numbers(make_project: Callable[..., Project]) -> Callable[..., Numbers]:
    """Numbers of a language and a currency."""
    return lambda lang="zh", currency="CNY": (
        Words(make_project(f"{lang}-{currency}", lang=lang, currency=currency)).numbers
    )


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0.0, "0 元", "¥0"),
        (-0.3, "0 元", "¥0"),
        (9876.4, "9,876 元", "¥9,876"),
        (9999.4, "9,999 元", "¥9,999"),
        (9999.6, "1.0 万", "¥10.0K"),
        (-12345.0, "−1.2 万", "−¥12.3K"),
        (1234567.0, "123.5 万", "¥1.23M"),
        (22090000.0, "2,209 万", "¥22.1M"),
        (99996000.0, "1.00 亿", "¥100M"),
        (123456789.0, "1.23 亿", "¥123M"),
        (None, "—", "—"),
        (math.nan, "—", "—"),
        (math.inf, "—", "—"),
    ],
)
def test_money_in_a_sentence(numbers: Callable[..., Numbers], value: float, zh: str, en: str) -> None:
    """万 and 亿 in Chinese, K and M in English; never −0, NaN or a wrong scale at its edge."""
    assert (zh, en) == (numbers().inline(value, "money"), numbers("en").inline(value, "money"))


def test_another_currency_is_named(numbers: Callable[..., Numbers]) -> None:
    """Only the home currency of Chinese reports goes without its name."""
    found = [numbers(lang, "USD").inline(1234567.0, "money") for lang in ("zh", "en")]
    assert ["123.5 万美元", "$1.23M"] == found


def test_a_card_has_digits_and_unit_apart(numbers: Callable[..., Numbers]) -> None:
    """The unit is set smaller than the digits."""
    zh = numbers()
    assert [Printed("2,209", "万元"), Printed("1,234", "单"), Printed("2.74", "%"), Printed("4.33", "")] == [
        zh.printed(22090000.0, "money"),
        zh.printed(1234.0, "count", "单"),
        zh.printed(0.0274, "percent"),
        zh.printed(4.331, "ratio"),
    ]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0823, "money", "▲8.2%"),
        (-0.05, "money", "▼5.0%"),
        (0.00001, "money", "0.0%"),
        (0.061, "percent", "▲6.1pp"),
        (-0.0025, "percent", "▼0.25pp"),
        (-0.389, "ratio", "▼0.39"),
        (None, "money", "—"),
    ],
)
def test_a_change_has_a_mark(numbers: Callable[..., Numbers], value: float, unit: str, expected: str) -> None:
    """▲▼ for direction, points for rates, a plain difference for ratios."""
    assert expected == numbers().change(value, unit)


def test_a_column_shares_unit_and_decimals(numbers: Callable[..., Numbers]) -> None:
    """The unit stands in the header once."""
    zh = numbers()
    found = zh.column([22090000.0, 5e6, None, -3.2e6], "money")
    assert (("2,209", "500", "—", "−320"), "万元") == (found.texts, found.unit)
    rates = zh.column([0.0274, 0.143], "percent")
    assert (("2.7", "14.3"), "%") == (rates.texts, rates.unit)


def test_a_column_does_not_print_small_numbers_as_zero(numbers: Callable[..., Numbers]) -> None:
    """One scale down where 亿 would hide somebody."""
    found = numbers().column([230000000.0, 300000.0], "money")
    assert (("23,000", "30"), "万元") == (found.texts, found.unit)


def test_a_part_is_told_in_the_scale_of_the_whole(numbers: Callable[..., Numbers]) -> None:
    """+0.8 万 beside 31 万, not +7,664 元."""
    zh = numbers()
    assert ["+0.8 万", "−1.0 万", "0.0 万"] == [
        zh.beside(value, 313000.0, "money") for value in (7664.0, -9734.0, 100.0)
    ]


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=12).filter(lambda values: sum(values) > 1))
def test_shares_always_sum_to_100(values: list[float]) -> None:
    """Largest remainder; no share is off by more than a tenth."""
    found = percentages(values)
    assert 1000 == round(sum(round(share * 10) for share in found))
    assert all(
        abs(share - value / sum(values) * 100) < 0.1 + 1e-6
        for share, value in zip(found, values, strict=True)
    )
