"""Rates of small items, drawn towards the rate of their kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, betabinom

from reportkit.analysis.shrink import Prior, fit_prior, shrink

trials = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def _items(alpha: float, strength: float, count: int, seed: int) -> tuple[pd.Series, pd.Series]:
    """Items with rates of Beta(alpha, strength - alpha), each seen a few to some hundred times."""
    random = np.random.default_rng(seed)
    n = random.integers(5, 400, count)
    return pd.Series(random.binomial(n, random.beta(alpha, strength - alpha, count))), pd.Series(n)


def test_the_prior_of_planted_items_is_found() -> None:
    """3,000 items whose conversion is Beta(3, 97)."""
    prior = fit_prior(*_items(3, 100, 3000, seed=1))
    assert prior is not None
    assert (0.03, 100) == (pytest.approx(prior.mean, rel=0.03), pytest.approx(prior.strength, rel=0.1))


def test_no_prior_near_it_is_likelier() -> None:
    """By another library's likelihood, the prior is at the top."""
    k, n = _items(8, 40, 200, seed=2)
    prior = fit_prior(k, n)
    assert prior is not None
    at_top = betabinom.logpmf(k, n, prior.alpha, prior.beta).sum()
    steps = np.array([0.98, 1.0, 1.02])
    near = [betabinom.logpmf(k, n, prior.alpha * a, prior.beta * b).sum() for a in steps for b in steps]
    assert at_top == max(near)


def test_a_lucky_small_item_does_not_lead() -> None:
    """3 of 8 beats 90 of 600 raw, but not where the low end is compared."""
    k, n = _items(10, 100, 300, seed=3)
    prior, found = shrink(pd.concat([k, pd.Series([3, 90])]), pd.concat([n, pd.Series([8, 600])]), level=0.8)
    lucky, proven = found.iloc[-2], found.iloc[-1]
    assert lucky["raw"] > proven["raw"]
    assert lucky["low"] < proven["low"]
    assert prior is not None
    posterior = beta(prior.alpha + 90, prior.beta + 510)
    assert posterior.interval(0.8) == pytest.approx((proven["low"], proven["high"]), rel=1e-9)


@pytest.mark.parametrize(
    ("k", "n", "prior"),
    [
        ([5, 10, 50], [50, 100, 500], Prior(65, 585)),
        ([3], [10], Prior(3, 7)),
        ([1, 0, 1], [1, 1, 1], Prior(2, 1)),
        ([0, 0], [10, 20], Prior(0.5, 30.5)),
        ([10, 20], [10, 20], Prior(30.5, 0.5)),
        ([0], [0], None),
        ([], [], None),
    ],
    ids=["equal", "single", "tried once", "never", "always", "no trials", "no items"],
)
def test_degenerate_items_have_a_defined_prior(k: list[int], n: list[int], prior: Prior | None) -> None:
    """What all trials say together, with half a success and a failure where all went one way."""
    found, _ = shrink(pd.Series(k, dtype="float64"), pd.Series(n, dtype="float64"), level=0.8)
    assert prior == found


def test_an_item_without_trials_has_the_rate_of_its_kind() -> None:
    """No visitors: no raw rate, the prior's mean. Counts that cannot be: missing, and not fitted."""
    k = pd.Series([5, 9, 0, 7, None], index=list("abcde"))
    n = pd.Series([100, 100, 0, 3, 10], index=list("abcde"))
    prior, found = shrink(k, n, level=0.8)
    assert fit_prior(k[:2], n[:2]) == prior
    assert prior is not None
    assert (True, prior.mean) == (np.isnan(found.at["c", "raw"]), pytest.approx(found.at["c", "mean"]))
    assert found.loc[["d", "e"]].isna().all(axis=None)
    assert found.loc[["a", "b"]].notna().all(axis=None)


@settings(max_examples=10, derandomize=True)
@given(st.lists(trials, min_size=1, max_size=8))
def test_the_posterior_lies_between_prior_and_raw_rate(items: list[tuple[int, int]]) -> None:
    """Every estimate is a compromise, inside its own interval, and no order of the items changes it."""
    table = pd.DataFrame(items, columns=["k", "n"])
    prior, found = shrink(table["k"], table["n"], level=0.95)
    if prior is None:
        assert table["n"].sum() == 0
        return
    seen = found.dropna()
    ends = pd.DataFrame({"raw": seen["raw"], "prior": prior.mean})
    assert (ends.min(axis=1) - 1e-9 <= seen["mean"]).all()
    assert (seen["mean"] <= ends.max(axis=1) + 1e-9).all()
    assert ((0 <= seen["low"]) & (seen["low"] <= seen["high"]) & (seen["high"] <= 1)).all()
    assert 1 - 1e-9 <= prior.strength <= table["n"].sum() + 1 + 1e-9
    again, _ = shrink(table["k"][::-1], table["n"][::-1], level=0.95)
    assert again is not None
    assert prior.mean == pytest.approx(again.mean, rel=1e-3)
