"""Purchase orders: when the merchant reorders, how much, and when the goods arrive."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from reportkit.demo.world.catalogue import Catalogue
from reportkit.demo.world.merchant import StockHabits
from reportkit.demo.world.troubles import Troubles

__all__ = ["Purchasing"]

_AHEAD = 75  # days before a planted stock-out from which deliveries may be late
_UNTOUCHED = 30  # days before it from which what buyers send back is not put on sale again
_SPREAD = 2  # days over which what was late arrives
_COLUMNS = ["po", "sku", "supplier", "qty", "received_qty", "ordered", "promised", "received"]


class Purchasing:
    """Orders of suppliers, planned with `expected` sales (D, S): the merchant knows seasons and promotions only.

    `opening` (S) are the pieces in stock at the start; `ordered` and `received` (D, S) pieces by day.
    """

    def __init__(
        self,
        habits: StockHabits,
        catalogue: Catalogue,
        troubles: Troubles,
        days: np.ndarray,
        expected: np.ndarray,
        seed: int,
    ) -> None:
        self._habits, self._days, self._seed = habits, days, seed
        self._skus = catalogue.skus.to_dict("list")
        self._sku = np.arange(expected.shape[1])
        self._moq = catalogue.skus["moq"].to_numpy()
        self._upto = np.vstack([np.zeros(len(self._sku)), np.cumsum(expected, axis=0)])
        lead = catalogue.skus["lead_time"] + 3 * catalogue.skus["lead_time_sd"]
        self._horizon = np.ceil(lead.to_numpy() + habits.review + habits.safety).astype("int64")
        need = self._upto[self._horizon + habits.review, self._sku]
        self.opening = np.ceil(need + self._spare(need)).astype("int64")
        self.ordered, self.received = np.zeros(expected.shape, "int64"), np.zeros(expected.shape, "int64")
        self._coming = np.zeros(len(self._sku), "int64")
        self._available = self.opening
        self._rows: list[tuple[object, ...]] = []
        self._late = self._stockouts(catalogue, troubles)
        for sku, first, _ in self._late:
            if first <= _AHEAD:
                self.opening[sku] = min(self.opening[sku], int(self._upto[first, sku]))
        self._glut = self._overbought(catalogue, troubles)

    def _spare(self, units: np.ndarray) -> np.ndarray:
        return np.asarray(self._habits.deviations * np.sqrt(units) + 2)

    def _place(self, day: date) -> int:
        return int((np.datetime64(day) - self._days[0].astype("datetime64[D]")).astype("int64"))

    def _stockouts(self, catalogue: Catalogue, troubles: Troubles) -> list[tuple[int, int, int]]:
        """Return SKU, first and last day (places) of every planted stock-out."""
        found = [
            (code, self._place(one.first), self._place(one.last))
            for one in troubles.stockouts
            for code in one.skus
        ]
        return [
            (catalogue.place(code), first, last)
            for code, first, last in found
            if 0 <= first < len(self._days)
        ]

    def _overbought(self, catalogue: Catalogue, troubles: Troubles) -> tuple[int, int, int] | None:
        if (glut := troubles.overbought) is None:
            return None
        sku, day = catalogue.place(glut.sku), self._place(glut.ordered)
        return day, sku, int(np.ceil(self._upto[-1, sku] / len(self._days) * glut.days))

    def review(self, day: int, available: np.ndarray) -> None:
        """Order at the end of `day` (place), with `available` pieces (S) in stock."""
        self._coming -= self.received[day]
        self._available = available
        if self._glut and day == self._glut[0]:
            self._order(day, *self._glut[1:])
        until = np.minimum(day + 1 + self._horizon, len(self._upto) - 1)
        need = self._upto[until, self._sku] - self._upto[day + 1]
        missing = need + self._spare(need) - available - self._coming
        due = ((day + self._sku) % self._habits.review == 0) & (missing >= self._moq)
        for sku in np.flatnonzero(due):
            self._order(day, int(sku), int(np.ceil(missing[sku] / self._moq[sku]) * self._moq[sku]))

    def _order(self, day: int, sku: int, qty: int) -> None:
        mean, deviation = float(self._skus["lead_time"][sku]), float(self._skus["lead_time_sd"][sku])
        rng = np.random.default_rng([self._seed, day, sku])
        lead = max(2, round(rng.gamma((mean / deviation) ** 2, deviation**2 / mean)))
        for part, arrives in self._arrivals(day, sku, qty, day + lead):
            self.ordered[day, sku] += part
            self._coming[sku] += part
            if arrives < len(self._days):
                self.received[arrives, sku] += part
            told = (self._skus["supplier"][sku], part, part, day, day + round(mean), arrives)
            self._rows.append((len(self._rows) + 1, sku, *told))

    def _arrivals(self, day: int, sku: int, qty: int, arrives: int) -> list[tuple[int, int]]:
        """Return how much comes when: what would prevent a planted stock-out comes after it."""
        for late, first, last in self._late:
            if late == sku and first - _AHEAD <= arrives <= last:
                there = self._available[sku] + self.received[day + 1 : max(first, arrives) + 1, sku].sum()
                wanted = self._upto[max(first, day + 1), sku] - self._upto[day + 1, sku]
                fits = min(qty, max(0, int(wanted - there)) // self._moq[sku] * self._moq[sku])
                parts = [(fits, arrives), (qty - fits, last + 1 + len(self._rows) % _SPREAD)]
                return [(part, at) for part, at in parts if part]
        return [(qty, arrives)]

    def postponed(self, day: np.ndarray, sku: np.ndarray) -> np.ndarray:
        """Return when goods sent back go on sale again, `day` but where a stock-out is planted; -1 stays."""
        for late, first, last in self._late:
            day = np.where((sku == late) & (day >= first - _UNTOUCHED) & (day <= last), last + 1, day)
        return day

    def table(self, first: int, last: int) -> pd.DataFrame:
        """Return the purchase orders of these days: po, sku, supplier, qty, received_qty, ordered, promised, received."""
        frame = pd.DataFrame(self._rows, columns=_COLUMNS)
        frame = frame[frame["ordered"].between(first, last)].reset_index(drop=True)
        for name in ("ordered", "promised", "received"):
            frame[name] = self._days[0] + (frame[name].astype("int64") * 86400).to_numpy().astype(
                "timedelta64[s]"
            )
        return frame
