"""What the figures do with numbers: zeros, gaps, ends, order, and nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import matplotlib as mpl
import numpy as np
import pytest

from reportkit.show import figures
from reportkit.show.figures import Axis, Bar, Cell, Curve, Mark, Panel, Paper, Point, Reference, Stack, Step
from reportkit.show.figures.kit import Scale, round_steps, tick_places
from reportkit.show.style import house
from tests.show.measured import faults

LONG = "轻薄鹅绒长款连帽冬季羽绒服女士加厚保暖外套防风抗寒"


def widths(paper: Paper, group: int = 0) -> list[float]:
    """Lengths of the bars of one group of the first axes."""
    return [round(bar.get_width(), 6) for bar in paper.figure.axes[0].containers[group]]


def written(paper: Paper) -> list[str]:
    """What is written on the paper itself."""
    return [text.get_text() for text in paper.figure.texts if text.get_text()]


EMPTY: dict[str, Callable[[], Paper]] = {
    "bars": lambda: figures.bars("right", []),
    "bridge": lambda: figures.bridge("right", []),
    "bullets": lambda: figures.bullets("right", []),
    "dumbbells": lambda: figures.dumbbells("right", [], start="a", end="b"),
    "stacked": lambda: figures.stacked("right", [], ["a"]),
    "diverging": lambda: figures.diverging("right", [], ["a"]),
    "pareto": lambda: figures.pareto("right", []),
    "boxes": lambda: figures.boxes("right", []),
    "timeline": lambda: figures.timeline("right", [], [Panel("a", [], columns=True)]),
    "curves": lambda: figures.curves("right", [], []),
    "columns": lambda: figures.column_multiples("right", [], []),
    "lines": lambda: figures.line_multiples("right", [], []),
    "quadrants": lambda: figures.quadrants("right", [], Axis("x"), Axis("y"), ("a", "b", "c", "d")),
    "zones": lambda: figures.zones("right", [], Axis("x"), Axis("y"), []),
    "funnels": lambda: figures.funnels("right", []),
}
MISSING: dict[str, Callable[[], Paper]] = {
    "bars": lambda: figures.bars("third", [Bar(LONG, None, "—", None, "—")] * 2, now=LONG, then=LONG),
    "bullets": lambda: figures.bullets("third", [figures.Bullet(LONG, None, 5.0, "—", "5"), figures.Bullet("b", 9.0, None)]),
    "dumbbells": lambda: figures.dumbbells("third", [figures.Pair("a", None, 0.3, "—", "30%")], start="a", end="b"),
    "stacked": lambda: figures.stacked("third", [Stack(LONG, (None, 0.0)), Stack("b", (None, 2.0))], ["a", "b"]),
    "diverging": lambda: figures.diverging("third", [Stack(LONG, (None, None))], ["a", "b"], total="s"),
    "timeline": lambda: figures.timeline("third", ["1", "2"], [Panel("a", [nan, None], columns=True), Panel("b", [nan, nan])], gap="缺数"),
    "curves": lambda: figures.curves("third", ["1", "2"], [Curve("a", [nan, nan]), Curve("b", [3.0])]),
    "columns": lambda: figures.column_multiples("third", ["1"], [Cell(LONG, [nan], last="—")]),
    "lines": lambda: figures.line_multiples("third", ["1"], [Cell(LONG, [nan], last="—")]),
    "quadrants": lambda: figures.quadrants("third", [Point(0.0, 0.0, LONG)], Axis("x"), Axis("y"), ("a", "b", "c", "d")),
    "zones": lambda: figures.zones("third", [Point(0.0, inf, "a"), Point(nan, 3.0, "b")], Axis("x"), Axis("y"), [figures.Zone(LONG, 0, 5), figures.Zone(LONG, 5, inf)]),
    "funnels": lambda: figures.funnels("third", [figures.Funnel(LONG, (figures.FunnelStep(LONG, None, "—"),))], per_row=1),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_is_a_small_empty_paper(name: str) -> None:
    """No error, no number that is none."""
    with mpl.rc_context(house()):
        found = EMPTY[name]().svg("a", "b")
    assert [word for word in ("nan", "inf", "None") if word in found] == []


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_is_not_drawn(name: str) -> None:
    """And long names neither cover their neighbours nor leave the narrowest paper."""
    with mpl.rc_context(house()):
        paper = MISSING[name]()
        found = paper.svg("a", "b")
        assert ([], []) == faults(paper)
    assert [word for word in ("nan", ">inf", "None") if word in found] == []


def test_bars_know_now_then_and_nothing() -> None:
    """A part without a then has no light bar; texts are the caller's."""
    paper = figures.bars(
        "right", [Bar("a", 3.0, "3 万", 2.0, "▲1"), Bar("b", 1.0, "1 万")], now="今", then="昨"
    )
    assert [3.0, 2.0, 1.0] == [bar.get_width() for group in paper.figure.axes[0].containers for bar in group]
    assert ["a", "b", "3 万", "1 万", "▲1", "", "今", "昨"] == [
        text.get_text() for text in paper.figure.texts
    ]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((1000.0, 1100.0, 1050.0), 900.0),
        ((10.0, 30.0, 20.0), 0.0),
        ((5.0, -3.0, -3.0), -3.0),
        ((5.0, 5.0, 5.0), 0.0),
    ],
)
def test_where_a_bridge_starts(ends: tuple[float, float, float], expected: float) -> None:
    """At zero, unless its steps would be lost on bars so long; it says so only then."""
    first, top, last = ends
    steps = [
        Step("a", 0.0, first, total=True), Step("b", first, top), Step("c", top, last), Step("d", 0.0, last, total=True)
    ]  # fmt: skip
    assert expected == figures.bridge_start(steps)
    assert (expected > 0) == ("here" in written(figures.bridge("right", steps, start_note="here")))


def test_stacks_are_wholes_or_amounts() -> None:
    """A whole is 100 % of its own sum; amounts keep their size."""
    rows = [Stack("a", (1.0, 3.0)), Stack("b", (2.0, 2.0))]
    every = [
        [round(bar.get_width(), 3) for group in figures.stacked("left", rows, ["x", "y"], whole=whole).figure.axes[0].containers for bar in group]
        for whole in (True, False)
    ]  # fmt: skip
    assert [[0.25, 0.75, 0.5, 0.5], [1.0, 3.0, 2.0, 2.0]] == every


def test_effects_pull_either_way_and_add_up() -> None:
    """What raises stands right of zero, what lowers left of it, the sum below both."""
    axes = figures.diverging("left", [Stack("a", (5.0, -3.0, 2.0, -1.0))], list("vcbr")).figure.axes[0]
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for group in axes.containers for bar in group]
    assert [(0.0, 5.0), (-3.0, 0.0), (5.0, 7.0), (-4.0, -3.0), (0.0, 3.0)] == bars


def test_a_running_share_ends_at_one() -> None:
    """In a panel of its own: one axis a plot."""
    rows = [figures.ParetoRow(name, value) for name, value in (("a", 6.0), ("b", 3.0), ("c", 1.0))]
    bars, running = figures.pareto("half", rows, cut=Reference(0.8, "80%")).figure.axes
    assert [0.6, 0.9, 1.0] == pytest.approx([*running.lines[-3].get_xdata()])
    assert set() == set(bars.get_shared_x_axes().get_siblings(bars)) & {running}


def test_days_that_are_young_missing_or_marked() -> None:
    """Hatched, a gap with its word, a text above its column; the band lies below."""
    panel = Panel(
        "a", [1.0, nan, 3.0, 2.0], columns=True, young=[False, False, False, True], low=[1] * 4, high=[2] * 4,
        marks=(Mark(2, "peak"), Mark(1, "lost")),
    )  # fmt: skip
    paper = figures.timeline("half", list("1234"), [panel], gap="缺数", ground=[2])
    settled, young = paper.figure.axes[0].containers
    assert (3, 1, "/////") == (len(settled), len(young), young[0].get_hatch())
    assert (["peak"], ["缺数"]) == (
        written(paper),
        [text.get_text() for text in paper.figure.axes[0].texts if text.get_text()],
    )


def test_a_line_is_dashed_where_it_is_young() -> None:
    """From the last settled point on, so that it does not break."""
    axes = figures.timeline(
        "half", list("1234"), [Panel("a", [1, 2, 3, 4], young=[False, False, True, True])]
    ).figure.axes[0]
    settled, young = (np.asarray(line.get_ydata(), dtype=float) for line in axes.lines[:2])
    assert ([0, 1], [1, 2, 3]) == (
        np.flatnonzero(np.isfinite(settled)).tolist(),
        np.flatnonzero(np.isfinite(young)).tolist(),
    )


def test_a_curve_is_named_where_it_ends() -> None:
    """At the right edge, or before it with a dot."""
    paper = figures.curves(
        "half", list("12345"), [Curve("whole", [1, 2, 3, 4, 5], "then"), Curve("part", [1, 3])]
    )
    assert ["whole", "part"] == written(paper)
    assert [[1.0], [3.0]] == [[*axis] for axis in paper.figure.axes[0].lines[-1].get_data()]


def test_small_multiples_share_one_scale() -> None:
    """Columns always, lines where they are asked to."""
    cells = [Cell("a", [1.0, 2.0]), Cell("b", [10.0, 20.0])]
    made = [
        figures.column_multiples("half", ["1", "2"], cells),
        figures.line_multiples("half", ["1", "2"], cells, common=True),
        figures.line_multiples("half", ["1", "2"], cells),
    ]
    assert [1, 1, 2] == [len({axes.get_ylim() for axes in paper.figure.axes}) for paper in made]


def test_what_never_sells_stands_at_the_edge() -> None:
    """A logarithm knows no zero; the point is still there."""
    found = [Point(3.0, 30.0), Point(inf, 0.0), Point(300.0, 3.0)]
    axes = figures.zones("half", found, Axis("x"), Axis("y"), []).figure.axes[0]
    places = np.asarray(axes.collections[0].get_offsets())
    assert len(places) == 3
    assert places[1][0] > 300
    assert 0 < places[1][1] <= 3


@pytest.mark.parametrize(
    ("low", "high", "scale", "expected"),
    [
        (0, 2.4e6, Scale(1e4), ["0", "100", "200"]),
        (0, 0.17, Scale(0.01, "%"), ["0%", "10%"]),
        (4.62, 4.78, Scale(), ["4.65", "4.70", "4.75"]),
        (-2e6, 2e6, Scale(1e4), ["−200", "0", "200"]),
        (3, 3, Scale(), ["3"]),
    ],
)
def test_ticks_are_round_and_of_one_kind(low: float, high: float, scale: Scale, expected: list[str]) -> None:
    """As many decimals on each as the finest needs, and a true minus."""
    assert expected == [text for _, text in round_steps(low, high, scale)]


def test_ticks_have_room() -> None:
    """Ninety days on a narrow paper print a few."""
    days = [f"11.{day}" for day in range(90)]
    assert [0, 11, 22] == tick_places(days, 80.0)[:3]
