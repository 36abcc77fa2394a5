"""``params/causes.yaml``: which branch a cause belongs to, when it counts, and what is no answer."""

from __future__ import annotations

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["WhyRules", "read_rules"]


class DriverRule(Strict):
    """The branch of a kind of driver, who looks at it first, and the alerts that tell of it."""

    branch: str
    department: str
    alerts: tuple[str, ...]


class WhyRules(Strict):
    """The whole file."""

    branches: dict[str, tuple[str, ...]]
    aims: dict[str, str]
    roots: dict[str, tuple[str, ...]]
    drivers: dict[str, DriverRule]
    departments: dict[str, str]
    least: float
    check: int
    external: str
    vague: tuple[str, ...]
    heard: int
    feeling: str
    fell: tuple[str, ...]
    rose: tuple[str, ...]

    def behind(self, metric: str) -> tuple[str, ...]:
        """Return the branches that may lie behind a missed target of `metric`."""
        return self.roots.get(metric, tuple(self.branches))


def read_rules(project: Project) -> WhyRules:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/causes.yaml")
    return load_model(WhyRules, read_yaml(path), str(path))
