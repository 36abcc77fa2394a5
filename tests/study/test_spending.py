"""Spend against what it brings, and which platform is what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from reportkit.study import Study
from reportkit.study import spending as module


@pytest.fixture(scope="module")
def study(studied: Callable[..., Study]) -> Study:
    """September."""
    return studied()


def test_shares_of_spend_and_sales(study: Study) -> None:
    """600, 1,800 and 150 yuan were spent; 6,000, 9,000 and 3,000 sold."""
    table = study.spending.table
    assert {"tmall": 600 / 2550, "douyin": 1800 / 2550, "xiaohongshu": 150 / 2550} == pytest.approx(
        table["input"].to_dict()
    )
    assert {"tmall": 1 / 3, "douyin": 1 / 2, "xiaohongshu": 1 / 6} == pytest.approx(table["output"].to_dict())
    assert 1800 / 900 == pytest.approx(table.loc["douyin", "use"])


def test_return_and_breakeven(study: Study) -> None:
    """Tmall sells 10 yuan for each spent; 60 of 100 are left after goods, less 300 yuan of fees."""
    row = study.spending.table.loc["tmall"]
    assert (10.0, 6000 / (6000 * 0.6 - 300)) == pytest.approx((row["roi"], row["breakeven"]))


def test_days_that_never_change_give_no_marginal_return(study: Study) -> None:
    """So nobody may take more, and nothing is moved."""
    assert study.spending.table["marginal"].isna().all()
    assert {("unknown",)} == set(study.spending.blocked.values())
    assert study.spending.shift is None


def row(**given: Any) -> dict[str, Any]:
    """A part that may take: four times its breakeven, its budget used."""
    told = {
        "spend": 1000.0,
        "use": 1.0,
        "breakeven": 2.0,
        "marginal": 8.0,
        "marginal_low": 6.0,
        "marginal_high": 9.0,
    }
    return told | given


@pytest.mark.parametrize(
    ("given", "stocked", "why"),
    [
        ({}, True, ()),
        ({"marginal": 2.3}, True, ("return",)),
        ({"use": 0.9}, True, ("budget",)),
        ({"use": None}, True, ("budget",)),
        ({}, False, ("stock",)),
        ({"breakeven": None}, True, ("unknown",)),
    ],
)
def test_guards(
    study: Study, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], stocked: bool, why: tuple[str, ...]
) -> None:
    """Each of the four keeps a part from being given more."""
    monkeypatch.setattr(module, "stocked", lambda study: stocked)
    assert why == module._guards(study, pd.Series(row(**given), dtype="float64"))


def test_a_trial_moves_from_below_breakeven_to_above(study: Study) -> None:
    """A tenth to a fifth of the giver's spend; its gain at 150 yuan is 150 · (8 - 1), from what the ranges allow."""
    giver = row(marginal=1.0, marginal_low=0.5, marginal_high=1.5)
    table = pd.DataFrame([giver, row()], index=["gives", "takes"])
    found = module._shift(study, table, {"gives": ("return",), "takes": ()})
    assert found is not None
    assert ("gives", "takes", 100.0, 200.0) == (found.giver, found.taker, found.low, found.high)
    assert (1050.0, 150 * 4.5, 150 * 8.5) == pytest.approx((found.gain, found.gain_low, found.gain_high))
    unsure = pd.DataFrame([giver | {"marginal_high": 2.5}, row()], index=["gives", "takes"])
    assert module._shift(study, unsure, {"gives": ("return",), "takes": ()}) is None


def test_classes(study: Study) -> None:
    """Tmall shrinks, Douyin and Xiaohongshu grow; all earn after goods, fees and advertising."""
    found = study.quadrant
    assert found is not None
    table = found.table
    assert (18000 / 16500 - 1) == pytest.approx(found.growth)
    assert {
        "tmall": (3300 - 600) / 6000,
        "douyin": (5100 - 1800) / 9000,
        "xiaohongshu": (1500 - 150) / 3000,
    } == pytest.approx(table["rate"].to_dict())
    assert {"tmall": "keep", "douyin": "keep", "xiaohongshu": "strong"} == table["class"].to_dict()


def test_a_funnel_skips_what_is_not_told(study: Study) -> None:
    """Tmall: 1,800 visitors, 360 to the cart, 60 pay; nothing of the period before, no platform without visitors."""
    table = study.funnels.table
    assert {"tmall", "douyin"} == set(table["part"])
    tmall = table[table["part"] == "tmall"]
    assert [("visitors", 1800), ("cart_users", 360), ("pay_buyers", 60)] == list(
        zip(tmall["step"], tmall["value"], strict=True)
    )
    assert [1 / 5, 1 / 6] == pytest.approx(list(tmall["rate"])[1:])
