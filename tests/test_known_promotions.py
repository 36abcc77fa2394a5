"""What promotions of the demo merchant brought, as it was planted, lies in the interval that is printed.

Planted is a world without promotions that is otherwise the same: its expected sales by day are the true baseline. What
was sold is the same for both, so that only the baseline can err. Planted effects are those of the calendar's phases;
here they are added up over the days that the estimate counts, as an aftermath ends when sales are back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from reportkit.analysis.uplift import Effects, effects
from reportkit.demo.world import World
from reportkit.metrics.query import Metrics
from reportkit.study import Study
from reportkit.study.campaign import Campaign
from reportkit.study.lifts import Lift
from reportkit.study.uplift import Uplift
from tests.alerts.planted import two_years

PROMOTIONS = ("618-2025", "1111-2025", "618-2026")
QUANTITIES = ("gross", "pre", "post", "net", "forward")
Truth = Callable[[Lift], Effects]


@pytest.fixture(scope="module")
def merchant(shared_folder: Path) -> Metrics:
    """Two years of the medium merchant."""
    return two_years(shared_folder)[0]


@pytest.fixture(scope="module")
def campaign(merchant: Metrics) -> Callable[[str], Campaign]:
    """The campaign of a promotion, as seen on the last day or an earlier one."""

    @cache
    def found(promo_id: str, as_of: date | None = None) -> Campaign:
        last = as_of or merchant.last_day
        assert last is not None
        return Campaign(Study(merchant.project, merchant, merchant.period(promo_id), last))

    return found


@pytest.fixture(scope="module")
def world() -> World:
    """The world that the merchant's tables were written from."""
    return World.build("medium")


@pytest.fixture(scope="module")
def truth(world: World) -> Truth:
    """What a promotion really did to a platform, on the days that its lift counts."""

    @cache
    def baseline(platform: str) -> pd.Series:
        usual = world.expect(platform, world.troubles, promote=False)
        days = pd.DatetimeIndex(world.calendar.days)
        return pd.Series(usual.paid(usual.value()) / 100, days)

    def told(lift: Lift) -> Effects:
        days = lift.days
        true = baseline(lift.platform).reindex(days.index)
        return effects(days["gmv"], true, days["kind"]).alone()

    return told


def planted(told: Uplift, truth: Truth) -> Effects:
    """Return what was planted in all platforms together."""
    first, *others = [truth(lift) for lift in told.lifts]
    return sum(others, first)


@pytest.mark.parametrize("promo_id", PROMOTIONS)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_what_was_planted_lies_in_the_interval(
    campaign: Callable[[str], Campaign], truth: Truth, promo_id: str, quantity: str
) -> None:
    """Of the whole merchant: sold more, withheld before, missing after, net, and the share only moved."""
    told = campaign(promo_id).uplift
    assert told is not None
    found = told.range(quantity)
    assert found is not None
    assert found.low <= float(getattr(planted(told, truth), quantity)) <= found.high


def test_intervals_of_platforms_hold_what_they_promise(
    campaign: Callable[[str], Campaign], truth: Truth
) -> None:
    """Of eighteen platforms and promotions the net that was planted lies in the 80 % interval of most."""
    held = []
    for promo_id in PROMOTIONS:
        told = campaign(promo_id).uplift
        assert told is not None
        for lift in told.lifts:
            found = told.range("net", lift.platform)
            assert found is not None
            held.append(found.low <= float(truth(lift).net) <= found.high)
    assert len(held) == 18
    assert sum(held) >= 13
