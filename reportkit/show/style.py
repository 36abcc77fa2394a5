"""The look: colours, sizes, fonts, and how a matplotlib figure becomes inline SVG.

Direction is told by ▲▼ and signs; colour tells good from bad, unless the project's theme says that
colour follows direction. Figures are drawn at the size they are printed at, so a point is a point.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
from cycler import cycler
from markupsafe import escape
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from pylopdf_fonts_zh_cn import sans_path, serif_path

from reportkit.errors import RenderError
from reportkit.show.scales import drawn

__all__ = [
    "BAD",
    "BAND",
    "GOOD",
    "INK",
    "LINE",
    "NOTE",
    "PROMO",
    "SANS",
    "SECOND",
    "SERIF",
    "TONES",
    "WATCH",
    "WIDTHS",
    "apply",
    "check_glyphs",
    "clean_texts",
    "house",
    "printable",
    "svg",
    "tone",
]

INK, SECOND, NOTE, LINE, BAND = "#1f2933", "#52606d", "#7b8794", "#cbd2d9", "#e8ecf0"
GOOD, BAD, WATCH = "#0072b2", "#d55e00", "#e69f00"
PROMO = "#f5efe0"
SANS, SERIF = "Noto Sans SC", "Noto Serif SC"

TONES = {"good": GOOD, "bad": BAD, "watch": WATCH, "plain": SECOND, "red": BAD, "green": "#009e73"}

# Millimetres on A4 landscape: the whole width, the two columns of the overview, halves and thirds.
WIDTHS = {"full": 273.0, "left": 169.2, "right": 98.2, "half": 133.8, "third": 87.0}

_NOT_DRAWN = re.compile(r"[^\S\n]*<metadata>.*?</metadata>\n?|<style\b.*?</style>", re.DOTALL)
_GROUP_ID = re.compile(r'<g id="[^"]*"')

Theme = Literal["neutral", "cn_red_up", "intl_green_up"]


def tone(change: float, better: str, theme: Theme) -> str:
    """Return which tone a change is printed in: a key of `TONES`.

    `better` is ``up``, ``down`` or ``none``. Outside the neutral theme colour follows direction.
    """
    if change != change or change == 0:
        return "plain"
    if theme != "neutral":
        return "red" if (change > 0) == (theme == "cn_red_up") else "green"
    if better == "none":
        return "plain"
    return "good" if (change > 0) == (better == "up") else "bad"


@cache
def _register() -> None:
    for path in (sans_path(), serif_path()):
        font_manager.fontManager.addfont(str(path))


def house() -> dict[Any, Any]:
    """Return the matplotlib settings of the house style; the fonts are registered on the way."""
    _register()
    return {
        "font.family": [SANS],
        "font.size": 7,
        "svg.fonttype": "none",
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "axes.edgecolor": LINE,
        "axes.labelcolor": SECOND,
        "axes.labelsize": 7.5,
        "axes.titlesize": 8,
        "axes.titlelocation": "left",
        "axes.titleweight": "regular",
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.prop_cycle": cycler(color=[INK, GOOD, BAD, WATCH, NOTE, LINE]),
        "grid.color": LINE,
        "grid.linewidth": 0.5,
        "hatch.linewidth": 0.7,
        "legend.frameon": False,
        "legend.fontsize": 7,
        "lines.linewidth": 1.1,
        "text.color": INK,
        "xtick.color": LINE,
        "xtick.labelcolor": SECOND,
        "xtick.labelsize": 7,
        "xtick.major.size": 0,
        "ytick.color": LINE,
        "ytick.labelcolor": SECOND,
        "ytick.labelsize": 7,
        "ytick.major.size": 0,
    }


def apply() -> None:
    """Make the house style the default of this process, so an analyst's own figures have it too."""
    mpl.rcParams.update(house())


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(FT2Font(str(sans_path())).get_charmap())


def printable(text: str) -> tuple[str, int]:
    """Return text from data with what the font lacks replaced by □, and how many were replaced.

    >>> printable("羽绒服🔥")
    ('羽绒服□', 1)
    """
    kept = ["□" if ord(c) > 126 and ord(c) not in _glyphs() else c for c in text.replace("\x00", "")]
    return "".join(kept), sum(a != b for a, b in zip(kept, text.replace("\x00", ""), strict=True))


def check_glyphs(text: str, where: str) -> str:
    """Return our own `text`; RenderError if the font lacks one of its characters."""
    shown, lacking = printable(text)
    if lacking:
        absent = sorted({a for a, b in zip(text, shown, strict=True) if a != b})
        raise RenderError(
            f"the font has no {' '.join(absent)}",
            where=where,
            todo="write the words without these characters",
        )
    return text


def clean_texts(figure: Figure) -> int:
    """Set every text of a figure in our font; return how many characters became □ for want of a glyph."""
    replaced = _clean_ticks(figure)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_fontfamily(SANS)
        shown, count = printable(text.get_text())
        if count:
            text.set_text(shown)
            replaced += count
    return replaced


def _clean_ticks(figure: Figure) -> int:
    """Tick labels are written anew whenever a figure is drawn: fix those that hold a missing glyph."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        figure.draw_without_rendering()
    replaced = 0
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        shown = [printable(label.get_text()) for label in axis.get_ticklabels()]
        if count := sum(lacking for _, lacking in shown):
            axis.set_ticks(axis.get_ticklocs(), [text for text, _ in shown])
            replaced += count
    return replaced


@contextmanager
def _strict_glyphs() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        yield


def svg(figure: Figure, salt: str, alt: str = "", *, tight: bool = False) -> str:
    """Return `figure` as an inline ``<svg>``: text stays text, nothing in it depends on the clock.

    `salt` keeps the ids of clip paths and hatches apart from those of other figures on the page.
    `alt` stands in its first element, where readers of PDF files look for it. `tight` cuts or widens the paper to what is drawn on it.
    What `reportkit.show.scales` has to say of its axes is its attribute ``data-drawn``.
    Raises RenderError if a text holds a character the font lacks.
    """
    out = io.StringIO()
    try:
        with mpl.rc_context(house() | {"svg.hashsalt": salt}), _strict_glyphs():
            figure.savefig(out, format="svg", metadata={"Date": None}, bbox_inches="tight" if tight else None)
    except UserWarning as warning:
        raise RenderError(str(warning), where=salt, todo="write it without that character") from warning
    body = out.getvalue()
    body = _GROUP_ID.sub("<g", _NOT_DRAWN.sub("", body[body.index("<svg") :]))
    body = body.replace("font-weight: bold; ", "").strip()
    if marks := drawn(figure):
        body = body.replace("<svg", f'<svg data-drawn="{marks}"', 1)
    return body.replace(">", f"><title>{escape(alt)}</title>", 1) if alt else body
