"""R2 The sentence on top of the course of a promotion, and R2.3 what its increment is worth."""

from __future__ import annotations

from reportkit.show.blocks import money, statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.process.said import absent, ends, level, ranged, state
from reportkit.study.campaign import Campaign
from reportkit.study.uplift import Range, Uplift

__all__ = ["headline", "worth"]

_WIDTHS = (26, 28, 46)


def headline(campaign: Campaign) -> Display:
    """Say what the promotion brought beyond what its days would have brought, and what of that was only moved."""
    return Display("verdict", lambda pen: _draw(pen, campaign), block="R2")


def _draw(pen: Pen, campaign: Campaign) -> Drawn:
    words, told, period = pen.words, campaign.uplift, campaign.study.period.label(pen.words.lang)
    if told is None:
        key = "no_ordinary" if campaign.phases is not None else "no_promo"
        return statement(pen, words(f"process.{key}", period=period), [], [], [])
    gross, net, forward = (_known(told, name) for name in ("gross", "net", "forward"))
    stays = told.range("net", stays=True)
    sentence = words(
        "process.headline", period=period, gross=ranged(pen, gross), net=ranged(pen, net), sure=net.sure,
        forward=words.numbers.rate(forward.value) if forward.value == forward.value else "",
        stays=money(pen, stays.value) if stays else "", most=told.state != "over",
    )  # fmt: skip
    marks = [*ends(pen, campaign, "gross", gross), *ends(pen, campaign, "net", net)]
    marks += [pen.prove(campaign.study, told.figure("forward", forward.value, "percent"))] if forward.value == forward.value else []  # fmt: skip
    marks += ends(pen, campaign, "stays", stays)[:1] if stays else []
    facts = [words("process.interval_level", level=level(pen, campaign)), *_windows(pen, campaign)]
    return statement(pen, sentence, marks, state(pen, campaign), facts)


def _known(told: Uplift, name: str) -> Range:
    found = told.range(name)
    assert found is not None
    return found


def _windows(pen: Pen, campaign: Campaign) -> list[str]:
    """Return how long the promotion was, and the one before: a longer window is not growth."""
    period = campaign.study.period
    spans = [("now", period), *([("then", period.reference)] if period.reference else [])]
    return [
        pen.words(
            f"process.window_{name}",
            first=pen.words.day(one.start),
            last=pen.words.day(one.end),
            days=one.days,
        )
        for name, one in spans
    ]


def worth(campaign: Campaign, size: str = "right") -> Display:
    """List what of the increment stays, what it cost, and what it earned."""
    return Display("table", lambda pen: _draw_worth(pen, campaign), size, block="R2.3")


def _draw_worth(pen: Pen, campaign: Campaign) -> Drawn:
    words, told = pen.words, campaign.uplift
    if told is None:
        return absent(pen, "R2_3", "promos")
    stays, profit, roi = told.range("net", stays=True), told.profit, told.roi
    if stays is None:
        return absent(pen, "R2_3", "refunds")
    rows = [("stays", ranged(pen, stays), words("process.why_stays")),
            ("margin", words.numbers.rate(told.margin) if told.margin else words("process.no_costs"), words("process.why_margin")),
            ("spend", str(money(pen, told.spend)), words("process.why_spend")),
            ("discount", str(money(pen, told.discount)), words("process.why_discount")),
            ("profit", ranged(pen, profit) if profit else words("process.no_costs"), words("process.why_profit")),
            ("roi", ranged(pen, roi, "ratio") if roi else words("process.no_roi"), words("process.why_roi"))]  # fmt: skip
    title = words(
        "process.worth_title", profit=ranged(pen, profit) if profit else "", stays=ranged(pen, stays),
        state="unsure" if profit and not profit.sure else "lost" if profit and profit.value < 0 else "earned",
        most=told.state != "over",
    )  # fmt: skip
    marks = ends(pen, campaign, "stays", stays)
    marks += [
        pen.prove(campaign.study, told.figure(name, getattr(told, name))) for name in ("spend", "discount")
    ]
    marks += [pen.prove(campaign.study, told.figure("margin", told.margin, "percent"))] if told.margin else []
    marks += ends(pen, campaign, "profit", profit) if profit else []
    marks += ends(pen, campaign, "roi", roi, "ratio") if roi else []
    heads = [words(f"process.{name}") for name in ("item", "value", "how")]
    listing = Listing(
        heads, [(words(f"process.{name}"), text, why) for name, text, why in rows], widths=_WIDTHS
    )
    return listed(
        pen, title, listing, marks=marks, subtitle=words("process.interval_level", level=level(pen, campaign))
    )
