"""A report below the standard is found out, fault by fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from reportkit.errors import ProjectError
from reportkit.project import Project
from reportkit.render.finding import Lints
from reportkit.render.html import Rendered
from reportkit.render.palette import strangers
from reportkit.render.polish import polish
from reportkit.show.scales import starts_at
from reportkit.show.style import TONES, house, svg
from tests.render.pack import fact, good, planted


@pytest.fixture(scope="module")
def pack(projects: dict[str, Project]) -> Rendered:
    """The small pack that meets the standard."""
    return good(projects["zh"])


def found(rendered: Rendered, project: Project) -> list[tuple[str, str]]:
    """Return rule and text of every fault."""
    return [(each.rule, each.text) for each in polish(rendered, project)]


def test_a_pack_that_meets_the_standard(pack: Rendered, project: Project) -> None:
    """Titles, units, sources, texts, scales and colours of the small pack are as they should be."""
    assert [] == found(pack, project)


@pytest.mark.parametrize(
    ("kind", "changes", "fault"),
    [
        ("figure", {"title": "各平台的占比"}, ("title", "its title holds no number, and no word for a state without one")),
        ("table", {"title": "明细"}, ("title", "its title holds no number, and no word for a state without one")),
        ("figure", {"alt": " "}, ("alt", "it has no alternative text")),
        ("figure", {"html": ('aria-label="天猫', 'aria-label="" title="天猫')}, ("alt", "a figure in it has no alternative text")),
        ("figure", {"facts": []}, ("told", "no evidence code says where its numbers come from")),
        ("figure", {"facts": [fact(1, rows=None, unit=None)]}, ("told", "E1 does not say its unit, rows")),
        ("figure", {"facts": [fact(1, period="2024-03")]}, ("told", "it shows 2024-03 and does not say so")),
        ("verdict", {"html": ("<sup>E1 E4</sup>", "")}, ("evidence", '"GMV 2,209 万,同比明显增 8.2%;退" carries no evidence code')),
        ("cards", {"html": ("2,209", "nan")}, ("missing", '"nan" is printed')),
        ("table", {"html": (">1,000<", ">None<")}, ("missing", '"None" is printed')),
        ("figure", {"html": ("54.7%<", "inf%<")}, ("missing", '"inf" is printed')),
        ("figure", {"html": ("#1f2933", "#ff0000")}, ("colours", "#ff0000 belongs to no palette")),
        ("table", {"html": ("<td", '<td style="background: rgb(200, 0, 0)"')}, ("colours", "rgb(200, 0, 0) belongs to no palette")),
        ("figure", {"html": ("7px", "6px")}, ("text", '"GMV 占比 11月" is 6.0 points, below 7')),
        ("figure", {"html": ("54.7%<", f"54.7% {'很长' * 40}<")}, ("text", '"54.7% 很长很长很长很长很长很长很长很长很长" reaches over the edge of its figure')),
        ("figure", {"html": (">天猫<", ">…<")}, ("text", "a name has no room in its figure and is cut to …")),
    ],
)  # fmt: skip
def test_each_fault_is_named(
    pack: Rendered, project: Project, kind: str, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    """What is planted is found under its rule."""
    assert fault in found(planted(pack, kind, **changes), project)


def test_a_figure_without_a_unit(pack: Rendered, project: Project) -> None:
    """Numbers alone do not say what they count."""
    bare = planted(
        pack, "figure", title="领先的占 54", alt="占 54", html="<figure aria-label='x'>54</figure>"
    )
    assert ("told", "no unit is printed") in found(bare, project)


def test_days_of_its_own(pack: Rendered, project: Project) -> None:
    """A figure of other days than the page's names them, or its months."""
    months = [fact(1, period="2025-06-01/2025-11-30")]
    assert [] == found(planted(pack, "figure", facts=months), project)  # its key says 11月
    said = ("told", "it shows 2024-06-01/2025-05-31 and does not say so")
    assert said in found(planted(pack, "figure", facts=[fact(1, period="2024-06-01/2025-05-31")]), project)


def test_an_empty_state_needs_no_number(pack: Rendered, project: Project) -> None:
    """A title that says 缺数 or 无异常 is whole without a number, a unit or a code."""
    for title in ("库存缺数", "本期无显著异常", "未设目标"):
        empty = planted(pack, "figure", title=title, alt=title, html="", facts=[])
        assert [] == found(empty, project)


def drawing(draw: str) -> str:
    """Return as SVG what the analyst's line `draw` puts on axes."""
    with mpl.rc_context(house()):
        figure = Figure(figsize=(3, 2))
        exec(draw, {"axes": figure.add_subplot(), "starts_at": starts_at, "figure": figure})
        return svg(figure, "x")


@pytest.mark.parametrize(
    ("draw", "fault"),
    [
        ("axes.twinx().plot([1, 2]); axes.bar([0, 1], [2, 3])", "two axes with data share one place: give each a panel of its own"),
        ("axes.bar([0, 1], [12, 13]); axes.set_ylim(10, 14)", "bars stand on an axis that begins at 10, not at 0"),
        ("axes.barh([0, 1], [-12, -13]); axes.set_xlim(-14, -10)", "bars stand on an axis that begins at -10, not at 0"),
        ("axes.bar([0, 1], [12, 13]); axes.set_yscale('log')", "bars stand on an axis that begins at"),
        ("axes.pie([1] * 6)", "a pie of 6 slices; 5 are the most, bars show more"),
        ("axes.pie([1] * 5)", None),
        ("axes.bar([0, 1], [2, 3], bottom=[1, 1]); axes.bar([0, 1], [1, 1])", None),
        ("axes.barh([0, 1], [12, 13], left=10); axes.set_xlim(10, 25); starts_at(axes, 10)", None),
        ("axes.plot([12, 13]); figure.add_axes((0.6, 0.6, 0.2, 0.2)).plot([1, 2])", None),
    ],
)  # fmt: skip
def test_what_a_drawing_does_to_its_scales(
    pack: Rendered, project: Project, draw: str, fault: str | None
) -> None:
    """Two scales in one place, bars cut at their foot and pies of many slices are noted when they are drawn."""
    made = f"<figure aria-label='x'>{drawing(draw)}</figure>"
    problems = found(planted(pack, "figure", kind="custom", html=made), project)
    assert [fault] * bool(fault) == [text[: len(fault or "")] for rule, text in problems if rule == "drawing"]


@pytest.mark.parametrize(
    "color", [*TONES.values(), "#8e98a3", "#fbe9dd", "#dde2e7", "white", "none", "inherit"]
)
def test_inks_hues_and_tints_belong(color: str) -> None:
    """Greys between the inks, and hues made lighter, are of the palette."""
    assert [] == strangers(f'<rect fill="{color}"/><p style="border-top: 1pt solid {color}">')


@pytest.mark.parametrize("color", ["#000000", "#1f77b4", "red", "rgb(0, 128, 0)", "#e5f6d5"])
def test_other_colours_do_not(color: str) -> None:
    """The defaults of programs, and greens, are not."""
    assert [color] == strangers(f'<style>.a {{ background: {color} }}</style><a href="#E12">fill</a>')


def test_colours_of_the_style_sheet(pack: Rendered, project: Project) -> None:
    """A rule of the page's own style counts as well; the fonts in it do not."""
    green = replace(pack, html=pack.html.replace("</style>", ".x { color: #00ff00 }</style>", 1))
    assert [("colours", "#00ff00 belongs to no palette")] == found(green, project)


def test_addresses_outside(pack: Rendered, project: Project) -> None:
    """What lint_html finds is found here as well."""
    outside = replace(
        pack, html=pack.html.replace("</main>", '<img src="http://example.com/x.png" alt="x"></main>')
    )
    assert [("outside", "an address outside the file: http://example.com/x.png")] == found(outside, project)


def test_every_rule_has_a_level(project: Project) -> None:
    """Contradictions stop; a project that forgets a rule is told."""
    levels = Lints.read(project).levels
    assert {"facts", "printed", "sums", "shares", "missing"} == {
        rule for rule, level in levels.items() if level == "stop"
    }
    own = project.root / "params" / "lint.yaml"
    shipped = project.resource("params/lint.yaml").read_text("utf-8")
    try:
        own.write_text(shipped.replace("  page: warn", "  # page: warn"), "utf-8")
        with pytest.raises(ProjectError, match=r"levels: .*page is missing"):
            Lints.read(project)
    finally:
        own.unlink()
