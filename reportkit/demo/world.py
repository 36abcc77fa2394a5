"""The demo merchant's world: everything that happened, before anybody exported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd

from reportkit.demo.calendar import days as calendar_days
from reportkit.demo.merchant import Merchant, merchant
from reportkit.demo.orders import sample_lines, sample_orders
from reportkit.demo.refunds import sample_refunds
from reportkit.demo.traffic import ads, traffic

__all__ = ["Trade", "World", "build_world"]

_SUMMED = ["listed", "discount", "due", "freight", "platform", "influencer", "payment", "qty"]


@dataclass(frozen=True)
class Trade:
    """What happened on one platform: see sample_orders, sample_lines, sample_refunds for the columns.

    `refunded` are the units a refund speaks of: whole orders on Tmall, lines on Douyin.
    """

    platform: str
    orders: pd.DataFrame
    lines: pd.DataFrame
    refunded: pd.DataFrame
    refunds: pd.DataFrame


@dataclass(frozen=True)
class World:
    """Everything between `start` and `end`, both inside. Nothing after `end` has happened yet."""

    merchant: Merchant
    start: date
    end: date
    days: pd.DataFrame
    traffic: pd.DataFrame
    ads: pd.DataFrame
    trades: dict[str, Trade]

    @property
    def cutoff(self) -> datetime:
        """The last second that has happened."""
        return datetime.combine(self.end, time(23, 59, 59))

    @property
    def months(self) -> list[str]:
        """The months covered, as ``YYYY-MM``."""
        return [str(month) for month in pd.period_range(self.start, self.end, freq="M")]


def build_world(months: int, seed: int, end: str) -> World:
    """Make the world of the `months` months up to and including `end` (``YYYY-MM``).

    The same arguments give the same world.
    """
    last = pd.Period(end, "M")
    start, stop = (last - (months - 1)).start_time.date(), last.end_time.date()
    firm = merchant()
    days = calendar_days(firm, start, stop)
    rng = np.random.default_rng([seed, 0])
    visitors = traffic(firm, days, rng)
    trades = {
        platform: _trade(firm, platform, visitors, days, np.random.default_rng([seed, number]))
        for number, platform in enumerate(firm.platforms, start=1)
    }
    return World(firm, start, stop, days, visitors, ads(firm, visitors, rng), trades)


def _trade(
    firm: Merchant, platform: str, visitors: pd.DataFrame, days: pd.DataFrame, rng: np.random.Generator
) -> Trade:
    orders = sample_orders(firm, platform, visitors[visitors["platform"] == platform], days, rng)
    lines = sample_lines(firm, orders, days, rng)
    refunded = lines if platform == "douyin" else _whole_orders(lines)
    refunds = sample_refunds(firm, platform, orders, refunded, days, rng)
    return Trade(platform, orders, lines, refunded, refunds)


def _whole_orders(lines: pd.DataFrame) -> pd.DataFrame:
    """One row an order: amounts summed, the product of its first line."""
    first: dict[str, Any] = dict.fromkeys(["line", "product"], "first")
    return lines.groupby("order", as_index=False).agg(first | dict.fromkeys(_SUMMED, "sum"))
