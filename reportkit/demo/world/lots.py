"""A lot: one platform's orders of some months, with all that becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["Lot"]


@dataclass
class Lot:
    """Orders, lines and payouts as in Facts, and beside each order its `day` (place) and `channel` (place)."""

    day: np.ndarray
    channel: np.ndarray
    orders: pd.DataFrame
    lines: pd.DataFrame
    payouts: pd.DataFrame

    def keep(self, kept: np.ndarray) -> Lot:
        """Return the lot with the orders `kept` only."""
        if kept.all():
            return self
        lines = self.lines[kept[self.lines["order"].to_numpy()]].reset_index(drop=True)
        place = (np.cumsum(kept) - 1).astype("int32")
        lines["order"] = place[lines["order"].to_numpy()]
        gone = self.orders["serial"][~kept]
        payouts = self.payouts[~self.payouts["serial"].isin(gone)].reset_index(drop=True)
        orders = self.orders[kept].reset_index(drop=True)
        return Lot(self.day[kept], self.channel[kept], orders, lines, payouts)
