"""Troubles of supply: stock, dispatch and payouts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportkit.demo.truths.seen import Seen, before
from reportkit.demo.truths.sizes import days_of, days_within, share, size
from reportkit.demo.world import World
from reportkit.demo.world.troubles import Span, Stockout

__all__ = ["overbought", "short_payout", "slow_handling", "slow_shipping", "stockout"]

_RECENT = 90  # days by whose sales the cover of the overbought stock is told


def overbought(world: World, seen: Seen) -> dict[str, Any]:
    """One SKU's pieces and cost at the end, and the days they last at recent sales."""
    trouble = world.troubles.overbought
    assert trouble is not None
    sku = world.catalogue.place(trouble.sku)
    left, daily = int(seen.stock[-1, sku]), seen.sold[-_RECENT:, sku].mean()
    planned = np.mean(
        [rates.units()[:, world.catalogue.skus["product"][sku]].mean() for rates in world.plan.values()]
    )
    units = planned * len(world.plan) * world.catalogue.skus["weight"][sku] * trouble.days
    cost = int(world.catalogue.skus["cost"][sku])
    cover = {"days_of_cover": round(left / daily, 1) if daily else None}
    return {
        "expected": size({"cost": units * cost}, units=units),
        "realised": size({"cost": left * cost}, units=left) | cover,
    }


def short_payout(world: World, seen: Seen) -> dict[str, Any]:
    """What is missing of payouts."""
    trouble, noted = world.troubles.short_payout, seen.noted["short_payout"]
    assert trouble is not None
    expected = size(
        {"amount": -trouble.share * trouble.missing * noted["due"]}, payouts=trouble.share * noted["sales"]
    )
    return {"expected": expected, "realised": size({"amount": -noted["short"]}, payouts=noted["payouts"])}


def slow_shipping(world: World, seen: Seen) -> dict[str, Any]:
    """Hours from payment to dispatch, before and during."""
    trouble, noted = world.troubles.slow_shipping, seen.noted["slow_shipping"]
    assert trouble is not None
    hours = {
        when: round(noted["seconds" + suffix] / 3600 / max(noted["orders" + suffix], 1), 1)
        for when, suffix in (("before", " before"), ("during", ""))
    }
    expected = {"hours_longer": round(24 * sum(trouble.days) / 2, 1)}
    return {"expected": expected, "realised": {"orders": noted["orders"], "mean_hours": hours}}


def slow_handling(world: World, seen: Seen) -> dict[str, Any]:
    """How many times as long cases took, their mean hours before and during, and the share that took too long."""
    trouble, noted = world.troubles.slow_handling, seen.noted["slow_handling"]
    assert trouble is not None
    told = {
        when: {
            "mean_hours": round(noted["hours" + suffix] / max(noted["cases" + suffix], 1), 1),
            "share_late": share(noted["late" + suffix], noted["cases" + suffix]),
        }
        for when, suffix in (("before", " before"), ("during", ""))
    }
    return {"expected": {"times": trouble.slower}, "realised": {"cases": noted["cases"], **told}}


def stockout(world: World, seen: Seen, trouble: Stockout) -> dict[str, Any]:
    """Expected: what would be sold on its days; realised: what was wanted and lost, and on which days."""
    skus = [world.catalogue.place(code) for code in trouble.skus]
    lost = pd.concat(seen.lost)
    rows = lost[lost["sku"].isin(skus) & days_of(lost["day"].to_numpy(), *_about(trouble))]
    inside, units, amount = days_within(world, trouble), 0.0, 0.0
    for rates in world.rates.values():
        for sku in skus:
            row = world.catalogue.skus.loc[sku]
            wanted = rates.units()[inside, row["product"]] * row["weight"]
            units -= wanted.sum()
            amount -= (wanted * row["price"] * (1 - rates.discount[inside, row["product"]])).sum()
    realised = size(
        {"amount": -rows["due"].sum(), "along": -rows["along"].sum()},
        units=-rows["qty"].sum(),
        orders=-rows["orders"].sum(),
    )
    by_platform = {name: int(rows["qty"][rows["platform"] == name].sum()) for name in world.platforms}
    when = {
        "lost_from": _date(rows["day"].min()),
        "lost_to": _date(rows["day"].max()),
        "units_by_platform": by_platform,
    }
    return {"expected": size({"amount": amount}, units=units), "realised": realised | when}


def _about(trouble: Span) -> tuple[object, object]:
    return before(trouble).first, trouble.last


def _date(day: Any) -> str | None:
    return None if pd.isna(day) else str(day)[:10]
