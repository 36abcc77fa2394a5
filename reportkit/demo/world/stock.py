"""The warehouse: sales of all platforms draw it down, purchase orders refill it, returns come back to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reportkit.demo.world.aftersales import coded
from reportkit.demo.world.calendar import places
from reportkit.demo.world.catalogue import Catalogue
from reportkit.demo.world.lots import Lot
from reportkit.demo.world.merchant import Merchant
from reportkit.demo.world.purchasing import Purchasing
from reportkit.demo.world.troubles import Troubles

__all__ = ["Warehouse"]

_FAULT = "质量问题"  # goods sent back for this are written off
_MANY = 2**32  # more than a platform has orders in a lot
_NEVER = np.datetime64("NaT", "s")


class Warehouse:
    """One warehouse for every platform. Tables are (D, S): days of the calendar, SKUs by place; pieces.

    What comes back counts as defective until it is inspected: then it is on sale again or written off.
    """

    def __init__(
        self,
        merchant: Merchant,
        catalogue: Catalogue,
        troubles: Troubles,
        days: np.ndarray,
        expected: np.ndarray,
        seed: int,
    ) -> None:
        self._days, self._inspection = days, merchant.stock.inspection
        self.purchasing = Purchasing(merchant.stock, catalogue, troubles, days, expected, seed)
        self.opening = self.purchasing.opening
        self.sold, self.left, self.returned, self.inspected, self.restocked, self.available = (
            np.zeros(expected.shape, "int64") for _ in range(6)
        )

    def draw(
        self, first: int, last: int, lots: Mapping[str, Lot]
    ) -> tuple[dict[str, np.ndarray], pd.DataFrame]:
        """Pass the days from `first` to `last` (places) of the calendar.

        Return by platform which orders can be delivered, and what could not, one row a day, platform and SKU
        that was lacking: day, platform, sku, qty, due (fen), orders, along (fen of what was ordered with it).
        Orders are served in the order of their time; one that lacks anything is not placed at all.
        """
        for lot in lots.values():
            self._note(lot.orders, lot.lines, 1)
        demand = _demand(lots)
        kept, lacking = np.ones(len(demand), bool), np.zeros(len(demand), bool)
        bounds = np.searchsorted(demand["day"].to_numpy(), np.arange(first, last + 2))
        sku, qty = demand["sku"].to_numpy(), demand["qty"].to_numpy()
        drawn = np.where(demand["paid"], qty, 0)
        available = self.opening if first == 0 else self.available[first - 1]
        for day in range(first, last + 1):
            available = available + self.purchasing.received[day] + self.restocked[day]
            now = slice(*bounds[day - first : day - first + 2])
            if (np.bincount(sku[now], qty[now], len(available)) > available).any():
                lacking[now] = _lacking(sku[now], drawn[now], qty[now], available)
                kept[now] = ~demand["key"][now].isin(demand["key"][now][lacking[now]])
                self._forget(demand[now][~kept[now]], lots)
            self.sold[day] = np.bincount(sku[now], drawn[now] * kept[now], len(available))
            available = available - self.sold[day]
            self.available[day] = available
            self.purchasing.review(day, available)
        return _kept(lots, demand, kept), self._lost(demand, kept, lacking, list(lots))

    def _note(self, orders: pd.DataFrame, lines: pd.DataFrame, sign: int) -> None:
        """Note when the goods of these orders leave, and when those sent back arrive and are on sale again."""
        sku, qty = lines["sku"].to_numpy(), sign * lines["qty"].to_numpy().astype("int64")
        order = lines["order"].to_numpy()
        shipped, ended = orders["shipped"].to_numpy()[order], orders["ended"].to_numpy()[order]
        unsent = np.isnat(shipped) & ~np.isnat(ended)
        back = np.where(lines["outcome"] == "success", lines["returned"].to_numpy(), _NEVER)
        back = places(np.where(unsent, ended, back), self._days[0])
        amount = np.where(unsent, qty, sign * lines["back_qty"].to_numpy())
        again = np.where(back < 0, -1, back + self._inspection)
        good = unsent | (lines["reason"] != _FAULT).to_numpy()
        _add(self.left, places(np.where(unsent, ended, shipped), self._days[0]), sku, qty)
        _add(self.returned, back, sku, amount)
        _add(self.inspected, again, sku, amount)
        _add(self.restocked, self.purchasing.postponed(np.where(good, again, -1), sku), sku, amount)

    def _forget(self, rows: pd.DataFrame, lots: Mapping[str, Lot]) -> None:
        """Take back what was noted of orders that are not placed."""
        for place, lot in enumerate(lots.values()):
            gone = np.unique(rows["order"][rows["platform"] == place])
            if len(gone):
                lines = lot.lines[np.isin(lot.lines["order"].to_numpy(), gone)]
                self._note(lot.orders, lines, -1)

    def _lost(
        self, demand: pd.DataFrame, kept: np.ndarray, lacking: np.ndarray, platforms: list[str]
    ) -> pd.DataFrame:
        lost = demand[~kept & demand["paid"].to_numpy()]
        short = lacking[lost.index]
        first = short & ~lost["key"].where(short).duplicated().to_numpy()
        along = lost["due"].where(~short, 0).groupby(lost["key"]).transform("sum")
        frame = pd.DataFrame(
            {
                "day": self._days[lost["day"].to_numpy()],
                "platform": coded(lost["platform"].to_numpy(), platforms),
                "sku": lost["sku"].to_numpy(),
                "qty": lost["qty"].to_numpy().astype("int64"),
                "due": lost["due"].to_numpy(),
                "orders": first.astype("int64"),
                "along": along.where(first, 0).to_numpy(),
            }
        )
        lost = frame[short].groupby(["day", "platform", "sku"], as_index=False, observed=True).sum()
        return pd.DataFrame(lost)

    def table(self, first: int, last: int) -> pd.DataFrame:
        """Return the stock at the end of each of these days and of every SKU.

        Columns: day, sku, on_hand, available, reserved (ordered, not sent), in_transit (ordered of suppliers),
        defective (sent back, not inspected), oldest_receipt. On hand is available, reserved and defective.
        """
        inside, skus = slice(first, last + 1), len(self.opening)
        received = _upto(self.purchasing.received, last)[inside]
        reserved = (_upto(self.sold, last) - _upto(self.left, last))[inside]
        defective = (_upto(self.returned, last) - _upto(self.inspected, last))[inside]
        on_hand = self.available[inside] + reserved + defective
        columns = {
            "on_hand": on_hand,
            "available": self.available[inside],
            "reserved": reserved,
            "in_transit": _upto(self.purchasing.ordered, last)[inside] - received,
            "defective": defective,
            "oldest_receipt": self._oldest(received, on_hand, first, last),
        }
        frame = {
            "day": np.repeat(self._days[inside], skus),
            "sku": np.tile(np.arange(skus, dtype="int32"), last + 1 - first),
        }
        return pd.DataFrame(frame | {name: values.ravel() for name, values in columns.items()})

    def _oldest(self, received: np.ndarray, on_hand: np.ndarray, first: int, last: int) -> np.ndarray:
        """Return when the oldest piece on hand came, if the first to come is the first to go."""
        upto = self.opening + _upto(self.purchasing.received, last)
        gone = self.opening + received - on_hand
        found = [np.searchsorted(upto[:, sku], gone[:, sku], side="right") for sku in range(gone.shape[1])]
        return np.asarray(self._days[np.minimum(np.column_stack(found), np.arange(first, last + 1)[:, None])])


def _upto(table: np.ndarray, last: int) -> np.ndarray:
    return np.asarray(table[: last + 1].cumsum(axis=0))


def _add(table: np.ndarray, day: np.ndarray, sku: np.ndarray, amount: np.ndarray) -> None:
    near = (day >= 0) & (day < len(table))
    np.add.at(table, (day[near], sku[near]), amount[near])


def _demand(lots: Mapping[str, Lot]) -> pd.DataFrame:
    """Return the lines of every platform, oldest first: created, day, sku, qty, due, paid, platform, order, key."""
    parts = []
    for place, lot in enumerate(lots.values()):
        order = lot.lines["order"].to_numpy()
        part = {name: lot.lines[name].to_numpy() for name in ("sku", "qty", "due", "order")}
        part["created"] = lot.orders["created"].to_numpy()[order]
        part["day"], part["paid"] = lot.day[order], lot.orders["paid"].notna().to_numpy()[order]
        part["platform"] = np.full(len(order), place, "int8")
        part["key"] = place * _MANY + order.astype("int64")
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True).sort_values("created", kind="stable", ignore_index=True)


def _lacking(sku: np.ndarray, drawn: np.ndarray, wanted: np.ndarray, available: np.ndarray) -> np.ndarray:
    """Tell which lines of a day, oldest first, find too little of what was `available` that morning."""
    lacking = np.zeros(len(sku), bool)
    for one in np.flatnonzero(np.bincount(sku, wanted, len(available)) > available):
        lines = np.flatnonzero(sku == one)
        before = np.cumsum(drawn[lines]) - drawn[lines]
        lacking[lines] = before + wanted[lines] > available[one]
    return lacking


def _kept(lots: Mapping[str, Lot], demand: pd.DataFrame, kept: np.ndarray) -> dict[str, np.ndarray]:
    gone = demand[~kept]
    told = {}
    for place, (name, lot) in enumerate(lots.items()):
        told[name] = np.ones(len(lot.orders), bool)
        told[name][gone["order"][gone["platform"] == place]] = False
    return told
