"""The sentence on top of the page about products: what they sold, and what is worth most to look at."""

from __future__ import annotations

from reportkit.quality.figure import Figure
from reportkit.show.blocks import money, statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.product.said import style
from reportkit.show.readings import Reading, reference
from reportkit.show.verdict import references, states
from reportkit.study import Study
from reportkit.study.rows import number

__all__ = ["headline"]

_FINDINGS = 3


def headline(study: Study) -> Display:
    """Say how the products sold and name the findings worth most money, or that nothing stands out."""
    return Display("verdict", lambda pen: _draw(pen, study), block="3")


def _draw(pen: Pen, study: Study) -> Drawn:
    words, whole = pen.words, study.ranking.whole
    head = Reading(pen, whole, "gmv", {})
    against = reference(whole, "gmv")
    found = sorted(_findings(pen, study), key=lambda one: -one[0])[:_FINDINGS] if head.known else []
    sold = study.ranking.frame[study.ranking.frame["gmv"] > 0]
    sentence = (
        words(
            "product.headline", head=head, change=head.change(against), than=words(f"change.than_{against}") if against else "",
            count=len(sold), best=int((sold["klass"] == "A").sum()), found=[text for _, text, _ in found],
        )
        if head.known
        else words("verdict.missing", period=study.period.label(words.lang), head=head)
    )  # fmt: skip
    marks = [head.code()] if head.known else []
    marks += [pen.prove(study, figure) for _, _, figure in found]
    told, facts = states(pen, head, has_refunds=True), references(pen, whole)
    return statement(pen, sentence, marks, told, facts)


def _findings(pen: Pen, study: Study) -> list[tuple[float, str, Figure]]:
    """Return the money at stake, the words and the number of each finding."""
    return [
        *_out(pen, study),
        *_slow(pen, study),
        *_pages(pen, study),
        *_returned(pen, study),
        *_cut(pen, study),
    ]


def _out(pen: Pen, study: Study) -> list[tuple[float, str, Figure]]:
    return [
        (
            one.lost,
            pen.words("product.found_out", who=one.sku, days=one.days, value=money(pen, one.lost)),
            one.figure,
        )
        for one in study.outages.found[:1]
    ]


def _slow(pen: Pen, study: Study) -> list[tuple[float, str, Figure]]:
    found = study.disposal
    if found is None or found.frame.empty or not found.slow > 0:
        return []
    worst = found.frame.index[0]
    text = pen.words(
        "product.found_slow",
        value=money(pen, found.slow),
        share=pen.words.numbers.rate(found.rate),
        who=str(worst),
    )
    return [(found.slow, text, study.stock.figure("zone", found.slow, {"zone": "slow"}, found.frame.index))]


def _pages(pen: Pen, study: Study) -> list[tuple[float, str, Figure]]:
    busy = [page for page in study.pages or () if page.kind == "busy"]
    if not busy:
        return []
    first = busy[0]
    text = pen.words(
        "product.found_busy",
        who=style(pen, first.style),
        platform=pen.name("platform", first.platform),
        value=money(pen, first.worth),
    )
    return [(first.worth, text, first.figure(study.page_traffic))]


def _returned(pen: Pen, study: Study) -> list[tuple[float, str, Figure]]:
    """Return the product whose refunds stand out most; what they cost is the money sent back beyond the usual."""
    frame = study.ranking.frame
    names = list(frame.index[frame["refunds"]])
    if not names:
        return []
    name = max(names, key=lambda one: number(frame, one, "refunds_more"))
    rate = Reading(pen, study.ranking.result, "refund_rate_amt", {"style": name})
    more = number(frame, name, "refunds_more") * number(frame, name, "gmv")
    rows = study.ranking.result.rows_sql("refund_rate_amt", style=name)
    return [
        (
            more,
            pen.words("product.found_refunds", who=style(pen, name), rate=rate),
            Figure("ranking.refunds", more, "money", {"style": name}, rows),
        )
    ]


def _cut(pen: Pen, study: Study) -> list[tuple[float, str, Figure]]:
    return [
        (
            one.given,
            pen.words("product.found_cut", who=style(pen, one.style), value=money(pen, one.given)),
            one.figure,
        )
        for one in study.cuts[:1]
        if not one.worked
    ]
