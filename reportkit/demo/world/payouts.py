"""Payouts: what each platform pays for a line once its order is complete, and takes back for a later refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from reportkit.demo.world.aftersales import coded
from reportkit.demo.world.habits import Fees, PayoutHabits
from reportkit.demo.world.refunds import LINES_AT_MOST

__all__ = ["COSTS", "KINDS", "Gap", "sample_payouts"]

KINDS = ["sale", "refund"]
COSTS = ["commission", "service", "influencer_fee", "insurance", "payment_fee"]

_SALE, _REFUND = range(2)
_BORNE = ["platform", "influencer", "payment"]
_OF_LINE = ["serial", "line", "product", "sku"]
_OF_ORDER = ["created", "paid", "completed"]


@dataclass(frozen=True)
class Gap:
    """Of what `platform` pays out from `first` to `last`, a `share` of sales falls short by `short` of what is due."""

    platform: str
    first: date
    last: date
    share: float
    short: float

    def covers(self, at: np.ndarray) -> np.ndarray:
        """Tell which times lie inside."""
        return np.asarray((at >= np.datetime64(self.first)) & (at < np.datetime64(self.last) + 1))


def sample_payouts(
    habits: PayoutHabits,
    platform: str,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    rng: np.random.Generator,
    gap: Gap | None = None,
) -> pd.DataFrame:
    """Return every payout of these orders, whenever it comes, sales before refunds.

    `orders` and `lines` as `sample_refunds` leaves them. Columns: flow (number), serial, line, product, sku, at,
    kind, due, freight, platform, influencer, payment (fen; a refund's negative), the COSTS (positive; negative
    where they are given back), net (due + freight − costs − short), short (fen missing), created, paid,
    completed, and refund (number; -1 for a sale).
    """
    fees = habits.platforms[platform]
    at = _settled(fees, orders, rng)
    insured = rng.random(len(orders)) < fees.insurance.share
    order = lines["order"].to_numpy()
    done = (lines["outcome"] == "success").to_numpy()
    later = done & (lines["resolved"].to_numpy() >= at[order])
    before = done & ~later
    settled = np.flatnonzero(~np.isnat(at[order]) & ~(before & lines["whole"].to_numpy()))
    back = _back(lines)
    sales = _amounts(lines, settled) - back.iloc[settled].reset_index(drop=True) * before[settled, None]
    first = np.diff(order[settled], prepend=-1) != 0
    sales["freight"] = np.where(first, orders["freight"].to_numpy()[order[settled]], 0)
    costs = _costs(fees, sales["due"], sales["freight"], orders["influencer"].to_numpy()[order[settled]])
    costs["insurance"] = np.where(first & insured[order[settled]], round(100 * fees.insurance.fee), 0)
    sale = _rows(orders, lines, settled, at[order[settled]], _SALE, sales, costs)
    sale["short"] = _short(gap, platform, sale, rng)
    returned = np.flatnonzero(later[settled])
    refund = _refunds(
        habits, fees, orders, lines, settled[returned], back, sales.iloc[returned], costs.iloc[returned]
    )
    frame = pd.concat([sale, refund], ignore_index=True)
    frame["net"] = frame["due"] + frame["freight"] - frame[COSTS].sum(axis=1) - frame["short"]
    return frame


def _settled(fees: Fees, orders: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """When each order is paid out: so many days after it is complete, in the hours of the platform's run."""
    day = orders["completed"].to_numpy().astype("datetime64[D]") + fees.days
    seconds = (rng.uniform(*fees.hours, len(orders)) * 3600).astype("timedelta64[s]")
    return np.asarray(day.astype("datetime64[s]") + seconds)


def _amounts(lines: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    return lines[["due", *_BORNE]].iloc[rows].reset_index(drop=True).astype("int64")


def _back(lines: pd.DataFrame) -> pd.DataFrame:
    """What a line's refund takes back of due and of what others bore: all, or each in the same part."""
    paid = (lines["due"] - lines["platform"] - lines["influencer"] - lines["payment"]).to_numpy()
    goods, whole = lines["back_goods"].to_numpy(), lines["whole"].to_numpy()
    part = np.where(whole, 1.0, np.divide(goods, paid, out=np.zeros(len(lines)), where=paid > 0))
    back = pd.DataFrame({name: (lines[name].to_numpy() * part).round().astype("int64") for name in _BORNE})
    back.insert(0, "due", goods + back.sum(axis=1))
    return back


def _costs(fees: Fees, due: pd.Series, freight: pd.Series, influencer: np.ndarray) -> pd.DataFrame:
    """What the platform takes of goods and freight, in whole fen; an influencer's share is of the goods."""
    base = due + freight
    taken = {
        "commission": base * fees.commission,
        "service": base * fees.service,
        "influencer_fee": due * np.where(influencer >= 0, fees.influencer, 0.0),
        "insurance": base * 0.0,
        "payment_fee": base * fees.payment,
    }
    return pd.DataFrame({name: amount.round().astype("int64") for name, amount in taken.items()})


def _refunds(
    habits: PayoutHabits,
    fees: Fees,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    rows: np.ndarray,
    back: pd.DataFrame,
    sales: pd.DataFrame,
    costs: pd.DataFrame,
) -> pd.DataFrame:
    """What is taken back of `sales`, and of their `costs` what would not have been taken of the rest."""
    taken = back.iloc[rows].reset_index(drop=True)
    freight = sales["freight"].reset_index(drop=True)
    left = sales["due"].reset_index(drop=True) - taken["due"]
    influencer = orders["influencer"].to_numpy()[lines["order"].to_numpy()[rows]]
    given = _costs(fees, left, freight, influencer) - costs.reset_index(drop=True)
    given[habits.kept] = 0
    amounts = (-taken).assign(freight=0)
    frame = _rows(orders, lines, rows, lines["resolved"].to_numpy()[rows], _REFUND, amounts, given)
    return frame.assign(short=0)


def _rows(
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    rows: np.ndarray,
    at: np.ndarray,
    kind: int,
    amounts: pd.DataFrame,
    costs: pd.DataFrame,
) -> pd.DataFrame:
    some = lines.iloc[rows].reset_index(drop=True)
    its = orders[_OF_ORDER].iloc[some["order"].to_numpy()].reset_index(drop=True)
    flow = 2 * (LINES_AT_MOST * some["serial"] + some["line"]) + kind
    frame = pd.concat([flow.rename("flow"), some[_OF_LINE]], axis=1).assign(at=at)
    frame["kind"] = coded(np.full(len(rows), kind), KINDS)
    frame = pd.concat([frame, amounts, costs, its], axis=1)
    frame["refund"] = some["refund"] if kind == _REFUND else -1
    return frame


def _short(gap: Gap | None, platform: str, sales: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Fen missing of each sale; drawn whether or not there is a gap, so that nothing else changes with it."""
    drawn = rng.random(len(sales))
    if gap is None or gap.platform != platform:
        return np.zeros(len(sales), "int64")
    hit = gap.covers(sales["at"].to_numpy()) & (drawn < gap.share)
    return np.where(hit, (sales["due"] * gap.short).round(), 0).astype("int64")
