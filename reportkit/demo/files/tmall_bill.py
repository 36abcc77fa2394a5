"""Tmall's ledger of what reached the shop, 聚合结算 收支明细: the file, and its rows in the schema's words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.files.cells import moments, texts, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import flow_id, order_id
from reportkit.demo.world import Facts, World

__all__ = ["REPORTS", "entries"]

_ID = "tmall"
# What is taken off, and what kind of fee it is; 淘宝客 is settled in files of its own, so it is none here.
_FEES = {
    "commission": "平台扣点",
    "service": "技术服务费",
    "influencer_fee": None,
    "insurance": "运费险",
    "payment_fee": "支付手续费",
}
_PARTS = ("goods", *_FEES)


def ledger(span: Span) -> Frame:
    """Return one row an entry: what came in, or what went out."""
    rows = _entries(span.facts.payouts)
    amount = rows["amount"].to_numpy()
    return {
        "at": moments(rows["at"]),
        "flow": flow_id(_ID, rows["flow"]),
        "number": order_id(_ID, rows["serial"]),
        "entry": texts(rows["entry"]),
        "in": yuan(np.maximum(amount, 0)),
        "out": yuan(np.maximum(-amount, 0)),
        "what": texts(rows["what"]),
    }


REPORTS = (Report("tmall/settlements", ledger),)


def entries(world: World, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the rows of ``settlements`` and ``fees`` that the ledger brings, in the schema's words.

    Money is whole fen, times are naive local ones.
    """
    rows = _entries(facts.payouts)
    goods, amount = (rows["part"] == "goods").to_numpy(), rows["amount"].to_numpy()
    order = order_id(_ID, rows["serial"]).to_pandas()
    day = rows["at"].dt.normalize()
    settlements = pd.DataFrame(
        {
            "settle_date": day,
            "settled_at": rows["at"],
            "flow_id": flow_id(_ID, rows["flow"]).to_pandas(),
            "platform_order_id": order,
            "entry_raw": rows["entry"].astype(str),
            "entry_std": np.select([~goods, amount < 0], ["扣费", "退款"], "货款"),
            "gross_amt": np.where(goods, amount, 0),
            "deductions": np.where(goods, 0, -amount),
            "settled_amt": amount,
        }
    )
    kind = rows["part"].astype(str).map(_FEES)
    fees = pd.DataFrame(
        {
            "date": day,
            "platform_order_id": order,
            "fee_type": kind,
            "fee_raw": settlements["entry_raw"],
            "amount": -amount,
        }
    )
    return {"settlements": settlements, "fees": fees[kind.notna()].reset_index(drop=True)}


def _entries(payouts: pd.DataFrame) -> pd.DataFrame:
    """Return one row an entry that is not zero, in the order of the payouts.

    Columns: at, serial, flow (a number for each entry), part, entry and what (its words), amount (fen; what it
    does to the balance).
    """
    costs = payouts[list(_FEES)].to_numpy()
    amounts = np.column_stack([payouts["net"].to_numpy() + costs.sum(axis=1), -costs])
    row, part = np.nonzero(amounts)
    say = layouts()["tmall/settlements"].words
    kind = (payouts["kind"] == "refund").to_numpy()[row].astype(int)
    named = np.array([[say[kind][part] for part in _PARTS] for kind in ("sale", "refund")], dtype=object)
    chosen = payouts.take(row)
    return pd.DataFrame(
        {
            "at": chosen["at"].to_numpy(),
            "serial": chosen["serial"].to_numpy(),
            "flow": chosen["flow"].to_numpy() * len(_PARTS) + part,
            "part": pd.Categorical.from_codes(part, categories=pd.Index(_PARTS)),
            "entry": named[kind, part, 0],
            "what": named[kind, part, 1],
            "amount": amounts[row, part],
        }
    )
