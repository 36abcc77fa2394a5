"""2.8 The way from visitor to buyer on each platform."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import alt, compared, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import figure
from reportkit.study import Study
from reportkit.study.rows import records

__all__ = ["funnels"]


def funnels(study: Study, size: str = "full", per_row: int = 2) -> Display:
    """Show each part's steps beside the period before, with the rate into each and how it moved."""
    return Display("figure", lambda pen: _draw(pen, study, size, per_row), size, block="2.8")


def _draw(pen: Pen, study: Study, size: str, per_row: int) -> Drawn:
    words, found = pen.words, study.funnels
    if found.table.empty:
        return Drawn("", title=words("platform.block_2_8"), lacks=("traffic",))
    drawn = [
        figures.Funnel(pen.name(found.dimension, part), tuple(_step(pen, row) for _, row in records(rows)))
        for part, rows in found.table.groupby("part", sort=False)
    ]
    now = words("platform.funnel_now", period=period_name(pen, study))
    then = (
        words("platform.funnel_then", period=compared(pen, study, "previous"))
        if found.table["then"].notna().any()
        else ""
    )
    paper = figures.funnels(size, drawn, now=now, then=then, per_row=min(per_row, len(drawn)))
    title = _title(pen, study)
    items = [f"{funnel.name} {funnel.steps[-1].text}" for funnel in drawn]
    steps = found.table[found.table["rate"].notna()]
    marks = [pen.prove(study, found.figure(row["part"], row["step"])) for _, row in records(steps)]
    return figure(pen, paper, title=title, alt=alt(pen, title, "funnels", items), marks=marks)


def _step(pen: Pen, row: dict[str, Any]) -> figures.FunnelStep:
    words = pen.words
    change, name = _moved(row), pen.spoken(str(row["step"])).name
    then = None if is_missing(row["then"]) else float(row["then"])
    if row["aside"]:
        rate, note = words("platform.aside"), ""
    else:
        rate = "" if is_missing(row["rate"]) else words.numbers.inline(row["rate"], "percent")
        note = words.numbers.change(change, "percent") if change is not None else ""
        if not is_missing(row["usual"]):
            note = words(
                "platform.funnel_usual", note=note, usual=words.numbers.inline(row["usual"], "percent")
            )
    flat = change is None or words.change(change, "percent").flat
    return figures.FunnelStep(
        words("platform.step", name=name), float(row["value"]), words.numbers.inline(row["value"], "count"), then,
        rate, note, "plain" if flat or row["aside"] else pen.tone(change, "up"),
    )  # fmt: skip


def _moved(row: dict[str, Any]) -> float | None:
    if is_missing(row["rate"]) or is_missing(row["rate_then"]):
        return None
    return float(row["rate"]) - float(row["rate_then"])


def _title(pen: Pen, study: Study) -> str:
    """Return the step rate that moved most against the period before, relative to what it was."""
    words, found = pen.words, study.funnels
    table = found.table[~found.table["aside"]].dropna(subset=["rate", "rate_then"])
    moved = (table["rate"] / table["rate_then"] - 1).abs()
    if table.empty or moved.max() < pen.policy.flat:
        return words("platform.funnels_quiet", count=found.table["part"].nunique())
    place = int(str(moved.idxmax()))
    row = dict(records(table))[str(place)]
    return words(
        "platform.funnels_title", part=pen.name(found.dimension, row["part"]), first=_name(pen, found.table, place - 1),
        second=_name(pen, found.table, place), rate=words.numbers.inline(row["rate"], "percent"),
        up=row["rate"] > row["rate_then"], size=words.change(row["rate"] - row["rate_then"], "percent").size,
        than=words("change.than_previous"),
    )  # fmt: skip


def _name(pen: Pen, table: pd.DataFrame, place: int) -> str:
    return pen.words("platform.step", name=pen.spoken(str(table["step"].iloc[place])).name)
