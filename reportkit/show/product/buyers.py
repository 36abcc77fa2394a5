"""3.12 to 3.14 What is bought together, what parts products play, and which of them are bought again."""

from __future__ import annotations

from typing import Any

from reportkit.show import figures
from reportkit.show.blocks import about, alt, period_name, span
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.show.product.grid import Column, Table, drawn, numbers, texts
from reportkit.show.product.said import absent, style
from reportkit.show.readings import Reading
from reportkit.study import Study
from reportkit.study.rows import number, records

__all__ = ["pairs", "repurchase", "roles"]

_UNKNOWN = "unknown"


def pairs(study: Study, size: str = "right") -> Display:
    """List the pairs that are bought together more than their popularity explains."""
    return Display("table", lambda pen: _draw_pairs(pen, study), size, block="3.12")


def _draw_pairs(pen: Pen, study: Study) -> Drawn:
    found, words, rules = study.together, pen.words, study.products
    attached = Reading(pen, found.attached, "attach_rate", {})
    if not attached.known:
        return absent(pen, "3_12", "orders", "order_lines")
    subtitle = words(
        "product.pairs_subtitle", when=span(pen, found.first, found.last),
        several=words.amount(found.several, "count"), level=words.numbers.rate(rules.pairs.level, 0),
    )  # fmt: skip
    rows = [row for _, row in records(found.frame.head(rules.rows["pairs"]))]
    if not rows:
        title = words("product.pairs_quiet", attached=attached, few=found.several < rules.pairs.least_n)
        return drawn(pen, Table(title, [], [attached.code()], subtitle))
    first, ratio = rows[0], words.numbers.inline
    title = words(
        "product.pairs_title", attached=attached, count=len(found.frame), first=style(pen, first["first"]),
        second=style(pen, first["second"]), lift=ratio(first["lift"], "ratio"), low=ratio(first["lift_low"], "ratio"),
    )  # fmt: skip
    marks = [
        attached.code(),
        *(pen.prove(study, found.figure(row["first"], row["second"], row["lift"])) for row in rows),
    ]
    return drawn(pen, Table(title, _pair_columns(pen, rows), marks, subtitle))


def _pair_columns(pen: Pen, rows: list[dict[str, Any]]) -> list[Column]:
    words, ratio = pen.words, pen.words.numbers.inline
    named = [
        words("product.pair_name", first=style(pen, row["first"]), second=style(pen, row["second"]))
        for row in rows
    ]
    lifts = [
        words("product.at_least", value=ratio(row["lift"], "ratio"), low=ratio(row["lift_low"], "ratio"))
        for row in rows
    ]
    return [
        texts(words("product.pair"), named),
        numbers(pen, words("product.pair_n"), [row["n"] for row in rows], "count"),
        numbers(pen, words("product.confidence"), [row["confidence"] for row in rows], "percent"),
        texts(words("product.lift"), lifts),
        texts(words("product.advice"), [words(f"product.pair_{row['advice']}") for row in rows]),
    ]


def roles(study: Study, size: str = "right") -> Display:
    """Show how GMV spreads over the parts that products play, now, before and as planned."""
    return Display("figure", lambda pen: _draw_roles(pen, study, size), size, block="3.13")


def _draw_roles(pen: Pen, study: Study, size: str) -> Drawn:
    found, words, rate = study.roles, pen.words, pen.words.numbers.rate
    if found is None:
        return absent(pen, "3_13", "products")
    frame = found.frame
    known = [str(name) for name in frame.index if name != _UNKNOWN]
    order = [*known, *([_UNKNOWN] if _UNKNOWN in frame.index else [])]
    rows = [_role(pen, name, row) for name, row in records(frame.loc[order])]
    now = about(pen, words("product.share_of", name=pen.spoken("gmv").name), "", period_name(pen, study))
    previous = study.period.previous()
    paper = figures.bars(
        size,
        rows,
        now=now,
        then=previous.label(words.lang) if previous else "",
        target=words("product.planned") if found.planned else "",
    )
    gap = (frame["share"] - frame["plan"]).abs().dropna()
    far = gap[gap >= study.products.role_gap]
    worst = str(far.idxmax()) if len(far) else ""
    first = {name: number(frame, known[0], name) for name in ("share", "profit_share")}
    title = words(
        "product.roles_title", planned=found.planned, first=pen.name("role", known[0]), share=rate(first["share"]),
        worst=pen.name("role", worst) if worst else "", now=rate(number(frame, worst, "share")) if worst else "",
        plan=rate(number(frame, worst, "plan")) if worst else "",
        profit=rate(first["profit_share"]) if first["profit_share"] == first["profit_share"] else "",
    )  # fmt: skip
    marks = [
        pen.cite(found.result, request, role=name)
        for name in order
        for request in found.result.requests
        if found.result.cell(request, role=name) is not None
    ]
    return figure(
        pen,
        paper,
        title=title,
        alt=alt(pen, title, "bars", [f"{row.name} {row.text}" for row in rows]),
        marks=marks,
    )


def _role(pen: Pen, name: str, row: dict[str, Any]) -> figures.Bar:
    """Return the bar of one role: its shares of GMV and of profit."""
    share, then, profit, plan = (
        None if row[key] != row[key] else row[key] for key in ("share", "share_then", "profit_share", "plan")
    )
    rate = pen.words.numbers.rate
    note = pen.words("product.role_profit", share=rate(profit)) if profit is not None else ""
    return figures.Bar(
        pen.name("role", name), share, rate(share), then, note, "muted" if name == _UNKNOWN else "ink", plan
    )


def repurchase(study: Study, size: str = "right") -> Display:
    """List the products with most buyers, and how many of them came back for it."""
    return Display("table", lambda pen: _draw_repurchase(pen, study), size, block="3.14")


def _draw_repurchase(pen: Pen, study: Study) -> Drawn:
    found, words, rate = study.repurchase, pen.words, pen.words.numbers.rate
    subtitle = words(
        "product.repurchase_subtitle",
        when=span(pen, found.first, found.last),
        within=found.within,
        least=pen.policy.min_n,
    )
    if not found.known:
        return absent(pen, "3_14", "orders")
    if found.frame.empty:
        return drawn(
            pen, Table(words("product.repurchase_few", least=pen.policy.min_n), [], subtitle=subtitle)
        )
    frame = found.frame.head(study.products.rows["repurchase"])
    rows = records(frame)
    columns = [
        texts(words("labels.dimension_product"), [style(pen, str(name)) for name in frame.index]),
        numbers(pen, words("product.bought_by"), list(map(float, frame["buyers"])), "count"),
        texts(words("product.again"), [words("product.range", value=rate(row["rate"]), low=rate(row["low"]), high=rate(row["high"])) for _, row in rows]),
        numbers(pen, words("product.back_at_all"), list(map(float, frame["rate_back"])), "percent"),
        texts(words("product.gap"), [words.numbers.inline(row["gap"], "days") for _, row in rows]),
    ]  # fmt: skip
    best = str(frame["rate"].idxmax())
    title = words(
        "product.repurchase_title",
        who=style(pen, best),
        rate=rate(number(frame, best, "rate")),
        within=found.within,
        back=rate(float(frame["back"].sum() / frame["buyers"].sum())),
    )
    return drawn(
        pen,
        Table(title, columns, [pen.prove(study, found.figure(str(name))) for name in frame.index], subtitle),
    )
