"""4.8 What buyers say: each platform's scores against their targets, and what bad reviews are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit.metrics.views import UNKNOWN
from reportkit.show import figures
from reportkit.show.blocks import about, absent, alt
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import figure, text_width
from reportkit.show.style import WIDTHS
from reportkit.study import Study
from reportkit.study.rows import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportkit.metrics.query import Result

__all__ = ["scores", "topics"]

_MOST, _LEAST = 7, 2  # cells in a row
_GAP, _SCALE = 5.0, 8.7  # millimetres between cells, and in each for its scale and between its texts
_TALL, _LOW = 17.0, 10.0  # millimetres of a cell's line in up to two rows, and in more


def scores(study: Study, size: str = "full") -> Display:
    """Show every score a platform publishes of the shop, month by month, on its own scale."""
    return Display("figure", lambda pen: _draw_scores(pen, study, size), size, block="4.8")


def _draw_scores(pen: Pen, study: Study, size: str) -> Drawn:
    told, words = study.satisfaction, pen.words
    if told.table.empty:
        return absent(words("service.block_4_8"), "ratings")
    cells = [_cell(pen, study, key) for key in told.table.index]
    unset = words("labels.no_target") if told.table["target"].isna().all() else ""
    label = about(pen, words("service.scores_label"), words("service.scores_unit"))
    ticks = [words("service.month", month=pd.Timestamp(month)) for month in told.months.columns]
    per_row = _per_row(cells, WIDTHS[size])
    plot = _TALL if len(cells) <= 2 * per_row else _LOW
    paper = figures.line_multiples(size, ticks, cells, label=label, aid=unset, per_row=per_row, plot=plot)
    title, named = _scores_title(pen, study)
    marks = [pen.prove(study, told.figure(*key)) for key in told.table.index]
    marks += [pen.prove(study, told.figure(*key, "before")) for key in named]
    items = [f"{cell.name} {cell.last}" for cell in cells]
    return figure(pen, paper, title=title, alt=alt(pen, title, "multiples", items), marks=marks)


def _cell(pen: Pen, study: Study, key: tuple[str, str]) -> figures.Cell:
    told = study.satisfaction
    months: Any = told.months
    aim = number(told.table, key, "target")
    said = pen.words("service.target", value=_score(pen, aim))
    return figures.Cell(
        _name(pen, study, key),
        [float(score) for score in months.loc[key]],
        target=None if is_missing(aim) else figures.Reference(aim, said),
        last=_score(pen, number(told.table, key, "now")),
        tone="bad" if number(told.table, key, "fallen") else "ink",
    )


def _name(pen: Pen, study: Study, key: tuple[str, str]) -> str:
    """Return what a score is called; the only one of a platform is that platform's."""
    platform = pen.name("platform", key[0])
    alone = list(study.satisfaction.table.index.get_level_values("platform")).count(key[0]) == 1
    return (
        platform
        if alone
        else pen.words("service.score_name", platform=platform, source=pen.name("source", key[1]))
    )


def _score(pen: Pen, value: float) -> str:
    return pen.words.numbers.inline(value, "ratio")


def _scores_title(pen: Pen, study: Study) -> tuple[str, list[tuple[str, str]]]:
    """Return the scores that fell, else those below their target, else that all hold; and which are named."""
    table, words = study.satisfaction.table, pen.words
    fallen = list(table.index[table["fallen"]])[: pen.rules.names_listed]
    if fallen:
        said = [_told(pen, study, key, "moved") for key in fallen]
        return words("service.scores_fallen", count=int(table["fallen"].sum()), items=said), fallen
    below = list(table.index[table["now"] < table["target"]])[: pen.rules.names_listed]
    index: pd.Series = (table["now"] - table["low"]) / (table["high"] - table["low"])
    lowest: Any = index.idxmin()
    return words(
        "service.scores_calm", count=len(table), below=words.list([_told(pen, study, key, "at") for key in below]),
        lowest=_name(pen, study, lowest), now=_score(pen, number(table, lowest, "now")),
        top=f"{number(table, lowest, 'high'):g}",
    ), []  # fmt: skip


def _per_row(cells: Sequence[figures.Cell], width: float) -> int:
    """Return how many cells stand in a row `width` millimetres wide so that their names have room."""
    needed = max(text_width(cell.name, 7.5) + text_width(cell.last, 7) for cell in cells) + _SCALE
    return max(_LEAST, min(_MOST, len(cells), int((width + _GAP) / (needed + _GAP))))


def _told(pen: Pen, study: Study, key: tuple[str, str], how: str) -> str:
    """Return a score with its value now, and where it ``moved`` from."""
    before, now = (_score(pen, number(study.satisfaction.table, key, name)) for name in ("before", "now"))
    return pen.words(f"service.score_{how}", name=_name(pen, study, key), before=before, now=now)


def topics(result: Result, study: Study, size: str = "right") -> Display:
    """Show what bad reviews are about, the most frequent first; `result` is cut by topic."""
    return Display("figure", lambda pen: _draw_topics(pen, result, study, size), size, block="4.8")


def _draw_topics(pen: Pen, result: Result, study: Study, size: str) -> Drawn:
    words, request = pen.words, result.requests[0]
    rows = result.frame[result.frame["metric"] == request].set_index("topic").drop(UNKNOWN, errors="ignore")
    rows = rows[rows["value"] > 0].sort_values("value", ascending=False)
    if rows.empty:
        return absent(words("service.block_4_8_topics"), "product_reviews")
    shown = rows.head(study.service.rows["topics"])
    total = float(rows["value"].sum())
    bars = [
        figures.Bar(pen.name("topic", topic), row["value"], words.numbers.column([row["value"]], "count").texts[0],
                    note=words.numbers.rate(row["value"] / total))
        for topic, row in shown.iterrows()
    ]  # fmt: skip
    spoken = pen.spoken(request)
    paper = figures.bars(
        size, bars, now=about(pen, spoken.full_name, spoken.noun, result.period.label(words.lang))
    )
    title = words(
        "service.topics_title", topic=bars[0].name, share=bars[0].note, n=words.amount(total, "count")
    )
    marks = [pen.cite(result, request, topic=topic) for topic in shown.index]
    return figure(
        pen,
        paper,
        title=title,
        alt=alt(pen, title, "bars", [f"{bar.name} {bar.text}" for bar in bars]),
        marks=marks,
    )
