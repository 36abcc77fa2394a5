"""Labels beside what they name, moved apart just as far as they need, never off the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin

__all__ = ["Area", "Spot", "placed", "spread"]

_ANGLES = (0, 45, -45, 90, -90, 180, 135, -135, 22, -22, 158, -158)
_REACHES = (0.5, 2.5, 5.0, 8.0, 12.0)
_LEAD_FROM = 2.5


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres for labels of `sizes` on a line from `low` to `high`, none over another.

    Each stays as near to its `wanted` place as the others let it: the least sum of squared moves, by
    pooling neighbours that push each other (isotonic regression; Ayer et al. 1955).
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    offsets = [0.0]
    for one, two in pairwise(order):
        offsets.append(offsets[-1] + (sizes[one] + sizes[two]) / 2)
    pools: list[list[float]] = []
    for place, offset in zip(order, offsets, strict=False):
        pools.append([wanted[place] - offset])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    moved = [_mean(pool) for pool in pools for _ in pool]
    if not moved:
        return []
    least, most = low + sizes[order[0]] / 2, high - sizes[order[-1]] / 2 - offsets[-1]
    centres = [0.0] * len(wanted)
    for place, offset, base in zip(order, offsets, moved, strict=True):
        centres[place] = min(max(base, least), max(most, least)) + offset
    return centres


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


@dataclass(frozen=True)
class Area:
    """A rectangle on the paper, in millimetres from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return its place nearest to a point, a little inside its upper and lower edge."""
        return min(max(x, self.left), self.right), min(max(y, self.top + 0.4), self.bottom - 0.4)

    def shared(self, other: Area) -> float:
        """Return how many square millimetres two rectangles share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)

    def holds(self, other: Area) -> bool:
        """Whether another rectangle lies inside this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(frozen=True)
class Spot:
    """Where a label goes; `led` where it is so far from its point that a line must lead to it."""

    area: Area
    led: bool


def placed(
    points: Sequence[tuple[float, float, float]],
    sizes: Sequence[tuple[float, float]],
    room: Area,
    taken: Sequence[Area] = (),
    hard: Sequence[Area] = (),
    angles: Sequence[int] = _ANGLES,
) -> list[Spot | None]:
    """Return a place for the label of each point: x, y, radius of what is drawn there, in millimetres.

    The first labels choose first. A label may touch what is `taken` where there is no better place,
    never another label nor what is `hard`; None where there is no place for it.
    """
    found: list[Spot | None] = []
    written = list(hard)
    discs = [Area(x - r, y - r, x + r, y + r) for x, y, r in points]
    for point, size in zip(points, sizes, strict=True):
        best: tuple[float, Spot] | None = None
        for rank, (reach, angle) in enumerate((reach, angle) for reach in _REACHES for angle in angles):
            area = _beside(point, size, reach, angle)
            if not room.holds(area) or any(area.shared(other) > 0 for other in written):
                continue
            cost = sum(area.shared(other) for other in (*discs, *taken)) * 4 + rank * 0.35
            cost += 6.0 * _between(point, area, taken)
            if best is None or cost < best[0]:
                best = cost, Spot(area, reach > _LEAD_FROM)
        found.append(best[1] if best else None)
        written += [best[1].area] if best else []
    return found


def _between(point: tuple[float, float, float], area: Area, taken: Sequence[Area]) -> bool:
    """Whether something that is taken lies between a point and its label."""
    x, y, _ = point
    to = area.nearest(x, y)
    steps = [(x + (to[0] - x) * share, y + (to[1] - y) * share) for share in (0.6, 0.8, 1.0)]
    return any(other.holds(Area(*step, *step)) for other in taken for step in steps)


def _beside(point: tuple[float, float, float], size: tuple[float, float], reach: float, angle: int) -> Area:
    """Return the label's rectangle at `angle` from a point: beside it, above it, or corner to corner."""
    x, y, radius = point
    across, up = cos(radians(angle)), sin(radians(angle))
    away, half = radius + reach, (size[0] / 2, size[1] / 2)
    middle = x + across * away + _full(across) * half[0], y - up * away - _full(up) * half[1]
    return Area(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])


def _full(part: float) -> float:
    """Return how far to one side: wholly from 45 degrees on."""
    return min(max(part * 1.415, -1.0), 1.0)
