"""What is known of orders and refunds at the moment a file is exported."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from reportkit.demo.world import Trade

__all__ = ["happened", "order_states", "refund_states", "unit_refunds"]

_CANCELLED_AFTER = np.timedelta64(24 * 3600, "s")
_PRESALE_CANCELLED_AFTER = np.timedelta64(8 * 24 * 3600, "s")


def happened(times: pd.Series, first: date, last: date) -> pd.Series:
    """Tell which `times` fall on the days from `first` to `last`, both inside."""
    return times.between(pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=1), "left")


def refund_states(trade: Trade, as_of: datetime) -> pd.DataFrame:
    """Return the applications made by `as_of`, with `state`: requested, success, refused or exchange.

    `resolved` is NaT while a state is ``requested``; other columns as in sample_refunds.
    """
    seen = trade.refunds[trade.refunds["applied"] <= as_of].copy()
    seen["state"] = seen["outcome"].where(seen["resolved"] <= as_of, "requested")
    seen["resolved"] = seen["resolved"].where(seen["resolved"] <= as_of)
    return seen


def unit_refunds(trade: Trade, as_of: datetime) -> pd.DataFrame:
    """Return one row a refundable unit: state (none where nobody asked), goods given back (fen), ended.

    `ended` is when the whole unit was given back, else NaT.
    """
    seen = refund_states(trade, as_of).set_index("row").reindex(range(len(trade.refunded)))
    done = seen["state"] == "success"
    return pd.DataFrame(
        {
            "state": seen["state"].fillna("none"),
            "goods": seen["goods"].where(done, 0).astype(int),
            "ended": seen["resolved"].where(done & seen["whole"].fillna(False).astype(bool)),
        }
    )


def order_states(trade: Trade, order: pd.Series, ended: pd.Series, as_of: datetime) -> pd.DataFrame:
    """Return one row for every `order` (rows of the orders), whose goods came back whole at `ended`.

    Columns: state (unpaid, cancelled, paid, shipped, completed, refunded), created, paid, shipped,
    completed, cancelled, ended.
    """
    frame = trade.orders.iloc[order.to_numpy()].reset_index(drop=True)
    wait = np.where(frame["presale"], _PRESALE_CANCELLED_AFTER, _CANCELLED_AFTER)
    frame["cancelled"] = (frame["created"] + wait).where(frame["paid"].isna())
    frame["ended"] = ended.to_numpy()
    frame["completed"] = frame["completed"].where(~(frame["ended"] < frame["completed"]))
    known = ["paid", "shipped", "completed", "cancelled", "ended"]
    for column in known:
        frame[column] = frame[column].where(frame[column] <= as_of)
    # The last of these that has happened names the state.
    reached = [frame[column].notna() for column in ("ended", "completed", "shipped", "paid", "cancelled")]
    frame["state"] = np.select(reached, ["refunded", "completed", "shipped", "paid", "cancelled"], "unpaid")
    return frame
