"""What becomes of orders that can be delivered: numbers, buyers, amounts, and the way of the parcel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.world.aftersales import coded
from reportkit.demo.world.merchant import Merchant, Shop
from reportkit.demo.world.orders import Draft, choose, seconds
from reportkit.demo.world.troubles import Troubles

__all__ = ["finish_lines", "finish_orders"]

_HOUR, _DAY = 3600, 24 * 3600


def finish_orders(
    merchant: Merchant,
    troubles: Troubles,
    platform: str,
    draft: Draft,
    buyer: np.ndarray,
    serial: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the orders with serials from `serial` on, who bought, by what, and how the parcel went."""
    shop, count = merchant.platforms[platform], len(draft.orders)
    channel = draft.orders["channel"].to_numpy()
    orders = draft.orders.drop(columns=["day", "channel"])
    orders.insert(0, "serial", serial + np.arange(count))
    orders["buyer"] = buyer
    weights = np.array([province.weight for province in merchant.provinces.values()])
    place = choose((np.cumsum(weights) / weights.sum())[None], np.zeros(count, int), rng)
    orders["province"] = coded(place.astype("int8"), list(merchant.provinces))
    carriers = list(dict.fromkeys(one.carrier for one in shop.channels.values() if one.carrier))
    codes = [carriers.index(one.carrier) if one.carrier else -1 for one in shop.channels.values()]
    orders["carrier"] = coded(np.array(codes, "int8")[channel], carriers)
    orders["channel"] = coded(channel, list(shop.channels))
    orders["influencer"] = _influencers(merchant, troubles, platform, draft.orders, rng)
    _ship(merchant, troubles, platform, orders, place, rng)
    orders["ended"] = np.full(count, np.datetime64("NaT", "s"))
    return orders


def _influencers(
    merchant: Merchant, troubles: Troubles, platform: str, orders: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Return the influencer who sold each order, -1 for none."""
    shares = np.array([one.influencers for one in merchant.platforms[platform].channels.values()])
    sold = rng.random(len(orders)) < shares[orders["channel"].to_numpy()]
    weights = np.array([merchant.influencers, merchant.influencers], float)
    big = np.zeros(len(orders), "int8")
    if (one := troubles.influencer) and one.platform == platform:
        weights[1, one.who] = one.weight
        big = one.covers(orders["created"].to_numpy()).astype("int8")
    who = choose(np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True), big, rng)
    return np.where(sold, who, -1).astype("int64")


def _ship(
    merchant: Merchant,
    troubles: Troubles,
    platform: str,
    orders: pd.DataFrame,
    province: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Add shipped, collected, signed and completed; NaT where nobody paid."""
    habits, count = merchant.shipping, len(orders)
    paid = orders["paid"].to_numpy()
    hours = np.minimum(np.exp(rng.normal(np.log(habits.median), habits.sigma, count)), habits.most)
    if (slow := troubles.slow_shipping) and platform in slow.platforms:
        hours = hours + np.where(slow.covers(paid), rng.uniform(*slow.days, count) * 24, 0)
    usual = np.array([one.days for one in merchant.provinces.values()])[province]
    travel = usual * np.exp(rng.normal(0, habits.travel, count))
    orders["shipped"] = paid + seconds(hours * _HOUR)
    orders["collected"] = orders["shipped"] + seconds(rng.uniform(*habits.scan, count) * _HOUR)
    orders["signed"] = orders["collected"] + seconds(travel * _DAY)
    confirmed = orders["signed"] + seconds(rng.exponential(habits.confirm, count) * _DAY + _HOUR)
    automatic = orders["shipped"] + seconds(np.maximum(habits.automatic, travel + 1) * _DAY)
    orders["completed"] = np.minimum(confirmed.to_numpy(), automatic.to_numpy())


def finish_lines(shop: Shop, draft: Draft, orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the lines with what others bear of them, in fen, and add `freight` to `orders`."""
    lines, count = draft.lines.copy(), len(draft.lines)
    order = lines["order"].to_numpy()
    lines.insert(1, "serial", orders["serial"].to_numpy()[order])
    sold = orders["influencer"].to_numpy()[order] >= 0
    for name in ("platform", "influencer", "payment"):
        bearing = shop.bears.get(name)
        given = rng.random(count) < (bearing.share if bearing else 0)
        given &= sold if name == "influencer" else True
        rate = bearing.rate if bearing else 0.0
        lines[name] = np.where(given, (lines["due"].to_numpy() * rate).round(), 0).astype("int64")
    total = np.bincount(order, lines["due"], len(orders))
    charged = total < shop.freight.free_from * 100
    orders["freight"] = np.where(charged, shop.freight.charge * 100, 0).astype("int64")
    return lines
