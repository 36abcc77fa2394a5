"""The troubles that are planted, with their size as expected and as it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportkit.demo.truths import selling, supply
from reportkit.demo.truths.seen import Seen
from reportkit.demo.world import World
from reportkit.demo.world.troubles import Span

__all__ = ["troubles"]


def troubles(world: World, seen: Seen) -> dict[str, Any]:
    """Return by name every trouble that lies within the world: what was set, and `expected` and `realised`."""
    told: dict[str, Any] = {}
    for name, describe in _TROUBLES.items():
        trouble = getattr(world.troubles, name)
        if trouble is not None and world.start <= _first(trouble) <= world.end:
            told[name] = trouble.model_dump(mode="json") | describe(world, seen)
    stockouts = [
        one.model_dump(mode="json") | supply.stockout(world, seen, one)
        for one in world.troubles.stockouts
        if world.start <= one.first <= world.end
    ]
    return told | ({"stockouts": stockouts} if stockouts else {})


def _first(trouble: Any) -> Any:
    return trouble.first if isinstance(trouble, Span) else trouble.ordered


_TROUBLES: dict[str, Callable[[World, Seen], dict[str, Any]]] = {
    "search_fall": selling.search_fall,
    "quality": selling.quality,
    "cheap_traffic": selling.cheap_traffic,
    "mix_shift": selling.mix_shift,
    "overbought": supply.overbought,
    "price_cut": selling.price_cut,
    "short_payout": supply.short_payout,
    "slow_shipping": supply.slow_shipping,
    "slow_handling": supply.slow_handling,
    "influencer": selling.influencer,
}
