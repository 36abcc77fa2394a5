"""What one part would have been beside the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportkit.analysis.beside import expected_beside


def test_a_steady_ratio_is_kept() -> None:
    """Half as large as the rest, always: half of the rest now, for certain."""
    found = expected_beside(pd.Series([50.0, 60, 70]), pd.Series([100.0, 120, 140]), 200.0, level=0.8)
    assert found is not None
    assert (100.0, 100.0, 100.0, 3) == pytest.approx((found.value, found.low, found.high, found.n))


def test_the_range_is_that_of_a_new_period() -> None:
    """By hand: logs 0 and ±0.1, t of 0.9 with two degrees of freedom is 1.8856."""
    part = pd.Series(np.exp([0.0, 0.1, -0.1]))
    found = expected_beside(part, pd.Series([1.0, 1.0, 1.0]), 10.0, level=0.8)
    assert found is not None
    assert 10 * np.exp(1.8856 * 0.1 * np.sqrt(4 / 3)) == pytest.approx(found.high, rel=1e-4)
    assert 100.0 == pytest.approx(found.low * found.high)


@pytest.mark.parametrize(
    ("part", "rest", "now"),
    [([1.0, 2.0], [1.0, 1.0], 1.0), ([1.0, 2, 3], [0.0, 1, 1], 1.0), ([1.0, 2, 3], [1.0, 1, 1], 0.0)],
)
def test_too_little_says_nothing(part: list[float], rest: list[float], now: float) -> None:
    """Fewer than three usable periods, or nothing beside which it could stand."""
    assert expected_beside(pd.Series(part), pd.Series(rest), now, level=0.8) is None
