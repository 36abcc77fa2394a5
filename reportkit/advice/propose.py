"""Actions that the advice of a period calls for, for people to accept, change or strike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from reportkit.advice.advice import Advice
from reportkit.advice.findings import Findings
from reportkit.study.campaign import Campaign

__all__ = ["Proposed", "propose"]

_MONEY = ("gmv", "net_sales")


@dataclass(frozen=True)
class Proposed:
    """One action as it may stand in the ledger of actions; who accepts it may change all but its `id`.

    The id names the period, the rule and its object, so it is the same whenever the review is made. `baseline` and
    `target` are in the unit of `metric`, None where only its owner can say.
    """

    id: str
    advice: Advice
    kind: str
    role: str
    metric: str
    baseline: float | None
    target: float | None
    start: date
    due: date
    check: date

    @property
    def finding(self) -> str:
        """What it answers: the alert, else the rule of the advice."""
        return self.advice.answers or self.advice.rule


def propose(campaign: Campaign, findings: Findings | None) -> tuple[Proposed, ...]:
    """Return the actions that `findings` call for and this review's ledger does not hold yet.

    In the order of the advice, at most so many of one rule and altogether as params/review.yaml says.
    """
    if findings is None:
        return ()
    rules = campaign.review.actions
    held = {action.id for action, _ in campaign.actions.own}
    seen: Counter[str] = Counter()
    found = list[Proposed]()
    for advice in findings.advice:
        one = _proposed(campaign, advice)
        if one.id in held or seen[advice.rule] == rules.alike or len(found) == rules.proposed:
            continue
        seen[advice.rule] += 1
        found.append(one)
    return tuple(found)


def _proposed(campaign: Campaign, advice: Advice) -> Proposed:
    rules = campaign.review.actions
    kind = rules.kinds[advice.rule]
    objects = [value for name, value in advice.about.items() if name not in ("first", "last", "step")]
    baseline, target = _aim(campaign, advice, kind.metric)
    start = campaign.study.as_of + timedelta(days=1)
    return Proposed(
        "/".join([campaign.study.period.id, advice.rule, *objects]), advice, kind.kind, kind.role, kind.metric, baseline, target,
        start, start + timedelta(days=rules.deadline), start + timedelta(days=rules.check),
    )  # fmt: skip


def _aim(campaign: Campaign, advice: Advice, metric: str) -> tuple[float | None, float | None]:
    """Return where the metric stands and where the advice would bring it: of its object where the trigger tells both."""
    told = advice.told
    if {"rate", "usual"} <= set(told) and campaign.study.metrics.catalog[metric].unit == told[
        "rate"
    ].unit == "percent":
        return told["rate"].value, told["usual"].value
    value = campaign.aims.result.cell(metric) if metric in campaign.aims.result.requests else None
    if value is not None and metric in _MONEY and advice.effect and advice.effect.gain == "sales":
        return value, value + advice.effect.value
    return value, None
