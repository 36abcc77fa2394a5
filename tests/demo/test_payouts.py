"""Payouts of orders made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.world.habits import habits
from reportkit.demo.world.payouts import COSTS, Gap, sample_payouts
from reportkit.demo.world.refunds import sample_refunds
from tests.demo.paid_orders import PRODUCTS, paid_orders

PLATFORMS = list(habits().payouts.platforms)
GAP = Gap("pdd", date(2026, 3, 15), date(2026, 3, 31), 0.1, 0.2)
BORNE = ["platform", "influencer", "payment"]

World = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def settled(platform: str, gap: Gap | None = None) -> World:
    """Orders, lines and payouts."""
    orders, lines = paid_orders(15_000)
    burst, rng = np.zeros(len(orders), bool), np.random.default_rng(3)
    orders, lines = sample_refunds(habits().refunds, platform, orders, lines, PRODUCTS, burst, [], rng)
    return (
        orders,
        lines,
        sample_payouts(habits().payouts, platform, orders, lines, np.random.default_rng(4), gap),
    )


@pytest.fixture(scope="module", params=PLATFORMS)
def world(request: pytest.FixtureRequest) -> World:
    """One platform's."""
    return settled(request.param)


def test_net_is_what_is_due_less_the_costs(world: World) -> None:
    """To the fen, for sales and refunds; numbers are unique."""
    payouts = world[2]
    assert (payouts["net"] == payouts["due"] + payouts["freight"] - payouts[COSTS].sum(axis=1)).all()
    assert payouts["flow"].is_unique
    assert (payouts["short"] == 0).all()


def test_money_comes_after_the_order_is_complete(world: World) -> None:
    """Sales so many days after completion, refunds after their sale."""
    payouts = world[2]
    sales, refunds = (payouts[payouts["kind"] == kind] for kind in ("sale", "refund"))
    assert (sales["at"] > sales["completed"]).all()
    sold = sales.set_index(["serial", "line"])["at"]
    its = sold.loc[pd.MultiIndex.from_frame(refunds[["serial", "line"]])].to_numpy()
    assert (refunds["at"] >= its).all()
    assert (refunds["refund"] >= 0).all()
    assert (sales["refund"] == -1).all()


def test_in_the_end_the_merchant_has_what_was_not_given_back(world: World) -> None:
    """Of a line of a completed order: what was due less what came back, whenever it came back."""
    orders, lines, payouts = world
    kept = payouts.groupby(["serial", "line"])[["due", *BORNE]].sum()
    of_lines = lines.set_index(["serial", "line"])
    done = of_lines["outcome"] == "success"
    gone = done & of_lines["whole"]
    complete = orders["completed"].notna().to_numpy()[of_lines["order"]]
    untouched = of_lines[complete & ~done]
    assert (kept.loc[untouched.index] == untouched[["due", *BORNE]]).all(axis=None)
    assert (kept.reindex(of_lines[gone].index).fillna(0) == 0).all(axis=None)
    part = of_lines[complete & done & ~of_lines["whole"]]
    buyer = kept["due"] - kept[BORNE].sum(axis=1)
    paid = part["due"] - part[BORNE].sum(axis=1)
    assert (buyer.loc[part.index] == paid - part["back_goods"]).all()
    assert len(part) > 20


def test_nothing_is_settled_of_what_was_given_back_before(world: World) -> None:
    """Neither a line that came back whole before its payout, nor an order that never was complete."""
    orders, lines, payouts = world
    whole = lines[lines["whole"] & (lines["outcome"] == "success")]
    sales = payouts[payouts["kind"] == "sale"].merge(
        whole[["serial", "line", "resolved"]], on=["serial", "line"]
    )
    assert 30 < len(sales) < len(whole) / 2
    assert (sales["resolved"] >= sales["at"]).all()
    never = orders.loc[orders["completed"].isna(), "serial"]
    assert not payouts["serial"].isin(never).any()


def test_a_refund_takes_back_its_sale(world: World) -> None:
    """Whole and later: amounts and commissions come back with the opposite sign, what the platform keeps does not."""
    lines, payouts = world[1], world[2]
    keys = ["serial", "line"]
    both = payouts.merge(payouts[payouts["kind"] == "refund"], on=keys, suffixes=("", "_back"))
    both = both[(both["kind"] == "sale") & (both["freight"] == 0)]
    both = both.merge(lines.loc[lines["whole"], keys], on=keys)
    assert len(both) > 30
    for name in ["due", *BORNE, "commission", "service", "influencer_fee"]:
        assert (both[name] == -both[f"{name}_back"]).all(), name
    assert (both[["insurance_back", "payment_fee_back", "freight_back"]] == 0).all(axis=None)


def test_freight_is_paid_once_an_order(world: World) -> None:
    """With the first line that is settled, even if that is not the first of the order."""
    orders, _, payouts = world
    came = payouts.groupby("serial")["freight"].sum()
    charged = orders.set_index("serial")["freight"]
    assert (came == charged.loc[came.index]).all()
    assert (payouts.loc[payouts["freight"] > 0, "line"] > 0).any()


def test_costs_are_the_rates_of_the_platform() -> None:
    """Commission of goods and freight, influencers' share of goods sold by one."""
    orders, _, payouts = settled("douyin")
    fees = habits().payouts.platforms["douyin"]
    sales = payouts[payouts["kind"] == "sale"]
    sold = orders.set_index("serial")["influencer"].loc[sales["serial"]].to_numpy() >= 0
    assert (sales["service"] == ((sales["due"] + sales["freight"]) * fees.service).round()).all()
    assert (sales["influencer_fee"] == np.where(sold, (sales["due"] * fees.influencer).round(), 0)).all()
    share = sales["insurance"].gt(0).groupby(sales["serial"]).any().mean()
    assert fees.insurance.share == pytest.approx(share, abs=0.02)


def test_a_gap_shortens_some_payouts_and_no_others() -> None:
    """Inside its dates about the share of sales, by a fifth; everything else is as without it."""
    whole, gapped = settled("pdd")[2], settled("pdd", GAP)[2]
    inside = (whole["kind"] == "sale") & GAP.covers(whole["at"].to_numpy())
    short = gapped["short"] > 0
    assert (whole["net"] - gapped["net"] == gapped["short"]).all()
    assert short[~inside].sum() == 0
    assert GAP.share == pytest.approx(short[inside].mean(), abs=0.02)
    assert (gapped["short"] == (gapped["due"] * GAP.short).round())[short].all()
    same = [name for name in whole if name not in ("net", "short")]
    pd.testing.assert_frame_equal(whole[same], gapped[same])
    assert 0 == settled("jd", GAP)[2]["short"].sum()
