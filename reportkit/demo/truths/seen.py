"""What is remembered of the months while they pass: sums by day, and figures about the troubles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd

from reportkit.demo.world import Facts, Stretch, World
from reportkit.demo.world.calendar import places
from reportkit.demo.world.troubles import Span

__all__ = ["Seen", "before"]

DAILY = ("orders", "units", "amount", "visitors", "buyers")
_IN_TIME = 48  # hours in which a case should end
_PAID_WITHIN = timedelta(days=45)  # the longest from placing an order to paying its balance


def before(span: Span) -> Span:
    """Return the days before `span`, as many as it has."""
    length = span.last - span.first
    last = span.first - timedelta(days=1)
    return Span(first=last - length, last=last)


class Seen:
    """`daily`: by platform and figure of DAILY, one value a day of payment (amount: fen due for goods).

    `noted`: by trouble, figures "…" of its days and "… before" of as many days before them. `lost`: what could
    not be delivered. `stock`: what was available at the end of every day (days, SKUs).
    """

    def __init__(self, world: World) -> None:
        self._world = world
        days = (world.end - world.start).days + 1
        self.daily = {name: {one: np.zeros(days, "int64") for one in DAILY} for name in world.platforms}
        self.noted: dict[str, Counter[str]] = {name: Counter() for name in _NOTES}
        self.lost: list[pd.DataFrame] = []
        self.stock = np.zeros((days, len(world.catalogue.skus)), "int64")
        self.sold = np.zeros_like(self.stock)

    def add(self, stretch: Stretch) -> None:
        """Add the months of `stretch`."""
        first, count = (stretch.first - self._world.start).days, (stretch.last - stretch.first).days + 1
        inside = slice(first, first + count)
        self.lost.append(stretch.lost)
        self.stock[inside] = stretch.stock["available"].to_numpy().reshape(count, -1)
        for name, facts in stretch.facts.items():
            self._add_daily(name, facts, inside)
            self._add_sold(facts)
            self._note(facts, stretch)

    def _add_daily(self, name: str, facts: Facts, inside: slice) -> None:
        shop = facts.visitors[facts.visitors["channel"] == ""]
        items = facts.items.groupby("day")[["pay_qty", "amount"]].sum()
        columns = (
            shop["pay_orders"],
            items["pay_qty"],
            items["amount"],
            shop["visitors"],
            shop["pay_buyers"],
        )
        for figure, values in zip(DAILY, columns, strict=True):
            self.daily[name][figure][inside] = values.to_numpy()

    def _add_sold(self, facts: Facts) -> None:
        paid = facts.orders["paid"].to_numpy()[facts.lines["order"].to_numpy()]
        day = places(paid, self._world.calendar.days[0])
        near = (day >= 0) & (day < len(self.sold))
        sku, qty = (facts.lines[name].to_numpy()[near] for name in ("sku", "qty"))
        np.add.at(self.sold, (day[near], sku), qty)

    def _note(self, facts: Facts, stretch: Stretch) -> None:
        until = stretch.last + _PAID_WITHIN
        for name, note in _NOTES.items():
            trouble = getattr(self._world.troubles, name)
            if trouble is None or facts.platform not in _platforms(trouble, facts.platform):
                continue
            for span, suffix in ((trouble, ""), (before(trouble), " before")):
                if span.last < stretch.first or span.first > until:
                    continue
                for figure, value in note(self._world, facts, trouble, span).items():
                    self.noted[name][figure + suffix] += int(value)


def _platforms(trouble: Span, platform: str) -> list[str]:
    one = getattr(trouble, "platform", None)
    return [one] if one else list(getattr(trouble, "platforms", [platform]))


def _channel(world: World, facts: Facts, trouble: Span, span: Span) -> dict[str, float]:
    channel = trouble.channel  # type: ignore[attr-defined]
    rows = facts.visitors[
        (facts.visitors["channel"] == channel) & span.covers(facts.visitors["day"].to_numpy())
    ]
    ads = facts.ads[(facts.ads["channel"] == channel) & span.covers(facts.ads["day"].to_numpy())]
    told = {name: rows[name].sum() for name in ("visitors", "pay_orders", "amount")}
    return told | {"spend": (ads["spend"] + ads["bonus"]).sum(), "claimed": ads["gmv"].sum()}


def _product(world: World, facts: Facts, trouble: Span, span: Span) -> dict[str, float]:
    place = world.catalogue.place(trouble.product)  # type: ignore[attr-defined]
    paid = facts.orders["paid"].to_numpy()[facts.lines["order"].to_numpy()]
    rows = facts.lines[span.covers(paid) & (facts.lines["product"] == place).to_numpy()]
    back = rows["outcome"] == "success"
    reason = getattr(trouble, "reason", None)
    return {
        "lines": len(rows),
        "units": rows["qty"].sum(),
        "listed": rows["listed"].sum(),
        "discount": rows["discount"].sum(),
        "due": rows["due"].sum(),
        "asked": (rows["refund"] >= 0).sum(),
        "asked for it": (rows["reason"] == reason).sum(),
        "refunded": back.sum(),
        "back": rows["back_goods"].where(back, 0).sum(),
    }


def _payouts(world: World, facts: Facts, trouble: Span, span: Span) -> dict[str, float]:
    rows = facts.payouts[span.covers(facts.payouts["at"].to_numpy())]
    sales, short = rows[rows["kind"] == "sale"], rows[rows["short"] != 0]
    return {
        "sales": len(sales),
        "due": sales["due"].sum(),
        "payouts": len(short),
        "short": short["short"].sum(),
    }


def _shipping(world: World, facts: Facts, trouble: Span, span: Span) -> dict[str, float]:
    paid, shipped = facts.orders["paid"].to_numpy(), facts.orders["shipped"].to_numpy()
    rows = span.covers(paid) & ~np.isnat(shipped)
    return {"orders": rows.sum(), "seconds": (shipped - paid)[rows].astype("int64").sum()}


def _handling(world: World, facts: Facts, trouble: Span, span: Span) -> dict[str, float]:
    ended = span.covers(facts.refunds["resolved"].to_numpy())
    hours = (facts.refunds["resolved"] - facts.refunds["asked"]).dt.total_seconds()[ended] / 3600
    return {"cases": ended.sum(), "hours": hours.sum(), "late": (hours > _IN_TIME).sum()}


def _influencer(world: World, facts: Facts, trouble: Span, span: Span) -> dict[str, float]:
    rows = span.covers(facts.orders["created"].to_numpy()) & facts.orders["paid"].notna().to_numpy()
    who = facts.orders["influencer"].to_numpy()
    due = np.bincount(facts.lines["order"], facts.lines["due"], len(who))
    told: dict[str, float] = {}
    for name, chosen in (
        ("all", rows),
        ("influencers", rows & (who >= 0)),
        ("one", rows & (who == trouble.who)),  # type: ignore[attr-defined]
    ):
        told |= {f"{name} orders": chosen.sum(), f"{name} amount": due[chosen].sum()}
    return told


_NOTES: dict[str, Callable[[World, Facts, Span, Span], dict[str, float]]] = {
    "search_fall": _channel,
    "cheap_traffic": _channel,
    "quality": _product,
    "price_cut": _product,
    "short_payout": _payouts,
    "slow_shipping": _shipping,
    "slow_handling": _handling,
    "influencer": _influencer,
}
