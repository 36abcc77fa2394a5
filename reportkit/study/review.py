"""``params/review.yaml``: what a review holds targets and actions to."""

from __future__ import annotations

from typing import Literal

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["ActionRules", "AimRules", "Proposal", "Review", "read_review"]


class AimRules(Strict):
    """The metrics a goal is set for, and when a target is doubted. Shares are fractions."""

    asked: tuple[str, ...]
    families: dict[str, tuple[str, ...]]
    slack: float
    stretch: float
    past: int
    soft: float
    hard: float


class Proposal(Strict):
    """What an action that follows a rule of advice is: its kind, its way, the role it is proposed to, its metric."""

    kind: str
    way: Literal["stop", "improve", "try"]
    role: str
    metric: str


class ActionRules(Strict):
    """How an action's effect is judged, what makes it vague, and what is proposed. Days are days."""

    days: int
    least: int
    level: float
    vague: tuple[str, ...]
    empty: tuple[str, ...]
    deadline: int
    check: int
    proposed: int
    alike: int
    kinds: dict[str, Proposal]


class Review(Strict):
    """The whole file."""

    aims: AimRules
    actions: ActionRules


def read_review(project: Project) -> Review:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/review.yaml")
    return load_model(Review, read_yaml(path), str(path))
