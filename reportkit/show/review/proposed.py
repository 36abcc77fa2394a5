"""The actions that the advice proposes, on the page and as rows of the form 行动台账."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportkit.advice.propose import Proposed, propose
from reportkit.show.advised import effect_of, figures_of, said
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.review.said import metric_name, number_of
from reportkit.study.campaign import Campaign

if TYPE_CHECKING:
    from reportkit.advice.findings import Findings

__all__ = ["entries", "proposed"]

_HEADS = ("action", "kind", "dated_head", "metric", "aim", "steps", "expected")
_WIDTHS = (28, 7, 13, 9, 13, 18, 12)
_SHORT_HEADS, _SHORT_WIDTHS, _SHORT = ("action", "dated_head", "expected"), (56, 22, 22), 5


def proposed(campaign: Campaign, findings: Findings | None, size: str = "full") -> Display:
    """List the proposed actions: whole with metric, baseline, target and steps; in a half column the first five."""
    return Display(
        "table",
        lambda pen: _draw(pen, campaign, findings, size),
        size,
        block="R1.1" if size != "full" else "R4.2",
    )


def _draw(pen: Pen, campaign: Campaign, findings: Findings | None, size: str) -> Drawn:
    words, every = pen.words, propose(campaign, findings)
    brief = size != "full"
    shown = every[:_SHORT] if brief else every
    if findings is None or not every:
        return listed(pen, words("review.proposed_none"), Listing([], []))
    rows = [(_brief if brief else _row)(pen, one) for one in shown]
    names, widths = (_SHORT_HEADS, _SHORT_WIDTHS) if brief else (_HEADS, _WIDTHS)
    marks = [pen.prove(findings, figure) for one in shown for figure in figures_of(one.advice)]
    title = words("review.proposed_title", count=len(every), shown=len(shown))
    rest = "" if brief else words("review.proposed_rest", period=campaign.study.period.id)
    return listed(
        pen,
        title,
        Listing([words(f"review.{head}") for head in names], rows, widths=widths),
        marks=marks,
        rest=rest,
    )


def _brief(pen: Pen, one: Proposed) -> list[str]:
    return [said(pen, one.advice, "do"), _dated(pen, one), effect_of(pen, one.advice, brief=True)]


def _row(pen: Pen, one: Proposed) -> list[str]:
    words = pen.words
    baseline, target = (number_of(pen, one.metric, value) for value in (one.baseline, one.target))
    return [
        words("review.proposal", do=said(pen, one.advice, "do"), why=said(pen, one.advice, "why")),
        words(f"review.kind_{one.kind}"),
        _dated(pen, one),
        metric_name(pen, one.metric),
        words("review.aimed", baseline=baseline, target=target),
        _steps(pen, one),
        effect_of(pen, one.advice),
    ]


def _dated(pen: Pen, one: Proposed) -> str:
    return pen.words("review.dated", owner=pen.words(f"review.role_{one.role}"), due=pen.words.day(one.due))


def _steps(pen: Pen, one: Proposed) -> str:
    return pen.words(f"review.steps_{one.advice.rule.lower().replace('-', '_')}")


def entries(pen: Pen, campaign: Campaign, findings: Findings | None) -> list[dict[str, Any]]:
    """Return the proposed actions as rows of the table ``actions``, each as people may accept or change it."""
    return [
        {
            "action_id": one.id, "review_id": campaign.study.period.id, "finding_id": one.finding, "kind": one.kind,
            "action": said(pen, one.advice, "do"), "steps": _steps(pen, one), "owner": one.role,
            "start_date": one.start, "due_date": one.due, "metric_id": one.metric, "baseline": one.baseline,
            "target": one.target, "check_date": one.check, "status": "待启动",
            "note": said(pen, one.advice, "why"), "updated_date": campaign.study.as_of,
        }
        for one in propose(campaign, findings)
    ]  # fmt: skip
