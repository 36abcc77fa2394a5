"""Orders and their lines, sampled from visitors and conversion. Money is whole fen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.merchant import Merchant

__all__ = ["sample_lines", "sample_orders"]

_HOUR = 3600
_DAY = 24 * _HOUR
_PAY_WITHIN = 1500
_QUANTITIES = ([1, 2, 3], [0.88, 0.1, 0.02])


def sample_orders(
    merchant: Merchant, platform: str, traffic: pd.DataFrame, days: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row an order of `platform`, oldest first.

    Columns: platform, day (row of `days`), created, paid, shipped, completed (naive local times; NaT where
    it never comes to that), presale, buyer (a number), province, carrier. Balances of a presale are paid
    when it has ended. Times run on beyond the last day; who writes a file cuts them at its export.
    """
    expected = traffic["visitors"] * traffic["cvr"] / (1 - merchant.unpaid_share)
    day = np.repeat(traffic["day"].to_numpy(), rng.poisson(expected))
    hours = np.array(merchant.hours) / sum(merchant.hours)
    second = rng.choice(24, len(day), p=hours) * _HOUR + rng.integers(0, _HOUR, len(day))
    created = np.sort(days["date"].to_numpy()[day] + second.astype("timedelta64[s]"))
    presale = rng.random(len(day)) < days["presale"].to_numpy()[day]
    paid = _paid(merchant, days, day, created, presale, rng)
    shipped = paid + _seconds(rng.uniform(6 * _HOUR, 40 * _HOUR, len(day)))
    return pd.DataFrame(
        {
            "platform": platform,
            "day": day,
            "created": created,
            "paid": paid,
            "shipped": shipped,
            "completed": shipped + _seconds(rng.uniform(8 * _DAY, 12 * _DAY, len(day))),
            "presale": presale,
            "buyer": _buyers(merchant.repeat_share, len(day), rng),
            "province": _choice({name: p.weight for name, p in merchant.provinces.items()}, len(day), rng),
            "carrier": _choice(merchant.carriers, len(day), rng),
        }
    )


def _paid(
    merchant: Merchant,
    days: pd.DataFrame,
    day: np.ndarray,
    created: np.ndarray,
    presale: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    paid = created + _seconds(np.minimum(rng.exponential(_PAY_WITHIN / 6, len(day)) + 8, _PAY_WITHIN))
    opens = days[days["presale"] > 0].groupby("promo_id")["date"].max() + pd.Timedelta(days=1)
    balance = pd.Series([opens.get(promo, pd.NaT) for promo in days["promo_id"]], dtype="datetime64[s]")
    due = balance.to_numpy()[day]
    paid = np.where(presale, due + _seconds(rng.uniform(0, 1.5 * _DAY, len(day))), paid)
    never = rng.random(len(day)) < merchant.unpaid_share
    return np.where(never, np.datetime64("NaT", "s"), paid)


def _buyers(repeat_share: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Number the buyers in order of appearance; a repeat buyer is any who came before."""
    new = rng.random(count) >= repeat_share
    new[:1] = True
    known = np.cumsum(new)
    return np.where(new, known, 1 + (rng.random(count) * known).astype(int))


def _choice(weights: dict[str, float], count: int, rng: np.random.Generator) -> np.ndarray:
    share = np.array(list(weights.values())) / sum(weights.values())
    return np.array(list(weights))[rng.choice(len(weights), count, p=share)]


def _seconds(amount: np.ndarray) -> np.ndarray:
    return amount.astype("timedelta64[s]")


def sample_lines(
    merchant: Merchant, orders: pd.DataFrame, days: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one or two lines an order: order (row of `orders`), line, product (place in the catalogue), qty.

    Amounts in fen: listed, discount (the merchant's), due (to the merchant for goods), freight (first line
    only), and what others bear of `due`: platform, influencer, payment (0 where the platform shows none).
    """
    twice = rng.random(len(orders)) < merchant.second_line_share
    order = np.repeat(np.arange(len(orders)), 1 + twice)
    line = np.concatenate([[0], np.diff(order) == 0]).astype(int)
    day = orders["day"].to_numpy()[order]
    product = _products(merchant, days["date"].to_numpy()[day], rng)
    qty = rng.choice(_QUANTITIES[0], len(order), p=_QUANTITIES[1])
    listed = np.array([p.price * 100 for p in merchant.products])[product] * qty
    rate = merchant.list_discount * days["discount"].to_numpy()[day] + rng.normal(0, 0.01, len(order))
    discount = (listed * rate.clip(0, 0.6)).round(-1).astype(int)
    lines = pd.DataFrame({"order": order, "line": line, "product": product, "qty": qty, "listed": listed})
    lines["discount"], lines["due"] = discount, listed - discount
    lines["freight"] = _freight(merchant, lines)
    for name, subsidy in merchant.subsidies.items():
        given = (rng.random(len(lines)) < subsidy.share) & (orders["platform"].to_numpy()[order] == "douyin")
        lines[name] = np.where(given, (lines["due"] * subsidy.rate).round(), 0).astype(int)
    return lines


def _products(merchant: Merchant, dates: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose by weight; what was not on sale yet becomes the first product."""
    weights = np.array([p.weight for p in merchant.products])
    product = rng.choice(len(weights), len(dates), p=weights / weights.sum())
    listed = np.array([p.listed for p in merchant.products], dtype="datetime64[s]")
    return np.where(listed[product] > dates, 0, product)


def _freight(merchant: Merchant, lines: pd.DataFrame) -> pd.Series:
    total = lines.groupby("order")["due"].transform("sum")
    charged = (total < merchant.free_freight_from * 100) & (lines["line"] == 0)
    return charged * merchant.freight * 100
