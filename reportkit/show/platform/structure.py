"""2.5 What each platform sells, and where its buyers live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.views import UNKNOWN
from reportkit.show import figures
from reportkit.show.blocks import alt, compared
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import percentages
from reportkit.show.paper import figure
from reportkit.show.readings import column_of, reference
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["categories", "regions"]

_SEGMENTS = 6  # before the rest


def categories(result: Result, size: str = "left") -> Display:
    """Show what share of an additive metric each category has on each platform: 100 % a row.

    `result` is cut by two dimensions: the rows, then the parts of each row.
    """
    return Display("figure", lambda pen: _draw_categories(pen, result, size), size, block="2.5")


def _draw_categories(pen: Pen, result: Result, size: str) -> Drawn:
    words, request = pen.words, result.requests[0]
    across, inside = (column_of(name) for name in result.by)
    frame = result.frame[result.frame["metric"] == request]
    table = frame.pivot(index=across, columns=inside, values="value").fillna(0.0).clip(lower=0.0)
    table = table[table.sum(axis=1) > 0]
    if table.empty or set(table.columns[table.sum() > 0]) <= {UNKNOWN}:
        return Drawn("", title=words("platform.block_2_5_categories"), lacks=("products", "skus"))
    table = _gathered(table.loc[table.sum(axis=1).sort_values(ascending=False).index])
    names = [_part_name(pen, result.by[1], part) for part in table.columns]
    shares = {
        row: percentages(list(values)) for row, values in zip(table.index, table.to_numpy(), strict=True)
    }
    rows = [
        figures.Stack(
            pen.name(result.by[0], row), tuple(table.loc[row]),
            tuple(words.numbers.rate(share / 100, 0) for share in shares[row]),
        )
        for row in table.index
    ]  # fmt: skip
    spoken = pen.spoken(request)
    label = words("platform.about", name=words("platform.share_of", name=spoken.name), unit="%",
                  period=result.period.label(words.lang), then="", rest="")  # fmt: skip
    paper = figures.stacked(size, rows, names, label=label)
    title = _categories_title(pen, result, table)
    items = [f"{row.name} {names[0]} {row.texts[0]}" for row in rows]
    marks = [
        pen.cite(result, request, **{result.by[0]: row, result.by[1]: table.columns[0]})
        for row in table.index
        if table.columns[0] in set(frame[inside])
    ]
    return figure(pen, paper, title=title, alt=alt(pen, title, "stacked", items), marks=marks)


def _gathered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the largest columns and the rest in one; what is unknown stands last."""
    sums = table.drop(columns=UNKNOWN, errors="ignore").sum().sort_values(ascending=False, kind="stable")
    kept = list(sums.index[:_SEGMENTS] if len(sums) > _SEGMENTS else sums.index)
    shown = table[kept].copy()
    if rest := [name for name in table.columns if name not in kept and table[name].sum() > 0]:
        shown["rest" if rest != [UNKNOWN] else UNKNOWN] = table[rest].sum(axis=1)
    return shown


def _part_name(pen: Pen, dimension: str, part: str) -> str:
    return pen.words("platform.others") if part == "rest" else pen.name(dimension, part)


def _categories_title(pen: Pen, result: Result, table: pd.DataFrame) -> str:
    """Return the largest category of all, and the platform that leans most on it."""
    shares = table.div(table.sum(axis=1), axis=0)
    first = str(table.columns[0])
    whole = float(table[first].sum() / table.to_numpy().sum())
    top = str(shares[first].idxmax())
    return pen.words(
        "platform.categories_title", name=pen.spoken(result.requests[0]).name, part=_part_name(pen, result.by[1], first), share=pen.words.numbers.rate(whole),
        top=pen.name(result.by[0], top), most=pen.words.numbers.rate(number(shares, top, first)), alone=len(table) == 1,
    )  # fmt: skip


def regions(result: Result, split: Result | None = None, size: str = "right") -> Display:
    """Show the ten largest regions of an additive metric now and then, the others and the unknown below.

    `split` is the same cut by platform or shop too: the title names the one that leans most on the first region.
    """
    return Display("figure", lambda pen: _draw_regions(pen, result, split, size), size, block="2.5")


def _draw_regions(pen: Pen, result: Result, split: Result | None, size: str) -> Drawn:
    words, request = pen.words, result.requests[0]
    against = reference(result, request)
    rows = result.frame[result.frame["metric"] == request].set_index(column_of(result.by[0]))
    values = rows["value"].fillna(0.0).clip(lower=0.0)
    if values.drop(UNKNOWN, errors="ignore").sum() <= 0:
        return Drawn("", title=words("platform.block_2_5_regions"), lacks=("orders",))
    now = _shares(pen, values)
    then = _shares(pen, rows[f"{against}_then"].fillna(0.0), list(now.index)) if against else None
    printed = percentages(list(now))
    bars = [
        figures.Bar(
            _part_name(pen, result.by[0], part), share / 100, words.numbers.rate(share / 100),
            None if then is None else float(then[part]),
            "" if then is None else words.numbers.change(share / 100 - float(then[part]), "percent", 1),
            "muted" if part in ("rest", UNKNOWN) else "ink",
        )
        for part, share in zip(now.index, printed, strict=True)
    ]  # fmt: skip
    spoken = pen.spoken(request)
    key = words("parts.shares_label", name=spoken.name, period=result.period.label(words.lang))
    paper = figures.bars(size, bars, now=key, then=compared(pen, result, against))
    top = [part for part in now.index if part not in ("rest", UNKNOWN)][:3]
    title = words(
        "platform.regions_title", top=words.list([pen.name(result.by[0], part) for part in top]), count=len(top),
        name=spoken.name, share=words.numbers.rate(float(now[top].sum())),
        unknown=words.numbers.rate(float(now[UNKNOWN])) if UNKNOWN in now.index else "",
        leaning=_leaning(pen, split, str(top[0])) if split is not None else None,
    )  # fmt: skip
    items = [f"{bar.name} {bar.text}" for bar in bars]
    marks = [pen.cite(result, request, **{result.by[0]: part}) for part in now.index if part != "rest"]
    return figure(pen, paper, title=title, alt=alt(pen, title, "bars", items), marks=marks)


def _leaning(pen: Pen, result: Result, first: str) -> tuple[str, str, str] | None:
    """Return who sells the largest part of its own known sales in the `first` region; None for a single row."""
    across, place = (column_of(name) for name in result.by)
    frame = result.frame[result.frame["metric"] == result.requests[0]]
    known = (
        frame.pivot(index=across, columns=place, values="value")
        .drop(columns=UNKNOWN, errors="ignore")
        .fillna(0.0)
    )
    shares = known[known.sum(axis=1) > 0].pipe(lambda sold: sold[first] / sold.sum(axis=1))
    if len(shares) < 2:
        return None
    rate = pen.words.numbers.rate(float(shares.max()))
    return pen.name(result.by[0], shares.idxmax()), pen.name(result.by[1], first), rate


def _shares(pen: Pen, values: pd.Series, kept: list[str] | None = None) -> pd.Series:
    """Return the shares of the largest regions, of the rest and of what is unknown, in this order."""
    known = values.drop(UNKNOWN, errors="ignore").sort_values(ascending=False)
    names = kept or list(known.index[: pen.rules.regions_shown])
    named = known.reindex([name for name in names if name not in ("rest", UNKNOWN)]).fillna(0.0)
    parts = [named, pd.Series({"rest": known.sum() - named.sum(), UNKNOWN: float(values.get(UNKNOWN, 0.0))})]
    found: pd.Series = pd.concat(parts)
    found = found.reindex(kept) if kept else found[(found > 0) | found.index.isin(named.index)]
    return found / (float(values.sum()) or 1.0)
