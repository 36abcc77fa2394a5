"""Whether the mix of platforms hides what they did, and what that mix cost or brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from reportkit.analysis.decompose import within_mix
from reportkit.analysis.proportions import ratio
from reportkit.metrics.query import Result
from reportkit.metrics.windows import Window
from reportkit.quality.figure import Figure
from reportkit.study.change import COMPARISONS, sides

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Mix", "Worth", "mix"]

Floats = npt.NDArray[np.float64]

_RATE, _WEIGHT, _BUYERS, _MONEY = "cvr", "visitors", "pay_buyers", "gmv"


@dataclass(frozen=True)
class Worth:
    """What moved the GMV of the platforms together, money: traffic, within and mix add up to its change.

    GMV is visitors times what a visitor brings: `traffic` is what their number did, `within` what every platform
    made of a visitor of its own, `mix` what the change of their shares did, between `low` and `high`.
    """

    traffic: float
    within: float
    mix: float
    low: float
    high: float


@dataclass(frozen=True)
class Mix:
    """How a ratio of all platforms together moved: what each did itself (within), and what their mix did.

    `table` is that of analysis.within_mix, by platform; `before`, `after`, `within` and `mix` are fractions.
    `hidden`: the whole moved against what the platforms did, and both did more than the flat band; `worth` is
    the same in money then, None where GMV is not known of the same days.
    """

    request: str
    against: str
    result: Result
    table: pd.DataFrame
    before: float
    after: float
    hidden: bool
    worth: Worth | None = None

    @property
    def change(self) -> float:
        """How the ratio moved."""
        return self.after - self.before

    @property
    def within(self) -> float:
        """What the platforms did themselves."""
        return float(self.table["within"].sum())

    @property
    def mix(self) -> float:
        """What the change of their weights did."""
        return float(self.table["mix"].sum())

    @property
    def all_same_way(self) -> bool:
        """Whether every platform moved the way the platforms did together."""
        return bool((self.table["within"] * self.within > 0).all())

    @property
    def figures(self) -> list[Figure]:
        """The effects over all platforms, as fractions and in money, with the rows behind them."""
        rows = self.result.rows_sql(self.request)
        found = [
            Figure(f"mix.{name}", getattr(self, name), "percent", {}, rows) for name in ("within", "mix")
        ]
        if self.worth is None:
            return found
        rows = rows | self.result.rows_sql(_MONEY)
        told = {f"mix.worth_{name}": getattr(self.worth, name) for name in ("mix", "low", "high", "within")}
        return [*found, *(Figure(name, value, "money", {}, rows) for name, value in told.items())]


def mix(study: Study) -> Mix | None:
    """Return how conversion moved over all platforms: the comparison in which the mix hides it, else the first.

    None for less than two platforms that know both sides.
    """
    result = study.ask([_RATE, _WEIGHT, _BUYERS, _MONEY], by=["platform"], compare=COMPARISONS)
    found = [each for name in COMPARISONS if (each := _mix(study, result, name))]
    return next((each for each in found if each.hidden), found[0] if found else None)


def _mix(study: Study, result: Result, against: str) -> Mix | None:
    then, now = (side.dropna(subset=[_RATE, _WEIGHT, _BUYERS]) for side in sides(result, against))
    both = then.index.intersection(now.index)
    then, now = then.loc[both], now.loc[both]
    if len(both) < 2:
        return None
    rates = [side[_BUYERS] / side[_WEIGHT] for side in (then, now)]
    table = within_mix(then[_WEIGHT], now[_WEIGHT], *rates)
    before, after = (float(side[_BUYERS].sum() / side[_WEIGHT].sum()) for side in (then, now))
    within, flat = float(table["within"].sum()), study.project.policy.flat
    hidden = within * (after - before) < 0 and min(abs(within), abs(after - before)) >= flat * before
    worth = _worth(study, result, against, then, now) if hidden else None
    return Mix(_RATE, against, result, table, before, after, hidden, worth)


def _worth(study: Study, result: Result, against: str, then: pd.DataFrame, now: pd.DataFrame) -> Worth | None:
    """Return the change of GMV as traffic, and as within and mix of what a visitor brings: an identity.

    The range of the mix takes visitors as counted, and what one brings as estimated from the days.
    """
    spans = [f"{against}_{side}" for side in ("then", "now")]
    sold, seen = (result.answers[name].windows for name in (_MONEY, _WEIGHT))
    alike = all(sold[span].get(part) == seen[span].get(part) for span in spans for part in now.index)
    if not alike or (then[_MONEY] + now[_MONEY]).isna().any():
        return None
    table = within_mix(then[_WEIGHT], now[_WEIGHT], *(side[_MONEY] / side[_WEIGHT] for side in (then, now)))
    earlier, later = (side[[_WEIGHT, _MONEY]].sum() for side in (then, now))
    visitors = (earlier[_WEIGHT] + later[_WEIGHT]) / 2
    brought = (earlier[_MONEY] / earlier[_WEIGHT] + later[_MONEY] / later[_WEIGHT]) / 2
    within, effect = (visitors * table[name].sum() for name in ("within", "mix"))
    moved = table["weight_after"] - table["weight_before"]
    before, after = (_errors(study, sold[span], list(table.index)) for span in spans)
    error = visitors / 2 * np.sqrt((moved**2 * (before**2 + after**2)).sum())
    half = ndtri((1 + study.rules.change.level) / 2) * error
    traffic = (later[_WEIGHT] - earlier[_WEIGHT]) * brought
    return Worth(*map(float, (traffic, within, effect, effect - half, effect + half)))


def _errors(study: Study, days: Window, platforms: Sequence[str]) -> Floats:
    """Return the standard error of what a visitor of each platform brought on its `days`."""
    every = {day for name in platforms for day in days[name]}
    told = study.ask([_MONEY, _WEIGHT], by=["platform", "day"], period=f"{min(every)}/{max(every)}").wide()
    mine = [
        told[(told["platform_id"] == name) & told["day"].isin(pd.to_datetime(list(days[name])))]
        for name in platforms
    ]
    return np.array([ratio(rows[_MONEY], rows[_WEIGHT])[1] for rows in mine])
