"""The four parts of a review inside one of its phases: where each stands, and what is not filled yet (C5.1)."""

from __future__ import annotations

from typing import Literal

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed

__all__ = ["parts"]

Phase = Literal["goals", "process", "causes", "actions"]

_PHASES = {"goals": 1, "process": 2, "causes": 3, "actions": 4}
_PARTS = ("data", "strategy", "organisation", "risk")


def parts(phase: Phase, size: str = "full") -> Display:
    """List what data, strategy, organisation and risk say in a phase, and what of it is still to come."""
    return Display("table", lambda pen: _draw(pen, phase), size, block=f"R{_PHASES[phase]}.P")


def _draw(pen: Pen, phase: Phase) -> Drawn:
    words = pen.words
    rows = [
        [words(f"review.part_{part}"), words(f"review.{phase}_{part}"), words(f"review.{phase}_{part}_open")]
        for part in _PARTS
    ]
    still = sum(row[2] != "—" for row in rows)
    title = words("review.parts_title", phase=words(f"pages.review/{phase}"), still=still)
    heads = [words(f"review.{head}") for head in ("part", "part_here", "part_open")]
    return listed(pen, title, Listing(heads, rows, widths=(16, 46, 38)))
