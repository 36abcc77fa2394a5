"""Targets: what a period was meant to bring, day by day."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError
from reportkit.metrics.compile import Request
from reportkit.metrics.grid import buckets
from reportkit.metrics.periods import Period, enclosing

__all__ = ["ALL", "Target", "Targets", "read_targets"]

ALL = "all"

_WEIGHT_SLACK = 0.01


@dataclass(frozen=True)
class Target:
    """A target in its metric's unit.

    `daily` is what each day should bring, empty for a metric whose days do not add up.
    """

    value: float
    daily: Mapping[date, float]

    def due(self, days: Iterable[date]) -> float | None:
        """Return what `days` together should bring; None for a metric whose days do not add up."""
        found = [self.daily[day] for day in days if day in self.daily]
        if not self.daily:
            return None
        return self.value if len(found) == len(self.daily) else math.fsum(found)


@dataclass(frozen=True)
class Targets:
    """Every target of the lake, by (metric id, platform or ``all``, period id)."""

    rows: Mapping[tuple[str, str, str], tuple[float, str | None]]

    def of(self, request: Request, period: Period, platforms: Sequence[str] | None) -> Target | None:
        """Return the target of `request` in `period`, or None where it is not set whole.

        `platforms` is None for the whole company: its own target, else the sum of its platforms'.
        """
        if platforms is None:
            return self._one(request, ALL, period)
        found = [self._one(request, platform, period) for platform in platforms]
        whole = [target for target in found if target]
        if not whole or len(whole) < len(found):
            return None
        return whole[0] if len(whole) == 1 else _added(whole) if request.metric.additive else None

    def platforms(self, request: Request, period: Period) -> set[str]:
        """Return the platforms that have a target of `request` in `period`."""
        named = {platform for metric, platform, _ in self.rows if metric in _names(request)} - {ALL}
        return {platform for platform in named if self._one(request, platform, period)}

    def _one(self, request: Request, platform: str, period: Period) -> Target | None:
        for name in _names(request):
            if row := self.rows.get((name, platform, period.id)):
                return _target(
                    row, period, request.metric.additive, f"targets: {name}, {platform}, {period.id}"
                )
        if period.kind not in ("quarter", "year") or not request.metric.additive:
            return None
        months = [enclosing("month", first) for first in buckets(["month"], period, period.end)]
        parts = [self._one(request, platform, month) for month in months]
        found = [part for part in parts if part]
        return _added(found) if len(found) == len(parts) else None


def read_targets(engine: DuckDBEngine) -> Targets:
    """Read the table ``targets``; of several rows for one target the one set last counts."""
    rows = engine.rows(
        "SELECT metric_id, target_platform, period, value, daily_weights FROM targets "
        "ORDER BY set_at NULLS FIRST, version NULLS FIRST, row_key"
    )
    return Targets(
        {(metric, platform, period): (value, weights) for metric, platform, period, value, weights in rows}
    )


def _names(request: Request) -> list[str]:
    metric, basis = request.metric, request.basis
    if basis is None:
        return [metric.id]
    return [f"{metric.id}.{basis}", *([metric.id] if basis == metric.bases[0] else [])]


def _added(parts: Sequence[Target]) -> Target:
    daily: dict[date, float] = {}
    for part in parts:
        for day, amount in part.daily.items():
            daily[day] = daily.get(day, 0.0) + amount
    return Target(sum(part.value for part in parts), daily)


def _target(row: tuple[float, str | None], period: Period, additive: bool, where: str) -> Target:
    value, text = row
    if not additive:
        return Target(value, {})
    weights = _weights(text, where) if text else [1 / period.days] * period.days
    if len(weights) != period.days or abs(sum(weights) - 1) > _WEIGHT_SLACK:
        raise QueryError(
            f"{len(weights)} daily weights, sum {sum(weights):.4f}; expected {period.days}, sum 1",
            where=where,
            todo="correct daily_weights in the targets form, or leave it empty for even days",
        )
    return Target(value, {day: value * weight for day, weight in zip(period.dates(), weights, strict=True)})


def _weights(text: str, where: str) -> list[float]:
    try:
        found: Any = json.loads(text)
        return [float(weight) for weight in found]
    except (TypeError, ValueError) as error:
        todo = "give a JSON list of numbers, one a day"
        raise QueryError(f"daily_weights cannot be read: {text[:40]}", where=where, todo=todo) from error
