"""A product split into factors, a ratio into rates and mix: identities, whatever the numbers."""

from __future__ import annotations

from itertools import permutations
from math import prod

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.analysis.decompose import decompose, within_mix
from reportkit.errors import AnalysisError

_FACTORS = ["visitors", "cvr", "aov", "kept"]
_NAN = float("nan")

sizes = st.floats(1e-3, 1e6)
levels = st.one_of(sizes, st.just(0.0), st.floats(-1e3, -1e-3))


def _frame(rows: dict[str, tuple[float, ...]], **values: float) -> pd.DataFrame:
    """Parts with their factors; gmv is their product unless given."""
    frame = pd.DataFrame.from_dict(rows, orient="index", dtype="float64")
    frame.columns = pd.Index(_FACTORS[: frame.shape[1]])
    frame["gmv"] = [values.get(part, prod(row)) for part, row in rows.items()]
    return frame


def _split(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    return decompose(before, after, [name for name in before if name != "gmv"], "gmv")


def _periods(values: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[pd.DataFrame, pd.DataFrame]]:
    """Three factors of one to three parts, in two periods."""
    row = st.tuples(values, values, values)
    both = st.lists(st.tuples(row, row), min_size=1, max_size=3)
    return both.map(
        lambda pairs: tuple(
            _frame({f"part {i}": pair[side] for i, pair in enumerate(pairs)}) for side in (0, 1)
        )
    )


def test_lmdi_of_three_factors() -> None:
    """The worked example: more visitors, lower conversion, smaller baskets."""
    before, after = _frame({"tmall": (100_000, 0.03, 200)}), _frame({"tmall": (130_000, 0.027, 190)})
    row = _split(before, after).loc["tmall"]
    assert [166_040.05, -66_678.54, -32_461.51] == [round(row[name], 2) for name in _FACTORS[:3]]
    assert ("lmdi", 0.0, 66_900.0) == (row["method"], row["whole"], round(row["change"], 6))


def test_a_return_of_everything_is_split_by_shapley() -> None:
    """A fourth factor of zero: net sales fall to nothing, and every factor gets its mean part of that."""
    before = _frame({"tmall": (100_000, 0.03, 200, 0.9)})
    after = _frame({"tmall": (130_000, 0.027, 190, 0.0)})
    row = _split(before, after).loc["tmall"]
    assert "shapley" == row["method"]
    assert -540_000 == pytest.approx(row[_FACTORS].sum(), rel=1e-12)


def test_shapley_of_the_worked_example() -> None:
    """A factor of minus one in both periods makes the same example one for Shapley, with the sign turned."""
    before = _frame({"tmall": (100_000, 0.03, 200, -1)})
    after = _frame({"tmall": (130_000, 0.027, 190, -1)})
    row = _split(before, after).loc["tmall"]
    assert [-166_800.0, 67_200.0, 32_700.0, 0.0] == [round(row[name], 6) for name in _FACTORS]


def test_what_is_there_in_one_period_only_is_booked_whole() -> None:
    """New, closed, without a sale before, and in both periods without visitors; never seen: left out."""
    before = _frame(
        {
            "closed": (10, 0.5, 2),
            "idle": (10, 0, _NAN),
            "no file": (_NAN, _NAN, 3),
            "never": (5, 0, _NAN),
        },
        idle=0,
        never=0,
        **{"no file": 9},
    )
    after = _frame(
        {"new": (4, 0.5, 3), "idle": (10, 0.1, 2), "no file": (_NAN, _NAN, 4), "never": (_NAN,) * 3},
        **{"no file": 16},
    )
    found = _split(before, after)
    assert {"new": "entry", "idle": "entry", "closed": "exit", "no file": "whole"} == dict(found["method"])
    assert {"new": 6.0, "idle": 2.0, "closed": -10.0, "no file": 7.0} == dict(found["whole"])
    assert found["change"].equals(found["whole"])
    assert 0 == found[_FACTORS[:3]].abs().to_numpy().sum()


def test_factors_that_do_not_multiply_to_the_value_are_refused() -> None:
    """Buyers of one table and baskets of another make no identity."""
    good, bad = _frame({"jd": (10, 0.5, 2)}), _frame({"jd": (10, 0.5, 2)}, jd=11)
    with pytest.raises(AnalysisError, match="jd: visitors × cvr × aov is 10, but gmv is 11"):
        _split(good, bad)


@settings(max_examples=15, derandomize=True)
@given(_periods(levels))
def test_effects_add_up_and_turn_with_the_periods(periods: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Each part's effects are its change; seen from the other period they are the same with the sign turned."""
    there, back = _split(*periods), _split(*periods[::-1])
    scale = max(periods[0]["gmv"].abs().max(), periods[1]["gmv"].abs().max(), 1e-9)
    effects = there[[*_FACTORS[:3], "whole"]]
    largest = max(effects.abs().to_numpy().max(), scale)
    np.testing.assert_allclose(effects.sum(axis=1), there["change"], atol=1e-12 * largest, rtol=1e-9)
    np.testing.assert_allclose(effects, -back[effects.columns], atol=1e-9 * largest)
    assert there["method"].equals(back["method"])


@settings(max_examples=12, derandomize=True)
@given(_periods(sizes), st.permutations(_FACTORS[:3]), st.floats(1e-3, 1e3))
def test_order_and_units_do_not_matter(
    periods: tuple[pd.DataFrame, pd.DataFrame], order: list[str], unit: float
) -> None:
    """Factors and parts in any order, money in any unit: the same effects."""
    found = _split(*periods)
    turned = [
        frame.iloc[::-1][[*order, "gmv"]].assign(aov=frame["aov"] * unit, gmv=frame["gmv"] * unit)
        for frame in periods
    ]
    again = _split(*turned).loc[found.index, _FACTORS[:3]] / unit
    expected = found[_FACTORS[:3]]
    np.testing.assert_allclose(expected, again, rtol=1e-6, atol=1e-9 * expected.abs().to_numpy().max())


@settings(max_examples=12, derandomize=True)
@given(st.lists(st.tuples(levels, levels), min_size=1, max_size=4))
def test_shapley_is_the_mean_over_all_orders(pairs: list[tuple[float, float]]) -> None:
    """The oracle walks every order of the factors; a last factor of -1 sends every sample to Shapley."""
    pairs = [*pairs[:3], (-1.0, -1.0)]
    before, after = ([pair[side] for pair in pairs] for side in (0, 1))
    found = _split(_frame({"all": tuple(before)}), _frame({"all": tuple(after)})).loc["all"]
    orders = list(permutations(range(len(pairs))))
    effects = np.zeros(len(pairs))
    for order in orders:
        now = list(before)
        for factor in order:
            was = prod(now)
            now[factor] = after[factor]
            effects[factor] += (prod(now) - was) / len(orders)
    scale = max(np.abs(effects).max(), 1e-9)
    np.testing.assert_allclose(
        found[_FACTORS[: len(pairs)]].to_numpy("float64"), effects, atol=1e-9 * scale, rtol=1e-9
    )


def test_every_platform_improved_and_the_total_fell() -> None:
    """Simpson: conversion rose on both platforms, but visitors moved to the weaker one."""
    found = within_mix(
        pd.Series({"tmall": 60_000, "douyin": 40_000}),
        pd.Series({"tmall": 50_000, "douyin": 80_000}),
        pd.Series({"tmall": 0.04, "douyin": 0.015}),
        pd.Series({"tmall": 0.041, "douyin": 0.016}),
    )
    assert (0.001, -0.005385) == (round(found["within"].sum(), 9), round(found["mix"].sum(), 6))
    assert (found["within"] > 0).all()


def test_an_element_that_comes_or_goes_is_all_mix() -> None:
    """What had no weight before did nothing itself: that it came changed the mix."""
    found = within_mix(
        pd.Series({"old": 100, "stays": 100, "never": 0}),
        pd.Series({"stays": 100, "new": 100}),
        pd.Series({"old": 0.5, "stays": 0.1, "never": _NAN}),
        pd.Series({"stays": 0.1, "new": 0.3}),
    )
    assert ["new", "old", "stays"] == sorted(found.index)
    assert {0.0} == set(found["within"])
    assert 0.2 - 0.3 == pytest.approx(found["mix"].sum())


def test_without_any_weight_there_is_nothing_to_split() -> None:
    """A period without a visitor has no conversion to compare."""
    one, none = pd.Series({"a": 1.0}), pd.Series({"a": 0.0})
    assert within_mix(one, none, one, one).empty


@settings(max_examples=15, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(-1, 5), st.floats(-1, 5)),
        min_size=1,
        max_size=5,
    )
)
def test_within_and_mix_are_the_change_of_the_ratio(rows: list[tuple[float, float, float, float]]) -> None:
    """Σ(within + mix) = R1 - R0, and both turn their sign with the periods."""
    table = pd.DataFrame(rows, columns=["w0", "w1", "r0", "r1"])
    there = within_mix(table["w0"], table["w1"], table["r0"], table["r1"])
    back = within_mix(table["w1"], table["w0"], table["r1"], table["r0"])
    if 0 in (table["w0"].sum(), table["w1"].sum()):
        assert there.empty
        assert back.empty
        return
    change = np.average(table["r1"], weights=table["w1"]) - np.average(table["r0"], weights=table["w0"])
    assert change == pytest.approx((there["within"] + there["mix"]).sum(), abs=1e-12)
    np.testing.assert_allclose(there[["within", "mix"]], -back[["within", "mix"]], atol=1e-12)
