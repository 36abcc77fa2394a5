"""Which files the demo merchant downloads: what each is about, when it was exported, and what was known then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Literal

import pandas as pd

from reportkit.demo.files.layout import Frame
from reportkit.demo.world import Facts, Month, World

__all__ = ["Every", "Report", "Span", "joined", "lots"]

Every = Literal["span", "month"]

_MONTHS = {"small": 6, "medium": 3, "large": 1}  # what a platform lets one download hold
_OF_LINES = "order"  # the lines' column that holds the place of their order


@dataclass(frozen=True)
class Span:
    """What one file is about: the days from `first` to `last` (both inside) of one platform.

    `facts` are those of its months as known at `as_of`, `course` the same as known when the world ends.
    `exported` (naive, China time) is when the platform wrote the file.
    """

    world: World
    platform: str
    first: date
    last: date
    as_of: datetime
    exported: datetime
    facts: Facts
    course: Facts


@dataclass(frozen=True)
class Report:
    """One kind of file: the source that reads it, and what stands in it.

    `every`: how much one file is about: all months of a download, or one month.
    """

    source: str
    frame: Callable[[Span], Frame]
    every: Every = "span"


def joined(months: list[Facts]) -> Facts:
    """Put the months of one platform under one another; lines go on pointing at their orders."""
    if len(months) == 1:
        return months[0]
    before, lines = 0, []
    for facts in months:
        lines.append(facts.lines.assign(**{_OF_LINES: facts.lines[_OF_LINES] + before}))
        before += len(facts.orders)
    names = ("orders", "refunds", "payouts", "visitors", "items", "ads", "service")
    stacked = {
        name: pd.concat([getattr(facts, name) for facts in months], ignore_index=True) for name in names
    }
    return replace(months[0], **stacked, lines=pd.concat(lines, ignore_index=True))


def lots(world: World) -> Iterator[list[Month]]:
    """Simulate `world` and yield as many months at a time as one download is about, by the world's size."""
    months = world.months()
    while lot := list(islice(months, _MONTHS[world.size])):
        yield lot
