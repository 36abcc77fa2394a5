"""How the gap of net sales splits against its target, and on which part it lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import compared, period_name
from reportkit.show.bridge import worded
from reportkit.show.causes.said import goal_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure
from reportkit.study.why import Causes
from reportkit.study.why.places import places
from reportkit.study.why.roots import NET

__all__ = ["gap", "where"]

_TABLES = ("targets",)
_MINUS = "−"


def gap(told: Causes, size: str = "left") -> Display:
    """Show how orders, the money of one and refunds make the gap between net sales and its target."""
    return Display("figure", lambda pen: _draw_gap(pen, told, size), size, block="R3.1")


def _draw_gap(pen: Pen, told: Causes, size: str) -> Drawn:
    found, words = told.split, pen.words
    if found is None:
        return Drawn("", title=words("causes.gap_block"), lacks=_TABLES)
    steps = [figures.Step(words("causes.head_target"), 0.0, found.target, total=True)]
    level = found.target
    for name in sorted(found.effects, key=lambda name: -found.effects[name]):
        end = level + found.effects[name]
        steps.append(figures.Step(words(f"causes.step_{name}"), level, end))
        level = end
    steps.append(figures.Step(words("causes.actual"), 0.0, found.value, total=True))
    spread = [step.end for step in steps] + [step.end - step.start for step in steps[1:-1]]
    unit = words.numbers.column(spread, "money").unit
    label = words(
        "platform.about", name=words("causes.gap_label", name=goal_name(pen, NET)), unit=unit,
        period=period_name(pen, told.study), then="", rest="",
    )  # fmt: skip
    start = words.amount(figures.bridge_start(steps), "money")
    shown = worded(pen, steps, NET)
    paper = figures.bridge(size, shown, note=label, start_note=words("parts.bridge_axis", start=start))
    title = _gap_title(pen, told)
    items = words.list([words("parts.item", name=step.name, value=step.text) for step in shown[1:-1]])
    ends = [words.amount(value, "money") for value in (found.target, found.value)]
    said = words("parts.bridge_alt", title=title, start=ends[0], end=ends[1], items=items)
    marks = [pen.cite(found.result, NET), *(pen.prove(told.study, each) for each in found.figures.values())]
    return figure(pen, paper, title=title, alt=said, marks=marks)


def _gap_title(pen: Pen, told: Causes) -> str:
    found, words = told.split, pen.words
    assert found is not None
    change = found.value - found.target
    order = sorted(found.effects, key=lambda name: found.effects[name] * (1 if change < 0 else -1))
    parts = [
        words(
            "verdict.part", name=words(f"causes.step_{name}"),
            amount=words.amount(found.effects[name], "money", "", abs(change)),
        )
        for name in order
    ]  # fmt: skip
    return words(
        "causes.gap_title", name=goal_name(pen, NET), below=change < 0,
        size=words.amount(abs(change), "money"), named=words.list(parts),
    )  # fmt: skip


def where(told: Causes, size: str = "full") -> Display:
    """Show the parts, the one furthest below its target first, and what each branch did there."""
    return Display("table", lambda pen: _draw_where(pen, told), size, block="R3.3")


def _draw_where(pen: Pen, told: Causes) -> Drawn:
    if not told.roots or pen.spoken(told.roots[0].goal.request).unit != "money":
        return Drawn("", "")
    words, (table, result) = pen.words, places(told)
    request, branches = told.roots[0].goal.request, list(told.rules.branches)
    columns = ["target", "value", "gap", *branches, "change"]
    whole = table[columns].sum(min_count=1).to_frame().T.set_axis([""])
    # A target of the whole need not be the sum of those of the parts.
    goal = told.roots[0].goal
    whole[["target", "gap"]] = [goal.target, goal.gap]
    every = pd.concat([whole, table[columns]])
    rows = _cells(
        pen, every, [words("labels.total"), *(pen.name(result.by[0], part) for part in table.index)]
    )
    unit = words.numbers.column(every.to_numpy("float64").ravel(), "money").unit
    heads = [
        words(f"labels.dimension_{result.by[0]}"),
        *(words(f"causes.head_{name}") for name in ("target", "value", "gap")),
        *(words(f"causes.branch_{name}") for name in branches), words("causes.head_change"),
    ]  # fmt: skip
    tones = {
        (row, column): "bad"
        for row, cells in enumerate(rows)
        for column in range(3, len(cells) - 1)
        if cells[column].startswith(_MINUS)
    }
    subtitle = words(
        "causes.where_subtitle", name=goal_name(pen, request), unit=unit, period=period_name(pen, told.study),
        then=compared(pen, told.study, told.change.against),
    )  # fmt: skip
    marks = [pen.cite(result, request, **{result.by[0]: part}) for part in table.index]
    listing = Listing(heads, rows, numbers=range(1, len(heads)), tones=tones)
    return listed(
        pen,
        _where_title(pen, table, result.by[0]),
        listing,
        marks=marks,
        subtitle=subtitle,
        rest=words("causes.where_rest"),
    )


def _where_title(pen: Pen, table: pd.DataFrame, dimension: str) -> str:
    words = pen.words
    short = table[table["gap"] < 0]
    if short.empty:
        return words("causes.where_none", count=len(table))
    worst = short.iloc[0]
    return words(
        "causes.where_title", count=len(short), of=len(table), part=pen.name(dimension, short.index[0]),
        size=words.amount(abs(float(worst["gap"])), "money"),
        share=words.numbers.rate(float(worst["gap"] / short["gap"].sum()), 0),
    )  # fmt: skip


def _cells(pen: Pen, table: pd.DataFrame, names: Sequence[str]) -> list[list[str]]:
    """Return the rows of a table of money, all in one scale; amounts plain, what moved with its sign."""
    numbers, values = pen.words.numbers, table.to_numpy("float64")
    plain = numbers.column(values.ravel(), "money").texts
    signed = numbers.column(values.ravel(), "money", signed=True).texts
    width, known = values.shape[1], ~np.isnan(values)
    return [
        [name, *(
            (plain if column < 2 else signed)[row * width + column] if known[row, column] else MISSING
            for column in range(width)
        )]
        for row, name in enumerate(names)
    ]  # fmt: skip
