"""Customer service and ratings of plain figures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from reportkit.demo.world.habits import habits
from reportkit.demo.world.ratings import sample_ratings
from reportkit.demo.world.refunds import Fault
from reportkit.demo.world.service import service_days

DAYS = np.arange(np.datetime64("2025-11-01"), np.datetime64("2025-12-01")).astype("datetime64[s]")
BURST = np.isin(np.arange(30), [8, 9, 10])
FAULT = Fault(1, np.datetime64("2026-07-10", "s"), 3.0, 0.8)


def test_answers_slow_down_under_load() -> None:
    """In a burst there are more sessions, slower answers and fewer pleased."""
    load = np.where(BURST, 6, 1)
    frame = service_days(
        habits().service, DAYS, 20_000 * load, 600 * load, np.full(30, 60), np.random.default_rng(1)
    )
    for _, team in frame.groupby("team"):
        burst, usual = team[BURST], team[~BURST]
        assert burst["sessions"].min() > 2 * usual["sessions"].max()
        assert burst["first_response_s"].min() > 2 * usual["first_response_s"].max()
        pleased = [part["satisfied"].sum() / part["rated"].sum() for part in (burst, usual)]
        assert pleased[0] < pleased[1] - 0.02
    assert (frame["satisfied"] <= frame["rated"]).all()
    assert (frame["rated"] <= frame["sessions"]).all()
    assert (frame["converted"] <= frame["sessions"]).all()
    assert (frame["first_response_s"] <= frame["avg_response_s"]).all()


def test_quiet_shops_are_told_too() -> None:
    """No visitors, no sessions; every day and team has a row."""
    none = np.zeros(30, int)
    frame = service_days(habits().service, DAYS, none, none, none, np.random.default_rng(1))
    assert (2 * 30, 0) == (len(frame), frame["sessions"].sum())


@pytest.mark.parametrize("platform", list(habits().ratings.shops))
def test_scores_fall_with_a_fault(platform: str) -> None:
    """The product's from its day on, and the shop's score of goods a little; scores stay on their scale."""
    sold = np.array([4000, 4000, 0, 200])
    before, after = (
        sample_ratings(habits().ratings, platform, day, sold, [FAULT], np.random.default_rng(1))
        for day in (date(2026, 6, 30), date(2026, 7, 31))
    )
    drop = (
        before.set_index(["product", "source"])["score"] - after.set_index(["product", "source"])["score"]
    ).round(2)
    assert drop[1].iloc[0] == pytest.approx(0.8, abs=0.01)
    assert (drop[0] == 0).all()
    goods = [name for name, scale in habits().ratings.shops[platform].items() if scale.goods]
    assert {name for name, fell in drop[-1].items() if fell > 0} == set(goods)
    assert after["score"].between(after["scale_min"], after["scale_max"]).all()
    assert 2 not in set(after["product"])


def test_a_month_without_sales_has_no_scores() -> None:
    """Nobody rates what nobody got."""
    frame = sample_ratings(
        habits().ratings, "jd", date(2026, 6, 30), np.zeros(4, int), [], np.random.default_rng(1)
    )
    assert frame.empty
