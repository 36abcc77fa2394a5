"""A promotion against what the same days would have brought without it."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes

from reportkit.analysis.uplift import PHASES, Effects, between, counterfactual, effects, recovery
from reportkit.errors import AnalysisError

Floats = npt.NDArray[np.float64]
WEEK = np.array([1.0, 0.9, 0.95, 1.0, 1.05, 1.3, 1.2])


def ordinary(days: int, *, growth: float = 0.0, noise: float = 0.0, seed: int = 0) -> Floats:
    """Days that grow by `growth` a day, times their weekday's factor, times chance."""
    chance = np.exp(np.random.default_rng(seed).normal(0, noise, days)) if noise else 1.0
    return np.asarray(1000 * np.exp(growth * np.arange(days)) * WEEK[np.arange(days) % 7] * chance)


def learned(values: Floats, usable: npt.NDArray[np.bool_], draws: int = 1) -> tuple[Floats, Floats]:
    """What every day would have brought, and the draws of it."""
    found = counterfactual(values, usable, np.arange(len(values)) % 7, draws=draws)
    return found.expected, found.draws


def test_the_worked_example() -> None:
    """Ten days of ten: 107 more, 4 withheld, 6 brought forward, 97 net, 9.3 % only moved."""
    actual = [9, 9, 8, 30, 60, 45, 12, 7, 8, 9]
    phase = ["pre"] * 3 + ["promo"] * 4 + ["post"] * 3
    told = effects(actual, [10.0] * 10, phase)
    assert [107, 4, 6, 0, 97] == [told.gross, told.pre, told.post, told.other, told.net]
    assert float(told.forward) == pytest.approx(0.0935, abs=5e-5)


def test_the_worked_example_is_not_over() -> None:
    """Three days after it only the last lies within a tenth of the baseline: all three count, more may come."""
    assert (3, False) == recovery([7, 8, 9], [10, 10, 10])


@pytest.mark.parametrize(
    ("actual", "found"),
    [
        ([5, 9, 10, 11, 2], (4, True)),
        ([10, 10, 10], (3, True)),
        ([9, 9, 8, 9, 9], (5, False)),
        ([9, float("nan"), 9, 9], (4, True)),
        ([5] * 28, (28, True)),
        ([5] * 40, (28, True)),
        ([], (0, False)),
    ],
)
def test_recovery(actual: list[float], found: tuple[int, bool]) -> None:
    """It ends with three days in a row near the baseline, after 28 days at the latest."""
    assert found == recovery(actual, [10.0] * len(actual))


def test_what_is_sold_elsewhere_is_taken_off() -> None:
    """Effects of platforms add up, and what another platform lost counts against all."""
    both = Effects(100.0, 5.0, 10.0) + Effects(50.0, 0.0, 5.0, 20.0)
    assert [150, 5, 15, 20] == list(astuple(both))
    assert both.net == 110
    assert both.alone().net == 130


def test_nothing_is_moved_of_nothing() -> None:
    """A promotion that brought nothing has no share that was moved."""
    assert np.isnan(Effects(0.0, 1.0, 1.0).forward)


def test_days_without_chance_are_found_again() -> None:
    """Growth and weekdays are learned from both sides of a masked promotion, to the last digit."""
    values = ordinary(120, growth=0.002)
    usable = np.ones(120, bool)
    usable[60:90] = False
    sold = np.where(usable, values, 5 * values)
    expected, draws = learned(sold, usable)
    assert expected == pytest.approx(values)
    assert draws[0] == pytest.approx(values)


def test_a_trend_is_not_carried_on() -> None:
    """After the last ordinary day the level stays."""
    values, usable = ordinary(100, growth=0.01), np.arange(100) < 70
    expected, _ = learned(values, usable)
    assert expected[:70] == pytest.approx(values[:70])
    assert expected[70:] / WEEK[np.arange(70, 100) % 7] == pytest.approx(1000 * np.exp(0.69))


def test_the_slope_is_theil_and_sens() -> None:
    """Another library finds the same slope."""
    values = ordinary(80, growth=0.004, noise=0.3, seed=4) / WEEK[np.arange(80) % 7]
    expected = counterfactual(values, np.ones(80, bool), np.zeros(80, int), draws=0).expected
    slope = theilslopes(np.log(values), np.arange(80.0)).slope
    assert np.diff(np.log(expected)) == pytest.approx(slope)


def test_days_without_a_sale_count() -> None:
    """A small shop that sells nothing on every fourth day: what is expected of all days is what they brought."""
    values = np.where(np.arange(80) % 4 == 0, 0.0, 100.0)
    expected = counterfactual(values, np.ones(80, bool), np.zeros(80, int), draws=0).expected
    assert expected == pytest.approx(75.0)


def test_too_few_days_are_refused() -> None:
    """Thirteen days tell no weekday from chance."""
    with pytest.raises(AnalysisError, match="fewer than 14 ordinary days with sales"):
        learned(ordinary(40), np.arange(40) < 13)


def test_the_interval_holds_what_it_promises() -> None:
    """Of 200 merchants, what 20 hidden days really brought lies within 80 % about eight times of ten."""
    usable = np.ones(110, bool)
    usable[60:80] = False
    held = 0
    for seed in range(200):
        values = ordinary(110, growth=0.001, noise=0.15, seed=seed)
        _, draws = learned(values, usable, draws=60)
        low, high = between(draws[:, ~usable].sum(axis=1), 0.8)
        held += low <= values[~usable].sum() <= high
    assert 0.72 <= held / 200 <= 0.9


def test_nothing_lies_between_nothing() -> None:
    """Without draws there is no interval."""
    assert np.isnan(between([np.nan], 0.8)).all()


series = st.lists(st.floats(1.0, 1e6), min_size=40, max_size=60).map(np.array)


@settings(max_examples=25, deadline=None)
@given(series, st.floats(0.01, 1000), st.lists(st.floats(0, 1e7), min_size=10, max_size=10))
def test_the_counterfactual_knows_no_unit_and_no_promotion(
    values: Floats, unit: float, sold: list[float]
) -> None:
    """In cents it is a hundredfold; what masked days sold changes nothing; all of it is positive."""
    usable = np.ones(len(values), bool)
    usable[15:25] = False
    hidden = values.copy()
    hidden[15:25] = sold
    expected, draws = learned(values, usable, draws=3)
    again, drawn = learned(hidden * unit, usable, draws=3)
    assert again == pytest.approx(expected * unit)
    assert drawn == pytest.approx(draws * unit)
    assert (expected > 0).all()
    assert expected[usable].sum() == pytest.approx(values[usable].sum())


@given(series, st.data())
def test_effects_close(values: Floats, data: st.DataObject) -> None:
    """Net is what all counted days brought more than the baseline; draws are worked out as one line each."""
    count = len(values)
    baseline = np.array(data.draw(st.lists(st.floats(1, 1e6), min_size=count, max_size=count)))
    phase = np.array(data.draw(st.lists(st.sampled_from([*PHASES, ""]), min_size=count, max_size=count)))
    told = effects(values, np.stack([baseline, values]), phase)
    assert told.net[0] == pytest.approx((values - baseline)[phase != ""].sum(), abs=1e-3)
    assert told.net[1] == 0
