"""Douyin's ledger of the shop's account, 动账明细: the file, and its rows in the schema's words.

A sale is one entry, its fees taken off before it came in. When goods come back after that, money goes out to the
buyer and, for what others bore, to them; the fees come in again. Insurance is an entry of its own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from reportkit.demo.files.bills import fee_rows
from reportkit.demo.files.cells import grouped, moments, words, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import flow_id, item_id, line_id, order_id
from reportkit.demo.world import Facts, World

__all__ = ["REPORTS", "entries"]

_ID = "douyin"
_SCENES = ("sale", "user", "subsidy", "shares", "insurance")
_KIND = {"sale": "货款", "user": "退款", "subsidy": "退款", "shares": "扣费", "insurance": "扣费"}
_WITH_FEES = ("sale", "shares")
_BEARERS = ("platform", "influencer", "payment")


def funds(span: Span) -> Frame:
    """Return one row an entry. Amounts stand without a sign beside their direction, fees with what they do to it."""
    say, rows, catalogue = layouts()["douyin/funds"].words, _entries(span.facts.payouts), span.world.catalogue
    amount, sold = rows["amount"].to_numpy(), (rows["scene"] == "sale").to_numpy()
    borne = rows[list(_BEARERS)].sum(axis=1)
    return {
        "at": moments(rows["at"]),
        "flow": flow_id(_ID, rows["flow"]),
        "direction": words(amount < 0, {"True": say["direction"]["out"], "False": say["direction"]["in"]}),
        "amount": grouped(np.abs(amount)),
        "scene": words(rows["scene"], say["scene"]),
        "line_number": line_id(_ID, rows["serial"], rows["line"]),
        "number": order_id(_ID, rows["serial"]),
        "created": moments(rows["created"]),
        "item": item_id(_ID, rows["product"]),
        "title": pa.array(catalogue.products["title"].take(rows["product"].to_numpy()), pa.string()),
        "paid_amount": yuan(np.where(sold, rows["due"] - borne, 0)),
        "freight": yuan(np.where(sold, rows["freight"], 0)),
        **{name: yuan(np.where(sold, rows[name], 0)) for name in _BEARERS},
        "service": yuan(-rows["service"]),
        "commission": yuan(-rows["commission"]),
    }


REPORTS = (Report("douyin/funds", funds),)


def entries(world: World, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the rows of ``settlements`` and ``fees`` that the ledger brings, in the schema's words.

    Money is whole fen, times are naive local ones.
    """
    rows, say = _entries(facts.payouts), layouts()["douyin/funds"].words["scene"]
    amount, scene = rows["amount"].to_numpy(), rows["scene"].astype(str)
    fees = rows["service"].to_numpy() + rows["commission"].to_numpy()
    deductions = np.where(scene == "insurance", -amount, fees)
    settlements = pd.DataFrame(
        {
            "settle_date": rows["at"].dt.normalize(),
            "settled_at": rows["at"],
            "flow_id": flow_id(_ID, rows["flow"]).to_pandas(),
            "platform_order_id": order_id(_ID, rows["serial"]).to_pandas(),
            "platform_line_id": line_id(_ID, rows["serial"], rows["line"]).to_pandas(),
            "entry_raw": scene.map(say),
            "entry_std": scene.map(_KIND),
            "gross_amt": amount + deductions,
            "deductions": deductions,
            "settled_amt": amount,
        }
    )
    named = {
        ("技术服务费", "平台服务费"): rows["service"].to_numpy(),
        ("达人佣金", "佣金"): rows["commission"].to_numpy(),
        ("运费险", say["insurance"]): np.where(scene == "insurance", -amount, 0),
    }
    return {"settlements": settlements, "fees": fee_rows(settlements, named)}


def _entries(payouts: pd.DataFrame) -> pd.DataFrame:
    """Return one row an entry that is not zero, in the order of the payouts.

    Columns: those of the payout (at, created, serial, line, product, due, freight and who bore what), flow (a
    number for each entry), scene, amount (fen; what it does to the balance), and the fees of entries that tell
    them: service (what the platform takes) and commission (what the influencer gets), fen, positive where they cost.
    """
    service = payouts["commission"] + payouts["service"] + payouts["payment_fee"]
    fees = np.column_stack([service, payouts["influencer_fee"]])
    insurance = payouts["insurance"].to_numpy()
    gross = payouts["net"].to_numpy() + fees.sum(axis=1) + insurance
    sold = (payouts["kind"] == "sale").to_numpy()
    borne = payouts[list(_BEARERS)].sum(axis=1).to_numpy()
    back = [gross - borne, borne, -fees.sum(axis=1)]
    amounts = np.column_stack(
        [np.where(sold, gross - fees.sum(axis=1), 0), *(np.where(sold, 0, part) for part in back), -insurance]
    )
    row, scene = np.nonzero(amounts)
    kept = ["at", "created", "serial", "line", "product", "due", "freight", *_BEARERS]
    told = np.isin(scene, [_SCENES.index(name) for name in _WITH_FEES])[:, None] * fees[row]
    return (
        payouts[kept]
        .take(row)
        .assign(
            flow=payouts["flow"].to_numpy()[row] * len(_SCENES) + scene,
            scene=pd.Categorical.from_codes(scene, categories=pd.Index(_SCENES)),
            amount=amounts[row, scene],
            service=told[:, 0],
            commission=told[:, 1],
        )
        .reset_index(drop=True)
    )
