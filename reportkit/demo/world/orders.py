"""Orders and their lines, drawn from visits. Money is whole fen; times are naive local datetime64[s]."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportkit.demo.world.catalogue import Catalogue
from reportkit.demo.world.merchant import Merchant
from reportkit.demo.world.rates import Rates
from reportkit.demo.world.visitors import Visits

__all__ = ["Draft", "choose", "draft_orders", "seconds"]

_DAY = 24 * 3600
_PAY_WITHIN = 1500  # seconds
_BALANCE_WITHIN = 60 * 3600
_BALANCE_MEAN = 8 * 3600
_CANCELLED_AFTER = np.timedelta64(_DAY, "s")
_NEVER = np.datetime64("NaT", "s")
_PRICE_NOISE, _MOST_OFF = 0.01, 0.7


@dataclass(frozen=True)
class Draft:
    """One platform's orders of some months, oldest first, as they are placed.

    orders: day (place in the calendar), created, deposit_paid, paid, cancelled, presale, channel (place).
    lines: order (place), line, product, sku, qty, listed, discount, due (fen).
    """

    orders: pd.DataFrame
    lines: pd.DataFrame


def draft_orders(
    merchant: Merchant,
    catalogue: Catalogue,
    rates: Rates,
    visits: Visits,
    midnights: np.ndarray,
    rng: np.random.Generator,
) -> Draft:
    """Return the orders that `visits` bring; `midnights` are the calendar's days."""
    counts = visits.orders(merchant.unpaid, rng)
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    day = (visits.first + cell // counts.shape[1]).astype("int32")
    channel = (cell % counts.shape[1]).astype("int8")
    second = _hour(rates, day, rng) * 3600 + rng.integers(0, 3600, len(day))
    oldest = np.argsort(day * _DAY + second, kind="stable")
    created = midnights[day] + second[oldest].astype("timedelta64[s]")
    orders = pd.DataFrame({"day": day, "created": created, "channel": channel[oldest]})
    _pay(merchant, rates, midnights, orders, rng)
    picked = _baskets(rates, day, rng)
    order, line = np.nonzero(picked >= 0)
    product = picked[order, line]
    pieces = 1 + np.searchsorted(np.cumsum(merchant.quantities)[:-1], rng.random(len(order)), side="right")
    lines = {
        "order": order.astype("int32"),
        "line": line.astype("int8"),
        "product": product,
        "sku": catalogue.choose_skus(product, rng),
        "qty": pieces.astype("int16"),
    }
    lines |= _amounts(catalogue, rates, day[order], lines, rng)
    return Draft(orders, pd.DataFrame(lines))


def _amounts(
    catalogue: Catalogue,
    rates: Rates,
    day: np.ndarray,
    lines: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Return listed, discount and due: a discount in whole tens of fen, or a whole percent of every line alike."""
    rate, noise = rates.discount[day, lines["product"]], rng.normal(0, _PRICE_NOISE, len(day))
    listed = catalogue.skus["price"].to_numpy()[lines["sku"]] * lines["qty"]
    if rates.whole_percent:
        percent = ((rate + noise[np.searchsorted(lines["order"], lines["order"])]) * 100).round()
        discount = listed // 100 * percent.clip(0, 100 * _MOST_OFF).astype("int64")
    else:
        discount = (listed * (rate + noise).clip(0, _MOST_OFF)).round(-1).astype("int64")
    return {"listed": listed, "discount": discount, "due": listed - discount}


def _hour(rates: Rates, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    first = int(day[0]) if len(day) else 0
    upto = rates.hours[first : int(day[-1]) + 1 if len(day) else 1]
    return choose(upto, day - first, rng)


def choose(upto: np.ndarray, row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return for every `row` a column, by the cumulated chances `upto` (rows, columns)."""
    flat = (upto + np.arange(len(upto))[:, None]).ravel()
    drawn = row + rng.random(len(row)) * (1 - 1e-9)
    place = np.searchsorted(flat, drawn, side="right") - row * upto.shape[1]
    return np.asarray(place.clip(0, upto.shape[1] - 1).astype("int32"))


def _pay(
    merchant: Merchant, rates: Rates, midnights: np.ndarray, orders: pd.DataFrame, rng: np.random.Generator
) -> None:
    """Add deposit_paid, paid, cancelled and presale."""
    day, created = orders["day"].to_numpy(), orders["created"].to_numpy()
    count = len(orders)
    opening = midnights[0] + (np.nan_to_num(rates.opening[day]) * _DAY).astype("timedelta64[s]")
    presale = (rng.random(count) < rates.presale[day]) & (created < opening)
    soon = created + seconds(np.minimum(rng.exponential(_PAY_WITHIN / 6, count) + 8, _PAY_WITHIN))
    never = rng.random(count) < merchant.unpaid
    forgotten = presale & ~never & (rng.random(count) < merchant.balance_unpaid)
    balance = opening + seconds(np.minimum(rng.exponential(_BALANCE_MEAN, count) + 20, _BALANCE_WITHIN))
    orders["presale"] = presale
    orders["deposit_paid"] = np.where(presale & ~never, soon, _NEVER)
    orders["paid"] = np.where(never | forgotten, _NEVER, np.where(presale, balance, soon))
    late = np.where(forgotten, opening + np.timedelta64(_BALANCE_WITHIN, "s"), created + _CANCELLED_AFTER)
    orders["cancelled"] = np.where(never | forgotten, late, _NEVER)


def _baskets(rates: Rates, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return (orders, 3) products by place, -1 for none: one, what goes with it or anything else, and a third."""
    first = int(day[0]) if len(day) else 0
    upto = np.cumsum(rates.mix[first : int(day[-1]) + 1 if len(day) else 1], axis=1)
    picked = np.full((len(day), 3), -1, "int32")
    picked[:, 0] = choose(upto, day - first, rng)
    if rates.second_line == 0:
        return picked
    main, drawn = picked[:, 0], rng.random(len(day))
    pairs = np.cumsum(rates.together, axis=1)
    fitting = drawn < pairs[main, -1]
    by_pair = np.flatnonzero(fitting)
    picked[by_pair, 1] = (drawn[by_pair, None] >= pairs[main[by_pair]]).sum(axis=1)
    other = np.flatnonzero(~fitting & (rng.random(len(day)) < rates.second_line))
    picked[other, 1] = choose(upto, day[other] - first, rng)
    picked[other, 1] = np.where(picked[other, 1] == main[other], -1, picked[other, 1])
    more = np.flatnonzero((picked[:, 1] >= 0) & (rng.random(len(day)) < rates.third_line))
    third = choose(upto, day[more] - first, rng)
    picked[more, 2] = np.where((third == main[more]) | (third == picked[more, 1]), -1, third)
    return picked


def seconds(amount: np.ndarray) -> np.ndarray:
    """Return `amount` seconds as timedelta64[s]."""
    return amount.astype("timedelta64[s]")
