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
    base: pd.DataFrame = settlements[["settle_date", "platform_order_id"]].set_axis(
        ["date", "platform_order_id"], axis=1
    )
    parts = [
        base.assign(fee_type=kind, fee_raw=raw, amount=amount)[amount != 0]
        for (kind, raw), amount in amounts.items()
    ]
    fees: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return fees
