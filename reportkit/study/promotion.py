"""``params/promotion.yaml``: how a promotion is measured and judged."""

from __future__ import annotations

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["KINDS", "Promotion", "read_promotion"]

KINDS = ("pre", "promo", "post")


class PhaseRules(Strict):
    """What each phase of the promotion calendar is, by its name."""

    pre: tuple[str, ...]
    promo: tuple[str, ...]
    post: tuple[str, ...]
    heights: tuple[str, ...]
    warm: tuple[str, ...]

    def kind(self, phase: str) -> str:
        """Return which of KINDS a phase is; one that nobody described belongs to the promotion."""
        return "pre" if phase in self.pre else "post" if phase in self.post else "promo"


class OrdinaryRules(Strict):
    """From which days the baseline is learned."""

    before: int
    after: int
    least: int
    around: int
    unplanned: int
    festival: int
    out: float


class UpliftRules(Strict):
    """When the aftermath ends, how wide the intervals are, and when a return on spending is told."""

    within: float
    run: int
    most: int
    draws: int
    block: int
    level: float
    sure: float
    spent: float


class GrowthRules(Strict):
    """From which change on growth counts, and something counts as worse."""

    grown: float
    refund: float
    margin: float
    discount: float
    concentration: float
    stock: float


class BuyerRules(Strict):
    """How long buyers are followed, and against those of how many ordinary days."""

    within: int
    ordinary: int
    level: float


class Promotion(Strict):
    """The whole file."""

    phases: PhaseRules
    ordinary: OrdinaryRules
    uplift: UpliftRules
    growth: GrowthRules
    buyers: BuyerRules


def read_promotion(project: Project) -> Promotion:
    """Read the rules of `project`; ProjectError where they do not fit."""
    path = project.resource("params/promotion.yaml")
    return load_model(Promotion, read_yaml(path), str(path))
