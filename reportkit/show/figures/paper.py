"""Paper: a figure measured in millimetres, and how wide a text will be on it."""

from __future__ import annotations

from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from pylopdf_fonts_zh_cn import sans_path

from reportkit.show.style import LINE, NOTE, WIDTHS, svg

__all__ = ["Paper", "fitted", "text_width"]

_MM = 25.4


class Paper:
    """A figure of the width of its place and `height` millimetres, with axes placed in millimetres."""

    def __init__(self, size: str, height: float) -> None:
        self.size, self.width, self.height = size, WIDTHS[size], height
        self.figure = Figure(figsize=(self.width / _MM, height / _MM))
        self.figure.patch.set_visible(False)

    def axes(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Return axes whose upper left corner is `left`, `top` millimetres from that of the paper."""
        bottom = self.height - top - height
        axes = self.figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height), **options
        )
        axes.patch.set_visible(False)
        return axes

    def note(self, text: str, left: float, top: float, **options: Any) -> None:
        """Write small grey text, its upper left corner (or as `ha` says) at `left`, `top` millimetres."""
        settings: dict[str, Any] = {"fontsize": 7, "color": NOTE, "va": "top"} | options
        self.figure.text(left / self.width, 1 - top / self.height, text, **settings)

    def rule(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a fine line between two places, each millimetres from the left and from the top."""
        across = [start[0] / self.width, end[0] / self.width]
        up = [1 - start[1] / self.height, 1 - end[1] / self.height]
        self.figure.add_artist(Line2D(across, up, color=LINE, lw=0.6))

    def at(self, axes: Axes, x: float, y: float) -> tuple[float, float]:
        """Return where a point of `axes` lies: millimetres from the left and from the top of the paper."""
        right, up = axes.transData.transform((x, y)) / self.figure.dpi * _MM
        return float(right), float(self.height - up)

    def svg(self, salt: str, alt: str) -> str:
        """Return the paper as inline SVG."""
        return svg(self.figure, salt, alt)


@cache
def _font() -> FT2Font:
    return FT2Font(str(sans_path()))


@cache
def _advance(char: str) -> float:
    """Return the width of a character in ems; one em where the font lacks it."""
    font = _font()
    glyph = font.get_char_index(ord(char))
    return font.load_glyph(glyph, flags=LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM if glyph else 1.0


def text_width(text: str, points: float) -> float:
    """Return how many millimetres `text` takes at `points`."""
    return sum(map(_advance, text)) * points / 72 * _MM


def fitted(text: str, points: float, width: float) -> str:
    """Return `text`, cut with … where it is wider than `width` millimetres."""
    if text_width(text, points) <= width:
        return text
    kept = next(n for n in range(len(text), -1, -1) if text_width(text[:n] + "…", points) <= width or n == 0)
    return text[:kept] + "…"
