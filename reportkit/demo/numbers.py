"""How each platform numbers orders, lines, refunds, items, variants and ledger entries.

Every function takes counts (whole numbers from 0; below 0 there is no such thing) and returns an Arrow array
of text of the same length, null where there is none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.project import Strict, load_model, read_yaml

__all__ = [
    "buyer_name",
    "campaign_id",
    "flow_id",
    "influencer_id",
    "item_id",
    "line_id",
    "order_id",
    "platform_sku_id",
    "refund_id",
]

_FILE = Path(__file__).with_name("numbers.yaml")


class Number(Strict):
    """One kind of number: `day` (a form of dates), `prefix`, then `first` + `step` × count."""

    first: int
    step: int
    prefix: str = ""
    day: str | None = None

    def written(self, counts: Any, more: Any = 0, times: Any = None) -> pa.Array:
        """Write the numbers of `counts`, `more` beyond each; `times` (of the order) where a day is in it."""
        place = np.asarray(counts, dtype=np.int64)
        digits = pa.array(self.first + self.step * place + np.asarray(more), mask=place < 0)
        text = digits.cast(pa.string())
        parts = [self._days(times)] if self.day else []
        parts += [pa.scalar(self.prefix)] if self.prefix else []
        return pc.binary_join_element_wise(*parts, text, "") if parts else text

    def _days(self, times: Any) -> pa.Array:
        """The day of each time, written once a day that occurs."""
        if times is None:
            raise ValueError("these numbers begin with the day of the order: give its times")
        days = np.asarray(times, dtype="datetime64[D]")
        distinct, place = np.unique(days, return_inverse=True)
        return pa.array([day.strftime(self.day) for day in distinct.tolist()], pa.string()).take(
            pa.array(place)
        )


class Numbers(Strict):
    """One platform's entry of ``numbers.yaml``."""

    order: Number
    line: bool = False
    refund: Number
    item: Number
    sku: Number
    flow: Number
    campaign: Number
    influencer: Number
    buyer: Number


@cache
def _numbers() -> dict[str, Numbers]:
    data = read_yaml(_FILE)
    return {name: load_model(Numbers, body, f"{_FILE.name}: {name}") for name, body in data.items()}


def order_id(platform: str, serial: Any, created: Any = None) -> pa.Array:
    """Number orders by their `serial`; `created` are their times, needed where the number holds the day."""
    return _numbers()[platform].order.written(serial, times=created)


def line_id(platform: str, serial: Any, line: Any) -> pa.Array:
    """Number the `line` (0, 1 …) of orders; all null on a platform whose files number no lines."""
    numbers = _numbers()[platform]
    if not numbers.line:
        return pa.nulls(len(np.asarray(serial)), pa.string())
    return numbers.order.written(serial, more=line)


def refund_id(platform: str, refund: Any) -> pa.Array:
    """Number refunds."""
    return _numbers()[platform].refund.written(refund)


def item_id(platform: str, product: Any) -> pa.Array:
    """Number products, given their places in the catalogue."""
    return _numbers()[platform].item.written(product)


def platform_sku_id(platform: str, sku: Any) -> pa.Array:
    """Number variants, given their places in the catalogue."""
    return _numbers()[platform].sku.written(sku)


def flow_id(platform: str, flow: Any) -> pa.Array:
    """Number the entries of a ledger."""
    return _numbers()[platform].flow.written(flow)


def campaign_id(platform: str, scene: Any) -> pa.Array:
    """Number advertising plans, one a scene, given their places among the platform's scenes."""
    return _numbers()[platform].campaign.written(scene)


def influencer_id(platform: str, influencer: Any) -> pa.Array:
    """Number influencers."""
    return _numbers()[platform].influencer.written(influencer)


def buyer_name(platform: str, buyer: Any) -> pa.Array:
    """Name buyers as the platform's files do; what stands in the lake is a keyed hash of it."""
    return _numbers()[platform].buyer.written(buyer)
