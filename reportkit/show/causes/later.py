"""What a review will tell besides, and what each part waits for: one line each."""

from __future__ import annotations

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed

__all__ = ["later"]

_PARTS = ("strategy", "benchmark", "fmea")
_WIDTHS = (26, 74)


def later(size: str = "full") -> Display:
    """List the parts of this phase that are not told yet, with what each of them waits for."""
    return Display("table", _draw, size)


def _draw(pen: Pen) -> Drawn:
    words = pen.words
    rows = [[words(f"causes.later_{part}"), words(f"causes.later_{part}_why")] for part in _PARTS]
    heads = [words("causes.later_part"), words("causes.later_why")]
    return listed(pen, words("causes.later_title", count=len(rows)), Listing(heads, rows, widths=_WIDTHS))
