"""The notation survives a grey printer: what stands side by side differs in lightness, or says it another way."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from reportkit.errors import RenderError
from reportkit.show import figures
from reportkit.show.figures.heat import heat_fill
from reportkit.show.figures.palette import (
    ACTUAL,
    NORMAL,
    OTHER,
    PLATFORMS,
    PROJECTED,
    RANGES,
    TARGET,
    THEN,
    greys,
    lightness,
    platform_color,
    shade,
    written_on,
)
from reportkit.show.style import BAD, GOOD, INK, PROMO, TONES, WATCH

APART = 8.0


@pytest.mark.parametrize(("color", "expected"), [("#000000", 0.0), ("#ffffff", 100.0), ("#777777", 50.0)])
def test_lightness_is_that_of_the_standard(color: str, expected: float) -> None:
    """Black, white, and the grey that is half way."""
    assert expected == pytest.approx(lightness(color), abs=0.3)


def test_what_is_actual_last_year_and_normal_are_three_greys() -> None:
    """On paper too, and in this order."""
    tones = [lightness(color) for color in (ACTUAL["fc"], shade("muted"), THEN["fc"], NORMAL, "#ffffff")]
    assert sorted(tones) == tones
    assert min(b - a for a, b in pairwise(tones)) > 5
    assert lightness(THEN["fc"]) - lightness(ACTUAL["fc"]) > 60


def test_target_and_projection_carry_a_second_sign() -> None:
    """An outline and a hatching say what a grey could not."""
    assert ("none", INK) == (TARGET["fc"], TARGET["ec"])
    assert PROJECTED["hatch"]
    assert lightness(PROMO) > lightness(NORMAL)


def test_ranges_of_a_bullet_stay_apart() -> None:
    """And the bar on them is far darker."""
    tones = [lightness(color) for color in RANGES]
    assert min(abs(a - b) for a, b in pairwise(tones)) > 5
    assert min(tones) - lightness(INK) > 60


@pytest.mark.parametrize("count", range(2, 8))
def test_parts_of_a_stack_stay_apart(count: int) -> None:
    """As many greys as a stack may have parts."""
    tones = [lightness(color) for color in greys(count)]
    assert min(b - a for a, b in pairwise(tones)) > APART


def test_an_eighth_part_is_refused() -> None:
    """The rest is gathered by whoever asks."""
    rows = [figures.Stack("a", (1.0,) * 8)]
    with pytest.raises(RenderError, match=r"8 parts stacked[\s\S]*7 at most"):
        figures.stacked("left", rows, [str(place) for place in range(8)])


def test_platforms_have_six_hues_on_steps_of_lightness() -> None:
    """None of them is good, bad or watch; whatever is unknown is grey."""
    tones = sorted(lightness(color) for color in (*PLATFORMS.values(), OTHER))
    assert 6 == len(PLATFORMS)
    assert min(b - a for a, b in pairwise(tones)) > APART
    assert set() == set(PLATFORMS.values()) & set(TONES.values())
    assert (OTHER, PLATFORMS["jd"]) == (platform_color("weidian"), platform_color("jd"))


def test_tones_that_are_near_in_grey_come_with_a_sign() -> None:
    """Good, bad and watch are read by ▲▼, a sign or a word; every one of them is darker than its ground."""
    near = [
        pair
        for pair in combinations((GOOD, BAD, WATCH), 2)
        if abs(lightness(pair[0]) - lightness(pair[1])) < APART
    ]
    assert len(near) <= 1
    steps = [
        figures.Step("a", 0, 10, "10", total=True),
        figures.Step("b", 10, 14, "+4", "good"),
        figures.Step("c", 14, 11, "−3", "bad"),
        figures.Step("d", 0, 11, "11", total=True),
    ]
    axes = figures.bridge("right", steps).figure.axes[0]
    assert ["10", "+4", "−3", "11"] == [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("color", [*PLATFORMS.values(), OTHER, *greys(7)])
def test_text_is_read_on_its_ground(color: str) -> None:
    """At least 40 steps of lightness between a part and what is written on it."""
    assert abs(lightness(color) - lightness(written_on(color))) > 40


def test_fills_of_a_heat_table_are_pale() -> None:
    """White at the low end, none where there are too few cases, ink read on the strongest."""
    assert ["#ffffff", "none", "none"] == [heat_fill(each, 0.0, 1.0) for each in (0.0, None, float("nan"))]
    assert all(lightness(heat_fill(2.0, 0.0, 1.0, tone)) > 75 for tone in ("good", "bad", "watch", "plain"))
