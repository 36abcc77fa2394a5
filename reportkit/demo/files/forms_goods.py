"""The books of goods: variants, stock counted every day, and purchase orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.demo.files.forms_habits import habits

if TYPE_CHECKING:
    from reportkit.demo.world import Stretch, World

__all__ = ["inventory", "purchase_orders", "skus"]

_COUNTS = ("on_hand", "available", "reserved", "in_transit", "defective")
_EVERYWHERE = "all"


def skus(world: World) -> pd.DataFrame:
    """Return what the ERP does not know of a variant: its season, how long it takes to have it again, and the least order."""
    known = world.catalogue.skus
    return pd.DataFrame(
        {
            "platform_id": _EVERYWHERE,
            "sku_id": known["code"],
            "season": known["season"],
            "lead_time_days": known["lead_time"].astype(float),
            "lead_time_sd": known["lead_time_sd"].astype(float),
            "moq": known["moq"],
        }
    )


def inventory(world: World, stretch: Stretch) -> pd.DataFrame:
    """Return the stock of every day and variant of `stretch`: pieces, fen a piece, days."""
    stock, known = stretch.stock, world.catalogue.skus
    return pd.DataFrame(
        {
            "platform_id": _EVERYWHERE,
            "date": stock["day"].to_numpy(),
            "warehouse": habits().warehouse,
            "sku_id": known["code"].to_numpy()[stock["sku"]],
            **{name: stock[name].to_numpy().astype(float) for name in _COUNTS},
            "unit_cost": known["cost"].to_numpy()[stock["sku"]],
            "oldest_receipt_date": stock["oldest_receipt"].to_numpy(),
        }
    )


def purchase_orders(world: World, stretch: Stretch) -> pd.DataFrame:
    """Return the purchase orders of `stretch`; what is received after the world's end is still on its way."""
    bought, known = stretch.purchases, world.catalogue.skus
    arrived = (bought["received"] <= pd.Timestamp(world.cutoff)).to_numpy()
    return pd.DataFrame(
        {
            "platform_id": _EVERYWHERE,
            "po_id": [habits().po.format(number) for number in bought["po"]],
            "sku_id": known["code"].to_numpy()[bought["sku"]],
            "supplier": bought["supplier"].astype(str).to_numpy(),
            "qty": bought["qty"].to_numpy().astype(float),
            "received_qty": np.where(arrived, bought["received_qty"], 0).astype(float),
            "ordered_date": bought["ordered"].dt.normalize().to_numpy(),
            "promised_date": bought["promised"].dt.normalize().to_numpy(),
            "received_date": bought["received"].where(arrived).dt.normalize().to_numpy(),
        }
    )
