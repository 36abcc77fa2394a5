"""How a review speaks of an action: its metric, its state, what became of it."""

from __future__ import annotations

from reportkit.show.display import Pen
from reportkit.show.names import has_cjk
from reportkit.show.service.said import between
from reportkit.study.verdicts import Action, Judged

__all__ = ["dated", "effect", "metric_name", "number_of", "verdict", "written"]


def metric_name(pen: Pen, metric: str | None) -> str:
    """Return what a reader calls the metric of an action; a dash where none is named."""
    return pen.spoken(metric).name if metric and metric in pen.catalog else "—"


def number_of(pen: Pen, metric: str | None, value: float | None) -> str:
    """Return an amount of an action's metric; empty where it is not known."""
    if value is None:
        return ""
    if metric is None or metric not in pen.catalog:
        return str(pen.words.amount(value, "count"))
    spoken = pen.spoken(metric)
    return str(pen.words.amount(value, spoken.unit, spoken.noun))


def written(pen: Pen, action: Action, text: str | None) -> str:
    """Return what people wrote, where the language of the report can write it, else where it stands."""
    if text and pen.words.lang != "zh" and has_cjk(text):
        return pen.words("review.written", id=action.id)
    return text or "—"


def dated(pen: Pen, action: Action) -> str:
    """Return the one who is responsible and the day it is due."""
    return pen.words(
        "review.dated", owner=pen.words(f"review.role_{action.owner}"), due=pen.words.day(action.due)
    )


def verdict(pen: Pen, one: Judged) -> str:
    """Return the verdict on an action, with why there is none where it is undecided."""
    other = one.other if pen.words.lang == "zh" or not has_cjk(one.other) else pen.words("review.something")
    why = pen.words(f"review.why_{one.why}", other=other) if one.why else ""
    return pen.words("review.verdict", verdict=pen.words(f"review.verdict_{one.verdict}"), why=why)


def effect(pen: Pen, one: Judged) -> str:
    """Return by how much the metric moved, with its range; a dash where it was not compared."""
    if one.effect is None:
        return "—"
    told = pen.words.change(one.effect.change, "money")
    return pen.words(
        "review.effect", change=told, range=between(pen, one.effect.low, one.effect.high, "percent")
    )
