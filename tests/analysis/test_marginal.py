"""What one more yuan of advertising goes with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportkit.analysis.marginal import marginal_return

DAYS = pd.date_range("2026-01-01", periods=112)


def series(elasticity: float, noise: float, seed: int = 3) -> tuple[pd.Series, pd.Series]:
    """Spend, and sales that follow it with a constant elasticity, a weekday and a trend."""
    rng = np.random.default_rng(seed)
    spend = pd.Series(100 * rng.lognormal(0, 0.3, len(DAYS)), index=DAYS)
    week = 1 + 0.2 * (DAYS.day_of_week >= 5)
    trend = np.exp(0.3 * np.arange(len(DAYS)) / 365)
    sales = 50 * spend**elasticity * week * trend * rng.lognormal(0, noise, len(DAYS))
    return spend, sales


def test_a_known_elasticity_is_found() -> None:
    """Without noise exactly; the return is the elasticity times sales over spend."""
    spend, sales = series(0.4, 0.0)
    found = marginal_return(spend, sales, level=0.8)
    assert found is not None
    assert 0.4 == pytest.approx(found.elasticity, abs=1e-6)
    assert 0.4 * sales.sum() / spend.sum() == pytest.approx(found.value)
    assert 112 == found.n


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Eight of ten, over a hundred draws, within what chance allows."""
    held = 0
    for seed in range(100):
        spend, sales = series(0.3, 0.1, seed)
        found = marginal_return(spend, sales, level=0.8)
        assert found is not None
        truth = 0.3 * sales.sum() / spend.sum()
        held += found.low <= truth <= found.high
    assert 68 <= held <= 90


def test_scale_changes_nothing_but_the_unit() -> None:
    """Sales in fen return a hundred times as much."""
    spend, sales = series(0.3, 0.1)
    one, other = (marginal_return(spend, sales * times, level=0.8) for times in (1, 100))
    assert one is not None
    assert other is not None
    assert one.low * 100 == pytest.approx(other.low)


@pytest.mark.parametrize("days", [5, 20])
def test_few_days_say_nothing(days: int) -> None:
    """A fit needs twice as many days as it has terms."""
    spend, sales = series(0.3, 0.1)
    found = marginal_return(spend[:days], sales[:days], level=0.8)
    assert (days == 20) == (found is not None)


def test_spend_that_never_changes_says_nothing() -> None:
    """There is no slope; days without spend or sales are left out."""
    spend, sales = series(0.3, 0.1)
    assert marginal_return(spend * 0 + 100, sales, level=0.8) is None
    spend.iloc[:40], sales.iloc[40:50] = 0.0, np.nan
    found = marginal_return(spend, sales, level=0.8)
    assert found is not None
    assert 62 == found.n
