"""Refunds: which orders or lines come back, when, and what becomes of the application."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.merchant import Merchant

__all__ = ["sample_refunds"]

_DAY = 24 * 3600
_LATE = 8  # days after payment from which the goods have surely arrived
_BUSY = 1.5  # conversion factor above which a day is a burst
_BUSY_REFUNDS = 1.15


def sample_refunds(
    merchant: Merchant,
    platform: str,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    days: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row an application: order, row (of `lines`: the line, or the order's first), and its course.

    Columns: applied, resolved (naive local times), outcome (success, refused, exchange), whole (bool),
    returned (bool: goods come back), late (bool: after receipt), reason, goods and subsidy (fen asked back;
    subsidy goes to the payment service). `lines` are those of `platform`'s refundable units.
    """
    habits = merchant.refunds
    factor = np.array([p.refund for p in merchant.products])[lines["product"]]
    order = lines["order"].to_numpy()
    burst = days["cvr"].to_numpy()[orders["day"].to_numpy()[order]] >= _BUSY
    chance = merchant.platforms[platform].refund_share / (1 - habits.refused_share)
    paid = orders["paid"].to_numpy()[order]
    asked = rng.random(len(lines)) < chance * factor * np.where(burst, _BUSY_REFUNDS, 1.0)
    chosen = np.flatnonzero(asked & ~np.isnat(paid))
    delay = habits.first_day + (habits.last_day - habits.first_day) * rng.beta(*habits.shape, len(chosen))
    resolved = paid[chosen] + (delay * _DAY).astype("timedelta64[s]")
    waited = (rng.uniform(0.8, 4.5, len(chosen)) * _DAY).astype("timedelta64[s]")
    frame = pd.DataFrame({"order": order[chosen], "row": chosen})
    frame["applied"], frame["resolved"] = resolved - waited, resolved
    frame["outcome"] = _outcomes(merchant, platform, len(chosen), rng)
    frame["late"] = delay > _LATE
    frame["returned"] = frame["late"] & (rng.random(len(chosen)) >= habits.goods_kept_share)
    frame["reason"] = _reasons(merchant, len(chosen), rng)
    return _with_amounts(frame, lines, habits.partial_share, rng)


def _outcomes(merchant: Merchant, platform: str, count: int, rng: np.random.Generator) -> np.ndarray:
    exchange = merchant.refunds.exchange_share if platform == "douyin" else 0.0
    refused = merchant.refunds.refused_share
    return rng.choice(
        ["success", "refused", "exchange"], count, p=[1 - refused - exchange, refused, exchange]
    )


def _reasons(merchant: Merchant, count: int, rng: np.random.Generator) -> np.ndarray:
    share = np.array(list(merchant.refund_reasons.values()))
    return rng.choice(list(merchant.refund_reasons), count, p=share / share.sum())


def _with_amounts(
    frame: pd.DataFrame, lines: pd.DataFrame, partial_share: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Goods money as the buyer paid it; a part of it for some; nothing for an exchange."""
    whole = rng.random(len(frame)) >= partial_share
    share = np.where(whole, 1.0, rng.uniform(0.3, 0.7, len(frame)))
    share = np.where(frame["outcome"] == "exchange", 0.0, share)
    chosen = lines.iloc[frame["row"].to_numpy()].reset_index(drop=True)
    paid = chosen["due"] - chosen["platform"] - chosen["influencer"] - chosen["payment"]
    frame["whole"] = whole & (frame["outcome"] == "success")
    frame["goods"] = (paid * share).round().astype(int)
    frame["subsidy"] = (chosen["payment"] * share).round().astype(int)
    return frame
