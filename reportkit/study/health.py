"""The health of the business: one word a domain, by a rule, with the numbers that decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from reportkit.metrics.query import Result
from reportkit.study.change import COMPARISONS, reference

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["DOMAINS", "Level", "Light", "health"]

DOMAINS = ("sales", "traffic", "ads", "stock", "service")
Level = Literal["good", "watch", "bad", "none"]


@dataclass(frozen=True)
class Light:
    """How one domain stands, and the `rule` that decided; ``none`` without data, or (``alone``) without a comparison.

    `request` of `result` is what was judged: its ``value``, its ``pace``, ``attainment`` or its change against
    `against`, whichever `column` names. `limit` is what it fell short of (a fraction, or the number itself); None
    where it is good. `count` is how many cases cannot wait.
    """

    domain: str
    level: Level
    rule: str = ""
    result: Result | None = None
    request: str = ""
    column: str = "value"
    against: str | None = None
    beside: str = ""
    limit: float | None = None
    count: int = 0

    @property
    def value(self) -> float | None:
        """The number that was judged."""
        return self.result.cell(self.request, self.column) if self.result else None


def health(study: Study) -> tuple[Light, ...]:
    """Return how each domain stands, in the order of DOMAINS."""
    rules: dict[str, Callable[[Study], Light | None]] = {
        "sales": _sales, "traffic": _traffic, "ads": _ads, "stock": _stock, "service": _service,
    }  # fmt: skip
    return tuple(rules[name](study) or Light(name, "none") for name in DOMAINS)


def _sales(study: Study) -> Light | None:
    """Judge by the target; without one by the growth of projected net sales, else of GMV."""
    cuts = study.project.policy.health
    aimed = study.ask(["gmv"], compare=["target"])
    column = "pace" if study.as_of < study.period.end else "attainment"
    if aimed.cell("gmv", column) is not None:
        return _judged(Light("sales", "good", column, aimed, "gmv", column), cuts.attainment)
    for request in ("net_sales_final", "gmv"):
        if found := _grown(study, "sales", request, cuts.growth):
            return found
    return None


def _traffic(study: Study) -> Light | None:
    return _grown(study, "traffic", "visitors", study.project.policy.health.growth)


def _ads(study: Study) -> Light | None:
    """Judge by what comes back against the break-even; where costs are unknown by how the return moved."""
    cuts = study.project.policy.health
    result = study.ask(["roi_total_net", "roi_breakeven", "cost_coverage"])
    earned, even = result.cell("roi_total_net"), result.cell("roi_breakeven")
    costed = (result.cell("cost_coverage") or 0.0) >= study.project.policy.limits.costed
    if earned is None:
        return _grown(study, "ads", "roi_total", cuts.growth)
    if even is None or not costed:
        return _grown(study, "ads", "roi_total_net", cuts.growth)
    light = Light("ads", "good", "breakeven", result, "roi_total_net", beside="roi_breakeven")
    return _judged(light, tuple(times * even for times in cuts.breakeven)) if even > 0 else None


def _stock(study: Study) -> Light | None:
    result = study.ask(["stockout_rate", "stockout_skus"])
    light = Light("stock", "good", "stockout", result, "stockout_rate", beside="stockout_skus")
    cuts = study.project.policy.health.stockout
    return None if light.value is None else _judged(light, cuts, less=True)


def _service(study: Study) -> Light | None:
    """Speak as the page about after-sales does."""
    told = study.care
    level: Level = "bad" if told.level == "bad" else "watch" if told.level == "watch" else "good"
    if told.rise.result.cell(told.rise.request) is None:
        return None
    change = f"{told.rise.against}_change" if told.rise.against else "value"
    tasks = told.critical or told.tasks
    rule = "risen" if told.rise.size else "tasks" if tasks else "calm"
    light = Light("service", level, rule, told.rise.result, told.rise.request, change, told.rise.against)
    return replace(light, count=len(tasks))


def _grown(study: Study, domain: str, request: str, cuts: tuple[float, float]) -> Light | None:
    result = study.ask([request], compare=COMPARISONS)
    against = reference(result, request)
    if result.cell(request) is None:
        return None
    if against is None:
        return Light(domain, "none", "alone")
    return _judged(Light(domain, "good", "growth", result, request, f"{against}_growth", against), cuts)


def _judged(light: Light, cuts: tuple[float, ...], *, less: bool = False) -> Light:
    """Return `light` with its level: good up to the first cut, to be watched up to the second, then bad."""
    value, sign = light.value, -1.0 if less else 1.0
    assert value is not None
    short = [cut for cut in cuts if sign * value < sign * cut]
    level: Level = ("good", "watch", "bad")[len(short)]
    return replace(light, level=level, limit=short[-1] if short else None)
