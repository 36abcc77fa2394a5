"""How the service board speaks of ranges, products, orders' steps, and of what each department should look at."""

from __future__ import annotations

from datetime import date

from reportkit.metrics.projected import ALL
from reportkit.show.blocks import span
from reportkit.show.display import Pen
from reportkit.show.numbers import Unit, is_missing
from reportkit.study import Study
from reportkit.study.care import Task
from reportkit.study.rows import number

__all__ = ["advice", "between", "finding", "found", "product", "rate_range", "subject", "times"]

_NAMED = ("style", "platform", "shop", "type", "province", "source")


def between(pen: Pen, low: float, high: float, unit: Unit) -> str:
    """Return a range with its unit once, ``12.1–13.4%``; empty where it is not known or has no width."""
    if is_missing(low) or is_missing(high):
        return ""
    numbers = pen.words.numbers
    column = numbers.column([low, high], unit)
    if column.texts[0] == column.texts[1]:
        return ""
    if unit == "money" and numbers.words.scale_sticks:
        return pen.words(
            "service.range", low=numbers.inline(low, unit), high=numbers.inline(high, unit), unit=""
        )
    if unit == "money" and numbers.divisor([low, high], unit) == numbers.divisor([high], unit):
        return pen.words("service.range", low=column.texts[0], high=numbers.inline(high, unit), unit="")
    return pen.words("service.range", low=column.texts[0], high=column.texts[1], unit=column.unit)


def rate_range(pen: Pen, study: Study, platform: str = ALL) -> str:
    """Return the range of the projected refund rate; empty where it is not known."""
    if not study.refunds.known:
        return ""
    low, high = (number(study.refunds.table, platform, name) for name in ("rate_low", "rate_high"))
    return between(pen, low, high, "percent")


def times(pen: Pen, value: float) -> str:
    """Return how many times as much something is, as people say it: 1.6, 16."""
    return (
        pen.words.numbers.inline(round(value, 0), "count")
        if value >= 10
        else pen.words.numbers.column([value], "hours").texts[0]
    )


def finding(pen: Pen, study: Study, task: Task) -> str:
    """Return what was found, as a short clause that begins with what it is about."""
    return pen.words("service.found", subject=subject(pen, task), found=found(pen, study, task, "short"))


def subject(pen: Pen, task: Task) -> str:
    """Return what a task is about: a product, a platform and its days, a province; empty where it is everything."""
    dims = task.dims
    names = [
        product(pen, dims[name]) if name == "style" else pen.name(name, dims[name])
        for name in _NAMED
        if name in dims
    ]
    if "first" in dims:
        names.append(span(pen, date.fromisoformat(dims["first"]), date.fromisoformat(dims["last"])))
    return pen.words("service.subject", names=names)


def product(pen: Pen, style: str) -> str:
    """Return what a reader calls a product: the merchant's code, else its platform, and its title."""
    name = pen.name("style", style)
    platform, _, other = style.partition(":")
    if other:
        return pen.words("service.product", code=pen.name("platform", platform), name=name)
    return name if name == style else pen.words("service.product", code=style, name=name)


def found(pen: Pen, study: Study, task: Task, length: str = "found") -> str:
    """Return what was found, with all its numbers or, where `length` is ``short``, the ones that matter."""
    told: dict[str, object] = {name: pen.words.amount(fig.value, fig.unit) for name, fig in task.told.items()}
    if "times" in told:
        told["times"] = times(pen, task.told["times"].value)
    if "low" in told:
        told["range"] = between(pen, task.told["low"].value, task.told["high"].value, task.told["low"].unit)
    step = pen.words(f"service.step_{task.dims['step']}") if "step" in task.dims else ""
    return pen.words(f"service.{length}_{task.kind}", **told, step=step, sla=study.service.handling.sla)


def advice(pen: Pen, task: Task) -> str:
    """Return what the department might do."""
    return pen.words(f"service.advice_{task.kind}")
