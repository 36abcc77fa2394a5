"""``params/running.yaml``: what the page of a running promotion follows, and when it calls."""

from __future__ import annotations

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["CoverRules", "ProjectionRules", "ReturnedRules", "RunningRules", "read_running"]


class ProjectionRules(Strict):
    """From which share of the course on the end is projected, and its range."""

    after: float
    level: float
    floor: float


class CoverRules(Strict):
    """Which goods are followed, by which hours and days their speed is told, how sure the
    range of hours is, and within how many hours at the earliest one is called."""

    share: float
    days: int
    recent: int
    prior: float
    level: float
    call: int


class ReturnedRules(Strict):
    """The age at which refunds are compared, in days, and when a rise is told."""

    age: int
    least: int
    z: float
    delta: float


class RunningRules(Strict):
    """The whole file."""

    midnight: float
    silence: float
    curve_orders: int
    before_days: int
    projection: ProjectionRules
    pace: tuple[float, float]
    cover: CoverRules
    ship_hours: dict[str, float]
    returned: ReturnedRules
    rows: dict[str, int]

    def hours_to_ship(self, platform: str) -> float:
        """Return within how many hours of payment an order must leave."""
        return self.ship_hours.get(platform, self.ship_hours["default"])


def read_running(project: Project) -> RunningRules:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/running.yaml")
    return load_model(RunningRules, read_yaml(path), str(path))
