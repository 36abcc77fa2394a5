"""The cards of the first page: gross, projected net, what is left of it, return on ads, the year, rates, stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportkit.metrics.projected import ALL
from reportkit.show.cards import bullet, card, cards_html
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.figures.paper import text_width
from reportkit.show.numbers import is_missing
from reportkit.show.readings import Reading
from reportkit.show.verdict import is_costed, missing_names

if TYPE_CHECKING:
    from reportkit.metrics.query import Result
    from reportkit.study import Study

__all__ = ["headlines"]

# What stands on the card of another metric where that one has a value; what needs no card then.
_BESIDE = {
    "net_sales_final": ("net_sales.refund_date",),
    "contribution": ("contribution_rate", "cost_coverage"),
    "roi_total": ("roi_total_net",),
    "refund_rate_final": ("refund_rate_amt.pay_date",),
    "inventory_days": ("stockout_skus",),
}
_INSTEAD = {"net_sales_final": ("net_sales.pay_date",)}
_SILENT = ("cost_coverage", "contribution_rate")
_COVERED, _WHOLE = "cost_coverage", 0.9995
# The width of a card, mm.
_LINE = 31.0
_NET, _RATE, _YEAR_AFTER = "net_sales_final", "refund_rate_final", 4


def headlines(result: Result, study: Study, days: Result | None = None) -> Display:
    """Show the first cards of `result` that have data, in its order, and the year's target among them.

    Metrics that belong to another's card stand there; `days` holds the same metrics by day.
    """
    return Display("cards", lambda pen: _draw(pen, result, study, days), block="1.B")


def _draw(pen: Pen, result: Result, study: Study, days: Result | None) -> Drawn:
    readings = _shown(pen, result)
    year = _year_card(pen, study)
    room = pen.rules.cards_shown - len(year)
    items = [_card(pen, reading, study, days) for reading in readings[:room]]
    return cards_html(pen, [*items[:_YEAR_AFTER], *year, *items[_YEAR_AFTER:]])


def _shown(pen: Pen, result: Result) -> list[Reading]:
    """Return what has a card of its own: known, not on another's card, contribution only where costs are known."""
    every = [Reading(pen, result, request, {}) for request in result.requests]
    known = [reading for reading in every if reading.known]
    if not is_costed(pen, result):
        known = [reading for reading in known if reading.request != "contribution"]
    hosts = {reading.request for reading in known}
    every_beside = [*_BESIDE.items(), *_INSTEAD.items()]
    told = {name for host, names in every_beside if host in hosts for name in names} | set(_SILENT)
    return [reading for reading in known if reading.request not in told] or every[:1]


def _card(pen: Pen, reading: Reading, study: Study, days: Result | None) -> dict[str, Any]:
    # Which platforms are left out is said under what is not yet known: a card says how many.
    item = card(pen, reading, days, missing_names(pen, reading.result, reading.request))
    without = reading.result.missing.get(reading.request, []) if reading.known else []
    beside = _beside(pen, reading)
    lines = [pen.words("cards.beside", name=_short(pen, other), reading=other) for other in beside]
    ranged, marks = _range(pen, reading, study)
    codes = [reading.code(), *marks, *(other.code() for other in beside)] if reading.known else []
    notes = [*ranged, *lines, *([pen.words("cards.lacks", count=len(without))] if without else [])]
    # The line that says there is no target has room for the first of them.
    free = item["target"] and not item["pace"] and item["bar"] is None
    fits = text_width(f"{item['target']} {''.join(notes[:1])}", 7.5) <= _LINE
    first = notes[:1] if free and fits else []
    rest = [pen.words("cards.several", items=notes[len(first) :])] if notes[len(first) :] else []
    pace = first[0] if first else item["pace"]
    return {**item, "code": pen.codes(codes), "pace": pace, "notes": [*rest, *item["notes"]]}


def _beside(pen: Pen, reading: Reading) -> list[Reading]:
    """Return what stands on a metric's card besides it; a coverage that is whole needs no word."""
    asked = [name for name in _BESIDE.get(reading.request, ()) if name in reading.result.requests]
    found = [Reading(pen, reading.result, name, {}) for name in asked]
    return [
        each
        for each in found
        if each.known and not (each.request == _COVERED and (each.value or 0.0) >= _WHOLE)
    ]


def _short(pen: Pen, reading: Reading) -> str:
    key = f"cards.short_{reading.request.replace('.', '_')}"
    return pen.words(key) if pen.words.has(key) else reading.name


def _range(pen: Pen, reading: Reading, study: Study) -> tuple[list[str], list[str]]:
    """Return the 80 % range of what is projected, as a line, and its evidence."""
    told = study.refunds
    if reading.request not in (_NET, _RATE) or not told.known:
        return [], []
    row: Any = told.table.loc[ALL]
    if is_missing(row["low"]) or row["badge"] == "mature":
        return [], []
    net = reading.request == _NET
    sides = ("low", "high") if net else ("rate_low", "rate_high")
    half = float(row[sides[1]] - row[sides[0]]) / 2
    said = pen.words.amount(half, reading.spoken.unit, "", reading.value)
    figures = [told.figure(name) for name in sides]
    text = pen.words.numbers.change(half, "percent").lstrip("▲") if not net else said.beside
    return [pen.words("cards.range", half=text)], [pen.prove(study, figure) for figure in figures]


def _year_card(pen: Pen, study: Study) -> list[dict[str, Any]]:
    """Return the card of the year's target: attained, the gap, what each day left must bring; and the quarter."""
    goal = study.goal
    reading = Reading(pen, goal.result, goal.request, {})
    rate, gap, needed = reading.number("attainment"), goal.gap, goal.needed
    if rate is None or gap is None or goal.target is None or not reading.known:
        return []
    words, period = pen.words, goal.result.period.label(pen.words.lang)
    lines = [words("cards.year_gap", gap=reading.money(abs(gap.value)), short=gap.value > 0)]
    marks = [reading.code(), pen.prove(study, gap)]
    if needed is not None:
        lines.append(words("cards.year_needed", needed=reading.money(needed.value), days=goal.days_left))
        marks.append(pen.prove(study, needed))
    pace = reading.number("pace") if goal.days_left else None
    attained = Reading(pen, goal.quarter, goal.quarter.requests[0], {})
    later = [words("cards.pace", rate=words.numbers.rate(pace))] if pace else []
    if attained.known:
        later.append(
            words(
                "cards.quarter", number=(study.last.month + 2) // 3, rate=words.numbers.rate(attained.value)
            )
        )
        marks.append(attained.code())
    return [
        {
            "name": words("cards.year", name=reading.name), "basis": period,
            "text": words.numbers.rate(rate).removesuffix("%"), "unit": "%", "code": pen.codes(marks),
            "pale": False, "changes": [], "spark": "", "target": lines[0],
            "target_tone": "plain", "pace": "", "bar": bullet(reading.value or 0.0, goal.target),
            "notes": [*lines[1:], *([words("cards.several", items=later)] if later else [])],
        }
    ]  # fmt: skip
