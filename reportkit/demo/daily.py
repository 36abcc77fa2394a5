"""What the platforms' own boards say of each day, and the advertising reports."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from reportkit.demo import tmall
from reportkit.demo.cells import dates, grouped, whole, yuan
from reportkit.demo.layouts import Frame, layouts
from reportkit.demo.states import refund_states
from reportkit.demo.world import Trade, World

__all__ = ["day_sums", "douyin_ads", "douyin_traffic", "tmall_ads", "tmall_traffic"]

_NEW, _BOUNCE, _FAVOURITE, _CART, _VIEWS = 0.71, 0.42, 0.055, 0.093, 3.4
_STAY_SECONDS = 38
_IMPRESSIONS = 14
_NOTHING = "-"


def day_sums(trade: Trade, days: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Return one row a day of `days` (a span; same index): what `trade` sold, as known at `as_of`.

    Counts: buyers, orders, lines (paid that day), order_buyers (created that day). Fen: due, freight, payment
    (borne by the payment service), buyer_paid (for goods), refunded (by the day money went back), refunded_paid (by the day of payment).
    """
    first, last = days["date"].iloc[0], days["date"].iloc[-1] + pd.Timedelta(days=1)
    created = trade.orders[trade.orders["created"].between(first, last, "left")]
    paid = trade.orders[trade.orders["paid"].between(first, last, "left") & (trade.orders["paid"] <= as_of)]
    on_day = paid["paid"].dt.normalize()
    lines = trade.lines[trade.lines["order"].isin(paid.index)]
    line_day = on_day.reindex(lines["order"]).to_numpy()
    borne = lines["platform"] + lines["influencer"] + lines["payment"]
    back = refund_states(trade, as_of)
    back = back[back["state"] == "success"]
    back_paid = on_day.reindex(back["order"]).to_numpy()
    sums = {
        "buyers": paid.groupby(on_day)["buyer"].nunique(),
        "orders": paid.groupby(on_day).size(),
        "order_buyers": created.groupby(created["created"].dt.normalize())["buyer"].nunique(),
        "lines": lines.groupby(line_day).size(),
        "due": lines.groupby(line_day)["due"].sum(),
        "freight": lines.groupby(line_day)["freight"].sum(),
        "payment": lines.groupby(line_day)["payment"].sum(),
        "buyer_paid": (lines["due"] - borne).groupby(line_day).sum(),
        "refunded": back.groupby(back["resolved"].dt.normalize())["goods"].sum(),
        "refunded_paid": back.groupby(back_paid)["goods"].sum(),
    }
    return pd.DataFrame(sums).reindex(days["date"]).fillna(0).astype(int).set_index(days.index)


def tmall_traffic(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the shop's days: counts with thousands separators, rates as text with %."""
    days, visitors, sums = _days(world, "tmall", first, last, as_of)
    rate = np.where(visitors > 0, sums["buyers"] / visitors, 0)
    return {
        "date": dates(days["date"]),
        "shop": [world.merchant.platforms["tmall"].shop] * len(days),
        "visitors": whole(visitors),
        "views": whole((visitors * _VIEWS).round().astype(int)),
        "new_visitors": whole((visitors * _NEW).round().astype(int)),
        "bounce": [f"{_BOUNCE:.2%}"] * len(days),
        "stay": [str(_STAY_SECONDS)] * len(days),
        "favourites": whole((visitors * _FAVOURITE).round().astype(int)),
        "carts": whole((visitors * _CART).round().astype(int)),
        "order_buyers": whole(sums["order_buyers"]),
        "buyers": whole(sums["buyers"]),
        "orders": whole(sums["orders"]),
        "lines": whole(sums["lines"]),
        "amount": grouped(sums["due"] + sums["freight"]),
        "cvr": [f"{value:.2%}" for value in rate],
        "refunded": [grouped([fen])[0] if fen else _NOTHING for fen in sums["refunded"]],
    }


def douyin_traffic(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return the shop's days; the platform's amount holds freight and what it and influencers bear."""
    days, visitors, sums = _days(world, "douyin", first, last, as_of)
    compact = dates(days["date"], "%Y%m%d")
    return {
        "span": [f"{day}-{day}" for day in compact],
        "compact": compact,
        "shop": [world.merchant.platforms["douyin"].shop] * len(days),
        "amount": yuan(sums["due"] + sums["freight"] - sums["payment"]),
        "buyer_paid": yuan(sums["buyer_paid"] + sums["freight"]),
        "orders": [str(count) for count in sums["orders"]],
        "buyers": [str(count) for count in sums["buyers"]],
        "impressions": [str(count * _IMPRESSIONS) for count in visitors],
        "visitors": [str(count) for count in visitors],
        "refunded_paid": yuan(sums["refunded_paid"]),
        "refunded": yuan(sums["refunded"]),
    }


def tmall_ads(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return one row a scene and day."""
    days, spent = _spent(world, "tmall", first, last)
    scenes = list(world.merchant.ad_scenes)
    place = spent["scene"].map(scenes.index)
    form = str(layouts()["tmall/ads"].words["plan"])
    return _common(days, spent) | {
        "scene_id": [str(371 + number) for number in place],
        "scene": list(spent["scene"]),
        "plan_id": [str(9_000_001 + number) for number in place],
        "plan": [form.format(scene) for scene in spent["scene"]],
        "item": tmall.item_numbers(place),
        "new_buyers": [str(count) for count in spent["new_buyers"]],
    }


def douyin_ads(world: World, first: date, last: date, as_of: datetime) -> Frame:
    """Return one row a day."""
    days, spent = _spent(world, "douyin", first, last)
    numbers = ["spend", "impressions", "clicks", "gmv", "orders"]
    return _common(days, spent.groupby("day", as_index=False)[numbers].sum())


def _common(days: pd.DataFrame, spent: pd.DataFrame) -> Frame:
    return {
        "date": dates(days["date"].reindex(spent["day"])),
        "spend": yuan(spent["spend"]),
        "impressions": [str(count) for count in spent["impressions"]],
        "clicks": [str(count) for count in spent["clicks"]],
        "gmv": yuan(spent["gmv"]),
        "orders": [str(count) for count in spent["orders"]],
        "roas": [f"{value:.2f}" for value in spent["gmv"] / spent["spend"]],
    }


def _within(world: World, first: date, last: date) -> pd.DataFrame:
    return world.days[world.days["date"].between(pd.Timestamp(first), pd.Timestamp(last))]


def _days(
    world: World, platform: str, first: date, last: date, as_of: datetime
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    days = _within(world, first, last)
    of_platform = world.traffic[world.traffic["platform"] == platform].set_index("day")
    return days, of_platform["visitors"].reindex(days.index), day_sums(world.trades[platform], days, as_of)


def _spent(world: World, platform: str, first: date, last: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    days = _within(world, first, last)
    chosen = world.ads[(world.ads["platform"] == platform) & world.ads["day"].isin(days.index)]
    return days, chosen.reset_index(drop=True)
