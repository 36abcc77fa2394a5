"""What is true of a demo merchant and nobody could know of a real one."""

from __future__ import annotations

from typing import Any

from reportkit.demo.truths.delays import refund_delays
from reportkit.demo.truths.promotions import promotions
from reportkit.demo.truths.seen import Seen
from reportkit.demo.truths.troubles import troubles
from reportkit.demo.world import Stretch, World

__all__ = ["Truths"]


class Truths:
    """The truths of one world, gathered while its months pass."""

    def __init__(self, world: World) -> None:
        self._world, self._seen = world, Seen(world)

    def collect(self, stretch: Stretch) -> None:
        """See what happened in `stretch`; nothing is kept but sums."""
        self._seen.add(stretch)

    def planted(self) -> dict[str, Any]:
        """Return what is planted, JSON-ready; amounts are yuan as text, counts and shares numbers.

        Keys: refund_delays (by platform), promotions (by promotion and platform: baseline, uplift, pre-dip,
        slump and net), and every trouble by its name. Each tells where it is, on which days, and its size as
        `expected` from the rates of the world and as `realised` by chance; the size is what the trouble adds,
        negative where it takes. The null merchant has no troubles.
        """
        return {
            "refund_delays": refund_delays(self._world),
            "promotions": promotions(self._world, self._seen),
            **troubles(self._world, self._seen),
        }
