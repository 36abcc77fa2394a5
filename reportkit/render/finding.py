"""What a lint found in a finished report, and what it calls a fault: ``params/lint.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import field_validator

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Finding", "Level", "Lints", "Rule"]

Level = Literal["warn", "stop"]
Rule = Literal[
    "facts", "printed", "sums", "shares", "missing", "title", "alt", "told", "evidence", "drawing",
    "text", "colours", "outside", "page",
]  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One fault: the `rule` it breaks, `where` it stands, and what was found there."""

    rule: Rule
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


class Lints(Strict):
    """Levels by rule, and thresholds: points, fractions, percentage points, words by language."""

    levels: dict[Rule, Level]
    smallest: float
    filled: float
    slices: int
    shares_within: float
    colours: tuple[str, ...]
    links: dict[Literal["zh", "en"], tuple[str, ...]]
    moves: dict[Literal["zh", "en"], tuple[str, ...]]

    @field_validator("levels")
    @classmethod
    def _every_rule(cls, levels: dict[Rule, Level]) -> dict[Rule, Level]:
        if missing := set(get_args(Rule)) - set(levels):
            raise ValueError(f"{', '.join(sorted(missing))} is missing")
        return levels

    @classmethod
    def read(cls, project: Project) -> Lints:
        """Read the lints of `project`."""
        path = project.resource("params/lint.yaml")
        return load_model(cls, read_yaml(path), str(path))
