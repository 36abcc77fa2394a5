"""Who buys: buyers in order of appearance, and those who come back."""

from __future__ import annotations

import numpy as np

from reportkit.demo.world.merchant import Repurchase

__all__ = ["Buyers"]


class Buyers:
    """The buyers of one platform: for every order so far, who placed it.

    Buyers are numbered from 0 on; the first are those of the `history` days before the start, with `rate`
    new buyers a day.
    """

    def __init__(self, habits: Repurchase, repeat: float, days: int, history: int, rate: float) -> None:
        self._habits, self._repeat = habits, repeat
        self._history, self._rate = history, rate
        self._of_order = np.zeros(1024, "int32")
        self._begins = np.zeros(days + 1, "int64")
        self._next = self.known_before = int(history * rate)

    def assign(self, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the buyer (int64) of each further order, `day` being its place in the calendar, ascending.

        Who comes back bought so many days before, where there was an order on that day.
        """
        if not len(day):
            return np.empty(0, "int64")
        start = self._extend(day)
        habits = self._habits
        gap = np.exp(rng.normal(np.log(habits.median), habits.sigma, len(day))).round().clip(1, habits.most)
        target = np.where(rng.random(len(day)) < self._repeat, day - gap.astype("int64"), day)
        drawn = rng.random(len(day))
        before = np.maximum(target, 0)
        there = self._begins[before + 1] - self._begins[before]
        back = (target < day) & (target >= 0) & (there > 0)
        parent = np.where(
            back, self._begins[before] + (drawn * there).astype("int64"), start + np.arange(len(day))
        )
        older = target < 0
        buyer = np.where(older, ((self._history + target + drawn) * self._rate).astype("int64"), -1)
        first = ~back & ~older
        buyer[first] = self._next + np.arange(first.sum())
        self._next += int(first.sum())
        buyer = self._resolve(buyer, parent, start)
        self._of_order[start : start + len(day)] = buyer
        return buyer

    def _extend(self, day: np.ndarray) -> int:
        """Make room for orders on these days; return the place of the first of them."""
        start = int(self._begins[day[0]])
        counts = np.bincount(day - day[0])
        self._begins[day[0] + 1 :] = start + len(day)
        self._begins[day[0] + 1 : day[0] + 1 + len(counts)] = start + np.cumsum(counts)
        if start + len(day) > len(self._of_order):
            grown = np.zeros(2 * (start + len(day)), "int32")
            grown[: len(self._of_order)] = self._of_order
            self._of_order = grown
        return start

    def _resolve(self, buyer: np.ndarray, parent: np.ndarray, start: int) -> np.ndarray:
        """Follow each order to the one its buyer is taken from, within this lot and before it."""
        old = parent < start
        buyer[old] = self._of_order[parent[old]]
        root = np.where(old, np.arange(len(parent)), parent - start)
        while (root[root] != root).any():
            root = root[root]
        return buyer[root]
