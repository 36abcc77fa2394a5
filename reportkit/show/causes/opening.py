"""The page in one sentence: which targets were missed, what was found behind them, how much it explains."""

from __future__ import annotations

from reportkit.show.blocks import compared, period_name, statement
from reportkit.show.causes.said import whole
from reportkit.show.display import Display, Drawn, Pen
from reportkit.study.why import Causes

__all__ = ["headline"]


def headline(told: Causes) -> Display:
    """Say which targets were missed, by which cause most, and what share of the gap the causes explain."""
    return Display("verdict", lambda pen: _draw(pen, told), block="R3")


def _draw(pen: Pen, told: Causes) -> Drawn:
    words = pen.words
    states = [("watch", words("causes.early"))] if told.early else []
    facts = [
        words(
            "causes.about",
            period=period_name(pen, told.study),
            then=compared(pen, told.study, told.change.against),
        )
    ]
    if not told.roots:
        key = "all_reached" if told.reached else "nothing"
        return statement(
            pen, words(f"causes.{key}", count=len(told.reached)), _goal_marks(pen, told), states, facts
        )
    found, first = told.drivers, told.roots[0].goal
    sentence = words(
        "causes.missed", count=len(told.roots), targets=first.rate is not None,
        name=pen.spoken(first.request).name,
        gap=words.amount(abs(first.gap), pen.spoken(first.request).unit, pen.spoken(first.request).noun),
        rate=words.numbers.rate(first.rate), found=len(found),
        first=whole(pen, told, found[0]) if found else "",
        **_share(pen, told), complete=sum(node.complete for node in found),
    )  # fmt: skip
    marks = _goal_marks(pen, told)
    marks += [pen.prove(told.study, node.figure) for node in found[:1] if node.figure]
    return statement(pen, sentence, marks, states, facts)


def _goal_marks(pen: Pen, told: Causes) -> list[str]:
    every = [*(root.goal for root in told.roots), *told.reached]
    return [pen.cite(goal.result, goal.request) for goal in every]


def _share(pen: Pen, told: Causes) -> dict[str, object]:
    """Return what share of the gap the largest cause is, and whether that is more than all of it."""
    first = told.roots[0]
    money = pen.spoken(first.goal.request).unit == "money" and first.found and first.found[0].money
    share = first.found[0].money / abs(first.goal.gap) if money else 0.0
    return {"share": pen.words.numbers.rate(share, 0) if money else "", "beyond": share > 1}
