"""Fees of a settlement file as rows of the table ``fees``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

__all__ = ["fee_rows"]


def fee_rows(settlements: pd.DataFrame, amounts: Mapping[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Return one row a fee that is not zero, in the schema's words.

    `settlements` has ``settle_date`` and ``platform_order_id``; `amounts` maps (fee_type, fee_raw) to fen, one a
    row of `settlements`, positive where it is a cost.
    """
    kinds, raws = zip(*amounts, strict=True)
    amount = np.stack(list(amounts.values()))
    which, row = amount.nonzero()
    base = settlements[["settle_date", "platform_order_id"]].take(row)
    return pd.DataFrame(
        {
            "date": base["settle_date"].array,
            "platform_order_id": base["platform_order_id"].array,
            "fee_type": pd.array(kinds, "str").take(which),
            "fee_raw": pd.array(raws, "str").take(which),
            "amount": amount[which, row],
        }
    )
