"""What the figures share: scales and their ticks, rows with names, columns of text, keys, reference lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.figures.spread import Spot
from reportkit.show.style import INK, PROMO, SECOND

__all__ = [
    "CLEAR",
    "DASHES",
    "EDGE",
    "FLOATS",
    "GAP",
    "KEY",
    "LINE_HEIGHT",
    "PLAIN",
    "ROW",
    "Mark",
    "Reference",
    "Scale",
    "Sign",
    "bare",
    "column",
    "column_width",
    "floats",
    "key",
    "key_height",
    "known",
    "lay_ground",
    "reference_line",
    "round_steps",
    "row_axes",
    "tick_places",
    "write_at",
]

# Millimetres: height of a row, room above the first and below the last, a line of the key, a line of
# 7 pt text, and the gap between columns of text.
ROW, EDGE, KEY, LINE_HEIGHT, GAP = 4.7, 0.6, 4.0, 3.0, 2.0
_NAME_SHARE, _NAME_MAX = 0.33, 46.0
_SWATCH, _TICK_GAP = 1.8, 3.0

# How the line of a target or a limit is dashed, and a ground that keeps lines off a text.
DASHES = (0, (3, 2))
CLEAR: dict[str, Any] = {"fc": "white", "ec": "none", "pad": 0.8}
# A text of the key and how a Rectangle of its kind looks; ``thin`` makes it a line, ``round`` a dot.
# Without a look it is a text alone.
Sign = tuple[str, dict[str, Any]]
FLOATS = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Scale:
    """How an axis prints its numbers: divided by `by`, with `suffix` behind them."""

    by: float = 1.0
    suffix: str = ""

    def text(self, value: float, digits: int | None = None) -> str:
        """Return a round number as a tick prints it, with as many decimals as it has or with `digits`."""
        number = value / self.by + 0.0
        shown = f"{number:,.9g}" if digits is None else f"{number:,.{digits}f}"
        return shown.replace("-", "−") + self.suffix


PLAIN = Scale()


@dataclass(frozen=True)
class Reference:
    """A value that others are held against, with the text that stands at its line."""

    value: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A text at one place of a series: its peak, or what happened there."""

    place: int
    text: str


def floats(values: Iterable[float | None] | None, count: int = 0) -> FLOATS:
    """Return values as floats, NaN for None; `count` NaN where there are none."""
    if values is None:
        return np.full(count, np.nan)
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def known(*series: Iterable[float | None]) -> list[float]:
    """Return the finite numbers of all `series`."""
    return [value for each in series for value in each if value is not None and math.isfinite(value)]


def round_steps(low: float, high: float, scale: Scale, count: int = 3) -> list[tuple[float, str]]:
    """Return about `count` round values from `low` to `high`, each with its text."""
    if not high > low:
        return [(low, scale.text(low))]
    steps = MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low / scale.by, high / scale.by)
    slack = (high - low) * 1e-9
    kept = [float(step * scale.by) for step in steps if low - slack <= step * scale.by <= high + slack]
    digits = max((len(f"{value / scale.by:.9g}".partition(".")[2]) for value in kept), default=0)
    return [(value, scale.text(value, digits)) for value in kept]


def tick_places(texts: Sequence[str], width: float) -> list[int]:
    """Return the places whose tick texts have room on an axis `width` millimetres long."""
    widest = max((text_width(text, 7) for text in texts), default=0.0) + _TICK_GAP
    every = max(1, math.ceil(widest * max(len(texts), 1) / width))
    return list(range(0, len(texts), every))


def bare(axes: Axes) -> None:
    """Take grid, ticks and frame away."""
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def row_axes(
    paper: Paper, names: Sequence[str], right: float, top: float = EDGE, row: float = ROW,
    left: float = 0.0, width: float | None = None,
) -> Axes:  # fmt: skip
    """Return axes with one row a name, the names written to their left; x is free, y is rows from the top.

    They take `width` millimetres from `left` on (by default all), `right` of which stay free for text.
    """
    wide = paper.width - left if width is None else width
    widest = max((text_width(name, 7.5) for name in names), default=0.0)
    head = min(widest + GAP, wide * _NAME_SHARE, _NAME_MAX)
    axes = paper.axes(left + head, top, wide - head - right, max(len(names), 1) * row)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    bare(axes)
    for place, name in enumerate(names):
        paper.note(
            fitted(name, 7.5, head - GAP * 0.75), left + head - GAP * 0.6, top + (place + 0.5) * row,
            ha="right", va="center", fontsize=7.5, color=INK,
        )  # fmt: skip
    return axes


def column_width(texts: Sequence[str]) -> float:
    """Return what a column of texts takes with the gap before it; nothing where all are empty."""
    widest = max((text_width(text, 7) for text in texts), default=0.0)
    return widest + GAP if widest else 0.0


def column(
    paper: Paper, texts: Sequence[str], edge: float, top: float, row: float, colors: Sequence[str] = ()
) -> None:
    """Write one text a row, right-aligned at `edge` millimetres."""
    for place, text in enumerate(texts):
        color = colors[place] if colors else INK
        paper.note(text, edge, top + (place + 0.5) * row, ha="right", va="center", color=color)


def _lead(sign: Sign) -> float:
    """Return what the swatch of a sign takes."""
    return _SWATCH + 1.0 if sign[1] else 0.0


def _key_lines(signs: Sequence[Sign], width: float) -> list[list[tuple[float, Sign]]]:
    """Return the lines of a key; what does not fit in one has its text alone on the first, its marks below."""
    lines: list[list[tuple[float, Sign]]] = [[]]
    left = 0.5
    wides = [_lead(sign) + text_width(sign[0], 7) for sign in signs]
    apart = left + sum(wides) + 4.0 * (len(signs) - 1) > width
    for place, (sign, wide) in enumerate(zip(signs, wides, strict=True)):
        if lines[-1] and (left + wide > width or (apart and place == 1 and not signs[0][1])):
            lines.append([])
            left = 0.5
        lines[-1].append((left, sign))
        left += wide + 4.0
    return lines


def key_height(signs: Sequence[Sign], width: float) -> float:
    """Return how many millimetres `key` takes."""
    return len(_key_lines(signs, width)) * KEY if signs else 0.0


def key(paper: Paper, signs: Sequence[Sign], top: float) -> None:
    """Write what marks mean: a swatch and a text each, in as many lines as they need."""
    for row, line in enumerate(_key_lines(signs, paper.width)):
        middle = top + row * KEY + KEY / 2
        for left, sign in line:
            if sign[1]:
                paper.figure.add_artist(_swatch(paper, left, middle, sign[1]))
            paper.note(sign[0], left + _lead(sign), middle, va="center", color=SECOND)


def _swatch(paper: Paper, left: float, middle: float, look: dict[str, Any]) -> Patch:
    options = {name: value for name, value in look.items() if name not in ("thin", "round")}
    wide, up = _SWATCH / paper.width, 1 - middle / paper.height
    if look.get("round"):
        return Ellipse((left / paper.width + wide / 2, up), wide, _SWATCH / paper.height, **options)
    high = (0.4 if look.get("thin") else _SWATCH) / paper.height
    return Rectangle((left / paper.width, up - high / 2), wide, high, **options)


def write_at(
    paper: Paper, text: str, point: tuple[float, float, float], spot: Spot | None, color: str = INK
) -> None:
    """Write `text` where it was placed, with a fine line to its point (x, y, radius) where it is far from it."""
    if spot is None:
        return
    if spot.led:
        x, y, radius = point
        end = spot.area.nearest(x, y)
        share = radius / (math.dist(end, (x, y)) or 1.0)
        paper.rule((x + (end[0] - x) * share, y + (end[1] - y) * share), end)
    paper.note(text, *spot.area.middle, ha="center", va="center", color=color)


def reference_line(paper: Paper, axes: Axes, reference: Reference, rows: int) -> None:
    """Draw an upright line through `rows` rows, its text above it, both inside the paper."""
    ends = [reference.value] * 2, [-0.5, rows - 0.5]
    axes.plot(*ends, color="white", lw=2.0, zorder=2.5, clip_on=False)
    axes.plot(*ends, color=INK, lw=0.8, ls=DASHES, zorder=2.6, clip_on=False)
    x, top = paper.at(axes, reference.value, -0.5)
    half = text_width(reference.text, 7) / 2
    middle = min(max(x, half + 0.3), paper.width - half - 0.3)
    paper.note(reference.text, middle, top - 0.4, ha="center", va="bottom", color=SECOND)


def lay_ground(axes: Axes, places: Iterable[int]) -> None:
    """Lay the faint ground of promotion days under `places`."""
    for place in places:
        axes.axvspan(place - 0.5, place + 0.5, color=PROMO, lw=0, zorder=0)
