"""Stock against demand, worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.analysis.inventory import (
    STATES,
    Limits,
    abc,
    cover,
    cover_range,
    demand,
    lost_sales,
    order_quantity,
    out_of_stock,
    reorder_point,
    safety_stock,
    sell_through,
    slow_moving_rate,
    states,
    stockout_rate,
    turnover_days,
    xyz,
)

_WEIGHTS = {7: 0.5, 14: 0.3, 30: 0.2}
_LIMITS = Limits(healthy=60, high=90, listed=60, idle=30, dead_idle=90, dead_age=180, grace=30)
_SKU = {
    "available": 520.0, "rate": 40.0, "in_transit": 0.0, "on_order": 0.0, "lead": 10.0, "next_arrival": np.nan,
    "reorder_point": 553.0, "listed_days": 400.0, "idle_days": 0.0, "age_days": 20.0, "on_sale": True,
}  # fmt: skip


def _one(value: float) -> pd.Series:
    return pd.Series({"s": value})


def _state(**values: Any) -> str:
    return str(states(pd.DataFrame([_SKU | values]), _LIMITS).iloc[0])


def _demand(
    units: list[float], out: tuple[int, ...] = (), promo: tuple[int, ...] = (), least: int = 3
) -> pd.Series:
    frame = pd.DataFrame({"s": units}, dtype=float)
    gone = pd.DataFrame({"s": frame.index.isin(out)})
    return demand(frame, gone, pd.Series(frame.index.isin(promo)), _WEIGHTS, least).loc["s"]


def test_reorder_point_of_a_sku() -> None:
    """40 a day ± 15, ten days of delivery ± 2, 95 %: 153 units in reserve, order at 553; 520 last 13 days."""
    rate, lead = _one(40), _one(10)
    safety = safety_stock(rate, _one(15), lead, _one(2), 1.645)
    assert safety["s"] == pytest.approx(152.99, abs=0.005)
    assert reorder_point(rate, lead, safety)["s"] == pytest.approx(552.99, abs=0.005)
    assert cover(_one(520), rate)["s"] == 13
    assert _state() == "reorder"


def test_demand_weighs_recent_weeks_more() -> None:
    """16 days of 10, then a week of 20 and a week of 30: 0.5·30 + 0.3·25 + 0.2·17."""
    found = _demand([10] * 16 + [20] * 7 + [30] * 7)
    assert found["rate"] == pytest.approx(15 + 7.5 + 0.2 * (160 + 140 + 210) / 30)
    assert (found["days"], found["with_promo"]) == (30, False)


def test_how_well_demand_is_known() -> None:
    """One window of 7 days alternating 10 and 14: the error of a mean, and the days it leaves open."""
    found = _demand([10, 14, 10, 14, 10, 14, 12])
    assert (found["rate"], found["error"]) == pytest.approx((12, 2 / 7**0.5))
    low, high = cover_range(_one(50), _one(12), _one(found["error"]), 0.95)
    assert (low["s"], high["s"]) == pytest.approx((50 * 0.88389, 50 / 0.88389), rel=1e-4)
    assert np.isnan(cover_range(_one(np.nan), _one(0), _one(0), 0.95)[0]["s"])


def test_days_without_stock_do_not_count_as_days_without_demand() -> None:
    """Four of the last seven days sold out, the others sold 10: the rate is 10 and not 4.3."""
    found = _demand([10] * 26 + [0] * 4, out=(26, 27, 28, 29))
    assert (found["rate"], found["sd"], found["days"]) == (10, 0, 26)


def test_a_window_with_too_few_days_is_left_out() -> None:
    """Two days in stock of the last week say nothing: the other windows take its weight."""
    found = _demand([10] * 23 + [50] * 2 + [0] * 5, out=(25, 26, 27, 28, 29))
    expected = (0.3 * (70 + 100) / 9 + 0.2 * (230 + 100) / 25) / 0.5
    assert found["rate"] == pytest.approx(expected)


def test_promotion_days_do_not_count_unless_nothing_else_is_left() -> None:
    """A burst does not raise the rate; a SKU that only ever sold in one is told by it, and that is said."""
    assert _demand([10] * 25 + [100] * 5, promo=(25, 26, 27, 28, 29))["rate"] == pytest.approx(10)
    found = _demand([np.nan] * 25 + [100] * 5, promo=(25, 26, 27, 28, 29))
    assert (found["rate"], found["with_promo"]) == (100, True)


def test_no_demand_is_not_unknown_demand() -> None:
    """Thirty days in stock without a sale are a rate of 0; a SKU never in stock has none."""
    assert _demand([0] * 30)["rate"] == 0
    assert _demand([-1] * 30)["rate"] == 0
    assert np.isnan(_demand([0] * 30, out=tuple(range(30)))["rate"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"available": 0.0}, "out"),
        ({"available": 0.0, "rate": np.nan}, "out"),
        ({"available": 0.0, "on_sale": False}, "none"),
        ({"available": 0.0, "rate": 0.0}, "none"),
        ({"available": 390.0}, "at_risk"),
        ({"available": 390.0, "in_transit": 20.0}, "reorder"),
        ({"available": 700.0, "next_arrival": 20.0}, "at_risk"),
        ({"available": 700.0}, "healthy"),
        ({"available": 500.0, "on_order": 100.0}, "healthy"),
        ({"available": 2400.0}, "healthy"),
        ({"available": 2401.0}, "high"),
        ({"available": 3601.0}, "slow"),
        ({"available": 3601.0, "listed_days": 60.0}, "high"),
        ({"rate": 0.0, "idle_days": 30.0}, "slow"),
        ({"rate": 0.0, "reorder_point": 0.0, "listed_days": 30.0, "idle_days": 30.0}, "high"),
        ({"rate": 0.0, "idle_days": 90.0}, "dead"),
        ({"age_days": 181.0}, "dead"),
        ({"age_days": 181.0, "listed_days": np.nan}, "dead"),
        ({"rate": np.nan}, "unknown"),
        ({"available": np.nan}, "unknown"),
        ({"reorder_point": np.nan, "lead": np.nan}, "healthy"),
    ],
)  # fmt: skip
def test_states(values: dict[str, Any], expected: str) -> None:
    """The gravest state that fits; a new SKU is not slow, and what is not known decides nothing."""
    assert _state(**values) == expected
    assert expected in STATES


def test_what_to_order() -> None:
    """40 a day for 10 + 7 days and 153 in reserve, less what is there and coming, in whole pieces and lots."""
    base = {"rate": 40.0, "lead": 10.0, "safety": 152.99, "available": 520.0, "on_order": 0.0, "moq": np.nan}
    rows = [base, base | {"moq": 500.0}, base | {"on_order": 900.0, "moq": 500.0}, base | {"rate": np.nan}]
    found = order_quantity(pd.DataFrame(rows), review=7)
    assert found.tolist() == pytest.approx([313, 500, 0, np.nan], nan_ok=True)


def test_what_absence_costs() -> None:
    """Three days out at 40 a day and 25 yuan, three in ten of the buyers taking something else: 2,100."""
    available = pd.DataFrame({"s": [5.0, 0, 0, np.nan, 0]})
    days = out_of_stock(available).sum()
    assert lost_sales(_one(40), days, _one(25), 0.3)["s"] == pytest.approx(2100)


def test_stockout_rate_by_days_and_by_sales() -> None:
    """One of two SKUs out on one of two days: a quarter; nine tenths of the sales are its own: 45 %."""
    out = pd.DataFrame({"a": [True, False], "b": [False, False], "gone": [True, True]})
    on_sale = pd.DataFrame({"a": [True, True], "b": [True, True], "gone": [False, False]})
    assert stockout_rate(out, on_sale) == 0.25
    assert stockout_rate(out, on_sale, pd.Series({"a": 90.0, "b": 10.0, "gone": 5.0})) == pytest.approx(0.45)
    assert np.isnan(stockout_rate(out, ~(on_sale | True)))


def test_shares_and_turnover() -> None:
    """Slow stock by money, units sold of units had, and the days that the stock stands."""
    state, value = pd.Series(["slow", "dead", "healthy", "unknown"]), pd.Series([10.0, 20, 60, 10])
    assert slow_moving_rate(state, value) == 0.3
    assert sell_through(_one(30), _one(20), _one(40))["s"] == 0.5
    assert turnover_days(pd.Series([90.0, np.nan, 110]), 300, 30) == 10
    assert np.isnan(turnover_days(pd.Series([90.0]), 300, 30))
    assert np.isnan(turnover_days(pd.Series([90.0, 90]), 0, 30))
    assert np.isnan(slow_moving_rate(state, value * 0))


def test_classes_by_profit_and_by_steadiness() -> None:
    """60 and 20 of 100 reach 70 %, 10 and 8 reach 90 %; weeks that vary by less than half their mean are X."""
    profit = pd.Series({"d": 8.0, "a": 60, "c": 10, "b": 20, "e": 2, "loss": -5, "unknown": np.nan})
    found = abc(profit, (0.7, 0.9)).to_dict()
    assert {key: found[key] for key in "abcde"} == {"a": "A", "b": "A", "c": "B", "d": "C", "e": "C"}
    assert (found["loss"], pd.isna(found["unknown"])) == ("C", True)
    weekly = pd.DataFrame({"x": [10.0, 10, 11], "y": [10.0, 2, 4], "z": [10.0, 0, 0], "none": [0.0, 0, 0]})
    assert xyz(weekly, (0.5, 1.0)).to_dict() == {"x": "X", "y": "Y", "z": "Z", "none": "Z"}
    assert xyz(weekly.head(1), (0.5, 1.0)).isna().all()


@settings(max_examples=15)
@given(st.lists(st.integers(0, 50), min_size=30, max_size=40), st.integers(2, 5))
def test_demand_scales_with_units(units: list[int], scale: int) -> None:
    """Selling so many times as much is so many times the rate and the spread; the rate lies among the days."""
    one, many = _demand([float(n) for n in units]), _demand([float(n * scale) for n in units])
    assert many["rate"] == pytest.approx(one["rate"] * scale)
    assert many["sd"] == pytest.approx(one["sd"] * scale)
    assert min(units) <= one["rate"] + 1e-9
    assert one["rate"] - 1e-9 <= max(units)
