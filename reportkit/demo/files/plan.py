"""Which files the demo merchant downloads: what each is about, when it was exported, and what was known then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reportkit.demo.files.layout import Frame
from reportkit.demo.world import Facts, World

__all__ = ["Every", "Report", "Span"]

Every = Literal["span", "month"]


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
