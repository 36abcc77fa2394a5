"""How much of the refunds is visible, and what they come to: by hand, and whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reportkit.analysis.maturity import (
    BADGES,
    Blend,
    Cohorts,
    badge,
    bornhuetter_ferguson,
    chain_ladder,
    coefficients,
    factors,
    incidence,
    maturity,
    prior_rate,
    simulate,
    visible,
)

_NOT = np.nan
_TRIANGLE = np.array(  # ages 3, 7, 15 and 30 days
    [[4, 9, 14, 16], [5, 10, 15, 17], [6, 12, 19, _NOT], [5, 11, _NOT, _NOT], [7, _NOT, _NOT, _NOT]]
)
_PAID = np.array([100.0, 100, 110, 105, 120])
_BLEND = Blend(low=0.5, high=0.8, orders=200)
_COHORTS = Cohorts(_PAID, np.full(5, 1000.0), _TRIANGLE)


def _world(days: int, ages: int, rate: float = 0.15, orders: int = 400, seed: int = 7) -> np.ndarray:
    """Cumulative refunds of `days` cohorts of 100 an order, each order refunded with `rate` at a random age."""
    rng = np.random.default_rng(seed)
    share = np.diff(1 - np.exp(-np.arange(ages + 1) / 6), append=0)[:-1]
    return 100.0 * rng.poisson(orders * rate * share / share.sum(), (days, ages)).cumsum(axis=1)


def test_development_of_five_cohorts() -> None:
    """f is the ratio of sums over the cohorts seen at the later age, F its product from the end."""
    found = factors(_TRIANGLE)
    assert found == pytest.approx([2.1, 1.5484, 1.1379], abs=5e-5)
    assert visible(found) == pytest.approx([0.2703, 0.5676, 0.8788, 1.0], abs=5e-5)


def test_chain_ladder_and_bornhuetter_ferguson() -> None:
    """A cohort of 120 with 7 refunded at age 3: 25.9 by its own refunds, 21.4 by the usual rate."""
    share = visible(factors(_TRIANGLE))[_COHORTS.age]
    ladder = chain_ladder(_COHORTS.now, share)
    ferguson = bornhuetter_ferguson(_COHORTS.now, share, _PAID, prior_rate(_COHORTS))
    assert prior_rate(_COHORTS) == 0.165
    assert ladder == pytest.approx([16, 17, 21.621, 19.382, 25.901], abs=5e-4)
    assert ferguson == pytest.approx([16, 17, 21.2, 18.492, 21.449], abs=5e-4)


def test_the_blend_trusts_a_cohort_by_what_is_seen_of_it() -> None:
    """Below half it takes the usual rate, from 0.8 the cohort's own, in between a mixture; few orders never."""
    share, orders = np.array([0.4, 0.65, 0.8, 0.8]), np.array([500, 500, 500, 199])
    refunds, paid = np.full(4, 30.0), np.full(4, 1000.0)
    ladder, ferguson = (
        chain_ladder(refunds, share),
        bornhuetter_ferguson(refunds, share, paid, 0.1),
    )
    grow, to_come = coefficients(share, orders, 0.1, _BLEND)
    expected = [ferguson[0], (ladder[1] + ferguson[1]) / 2, ladder[2], ferguson[3]]
    assert grow * refunds + to_come * paid == pytest.approx(expected)


def test_a_usual_rate_is_needed_only_where_refunds_are_to_come() -> None:
    """Without one, what is visible enough stands on its own; the rest, and what is not known, stays unknown."""
    share, orders = np.array([1.0, 1.0, 0.9, 0.6, np.nan]), np.array([500, 10, 500, 500, 500])
    grow, to_come = coefficients(share, orders, np.nan, _BLEND)
    assert grow[:3] == pytest.approx([1, 1, 1 / 0.9])
    assert to_come[:3].tolist() == [0, 0, 0]
    assert np.isnan(to_come[3:]).all()


def test_maturity_weighs_by_money() -> None:
    """Three quarters of the money all visible and a quarter not at all: 0.75; nothing paid: unknown."""
    assert maturity(np.array([300.0, 100]), np.array([1.0, 0])) == 0.75
    assert np.isnan(maturity(np.zeros(2), np.ones(2)))


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (0.599, 0), (0.6, 1), (0.85, 2), (0.949, 2), (0.95, 3), (1, 3)]
)
def test_badges(value: float, expected: int) -> None:
    """A cut belongs to the badge above it."""
    assert badge(value, (0.6, 0.85, 0.95)) == BADGES[expected]


def test_no_badge_for_the_unknown() -> None:
    """What is not known is not called initial."""
    assert badge(np.nan, (0.6, 0.85, 0.95)) is None


def test_ages_without_refunds() -> None:
    """Nothing at either age is no growth; the first refunds make what came before them invisible."""
    found = factors(np.array([[0.0, 0, 5, 5], [0, 0, 3, _NOT]]))
    assert found.tolist() == [1, np.inf, 1]
    assert visible(found).tolist() == [0, 0, 1, 1]
    assert coefficients(np.zeros(1), np.array([500]), 0.1, _BLEND) == (1, 0.1)


def test_refunds_taken_back_do_not_shrink_what_is_final() -> None:
    """A cohort that falls from 10 to 8 develops by 1, so that no more than all is visible."""
    assert factors(np.array([[5.0, 10, 8]])).tolist() == [2, 1]


def test_an_age_that_nobody_has_reached_is_unknown() -> None:
    """Without a cohort at the last age, nothing is known of the share visible before it."""
    share = visible(factors(np.array([[1.0, 2, _NOT], [1, 3, _NOT]])))
    assert np.isnan(share).tolist() == [True, True, False]


def test_incidence_joins_cohorts_of_different_ages() -> None:
    """Each age adds what came at it over what was paid by those who reached it."""
    cohorts = Cohorts(np.array([100.0, 300]), np.ones(2), np.array([[2.0, 5, _NOT], [6, _NOT, _NOT]]))
    assert incidence(cohorts) == pytest.approx([8 / 400, 8 / 400 + 3 / 100, np.nan], nan_ok=True)


_REFUNDS = arrays(float, st.tuples(st.integers(2, 8), st.integers(2, 6)), elements=st.integers(-5, 100))


@given(_REFUNDS, st.data())
def test_shares_visible_rise_to_one(steps: np.ndarray, data: st.DataObject) -> None:
    """Whatever was refunded or taken back, 0 ≤ F ≤ 1, rising, and the final refunds are finite."""
    ages = steps.shape[1]
    seen = np.array(
        [ages, *data.draw(st.lists(st.integers(0, ages), min_size=len(steps) - 1, max_size=len(steps) - 1))]
    )
    triangle = np.where(np.arange(ages) < seen[:, None], steps.cumsum(axis=1), np.nan)
    cohorts = Cohorts(np.full(len(steps), 50.0), np.full(len(steps), 300.0), triangle)
    share = visible(factors(triangle))
    assert (np.diff(share) >= 0).all()
    assert (0 <= share).all()
    assert share[-1] == 1
    grow, to_come = coefficients(share[cohorts.age.clip(0)], cohorts.orders, 0.1, _BLEND)
    assert np.isfinite(grow * cohorts.now + to_come * cohorts.paid).all()
    assert (grow >= 1).all()
    assert (to_come >= 0).all()


@given(_REFUNDS, st.floats(0.1, 1000))
def test_the_currency_does_not_matter(steps: np.ndarray, scale: float) -> None:
    """Refunds in another unit have the same development."""
    triangle = np.abs(steps).cumsum(axis=1)
    assert factors(triangle * scale) == pytest.approx(factors(triangle))


def test_draws_spread_around_the_truth() -> None:
    """Of forty worlds, the 80 % interval of a half-seen month holds the truth in about four of five."""
    held = []
    for seed in range(40):
        refunds = _world(150, 31, seed=seed)
        seen = np.where(np.arange(31) <= np.arange(149, -1, -1)[:, None], refunds, np.nan)
        cohorts = Cohorts(np.full(150, 40_000.0), np.full(150, 400.0), seen)
        history, target = cohorts, cohorts.take(np.arange(120, 150))
        usual = cohorts.take(np.arange(59, 119))
        draws = simulate(history, usual, target, _BLEND, times=200, block=7, seed=[seed])
        low, high = np.quantile(draws, [0.1, 0.9])
        held.append(low <= refunds[120:, -1].sum() <= high)
    assert 26 <= sum(held) <= 40


def test_draws_are_the_same_for_the_same_seed() -> None:
    """Same inputs, same numbers; a mature target has nothing left to chance."""
    refunds = _world(60, 10)
    history = Cohorts(np.full(60, 4e4), np.full(60, 400.0), refunds)
    young = Cohorts(history.paid[:5], history.orders[:5], np.where(np.arange(10) < 4, refunds[:5], np.nan))
    told = [
        simulate(history, history, young, _BLEND, times=20, block=7, seed=seed)
        for seed in ([1, 2], [1, 2], [2, 1])
    ]
    assert (told[0] == told[1]).all()
    assert (told[0] != told[2]).any()
    done = simulate(history, history, history.take(np.arange(3)), _BLEND, times=20, block=7, seed=[1])
    assert done == pytest.approx(refunds[:3, -1].sum())
