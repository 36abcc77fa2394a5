"""What is paid on the days of some months: that which platforms count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportkit.demo.world.calendar import places
from reportkit.demo.world.lots import Lot

__all__ = ["Payments", "payments"]

_BORNE = ("platform", "influencer", "payment")


@dataclass(frozen=True)
class Payments:
    """The orders paid and those placed on some days; days are counted from the first of them.

    orders: day, channel (place), buyer, lines, amount (fen, with freight), and what the platform, influencers
    and the payment service bore of it. lines: day, order (serial), product, buyer, qty, due, borne. placed: day,
    channel, buyer.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    placed: pd.DataFrame


def payments(lot: Lot, days: np.ndarray, happening: Callable[[str, pd.DataFrame], pd.DataFrame]) -> Payments:
    """Return what was placed and paid on `days` (midnights); `happening` adds what was placed before them."""
    orders, lines, order = lot.orders, lot.lines, lot.lines["order"].to_numpy()
    buyer, paid = orders["buyer"].to_numpy(), orders["paid"].to_numpy()
    sums = {name: np.bincount(order, lines[name], len(orders)).astype("int64") for name in ("due", *_BORNE)}
    of_orders = {
        "channel": lot.channel,
        "buyer": buyer,
        "paid": paid,
        "lines": np.bincount(order, minlength=len(orders)),
        "amount": sums.pop("due") + orders["freight"].to_numpy(),
        **sums,
    }
    of_lines = {name: lines[name].to_numpy() for name in ("product", "qty", "due")}
    of_lines["borne"] = sum((lines[name].to_numpy() for name in _BORNE), np.zeros(len(lines), "int64"))
    of_lines |= {"order": lines["serial"].to_numpy(), "buyer": buyer[order], "paid": paid[order]}
    told = []
    for what, columns in (("orders", of_orders), ("lines", of_lines)):
        known = ~np.isnat(columns["paid"])
        now = happening(what, pd.DataFrame({name: values[known] for name, values in columns.items()}))
        told.append(now.assign(day=places(now["paid"].to_numpy(), days[0])))
    placed = {"day": places(orders["created"].to_numpy(), days[0]), "channel": lot.channel, "buyer": buyer}
    return Payments(told[0], told[1], pd.DataFrame(placed))
