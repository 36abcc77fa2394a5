"""Pairs of items bought together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from time import process_time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.analysis.basket import PAIRS, lift, pairs

_ALL = {"least_n": 1, "least_share": 0.0, "least_confidence": 0.0, "least_lift": 0.0, "level": 0.95}
_HOUSE = {"least_n": 20, "least_share": 0.001, "least_confidence": 0.05, "least_lift": 1.2, "level": 0.95}

baskets = st.lists(st.lists(st.sampled_from("abcde"), max_size=5), max_size=12)


def _lines(orders: list[list[str]]) -> pd.DataFrame:
    rows = [(f"order {i}", item) for i, order in enumerate(orders) for item in order]
    return pd.DataFrame(rows, columns=["order", "item"], dtype="str")


def test_lift_of_the_worked_example() -> None:
    """10,000 orders, 800 and 500 with either item, 120 with both."""
    orders = [["a", "b"]] * 120 + [["a", "x"]] * 680 + [["b", "y"]] * 380 + [["x", "y"]] * 8820
    found = pairs(_lines(orders), **_ALL).set_index(["first", "second"])
    row = found.loc[("b", "a")]
    assert (10_000, 500, 800, 120) == tuple(row[["orders", "n_first", "n_second", "n"]])
    assert (0.012, 0.24, 3.0) == tuple(row[["support", "confidence", "lift"]].round(9))
    assert 0.15 == row["n"] / row["n_second"]
    assert 2.59 == round(row["lift_low"], 2)


def test_the_bound_covers_as_often_as_it_says() -> None:
    """Of 20,000 drawn samples of orders, the lower bound is below the true lift in 97.5 %."""
    both, only_a, only_b = 0.012, 0.068, 0.038
    draws = np.random.default_rng(4).multinomial(
        100_000, [both, only_a, only_b, 1 - both - only_a - only_b], 20_000
    )
    ab, a, b = draws[:, 0], draws[:, 0] + draws[:, 1], draws[:, 0] + draws[:, 2]
    _, low = lift(100_000, a, b, ab, 0.95)
    assert 0.975 == pytest.approx((low < 3.0).mean(), abs=0.004)


def test_each_filter_drops_what_it_is_for() -> None:
    """Rare, unsure and merely popular pairs stay out; repeated lines and single items count for nothing."""
    friends = [["cup", "saucer", "cup"]] * 60
    rare = [["cup", "spoon"]] * 19
    popular = [["bag", item] for item in ("tea", "pot", "cup", "saucer") for _ in range(40)]
    others = [["tea", "pot"], ["tea", "mat"], ["pot", "mat"]] * 30
    orders = friends + rare + popular + others + [["cup"]] * 500 + [["saucer"]] * 500
    found = pairs(_lines(orders), **_HOUSE)
    assert ("saucer", "cup") == tuple(found.loc[0, ["first", "second"]])
    assert 60 + 19 + 160 + 90 == found.loc[0, "orders"]
    together = {frozenset(pair) for pair in found[["first", "second"]].itertuples(index=False)}
    assert frozenset({"cup", "spoon"}) not in together
    assert all("bag" not in pair for pair in together)
    assert pairs(_lines(orders), **_HOUSE | {"least_confidence": 0.99}).empty
    assert pairs(_lines(orders), **_HOUSE | {"least_share": 0.5}).empty
    assert pairs(_lines(orders), **_HOUSE | {"least_lift": 9.0}).empty


def test_no_lines_no_pairs() -> None:
    """An empty month answers with an empty frame of the same columns."""
    for lines in (_lines([]), _lines([["a"], ["a", "a"]])):
        found = pairs(lines, **_ALL)
        assert (PAIRS, 0) == (list(found), len(found))


@settings(max_examples=15, derandomize=True)
@given(baskets)
def test_counts_are_those_of_a_plain_count(orders: list[list[str]]) -> None:
    """The oracle counts pairs one by one; who comes first changes no lift."""
    sets = [set(order) for order in orders if len(set(order)) > 1]
    single = Counter(item for order in sets for item in order)
    both = Counter(pair for order in sets for pair in combinations(sorted(order), 2))
    found = pairs(_lines(orders).sample(frac=1, random_state=0), **_ALL)
    got = {tuple(sorted((row.first, row.second))): row for row in found.itertuples()}
    assert dict(both) == {pair: row.n for pair, row in got.items()}
    for (a, b), row in got.items():
        assert both[a, b] * len(sets) / single[a] / single[b] == pytest.approx(row.lift)
        assert both[a, b] / min(single[a], single[b]) == pytest.approx(row.confidence)
        assert 0 < row.lift_low <= row.lift
        assert lift(len(sets), single[a], single[b], row.n, 0.9) == lift(
            len(sets), single[b], single[a], row.n, 0.9
        )


def test_two_hundred_thousand_lines_are_counted_in_a_moment() -> None:
    """A busy month of 2,000 items, where one pair was planted."""
    random = np.random.default_rng(5)
    lines = pd.DataFrame(
        {"order": random.integers(0, 60_000, 200_000), "item": random.zipf(1.3, 200_000) % 2000}
    )
    planted = pd.DataFrame({"order": np.repeat(np.arange(200), 2), "item": [7001, 7002] * 200})
    started = process_time()
    found = pairs(pd.concat([lines, planted]), **_HOUSE)
    assert process_time() - started < 3
    assert {7001, 7002} == set(found.loc[0, ["first", "second"]])
