"""4.5 Why goods come back: reasons by money and by count, by platform, and by product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from reportkit.metrics.views import UNKNOWN
from reportkit.show import figures
from reportkit.show.blocks import about, absent, alt
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING, percentages
from reportkit.show.paper import figure
from reportkit.show.readings import column_of
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.metrics.query import Result
    from reportkit.study import Study

__all__ = ["across", "products", "reasons"]


def reasons(result: Result, study: Study, request: str, size: str = "left") -> Display:
    """Show the reasons from the largest on, by `request` of `result`, which is cut by reason; what nobody told last."""
    return Display("figure", lambda pen: _draw_reasons(pen, result, study, request, size), size, block="4.5")


def _draw_reasons(pen: Pen, result: Result, study: Study, request: str, size: str) -> Drawn:
    words, spoken = pen.words, pen.spoken(request)
    rows = result.frame[result.frame["metric"] == request].set_index("reason")
    values = _ordered(rows["value"])
    if values.drop(UNKNOWN, errors="ignore").empty:
        return absent(words("service.block_4_5"), "refunds")
    shares = [share / 100 for share in percentages(list(values))]
    running = pd.Series(shares, index=values.index).cumsum()
    column = words.numbers.column(list(values), spoken.unit)
    bars = [
        figures.ParetoRow(
            pen.name("reason", reason), value, words("service.pareto_text", value=text, share=words.numbers.rate(share)),
            words.numbers.rate(float(running[reason])), "muted" if reason == UNKNOWN else "ink",
        )
        for reason, value, text, share in zip(values.index, values, column.texts, shares, strict=True)
    ]  # fmt: skip
    label = about(pen, spoken.full_name, column.unit or spoken.noun)
    cut = figures.Reference(study.service.pareto, words.numbers.rate(study.service.pareto, 0))
    paper = figures.pareto(size, bars, label=label, cumulative=words("service.cumulative"), cut=cut)
    title = _reasons_title(pen, result, request, values, size)
    marks = [pen.cite(result, request, reason=reason) for reason in values.index]
    items = [f"{bar.name} {bar.text}" for bar in bars]
    return figure(pen, paper, title=title, alt=alt(pen, title, "pareto", items), marks=marks)


def _ordered(values: pd.Series) -> pd.Series:
    """Return what is above zero from the largest on, the unknown last."""
    held = values[values > 0].sort_values(ascending=False)
    return held.reindex(
        [*(name for name in held.index if name != UNKNOWN), *([UNKNOWN] if UNKNOWN in held.index else [])]
    )


def _reasons_title(pen: Pen, result: Result, request: str, values: pd.Series, size: str) -> str:
    """Return the first reason with its share, and the one whose share moved most since the period before."""
    words, total = pen.words, float(values.sum())
    told = values.drop(UNKNOWN, errors="ignore")
    moved = _moved(result, request, values)
    most = str(moved.abs().idxmax()) if len(moved) else ""
    change = words.change(float(moved[most]), "percent") if most else None
    return words(
        "service.reasons_title", name=pen.spoken(request).name, first=pen.name("reason", told.index[0]),
        share=words.numbers.rate(float(told.iloc[0]) / total), moved=pen.name("reason", most) if most else "",
        change=None if change is None or change.flat else change,
        unknown=words.numbers.rate(float(values[UNKNOWN]) / total) if UNKNOWN in values.index and size != "right" else "",
    )  # fmt: skip


def _moved(result: Result, request: str, values: pd.Series) -> pd.Series:
    """Return by how much the share of each reason told moved since the period before."""
    rows = result.frame[result.frame["metric"] == request].set_index("reason")
    if "previous_then" not in rows or not rows["previous_then"].sum() > 0:
        return pd.Series(dtype="float64")
    moved = (
        rows["previous_now"].fillna(0.0) / rows["previous_now"].sum()
        - rows["previous_then"].fillna(0.0) / rows["previous_then"].sum()
    )
    return moved.drop(UNKNOWN, errors="ignore")


def across(result: Result, size: str = "full") -> Display:
    """Show which share of its refunds each part, platforms for instance, gives back for which reason.

    `result` is cut by these parts and by reason.
    """
    return Display("table", lambda pen: _draw_across(pen, result), size, block="4.5")


def _draw_across(pen: Pen, result: Result) -> Drawn:
    words, request, dimension = pen.words, result.requests[0], result.by[0]
    table = _table(result, column_of(dimension))
    if table.empty:
        return absent(words("service.block_4_5_across"), "refunds")
    table = table[table.sum().sort_values(ascending=False).index]
    cases = _table(result, column_of(dimension), "n").reindex(columns=table.columns).sum()
    shares, whole = _shares(table), _shares(table.sum(axis=1).to_frame())[0]
    enough = [part for part in table.columns if cases[part] >= pen.policy.min_n]
    beyond = shares.sub(whole, axis=0)
    rows = [
        figures.HeatRow(
            pen.name("reason", reason),
            (None, *(number(beyond, reason, part) if part in enough else None for part in table.columns)),
            tuple(words.numbers.rate(float(value)) for value in (whole[reason], *shares.loc[reason])),
        )
        for reason in table.index
    ]  # fmt: skip
    heads = [words("labels.total"), *(pen.name(dimension, part) for part in table.columns)]
    title = _across_title(pen, dimension, shares[enough], whole)
    subtitle = words(
        "service.across_subtitle",
        name=pen.spoken(request).full_name,
        period=result.period.label(words.lang),
        n=pen.policy.min_n,
    )
    marks = [
        pen.cite(result, request, **{dimension: part, "reason": str(table[part].idxmax())})
        for part in table.columns
    ]
    table_html = figures.heat(words("labels.dimension_reason"), heads, rows, low=0.0)
    return _heat(pen, title, subtitle, Markup('<div class="kept">{}</div>').format(table_html), marks)


def _shares(table: pd.DataFrame, digits: int = 1) -> pd.DataFrame:
    """Return each column as shares of its sum that come to 1 as they are printed."""
    columns = {name: [share / 100 for share in percentages(list(table[name]), digits)] for name in table}
    return pd.DataFrame(columns, index=table.index)


def _across_title(pen: Pen, dimension: str, shares: pd.DataFrame, whole: pd.Series) -> str:
    """Return the part that stands furthest above the whole in one reason."""
    words = pen.words
    beyond = shares.drop(index=UNKNOWN, errors="ignore").sub(whole.drop(UNKNOWN, errors="ignore"), axis=0)
    if beyond.shape[1] < 2 or not beyond.max().max() >= pen.policy.rate_clear:
        return words(
            "service.across_calm",
            first=pen.name("reason", whole.idxmax()),
            share=words.numbers.rate(float(whole.max())),
        )
    reason, part = beyond.stack().idxmax()  # type: ignore[misc]
    return words(
        "service.across_title", name=pen.name(dimension, part), reason=pen.name("reason", reason),
        share=words.numbers.rate(number(shares, reason, str(part))), whole=words.numbers.rate(float(whole[reason])),
    )  # fmt: skip


def _table(result: Result, rows: str, column: str = "value") -> pd.DataFrame:
    """Return reasons × parts, the largest reason first, the unknown last, without what holds nothing."""
    found = result.frame[result.frame["metric"] == result.requests[0]]
    table = found.pivot(index="reason", columns=rows, values=column).fillna(0.0)
    table = table.loc[:, table.sum() > 0]
    return table.loc[_ordered(table.sum(axis=1)).index]


def products(result: Result, study: Study, size: str = "full") -> Display:
    """Show the products with most refunds, and which share of each comes back for which reason."""
    return Display("table", lambda pen: _draw_products(pen, result, study), size, block="4.5")


def _draw_products(pen: Pen, result: Result, study: Study) -> Drawn:
    words, request = pen.words, result.requests[0]
    table = _table(result, "style").drop(columns=UNKNOWN, errors="ignore")
    if table.empty:
        return absent(words("service.block_4_5_products"), "refunds", "order_lines")
    sums = table.sum().sort_values(ascending=False)
    shown = list(sums.index[: study.service.rows["products"]])
    cases = _table(result, "style", "n").reindex(columns=table.columns).sum()
    shares, whole = _shares(table, 0), _shares(table.sum(axis=1).to_frame(), 0)[0]
    amounts = words.numbers.column(
        [float(sums.sum()), *(float(sums[style]) for style in shown)], pen.spoken(request).unit
    )
    rows = [_product(pen, "", whole, whole, float(cases.sum()), amounts.texts[0])]
    rows += [
        _product(pen, style, shares[style], whole, float(cases[style]), text)
        for style, text in zip(shown, amounts.texts[1:], strict=True)
    ]
    heads = [words("service.amount_in", unit=amounts.unit), words("service.count_head")]
    heads += [pen.name("reason", reason) for reason in table.index]
    body = figures.heat(words("labels.dimension_product"), heads, rows, low=0.0)
    subtitle = words(
        "service.products_subtitle",
        period=result.period.label(words.lang),
        count=len(shown),
        all=len(sums),
        n=pen.policy.min_n,
    )
    marks = [pen.cite(result, request, style=style, reason=str(table[style].idxmax())) for style in shown]
    return _heat(pen, _products_title(pen, shares[shown], cases, whole), subtitle, body, marks)


def _product(
    pen: Pen, style: str, shares: pd.Series, whole: pd.Series, cases: float, amount: str
) -> figures.HeatRow:
    """Return the row of a product, or of all where `style` is empty; filled is what lies above the whole."""
    name = pen.name("style", style) if style else pen.words("labels.total")
    filled = [float(share) if cases >= pen.policy.min_n else None for share in shares - whole]
    texts = [pen.words.numbers.rate(float(share), 0) if share > 0 else MISSING for share in shares]
    count = pen.words.numbers.column([cases], "count").texts[0]
    return figures.HeatRow(name, (None, None, *filled), (amount, count, *texts), total=not style)


def _products_title(pen: Pen, shares: pd.DataFrame, cases: pd.Series, whole: pd.Series) -> str:
    """Return the product with enough cases that stands furthest above all in one reason."""
    words = pen.words
    enough = [style for style in shares.columns if cases[style] >= pen.policy.min_n]
    beyond = (
        shares[enough].drop(index=UNKNOWN, errors="ignore").sub(whole.drop(UNKNOWN, errors="ignore"), axis=0)
    )
    if beyond.empty:
        return words("service.products_few", n=pen.policy.min_n)
    reason, style = beyond.stack().idxmax()  # type: ignore[misc]
    return words(
        "service.products_title", name=pen.name("style", style), reason=pen.name("reason", reason),
        share=words.numbers.rate(number(shares, reason, str(style))), whole=words.numbers.rate(float(whole[reason])),
    )  # fmt: skip


def _heat(pen: Pen, title: str, subtitle: str, body: Markup, marks: list[str]) -> Drawn:
    dense = Markup('<div class="dense">{}</div>').format(body)
    html = fill(
        pen.project,
        "table.html",
        title=title,
        subtitle=subtitle,
        mark="",
        codes=pen.codes(marks),
        body=dense,
        rest="",
    )
    return Drawn(html, title, pen.words("parts.alt_table", title=title), subtitle)
