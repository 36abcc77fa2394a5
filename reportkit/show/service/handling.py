"""4.7 How long cases take: by part, week by week, and what is still open."""

from __future__ import annotations

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import about, absent, alt, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import figure
from reportkit.study import Study
from reportkit.study.rows import number

__all__ = ["backlog", "hours", "weeks"]

_WEEKS = 44.0  # millimetres high


def hours(study: Study, size: str = "left") -> Display:
    """Show how the hours of cases spread by platform, or by shop within one, against the limit."""
    return Display("figure", lambda pen: _draw_hours(pen, study, size), size, block="4.7")


def _draw_hours(pen: Pen, study: Study, size: str) -> Drawn:
    told, words = study.handling, pen.words
    table = told.spread[told.spread["n"] > 0].sort_values("p90", ascending=False)
    if table.empty:
        return absent(words("service.block_4_7"), "refunds")
    boxes = [_box(pen, told.dimension, str(part), row) for part, row in table.iterrows()]
    label = about(
        pen, words("service.hours_label"), _hours_unit(pen), period_name(pen, study), _limit(pen, study).text
    )
    paper = figures.boxes(
        size, boxes, label=label, reference=figures.Reference(study.service.handling.sla, "")
    )
    title = _hours_title(pen, study, table)
    marks = [
        pen.prove(study, told.figure(name, str(part))) for part in table.index for name in ("p90", "in_time")
    ]
    items = [
        words("service.hours_item", name=box.name, median=box.median_text, p90=box.high_text) for box in boxes
    ]
    return figure(pen, paper, title=title, alt=alt(pen, title, "boxes", items), marks=marks)


def _box(pen: Pen, dimension: str, part: str, row: pd.Series) -> figures.Box:
    median, high = pen.words.numbers.column([row["median"], row["p90"]], "hours").texts
    in_time = pen.words.numbers.rate(row["in_time"] / row["n"], 0)
    note = pen.words("service.hours_note", in_time=in_time, n=pen.words.amount(row["n"], "count"))
    low, q1, middle, q3, end = (float(row[name]) for name in ("p10", "q1", "median", "q3", "p90"))
    return figures.Box(pen.name(dimension, part), low, q1, middle, q3, end, median, high, note)


def _limit(pen: Pen, study: Study) -> figures.Reference:
    sla = study.service.handling.sla
    return figures.Reference(sla, pen.words("service.limit", hours=f"{sla:g}"))


def _hours_unit(pen: Pen) -> str:
    return pen.words.numbers.column([1.0], "hours").unit


def _hours_title(pen: Pen, study: Study, table: pd.DataFrame) -> str:
    """Return the slowest part of those with enough cases, and how many cases end in time."""
    words = pen.words
    enough = table[table["n"] >= pen.policy.min_n]
    if enough.empty:
        return words("service.hours_few", n=int(table["n"].sum()))
    top = enough.index[0]
    in_time = float(table["in_time"].sum() / table["n"].sum())
    unended = int(study.handling.spread["cases"].sum() - study.handling.spread["n"].sum())
    return words(
        "service.hours_title", name=pen.name(study.handling.dimension, top), alone=len(table) == 1,
        p90=words.amount(number(enough, top, "p90"), "hours"), in_time=words.numbers.rate(in_time),
        sla=f"{study.service.handling.sla:g}", unended=unended,
    )  # fmt: skip


def weeks(study: Study, size: str = "right") -> Display:
    """Show week by week how long half and nine tenths of the cases take at most."""
    return Display("figure", lambda pen: _draw_weeks(pen, study, size), size, block="4.7")


def _draw_weeks(pen: Pen, study: Study, size: str) -> Drawn:
    words = pen.words
    table = study.handling.weeks
    table = table[table["n"] > 0]
    if len(table) < 2:
        return absent(words("service.block_4_7_weeks"), "refunds")
    names = {"p90": "P90", "median": "P50"}
    found = [
        figures.Curve(words("service.curve_hours", name=label, hours=words.amount(float(table[column].iloc[-1]), "hours")),
                      list(table[column]), "now" if column == "median" else "then")
        for column, label in names.items()
    ]  # fmt: skip
    label = about(pen, words("service.hours_label"), _hours_unit(pen), words("service.weeks_axis"))
    ticks = [words.day(pd.Timestamp(day).date()) for day in table.index]
    paper = figures.curves(size, ticks, found, label=label, target=_limit(pen, study), height=_WEEKS)
    ends = [
        words.numbers.column([table[name].iloc[0], table[name].iloc[-1]], "hours")
        for name in ("median", "p90")
    ]
    title = words(
        "service.weeks_title", count=len(table), p50=ends[0].texts, p90=ends[1].texts, unit=ends[0].unit
    )
    marks = [
        pen.prove(study, study.handling.week(name, place)) for place in (0, -1) for name in ("median", "p90")
    ]
    return figure(
        pen, paper, title=title, alt=alt(pen, title, "curves", [each.name for each in found]), marks=marks
    )


def backlog(study: Study, size: str = "left") -> Display:
    """Show the cases open on the last day by how long they have been."""
    return Display("figure", lambda pen: _draw_backlog(pen, study, size), size, block="4.7")


def _draw_backlog(pen: Pen, study: Study, size: str) -> Drawn:
    told, words = study.handling, pen.words
    if not told.open_sql:
        return absent(words("service.block_4_7_backlog"), "refunds")
    table = told.open.loc[told.open.sum(axis=1).sort_values(ascending=False).index]
    ages = study.service.handling.ages
    names = _groups(pen, ages)
    stacks = [
        figures.Stack(
            pen.name(told.dimension, part), tuple(row), tuple(f"{int(count)}" for count in row), f"{int(row.sum())}"
        )
        for part, row in table.iterrows()
    ]  # fmt: skip
    day = words.day(study.last)
    label = about(pen, words("service.backlog_label", day=day))
    paper = figures.stacked(size, stacks, names, whole=False, label=label)
    whole, overdue = told.waiting("open"), told.waiting("overdue")
    title = words(
        "service.backlog_title", day=day, open=words.amount(whole.value, "count"), overdue=words.amount(overdue.value, "count"),
        age=ages[-1], amount=words.amount(told.overdue_amount, "money") if not is_missing(told.overdue_amount) else "",
    )  # fmt: skip
    marks = [pen.prove(study, figure_) for figure_ in (whole, overdue)]
    items = [f"{stack.name} {stack.text}" for stack in stacks]
    return figure(pen, paper, title=title, alt=alt(pen, title, "stacked", items), marks=marks)


def _groups(pen: Pen, ages: tuple[int, ...]) -> list[str]:
    """Return what the age groups are called: 0–1 days, 2–3, …, more than the last."""
    firsts = [0, *(age + 1 for age in ages)]
    spans = [
        pen.words("service.age_span", first=first, last=last)
        for first, last in zip(firsts, ages, strict=False)
    ]
    return [*spans, pen.words("service.age_over", last=ages[-1])]
