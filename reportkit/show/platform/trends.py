"""2.3 Twelve months of every platform, side by side on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import alt
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import figure
from reportkit.show.readings import column_of

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["trends"]

_YEAR = "last_year"
_PER_ROW = 6


def trends(result: Result, size: str = "full") -> Display:
    """Show the first request of `result`, which is cut by one dimension and by month, a small chart each.

    Columns are the months, the light line the same months a year before, where they are known.
    """
    return Display("figure", lambda pen: _draw(pen, result, size), size, block="2.3")


def _draw(pen: Pen, result: Result, size: str) -> Drawn:
    words, request = pen.words, result.requests[0]
    frame = result.frame[result.frame["metric"] == request]
    if not (frame["value"] > 0).any():
        return Drawn("", title=words("platform.block_2_3"), lacks=("orders", "order_lines"))
    column, spoken = column_of(result.by[0]), pen.spoken(request)
    months = sorted(frame["month"].unique())
    table = {
        str(key): rows.set_index("month").reindex(months) for key, rows in frame.groupby(column, sort=False)
    }
    sold = {key: rows for key, rows in table.items() if (rows["value"] > 0).any()}
    order = sorted(sold, key=lambda key: -float(sold[key]["value"].iloc[-1] or 0.0))
    by = words.numbers.divisor([value for rows in sold.values() for value in rows["value"]], spoken.unit)
    unit = words.numbers.column([float(frame["value"].max())], spoken.unit, spoken.noun).unit
    cells = [_cell(pen, result, key, sold[key]) for key in order]
    label = words(
        "platform.trends_label", name=spoken.full_name, unit=unit, period=result.period.label(words.lang)
    )
    aid = words("platform.trends_aid") if any(cell.then is not None for cell in cells) else ""
    ticks = [words("platform.month", month=pd.Timestamp(month).month) for month in months]
    paper = figures.column_multiples(
        size, ticks, cells, scale=figures.Scale(by), label=label, aid=aid, per_row=min(len(cells), _PER_ROW)
    )
    title = _title(pen, result, {key: sold[key] for key in order})
    items = [f"{cell.name} {cell.last}" for cell in cells]
    marks = [pen.cite(result, request, **{result.by[0]: key, "month": months[-1]}) for key in order]
    return figure(pen, paper, title=title, alt=alt(pen, title, "multiples", items), marks=marks)


def _cell(pen: Pen, result: Result, key: str, rows: pd.DataFrame) -> figures.Cell:
    spoken = pen.spoken(result.requests[0])
    last = pen.words.amount(float(rows["value"].iloc[-1]), spoken.unit, spoken.noun)
    then = list(rows[_YEAR]) if _YEAR in rows and rows[_YEAR].notna().any() else None
    return figures.Cell(pen.name(result.by[0], key), list(rows["value"]), then, last=str(last))


def _title(pen: Pen, result: Result, sold: dict[str, pd.DataFrame]) -> str:
    """Return whose twelve months grew and shrank most against the year before, like for like."""
    spoken, grown = pen.spoken(result.requests[0]), {}
    for key, rows in sold.items():
        if f"{_YEAR}_then" in rows and rows[f"{_YEAR}_then"].sum() > 0:
            grown[key] = float(rows[f"{_YEAR}_now"].sum() / rows[f"{_YEAR}_then"].sum() - 1)
    if not grown:
        top = max(sold, key=lambda key: float(sold[key]["value"].sum()))
        best: Any = sold[top]["value"].idxmax()
        amount = pen.words.amount(float(sold[top]["value"].max()), spoken.unit, spoken.noun)
        return pen.words("platform.trends_peak", name=spoken.name, top=pen.name(result.by[0], top), amount=amount,
                         month=pd.Timestamp(best))  # fmt: skip
    ranked = sorted(grown, key=lambda key: grown[key])
    up, down = ranked[-1], ranked[0]

    def said(key: str) -> tuple[str, object] | None:
        change = pen.words.change(grown[key], spoken.unit)
        return None if is_missing(grown[key]) or change.flat else (pen.name(result.by[0], key), change)

    best = said(up) if grown[up] > 0 else None
    worst = said(down) if grown[down] < 0 else None
    alone = (pen.name(result.by[0], up), pen.words.change(grown[up], spoken.unit)) if len(sold) == 1 else None
    return pen.words("platform.trends_title", name=spoken.name, count=len(next(iter(sold.values()))), best=best,
                     worst=worst, alone=alone)  # fmt: skip
