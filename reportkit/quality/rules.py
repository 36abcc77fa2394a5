"""``params/bridges.yaml``: what each platform's own figure counts otherwise than ours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from reportkit.errors import suggest
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Label", "PlatformRule", "Rules", "StepRule", "read_rules"]

Label = dict[Literal["zh", "en"], str]


class StepRule(Strict):
    """A kind of difference: orders for which `when` holds count `amount` more with us, on `day`.

    With `unless`, only those whose other day lies outside the days compared. All SQL.
    """

    label: Label
    when: str
    day: str
    amount: str
    unless: str | None = None


class PlatformRule(Strict):
    """One platform's figure: its name, what it counts of an order, and the steps from it to ours.

    `verified` once a merchant's own month has come out without anything unexplained.
    """

    figure: Label
    verified: bool
    screen: str
    on_screen: str = "true"
    steps: tuple[str, ...] = Field(min_length=1)
    notes: tuple[Label, ...] = ()


class DayLabels(Strict):
    """What days are called that cannot be compared."""

    no_orders: Label
    late: Label
    no_figure: Label


class Rules(Strict):
    """The whole file. `orders` is the SELECT that every step reads, one row an order."""

    orders: str
    days: DayLabels
    steps: dict[str, StepRule]
    platforms: dict[str, PlatformRule] = Field(default_factory=dict)
    other: PlatformRule

    @field_validator("orders")
    @classmethod
    def _one_line_end(cls, sql: str) -> str:
        return sql.rstrip()

    @model_validator(mode="after")
    def _steps_are_known(self) -> Rules:
        for name, platform in {**self.platforms, "other": self.other}.items():
            for step in platform.steps:
                if step not in self.steps:
                    raise ValueError(f'{name}: no step "{step}", {suggest(step, self.steps)}')
        return self

    def of(self, platform: str) -> PlatformRule:
        """Return the rule of `platform`; that of any other where it has none of its own."""
        return self.platforms.get(platform, self.other)


def read_rules(project: Project) -> Rules:
    """Read ``params/bridges.yaml``; ProjectError where an entry does not fit."""
    path = project.resource("params/bridges.yaml")
    return load_model(Rules, read_yaml(path), str(path))
