"""Paper: a figure measured in millimetres, and the marks that every chart shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reportkit.show.display import Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.style import NOTE, WIDTHS, svg

__all__ = ["Paper", "figure", "fitted", "text_width"]


class Paper:
    """A figure of the width of its column and `height` millimetres, with axes placed in millimetres."""

    def __init__(self, size: str, height: float) -> None:
        self.size, self.width, self.height = size, WIDTHS[size], height
        self.figure = Figure(figsize=(self.width / 25.4, height / 25.4))
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

    def svg(self, salt: str, alt: str) -> str:
        """Return the paper as inline SVG."""
        return svg(self.figure, salt, alt)


def text_width(text: str, points: float) -> float:
    """Return how many millimetres `text` takes at `points`, near enough to leave room for it."""
    ems = sum(1.0 if ord(char) > 0x2E7F else 0.58 for char in text)
    return ems * points / 72 * 25.4


def fitted(text: str, points: float, width: float) -> str:
    """Return `text`, cut with … where it is wider than `width` millimetres."""
    if text_width(text, points) <= width:
        return text
    kept = next(n for n in range(len(text), -1, -1) if text_width(text[:n] + "…", points) <= width or n == 0)
    return text[:kept] + "…"


def figure(
    pen: Pen, paper: Paper, *, title: str, alt: str, marks: Sequence[str], subtitle: str = ""
) -> Drawn:
    """Return `paper` as a display with its title above and its alternative text."""
    body = paper.svg(f"{title}{len(marks)}", alt)
    html = fill(
        pen.project, "figure.html", title=title, alt=alt, codes=pen.codes(marks), mark="",
        body=Markup(body),
    )  # fmt: skip
    return Drawn(html, title, alt, subtitle)
