"""The notation of every figure: what is actual, last year's, aimed at, projected or normal looks the same everywhere.

Series of one meaning are ink. Hues belong to platforms, and only where several of them share axes.
The hues are those of Okabe and Ito (2008), set on steps of lightness so that they stay apart in grey.
"""

from __future__ import annotations

from typing import Any

from matplotlib.colors import to_hex, to_rgb

from reportkit.show.style import INK, LINE, TONES

__all__ = [
    "ACTUAL",
    "MUTED",
    "NORMAL",
    "OTHER",
    "PLATFORMS",
    "PROJECTED",
    "RANGES",
    "TARGET",
    "THEN",
    "greys",
    "lightness",
    "mixed",
    "platform_color",
    "shade",
    "written_on",
]

ACTUAL: dict[str, Any] = {"fc": INK, "ec": "none", "lw": 0}
THEN: dict[str, Any] = {"fc": LINE, "ec": "none", "lw": 0}
TARGET: dict[str, Any] = {"fc": "none", "ec": INK, "lw": 0.7}
PROJECTED: dict[str, Any] = {"fc": "white", "ec": INK, "hatch": "/////", "lw": 0.6}

NORMAL = "#dde2e7"
RANGES = ("#eef1f4", "#dde2e7", LINE)
MUTED = "#9aa5b1"
_DARKEST, _LIGHTEST = INK, "#d6dce2"

PLATFORMS = {
    "tmall": "#5c364b",
    "jd": "#00674b",
    "douyin": "#a65a85",
    "pdd": "#968f2a",
    "xiaohongshu": "#54afe2",
    "tiktok_shop": "#d8ce4a",
}
OTHER = NORMAL


def platform_color(key: str) -> str:
    """Return the fixed colour of a platform; grey for any but the known six."""
    return PLATFORMS.get(key, OTHER)


def shade(tone: str) -> str:
    """Return the colour of a tone: ``ink``, ``muted`` (the rest, the unknown) or a key of ``style.TONES``."""
    return {"ink": INK, "muted": MUTED}.get(tone) or TONES[tone]


def greys(count: int) -> list[str]:
    """Return `count` greys from dark to light, evenly apart.

    >>> greys(2)
    ['#1f2933', '#d6dce2']
    """
    return [mixed(_DARKEST, _LIGHTEST, place / max(count - 1, 1)) for place in range(count)]


def mixed(one: str, two: str, share: float) -> str:
    """Return the colour `share` of the way from `one` to `two`."""
    red, green, blue = (a + (b - a) * share for a, b in zip(to_rgb(one), to_rgb(two), strict=True))
    return to_hex((red, green, blue))


def lightness(color: str) -> float:
    """Return L* of a colour, 0 black to 100 white (CIE 1976, from sRGB as IEC 61966-2-1 has it)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance)


def written_on(color: str) -> str:
    """Return the ink that can be read on `color`: white on the dark, ink on the light."""
    return "white" if lightness(color) < 58 else INK
