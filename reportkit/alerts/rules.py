"""The rules of ``params/alerts.yaml``, by kind: what is watched, and from when on somebody is told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reportkit.models import Named
from reportkit.project import Strict

__all__ = [
    "LAYERS", "ChangeRule", "DataRule", "DueRule", "FaultRule", "Layer", "Level", "LineRule", "PaceRule",
    "RateRule", "RiseRule", "Rule", "SameAgeRule", "SeriesRule", "SettleRule", "ShareRule", "ShippedRule",
    "StockRule", "ThresholdRule", "UntoldRule",
]  # fmt: skip

Level = Literal["info", "warn", "critical"]
Layer = Literal["company", "platform", "product", "influencer"]
LAYERS: dict[str, tuple[str, ...]] = {
    "company": (),
    "platform": ("platform",),
    "product": ("platform", "style"),
    "influencer": ("platform", "influencer"),
}
"""The dimensions of each layer of the business."""


class Base(Strict):
    """What all rules have.

    `name` is printed; `metric` is what it watches. It promises to fire within `days` of the trouble, and tells
    `owner`. `version` counts its changes. `money` is the least that must be at stake. `needs` are the tables without
    which it is not evaluated.
    """

    name: Named
    version: int = 1
    metric: str
    owner: str
    days: int
    money: float = 0.0
    needs: tuple[str, ...] = ()

    @property
    def requests(self) -> tuple[str, ...]:
        """The metrics it asks for."""
        return ()


class SeriesRule(Base):
    """A daily series against what is expected of its weekday: |z| from `warn` or `critical` on, and slow drift.

    A direction without a `critical` (or `warn`) level of its own is left out. `share` is the least relative
    difference. `worth` is the money that comes with what is counted.
    """

    kind: Literal["series"]
    over: tuple[Layer, ...]
    warn: float | None = None
    critical: float | None = None
    drift: bool = False
    directions: tuple[Literal["up", "down"], ...] = ("up", "down")
    share: float = 0.0
    worth: str = ""

    @property
    def requests(self) -> tuple[str, ...]:
        return tuple(name for name in (self.metric, self.worth) if name)


class RateRule(Base):
    """`k` of `n` against the same weekday before: |z| from `z` on, by `delta` and by `relative` of what is usual.

    `least` trials, and 5 expected hits. With `discovery` the parts of a platform share a false discovery rate.
    """

    kind: Literal["rate"]
    over: tuple[Layer, ...]
    k: str
    n: str
    level: Level = "warn"
    z: float = 3.0
    delta: float = 0.0
    relative: float = 0.0
    least: float
    recent: int = 1
    directions: tuple[Literal["up", "down"], ...] = ("up", "down")
    discovery: bool = False
    worth: str = ""

    @property
    def requests(self) -> tuple[str, ...]:
        return tuple(name for name in (self.k, self.n, self.worth) if name)


class ChangeRule(Base):
    """Σ`x` / Σ`y` of the last days against those before: by `share` (relative) or `points`, surely.

    Without `y`, x a day. `base` is asked for too and comes to `least` at least a day. Below `floor` (x / y, a
    quotient of two metrics of the days before) on `floor_days` days in a row it is critical.
    """

    kind: Literal["change"]
    over: tuple[Layer, ...]
    x: str
    y: str = ""
    share: float = 0.0
    points: float = 0.0
    base: str = ""
    least: float = 0.0
    recent: int = 7
    level: Level = "warn"
    directions: tuple[Literal["up", "down"], ...] = ("up", "down")
    discovery: bool = False
    floor: tuple[str, str] | None = None
    floor_days: int = 3

    @property
    def requests(self) -> tuple[str, ...]:
        return tuple(name for name in (self.x, self.y, self.base, *(self.floor or ())) if name)


class SameAgeRule(Base):
    """The share of orders given back by the age of `age` days, of the last `recent` days that are so old.

    Against the `before` days before: by `delta` and by `relative` of what is usual, z from `z` on.
    """

    kind: Literal["same_age"]
    level: Level = "warn"
    age: int
    recent: int
    before: int
    z: float
    delta: float
    relative: float
    critical: float
    least: float

    @property
    def requests(self) -> tuple[str, ...]:
        return ("refund_orders.pay_date", "orders")


class FaultRule(Base):
    """Products whose orders of the last `span` days come back for `reasons` more often than others of their category."""

    kind: Literal["fault"]
    reasons: tuple[str, ...]
    span: int
    least: int
    times: float
    critical: float


class StockRule(Base):
    """The stock of the last count: SKUs in one of `states`, by class the level; or a share of all beyond `above`.

    Of slow stock, SKUs that hold the share `alone` of the money in stock are told by themselves.
    """

    kind: Literal["stock"]
    measure: Literal["skus", "out", "slow", "turnover", "season"]
    states: dict[str, dict[str, Level]] = Field(default_factory=dict)
    above: float = 0.0
    alone: float = 1.0
    level: Level = "warn"


class PaceRule(Base):
    """A target of the month, `worth` money, against the days gone: below `warn` or `critical`, or above `above`.

    With `z`, it is below only where the chance of `orders`, so many standard errors of it, does not explain it.
    """

    kind: Literal["pace"]
    worth: str
    after: float
    warn: float | None = None
    critical: float | None = None
    above: float | None = None
    z: float = 0.0
    level: Level = "info"


class ShareRule(Base):
    """The largest part's share of the last `recent` days' money: risen by `points` and `z` errors, or beyond `above`."""

    kind: Literal["share"]
    over: tuple[Layer, ...]
    recent: int
    points: float
    z: float = 3.0
    above: float
    level: Level = "info"

    @property
    def requests(self) -> tuple[str, ...]:
        return (self.metric,)


class LineRule(Base):
    """Lines of advertising that buy cheap clicks and sell below their platform's `floor`: of `spend` a day.

    The floor is the quotient of two metrics of the days before.
    """

    kind: Literal["line"]
    spend: float
    floor: tuple[str, str]
    level: Level = "warn"


class RiseRule(Base):
    """The share of a part of `over` (a dimension) in all money, risen in each of the last `weeks` weeks, still `small`.

    By `grown` (relative) beyond last year's weeks; of `least` orders, each week of `days_least` usual days.
    """

    kind: Literal["rise"]
    over: str
    level: Level = "info"
    weeks: int = 3
    grown: float = 0.2
    small: float = 0.1
    least: float = 50
    days_least: int = 4


class ThresholdRule(Base):
    """A metric of every platform by week, `below` or `above` a limit, of `least` cases at least."""

    kind: Literal["threshold"]
    below: float | None = None
    above: float | None = None
    least: float = 0.0
    level: Level = "warn"


class ShippedRule(Base):
    """The share of a day's orders that left within `hours` of payment: `below` a limit, of `least` orders at least.

    Only where a platform tells when most of its orders leave.
    """

    kind: Literal["shipped"]
    hours: int
    below: float
    least: float
    level: Level = "warn"


class SettleRule(Base):
    """Money that settlements lack, of all due, for the orders of a month: beyond `above`."""

    kind: Literal["settle"]
    above: float
    level: Level = "warn"


class DataRule(Base):
    """Days that a table of a platform lacks, or has in part: `warn` from so many days on.

    `tables` are those looked at, each with how many days without a row are nothing unusual.
    """

    kind: Literal["data"]
    tables: dict[str, int]
    warn: int


class DueRule(Base):
    """Actions that are not done and were due: critical after so many days."""

    kind: Literal["due"]
    critical: int
    open: tuple[str, ...]


class UntoldRule(Base):
    """A rule that nothing can feed yet; it is listed as not evaluated."""

    kind: Literal["untold"]


Rule = Annotated[
    SeriesRule | RateRule | ChangeRule | SameAgeRule | FaultRule | StockRule | PaceRule | ShareRule | LineRule
    | RiseRule | ThresholdRule | ShippedRule | SettleRule | DataRule | DueRule | UntoldRule,
    Field(discriminator="kind"),
]  # fmt: skip
