"""Scarce stock over platforms: by hand, and whatever the numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.analysis.allocation import allocate, share_out


def _share(pool: int, reserved: list[float], rate: list[float], value: list[float], days: float) -> list[int]:
    return list(map(int, share_out(pool, np.array(reserved), np.array(rate), np.array(value), days)))


def test_equal_value_makes_equal_cover() -> None:
    """90 units at 10, 20 and 60 a day: one day each."""
    assert _share(90, [0, 0, 0], [10, 20, 60], [5, 5, 5], 30) == [10, 20, 60]


def test_what_is_reserved_counts_and_stays() -> None:
    """One platform has three days reserved: the pool lifts the others to two and a half, and leaves it alone."""
    assert _share(200, [30, 0, 0], [10, 20, 60], [5, 5, 5], 30) == [0, 50, 150]


def test_more_value_makes_longer_cover() -> None:
    """Twice the contribution a unit, twice the days: 2 days of 10 and 1 day of 10."""
    assert _share(30, [0, 0], [10, 10], [8, 4], 30) == [20, 10]


def test_nobody_gets_more_than_it_will_sell() -> None:
    """Two days of demand are 20 units; what is left goes to the other, and what nobody needs stays in the pool."""
    assert _share(60, [0, 0], [10, 30], [8, 1], 2) == [20, 40]
    assert _share(500, [0, 0], [10, 30], [8, 1], 2) == [20, 60]


def test_a_platform_that_brings_nothing_comes_last() -> None:
    """Its units are those that the others do not need."""
    assert _share(25, [0, 0], [10, 10], [8, -1], 2) == [20, 5]
    assert _share(25, [0, 0, 0], [0, 10, 10], [8, 0, -3], 2) == [0, 13, 12]


def test_demand_is_met_in_whole_units() -> None:
    """Half a unit a day over three days is a demand of two."""
    assert _share(10, [0], [0.5], [1], 3) == [2]


@pytest.mark.parametrize("bad", [([-1.0], [1.0]), ([0.0], [np.nan]), ([0.0], [np.inf])])
def test_impossible_numbers_are_refused(bad: tuple[list[float], list[float]]) -> None:
    """Nothing is shared out on numbers that cannot be."""
    with pytest.raises(ValueError, match="finite and not negative"):
        share_out(5, np.array(bad[0]), np.array(bad[1]), np.array([1.0]), 3)


_PLATFORM = st.tuples(
    st.integers(0, 60), st.floats(0, 40, allow_subnormal=False), st.floats(-3, 30, allow_subnormal=False)
)


@given(st.integers(0, 500), st.lists(_PLATFORM, min_size=1, max_size=6), st.integers(0, 30))
def test_units_are_conserved(pool: int, platforms: list[tuple[int, float, float]], days: int) -> None:
    """No unit appears or is lost: all that is needed is given, never more than there is or than anyone sells."""
    reserved, rate, value = (np.array(column, float) for column in zip(*platforms, strict=True))
    found = share_out(pool, reserved, rate, value, days)
    room = np.maximum(np.ceil((rate * days).round(6)) - reserved, 0)
    assert found.dtype.kind == "i"
    assert found.sum() == min(pool, room.sum())
    assert (found >= 0).all()
    assert (found <= room).all()


@given(st.integers(0, 300), st.lists(_PLATFORM, min_size=2, max_size=5))
def test_covers_rise_together(pool: int, platforms: list[tuple[int, float, float]]) -> None:
    """A platform that got something has no more cover for its value than one whose demand is open, but for a unit."""
    reserved, rate, value = (np.array(column, float) for column in zip(*platforms, strict=True))
    rate, value = rate + 1, np.abs(value) + 1
    found = share_out(pool, reserved, rate, value, 20)
    given_some, still_open = found > 0, reserved + found + 1 <= rate * 20
    level = (reserved + found) / (rate * value)
    for one in np.flatnonzero(given_some):
        for other in np.flatnonzero(still_open):
            slack = 1 / (rate[one] * value[one]) + 1 / (rate[other] * value[other])
            assert level[one] <= level[other] + slack + 1e-9


def test_every_sku_has_its_own_pool() -> None:
    """Frames in, frames out: a value that is not known makes the platforms of that SKU count alike."""
    needs = pd.DataFrame(
        [
            ("a", "tmall", 10.0, 8.0, 0.0),
            ("a", "jd", 10.0, 4.0, 0.0),
            ("b", "tmall", 5.0, np.nan, 15.0),
            ("b", "jd", 5.0, 9.0, 0.0),
            ("b", "pdd", 0.0, 9.0, 0.0),
        ],
        columns=["sku_id", "platform_id", "rate", "value", "reserved"],
    )
    found = allocate(needs, pd.Series({"a": 30, "b": 5}), pd.Series({"a": 5, "b": 4}))
    assert found["given"].tolist() == [20, 10, 0, 5, 0]
    assert found["cover"].tolist() == pytest.approx([2, 1, 3, 1, np.nan], nan_ok=True)
    assert found["short"].tolist() == [30, 40, 5, 15, 0]
