"""4.10 What each department should look at, a list for each."""

from __future__ import annotations

from reportkit.show.blocks import absent
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.service.said import advice, finding, found, subject
from reportkit.study import Study
from reportkit.study.care import Task

__all__ = ["tasks"]

_WIDTHS = (22, 40, 10, 28)
_TABLES = {"service": ("refunds",), "quality": ("refunds",), "logistics": ("orders", "refunds")}


def tasks(study: Study, department: str, size: str = "full") -> Display:
    """List the tasks of one department of study.care.DEPARTMENTS, each with its numbers and what it is worth."""
    return Display("table", lambda pen: _draw(pen, study, department), size, block="4.10")


def _draw(pen: Pen, study: Study, department: str) -> Drawn:
    words = pen.words
    every = study.care.of(department)
    if not every and not _known(study, department):
        return absent(words(f"service.department_{department}"), *_TABLES[department])
    shown = every[: study.service.rows["tasks"]]
    name = words(f"service.department_{department}")
    heads = [words(f"service.task_{head}", unit="") for head in ("subject", "found", "money", "advice")]
    title = (
        words("service.tasks_title", name=name, count=len(every), first=finding(pen, study, every[0]))
        if every
        else words("service.tasks_none", name=name)
    )
    marks = [
        pen.prove(study, figure)
        for task in shown
        for figure in (*task.told.values(), *([task.money] if task.money else []))
    ]
    money = words.numbers.column([task.money.value if task.money else None for task in shown], "money")
    heads[2] = words("service.task_money", unit=money.unit if shown else "")
    rows = [_row(pen, study, task, text) for task, text in zip(shown, money.texts, strict=True)]
    rest = words("service.tasks_rest", count=len(every) - len(shown)) if len(every) > len(shown) else ""
    tones = {(place, 0): "bad" for place, task in enumerate(shown) if task.critical}
    return listed(
        pen, title, Listing(heads, rows, numbers=(2,), tones=tones, widths=_WIDTHS), marks=marks, rest=rest
    )


def _known(study: Study, department: str) -> bool:
    """Tell whether there is anything that could show a task of `department`."""
    if department == "logistics":
        return bool(study.delays.steps)
    return study.faults.judged if department == "quality" else len(study.handling.spread) > 0


def _row(pen: Pen, study: Study, task: Task, money: str) -> list[str]:
    return [
        subject(pen, task) or pen.words("labels.total"),
        found(pen, study, task),
        money,
        advice(pen, task),
    ]
