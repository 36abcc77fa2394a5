"""How sizes are told: amounts as yuan with two digits, counts and shares as rounded numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reportkit.demo.world import World
from reportkit.demo.world.troubles import Span

__all__ = ["days_of", "days_within", "share", "size", "yuan"]


def yuan(fen: float) -> str:
    """Return an amount in fen as yuan, to the cent."""
    whole = round(float(fen))
    return f"{'-' if whole < 0 else ''}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def share(part: float, whole: float) -> float | None:
    """Return `part` of `whole` to six digits; None of nothing."""
    return round(float(part) / float(whole), 6) if whole else None


def size(fen: Mapping[str, float] | None = None, **counts: float) -> dict[str, Any]:
    """Return `counts` to a tenth (whole ones as they are), and the amounts of `fen` as text."""
    told: dict[str, Any] = {name: round(float(count), 1) for name, count in counts.items()}
    told = {name: int(count) if count == int(count) else count for name, count in told.items()}
    return told | {name: yuan(amount) for name, amount in (fen or {}).items()}


def days_of(days: np.ndarray, first: object, last: object) -> np.ndarray:
    """Tell which `days` (datetime64) lie from `first` to `last` (dates), both inside."""
    return np.asarray((days >= np.datetime64(str(first))) & (days <= np.datetime64(str(last))))


def days_within(world: World, span: Span) -> np.ndarray:
    """Tell which days of the calendar lie in `span` and in the world."""
    inside: np.ndarray = span.covers(world.calendar.days) & days_of(
        world.calendar.days, world.start, world.end
    )
    return inside
