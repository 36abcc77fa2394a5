"""The truths about the demo: promotions against their baseline, and the size of every trouble."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.truths import Truths
from reportkit.demo.truths.promotions import effects
from reportkit.demo.truths.sizes import size, yuan
from reportkit.demo.world import Stretch, World

Told = tuple[World, list[Stretch], dict[str, Any]]
ALWAYS = {"refund_delays", "promotions"}


def tell(**asked: Any) -> Told:
    world = World.build(**asked)
    truths, stretches = Truths(world), list(world.stretches())
    for stretch in stretches:
        truths.collect(stretch)
    return world, stretches, truths.planted()


@pytest.fixture(scope="module")
def autumn() -> Told:
    """Three months with 双11."""
    return tell(size="medium", end="2025-11", months=3)


@pytest.fixture(scope="module")
def summer() -> Told:
    """Six months with most of the troubles."""
    return tell(size="medium", end="2026-09", months=8)


def test_effects_of_a_promotion() -> None:
    """The golden series: 10 a day, then 9 9 8 before, 30 60 45 12 during, 7 8 9 after."""
    actual = np.array([9, 9, 8, 30, 60, 45, 12, 7, 8, 9], float)
    phase = np.array(["预热"] * 3 + ["爆发1"] * 4 + ["恢复"] * 3, object)
    told = effects(actual, np.full(10, 10.0), phase)
    expected = {"gross_uplift": 107, "pre_dip": 4, "slump": 6, "net_increment": 97, "pull_forward": 10 / 107}
    assert expected == pytest.approx(told)


def test_amounts_are_yuan() -> None:
    """Amounts are text to the cent, also below zero; counts are whole or to a tenth."""
    assert ["0.00", "-0.05", "1234.50", "-3.07"] == [yuan(fen) for fen in (0, -5, 123450.2, -307)]
    assert {"orders": 3, "visitors": 0.2, "amount": "0.10"} == size({"amount": 10}, orders=3.0, visitors=0.16)


def test_truths_are_json(autumn: Told) -> None:
    """What is told can be written down and read again."""
    planted = autumn[2]
    assert planted == json.loads(json.dumps(planted))


def test_nothing_is_planted_in_the_null_merchant() -> None:
    """But refunds still come late, and promotions still pull forward."""
    _, _, planted = tell(size="small", end="2025-11", months=3, null=True)
    assert ALWAYS == set(planted)
    assert planted["promotions"]


def test_only_what_lies_within_is_told(autumn: Told, summer: Told) -> None:
    """A trouble outside the months is none."""
    assert {*ALWAYS, "slow_shipping", "stockouts"} == set(autumn[2])
    assert [["C05-200"]] == [one["skus"] for one in autumn[2]["stockouts"]]
    everything = {*ALWAYS, *summer[0].troubles.model_fields_set} - {"slow_shipping"}
    assert everything == set(summer[2])


def test_baseline_is_the_world_without_promotions(autumn: Told) -> None:
    """The expected baseline of a phase is what ordinary days around it sell, seasons considered."""
    world, _, planted = autumn
    entry = next(one for one in planted["promotions"] if one["platform"] == "tmall")
    phase = entry["phases"][2]
    days = (pd.Timestamp(phase["last"]) - pd.Timestamp(phase["first"])).days + 1
    usual = world.expect("tmall", world.troubles, promote=False)
    first = (pd.Timestamp(phase["first"]).date() - world.start).days
    assert "爆发1" == phase["phase"]
    assert phase["baseline"]["orders"] == pytest.approx(usual.created()[first : first + days].sum(), abs=0.1)
    assert phase["expected"]["orders"] > 2 * phase["baseline"]["orders"]


def test_realised_sums_are_those_of_the_orders(autumn: Told) -> None:
    """Orders and goods money of a phase are what was paid on its days."""
    _, months, planted = autumn
    for entry in planted["promotions"]:
        facts = [month.facts[entry["platform"]] for month in months]
        paid = pd.concat([one.orders["paid"] for one in facts])
        due = [np.bincount(one.lines["order"], one.lines["due"], len(one.orders)) for one in facts]
        for phase in entry["phases"]:
            after = pd.Timestamp(phase["last"]) + pd.Timedelta(days=1)
            inside = ((paid >= pd.Timestamp(phase["first"])) & (paid < after)).to_numpy()
            assert inside.sum() == phase["realised"]["orders"]
            assert yuan(np.concatenate(due)[inside].sum()) == phase["realised"]["amount"]


def test_promotions_come_as_expected(autumn: Told) -> None:
    """On large platforms chance is small: uplift and slump are realised within a fifth, net is less than gross."""
    entries = {one["platform"]: one for one in autumn[2]["promotions"]}
    assert {"tmall", "jd", "pdd", "douyin", "xiaohongshu", "tiktok_shop"} == set(entries)
    for platform in ("tmall", "jd"):
        told = entries[platform]
        for name in ("gross_uplift", "net_increment"):
            expected, realised = (told[when][name]["orders"] for when in ("expected", "realised"))
            assert realised == pytest.approx(expected, rel=0.2), (platform, name)
        for when in ("expected", "realised"):
            parts = {
                name: float(told[when][name]["amount"])
                for name in ("gross_uplift", "pre_dip", "slump", "net_increment")
            }
            assert parts["net_increment"] == pytest.approx(
                parts["gross_uplift"] - parts["pre_dip"] - parts["slump"], abs=0.02
            )
            assert 0 < parts["slump"] < parts["gross_uplift"]


def test_lost_units_are_counted(autumn: Told) -> None:
    """The stock-out's realised size is what could not be delivered, to the piece and cent."""
    _, months, planted = autumn
    lost = pd.concat([month.lost for month in months])
    realised = planted["stockouts"][0]["realised"]
    assert realised["units"] == -lost["qty"].sum()
    assert realised["amount"] == yuan(-lost["due"].sum())
    assert realised["orders"] == -lost["orders"].sum()
    assert sum(realised["units_by_platform"].values()) == lost["qty"].sum()
    assert planted["stockouts"][0]["expected"]["units"] < realised["units"] * 0.5


@pytest.mark.parametrize(
    ("name", "figure", "rel"),
    [
        ("search_fall", "orders", 0.25),
        ("search_fall", "visitors", 0.1),
        ("cheap_traffic", "visitors", 0.1),
        ("cheap_traffic", "spend", 0.1),
        ("cheap_traffic", "orders", 0.3),
        ("short_payout", "payouts", 0.4),
    ],
)
def test_troubles_come_as_expected(name: str, figure: str, rel: float, summer: Told) -> None:
    """The size by chance is near the size by the rates."""
    told = summer[2][name]
    expected, realised = (float(told[when][figure]) for when in ("expected", "realised"))
    assert realised == pytest.approx(expected, rel=rel)


def test_sizes_of_other_troubles(summer: Told) -> None:
    """Shares before and during, and what is left of what was bought too much."""
    planted = summer[2]
    fault = planted["quality"]["realised"]
    assert fault["during"]["refund_share"] > 2 * fault["before"]["refund_share"]
    star = planted["influencer"]["realised"]
    assert star["during"]["share_of_influencers"] > 0.5 > 0.1 > star["before"]["share_of_influencers"]
    cut = planted["price_cut"]["realised"]
    assert cut["during"]["discount_share"] - cut["before"]["discount_share"] == pytest.approx(0.15, abs=0.03)
    mix = planted["mix_shift"]["realised"]
    assert all(mix["during"][name] > mix["before"][name] for name in summer[0].platforms)
    assert mix["during"]["all"] < mix["before"]["all"]
    assert planted["overbought"]["realised"]["days_of_cover"] > 180
    assert -float(planted["short_payout"]["realised"]["amount"]) > 0


def test_refund_delays(summer: Told) -> None:
    """Each platform's curve rises to all of it at its last age; bursts are refunded more, and slower."""
    for told in summer[2]["refund_delays"].values():
        for curve in (told["normal"], told["burst"]):
            shares = list(curve.values())
            assert shares == sorted(shares)
            assert shares[-1] == pytest.approx(1, abs=0.001)
        assert told["burst"]["7"] < told["normal"]["7"]
        assert told["burst_rate"] > told["rate"]
