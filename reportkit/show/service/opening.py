"""How after-sales stands, in one sentence, and 4.1 its cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportkit.metrics.projected import ALL
from reportkit.show.blocks import statement
from reportkit.show.cards import card, cards_html
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.readings import Reading
from reportkit.show.service.said import finding, rate_range
from reportkit.show.verdict import missing_names, references, states
from reportkit.study import Study
from reportkit.study.care import DEPARTMENTS, Task
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["cards", "verdict"]

_P90, _HOURS, _FINAL, _SEEN = (
    "aftersale_hours_p90",
    "aftersale_hours",
    "refund_rate_final",
    "refund_rate_amt.pay_date",
)
_TONES = {"bad": "bad", "watch": "watch", "good": ""}


def verdict(study: Study) -> Display:
    """Say what share of the period's sales comes back, how that moved, and what cannot wait."""
    return Display("verdict", lambda pen: _draw_verdict(pen, study), block="4")


def _draw_verdict(pen: Pen, study: Study) -> Drawn:
    words, rise = pen.words, study.care.rise
    rate = Reading(pen, rise.result, rise.request, {})
    if not rate.known:
        sentence = words("verdict.missing", period=study.period.label(words.lang), head=rate)
        return statement(pen, sentence, [], states(pen, rate, has_refunds=False), [])
    named = _named(pen, study)
    change = rate.change(rise.against)
    sentence = words(
        "service.verdict", rate=rate, range=rate_range(pen, study), change=change if rise.against else None,
        than=words(f"change.than_{rise.against}") if rise.against else "",
        findings=[finding(pen, study, task) for task in named],
    )  # fmt: skip
    marks = [rate.code(), *_range_marks(pen, study)]
    marks += [pen.prove(study, figure) for task in named for figure in task.told.values()]
    health = (_TONES[study.care.level], words(f"service.health_{study.care.level}"))
    found = [health, *states(pen, rate, has_refunds=rise.request == _SEEN)]
    return statement(pen, sentence, marks, found, [*_maturity(pen, study), *references(pen, rise.result)])


def _named(pen: Pen, study: Study) -> list[Task]:
    """Return what the sentence names: what cannot wait, then delays, then the first of each department."""
    told = study.care
    delays = [task for task in told.of("logistics") if task.kind == "delay"]
    firsts = [task for department in DEPARTMENTS for task in told.of(department)[:1]]
    every = [*told.critical, *delays, *firsts]
    return [task for place, task in enumerate(every) if task not in every[:place]][: pen.rules.parts_named]


def _range_marks(pen: Pen, study: Study) -> list[str]:
    if not study.refunds.known or not rate_range(pen, study):
        return []
    return [pen.prove(study, study.refunds.figure(name)) for name in ("rate_low", "rate_high")]


def _maturity(pen: Pen, study: Study) -> list[str]:
    if not study.refunds.known:
        return []
    table = study.refunds.table
    reached: Any = table.loc[ALL, "badge"]
    badge = pen.words(f"service.badge_{reached}")
    return [
        pen.words(
            "service.maturity", share=pen.words.numbers.rate(number(table, ALL, "maturity")), badge=badge
        )
    ]


def cards(result: Result, study: Study, days: Result | None = None) -> Display:
    """Show a card for each metric of `result`; the slowest tenth of cases stands on the card of the median."""
    return Display("cards", lambda pen: _draw_cards(pen, result, study, days), block="4.1")


def _draw_cards(pen: Pen, result: Result, study: Study, days: Result | None) -> Drawn:
    already = missing_names(pen, result, result.requests[0])
    every = [Reading(pen, result, request, {}) for request in result.requests if request != _P90]
    if not any(reading.known for reading in every):
        return Drawn("", title=pen.words("service.block_4_1"), lacks=("refunds",))
    return cards_html(pen, [_card(pen, reading, study, days, already) for reading in every if reading.known])


def _card(pen: Pen, reading: Reading, study: Study, days: Result | None, already: str) -> dict[str, Any]:
    notes, marks = _beside(pen, reading, study)
    codes = pen.codes([reading.code(), *marks])
    only = _only(pen, reading, study)
    item = card(pen, reading, days, missing_names(pen, reading.result, reading.request) if only else already)
    return {**item, "code": codes, "notes": [*item["notes"], *only, *notes]}


def _only(pen: Pen, reading: Reading, study: Study) -> list[str]:
    """Return whose value it is, where most platforms do not tell."""
    missing = reading.result.missing.get(reading.request, [])
    told = [name for name in study.scope.get("platform", study.metrics.platforms) if name not in missing]
    names = pen.words.list([pen.name("platform", name) for name in told])
    return [pen.words("service.card_only", names=names)] if 0 < len(told) < len(missing) else []


def _beside(pen: Pen, reading: Reading, study: Study) -> tuple[list[str], list[str]]:
    """Return what else a card says, and the evidence of it."""
    if reading.request == _HOURS and _P90 in reading.result.requests:
        slow = Reading(pen, reading.result, _P90, {})
        return [pen.words("service.card_hours", p90=slow)], [slow.code()]
    if reading.request == _FINAL and study.refunds.known:
        seen = study.refunds.figure("seen")
        note = pen.words(
            "service.card_rate", seen=pen.words.amount(seen.value, "percent"), range=rate_range(pen, study)
        )
        return [note], [pen.prove(study, seen), *_range_marks(pen, study)]
    return [], []
