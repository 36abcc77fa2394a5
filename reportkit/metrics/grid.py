"""The rows of an answer: every combination of dimension values, days complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.periods import Period, bucket
from reportkit.metrics.views import TIME
from reportkit.metrics.windows import Window

__all__ = ["Cells", "Grid", "buckets"]

_TIME_TYPE = "datetime64[us]"


@dataclass(frozen=True)
class Cells:
    """What one statement found for one request: key columns, value, n and rows in `found`.

    `index` is its key columns; `covered` the (platform, bucket) pairs with data, either part None
    where the question is not cut by it.
    """

    found: pd.DataFrame
    index: pd.Index
    covered: frozenset[tuple[str | None, date | None]]


@dataclass(frozen=True)
class Grid:
    """Key rows in the order a reader expects: platforms as the project lists them, then by value."""

    by: tuple[str, ...]
    period: Period
    buckets: tuple[date, ...]
    platforms: tuple[str, ...]
    keys: pd.DataFrame

    @classmethod
    def over(cls, by: tuple[str, ...], period: Period, until: date, platforms: tuple[str, ...]) -> Grid:
        """Return a grid without rows for the time dimension in `by`, if any, up to `until`."""
        days = buckets(by, period, until)
        return cls(by, period, days, platforms, pd.DataFrame(index=[0]))

    @property
    def columns(self) -> list[str]:
        """Names of the key columns."""
        return [column_of(dimension) for dimension in self.by]

    @property
    def time(self) -> str | None:
        """The time dimension among `by`."""
        return next((dimension for dimension in self.by if dimension in TIME), None)

    def cells(self, found: pd.DataFrame, window: Window, calendar: Period | None) -> Cells:
        """Return what was `found` (key columns, value, n, rows) over the days of `window`.

        Days, weeks and months of another `calendar` are moved to those of the grid's own period.
        """
        moved = self._moved(calendar) if calendar else None
        if self.time:
            days = found[self.time].dt.date
            days = pd.to_datetime(days.map(moved) if moved else days).astype(_TIME_TYPE)
            found = found.assign(**{self.time: days})[days.notna()]
        return Cells(found, self._index(found), self._covered(window, moved))

    def completed(self, cells: Iterable[Cells]) -> Grid:
        """Return the grid with a row for every combination found, every platform, and every day."""
        others = [column_of(dimension) for dimension in self.by if dimension not in TIME]
        if others == ["platform_id"]:
            keys = pd.DataFrame({"platform_id": list(self.platforms)})
        elif others:
            found = [cell.found[others] for cell in cells] or [pd.DataFrame(columns=others)]
            keys = pd.concat(found).drop_duplicates()
        else:
            keys = pd.DataFrame(index=[0])
        if self.time:
            days = pd.DataFrame({self.time: pd.to_datetime(list(self.buckets)).astype(_TIME_TYPE)})
            keys = keys.merge(days, how="cross")
        rank = {platform: place for place, platform in enumerate(self.platforms)}
        if self.by:
            keys = keys[self.columns].sort_values(
                self.columns, key=lambda column: column.map(rank) if column.name == "platform_id" else column
            )
        return replace(self, keys=keys.reset_index(drop=True))

    def frame(self, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Return the key columns, one row per combination, and `columns` beside them."""
        return pd.DataFrame(dict(self.keys.items()) | dict(columns), index=self.keys.index)

    def values(self, cells: Cells | None, zero: bool) -> np.ndarray:
        """Return the values in the order of the rows, NaN where there is none.

        With `zero` a covered row that holds nothing is 0.
        """
        values = np.full(len(self.keys), np.nan)
        if cells is not None:
            place = self._places(cells)
            values[place >= 0] = cells.found["value"].to_numpy()[place[place >= 0]]
            if zero:
                values[(place < 0) & self._is_covered(cells)] = 0.0
        return values

    def counts(self, cells: Cells | None) -> dict[str, np.ndarray]:
        """Return ``n`` and ``rows`` in the order of the rows, 0 where there is none."""
        counts = {name: np.zeros(len(self.keys), dtype="int64") for name in ("n", "rows")}
        if cells is not None:
            place = self._places(cells)
            for name, count in counts.items():
                count[place >= 0] = cells.found[name].fillna(0).to_numpy()[place[place >= 0]]
        return counts

    def _places(self, cells: Cells) -> np.ndarray:
        """Return where each row stands among what was found, -1 where it does not."""
        return cells.index.get_indexer(self._rows)

    @cached_property
    def _rows(self) -> pd.Index:
        return self._index(self.keys)

    def _index(self, frame: pd.DataFrame) -> pd.Index:
        if not self.by:
            return pd.RangeIndex(len(frame))
        several = len(self.columns) > 1
        return pd.MultiIndex.from_frame(frame[self.columns]) if several else pd.Index(frame[self.columns[0]])

    def _moved(self, other: Period) -> dict[date, date]:
        if self.time == "day":
            twins = {self.period.twin(day, other): day for day in self.period.dates()}
            return {twin: day for twin, day in twins.items() if twin}
        own, theirs = (buckets(self.by, period, period.end) for period in (self.period, other))
        return dict(zip(theirs, own, strict=False))

    def _covered(
        self, window: Window, moved: dict[date, date] | None
    ) -> frozenset[tuple[str | None, date | None]]:
        return frozenset(
            (platform if "platform" in self.by else None, moved.get(first) if moved and first else first)
            for platform, days in window.items()
            for first in ({bucket(self.time, day) for day in days} if self.time else {None})
        )

    def _is_covered(self, cells: Cells) -> np.ndarray:
        platforms = self.keys["platform_id"] if "platform" in self.by else [None] * len(self.keys)
        days = self.keys[self.time].dt.date if self.time else [None] * len(self.keys)
        return np.array([key in cells.covered for key in zip(platforms, days, strict=True)], dtype=bool)


def buckets(by: Iterable[str], period: Period, until: date) -> tuple[date, ...]:
    """Return the first day of each day, week or month of `period` up to `until`.

    None where `by` has no such dimension.
    """
    kind = next((dimension for dimension in by if dimension in TIME), None)
    if kind is None:
        return ()
    days = (
        period.start + timedelta(days=offset)
        for offset in range((min(until, period.end) - period.start).days + 1)
    )
    return tuple(dict.fromkeys(bucket(kind, day) for day in days))
