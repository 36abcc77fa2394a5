"""R2.1 A promotion day by day against usual days and the one before, R2.5 phase by phase, R2.6 warm-up and burst."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from reportkit.quality.figure import Figure
from reportkit.show import figures
from reportkit.show.blocks import about, alt, money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import Unit, percentages
from reportkit.show.paper import figure
from reportkit.show.process.said import absent, level
from reportkit.show.product.grid import Column, Table, drawn, numbers, texts
from reportkit.study.campaign import Campaign
from reportkit.study.phases import TOTAL, Phases
from reportkit.study.rows import number

__all__ = ["curve", "phases", "warm"]

_PROVED: dict[str, Unit] = {
    "gmv": "money", "daily": "money", "ad_spend": "money", "cvr": "percent", "refund_rate": "percent",
    "growth": "percent",
}  # fmt: skip


def curve(campaign: Campaign, size: str = "full") -> Display:
    """Show each day's sales, those of the same day of the same phase of the promotion before, and the usual band."""
    return Display("figure", lambda pen: _draw_curve(pen, campaign, size), size, block="R2.1")


def _draw_curve(pen: Pen, campaign: Campaign, size: str) -> Drawn:
    words, found, told = pen.words, campaign.phases, campaign.uplift
    if found is None:
        return absent(pen, "R2_1", "promos")
    days = found.days.groupby("day")[["gmv", "then"]].sum(min_count=1)
    if days["gmv"].isna().all():
        return absent(pen, "R2_1", "orders")
    days = days.reindex(pd.date_range(days.index.min(), days.index.max()))
    usual = (
        told.days().reindex(days.index) if told else pd.DataFrame(index=days.index, columns=["low", "high"])
    )
    by = words.numbers.divisor(list(days["gmv"].dropna()), "money")
    unit = words.numbers.column([float(days["gmv"].max())], "money").unit
    period, reference = campaign.study.period, campaign.study.period.reference
    lines = [figures.Curve(period.label(words.lang), list(days["gmv"] / by))]
    if reference and days["then"].notna().any():
        lines.insert(0, figures.Curve(reference.label(words.lang), list(days["then"] / by), "then"))
    band = (
        figures.Band(list(usual["low"] / by), list(usual["high"] / by), words("process.usual"))
        if told
        else None
    )
    paper = figures.curves(
        size, [words.day(day) for day in days.index], lines,
        label=about(pen, words("process.daily_gmv"), unit),
        aid=words("process.curve_aid", level=level(pen, campaign), then=len(lines) > 1),
        band=band, ground=_heights(campaign, found, days.index),
    )  # fmt: skip
    title, marks = _curve_title(pen, campaign, days, usual)
    items = [f"{words.day(day)} {money(pen, value)}" for day, value in days["gmv"].nlargest(3).items()]  # type: ignore[arg-type]
    return figure(pen, paper, title=title, alt=alt(pen, title, "curves", items), marks=marks)


def _heights(campaign: Campaign, found: Phases, days: pd.Index) -> list[int]:
    high = found.days.loc[found.days["phase"].isin(campaign.rules.phases.heights), "day"]
    return [place for place, day in enumerate(days) if day in set(high)]


def _curve_title(
    pen: Pen, campaign: Campaign, days: pd.DataFrame, usual: pd.DataFrame
) -> tuple[str, list[str]]:
    """Return which day was the highest, how many times a usual one, and how it compares with the promotion before."""
    best: Any = days["gmv"].idxmax()
    value, then = number(days, best, "gmv"), number(days, best, "then")
    told, marks = campaign.uplift, []
    times = ""
    if told is not None and "expected" in usual and (expected := number(usual, best, "expected")) > 0:
        times = pen.words.numbers.inline(value / expected, "ratio")
        marks.append(pen.prove(campaign.study, told.figure("times", value / expected, "ratio")))
    assert campaign.phases is not None
    rows = campaign.phases.result.rows_sql("gmv", day=best)
    marks.insert(
        0, pen.prove(campaign.study, Figure("phases.best", value, "money", {"day": f"{best:%Y-%m-%d}"}, rows))
    )
    change = pen.words.change(value / then - 1 if then > 0 else None, "money")
    return pen.words(
        "process.curve_title", day=pen.words.day(best), value=money(pen, value), times=times, change=change
    ), marks


def phases(campaign: Campaign) -> Display:
    """List every phase with its length, sales, traffic, spending and refunds, beside the promotion before."""
    return Display("table", lambda pen: _draw_phases(pen, campaign), block="R2.5")


def _draw_phases(pen: Pen, campaign: Campaign) -> Drawn:
    words, found = pen.words, campaign.phases
    if found is None:
        return absent(pen, "R2_5", "promos")
    table = found.table
    if table["gmv"].isna().all():
        return absent(pen, "R2_5", "orders")
    inner = table.drop(index=TOTAL).dropna(subset="growth")
    moved = inner["growth"].abs().idxmax() if len(inner) else None
    best = str(table.drop(index=TOTAL)["daily"].idxmax())
    title = words(
        "process.phases_title", phase=pen.said("phase", best), share=words.numbers.rate(number(table, best, "share")), daily=money(pen, number(table, best, "daily")),
        moved=pen.said("phase", str(moved)) if moved is not None else "",
        change=words.change(number(table, moved, "growth") if moved is not None else None, "money"),
        total=words.change(number(table, TOTAL, "growth"), "money"),
    )  # fmt: skip
    marks = [
        pen.prove(campaign.study, found.figure(column, str(name), unit))
        for name in table.index
        for column, unit in _PROVED.items()
        if number(table, name, column) == number(table, name, column)
    ]
    subtitle = words("process.phases_subtitle", period=period_name(pen, campaign.study))
    return drawn(
        pen,
        Table(
            title,
            _phase_columns(pen, table, campaign.rules.phases.post),
            marks,
            subtitle,
            words("process.phases_rest"),
        ),
    )


def _phase_columns(pen: Pen, table: pd.DataFrame, after: Collection[str]) -> list[Column]:
    words = pen.words
    names = [
        words("process.total") if name == TOTAL else pen.said("phase", str(name)) for name in table.index
    ]
    counted = [str(name) for name in table.index if name not in (TOTAL, *after)]
    grown = [words.change(None if value != value else value, "money") for value in table["growth"]]
    plain = {
        name: [None if value != value else float(value) for value in table[name]]
        for name in ("gmv", "daily", "visitors", "cart_users", "cvr", "aov", "ad_spend", "roi", "refund_rate")
    }
    return [
        texts(words("process.phase"), names),
        texts(words("process.length"), [_length(pen, row) for row in table.to_dict("records")]),
        numbers(pen, words("process.gmv"), plain["gmv"], "money"),
        texts(words("process.share"), _shares(table, counted)),
        numbers(pen, words("process.daily"), plain["daily"], "money"),
        texts(
            words("process.growth"),
            [str(each) for each in grown],
            [pen.tone(each.value, "up") for each in grown],
        ),
        numbers(pen, words("process.visitors"), plain["visitors"], "count"),
        numbers(pen, words("process.cart_users"), plain["cart_users"], "count"),
        numbers(pen, words("process.cvr"), plain["cvr"], "percent"),
        numbers(pen, words("process.aov"), plain["aov"], "money"),
        numbers(pen, words("process.ad_spend"), plain["ad_spend"], "money"),
        numbers(pen, words("process.roi_total"), plain["roi"], "ratio"),
        numbers(pen, words("process.refund_rate"), plain["refund_rate"], "percent"),
    ]


def _shares(table: pd.DataFrame, counted: list[str]) -> list[str]:
    """Return the shares of the phases of the promotion, which add up to 100; nothing beside what follows it."""
    rounded = dict(zip(counted, percentages([number(table, name, "gmv") for name in counted]), strict=True))
    return [f"{rounded[str(name)]:.1f}%" if str(name) in rounded else "" for name in table.index]


def _length(pen: Pen, row: dict[Any, Any]) -> str:
    """Return how many days the platforms had, now and in the promotion before."""
    sides = [
        pen.words("process.days", least=int(row[f"shortest{side}"]), most=int(row[f"longest{side}"]))
        for side in ("", "_then")
        if row[f"longest{side}"] == row[f"longest{side}"]
    ]
    return pen.words("process.lengths", now=sides[0], then=sides[1] if len(sides) > 1 else "")


def warm(campaign: Campaign, size: str = "left") -> Display:
    """Show who put goods aside while it warmed up beside who bought at its heights; they are not the same people."""
    return Display("table", lambda pen: _draw_warm(pen, campaign), size, block="R2.6")


def _draw_warm(pen: Pen, campaign: Campaign) -> Drawn:
    words, found = pen.words, campaign.phases
    if found is None or found.warm.empty:
        return absent(pen, "R2_6", "promos", "traffic")
    table = found.warm.sort_values("pool", ascending=False)
    names = [str(name) for name in table.index]
    columns = [texts(words("labels.dimension_platform"), [pen.name("platform", name) for name in names])]
    for name in ("pool", "buyers"):
        for side in ("", "_then"):
            values = [None if value != value else float(value) for value in table[f"{name}{side}"]]
            columns.append(numbers(pen, words(f"process.{name}{side}"), values, "count"))
    sums = table.sum()
    change = words.change(
        float(sums["pool"] / sums["pool_then"] - 1) if sums["pool_then"] > 0 else None, "money"
    )
    bought = words.change(
        float(sums["buyers"] / sums["buyers_then"] - 1) if sums["buyers_then"] > 0 else None, "money"
    )
    title = words(
        "process.warm_title", pool=words.amount(float(sums["pool"]), "count"),
        buyers=words.amount(float(sums["buyers"]), "count"), change=change, bought=bought,
    )  # fmt: skip
    marks = [
        pen.prove(
            campaign.study,
            Figure(f"warm.{name}", float(sums[name]), "count", {}, found.result.rows_sql(request)),
        )
        for name, request in (("pool", "cart_users"), ("buyers", "pay_buyers"))
    ]
    return drawn(pen, Table(title, columns, marks, words("process.warm_subtitle")))
