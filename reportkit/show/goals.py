"""The goals page of a promotion: reached or not, by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportkit.show.blocks import statement
from reportkit.show.cards import card, cards_html, target_tone
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.readings import Reading
from reportkit.show.verdict import is_early, missing_names, states

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["goal_cards", "goal_verdict"]

_NET, _YEAR = "net_sales", "last_year"


@dataclass(frozen=True)
class _Goal:
    """The metric that is held to its target, and the one told beside it."""

    judged: Reading
    other: Reading | None

    @property
    def target(self) -> float | None:
        return self.judged.number("target")

    @property
    def gap(self) -> float | None:
        """Actual minus target; None where either is missing."""
        target, value = self.target, self.judged.value
        return None if target is None or value is None else value - target

    @property
    def running(self) -> bool:
        return self.judged.result.as_of < self.judged.result.period.end


def _goal(pen: Pen, result: Result) -> _Goal:
    """Return net sales if it has a target, else the first metric with one, else net sales again."""
    readings = [Reading(pen, result, request, {}) for request in result.requests]
    net = next((reading for reading in readings if reading.spoken.id == _NET), None)
    first = readings[0]
    order = [net, first] if net else [first]
    judged = next((each for each in order if each and each.number("target") is not None), order[0])
    other = first if judged is net else net
    return _Goal(judged or first, other if other is not judged else None)


def goal_verdict(result: Result) -> Display:
    """Say whether the target of net sales (or of the first metric) was reached, and by how much."""
    return Display("verdict", lambda pen: _draw_verdict(pen, result), block="R1")


def _draw_verdict(pen: Pen, result: Result) -> Drawn:
    goal = _goal(pen, result)
    sentence = _sentence(pen, goal)
    marks = [each.code() for each in (goal.judged, goal.other) if each and each.known]
    found = states(pen, goal.judged, has_refunds=True)
    facts = _windows(pen, result)
    return statement(pen, sentence, marks, found, facts)


def _sentence(pen: Pen, goal: _Goal) -> str:
    words, judged = pen.words, goal.judged
    if not judged.known:
        period = judged.result.period.label(words.lang)
        return words("verdict.missing", period=period, head=judged)
    change = judged.change(_YEAR)
    early = judged.spoken.id == _NET and is_early(pen, judged.result)
    rate, pace = judged.number("attainment"), judged.number("pace")
    return words(
        f"goals.{_state(goal)}", judged=judged, other=goal.other if goal.other and goal.other.known else None,
        change=change, than=words(f"change.than_{_YEAR}") if change.known and not early else "",
        gap=judged.money(None if goal.gap is None else abs(goal.gap)),
        rate=words.numbers.rate(rate), pace=words.numbers.rate(pace),
    )  # fmt: skip


def _state(goal: _Goal) -> str:
    if goal.gap is None:
        return "no_target"
    if goal.running:
        return "running"
    if goal.gap == 0:
        return "exact"
    return "reached" if goal.gap > 0 else "short"


def _windows(pen: Pen, result: Result) -> list[str]:
    """Return how long the promotion is, this year and last: a longer window is not growth."""
    words, then = pen.words, result.period.last_year()
    found = [_window(pen, result.period, "window")]
    if then:
        found.append(_window(pen, then, "window_then", label=words(f"labels.{_YEAR}")))
    return found


def _window(pen: Pen, period: Any, key: str, **data: Any) -> str:
    first, last = (
        pen.words("dates.full_day", d=day, month=pen.words(f"dates.month_{day.month}"))
        for day in (period.start, period.end)
    )
    return pen.words(f"goals.{key}", first=first, last=last, days=period.days, **data)


def goal_cards(result: Result) -> Display:
    """Show target, actual, net so far, gap and last year's promotion, then the other metrics."""
    return Display("cards", lambda pen: _draw_cards(pen, result))


def _draw_cards(pen: Pen, result: Result) -> Drawn:
    goal = _goal(pen, result)
    first = [goal.other, goal.judged] if goal.other else [goal.judged]
    shown = {reading.request for reading in first if reading}
    rest = [Reading(pen, result, name, {}) for name in result.requests if name not in shown]
    already = missing_names(pen, result, goal.judged.request)
    told = [card(pen, reading, already=already) for reading in first if reading]
    others = [card(pen, reading, already=already) for reading in rest]
    items = [_target_card(pen, goal), *told, _gap_card(pen, goal), _then_card(pen, goal), *others]
    return cards_html(pen, items)


def _amount_card(pen: Pen, goal: _Goal, name: str, value: float | None, lines: list[str]) -> dict[str, Any]:
    spoken = goal.judged.spoken
    printed = pen.words.numbers.printed(value, spoken.unit, spoken.noun)
    return {
        "name": name, "basis": "", "text": printed.text, "unit": printed.unit, "code": "",
        "pale": value is None, "changes": [], "spark": "", "target": "", "target_tone": "plain",
        "pace": "", "bar": None, "notes": lines,
    }  # fmt: skip


def _target_card(pen: Pen, goal: _Goal) -> dict[str, Any]:
    name = pen.words("goals.card_target", name=goal.judged.name)
    if goal.target is None:
        return _amount_card(pen, goal, name, None, [pen.words("labels.no_target")])
    each = goal.judged.money(goal.target / goal.judged.result.period.days)
    return _amount_card(pen, goal, name, goal.target, [pen.words("goals.per_day", amount=each)])


def _gap_card(pen: Pen, goal: _Goal) -> dict[str, Any]:
    name = pen.words("goals.card_gap", name=goal.judged.name)
    if goal.gap is None:
        return _amount_card(pen, goal, name, None, [pen.words("labels.no_target")])
    made = _amount_card(pen, goal, name, goal.gap, [])
    if goal.gap > 0:
        made["text"] = f"+{made['text']}"
    rate = pen.words("cards.target", rate=pen.words.numbers.rate(goal.judged.number("attainment")))
    return made | {"target": rate, "target_tone": target_tone(pen, goal.judged)}


def _then_card(pen: Pen, goal: _Goal) -> dict[str, Any]:
    """Last year's promotion, like for like: the number that growth is measured against."""
    then, whole = goal.judged.number(f"{_YEAR}_then"), goal.judged.number(_YEAR)
    period = goal.judged.result.period.last_year()
    name = pen.words("goals.card_then")
    if then is None or period is None:
        return _amount_card(pen, goal, name, None, [pen.words("goals.card_then_none")])
    lines = [period.label(pen.words.lang)]
    if whole is None or not math.isclose(then, whole, rel_tol=1e-9):
        lines.append(pen.words("goals.like_for_like"))
    return _amount_card(pen, goal, name, then, lines)
