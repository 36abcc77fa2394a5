"""How late refunds come: the share of all money given back that is back by age."""

from __future__ import annotations

from typing import Any

from reportkit.demo.world import World
from reportkit.demo.world.habits import habits
from reportkit.demo.world.refunds import curve

__all__ = ["refund_delays"]


def refund_delays(world: World) -> dict[str, Any]:
    """Return by platform the curve of orders paid on ordinary days and in bursts, and how many lines come back.

    `rate` is the share of lines of an ordinary product that is given back in the end; a burst's is
    `burst_rate`. Ages are days from the date of payment to that of the refund.
    """
    told = habits().refunds
    hours = world.merchant.hours["even"]
    return {
        platform: {
            "rate": told.platforms[platform].rate,
            "burst_rate": round(told.platforms[platform].rate * told.platforms[platform].burst, 6),
            "normal": _rounded(curve(told, platform, hours=hours)),
            "burst": _rounded(curve(told, platform, burst=True, hours=hours)),
        }
        for platform in world.platforms
    }


def _rounded(shares: dict[int, float]) -> dict[str, float]:
    return {str(age): round(share, 4) for age, share in shares.items()}
