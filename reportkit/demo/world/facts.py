"""What happened in some months: on each platform, and in the one warehouse behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

__all__ = ["Facts", "Stretch"]


@dataclass
class Facts:
    """One platform's months, in compact codes; money is whole fen, times naive local datetime64[s], NaT: never.

    `orders` and `lines` were placed in the months and run their whole course; `refunds` were asked for and
    `payouts` settled in them. `visitors` is one row a day and channel ('' the whole shop), `items` a day and
    product, `ads` a day and scene, `service` a day and team.
    """

    platform: str
    orders: pd.DataFrame
    lines: pd.DataFrame
    refunds: pd.DataFrame
    payouts: pd.DataFrame
    visitors: pd.DataFrame
    items: pd.DataFrame
    ads: pd.DataFrame
    service: pd.DataFrame


@dataclass
class Stretch:
    """Whole months in a row, from `first` to `last` (both inside).

    stock: day, sku (place), on_hand, available, reserved, in_transit, defective, oldest_receipt, at the end of
    the day. purchases: po, sku, supplier, qty, received_qty, ordered, promised, received. lost: orders
    not placed for want of stock, one row a day, platform and SKU that was lacking: day, platform, sku, qty, due
    (fen), orders, along (fen of what would have been ordered with it).
    """

    first: date
    last: date
    facts: dict[str, Facts]
    stock: pd.DataFrame
    purchases: pd.DataFrame
    lost: pd.DataFrame

    @property
    def label(self) -> str:
        """Return the last of the months, ``YYYY-MM``."""
        return f"{self.last:%Y-%m}"
