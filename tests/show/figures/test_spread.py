"""Labels find their places: as near as they can, never over each other, never off the paper."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from reportkit.show.figures.spread import Area, placed, spread

ROOM = Area(0.0, 0.0, 100.0, 60.0)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([], []),
        ([10.0, 20.0], [10.0, 20.0]),
        ([10.0, 10.0], [8.5, 11.5]),
        ([12.0, 10.0, 11.0], [14.0, 8.0, 11.0]),
        ([0.0, 0.5], [1.5, 4.5]),
        ([49.0, 50.0], [45.5, 48.5]),
        ([10.0, 11.0, 30.0], [9.0, 12.0, 30.0]),
    ],
)
def test_labels_on_a_line(wanted: list[float], expected: list[float]) -> None:
    """Moved as little as possible, in their order, between the ends."""
    assert expected == pytest.approx(spread(wanted, [3.0] * len(wanted), 0.0, 50.0))


def test_labels_of_different_sizes_touch_at_most() -> None:
    """Half of one and half of the next stand between their middles."""
    found = spread([10.0, 11.0], [8.0, 2.0], 0.0, 50.0)
    assert 5.0 == pytest.approx(found[1] - found[0])


def test_the_least_sum_of_squares() -> None:
    """No other arrangement of these is nearer to what was wanted."""
    random = np.random.default_rng(7)
    wanted = sorted(random.uniform(10, 40, 6))
    found = np.array(spread(wanted, [4.0] * 6, 0.0, 60.0))
    best = np.sum((found - wanted) ** 2)
    for _ in range(300):
        other = np.sort(found + random.normal(0, 1.0, 6))
        if np.diff(other).min() >= 4.0:
            assert np.sum((other - wanted) ** 2) >= best - 1e-9


def test_names_of_points_neither_overlap_nor_leave() -> None:
    """Forty points in a heap; those that find no place go without."""
    random = np.random.default_rng(3)
    points = [(float(x), float(y), 1.5) for x, y in random.uniform((10, 10), (70, 50), (40, 2))]
    found = [spot.area for spot in placed(points, [(14.0, 3.0)] * 40, ROOM) if spot]
    assert len(found) >= 30
    assert all(ROOM.holds(area) for area in found)
    assert 0 == sum(one.shared(two) for one, two in combinations(found, 2))


def test_the_first_name_chooses_first() -> None:
    """Alone it stands beside its point; so does it in company."""
    alone = placed([(50.0, 30.0, 1.0)], [(10.0, 3.0)], ROOM)
    both = placed([(50.0, 30.0, 1.0), (50.5, 30.0, 1.0)], [(10.0, 3.0)] * 2, ROOM)
    assert alone[0] == both[0]
    assert alone[0] is not None
    assert alone[0].area.left > 51.0


def test_a_name_keeps_off_what_is_hard() -> None:
    """Where everything near is written on, a line leads from afar; where all is, there is no name."""
    near = Area(38.0, 24.0, 62.0, 36.0)
    led = placed([(50.0, 30.0, 1.0)], [(10.0, 3.0)], ROOM, hard=[near])[0]
    assert led is not None
    assert (True, 0.0) == (led.led, led.area.shared(near))
    assert [None] == placed([(50.0, 30.0, 1.0)], [(10.0, 3.0)], ROOM, hard=[ROOM])


def test_a_name_does_not_jump_over_a_line() -> None:
    """Between a point and its name lies no other line: the reader would take it for that one's."""
    line = [Area(place, 31.8, place + 1.0, 32.6) for place in range(100)]
    (found,) = placed([(50.0, 30.0, 1.0)], [(60.0, 3.0)], ROOM, line, angles=(-90, 90))
    assert found is not None
    assert found.area.bottom < 30.0
