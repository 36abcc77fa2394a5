"""What a platform's back office shows of a month: visitors by channel and by product, and who bought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.world.merchant import Shop
from reportkit.demo.world.payments import Payments
from reportkit.demo.world.rates import Rates
from reportkit.demo.world.visitors import Visits

__all__ = ["item_table", "visitor_table"]

_MANY = 2**40  # more than any platform has buyers
_MONEY = ["amount", "platform", "influencer", "payment"]
_SHARES = {"new_visitors": 0.66, "fav": 0.045, "cart": 0.085, "bounce": 0.44}
_PAGES, _VIEWS, _CLICKS, _STAY = 3.1, 9.0, 1.35, 74.0
_ITEMS_SEEN = 1.7  # products that a visitor looks at


def visitor_table(
    shop: Shop, rates: Rates, visits: Visits, paid: Payments, midnights: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row a day and channel, and one a day for the whole shop (channel '').

    Columns: day, channel, visitors, new_visitors, pv, impressions, clicks, fav, cart, order_buyers, pay_buyers,
    pay_orders, pay_lines, amount, platform, influencer, payment (fen: of the amount, who bore it but the buyer),
    bounce, stay_seconds. A visitor of two channels is in both.
    """
    days, count = len(midnights), len(rates.channels)
    overlap = sum(channel.share for channel in shop.channels.values())
    usual = [place for place, channel in enumerate(shop.channels.values()) if channel.share]
    extra = visits.visitors.sum(axis=1) - visits.visitors[:, usual].sum(axis=1)
    whole = np.round(visits.visitors[:, usual].sum(axis=1) / overlap) + extra
    visitors = np.column_stack([whole, visits.visitors]).ravel()
    cell = np.arange(count + 1)
    table = pd.DataFrame(
        {"day": np.repeat(midnights, count + 1), "channel": np.tile(["", *rates.channels], days)}
    )
    counted = {
        "order_buyers": _buyers(paid.placed, days, count),
        "pay_buyers": _buyers(paid.orders, days, count),
    }
    counted["pay_orders"] = _sums(paid.orders, None, days, count)
    counted["pay_lines"] = _sums(paid.orders, "lines", days, count)
    for name in _MONEY:
        counted[name] = _sums(paid.orders, name, days, count)
    table["visitors"] = np.maximum(
        visitors, np.maximum(counted["order_buyers"], counted["pay_buyers"])
    ).astype("int64")
    cart = np.repeat(rates.cart[visits.first : visits.first + days], len(cell))
    for name, value in _behaviour(table["visitors"].to_numpy(), cart, rng).items():
        table[name] = value
    for name, value in counted.items():
        table[name] = value
    names = ["day", "channel", "visitors", "new_visitors", "pv", "impressions", "clicks", "fav", "cart"]
    names += ["order_buyers", "pay_buyers", "pay_orders", "pay_lines", *_MONEY, "bounce", "stay_seconds"]
    return table[names]


def _behaviour(visitors: np.ndarray, cart: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    told = {
        name: rng.binomial(visitors, np.minimum(share * (cart if name in ("fav", "cart") else 1.0), 0.9))
        for name, share in _SHARES.items()
    }
    for name, each in {"pv": _PAGES, "impressions": _VIEWS, "clicks": _CLICKS, "stay_seconds": _STAY}.items():
        told[name] = (visitors * each * rng.lognormal(0, 0.05, len(visitors))).round().astype("int64")
        told[name] = np.maximum(told[name], visitors)
    return told


def _cells(frame: pd.DataFrame, count: int) -> np.ndarray:
    """Return the row of each order's channel in a table of shop and channels by day."""
    return np.asarray(frame["day"].to_numpy().astype("int64") * (count + 1) + 1 + frame["channel"].to_numpy())


def _with_shop(cell: np.ndarray, count: int) -> np.ndarray:
    return np.concatenate([cell, cell // (count + 1) * (count + 1)])


def _buyers(frame: pd.DataFrame, days: int, count: int) -> np.ndarray:
    cell = _with_shop(_cells(frame, count), count)
    pairs = np.unique(cell * _MANY + np.tile(frame["buyer"].to_numpy(), 2))
    return np.bincount(pairs // _MANY, minlength=days * (count + 1))


def _sums(frame: pd.DataFrame, column: str | None, days: int, count: int) -> np.ndarray:
    cell = _with_shop(_cells(frame, count), count)
    weights = None if column is None else np.tile(frame[column].to_numpy(), 2)
    return np.bincount(cell, weights, days * (count + 1)).astype("int64")


def item_table(
    rates: Rates, visits: Visits, paid: Payments, midnights: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row a day and product.

    Columns: day, product, visitors, pv, fav, cart, pay_buyers, pay_orders, pay_qty, amount, borne (fen: of the
    amount, what the buyer did not pay).
    """
    days, count = len(midnights), rates.mix.shape[1]
    inside = slice(visits.first, visits.first + days)
    seen = visits.visitors.sum(axis=1)[:, None] * rates.mix[inside] * _ITEMS_SEEN
    lines = paid.lines
    cell = lines["day"].to_numpy().astype("int64") * count + lines["product"].to_numpy()
    buyers, orders = (
        np.bincount(np.unique(cell * _MANY + lines[name].to_numpy()) // _MANY, minlength=days * count)
        for name in ("buyer", "order")
    )
    visitors = np.maximum(rng.poisson(seen).ravel(), buyers)
    cart = np.repeat(rates.cart[inside], count)
    told = _behaviour(visitors, cart, rng)
    return pd.DataFrame(
        {
            "day": np.repeat(midnights, count),
            "product": np.tile(np.arange(count, dtype="int32"), days),
            "visitors": visitors,
            "pv": told["pv"],
            "fav": told["fav"],
            "cart": told["cart"],
            "pay_buyers": buyers,
            "pay_orders": orders,
            "pay_qty": np.bincount(cell, lines["qty"], days * count).astype("int64"),
            "amount": np.bincount(cell, lines["due"], days * count).astype("int64"),
            "borne": np.bincount(cell, lines["borne"], days * count).astype("int64"),
        }
    )
