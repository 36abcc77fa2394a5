"""What happens after an order is paid, as written in ``habits.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from reportkit.project import Strict, load_model, read_yaml

__all__ = [
    "Course",
    "Fees",
    "Habits",
    "PayoutHabits",
    "RatingHabits",
    "RefundHabits",
    "RefundRates",
    "Scale",
    "ServiceHabits",
    "TargetHabits",
    "Team",
    "habits",
]

_FILE = Path(__file__).with_name("habits.yaml")


class Course(Strict):
    """How one kind of refund goes: days to the money (`start`, then Weibull), outcomes, and hours it takes."""

    start: float = Field(alias="from")
    scale: float
    shape: float
    refused: float
    exchange: float
    cancelled: float
    partial: float
    returns: float
    hours: tuple[float, float]


class RefundRates(Strict):
    """One platform's refunds: the share of lines paid back, and how bursts differ."""

    rate: float
    burst: float
    slower: float
    pace: float
    share: dict[str, float]


class Fault(Strict):
    """Why a faulty product is sent back, and in which share of cases."""

    reason: str
    share: float


class RefundHabits(Strict):
    """Refunds of all platforms; `courses` in the order of their draw, the first being of whole orders."""

    last_day: int
    ages: list[int]
    platforms: dict[str, RefundRates]
    courses: dict[str, Course]
    no_exchange: list[str]
    part: tuple[float, float]
    subsidies: dict[str, list[str]]
    fault: Fault
    reasons: dict[str, dict[str, dict[str, float]]]

    def reason_names(self) -> list[str]:
        """Return every reason, in order of appearance."""
        return list(
            dict.fromkeys(name for by in self.reasons.values() for row in by.values() for name in row)
        )


class Insurance(Strict):
    """What insurance of return freight costs an order (yuan), and the share of orders that have it."""

    fee: float
    share: float


class Fees(Strict):
    """When one platform pays out, and what it takes."""

    days: int
    hours: tuple[float, float]
    commission: float
    service: float
    influencer: float
    payment: float
    insurance: Insurance


class PayoutHabits(Strict):
    """Payouts of all platforms; `kept` are the costs that a refund does not give back."""

    platforms: dict[str, Fees]
    kept: list[str]


class Team(Strict):
    """A team's sessions per visitor, order and refund asked; seconds to answer on a quiet day."""

    visitors: float
    orders: float
    asked: float
    converted: float
    first: float
    average: float


class Queue(Strict):
    """Beyond capacity answers take 1 + slope × excess ** power times as long."""

    slope: float
    power: float


class Satisfied(Strict):
    """Share of rated sessions rated well: best, less by the minute of waiting, never below least."""

    best: float
    per_minute: float
    least: float


class ServiceHabits(Strict):
    """Customer service."""

    teams: dict[str, Team]
    noise: float
    headroom: float
    queue: Queue
    rated: float
    satisfied: Satisfied


class Scale(Strict):
    """A score on its scale; `goods` where the goods themselves decide it."""

    score: float
    min: float
    max: float
    goods: bool = False


class ProductScale(Scale):
    """The score of single products, and what it is called."""

    source: str


class RatingHabits(Strict):
    """Scores of products and shops."""

    share: float
    spread: float
    product: ProductScale
    shops: dict[str, dict[str, Scale]]


class TargetHabits(Strict):
    """How targets are set: range of ambition by metric (of what is planned: `calm`), days before, by whom."""

    ambition: dict[str, tuple[float, float]]
    calm: dict[str, tuple[float, float]]
    days_before: dict[str, int]
    digits: int
    set_by: dict[str, str]
    version: str


class Habits(Strict):
    """``habits.yaml``."""

    refunds: RefundHabits
    payouts: PayoutHabits
    service: ServiceHabits
    ratings: RatingHabits
    targets: TargetHabits


@cache
def habits() -> Habits:
    """Return the habits of the demo."""
    return load_model(Habits, read_yaml(_FILE), _FILE.name)
