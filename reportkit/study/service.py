"""``params/service.yaml``: what the service board calls risen, late, faulty, slow."""

from __future__ import annotations

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Service", "read_service"]


class RefundRules(Strict):
    """When a refund rate has risen, and how its curves are read."""

    risen: float
    relative: float
    much: float
    young: float
    seen: float
    index: float


class HandlingRules(Strict):
    """Hours in which a case should end, the share of cases that does, and how open ones are grouped by days."""

    sla: float
    closed: float
    weeks: int
    ages: tuple[int, ...]
    intervened: float
    waiting: float


class FaultRules(Strict):
    """The reasons of each kind of fault, when a product is listed for it, and when that is critical."""

    reasons: dict[str, tuple[str, ...]]
    least: int
    discovery: float
    times: float
    worse: float
    sure: float
    level: float


class DelayRules(Strict):
    """When orders are held up: days that are usual, hours and z beyond them, orders a day, level of the range."""

    usual: int
    hours: float
    z: float
    least: int
    level: float


class LogisticRules(Strict):
    """When a region is named for its refunds."""

    reasons: tuple[str, ...]
    least: int
    discovery: float
    times: float


class ScoreRules(Strict):
    """Months shown, when a score has fallen by the top of its scale and by its deviation, whose task it is by its name."""

    months: int
    fallen: dict[int, float]
    varies: float
    tasks: dict[str, tuple[str, ...]]


class Service(Strict):
    """The whole file."""

    refunds: RefundRules
    handling: HandlingRules
    faults: FaultRules
    delays: DelayRules
    logistics: LogisticRules
    satisfaction: ScoreRules
    pareto: float
    rows: dict[str, int]


def read_service(project: Project) -> Service:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/service.yaml")
    return load_model(Service, read_yaml(path), str(path))
