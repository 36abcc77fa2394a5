"""3.6 and 3.7 How far the goods of each season have sold, and how fast the stock of each category turns."""

from __future__ import annotations

from datetime import date

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import about, alt, money
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.show.product.grid import Table, drawn
from reportkit.show.product.said import absent, category
from reportkit.study import Study
from reportkit.study.turnover import Turnover

__all__ = ["seasons", "turnover"]

_PLOT = 11.0  # mm


def seasons(study: Study, size: str = "left") -> Display:
    """Show how far the goods of each season have sold beside how much of the season is over."""
    return Display("figure", lambda pen: _draw_seasons(pen, study, size), size, block="3.6")


def _draw_seasons(pen: Pen, study: Study, size: str) -> Drawn:
    found, words = study.seasons, pen.words
    if found is None:
        return absent(pen, "3_6", "inventory", "skus")
    if not found:
        return drawn(pen, Table(words("product.seasons_none"), []))
    shown, rate = found[: study.products.rows["seasons"]], pen.words.numbers.rate
    behind = [one for one in found if one.rate < one.elapsed - study.products.seasons.behind]
    rows = [
        figures.Bar(
            words("product.season_name", category=category(pen, one.category), season=pen.name("season", one.season)), one.rate,
            words("product.season_text", rate=rate(one.rate), left=money(pen, one.left)), target=one.elapsed,
            tone="bad" if one in behind else "ink",
        )
        for one in shown
    ]  # fmt: skip
    paper = figures.bars(size, rows, now=words("product.season_sold"), target=words("product.season_elapsed"))
    worst = min(found, key=lambda one: one.rate - one.elapsed)
    over = [one for one in found if one.elapsed >= 1]
    title = words(
        "product.seasons_title", behind=len(behind), count=len(found), who=rows[shown.index(worst)].name if worst in shown else category(pen, worst.category),
        rate=rate(worst.rate), elapsed=rate(worst.elapsed), over=len(over), left=money(pen, sum(one.left for one in over)),
        season=words.list(list(dict.fromkeys(pen.name("season", one.season) for one in over))),
    )  # fmt: skip
    marks = [pen.prove(study, one.figure) for one in shown]
    return figure(
        pen,
        paper,
        title=title,
        alt=alt(pen, title, "bars", [f"{row.name} {row.text}" for row in rows]),
        marks=marks,
    )


def turnover(study: Study, size: str = "right") -> Display:
    """Show the days of stock of each category over the last months."""
    return Display("figure", lambda pen: _draw_turnover(pen, study, size), size, block="3.7")


def _draw_turnover(pen: Pen, study: Study, size: str) -> Drawn:
    found, words = study.turnover, pen.words
    request = found.whole.requests[0]
    named = {
        name: [_days(found, name, month) for month in found.months] for name in ("", *_categories(found))
    }
    if all(value is None for value in named[""]):
        return absent(pen, "3_7", "inventory", "costs")
    ticks = [
        words("product.month", month=month, name=words(f"dates.month_{month.month}"))
        for month in found.months
    ]
    cells = [
        # The line above says days: a cell has room for its name and the number alone.
        figures.Cell(category(pen, name), row, last=words.numbers.column([row[-1]], "days").texts[0])
        for name, row in named.items()
    ][: study.products.rows["categories"] + 1]
    spoken = pen.spoken(request)
    label = about(pen, spoken.name, words.numbers.words.units["days"], found.whole.period.label(words.lang))
    paper = figures.line_multiples(size, ticks, cells, label=label, per_row=3, common=True, plot=_PLOT)
    title = _turnover_title(pen, named)
    last = found.months[-1]
    marks = [pen.cite(found.whole, request, month=last)] if named[""][-1] is not None else []
    marks += [
        pen.cite(found.parts, request, category=name, month=last)
        for name, row in named.items()
        if name and row[-1] is not None
    ]
    return figure(
        pen,
        paper,
        title=title,
        alt=alt(pen, title, "multiples", [f"{cell.name} {cell.last}" for cell in cells]),
        marks=marks,
    )


def _categories(found: Turnover) -> list[str]:
    """Return the categories with a value, without what is of none."""
    rows = found.parts.frame[found.parts.frame["value"].notna()]
    return sorted(str(name) for name in rows["category"].unique() if name != "unknown")


def _days(found: Turnover, name: str, month: date) -> float | None:
    """Return the days of stock of one category and month, of all where the name is empty; None where they are not told."""
    frame = found.parts.frame if name else found.whole.frame
    rows = frame[(frame["month"] == pd.Timestamp(month)) & ((frame["category"] == name) if name else True)]
    value = rows["value"].iloc[0] if len(rows) else None
    return None if value is None or pd.isna(value) else float(value)


def _turnover_title(pen: Pen, named: dict[str, list[float | None]]) -> str:
    whole = [value for value in named[""] if value is not None]
    before = whole[-4:-1]
    change = whole[-1] / (sum(before) / len(before)) - 1 if before else None
    now = {name: row[-1] for name, row in named.items() if name and row[-1] is not None}
    most = max(now, key=lambda name: now[name] or 0.0, default="")
    return pen.words(
        "product.turnover_title", days=pen.words.numbers.inline(whole[-1], "days"), change=pen.words.change(change, "days"),
        who=category(pen, most) if len(now) > 1 else "", most=pen.words.numbers.inline(now.get(most), "days"),
    )  # fmt: skip
