"""The eight numbers of page one: sold, kept, added, earned, new buyers, lost, left in stock, done of what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportkit.show.cards import card, cards_html
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import Unit
from reportkit.show.readings import Reading
from reportkit.show.service.said import between
from reportkit.show.verdict import missing_names
from reportkit.study import Study
from reportkit.study.campaign import Campaign

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["cards"]

_METRICS = ("gmv", "net_sales_final", "contribution", "new_buyers", "inventory_days")


def cards(sales: Result, campaign: Campaign) -> Display:
    """Show a card for each of the five metrics of page one that `sales` holds, and those that a study tells."""
    return Display("cards", lambda pen: _draw(pen, sales, campaign), block="R1.1")


def _draw(pen: Pen, sales: Result, campaign: Campaign) -> Drawn:
    already = missing_names(pen, sales, sales.requests[0])
    told = {name: Reading(pen, sales, name, {}) for name in _METRICS if name in sales.requests}
    shown = {name: card(pen, reading, already=already) for name, reading in told.items() if reading.known}
    if "net_sales_final" in shown:
        shown["net_sales_final"]["notes"] += _final_range(pen, campaign.study)
    added = {
        "increment": _increment(pen, campaign),
        "lost": _lost(pen, campaign.study),
        "closed": _closed(pen, campaign),
    }
    order = (
        "gmv",
        "net_sales_final",
        "increment",
        "contribution",
        "new_buyers",
        "lost",
        "inventory_days",
        "closed",
    )
    every = shown | {name: one for name, one in added.items() if one}
    return cards_html(pen, [every[name] for name in order if name in every])


def _plain(
    pen: Pen, key: str, value: float | None, unit: Unit, codes: list[str], notes: list[str]
) -> dict[str, Any]:
    printed = pen.words.numbers.printed(value, unit)
    return {
        "name": pen.words(f"review.card_{key}"), "basis": "", "text": printed.text, "unit": printed.unit,
        "code": pen.codes(codes) if codes else "", "pale": value is None, "changes": [], "spark": "",
        "target": "", "target_tone": "plain", "pace": "", "bar": None, "notes": notes,
    }  # fmt: skip


def _final_range(pen: Pen, study: Study) -> list[str]:
    """Return the interval of projected net sales: what is paid less what may come back."""
    if not study.refunds.known:
        return []
    told = between(pen, *study.refunds.net, "money")
    return [pen.words("review.card_range", range=told)] if told else []


def _increment(pen: Pen, campaign: Campaign) -> dict[str, Any] | None:
    """Return net increment after refunds where they can be told, else before; what it took from other days, its ROI."""
    brought = campaign.uplift
    if brought is None:
        return None
    stays = brought.range("net", stays=True) is not None
    told, forward, roi = brought.range("net", stays=stays), brought.range("forward"), brought.roi
    if told is None:
        return None
    words, numbers = pen.words, pen.words.numbers
    notes = [words("review.card_range", range=between(pen, told.low, told.high, "money"))]
    if forward is not None:
        notes.append(words("review.card_forward", rate=numbers.rate(forward.value)))
    if roi is not None:
        notes.append(words("review.card_roi", roi=words.amount(roi.value, "ratio")))
    if brought.state != "over":
        notes.append(words("review.card_upper"))
    codes = [pen.prove(campaign.study, brought.figure("stays" if stays else "net", told.value))]
    return _plain(pen, "net_increment", told.value, "money", codes, notes)


def _lost(pen: Pen, study: Study) -> dict[str, Any]:
    told = study.outages
    if not told.counted:
        return _plain(pen, "lost", None, "money", [], [pen.words("review.card_not_counted")])
    codes = [pen.prove(study, one.figure) for one in told.found]
    notes = [pen.words("review.card_outages", count=len(told.found))]
    if told.found:
        low, high = (sum(getattr(one, end) for one in told.found) for end in ("low", "high"))
        notes.append(between(pen, low, high, "money"))
    return _plain(
        pen, "lost", sum(one.lost for one in told.found), "money", codes, [note for note in notes if note]
    )


def _closed(pen: Pen, campaign: Campaign) -> dict[str, Any]:
    told, numbers = campaign.actions, pen.words.numbers
    if told.closed is None:
        return _plain(pen, "closed", None, "percent", [], [pen.words("review.card_none")])
    codes = [pen.prove(campaign.study, told.figure("closed", told.closed))]
    judged = (
        pen.words("review.card_judged", rate=numbers.rate(told.effective, 0))
        if told.effective is not None
        else pen.words("review.card_unjudged")
    )
    return _plain(pen, "closed", told.closed, "percent", codes, [judged])
