"""The actions of this review that people have accepted, each with what it still lacks (C6.14)."""

from __future__ import annotations

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.review.said import dated, metric_name, number_of, written
from reportkit.study.actions import Fault
from reportkit.study.campaign import Campaign
from reportkit.study.verdicts import Action

__all__ = ["decided"]

_HEADS = ("action", "kind", "dated_head", "metric", "aim", "steps", "lacks")
_WIDTHS = (26, 7, 14, 10, 13, 14, 16)


def decided(campaign: Campaign, size: str = "full") -> Display:
    """List the accepted actions of this review: owner, deadline, metric, baseline, target, steps, and their faults."""
    return Display("table", lambda pen: _draw(pen, campaign), size, block="R4.1")


def _draw(pen: Pen, campaign: Campaign) -> Drawn:
    words, own = pen.words, campaign.actions.own
    if not own:
        return listed(pen, words("review.decided_none"), Listing([], []))
    rows = [_row(pen, action, faults) for action, faults in own]
    tones = {
        place: "bad"
        for row, (_, faults) in enumerate(own)
        if faults
        for place in ((row, 0), (row, len(_HEADS) - 1))
    }
    faulty = sum(bool(faults) for _, faults in own)
    heads = [words(f"review.{head}") for head in _HEADS]
    title = words("review.decided_title", count=len(own), faulty=faulty)
    return listed(
        pen,
        title,
        Listing(heads, rows, tones=tones, widths=_WIDTHS),
        marks=[pen.prove(campaign.study, campaign.actions.listed)],
    )


def _row(pen: Pen, action: Action, faults: tuple[Fault, ...]) -> list[str]:
    words = pen.words
    return [
        written(pen, action, action.text),
        words(f"review.kind_{action.kind}") if action.kind else "—",
        dated(pen, action),
        metric_name(pen, action.metric),
        words(
            "review.aimed",
            baseline=number_of(pen, action.metric, action.baseline),
            target=number_of(pen, action.metric, action.target),
        ),
        written(pen, action, action.steps),
        words.list([words(f"review.fault_{fault}") for fault in faults]),
    ]
