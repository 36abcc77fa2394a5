"""The medium demo merchant and one without troubles, each written once for all workers."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from reportkit.demo.tables import write_tables
from reportkit.demo.truths import Truths
from reportkit.demo.world import Stretch, World
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from tests.projects import make_shop


class Watched:
    """A world that tells its truths while its months are written."""

    def __init__(self, world: World) -> None:
        self.world, self.truths = world, Truths(world)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)

    def stretches(self) -> Iterator[Stretch]:
        for stretch in self.world.stretches():
            self.truths.collect(stretch)
            yield stretch


@dataclass(frozen=True)
class Merchant:
    """An opened merchant, its world's troubles and what is known to be true of them."""

    metrics: Metrics
    troubles: Any
    planted: dict[str, Any]

    def sizes(self, name: str, what: str = "amount", place: int = 0) -> list[float]:
        """Return the size of a trouble as expected, and as chance had it where that is told."""
        told = self.planted[name]
        trouble = told[place] if isinstance(told, list) else told
        return [float(trouble[side][what]) for side in ("expected", "realised") if what in trouble[side]]


def opened(root: Path, build: Callable[[], World]) -> tuple[Metrics, dict[str, Any]]:
    """Write a world's tables, without files, unless another worker has; return them, opened, and what is true."""
    root.parent.mkdir(exist_ok=True)
    truths = root / "planted.pickle"
    with FileLock(f"{root}.lock"):
        if not truths.exists():
            world = Watched(build())
            write_tables(make_shop(root, {}), world)
            truths.write_bytes(pickle.dumps(world.truths.planted()))
    project = Project.open(root)
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))
    return metrics, pickle.loads(truths.read_bytes())


@cache
def medium(base: Path) -> Merchant:
    """Return a year of the medium merchant, written below `base`."""
    build = partial(World.build, "medium", months=12)
    metrics, planted = opened(base / "planted" / "medium", build)
    return Merchant(metrics, build().troubles, planted)


@cache
def two_years(base: Path) -> tuple[Metrics, dict[str, Any]]:
    """Return two years of the medium merchant, written below `base`, and what is planted in them."""
    return opened(base / "planted" / "two_years", partial(World.build, "medium"))


@cache
def null(base: Path, seed: int) -> Metrics:
    """Return nine months of a merchant without troubles, written below `base`."""
    build = partial(World.build, "medium", seed=seed, months=9, null=True)
    return opened(base / "planted" / f"null{seed}", build)[0]
