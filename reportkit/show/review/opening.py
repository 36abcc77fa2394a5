"""Page one of a review: the reasons in money, and what is to be repeated, avoided and wondered at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.show.alarms import about_what
from reportkit.show.blocks import compared
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.study import Study
from reportkit.study.campaign import Campaign
from reportkit.study.rows import records

if TYPE_CHECKING:
    from reportkit.advice.findings import Findings
    from reportkit.alerts import Alert

__all__ = ["lessons", "reasons"]

_REASONS = 3
_WIDTHS, _LESSON_WIDTHS = (66, 34), (14, 86)


def reasons(study: Study, size: str = "left") -> Display:
    """List the three largest effects on the money, by platform and factor: they are parts of an identity."""
    return Display("table", lambda pen: _draw_reasons(pen, study), size, block="R1.1")


def _draw_reasons(pen: Pen, study: Study) -> Drawn:
    told, words = study.change, pen.words
    found = [
        (part, factor, row[factor])
        for part, row in records(told.effects)
        for factor in (*told.factors, "whole")
        if row.get(factor)
    ]
    if told.against is None or not found:
        return listed(pen, words("review.reasons_none"), Listing([], []))
    top = sorted(found, key=lambda one: -abs(one[2]))[:_REASONS]
    rows = [
        [
            words(
                "review.reason",
                part=pen.name(told.dimension, part),
                factor=words(f"review.factor_{factor}"),
                up=value > 0,
            ),
            words.amount(value, "money").signed,
        ]
        for part, factor, value in top
    ]
    tones = {(place, 1): "good" if value > 0 else "bad" for place, (_, _, value) in enumerate(top)}
    marks = [pen.prove(study, told.figure(part, factor)) for part, factor, _ in top]
    first = rows[0][0]
    title = words(
        "review.reasons_title", first=first, amount=rows[0][1], name=pen.spoken(told.money).name,
        than=compared(pen, study, told.against),
    )  # fmt: skip
    heads = [words("review.reason_head"), words("review.reason_money")]
    return listed(pen, title, Listing(heads, rows, numbers=(1,), tones=tones, widths=_WIDTHS), marks=marks)


def lessons(campaign: Campaign, findings: Findings | None, size: str = "right") -> Display:
    """List one success to repeat, one pit to avoid, and one surprise, each the largest of its kind."""
    return Display("table", lambda pen: _draw_lessons(pen, campaign, findings), size, block="R1.6")


def _draw_lessons(pen: Pen, campaign: Campaign, findings: Findings | None) -> Drawn:
    words, study = pen.words, campaign.study
    rows, marks = list[list[str]](), list[str]()
    gain = _best_factor(study)
    if gain:
        part, factor, value = gain
        marks.append(pen.prove(study, study.change.figure(part, factor)))
        what = words(
            "review.reason",
            part=pen.name(study.change.dimension, part),
            factor=words(f"review.factor_{factor}"),
            up=True,
        )
        rows.append(
            [
                words("review.success"),
                words("review.success_said", what=what, amount=words.amount(value, "money")),
            ]
        )
    pit = _pit(findings)
    if pit and findings:
        rows.append(
            [
                words("review.pit"),
                words(
                    "review.pit_said",
                    name=findings.names[pit.rule].name(words.lang),
                    where=about_what(pen, dict(pit.scope)),
                    stake=words.amount(pit.stake, "money"),
                ),
            ]
        )
    surprise = _surprise(pen, campaign)
    if surprise:
        rows.append([words("review.surprise"), surprise[0]])
        marks += surprise[1]
    title = words("review.lessons_title", count=len(rows)) if rows else words("review.lessons_none")
    return listed(
        pen,
        title,
        Listing(
            [words("review.lesson_head"), words("review.lesson_said")] if rows else [],
            rows,
            widths=_LESSON_WIDTHS if rows else (),
        ),
        marks=marks,
    )


def _best_factor(study: Study) -> tuple[str, str, float] | None:
    told = study.change
    found = [
        (part, factor, row[factor])
        for part, row in records(told.effects)
        for factor in told.factors
        if row[factor] > 0
    ]
    return max(found, key=lambda one: one[2], default=None)


def _pit(findings: Findings | None) -> Alert | None:
    """Return the alert with the most money at stake that is not about a target: a target missed is a result."""
    if findings is None:
        return None
    found = [one for one in findings.risks("overview") if one.stake > 0 and not one.rule.startswith("AL-T")]
    return max(found, key=lambda one: one.stake, default=None)


def _surprise(pen: Pen, campaign: Campaign) -> tuple[str, list[str]] | None:
    """Return the target whose attainment lies farthest from what its earlier ones came to."""
    found = [
        (aim.attainment - sum(aim.past) / len(aim.past), aim)
        for aim in campaign.aims.held
        if aim.past and aim.attainment is not None
    ]
    if not found:
        return None
    far, aim = max(found, key=lambda one: abs(one[0]))
    spoken, rate = pen.spoken(aim.request), pen.words.numbers.rate
    usual = sum(aim.past) / len(aim.past)
    said = pen.words(
        "review.surprise_said",
        name=spoken.full_name,
        rate=rate(aim.attainment),
        usual=rate(usual),
        count=len(aim.past),
        up=far > 0,
    )
    return said, [pen.cite(campaign.aims.result, aim.request)]
