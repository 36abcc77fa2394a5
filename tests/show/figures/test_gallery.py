"""Every figure of the gallery, in both languages: nothing cut, nothing crowded, the same bytes every time."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache

import matplotlib as mpl
import pytest
from matplotlib.text import Text

from reportkit.show.paper import Paper
from reportkit.show.style import house
from tests.conftest import REPOSITORY
from tests.show.figures.gallery import LANGS, PICTURES, Said, heat
from tests.show.measured import faults

DOCS = REPOSITORY / "docs"
EVERY = [(name, lang) for name in PICTURES for lang in LANGS]


@cache
def drawn(name: str, lang: str) -> Paper:
    """A picture of the gallery in the house style, drawn once."""
    with mpl.rc_context(house()):
        return PICTURES[name](Said(lang))


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_no_label_is_cut_or_covers_another(name: str, lang: str) -> None:
    """Measured with a renderer, at the size it is printed at; nothing is smaller than 7 points."""
    paper = drawn(name, lang)
    with mpl.rc_context(house()):
        assert ([], []) == faults(paper)
    texts = [text for text in paper.figure.findobj(Text) if text.get_text()]
    assert [] == [text.get_text() for text in texts if text.get_fontsize() < 7]


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "bridge"])
def test_bars_start_at_zero(name: str) -> None:
    """All but those of the bridge, which says where its axis starts."""
    for axes in drawn(name, "en").figure.axes:
        for group in axes.containers:
            low, high = axes.get_xlim() if group.orientation == "horizontal" else axes.get_ylim()
            assert low <= 0 <= high


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_one_in_the_gallery(name: str) -> None:
    """Byte for byte; ``REPORTKIT_RENEW=1`` writes it anew. Its text stays text, in the house font."""
    paper, path = drawn(name, "en"), DOCS / "figures" / f"{name}.svg"
    paper.figure.patch.set(visible=True, facecolor="white")
    with mpl.rc_context(house()):
        found = paper.svg(name, name.replace("_", " ")) + "\n"
    if os.environ.get("REPORTKIT_RENEW"):
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found
    assert {"Noto Sans SC"} == set(re.findall(r"font-family: '?([^;'\"]+)", found))


def test_the_page_shows_each_picture_once() -> None:
    """With its one line, and no picture that nothing draws."""
    page = (DOCS / "figures.md").read_text(encoding="utf-8")
    shown = re.findall(r"\]\(figures/(\w+)\.svg\)", page)
    assert (sorted(PICTURES), sorted(PICTURES)) == (
        sorted(shown),
        sorted(path.stem for path in (DOCS / "figures").glob("*.svg")),
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_heat_table_is_pale(lang: str) -> None:
    """Ink is read on every fill; what is missing has none."""
    html = str(heat(Said(lang)))
    fills = re.findall(r"background: (#\w+)", html)
    assert (15, 1) == (len(fills), html.count("—"))
    assert "#ffffff" in fills


def test_the_gallery_is_the_same_whatever_was_drawn_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """No id or colour leaks from one figure into another."""
    again: Callable[[Said], Paper] = PICTURES["bars"]
    with mpl.rc_context(house()):
        one = again(Said("zh")).svg("bars", "a")
        PICTURES["timeline"](Said("zh")).svg("timeline", "b")
        assert one == again(Said("zh")).svg("bars", "a")
