"""Whether what was done moved a metric."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.analysis.effect import Effect, effect


def days(level: float, seed: int, count: int = 28, spread: float = 0.05) -> pd.DataFrame:
    """Amounts of `count` days around `level`."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"x": level * rng.normal(1, spread, count), "y": 1.0})


def test_the_change_is_that_of_the_quotients() -> None:
    """Σx / Σy of each side, worked out by hand."""
    before = pd.DataFrame({"x": [10.0, 20.0, 30.0], "y": [100.0, 200.0, 300.0]})
    after = pd.DataFrame({"x": [12.0, 24.0, 36.0], "y": [100.0, 200.0, 300.0]})
    told = effect(before, after, level=0.9)
    assert told is not None
    assert (3, 3) == (told.n_before, told.n_after)
    assert [0.1, 0.12] == pytest.approx([told.before, told.after])
    assert 0.2 == pytest.approx(told.change)


@pytest.mark.parametrize(
    ("low", "high", "better", "wanted", "expected"),
    [
        (0.05, 0.20, "up", 0.0, "effective"),
        (-0.20, -0.05, "down", 0.0, "effective"),
        (-0.20, -0.05, "up", 0.0, "ineffective"),
        (-0.05, 0.04, "up", 0.3, "ineffective"),
        (-0.05, 0.40, "up", 0.3, "undecided"),
        (-0.05, 0.40, "up", 0.0, "undecided"),
        (-0.04, 0.05, "down", 0.3, "ineffective"),
    ],
)
def test_the_interval_decides(low: float, high: float, better: str, wanted: float, expected: str) -> None:
    """No change left out on the better side, what was wanted left out, or neither."""
    told = Effect(1.0, 1.0, (low + high) / 2, low, high, 28, 28)
    assert expected == told.outcome(better, wanted)  # type: ignore[arg-type]


def test_a_planted_change_lies_inside_the_interval_as_often_as_it_says() -> None:
    """Nine of ten: of 200 runs 180, give or take what a binomial allows."""
    held = 0
    for seed in range(200):
        told = effect(days(100, seed), days(115, 1000 + seed), level=0.9)
        assert told is not None
        held += told.low <= 0.15 <= told.high
    assert 168 <= held <= 192


@given(st.floats(0.01, 1e6), st.integers(0, 50))
def test_the_unit_changes_nothing(scale: float, seed: int) -> None:
    """An amount in yuan or in fen moved by as much."""
    before, after = days(100, seed), days(90, seed + 1)
    plain = effect(before, after, level=0.9)
    scaled = effect(before.assign(x=before.x * scale), after.assign(x=after.x * scale), level=0.9)
    assert plain is not None
    assert scaled is not None
    assert plain.change == pytest.approx(scaled.change)
    assert plain.low == pytest.approx(scaled.low)


def test_too_few_days_tell_nothing() -> None:
    """One known day on a side is none."""
    assert effect(days(100, 1, count=1), days(100, 2), level=0.9) is None
    assert effect(days(100, 1), days(100, 2).assign(x=np.nan), level=0.9) is None
