"""What became of the actions of earlier reviews: done, overdue, and whether each did anything (S2-096)."""

from __future__ import annotations

from reportkit.show.blocks import absent
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.review.said import dated, effect, metric_name, verdict, written
from reportkit.study.campaign import Campaign
from reportkit.study.verdicts import Judged

__all__ = ["carried"]

_HEADS = ("action", "review_of", "dated_head", "state", "metric", "effect_head", "verdict_head")
_WIDTHS = (28, 11, 14, 8, 10, 13, 16)
_TONES = {"effective": "good", "ineffective": "bad"}


def carried(campaign: Campaign, size: str = "full") -> Display:
    """List every action of the reviews before, with its state and the verdict on its effect."""
    return Display("table", lambda pen: _draw(pen, campaign), size, block="R1.4")


def _draw(pen: Pen, campaign: Campaign) -> Drawn:
    told, words = campaign.actions, pen.words
    if not told.earlier and not told.own and "actions" not in campaign.study.metrics.engine.snapshot.versions:
        return absent(words("review.carried_name"), "actions")
    rows = [_row(pen, one) for one in told.earlier]
    tones = {
        (place, column): tone
        for place, one in enumerate(told.earlier)
        for column, tone in (
            (3, "bad" if one.state == "overdue" else ""),
            (6, _TONES.get(one.verdict, "")),
        )
        if tone
    }
    counts = {name: getattr(told, name) for name in ("closed", "effective")}
    marks = [
        *(
            pen.prove(campaign.study, told.figure(name, value))
            for name, value in counts.items()
            if value is not None
        ),
        *(pen.prove(campaign.study, one.figure) for one in told.earlier if one.figure),
    ]
    rates = {
        name: words.numbers.rate(value, 0) if value is not None else "" for name, value in counts.items()
    }
    overdue = sum(one.state == "overdue" for one in told.earlier)
    title = words("review.carried_title", count=len(told.counted), overdue=overdue, **rates)
    rest = words("review.carried_rest", unstarted=told.unstarted, unfollowed=told.unfollowed) if rows else ""
    heads = [words(f"review.{head}") for head in _HEADS]
    return listed(pen, title, Listing(heads, rows, tones=tones, widths=_WIDTHS), marks=marks, rest=rest)


def _row(pen: Pen, one: Judged) -> list[str]:
    action = one.action
    return [
        written(pen, action, action.text),
        action.review or "—",
        dated(pen, action),
        pen.words(f"review.state_{one.state}"),
        metric_name(pen, action.metric),
        effect(pen, one),
        verdict(pen, one),
    ]
