"""What runs out, when, and how much is missing."""

from __future__ import annotations

from math import isfinite

import pandas as pd

from reportkit.show.blocks import absent
from reportkit.show.daily.said import hours, known, moment
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.product.grid import Table, drawn, numbers, texts
from reportkit.study.running import Running

__all__ = ["cover"]


def cover(running: Running, size: str = "left") -> Display:
    """List the best sellers by the hours that their stock lasts, the most urgent first."""
    return Display("table", lambda pen: _draw(pen, running), size)


def _draw(pen: Pen, running: Running) -> Drawn:
    found, words, rules = running.cover, pen.words, running.rules
    if running.stage == "over":
        return Drawn("", "")
    if found.at is None or found.table.empty:
        return absent(words("daily.block_cover"), "inventory")
    subtitle = words(
        "daily.cover_subtitle", moment=moment(pen, found.at), count=len(found.table),
        share=words.numbers.rate(rules.cover.share, 0), level=words.numbers.rate(rules.cover.level, 0),
        all=bool(running.study.scope),
    )  # fmt: skip
    ending = found.table[found.table["hours"].map(isfinite) | found.table.index.isin(found.called)]
    if ending.empty:
        return drawn(pen, Table(words("daily.cover_quiet", count=len(found.table)), [], subtitle=subtitle))
    shown = ending.head(rules.rows["cover"])
    rows = [(str(sku), row) for sku, row in shown.iterrows()]
    tones = ["bad" if sku in found.called else "" for sku, _ in rows]
    columns = [
        texts(words("product.sku"), [pen.name("sku", sku) for sku, _ in rows]),
        numbers(pen, words("daily.left"), known(shown["left"]), "count"),
        numbers(pen, words("daily.next_day"), known(shown["next_day"].round()), "count"),
        texts(words("daily.hours"), [_hours(pen, row) for _, row in rows], tones),
        texts(words("daily.out_time"), [_out(pen, row) for _, row in rows], tones),
        numbers(pen, words("daily.missing"), known(shown["missing"].round()), "count"),
        texts(words("daily.arrival"), [_arrival(pen, row) for _, row in rows]),
    ]  # fmt: skip
    marks = [pen.prove(running.study, found.figure(sku, "left")) for sku, _ in rows]
    rest = words("daily.others", count=len(found.table) - len(shown)) if len(found.table) > len(shown) else ""
    return drawn(pen, Table(_title(pen, running), columns, marks, subtitle, rest))


def _title(pen: Pen, running: Running) -> str:
    found, words = running.cover, pen.words
    first = found.table.iloc[0]
    return words(
        "daily.cover_title", count=len(found.called), within=running.rules.cover.call, out=bool(first["left"] <= 0),
        who=pen.name("sku", str(found.table.index[0])), hours=hours(pen, first["hours"]),
        missing=words.amount(float(round(first["missing"])), "count"),
    )  # fmt: skip


def _hours(pen: Pen, row: pd.Series) -> str:
    if row["left"] <= 0:
        return pen.words("daily.out_now")
    if not isfinite(row["latest"]):
        return pen.words(
            "daily.at_least", low=pen.words.numbers.inline(float(round(row["earliest"])), "count")
        )
    ends = {
        name: pen.words.numbers.inline(float(round(row[name])), "count")
        for name in ("hours", "earliest", "latest")
    }
    return pen.words("daily.hours_range", **ends)


def _out(pen: Pen, row: pd.Series) -> str:
    return "" if row["left"] <= 0 or pd.isna(row["out_at"]) else moment(pen, row["out_at"].floor("h"))


def _arrival(pen: Pen, row: pd.Series) -> str:
    words = pen.words
    coming = isfinite(row["next_arrival"])
    days = words("daily.arrives", days=round(row["next_arrival"])) if coming else ""
    late = words("daily.overdue", days=round(row["overdue"])) if row["overdue"] > 0 else ""
    return words("daily.arrivals", parts=[text for text in (days, late) if text])
