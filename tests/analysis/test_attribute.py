"""Which elements a change comes from, and what lies inside them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from reportkit.analysis.attribute import Cause, Limits, attribute_ratio, attribute_sum
from reportkit.analysis.decompose import within_mix

_LIMITS = Limits(least_power=0.10, enough_power=0.67, most_elements=3, least_n=30, depth=2)
_ALL = replace(_LIMITS, least_power=-np.inf, enough_power=np.inf, most_elements=99, least_n=0)

amounts = st.integers(0, 1000)


def _names(cause: Cause) -> list[str | None]:
    return [part.element for part in cause.parts]


def _cells(rows: list[tuple[object, ...]], *dimensions: str, n: int = 100) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*dimensions, "expected", "actual"]).assign(n=n)


def _shop(falls: dict[tuple[str, str], float]) -> pd.DataFrame:
    """Three platforms by four categories by two kinds of buyer, all as expected but for what `falls`."""
    rows = [
        (platform, category, buyer, size * 10.0, size * 10.0 * falls.get((platform, category), 1.0))
        for platform, size in (("tmall", 6), ("jd", 3), ("douyin", 2))
        for category, buyer in product(("food", "home", "pets", "toys"), ("new", "old"))
    ]
    return _cells(rows, "platform", "category", "buyer")


def test_the_worked_example_answers_jd() -> None:
    """Tmall lost 2 of 60, JD 13 of 25: JD explains 86.7 %, and by itself is enough."""
    cells = _cells([("tmall", 60, 58), ("jd", 25, 12), ("douyin", 15, 15)], "platform")
    (cause,) = attribute_sum(cells, ["platform"], _LIMITS)
    (jd,) = cause.parts
    assert ("jd", 0.8667, 0.00767) == (jd.element, round(jd.power, 4), round(jd.surprise, 5))
    assert (True, 0.1333, -2) == (cause.complete, round(cause.rest.power, 4), cause.rest.contribution)
    assert (75, 73, 200) == (cause.rest.expected, cause.rest.actual, cause.rest.n)
    (every,) = attribute_sum(cells, ["platform"], _ALL)
    assert {"jd": 0.00767, "tmall": 0.00132, "douyin": 0.00054} == {
        part.element: round(part.surprise, 5) for part in every.parts
    }


def test_the_planted_cell_is_found_on_two_levels() -> None:
    """JD's food fell by four fifths: food by category, JD inside it; both kinds of buyer fell alike."""
    best, *others = attribute_sum(_shop({("jd", "food"): 0.2}), ["platform", "category", "buyer"], _LIMITS)
    assert ("category", ["food"], True) == (best.dimension, _names(best), best.complete)
    assert ["platform", "buyer"] == [cause.dimension for cause in others]
    assert (["new", "old"], 0.0) == (_names(others[1]), others[1].surprise)
    inner = best.parts[0].inside
    assert ("platform", ["jd"]) == (inner[0].dimension, _names(inner[0]))
    assert (1.0, 1.0, ()) == (inner[0].power, inner[0].parts[0].share, inner[0].parts[0].inside)
    assert () == attribute_sum(_shop({("jd", "food"): 0.2}), ["platform"], _LIMITS)[0].parts[0].inside


def test_the_share_below_is_of_the_whole_change() -> None:
    """Food is three quarters of JD's loss, and JD four fifths of all: three fifths of all."""
    rows = [
        ("jd", "food", 100, 70),
        ("jd", "home", 100, 90),
        ("tmall", "food", 300, 290),
        ("tmall", "home", 300, 300),
    ]
    best = attribute_sum(_cells(rows, "platform", "category"), ["platform", "category"], _LIMITS)[0]
    food = best.parts[0].inside[0].parts[0]
    assert ("jd", "food") == (best.parts[0].element, food.element)
    assert (0.8, 0.75, 0.6) == pytest.approx((best.power, food.power, food.share))


def test_a_change_of_everything_has_no_element_to_name() -> None:
    """All twelve cells lost a tenth: no answer of three elements is enough, and none is looked into."""
    spread = _cells([(f"sku {i:02}", 100, 90) for i in range(12)], "sku")
    assert () == attribute_sum(spread, ["sku"], _LIMITS)
    (cause,) = attribute_sum(spread, ["sku"], replace(_LIMITS, least_power=0.05))
    assert (False, 3, 0.25) == (cause.complete, len(cause.parts), pytest.approx(cause.power))
    assert all(part.inside == () for part in cause.parts)


@pytest.mark.parametrize(
    "rows",
    [[("a", 10, 10), ("b", 5, 5)], [("a", 10, 20), ("b", 20, 10)], [("a", 1, 9)], []],
    ids=["no change", "changes that cancel", "one element", "no cells"],
)
def test_without_a_change_to_explain_there_is_no_cause(rows: list[tuple[object, ...]]) -> None:
    """Silence is an answer."""
    assert () == attribute_sum(_cells(rows, "shop"), ["shop"], _LIMITS)


def test_small_and_nameless_elements_are_in_the_rest() -> None:
    """An element of too few observations, or without a name, is never the answer but always counted."""
    cells = _cells([("few", 50, 0), (None, 40, 10), ("some", 50, 30), ("more", 90, 89)], "region")
    cells.loc[0, "n"] = 29
    (cause,) = attribute_sum(cells, ["region"], _LIMITS)
    assert (["some"], False, -81) == (_names(cause), cause.complete, cause.rest.contribution)
    assert -101 == cause.rest.contribution + cause.parts[0].contribution


def test_of_equal_answers_the_shorter_leads() -> None:
    """What was one shop is two regions: equal in surprise, so the shop is named first."""
    rows = [("shop", "north", 100, 50), ("shop", "south", 100, 50), ("other", "west", 300, 300)]
    causes = attribute_sum(_cells(rows, "region_of_shop", "region"), ["region", "region_of_shop"], _LIMITS)
    assert [["shop"], ["north", "south"]] == [_names(cause) for cause in causes]
    assert causes[0].surprise == pytest.approx(causes[1].surprise)


def test_a_new_element_and_one_that_went() -> None:
    """A missing amount is nothing sold; a period of nothing at all surprises, but divides by no zero."""
    cells = _cells([("new", None, 60), ("gone", 20, None), ("stays", 50, 50)], "shop")
    assert ["new"] == _names(attribute_sum(cells, ["shop"], _LIMITS)[0])
    first = _cells([("a", 0, 60), ("b", 0, 20)], "shop")
    assert {"a": 0.75} == {p.element: p.power for p in attribute_sum(first, ["shop"], _LIMITS)[0].parts}


def _ratio_cells(rows: list[tuple[object, ...]], *dimensions: str) -> pd.DataFrame:
    sides = ["expected", "expected_base", "actual", "actual_base"]
    return pd.DataFrame(rows, columns=[*dimensions, *sides]).assign(n=1000)


def test_a_ratio_that_fell_by_its_mix() -> None:
    """Simpson: Douyin's weight took conversion down; as its own rate rose, it is not looked into."""
    rows = [("tmall", "a", 2400, 60_000, 2050, 50_000), ("douyin", "a", 300, 20_000, 640, 40_000),
            ("douyin", "b", 300, 20_000, 640, 40_000)]  # fmt: skip
    (cause, *_) = attribute_ratio(_ratio_cells(rows, "platform", "page"), ["platform", "page"], _LIMITS)
    assert -0.004385 == pytest.approx(
        cause.rest.contribution + sum(p.contribution for p in cause.parts), abs=1e-6
    )
    assert {"tmall", "douyin"} == set(_names(cause))
    douyin = next(part for part in cause.parts if part.element == "douyin")
    assert (0.015, 0.016) == pytest.approx((douyin.expected, douyin.actual))
    assert (True, ()) == (douyin.own > 0 > douyin.contribution, douyin.inside)


def test_a_ratio_that_fell_by_its_own_rate_is_looked_into() -> None:
    """JD's conversion halved, on its new page only."""
    rows = [("tmall", "old", 300, 10_000, 300, 10_000), ("tmall", "new", 300, 10_000, 300, 10_000),
            ("jd", "old", 300, 10_000, 300, 10_000), ("jd", "new", 300, 10_000, 60, 10_000)]  # fmt: skip
    best = attribute_ratio(_ratio_cells(rows, "platform", "page"), ["platform", "page"], _LIMITS)[0]
    (jd,) = best.parts
    (new,) = jd.inside[0].parts
    assert ("jd", "new", 0.006, 1.0) == (jd.element, new.element, new.actual, pytest.approx(new.share))
    assert (0.03, 0.03) == pytest.approx((jd.inside[0].rest.expected, jd.inside[0].rest.actual))


@settings(max_examples=10, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), amounts, amounts), min_size=2, max_size=10
    )
)
def test_parts_and_rest_are_the_change(rows: list[tuple[object, ...]]) -> None:
    """Powers add up to one, contributions to the change; all surprises are the divergence of the shares."""
    cells = _cells(rows, "one", "two")
    for cause in attribute_sum(cells, ["one", "two"], _LIMITS):
        assert 1.0 == pytest.approx(cause.power + cause.rest.power)
        assert (cells["actual"] - cells["expected"]).sum() == pytest.approx(
            sum(part.contribution for part in cause.parts) + cause.rest.contribution
        )
        sums = cells.groupby(cause.dimension)[["expected", "actual"]].sum()
        if sums.sum().all():
            divergence = jensenshannon(sums["expected"], sums["actual"]) ** 2
            assert divergence == pytest.approx(cause.surprise + cause.rest.surprise, abs=1e-9)


@settings(max_examples=8, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), amounts, amounts), min_size=2, max_size=8
    ),
    st.randoms(use_true_random=False),
)
def test_no_order_of_rows_and_no_unit_changes_the_answer(
    rows: list[tuple[object, ...]], random: object
) -> None:
    """Cells shuffled and counted in thousands: the same elements with the same powers."""
    cells = _cells(rows, "one", "two")
    random.shuffle(rows)  # type: ignore[attr-defined]
    other = _cells(rows, "one", "two")
    other[["expected", "actual"]] /= 1024
    found, again = (attribute_sum(given, ["one", "two"], _LIMITS) for given in (cells, other))
    assert [(c.dimension, _names(c)) for c in found] == [(c.dimension, _names(c)) for c in again]
    assert [c.power for c in found] == pytest.approx([c.power for c in again])


@settings(max_examples=8, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), amounts, amounts, amounts, amounts), min_size=2, max_size=8)
)
def test_a_ratios_parts_and_rest_are_its_change(rows: list[tuple[object, ...]]) -> None:
    """What elements contribute is within and mix, and adds up to the change of the ratio."""
    shifted = [(name, a, a + b + 1, c, c + d + 1) for name, a, b, c, d in rows]  # type: ignore[operator]
    cells = _ratio_cells(shifted, "one")
    sums = cells.groupby("one")[["expected", "expected_base", "actual", "actual_base"]].sum()
    before, after = sums["expected"] / sums["expected_base"], sums["actual"] / sums["actual_base"]
    effects = within_mix(sums["expected_base"], sums["actual_base"], before, after)
    for cause in attribute_ratio(cells, ["one"], _ALL):
        found = {part.element: part.contribution for part in cause.parts}
        assert dict(effects["within"] + effects["mix"]) == pytest.approx(found)
        total = sums.sum()
        change = total["actual"] / total["actual_base"] - total["expected"] / total["expected_base"]
        assert change == pytest.approx(sum(found.values()), abs=1e-12)
