"""A drawn paper becomes a display: its title above, its alternative text inside."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reportkit.show.display import Drawn, Pen
from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.markup import fill

__all__ = ["Paper", "figure", "fitted", "text_width"]


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
