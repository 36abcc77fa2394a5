"""JD's settlement, one row an order, product and fee: the file, and its rows in the schema's words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from reportkit.demo.files.cells import dates, moments, texts, words, yuan
from reportkit.demo.files.figures import picked
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import flow_id, item_id, order_id
from reportkit.demo.world import Facts, World

__all__ = ["REPORTS", "entries"]

_ID = "jd"
# What is told apart, in the order of the file: goods and freight, and what each fee is to the schema.
_FEES = {
    "commission": "平台扣点",
    "service": "技术服务费",
    "influencer_fee": "其他",
    "insurance": "运费险",
    "payment_fee": "支付手续费",
}
_PARTS = ("due", "freight", *_FEES)


def settlement(span: Span) -> Frame:
    """Return one row an entry; what is taken off is negative."""
    say, rows = layouts()["jd/settlement"].words, _entries(span.facts.payouts)
    day = dates(rows["at"], "%Y%m%d")
    return {
        "number": order_id(_ID, rows["serial"]),
        "completed": moments(rows["completed"]),
        "item": item_id(_ID, rows["product"]),
        "title": picked(span.world.catalogue.products["title"], rows["product"]),
        "at": moments(rows["at"]),
        "flow": flow_id(_ID, rows["flow"]),
        "remark": pc.binary_join_element_wise(dates(rows["at"]), say["remark"], ""),
        "entry": texts(rows["entry"]),
        "direction": words(rows["amount"] > 0, say["direction"]),
        "amount": yuan(rows["amount"]),
        "kind": words(rows["kind"], say["kind"]),
        "bill": pc.binary_join_element_wise(say["bill"], day, ""),
    }


REPORTS = (Report("jd/settlement", settlement),)


def entries(world: World, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the rows of ``settlements`` and ``fees`` that the settlement brings, in the schema's words.

    Money is whole fen, times are naive local ones.
    """
    rows = _entries(facts.payouts)
    amount, part = rows["amount"].to_numpy(), rows["part"].astype(str)
    goods = ~part.isin(_FEES).to_numpy()
    order = order_id(_ID, rows["serial"]).to_pandas()
    day = rows["at"].dt.normalize()
    settlements = pd.DataFrame(
        {
            "settle_date": day,
            "settled_at": rows["at"],
            "platform_order_id": order,
            "entry_raw": rows["entry"].astype(str),
            "entry_std": np.select(
                [~goods, amount < 0, (part == "freight").to_numpy()], ["扣费", "退款", "运费"], "货款"
            ),
            "gross_amt": np.where(goods, amount, 0),
            "deductions": np.where(goods, 0, -amount),
            "settled_amt": amount,
        }
    )
    fees = pd.DataFrame(
        {
            "date": day,
            "platform_order_id": order,
            "fee_type": part.map(_FEES),
            "fee_raw": settlements["entry_raw"],
            "amount": -amount,
        }
    )
    return {"settlements": settlements, "fees": fees[~goods].reset_index(drop=True)}


def _entries(payouts: pd.DataFrame) -> pd.DataFrame:
    """Return one row an entry that is not zero, in the order of the payouts.

    Columns: at, serial, product, flow, completed, kind, part, entry (its word), amount (fen; what it does to the
    balance).
    """
    costs = payouts[list(_FEES)].to_numpy()
    freight = payouts["freight"].to_numpy()
    goods = payouts["net"].to_numpy() + costs.sum(axis=1) - freight
    amounts = np.column_stack([goods, freight, -costs])
    row, part = np.nonzero(amounts)
    named = pd.Categorical.from_codes(part, categories=pd.Index(_PARTS))
    say = layouts()["jd/settlement"].words["entry"]
    chosen = (
        payouts[["at", "serial", "product", "flow", "completed", "kind"]].take(row).reset_index(drop=True)
    )
    return chosen.assign(part=named, entry=named.rename_categories(say), amount=amounts[row, part])
