"""The demo merchant in the middle of a promotion: its books as they stood at some moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from reportkit.demo.tables import write_tables
from reportkit.demo.world import Stretch, World
from reportkit.project import Project
from tests.projects import make_shop

PROMO = "1111-2025"
OUT = "C05-200"  # the variant of the quilt that nobody delivers from 5 to 19 November 2025


class Cut:
    """A world of which nothing after `moment` is known: no order, no day that was not over, no later stock count."""

    def __init__(self, world: World, moment: datetime) -> None:
        self.world, self.cutoff, self.end = world, moment, moment.date()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)

    def stretches(self) -> Iterator[Stretch]:
        """Yield the months that have begun, with the stock of the evenings that have passed."""
        today = np.datetime64(self.end)
        for stretch in self.world.stretches():
            if stretch.first <= self.end:
                yield replace(
                    stretch, stock=stretch.stock[stretch.stock["day"] < today].reset_index(drop=True)
                )


def world() -> World:
    """Return the two Double Elevens of the medium merchant, and what lies between."""
    return World.build("medium", end="2025-11", months=14)


@cache
def lake(base: Path, moment: datetime | None = None) -> Path:
    """Write the merchant's lake below `base`, up to `moment`, unless another worker has; return its folder."""
    root = base / f"replayed-{moment:%m%d%H}" if moment else base / "replayed"
    done = root / "done"
    with FileLock(f"{root}.lock"):
        if not done.exists():
            written: Any = Cut(world(), moment) if moment else world()
            write_tables(make_shop(root, {}), written)
            done.touch()
    return Project.open(root).lake
