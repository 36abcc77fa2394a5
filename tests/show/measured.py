"""What is written on a paper and where: measured on the drawing itself, in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from reportkit.show.paper import Paper

_SLIVER, _EDGE = 0.35, 0.3


def visible(paper: Paper) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Every text on a paper with its box in millimetres from the lower left corner."""
    canvas = FigureCanvasAgg(paper.figure)
    paper.figure.draw_without_rendering()
    hidden = {
        id(label)
        for axes in paper.figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not axes.axison
        or not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    for text in paper.figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and id(text) not in hidden:
            box = text.get_window_extent(canvas.get_renderer())
            yield text.get_text(), tuple(edge / paper.figure.dpi * 25.4 for edge in box.extents)


def overlap(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    """Whether two boxes share more than a sliver."""
    wide, high = min(one[2], two[2]) - max(one[0], two[0]), min(one[3], two[3]) - max(one[1], two[1])
    return min(wide, high) > _SLIVER


def faults(paper: Paper) -> tuple[list[str], list[tuple[str, str]]]:
    """The texts that leave the paper, and the texts that cover each other."""
    found = list(visible(paper))
    width, height = paper.width + _EDGE, paper.height + _EDGE
    cut = [text for text, box in found if min(box[:2]) < -_EDGE or box[2] > width or box[3] > height]
    return cut, [(a, b) for (a, one), (b, two) in combinations(found, 2) if overlap(one, two)]
