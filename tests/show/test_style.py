"""The look: fonts, glyphs, and SVG that is the same every time."""

from __future__ import annotations

import re

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from reportkit.errors import RenderError
from reportkit.show.style import TONES, apply, clean_texts, house, printable, svg, tone


def drawn(title: str = "净销售额 −3", salt: str = "a", alt: str = "") -> str:
    """One small chart."""
    with mpl.rc_context(house()):
        figure = Figure(figsize=(2, 1))
        axes = figure.add_axes((0.2, 0.2, 0.7, 0.6))
        axes.bar([1, 2], [3, -1], hatch="//")
        axes.set_yticks([-1, 3])
        axes.set_title(title)
        return svg(figure, salt, alt)


def test_text_stays_text_in_our_font() -> None:
    """Selectable, searchable, and with a true minus."""
    found = drawn()
    assert "净销售额 −3</text>" in found
    assert {"Noto Sans SC"} == set(re.findall(r"font-family: '?([^;'\"]+)", found))
    assert ">−1</text>" in found


def test_the_same_figure_gives_the_same_bytes() -> None:
    """No clock, no random ids; another figure has other ids."""
    assert drawn() == drawn()
    ids = [set(re.findall(r' id="([^"]+)"', drawn(salt=salt))) for salt in ("a", "b")]
    assert set() == ids[0] & ids[1]


def test_nothing_leaks_out_of_a_figure() -> None:
    """No style sheet, no metadata, no address, no id that another figure has too."""
    found = drawn()
    assert [] == re.findall(r"<style|<metadata|<g id=|https?://(?!www\.w3\.org)", found)


def test_the_alternative_text_stands_first() -> None:
    """Readers of PDF files look for it there, and it is escaped."""
    assert re.match(r"<svg[^>]*><title>a &lt; b</title>", drawn(alt="a < b"))


def test_a_dollar_sign_is_a_dollar_sign() -> None:
    """Two of them do not start a formula."""
    assert ">$5 off $9</text>" in drawn("$5 off $9")


def test_a_missing_glyph_of_ours_is_an_error() -> None:
    """And names the character."""
    with pytest.raises(RenderError, match="Glyph"):
        drawn("总额🔥")


def test_a_missing_glyph_from_data_becomes_a_box() -> None:
    """Counted, in an analyst's figure too."""
    assert ("羽绒服□ ¥9 ▲▼−–·≤≥±→①", 1) == printable("羽绒服🔥 ¥9 ▲▼−–·≤≥±→①")
    figure = Figure()
    figure.text(0.5, 0.5, "ผ้า x")
    assert 3 == clean_texts(figure)
    assert "□□□ x" == figure.texts[0].get_text()


def test_colours_are_those_of_the_palette() -> None:
    """Good, bad, watch, and the two hues of the direction themes."""
    assert {"#0072b2", "#d55e00", "#e69f00", "#52606d", "#009e73"} == set(TONES.values())


@pytest.mark.parametrize(
    ("change", "better", "theme", "expected"),
    [
        (0.1, "up", "neutral", "good"),
        (-0.1, "up", "neutral", "bad"),
        (0.1, "down", "neutral", "bad"),
        (-0.1, "down", "neutral", "good"),
        (0.1, "none", "neutral", "plain"),
        (0.0, "up", "neutral", "plain"),
        (float("nan"), "up", "neutral", "plain"),
        (0.1, "down", "cn_red_up", "red"),
        (-0.1, "down", "cn_red_up", "green"),
        (0.1, "up", "intl_green_up", "green"),
    ],
)
def test_tones(change: float, better: str, theme: str, expected: str) -> None:
    """Colour is good or bad, unless the theme says direction."""
    assert expected == tone(change, better, theme)


def test_an_analysts_figures_get_the_style() -> None:
    """`apply` makes it the default of the process."""
    with mpl.rc_context():
        apply()
        assert (["Noto Sans SC"], False) == (mpl.rcParams["font.family"], mpl.rcParams["axes.spines.top"])
