"""R2.9 New buyers of a promotion beside returning ones, and R2.10 how many of the new ones came back."""

from __future__ import annotations

from reportkit.metrics.views import UNKNOWN
from reportkit.show.blocks import period_name, span
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.process.said import absent
from reportkit.show.product.grid import Table, drawn, numbers, ranges, texts
from reportkit.show.readings import Reading
from reportkit.study.campaign import Campaign
from reportkit.study.newcomers import Newcomers
from reportkit.study.rows import number

__all__ = ["buyers", "cohorts"]

_KNOWN = ("new", "returning")


def buyers(campaign: Campaign, size: str = "left") -> Display:
    """List sales, buyers, basket and refunds of new and of returning buyers, and how they moved."""
    return Display("table", lambda pen: _draw_buyers(pen, campaign), size, block="R2.9")


def _draw_buyers(pen: Pen, campaign: Campaign) -> Drawn:
    words, found = pen.words, campaign.newcomers
    told = found.sides if found else None
    values = (
        {}
        if told is None
        else {name: told.cell("gmv", buyer=name) or 0.0 for name in set(told.frame["buyer"])}
    )
    known = [name for name in _KNOWN if values.get(name)]
    if told is None or not known:
        return absent(pen, "R2_9", "promos", "orders")
    sides = [*known, *([UNKNOWN] if values.get(UNKNOWN) else [])]
    whole = sum(values[name] for name in known)
    rows = {
        request: [Reading(pen, told, request, {"buyer": name}) for name in sides] for request in told.requests
    }
    period, before = campaign.study.period, campaign.study.period.reference
    alike = before is not None and before.days == period.days
    heads = [row for row in rows["gmv"] if row.dims["buyer"] == "new"] or rows["gmv"][:1]
    title = words(
        "process.buyers_title", share=words.numbers.rate(values.get("new", 0.0) / whole), value=heads[0], change=heads[0].change("last_year" if alike else None),
    )  # fmt: skip
    columns = [texts(words("process.buyer"), [words(f"process.buyer_{name}") for name in sides])]
    for request, readings in rows.items():
        spoken = readings[0].spoken
        columns.append(numbers(pen, spoken.full_name, [one.value for one in readings], spoken.unit))
        if request in ("gmv", "buyers"):
            moved = [one.change("last_year") for one in readings]
            columns.append(texts(words("labels.last_year"), [str(each) for each in moved]))
    first = min(begun for begun, _ in campaign.study.metrics.coverage.trading.values())
    marks = [one.code() for readings in rows.values() for one in readings if one.known]
    return drawn(
        pen,
        Table(
            title,
            columns,
            marks,
            words(
                "process.buyers_subtitle",
                period=period_name(pen, campaign.study),
                first=first,
                days=period.days,
                then=before.days if before else "",
            ),
        ),
    )


def cohorts(campaign: Campaign, size: str = "right") -> Display:
    """List how many new buyers of the promotion came back, beside those of ordinary days and of the one before."""
    return Display("table", lambda pen: _draw_cohorts(pen, campaign), size, block="R2.10")


def _draw_cohorts(pen: Pen, campaign: Campaign) -> Drawn:
    words, found = pen.words, campaign.newcomers
    if found is None:
        return absent(pen, "R2_10", "promos", "orders")
    if found.frame.empty:
        return drawn(pen, Table(words("process.cohorts_young", age=max(found.age, 0)), []))
    names = [str(name) for name in found.frame.index]
    triples = [tuple(number(found.frame, name, side) for side in ("rate", "low", "high")) for name in names]
    columns = [
        texts(words("process.cohort"), [words(f"process.cohort_{name}") for name in names]),
        texts(words("process.when"), [_when(pen, found, name) for name in names]),
        numbers(
            pen,
            words("process.cohort_buyers"),
            [number(found.frame, name, "buyers") for name in names],
            "count",
        ),
        numbers(pen, words("process.back"), [number(found.frame, name, "back") for name in names], "count"),
        ranges(pen, words("process.back_rate"), triples, "percent"),  # type: ignore[arg-type]
    ]
    rates = {name: words.numbers.rate(number(found.frame, name, "rate")) for name in names}
    worse = found.worse
    state = "unknown" if worse is None else "worse" if worse else "better" if found.low > 0 else "same"
    title = words(
        f"process.cohorts_{state}", age=found.age, now=rates["now"], other=rates.get(found.against, ""),
        against=words(f"process.cohort_{found.against}") if found.against else "",
        gap=words.change(abs(found.gap), "percent"),
    )  # fmt: skip
    marks = [pen.prove(campaign.study, found.figure(name)) for name in names]
    subtitle = words(
        "process.cohorts_subtitle", age=found.age, level=words.numbers.rate(campaign.rules.buyers.level, 0)
    )
    return drawn(pen, Table(title, columns, marks, subtitle))


def _when(pen: Pen, found: Newcomers, name: str) -> str:
    return span(pen, found.frame.at[name, "first"], found.frame.at[name, "last"])  # type: ignore[arg-type]
