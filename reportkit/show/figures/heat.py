"""A heat table: cells with a fill of low saturation behind the number, as HTML, so that it can break over pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reportkit.show.figures.kit import known
from reportkit.show.figures.palette import mixed, shade

__all__ = ["HeatRow", "heat", "heat_fill"]

_STRONGEST = 0.38


@dataclass(frozen=True)
class HeatRow:
    """One row: values fill, texts are printed; a missing value has no fill. `total` stands under a rule."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    total: bool = False


def heat_fill(value: float | None, low: float, high: float, tone: str = "bad") -> str:
    """Return the fill of a cell: white at `low`, a pale shade of `tone` at `high`; none where missing.

    >>> heat_fill(0.5, 0.0, 1.0, "bad")
    '#f7e0ce'
    """
    if not known([value]) or value is None or high <= low:
        return "none"
    depth = min(max((value - low) / (high - low), 0.0), 1.0) * _STRONGEST
    return mixed("#ffffff", shade(tone), depth)


def heat(
    head: str,
    columns: Sequence[str],
    rows: Sequence[HeatRow],
    *,
    tone: str = "bad",
    low: float | None = None,
    high: float | None = None,
) -> Markup:
    """Return a table whose fills run from `low` to `high`, by default the least and the largest value.

    `head` stands above the names. Totals are not filled.
    """
    found = known(*(row.values for row in rows if not row.total)) or [0.0]
    limits = min(found) if low is None else low, max(found) if high is None else high
    heads = Markup("").join(Markup('<th class="gt_right">{}</th>').format(name) for name in columns)
    body = Markup("\n").join(_row(row, limits, tone) for row in rows)
    return Markup(
        '<table class="heat"><thead><tr><th class="gt_left">{}</th>{}</tr></thead>\n<tbody>\n{}\n</tbody></table>'
    ).format(head, heads, body)


def _row(row: HeatRow, limits: tuple[float, float], tone: str) -> Markup:
    cells = Markup("").join(
        Markup('<td class="gt_right"{}>{}</td>').format(
            Markup("") if row.total else _style(heat_fill(value, *limits, tone)), text
        )
        for value, text in zip(row.values, row.texts, strict=True)
    )
    opened = Markup('<tr class="total">') if row.total else Markup("<tr>")
    return Markup('{}<td class="gt_left">{}</td>{}</tr>').format(opened, row.name, cells)


def _style(fill: str) -> Markup:
    return Markup(' style="background: {}"').format(fill) if fill != "none" else Markup("")
