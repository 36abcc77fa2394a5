"""Pinduoduo's ledger of the shop's account, 账单明细: the file, and its rows in the schema's words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.cells import moments, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import order_id
from reportkit.demo.world import Facts, World

__all__ = ["REPORTS", "entries"]

_ID = "pdd"
# The parts of a payout in the order of the ledger: what kind of entry each is, and what kind of fee.
_PARTS = {
    "paid": ("货款", None),
    "subsidy": ("补贴", None),
    "service": ("扣费", "技术服务费"),
    "promoter": ("扣费", "达人佣金"),
    "insurance": ("扣费", "运费险"),
}


def bill(span: Span) -> Frame:
    """Return one row an entry: what came in, or what went out with its sign."""
    rows = _entries(span.facts.payouts)
    amount = rows["amount"].to_numpy()
    written = yuan(amount)
    return {
        "number": order_id(_ID, rows["serial"], rows["created"]),
        "at": moments(rows["at"]),
        "in": pc.if_else(pa.array(amount > 0), written, ""),
        "out": pc.if_else(pa.array(amount < 0), written, ""),
        "kind": pa.array(rows["kind"], pa.string()),
        "entry": pa.array(rows["entry"], pa.string()),
    }


REPORTS = (Report("pdd/bill", bill),)


def entries(world: World, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the rows of ``settlements`` and ``fees`` that the ledger brings, in the schema's words.

    Money is whole fen, times are naive local ones.
    """
    rows = _entries(facts.payouts)
    amount, told = rows["amount"].to_numpy(), rows["part"].astype(str)
    order = order_id(_ID, rows["serial"], rows["created"]).to_pandas()
    day, fee = rows["at"].dt.normalize(), told.map({part: fee for part, (_, fee) in _PARTS.items()})
    goods = fee.isna().to_numpy()
    kind = told.map({part: kind for part, (kind, _) in _PARTS.items()})
    settlements = pd.DataFrame(
        {
            "settle_date": day,
            "settled_at": rows["at"],
            "platform_order_id": order,
            "entry_raw": rows["entry"],
            "entry_std": kind.mask((told == "paid") & (amount < 0), "退款"),
            "gross_amt": np.where(goods, amount, 0),
            "deductions": np.where(goods, 0, -amount),
            "settled_amt": amount,
        }
    )
    fees = pd.DataFrame(
        {
            "date": day,
            "platform_order_id": order,
            "fee_type": fee,
            "fee_raw": rows["entry"],
            "amount": -amount,
        }
    )
    return {"settlements": settlements, "fees": fees[~goods].reset_index(drop=True)}


def _entries(payouts: pd.DataFrame) -> pd.DataFrame:
    """Return one row an entry that is not zero, in the order of the payouts.

    Columns: at, serial, created, part, kind and entry (its words), amount (fen; what it does to the balance).
    What is missing from a payout is missing from what the buyer paid.
    """
    service = payouts["commission"] + payouts["service"] + payouts["payment_fee"]
    costs = np.column_stack([service, payouts["influencer_fee"], payouts["insurance"]])
    subsidy = (payouts["platform"] + payouts["influencer"] + payouts["payment"]).to_numpy()
    paid = payouts["net"].to_numpy() + costs.sum(axis=1) - subsidy
    amounts = np.column_stack([paid, subsidy, -costs])
    row, part = np.nonzero(amounts)
    say = layouts()["pdd/bill"].words
    back = (payouts["kind"] == "refund").to_numpy()[row].astype(int)
    named = np.array([[say[kind][part] for part in _PARTS] for kind in ("sale", "refund")], dtype=object)
    return pd.DataFrame(
        {
            **{name: payouts[name].to_numpy()[row] for name in ("at", "serial", "created")},
            "part": pd.Categorical.from_codes(part, categories=pd.Index(list(_PARTS))),
            "kind": named[back, part, 0],
            "entry": named[back, part, 1],
            "amount": amounts[row, part],
        }
    )
