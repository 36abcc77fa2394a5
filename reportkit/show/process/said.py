"""How the page about the course of a promotion speaks of estimates, phases and what is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.show import blocks
from reportkit.show.display import Drawn, Pen
from reportkit.show.numbers import Unit

if TYPE_CHECKING:
    from reportkit.study.campaign import Campaign
    from reportkit.study.uplift import Range

__all__ = ["absent", "ends", "interval", "level", "ranged", "state"]


def absent(pen: Pen, block: str, *tables: str) -> Drawn:
    """Return a block that has no data, named for the list of what lacks, with the tables that would fill it."""
    return blocks.absent(pen.words(f"process.block_{block}"), *tables)


def ranged(pen: Pen, found: Range, unit: Unit = "money") -> str:
    """Return an estimate with its interval, in one unit."""
    return _said(pen, "range", [found.value, found.low, found.high], unit)


def interval(pen: Pen, found: Range, unit: Unit = "money") -> str:
    """Return the two ends of an estimate, in one unit."""
    return _said(pen, "interval", [found.low, found.high], unit)


def _said(pen: Pen, key: str, values: list[float], unit: Unit) -> str:
    column = pen.words.numbers.column(values, unit)
    each = [pen.words.numbers.inline(value, unit) for value in values]
    return pen.words(f"process.{key}", texts=column.texts, unit=column.unit, each=each)


def ends(
    pen: Pen, campaign: Campaign, name: str, found: Range, unit: Unit = "money", platform: str = ""
) -> list[str]:
    """Return the evidence codes of an estimate and of both ends of its interval."""
    told = campaign.uplift
    assert told is not None
    sides = {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return [
        pen.prove(campaign.study, told.figure(side, value, unit, platform))
        for side, value in sides.items()
        if value == value
    ]


def level(pen: Pen, campaign: Campaign) -> str:
    """Return how many of a hundred cases an interval holds, as it is printed."""
    return pen.words.numbers.rate(campaign.rules.uplift.level, 0)


def state(pen: Pen, campaign: Campaign) -> list[tuple[str, str]]:
    """Return (tone, words) of what qualifies an uplift: the promotion or its aftermath is not over, platforms lack days."""
    told = campaign.uplift
    if told is None:
        return []
    found = [("watch", pen.words(f"process.state_{told.state}"))] if told.state != "over" else []
    if told.untold:
        names = pen.words.list([pen.name("platform", name) for name in told.untold])
        found.append(("watch", pen.words("process.untold", names=names)))
    return found
