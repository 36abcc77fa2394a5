"""Intervals of rates, their difference, and the test against the rate of their kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from reportkit.analysis.proportions import against_rate, newcombe, ratio, wilson
from reportkit.errors import AnalysisError

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_of_the_worked_examples() -> None:
    """12 of 100, 120 of 1,000 and none of 30."""
    found = wilson([12, 120, 0], [100, 1000, 30], level=0.95).round(4)
    assert [[0.07, 0.1981], [0.1013, 0.1416], [0.0, 0.1135]] == found[["low", "high"]].to_numpy().tolist()


def test_a_rate_that_cannot_be_is_missing() -> None:
    """No trials, more successes than trials, nothing known: missing in every answer, with the index kept."""
    k = pd.Series([0, 5, None, 1], index=list("abcd"), dtype="float64")
    n = pd.Series([0, 4, 9, 2], index=list("abcd"))
    for found in (
        wilson(k, n, level=0.9),
        newcombe(k, n, 1, 2, level=0.9),
        against_rate(k, n, 0.5),
    ):
        assert [True, True, True, False] == found.isna().all(axis=1).tolist()
        assert list("abcd") == list(found.index)
        assert found.loc["d"].notna().all()


@settings(max_examples=12, derandomize=True)
@given(counts, st.sampled_from([0.8, 0.95]))
def test_wilson_is_that_of_scipy(count: tuple[int, int], level: float) -> None:
    """Another library's interval is the same."""
    row = wilson(*count, level=level).iloc[0]
    oracle = binomtest(*count).proportion_ci(level, method="wilson")
    assert (oracle.low, oracle.high) == pytest.approx((row["low"], row["high"]), abs=1e-9)


def test_newcombe_of_the_published_example() -> None:
    """56 of 70 against 48 of 80: Newcombe 1998, table II, method 10."""
    row = newcombe(56, 70, 48, 80, level=0.95).iloc[0].round(4)
    assert [0.2, 0.0524, 0.3339] == row.tolist()


@settings(max_examples=12, derandomize=True)
@given(counts, counts)
def test_newcombe_turns_with_its_sides(one: tuple[int, int], other: tuple[int, int]) -> None:
    """The other way round, low and high change places and signs; the difference lies between."""
    there = newcombe(*one, *other, level=0.95).iloc[0]
    back = newcombe(*other, *one, level=0.95).iloc[0]
    assert (-back["high"], -back["low"]) == pytest.approx((there["low"], there["high"]), abs=1e-12)
    assert there["low"] - 1e-12 <= there["difference"] <= there["high"] + 1e-12


def test_over_dispersion_takes_the_alarm_away() -> None:
    """66 of 600 against 8 %: z of 2.71, but only 2.14 where days differ more than chance lets them."""
    found = against_rate([66, 66], 600, 0.08, [1.0, 1.6])
    assert [2.71, 2.14] == found["z"].round(2).tolist()
    assert found["above"].is_monotonic_increasing


@settings(max_examples=12, derandomize=True)
@given(counts, st.floats(0.001, 0.999))
def test_without_over_dispersion_the_test_is_exact(count: tuple[int, int], p0: float) -> None:
    """The two tails are those of another library's exact test."""
    row = against_rate(*count, p0).iloc[0]
    oracle = [binomtest(*count, p0, alternative=side).pvalue for side in ("greater", "less")]
    assert oracle == pytest.approx([row["above"], row["below"]], rel=1e-6, abs=1e-12)


def test_a_kind_without_events_has_no_spread() -> None:
    """Against a rate of zero there is no z, but one event is impossible."""
    found = against_rate([0, 1], 30, 0.0)
    assert found["z"].isna().all()
    assert [1.0, 0.0] == found["above"].tolist()


def test_under_dispersion_is_refused() -> None:
    """A factor below one would make chance look smaller than it is."""
    with pytest.raises(AnalysisError, match=r"over-dispersion 0\.5 is below 1"):
        against_rate(1, 30, 0.1, 0.5)


def test_a_ratio_of_sums_by_day() -> None:
    """30 of 300 over three days of 100 that had 8, 10 and 12: residuals −2, 0 and 2, √8 of 300; nothing of nothing."""
    assert ratio(pd.Series([8.0, 10.0, 12.0]), pd.Series([100.0] * 3)) == pytest.approx((0.1, 8**0.5 / 300))
    assert ratio(pd.Series([np.nan, 3.0]), pd.Series([np.nan, 0.0])) == (0.0, 0.0)
