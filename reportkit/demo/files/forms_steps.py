"""How long the steps of the flow took in each promotion, as the orders tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.demo.files.forms_habits import Step, habits

if TYPE_CHECKING:
    from reportkit.demo.world import Facts, Stretch, World

__all__ = ["Steps"]

_HOURS = 24 * 30  # nothing takes longer
_EVERYWHERE = "all"
_GOOD, _BAD = (0.02, 0.1)  # shares beyond the standard that earn the best and the worst grade


class Steps:
    """Counts of orders by the hours a step took, by promotion and step; see `table`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._promo = {name: world.calendar.phase_of_day(name) for name in world.merchant.platforms}
        self._hours: dict[tuple[str, str], np.ndarray] = {}

    def collect(self, stretch: Stretch) -> None:
        """Count the orders of `stretch`."""
        for platform, facts in stretch.facts.items():
            for step in habits().steps:
                if step.platform in (None, platform):
                    self._count(step, facts, self._promo[platform])

    def _count(self, step: Step, facts: Facts, days: pd.DataFrame) -> None:
        begun, ended = facts.orders[step.begins].to_numpy(), facts.orders[step.ends].to_numpy()
        there = ~np.isnat(begun) & (ended <= np.datetime64(self._world.cutoff))
        begun, hours = begun[there], (ended - begun)[there] // np.timedelta64(1, "h")
        promo = days["promo_id"].to_numpy()[(begun - self._world.calendar.days[0]) // np.timedelta64(1, "D")]
        for name in sorted(set(promo) - {""}):
            counted = np.bincount(hours[promo == name].clip(0, _HOURS - 1).astype("int64"), minlength=_HOURS)
            key = (str(name), step.node)
            self._hours[key] = self._hours.get(key, np.zeros(_HOURS, dtype=np.int64)) + counted

    def table(self) -> pd.DataFrame:
        """Return one row a promotion and step, in the words of process_nodes."""
        rows = [
            self._row(promo, step, self._hours[promo, step.node])
            for promo in dict.fromkeys(promo for promo, _ in self._hours)
            for step in habits().steps
            if (promo, step.node) in self._hours
        ]
        return pd.DataFrame(rows)

    def _row(self, promo: str, step: Step, hours: np.ndarray) -> dict[str, object]:
        upto = hours.cumsum()
        late = 1 - upto[int(step.sla_hours) - 1] / upto[-1]
        return {
            "platform_id": _EVERYWHERE,
            "period": promo,
            "step": step.step,
            "link": step.link,
            "node": step.node,
            "input": step.input,
            "output": step.output,
            "owner": step.owner,
            "sla_hours": step.sla_hours,
            "p50_hours": float(np.searchsorted(upto, 0.5 * upto[-1]) + 1),
            "p90_hours": float(np.searchsorted(upto, 0.9 * upto[-1]) + 1),
            "overdue_rate": round(float(late), 4),
            "score": int(np.interp(late, (_GOOD, _BAD), (5, 2))),
        }
