"""What a cause is asked for: every missed target, and how the gap of money splits against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.decompose import decompose
from reportkit.metrics.query import Result
from reportkit.metrics.targets import read_targets
from reportkit.quality.figure import Figure

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["NET", "STEPS", "Goal", "Split", "goals", "split"]

_BASIS = "pay_date"  # a review follows the orders of its own days
NET = "net_sales.pay_date"
"""The money that a review is held to."""
_GMV, _ORDERS = "gmv", "orders"
STEPS = ("orders", "ticket", "kept")
_MONEY = "money"


@dataclass(frozen=True)
class Goal:
    """A target of the period and what came of it, in the unit of `request`; a `gap` below 0 is missed.

    Without any target at all, `target` is the comparison of study.change, and `rate` None.
    """

    request: str
    value: float
    target: float
    gap: float
    rate: float | None
    result: Result

    @property
    def metric(self) -> str:
        """The metric's id."""
        return self.request.partition(".")[0]


@dataclass(frozen=True)
class Split:
    """The gap between the money of `request` and its target as its factors, money; they add up to it exactly.

    `orders` is what their number did, `ticket` the GMV of one, and of net sales `kept` what refunds left of
    it.
    """

    request: str
    effects: dict[str, float]
    target: float
    value: float
    result: Result

    @property
    def figures(self) -> dict[str, Figure]:
        """The effects by factor, with the rows behind them."""
        rows = {
            name: sql
            for request in self.result.requests
            for name, sql in self.result.rows_sql(request).items()
        }
        dims = {"money": self.request}
        return {
            step: Figure(f"gap.{step}", value, "money", dims, rows) for step, value in self.effects.items()
        }


def goals(study: Study) -> tuple[Goal, ...]:
    """Return every target that has a good side, the missed ones first: net sales and GMV, then others."""
    requests = _asked(study)
    result = study.ask(requests, compare=["target"]) if requests else None
    found = [goal for request in requests if result is not None and (goal := _goal(study, result, request))]
    order = [NET, _GMV]
    return tuple(
        sorted(found, key=lambda goal: (goal.gap >= 0, goal.request not in order, found.index(goal)))
    )


def _asked(study: Study) -> list[str]:
    """Return the metrics for which anybody set a target, with the basis of a review; net sales first."""
    catalog = study.metrics.catalog
    named = {name.partition(".")[0] for name, _, _ in read_targets(study.metrics.engine).rows}
    known = [name for name in catalog if name in named and catalog[name].better in ("up", "down")]
    asked = [f"{name}.{_BASIS}" if _BASIS in (catalog[name].bases or ()) else name for name in known]
    return sorted(asked, key=lambda request: request != NET)


def _goal(study: Study, result: Result, request: str) -> Goal | None:
    value, target = result.cell(request), result.cell(request, "target")
    if value is None or target is None:
        return None
    sign = -1 if study.metrics.catalog[request.partition(".")[0]].better == "down" else 1
    rate = result.cell(request, "attainment")
    return Goal(request, value, target, sign * (value - target), rate, result)


def split(study: Study, request: str) -> Split | None:
    """Return how the gap of net sales or GMV splits; None for others, or where a step lacks a target."""
    requests = [_ORDERS, _GMV, NET][: 3 if request == NET else 2]
    if request not in (NET, _GMV):
        return None
    result = study.ask(requests, compare=["target"])
    sides = [[result.cell(name, side) for name in requests] for side in ("target", "value")]
    if any(value is None or value <= 0 for side in sides for value in side):
        return None
    target, value = (_chain([number for number in side if number is not None]) for side in sides)
    steps = STEPS[: len(requests)]
    effects = decompose(target, value, steps, _MONEY).iloc[0]
    told = {step: float(effects[step]) for step in steps}
    return Split(request, told, float(target[_MONEY].iloc[0]), float(value[_MONEY].iloc[0]), result)


def _chain(amounts: Sequence[float]) -> pd.DataFrame:
    """Return the number of orders, then each amount over the one before, and the last amount."""
    ratios = [after / before for before, after in pairwise(amounts)]
    steps = STEPS[: len(amounts)]
    return pd.DataFrame([[amounts[0], *ratios, amounts[-1]]], ["all"], [*steps, _MONEY])
