"""Targets of plain figures."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from reportkit.demo.world.habits import habits
from reportkit.demo.world.targets import ALL, targets

HABITS = habits().targets
GROWTH = {"tmall": 1.1, "douyin": 1.4}
METRICS = ["gmv", "net_sales", "orders", "ad_spend"]
MONTHS = pd.period_range("2024-10", "2026-12", freq="M")
AS_OF = date(2026, 9, 30)


def figures(scale: float) -> dict[str, float]:
    """Four figures of one period."""
    return {
        "gmv": 100_000 * scale,
        "net_sales": 90_000 * scale,
        "orders": 500 * scale,
        "ad_spend": 15_000 * scale,
    }


def periods() -> pd.DataFrame:
    """The months, and one promotion in each of two years, of two platforms."""
    months = [
        {
            "period": str(one),
            "kind": "month",
            "first": one.start_time.date(),
            "last": one.end_time.date(),
            "ref": str(one - 12),
        }
        for one in MONTHS
    ]
    promos = [
        {
            "period": f"618-{year}",
            "kind": "promotion",
            "first": date(year, 5, 13),
            "last": date(year, 6, 20),
            "ref": ref,
        }
        for year, ref in ((2025, None), (2026, "618-2025"))
    ]
    rows = [row | {"platform": name} for row in months + promos for name in GROWTH]
    return pd.DataFrame([row | figures(1 + place % 7 / 10) for place, row in enumerate(rows)])


def came(periods: pd.DataFrame, upto: date) -> pd.DataFrame:
    """What came of the periods that were over: half of what was planned."""
    over = periods[periods["last"] <= upto]
    return pd.concat([over[["period", "platform"]], over[METRICS] * 0.5], axis=1)


def daily() -> pd.DataFrame:
    """Planned days: a promotion in June."""
    days = pd.date_range("2024-10-01", "2026-12-31", unit="s")
    frame = pd.DataFrame([{"day": day, "platform": name} for day in days for name in GROWTH])
    frame["promo"] = (frame["day"].dt.month == 6) & (frame["day"].dt.day <= 18)
    return frame.assign(expected=1000.0 + 2000 * frame["promo"])


def set_targets(known: pd.DataFrame | None = None, as_of: date = AS_OF) -> pd.DataFrame:
    """The targets set, by default knowing all that came."""
    told = came(periods(), AS_OF) if known is None else known
    return targets(HABITS, periods(), told, daily(), GROWTH, 5, as_of)


def values(frame: pd.DataFrame) -> pd.Series:
    """Values by what they are of."""
    return frame.set_index(["kind", "period", "platform", "metric"])["value"]


@pytest.mark.parametrize("moment", ["2025-03", "2025-12", "2026-05", "2026-09"])
def test_targets_do_not_know_their_own_period(moment: str) -> None:
    """Whatever comes from a month on, targets set before it begins stay the same."""
    first = pd.Period(moment, "M").start_time.date()
    told = came(periods(), AS_OF)
    later = told["period"].isin(periods().loc[periods()["last"] >= first, "period"])
    changed = told.copy()
    changed.loc[later, METRICS] *= 3
    before, after = (frame[frame["set_at"] < first] for frame in (set_targets(told), set_targets(changed)))
    assert moment in set(before["period"])
    pd.testing.assert_frame_equal(before, after)
    pd.testing.assert_frame_equal(before, set_targets(told[~later], max(before["set_at"])))


def test_they_rest_on_the_year_before() -> None:
    """What came a year ago, grown and a little more; the plan in the first year."""
    by, plan = values(set_targets()), periods().set_index(["period", "platform"])
    low, high = HABITS.ambition["gmv"]
    for period, ref, share in (("2024-11", "2024-11", 1.0), ("2026-02", "2025-02", 0.5 * GROWTH["douyin"])):
        base = plan.loc[(ref, "douyin"), "gmv"] * share
        assert low * 0.99 <= by["month", period, "douyin", "gmv"] / base <= high * 1.01
    base = plan.loc[("618-2025", "tmall"), "gmv"] * 0.5 * GROWTH["tmall"]
    assert low * 0.99 <= by["promotion", "618-2026", "tmall", "gmv"] / base <= high * 1.01


def test_a_reference_that_is_not_over_is_not_looked_at() -> None:
    """Where a period refers to itself, the plan stands in, whatever came of it."""
    own = periods().assign(ref=lambda frame: frame["period"])
    told = came(periods(), AS_OF)
    frames = [
        targets(HABITS, own, told.assign(gmv=told["gmv"] * factor), daily(), GROWTH, 5, AS_OF)
        for factor in (1, 9)
    ]
    pd.testing.assert_frame_equal(*frames)


def test_wholes_are_sums() -> None:
    """Quarters and years of their months, the company of its platforms; part quarters and years have none."""
    frame = set_targets()
    by = values(frame)
    quarter = sum(by["month", f"2026-{month:02}", "tmall", "orders"] for month in (4, 5, 6))
    assert quarter == by["quarter", "2026-Q2", "tmall", "orders"]
    for kind, period in (
        ("month", "2026-09"),
        ("quarter", "2025-Q4"),
        ("year", "2026"),
        ("promotion", "618-2026"),
    ):
        parts = [by[kind, period, name, "gmv"] for name in GROWTH]
        assert sum(parts) == by[kind, period, ALL, "gmv"]
    assert {"2025", "2026"} == set(frame.loc[frame["kind"] == "year", "period"])
    assert set(METRICS) == set(frame["metric"])


def test_they_are_set_before_they_begin() -> None:
    """Every target bears a day before its period, and those not set yet are not there."""
    frame = set_targets()
    first = periods().groupby("period")["first"].min()
    single = frame[frame["kind"].isin(["month", "promotion"])]
    assert all(
        set_at < first[period] for set_at, period in zip(single["set_at"], single["period"], strict=True)
    )
    assert frame["set_at"].max() <= AS_OF
    assert ("2026-10" in set(frame["period"]), "2026-11" in set(frame["period"])) == (True, False)


def test_months_of_promotions_have_weights() -> None:
    """A weight a day, one in all, heavy where the promotion is; none in other months."""
    frame = set_targets().set_index(["period", "platform", "metric"])
    weights = json.loads(frame.loc[("2026-06", ALL, "gmv"), "weights"])
    assert (30, 1.0) == (len(weights), pytest.approx(sum(weights)))
    assert weights[17] == pytest.approx(3 * weights[20], rel=0.01)
    assert "" == frame.loc[("2026-07", "tmall", "gmv"), "weights"]
    assert "" == frame.loc[("618-2026", "tmall", "gmv"), "weights"]


def test_budgets_are_the_advertising_meant_for_it() -> None:
    """Beside gmv stands the target of ad_spend; beside the others nothing."""
    frame = set_targets()
    by = frame.set_index(["kind", "period", "platform", "metric"])
    row = ("promotion", "618-2026", "tmall")
    assert by.loc[(*row, "ad_spend"), "value"] == by.loc[(*row, "gmv"), "budget"]
    assert frame.loc[frame["metric"] != "gmv", "budget"].isna().all()
    assert frame.loc[frame["metric"] == "gmv", "budget"].notna().all()


def test_targets_are_round() -> None:
    """Three leading digits."""
    drawn = set_targets().query("kind == 'month' and platform != 'all'")
    assert all(len(str(value).rstrip("0")) <= 3 for value in drawn["value"])
