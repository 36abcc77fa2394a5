"""4.4 Who takes more than its share of the refunds, and 4.6 how far goods had come when they were asked back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.metrics.views import UNKNOWN
from reportkit.show import figures
from reportkit.show.blocks import about, absent, alt, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import percentages
from reportkit.show.paper import figure
from reportkit.show.readings import column_of
from reportkit.show.service.said import times
from reportkit.study import Study
from reportkit.study.refunds import Weights

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.metrics.query import Result

__all__ = ["stages", "weights"]

_STAGES = ("发货前", "发货后未签收", "签收后", UNKNOWN)


def weights(study: Study, size: str = "right") -> Display:
    """Show the share of refunds over the share of GMV, by platform or whatever has two parts."""
    return Display("figure", lambda pen: _draw_weights(pen, study, size), size, block="4.4")


def _draw_weights(pen: Pen, study: Study, size: str) -> Drawn:
    told, words = study.refund_weights, pen.words
    if told is None:
        return absent(words("service.block_4_4"), "refunds", "order_lines")
    shown = told.table.head(pen.rules.table_rows)
    limit = study.service.refunds.index
    rows = [
        figures.Bar(
            pen.name(told.dimension, part), row["index"], times(pen, row["index"]),
            note=words("service.weights_note", refunds=words.numbers.rate(row["refund_share"]), gmv=words.numbers.rate(row["gmv_share"])),
            tone="bad" if row["index"] >= limit else "ink",
        )
        for part, row in shown.iterrows()
    ]  # fmt: skip
    label = words("service.weights_label", name=pen.spoken(told.request).name)
    key = about(pen, label, "", period_name(pen, study))
    paper = figures.bars(size, rows, now=key, reference=figures.Reference(1.0, words("service.weights_even")))
    title = _weights_title(pen, study, told)
    marks = [pen.prove(study, told.figure(str(part))) for part in shown.index]
    items = [f"{row.name} {row.text}" for row in rows]
    return figure(pen, paper, title=title, alt=alt(pen, title, "bars", items), marks=marks)


def _weights_title(pen: Pen, study: Study, told: Weights) -> str:
    words, top, row = pen.words, told.table.index[0], told.table.iloc[0]
    kind = "weights_title" if row["index"] >= study.service.refunds.index else "weights_calm"
    return words(
        f"service.{kind}", name=pen.name(told.dimension, top), times=times(pen, row["index"]),
        refunds=words.numbers.rate(row["refund_share"]), gmv=words.numbers.rate(row["gmv_share"]),
        limit=times(pen, study.service.refunds.index), dimension=words(f"labels.dimension_{told.dimension}"),
    )  # fmt: skip


def stages(result: Result, size: str = "right") -> Display:
    """Show the first request of `result`, refunds cut by some parts and by stage: 100 % a row, its sum at the right."""
    return Display("figure", lambda pen: _draw_stages(pen, result, size), size, block="4.6")


def _draw_stages(pen: Pen, result: Result, size: str) -> Drawn:
    words, request, dimension = pen.words, result.requests[0], result.by[0]
    rows = result.frame[result.frame["metric"] == request]
    table = rows.pivot(index=column_of(dimension), columns="stage", values="value").fillna(0.0)
    known = [stage for stage in _STAGES if stage in table and table[stage].sum() > 0]
    if not [stage for stage in known if stage != UNKNOWN]:
        return absent(words("service.block_4_6"), "refunds")
    table = table.loc[table.sum(axis=1).sort_values(ascending=False).index, known]
    table = table[table.sum(axis=1) > 0]
    spoken = pen.spoken(request)
    sums = words.numbers.column(list(table.sum(axis=1)), spoken.unit)
    stacks = [
        figures.Stack(pen.name(dimension, part), tuple(table.loc[part]), _shares(pen, table.loc[part]), text)
        for part, text in zip(table.index, sums.texts, strict=True)
    ]
    names = [pen.name("stage", stage) for stage in known]
    label = about(pen, spoken.full_name, sums.unit, result.period.label(words.lang))
    paper = figures.stacked(size, stacks, names, label=label)
    title = _stages_title(pen, result, table)
    marks = [
        pen.cite(result, request, **{dimension: row[column_of(dimension)], "stage": row["stage"]})
        for row in rows[rows["value"] > 0].to_dict("records")
    ]
    items = [f"{stack.name} {stack.text}" for stack in stacks]
    return figure(pen, paper, title=title, alt=alt(pen, title, "stacked", items), marks=marks)


def _shares(pen: Pen, row: pd.Series) -> tuple[str, ...]:
    return tuple(pen.words.numbers.rate(share / 100, 0) for share in percentages(list(row)))


def _stages_title(pen: Pen, result: Result, table: pd.DataFrame) -> str:
    """Return the stage that holds most, and the part that leans furthest from the others on it."""
    words, sums = pen.words, table.sum()
    first = str(sums.drop(UNKNOWN, errors="ignore").idxmax())
    shares = table[first] / table.sum(axis=1)
    top = str(shares.idxmax())
    return words(
        "service.stages_title", stage=pen.name("stage", first), share=words.numbers.rate(float(sums[first] / sums.sum())),
        name=pen.name(result.by[0], top), most=words.numbers.rate(float(shares[top])), alone=len(table) == 1,
    )  # fmt: skip
