"""3.3 and 3.4 Where the money comes from: categories and what their mix did, and how few products bring most."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import about, alt, compared, money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import percentages
from reportkit.show.paper import figure
from reportkit.show.product.said import absent, category, style
from reportkit.show.readings import Part, parts
from reportkit.study import Study
from reportkit.study.rows import number

__all__ = ["categories", "pareto"]


def categories(study: Study, size: str = "left") -> Display:
    """Show the share of each category now and then, and the money that the change of the mix brought or took."""
    return Display("figure", lambda pen: _draw_categories(pen, study, size), size, block="3.3")


def _draw_categories(pen: Pen, study: Study, size: str) -> Drawn:
    found = study.assortment
    held = [part for part in parts(pen, found.result, "gmv", found.against) if (part.value or 0.0) > 0]
    if not held or {part.key for part in held} == {"unknown"}:
        return absent(pen, "3_3", "products")
    shown = held[: study.products.rows["categories"]]
    now = dict(zip(map(id, held), percentages([part.value or 0.0 for part in held]), strict=True))
    then = math.fsum(part.then or 0.0 for part in held)
    effects: dict[Any, float] = found.effects["mix"].to_dict() if found.against else {}
    column = pen.words.numbers.column(
        [float(effects.get(part.key, 0.0)) for part in shown], "money", signed=True
    )
    rows = [
        figures.Bar(
            part.name, now[id(part)] / 100, _share_text(pen, part, now[id(part)] / 100, then),
            (part.then or 0.0) / then if then else None, note if found.against else "",
        )
        for part, note in zip(shown, column.texts, strict=True)
    ]  # fmt: skip
    words, title = pen.words, _categories_title(pen, study, shown)
    now_text = about(pen, words("product.share_of", name=pen.spoken("gmv").name), "", period_name(pen, study))
    then_text = compared(pen, study, found.against)
    aid = words("product.mix_aid", unit=column.unit) if found.against else ""
    paper = figures.bars(size, rows, now=f"{now_text}{aid}", then=then_text)
    marks = [pen.cite(found.result, "gmv", category=part.key) for part in shown]
    marks += [
        pen.prove(study, found.figure("mix", str(part.key)))
        for part in shown
        if part.key in found.effects.index
    ]
    return figure(
        pen,
        paper,
        title=title,
        alt=alt(pen, title, "bars", [f"{row.name} {row.text}" for row in rows]),
        marks=marks,
    )


def _share_text(pen: Pen, part: Part, now: float, whole: float) -> str:
    moved = now - (part.then or 0.0) / whole if whole else None
    change = pen.words.numbers.change(moved, "percent", 1) if moved is not None else ""
    return f"{pen.words.numbers.rate(now)} {change}".strip()


def _categories_title(pen: Pen, study: Study, shown: list[Part]) -> str:
    found, words = study.assortment, pen.words
    first = words.numbers.rate(
        (shown[0].value or 0.0)
        / math.fsum(part.value or 0.0 for part in parts(pen, found.result, "gmv", None))
    )
    data = {"first": shown[0].name, "share": first}
    if found.against is None:
        return words("product.categories_alone", **data)
    total, change = found.total("mix"), found.total("change")
    gain = found.effects["mix"].idxmax() if total > 0 else found.effects["mix"].idxmin()
    flat = abs(total) < pen.policy.flat * math.fsum(part.value or 0.0 for part in shown)
    return words(
        "product.categories_title", **data, than=words(f"change.than_{found.against}"), total=money(pen, total), flat=flat,
        who=category(pen, str(gain)), part=money(pen, number(found.effects, gain, "mix")), change=money(pen, change),
    )  # fmt: skip


def pareto(study: Study, size: str = "right") -> Display:
    """Show how much of the profit (or of GMV, where no cost is known) the first products hold."""
    return Display("figure", lambda pen: _draw_pareto(pen, study, size), size, block="3.4")


def _draw_pareto(pen: Pen, study: Study, size: str) -> Drawn:
    ranking, words = study.ranking, pen.words
    request = "gross_profit" if ranking.by_profit else "gmv"
    values = ranking.frame["profit" if ranking.by_profit else "gmv"].dropna()
    values = values[values > 0].sort_values(ascending=False)
    if values.empty:
        return absent(pen, "3_4", "orders", "order_lines", "costs")
    whole, most = float(values.sum()), study.products.rows["pareto"]
    head, tail = values.head(most - (len(values) > most)), values.iloc[most - (len(values) > most) :]
    named = [
        (style(pen, str(name)), float(value), "ink" if ranking.frame.at[name, "klass"] == "A" else "muted")
        for name, value in head.items()
    ]
    if len(tail):
        named.append((words("labels.rest", count=len(tail)), float(tail.sum()), "muted"))
    column, reached = words.numbers.column([value for _, value, _ in named], "money"), 0.0
    rows = []
    for (name, value, tone), text in zip(named, column.texts, strict=True):
        reached += value
        rows.append(figures.ParetoRow(name, value, text, words.numbers.rate(reached / whole), tone))
    cut = study.products.stock.abc[0]
    label = about(pen, pen.spoken(request).name, column.unit, period_name(pen, study))
    paper = figures.pareto(
        size,
        rows,
        label=label,
        cumulative=words("product.cumulative"),
        cut=figures.Reference(cut, words.numbers.rate(cut, 0)),
    )
    title = _pareto_title(pen, study, request, values.index, whole)
    marks = [pen.cite(ranking.result, request, style=name) for name in head.index]
    return figure(
        pen,
        paper,
        title=title,
        alt=alt(pen, title, "pareto", [f"{row.name} {row.share_text}" for row in rows]),
        marks=marks,
    )


def _pareto_title(pen: Pen, study: Study, request: str, names: pd.Index, whole: float) -> str:
    frame = study.ranking.frame.loc[names]
    values = frame["profit" if request == "gross_profit" else "gmv"]
    best, rest = frame["klass"] == "A", frame["klass"] == "C"
    return pen.words(
        "product.pareto_title", name=pen.spoken(request).name, best=int(best.sum()), count=len(frame), rest=int(rest.sum()),
        share=pen.words.numbers.rate(float(values[best].sum()) / whole),
        tail=money(pen, float(values[rest].sum())), tail_share=pen.words.numbers.rate(float(values[rest].sum()) / whole),
    )  # fmt: skip
