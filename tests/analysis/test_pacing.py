"""The course of a promotion, where it ends, and when stock is gone: worked out by hand."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.analysis.pacing import project, run_out, speed, stretched


@pytest.mark.parametrize(
    ("values", "days", "expected"),
    [
        ([10, 10, 40], 6, [10, 10, 10, 10, 40, 40]),
        ([10, 20, 30, 40], 2, [15, 35]),
        ([10, 20, 30], 3, [10, 20, 30]),
        ([], 2, [np.nan, np.nan]),
    ],
)
def test_a_phase_runs_longer_or_shorter(values: list[float], days: int, expected: list[float]) -> None:
    """The same amounts a day, in the same order; nothing where there was no such phase."""
    np.testing.assert_allclose(stretched(np.array(values, dtype=float), days), expected)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.integers(1, 40))
def test_stretching_keeps_the_mean(values: list[float], days: int) -> None:
    """A longer window is more days at the same level, not more a day."""
    assert pytest.approx(np.mean(values), abs=1e-6) == stretched(np.array(values), days).mean()


def test_the_rest_comes_at_the_pace_so_far() -> None:
    """120 of 100 due on two days; 200 due in the rest: 240 more. The floor is 10 % of them at 1.28 deviations."""
    found = project(
        np.array([60.0, 60.0]), np.array([50.0, 50.0]), np.array([200.0]), 1.2, level=0.8, floor=0.1
    )
    assert pytest.approx((360, 360 - 24 * 1.2816, 360 + 24 * 1.2816), abs=0.01) == (
        found.final,
        found.low,
        found.high,
    )


def test_days_that_miss_their_due_widen_the_range() -> None:
    """One day at half, one at one and a half of its due: deviation √½, over two days and one to come √(½ + 1)."""
    found = project(
        np.array([50.0, 150.0]), np.array([100.0, 100.0]), np.array([100.0]), 1.0, level=0.8, floor=0.1
    )
    assert pytest.approx(100 * 1.2816 * np.sqrt(0.5 * 1.5), abs=0.01) == found.high - found.final


def test_what_is_over_has_no_range() -> None:
    """Nothing is to come: the end is what there is."""
    found = project(np.array([50.0, 70.0]), np.array([50.0, 50.0]), np.zeros(0), 1.2, level=0.8, floor=0.1)
    assert (120.0, 120.0, 120.0) == (found.final, found.low, found.high)


def test_few_units_teach_little() -> None:
    """Twice as many as expected: with 6 of 3 a third faster, with 600 of 300 nearly twice as fast."""
    assert pytest.approx((12 / 9, 606 / 306)) == (speed(6, 3, 6), speed(600, 300, 6))


@pytest.mark.parametrize(("stock", "expected"), [(0, -1.5), (5, -0.5), (20, 2.0), (31, inf)])
def test_when_stock_is_gone(stock: float, expected: float) -> None:
    """5, 10 and 10 units over an hour, one and a half and two, from an hour and a half ago on."""
    edges = np.array([-1.5, -0.5, 1.0, 3.0])
    assert pytest.approx(expected) == run_out(stock, np.array([5.0, 10.0, 10.0]), edges)
