"""Days unlike those before them: the worked examples, and what may not change a score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.analysis.anomaly import Memory, cusum, discovered, robust, score, scores
from reportkit.analysis.proportions import against_rate
from reportkit.analysis.shift import change, rates

MEMORY = Memory()
HISTORY = [10.2, 9.8, 10.5, 9.9, 10.1, 10.4, 9.7, 10.0]
DAYS = pd.date_range("2026-01-01", periods=150, name="day")
WEEKDAY = pd.Series(DAYS.day_of_week, DAYS)
ALL = pd.Series(True, DAYS)


def sold(seed: int, level: float = 40_000.0) -> pd.Series:
    """Return the money of 150 days with weekends above other days and errors of 8 %."""
    rng = np.random.default_rng(seed)
    weekly = np.array([0.9, 0.9, 0.95, 1.0, 1.0, 1.2, 1.3])[DAYS.day_of_week]
    return pd.Series(level * weekly * np.exp(rng.normal(0, 0.08, len(DAYS))), DAYS)


def told(values: pd.Series, usable: pd.Series = ALL, **given: float) -> pd.DataFrame:
    """Score `values` with the usual memory."""
    return scores(values, usable, WEEKDAY, memory=MEMORY, **given)  # type: ignore[arg-type]


def test_score_of_the_worked_example() -> None:
    """Eight days around 10; the spread of 0.03 is lifted to 0.05."""
    middle, sigma = robust(np.log(HISTORY))
    assert (round(np.exp(middle), 4), round(sigma, 4)) == (10.0499, 0.0298)
    assert [-3.35, -2.21, 3.55] == [round(score(value, HISTORY, floor=0.05), 2) for value in (8.5, 9.0, 12.0)]


def test_rate_of_the_worked_example() -> None:
    """66 of 600 against 8 %: 2.71 deviations, 2.14 where days vary as much as these."""
    assert [2.71, 2.14] == against_rate(66, 600, 0.08, [1.0, 1.6])["z"].round(2).tolist()


def test_nothing_is_scored_before_28_days_and_weekdays_count_from_56() -> None:
    """A weekend is odd while all days are alike, and usual once weekdays are told apart."""
    flat = pd.Series(100.0, DAYS).where(WEEKDAY < 5, 160.0)
    found = told(flat)
    assert found["z"].iloc[:28].isna().all()
    assert found["z"].iloc[28:].notna().all()
    weekend = found["z"][WEEKDAY >= 5]
    assert weekend.iloc[8:16].min() > 3
    assert weekend.iloc[16:].abs().max() < 1e-9


def test_a_fall_lies_outside_its_bands() -> None:
    """A day at half of what is usual is far below; its bands hold the days around it."""
    values = sold(1)
    values.iloc[140] /= 2
    found = told(values)
    assert found["z"].iloc[140] < -4.5
    assert (
        values.iloc[140] < found["low95"].iloc[140] < found["low80"].iloc[140] < found["expected"].iloc[140]
    )
    inside = values.between(found["low95"], found["high95"])[120:140]
    assert inside.mean() > 0.8


def test_chance_widens_the_band() -> None:
    """The same fall of so many orders says less where few are usual."""
    values = sold(1)
    values.iloc[140] *= 0.8
    assert told(values, noise=0.04)["z"].iloc[140] > told(values)["z"].iloc[140]
    few = told((values / 2000).round(), counts=True)  # type: ignore[arg-type]
    assert abs(few["z"].iloc[140]) < abs(told(values)["z"].iloc[140])


def test_counts_may_be_nothing() -> None:
    """A day without any order has a score, and its band does not go below nothing."""
    values = (sold(3) / 4000).round()
    values.iloc[140] = 0
    found = told(values, counts=True)  # type: ignore[arg-type]
    assert found["z"].iloc[140] < -3
    assert (found["low95"].dropna() >= 0).all()


def test_a_level_is_learned_anew_after_a_long_break() -> None:
    """After 40 days that do not count, two weeks pass before a day is scored again."""
    usable = ALL.copy()
    usable.iloc[80:120] = False
    found = told(sold(2), usable)
    assert found["z"].iloc[80:134].isna().all()
    assert found["z"].iloc[134:].notna().all()


series = st.integers(0, 30).map(sold)


@settings(max_examples=8, derandomize=True)
@given(series, st.sampled_from([0.01, 7.1, 10_000.0]))
def test_the_unit_of_money_changes_no_score(values: pd.Series, unit: float) -> None:
    """In fen, yuan or another currency."""
    pd.testing.assert_series_equal(told(values)["z"], told(values * unit)["z"], atol=1e-9)


@settings(max_examples=5, derandomize=True)
@given(series, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(values: pd.Series, chance: object) -> None:
    """Days come as they come."""
    mixed = values.sample(frac=1, random_state=chance.randint(0, 99))  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(told(values), told(mixed), check_freq=False)


@settings(max_examples=8, derandomize=True)
@given(series, st.integers(30, 140), st.floats(0.05, 20))
def test_a_day_that_does_not_count_changes_no_expectation(
    values: pd.Series, place: int, factor: float
) -> None:
    """Whatever a promotion sold, the days after it are expected to be the same."""
    usable = ALL.copy()
    usable.iloc[place : place + 5] = False
    other = values.where(usable, values * factor)
    pd.testing.assert_frame_equal(told(values, usable), told(other, usable))


def test_drift_is_what_single_days_do_not_tell() -> None:
    """Eleven days at -1.25 come to more than 8; after that the sum begins again. A missing day changes nothing."""
    z = pd.Series([-1.25] * 11 + [np.nan] + [-1.25] * 10)
    found = cusum(z, slack=0.5, alarm=8)
    assert [10] == found.index[found["drift"] == -1].tolist()
    assert found["down"].iloc[12] == 0.75
    assert 0 == found["up"].max()


def test_discoveries_are_made_in_each_group_alone() -> None:
    """What lies in one group changes no other."""
    p = pd.Series([0.001, 0.04, 0.9, 0.04, 0.045, np.nan], index=list("abcdef"))
    groups = pd.Series(list("111222"), index=p.index)
    assert list("abde") == list(p.index[discovered(p, groups, 0.1)])
    others = p.drop(index=list("abc"))
    assert list("de") == list(others.index[discovered(others, groups, 0.1)])


def test_rates_are_held_against_their_weekday() -> None:
    """A rate that is always lower at weekends is not odd there; a fall by a third is."""
    n = pd.DataFrame({"tmall": 4000.0}, DAYS)
    k = n.mul(np.where(WEEKDAY < 5, 0.04, 0.03), axis=0)
    k.iloc[98] *= 2 / 3
    found = rates(k, n, before=28, weekday=WEEKDAY)
    z = found.z["tmall"]
    assert z.iloc[:28].isna().all()
    assert -5 < z.iloc[98] < -4
    assert z.drop(index=DAYS[98]).iloc[28:].abs().max() < 2
    assert 1 == found.phi["tmall"].dropna().min()


def test_rates_of_several_days_are_pooled() -> None:
    """Seven days of 100 are one trial of 700, against 28 days before them."""
    n = pd.DataFrame({"tmall": 100.0}, DAYS)
    k = pd.DataFrame({"tmall": 10.0}, DAYS)
    k.iloc[-7:] = 15.0
    found = rates(k, n, before=28, recent=7)
    last = found.rate.iloc[-1, 0], found.usual.iloc[-1, 0], found.n.iloc[-1, 0]
    assert (0.15, 0.1, 700) == last
    assert found.z.iloc[-1, 0] == pytest.approx(0.05 / np.sqrt(0.09 / 700))


def test_over_dispersion_makes_a_rate_less_odd() -> None:
    """Days that vary more than counts do are held to what they vary."""
    n = pd.DataFrame({"tmall": 10_000.0}, DAYS)
    swing = np.where(np.arange(len(DAYS)) % 2, 0.045, 0.035)
    found = rates(n.mul(swing, axis=0), n, before=28, recent=1)
    assert found.phi.iloc[-1, 0] > 5
    assert found.z.iloc[28:, 0].abs().max() < 3


def test_quotients_of_two_windows() -> None:
    """A return of 4 that falls to 3 has fallen by a quarter, surely, whatever the unit of money."""
    rng = np.random.default_rng(5)
    spend = pd.DataFrame({"tmall": rng.uniform(900, 1100, len(DAYS))}, DAYS)
    sales = spend * 4 * np.exp(rng.normal(0, 0.05, spend.shape))
    sales.iloc[-7:] *= 0.75
    found = change(sales, spend, recent=7, before=28, level=0.95)
    assert found.change.iloc[-1, 0] == pytest.approx(-0.25, abs=0.05)
    assert found.high.iloc[-1, 0] < -0.15
    assert found.sure.iloc[-1, 0]
    other = change(sales * 100, spend * 100, recent=7, before=28, level=0.95)
    pd.testing.assert_frame_equal(found.low, other.low)


def test_a_quotient_needs_all_recent_days() -> None:
    """One day that is not known leaves a week unjudged, and does not count before."""
    y = pd.DataFrame({"tmall": 100.0}, DAYS)
    x = pd.DataFrame({"tmall": 300.0}, DAYS)
    x.iloc[100] = np.nan
    found = change(x, y, recent=7, before=28, level=0.95)
    assert found.change.iloc[100:107, 0].isna().all()
    assert found.change.iloc[107:, 0].abs().max() == 0
