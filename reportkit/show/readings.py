"""Readings: one value of a result with its comparisons, ready to be spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit.show.display import Pen, Spoken
from reportkit.show.numbers import is_missing
from reportkit.show.words import Amount, Change

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["COMPARISONS", "Part", "Reading", "column_of", "parts", "reference"]

# The right comparison first: promotions and seasons repeat by the year.
COMPARISONS = ("last_year", "previous")
_COLUMNS = {"platform": "platform_id", "shop": "shop_id"}


def column_of(dimension: str) -> str:
    """Return the column of ``Result.frame`` that holds `dimension`."""
    return _COLUMNS.get(dimension, dimension)


@dataclass(frozen=True)
class Reading:
    """The value of `request` where `dims` hold. Amounts print themselves inside sentences."""

    pen: Pen
    result: Result
    request: str
    dims: dict[str, Any]

    @cached_property
    def spoken(self) -> Spoken:
        """Name, unit and direction of the metric."""
        return self.pen.spoken(self.request)

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.spoken.name

    @cached_property
    def value(self) -> float | None:
        """The value, None where it is missing."""
        return self.number("value")

    def number(self, column: str) -> float | None:
        """Return another column of the same row; None where it is absent or missing."""
        if column not in self.result.frame.columns:
            return None
        found = self.result.cell(self.request, column, **self.dims)
        return None if is_missing(found) else found

    def __str__(self) -> str:
        return str(self.amount)

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def amount(self) -> Amount:
        """The value as an amount."""
        return self.money(self.value)

    def money(self, value: float | None) -> Amount:
        """Return `value` as an amount of this metric's unit."""
        return self.pen.words.amount(value, self.spoken.unit, self.spoken.noun)

    @property
    def few(self) -> bool:
        """Whether a rate has too few cases behind it to say anything."""
        if self.spoken.unit != "percent":
            return False
        cases = self.number("n")
        return cases is not None and cases < self.pen.policy.min_n

    def change(self, comparison: str | None) -> Change:
        """Return how it moved against `comparison`, like for like."""
        unit = self.spoken.unit
        growth = self.number(f"{comparison}_growth") if comparison else None
        if unit not in ("percent", "ratio"):
            return self.pen.words.change(growth, unit)
        value = self.number(f"{comparison}_change") if comparison else None
        return self.pen.words.change(value, unit, growth if unit == "ratio" else None)

    def code(self) -> str:
        """Return its evidence code."""
        return self.pen.cite(self.result, self.request, **self.dims)


@dataclass(frozen=True)
class Part:
    """One platform (or category …) of an additive metric: now, and then where there is a then."""

    key: Any
    name: str
    value: float | None
    now: float | None
    then: float | None

    @property
    def change(self) -> float | None:
        """The like-for-like change; None where either side is missing."""
        return None if self.now is None or self.then is None else self.now - self.then


def reference(result: Result, request: str) -> str | None:
    """Return the comparison to speak of: last year where there is one, else the period before."""
    rows = result.frame[result.frame["metric"] == request]
    for comparison in COMPARISONS:
        column = f"{comparison}_growth"
        if column in rows.columns and rows[column].notna().any():
            return comparison
    return None


def parts(pen: Pen, result: Result, request: str, comparison: str | None) -> list[Part]:
    """Return the parts of `request` along the one dimension of `result`, the largest first.

    Parts that neither period has are left out.
    """
    dimension = result.by[0]
    rows = result.frame[result.frame["metric"] == request]
    found = [_part(pen, dimension, row, comparison) for row in rows.to_dict("records")]
    held = [part for part in found if part.value or part.then]
    return sorted(held, key=lambda part: -(part.value or 0.0))


def _part(pen: Pen, dimension: str, row: dict[Any, Any], comparison: str | None) -> Part:
    def number(column: str) -> float | None:
        value = row.get(column)
        return None if value is None or pd.isna(value) else float(value)

    key = row[column_of(dimension)]
    return Part(
        key,
        pen.name(dimension, key),
        number("value"),
        number(f"{comparison}_now") if comparison else None,
        number(f"{comparison}_then") if comparison else None,
    )
