"""``params/advice.yaml``: the rules of advice."""

from __future__ import annotations

from pydantic import Field

from reportkit.models import Named
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Book", "Rule", "read_book"]


class Rule(Strict):
    """One rule: when it speaks (`trigger`), when it keeps silent (`guard`), where its `effect` comes from.

    `owner` is whose task it is, `answers` the rules of alerts that it answers, `needs` the tables without which it is
    not evaluated, `numbers` its own thresholds by name.
    """

    name: Named
    owner: str
    trigger: str
    guard: str
    effect: str
    answers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    numbers: dict[str, float] = Field(default_factory=dict)


class Book(Strict):
    """``params/advice.yaml``: `level` of ranges, the last `days` whose alerts a report tells, the owners that each of `boards` shows, and the rules by id."""

    level: float
    days: int
    boards: dict[str, tuple[str, ...]]
    rules: dict[str, Rule]


def read_book(project: Project) -> Book:
    """Read ``params/advice.yaml``; ProjectError where it does not fit."""
    path = project.resource("params/advice.yaml")
    return load_model(Book, read_yaml(path), str(path))
