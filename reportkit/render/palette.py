"""Which colours a report may hold: the house's inks and hues, their tints, and the greys between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from matplotlib.colors import CSS4_COLORS, to_rgb

from reportkit.show.figures import PLATFORMS
from reportkit.show.style import BAD, BAND, GOOD, INK, LINE, NOTE, PROMO, SECOND, TONES, WATCH

__all__ = ["strangers"]

_Point = npt.NDArray[np.float64]

_DECLARED = re.compile(
    r"(?:fill|stroke|color|background(?:-color)?|border[\w-]*|stop-color)\s*[:=]\s*[\"']?([^;\"'}<>]*)"
)
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|[a-z]{3,}")
_ADDRESS = re.compile(r"url\([^)]*\)")
_GREYS = (INK, SECOND, NOTE, LINE, BAND, "#ffffff")
_HUES = (*TONES.values(), GOOD, BAD, WATCH, PROMO, *PLATFORMS.values())
# How far, of 255 in any channel, a grey may lie beside the line of greys, and a tint beside its hue's.
_GREY_APART, _TINT_APART = 10.0, 4.0


def strangers(markup: str, more: Iterable[str] = ()) -> list[str]:
    """Return the colours in the styles and drawings of `markup` that are no ink, hue, tint or grey of the house.

    `more` are further colours that are allowed as they are.
    """
    allowed = {color.lower() for color in more}
    return sorted({color for color in _colors(markup) if color not in allowed and not _belongs(color)})


def _colors(markup: str) -> Iterator[str]:
    for declared in _DECLARED.findall(_ADDRESS.sub("", markup)):
        for color in _COLOR.findall(declared):
            if color.startswith(("#", "rgb")) or color in CSS4_COLORS:
                yield color.lower()


def _belongs(color: str) -> bool:
    point = _point(color)
    greys = (_apart(point, _point(one), _point(two)) <= _GREY_APART for one, two in pairwise(_GREYS))
    tints = (_apart(point, _point(hue), _point("#ffffff")) <= _TINT_APART for hue in _HUES)
    return any(greys) or any(tints)


def _point(color: str) -> _Point:
    if color.startswith("rgb"):
        return np.array([float(part) for part in re.findall(r"[\d.]+", color)[:3]])
    return np.array(to_rgb(color)) * 255


def _apart(point: _Point, one: _Point, two: _Point) -> float:
    """Return how far `point` lies beside the stretch from `one` to `two`, in its worst channel."""
    along = two - one
    share = float(np.clip(np.dot(point - one, along) / (float(np.dot(along, along)) or 1.0), 0, 1))
    return float(np.abs(point - one - share * along).max())
