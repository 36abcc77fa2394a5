"""The fourth phase: how many actions there are, what is stopped, improved and tried, and where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.advice.propose import Proposed, propose
from reportkit.show.advised import said
from reportkit.show.blocks import period_name, statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.study.campaign import Campaign

if TYPE_CHECKING:
    from reportkit.advice.findings import Findings

__all__ = ["plan_verdict", "sorted_out", "wheel"]

_WAYS = ("stop", "improve", "try")
_STAGES = ("plan", "do", "check", "act")
_WAITING, _UNDER_WAY = ("待启动",), ("进行中", "延期")


def plan_verdict(campaign: Campaign, findings: Findings | None) -> Display:
    """Say how many actions are accepted, how many of them are fit to be followed, and how many are proposed."""
    return Display("verdict", lambda pen: _draw_verdict(pen, campaign, findings), block="R4.0")


def _draw_verdict(pen: Pen, campaign: Campaign, findings: Findings | None) -> Drawn:
    own, every = campaign.actions.own, propose(campaign, findings)
    fit = sum(not faults for _, faults in own)
    gains = [one.advice.effect.value for one in every if one.advice.effect]
    sentence = pen.words(
        "review.plan_verdict", accepted=len(own), fit=fit, proposed=len(every),
        told=len(gains), gain=pen.words.amount(sum(gains), "money"),
    )  # fmt: skip
    marks = [pen.prove(campaign.study, campaign.actions.listed)] if own else []
    if findings:
        marks += [pen.prove(findings, one.advice.effect.figure) for one in every if one.advice.effect]
    return statement(pen, sentence, marks, [], [period_name(pen, campaign.study)])


def sorted_out(campaign: Campaign, findings: Findings | None, size: str = "full") -> Display:
    """Sort the proposals into what to stop, what to improve and what to try."""
    return Display("table", lambda pen: _draw_sorted(pen, campaign, findings), size, block="R4.3")


def _draw_sorted(pen: Pen, campaign: Campaign, findings: Findings | None) -> Drawn:
    words, every = pen.words, propose(campaign, findings)
    kinds = campaign.review.actions.kinds
    found = {way: [one for one in every if kinds[one.advice.rule].way == way] for way in _WAYS}
    if not every:
        return listed(pen, words("review.sorted_none"), Listing([], []))
    rows = [[words(f"review.way_{way}"), _listed(pen, ones)] for way, ones in found.items()]
    title = words("review.sorted_title", **{way: len(ones) for way, ones in found.items()})
    heads = [words("review.way"), words("review.action")]
    return listed(pen, title, Listing(heads, rows, widths=(12, 88)))


def _listed(pen: Pen, ones: list[Proposed]) -> str:
    return pen.words("review.sorted_item", items=[said(pen, one.advice, "do") for one in ones])


def wheel(campaign: Campaign, size: str = "full") -> Display:
    """Show at which stage of plan, do, check, act the actions of this review and of those before stand."""
    return Display("table", lambda pen: _draw_wheel(pen, campaign), size, block="R4.4")


def _draw_wheel(pen: Pen, campaign: Campaign) -> Drawn:
    words, told = pen.words, campaign.actions
    stages = _stages(campaign)
    if not told.own and not told.counted:
        return listed(pen, words("review.wheel_none"), Listing([], []))
    rows = [
        [words(f"review.stage_{stage}"), str(len(stages[stage])), words.list(stages[stage]) or "—"]
        for stage in _STAGES
    ]
    title = words("review.wheel_title", **{stage: len(ids) for stage, ids in stages.items()})
    heads = [words(f"review.{head}") for head in ("stage", "count", "which")]
    marks = [pen.prove(campaign.study, told.listed)] if told.own else []
    return listed(pen, title, Listing(heads, rows, numbers=(1,), widths=(30, 8, 62)), marks=marks)


def _stages(campaign: Campaign) -> dict[str, list[str]]:
    """Return the ids of the actions by stage: done and judged either way is acted on, else it waits for its check."""
    found: dict[str, list[str]] = {stage: [] for stage in _STAGES}
    judged = {one.action.id: one.verdict for one in campaign.actions.counted}
    for action in (
        *(one.action for one in campaign.actions.counted),
        *(action for action, _ in campaign.actions.own),
    ):
        if action.status in _WAITING:
            found["plan"].append(action.id)
        elif action.status in _UNDER_WAY:
            found["do"].append(action.id)
        else:
            settled = judged.get(action.id, "undecided") != "undecided"
            found["act" if settled else "check"].append(action.id)
    return found
