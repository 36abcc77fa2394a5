"""3.9 and 3.10 What lies too long, what ran out, and who should have what is left."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

import pandas as pd

from reportkit.show.blocks import money, period_name, span
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.product.grid import Table, drawn, numbers, ranges, texts
from reportkit.show.product.said import absent, between, sku, style
from reportkit.show.readings import Reading
from reportkit.study import Study
from reportkit.study.rows import records
from reportkit.study.stockouts import Outage

__all__ = ["allocation", "outages", "slow"]


def slow(study: Study, size: str = "full") -> Display:
    """List the slow stock with a way out of it and what that may bring back."""
    return Display("table", lambda pen: _draw_slow(pen, study), size, block="3.9")


def _draw_slow(pen: Pen, study: Study) -> Drawn:
    found, words = study.disposal, pen.words
    if found is None or study.stock.day is None:
        return absent(pen, "3_9", "inventory")
    rules = study.products
    subtitle = words("product.slow_subtitle", day=words.day(study.stock.day), keep=round(rules.disposal.keep), most=words.numbers.rate(rules.disposal.discount[0], 0),
                     least=words.numbers.rate(rules.disposal.discount[1], 0))  # fmt: skip
    if found.frame.empty:
        return drawn(
            pen,
            Table(words("product.slow_quiet", days=round(rules.stock.limits.high)), [], subtitle=subtitle),
        )
    frame = found.frame.head(rules.rows["slow"])
    rows = records(frame)
    columns = [
        texts(words("product.sku"), [sku(pen, str(code)) for code in frame.index]),
        texts(words("product.state"), [words(f"product.state_{state}") for state in frame["state"]], ["bad" if state == "dead" else "watch" for state in frame["state"]]),
        numbers(pen, words("product.stock_value"), _known(frame["value"]), "money"),
        numbers(pen, words("product.available"), _known(frame["available"]), "count"),
        numbers(pen, words("product.age"), _known(frame["age_days"]), "days"),
        texts(words("product.sold_spans"), [_spans(pen, row) for _, row in rows]),
        texts(words("product.cover_range", level=words.numbers.rate(rules.stock.level, 0)), [_lasts(pen, row) for _, row in rows]),
        texts(words("product.advice"), [_advice(pen, row) for _, row in rows]),
        texts(words("product.recovery"), [between(pen, row["low"], row["high"]) for _, row in rows]),
    ]  # fmt: skip
    title = words(
        "product.slow_title", count=len(found.frame), value=money(pen, found.slow), share=words.numbers.rate(found.rate), who=sku(pen, rows[0][0]),
        part=money(pen, rows[0][1]["value"]), cover=_lasts(pen, rows[0][1]), range=between(pen, float(found.frame["low"].sum()), float(found.frame["high"].sum())),
    )  # fmt: skip
    marks = [pen.prove(study, study.stock.figure("slow", row["value"], {"sku": code}, pd.Index([code])))
             for code, row in rows if row["value"] == row["value"]]  # fmt: skip
    rest = words("labels.rest", count=len(found.frame) - len(frame)) if len(found.frame) > len(frame) else ""
    return drawn(pen, Table(title, columns, marks, subtitle, rest))


def _lasts(pen: Pen, row: dict[str, Any]) -> str:
    """Return how many days a SKU lasts and between which, as far as its sales tell; empty where it does not sell."""
    days = [row[name] for name in ("cover", "cover_low", "cover_high")]
    if not all(map(isfinite, days)):
        return ""
    middle, low, high = (pen.words.numbers.inline(value, "count") for value in days)
    return pen.words("product.lasts", middle=middle, low=low, high=high)


def _known(values: Iterable[Any]) -> list[float | None]:
    return [None if value != value else float(value) for value in values]


def _spans(pen: Pen, row: dict[str, Any]) -> str:
    """Return what was sold in the last 30, 60 and 90 days."""
    a, b, c = (pen.words.numbers.inline(row[name], "count") for name in ("sold_30", "sold_60", "sold_90"))
    return pen.words("product.triple", a=a, b=b, c=c)


def _advice(pen: Pen, row: dict[str, Any]) -> str:
    """Return what to do with a SKU."""
    return pen.words(
        f"product.advice_{row['advice']}", spare=pen.words.amount(row["spare"], "count"),
        ordered=pen.words.amount(row["on_order"], "count"), partner=style(pen, row["partner"]) if row["partner"] else "",
    )  # fmt: skip


def outages(study: Study, size: str = "full") -> Display:
    """List what was out of stock in the period, for how long, and what was not sold because of it."""
    return Display("table", lambda pen: _draw_outages(pen, study), size, block="3.10")


def _draw_outages(pen: Pen, study: Study) -> Drawn:
    found, words = study.outages, pen.words
    if not found.counted:
        return absent(pen, "3_10", "inventory")
    lost, shown = study.products.lost, found.found[: study.products.rows["stockouts"]]
    share = Reading(pen, found.share, "stockout_rate", {})
    mark = [share.code()] if share.known else []
    subtitle = words(
        "product.outages_subtitle",
        period=period_name(pen, study),
        share=share,
        weighted=words.numbers.inline(found.weighted, "percent"),
        all=bool(study.scope),
    )
    if not shown:
        return drawn(pen, Table(words("product.outages_quiet"), [], mark, subtitle))
    columns = [
        texts(words("product.sku"), [sku(pen, one.sku) for one in shown]),
        texts(words("product.days"), [span(pen, one.first, one.last) for one in shown]),
        numbers(pen, words("product.days_out"), [float(one.days) for one in shown], "count"),
        texts(words("product.state"), [words("product.still_out" if one.open else "product.back") for one in shown], ["bad" if one.open else "" for one in shown]),
        numbers(pen, words("product.demand"), [one.rate for one in shown], "ratio"),
        numbers(pen, words("product.price"), [one.price for one in shown], "money"),
        ranges(pen, words("product.lost"), [(one.lost, one.low, one.high) for one in shown], "money", tones=["bad"] * len(shown)),
        texts(words("product.arrival"), [_arrival(pen, one) for one in shown]),
    ]  # fmt: skip
    first = found.found[0]
    total = [sum(getattr(one, name) for one in found.found) for name in ("lost", "low", "high")]
    title = words(
        "product.outages_title", count=len(found.found), who=sku(pen, first.sku), days=first.days, open=first.open,
        lost=money(pen, total[0]), range=between(pen, total[1], total[2]),
    )  # fmt: skip
    rest = words(
        "product.outages_rest",
        share=words.numbers.rate(lost.substitution, 0),
        least=words.numbers.rate(lost.least, 0),
        most=words.numbers.rate(lost.most, 0),
    )
    return drawn(
        pen, Table(title, columns, [*mark, *(pen.prove(study, one.figure) for one in shown)], subtitle, rest)
    )


def _arrival(pen: Pen, one: Outage) -> str:
    if one.arrival is None:
        return (
            pen.words("product.arrival_overdue", days=round(one.overdue))
            if one.overdue
            else pen.words("product.arrival_none")
        )
    return pen.words("product.arrival_in", days=round(one.arrival), overdue=round(one.overdue))


def allocation(study: Study, size: str = "full") -> Display:
    """Show who should have what is left of each SKU at risk; nothing where none is."""
    return Display("table", lambda pen: _draw_allocation(pen, study), size, block="3.10")


def _draw_allocation(pen: Pen, study: Study) -> Drawn:
    found, words = study.scarce, pen.words
    there = found.skus[found.skus["available"] > 0] if found else None
    if found is None or there is None or there.empty or study.stock.day is None:
        return Drawn("", "")
    shown = there.head(study.products.rows["allocation"])
    parts = found.parts[found.parts["sku_id"].isin(shown.index)]
    given = parts.pivot(index="sku_id", columns="platform_id", values="given").reindex(shown.index)
    platforms = [name for name in study.metrics.platforms if name in given.columns]
    short = parts.groupby("sku_id")["short"].sum().reindex(shown.index)
    columns = [
        texts(words("product.sku"), [sku(pen, str(code)) for code in shown.index]),
        numbers(pen, words("product.available"), _known(shown["available"]), "count"),
        numbers(pen, words("product.demand"), _known(shown["rate"]), "ratio"),
        numbers(pen, words("product.cover"), _known(shown["cover"]), "days"),
        numbers(pen, words("product.until"), _known(shown["days"]), "days"),
        *(numbers(pen, pen.name("platform", name), _known(given[name]), "count") for name in platforms),
        numbers(
            pen,
            words("product.short"),
            _known(short),
            "count",
            tones=["bad" if value > 0 else "" for value in short],
        ),
    ]
    title = words(
        "product.allocation_title",
        count=len(there),
        who=sku(pen, str(shown.index[0])),
        short=words.amount(float(found.parts["short"].sum()), "count"),
    )
    marks = [
        pen.prove(
            study, study.stock.figure("scarce", row["available"], {"sku": code}, pd.Index([code]), "count")
        )
        for code, row in records(shown)
    ]
    return drawn(
        pen,
        Table(title, columns, marks, words("product.allocation_subtitle", day=words.day(study.stock.day))),
    )
