"""Sentences about platforms: the page in one, what lies behind a change, and what each platform comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit.analysis.attribute import Part
from reportkit.show.blocks import money, statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import is_missing
from reportkit.show.platform.said import factor_name, line_name
from reportkit.show.readings import Reading
from reportkit.show.verdict import references, states
from reportkit.show.words import Change
from reportkit.study import Study
from reportkit.study.causes import Drill
from reportkit.study.mix import Worth
from reportkit.study.rows import number, records

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["drill_beside", "drill_sentence", "headline", "mix_sentence", "summaries"]

_WIDTHS = (14, 86)
# What a row of effects holds beside effects.
_SIDES = ("change", "then", "now", "method")


def headline(study: Study) -> Display:
    """Say in one sentence which platforms moved the money, by what, and whether their mix hides it."""
    return Display("verdict", lambda pen: _draw_headline(pen, study), block="2")


def _draw_headline(pen: Pen, study: Study) -> Drawn:
    words, told = pen.words, study.change
    total = study.ask([told.money], compare=["previous", "last_year"])
    head = Reading(pen, total, told.money, {})
    if not head.known:
        sentence = words("verdict.missing", period=study.period.label(words.lang), head=head)
    else:
        sentence = words(
            "platform.headline", head=head, than=words(f"change.than_{told.against}") if told.against else "",
            change=head.change(told.against), moved=words.list([_short(pen, study, drill) for drill in study.drills]),
            mix=mix_sentence(pen, study, "mix_short") if study.mix is not None and study.mix.hidden else "",
        )  # fmt: skip
    marks = [head.code()] if head.known else []
    marks += [
        pen.prove(study, told.figure(drill.part, name))
        for drill in study.drills
        for name in ("change", drill.factor)
    ]
    if study.mix is not None and study.mix.hidden:
        marks += [pen.prove(study, figure) for figure in study.mix.figures]
    found, facts = states(pen, head, has_refunds=False), references(pen, total)
    return statement(pen, sentence, marks, found, facts)


def _short(pen: Pen, study: Study, drill: Drill) -> str:
    return pen.words(
        "platform.headline_part", part=pen.name(study.change.dimension, drill.part), amount=money(pen, drill.change),
        factor=factor_name(pen, drill.factor), inside=_inside(pen, drill),
    )  # fmt: skip


def mix_sentence(pen: Pen, study: Study, key: str = "mix_title") -> str:
    """Return the sentence that says a mix hides what the platforms did; there must be one."""
    found, words = study.mix, pen.words
    assert found is not None
    weights = dict(records(found.table))
    who = max(weights, key=lambda part: weights[part]["weight_after"] - weights[part]["weight_before"])
    return words(
        f"platform.{key}", all=found.all_same_way, up=found.within > 0,
        name=words("platform.step", name=pen.spoken(found.request).name),
        than=words(f"change.than_{found.against}"), total=words.change(found.change, "percent").size,
        within=words.numbers.signed(found.within, "percent"), mix=words.numbers.signed(found.mix, "percent"),
        who=pen.name("platform", who),
        cost=_cost(pen, found.worth, ranged=key == "mix_title"), before=words.numbers.rate(weights[who]["weight_before"]),
        after=words.numbers.rate(weights[who]["weight_after"]),
    )  # fmt: skip


def _cost(pen: Pen, worth: Worth | None, *, ranged: bool) -> str:
    """Return what a mix did to the money, with its range where asked for; empty where that is not known."""
    if worth is None:
        return ""
    ends = [worth.mix, *sorted((worth.low, worth.high), key=abs)]
    middle, low, high = (pen.words.amount(abs(each), "money", "", abs(worth.mix)).beside for each in ends)
    return pen.words(
        "platform.mix_cost", up=worth.mix > 0, name=pen.spoken("gmv").name, middle=middle, low=low, high=high, ranged=ranged,
    )  # fmt: skip


def drill_sentence(pen: Pen, study: Study, drill: Drill) -> str:
    """Return one sentence about a part's change: its factor, and the element that stands out in it."""
    told, words = study.change, pen.words
    return words(
        "platform.drill", part=pen.name(told.dimension, drill.part), up=drill.change > 0,
        than=words(f"change.than_{told.against}"), size=money(pen, abs(drill.change)),
        factor=factor_name(pen, drill.factor), effect=money(pen, drill.effect), inside=_inside(pen, drill),
    )  # fmt: skip


def drill_beside(pen: Pen, study: Study, drill: Drill) -> str:
    """Return what an element should have brought, and which advertising came with the change; empty if neither is known."""
    lost, line = _lost(pen, drill), _line(pen, drill)
    if not lost and not line:
        return ""
    inside = pen.name("channel", drill.element) if drill.element else ""
    part = pen.name(study.change.dimension, drill.part)
    return pen.words("platform.drill_beside", part=part, inside=inside, lost=lost, line=line)


def _inside(pen: Pen, drill: Drill) -> str:
    """Return the elements that stand out and how each moved."""
    if drill.cause is None:
        return ""
    said = [
        pen.words(
            "platform.element", name=pen.name(drill.cause.dimension, part.element), change=_moved(pen, drill, part),
        )
        for part in drill.cause.parts
        if part.element
    ]  # fmt: skip
    return pen.words.list(said)


def _moved(pen: Pen, drill: Drill, part: Part) -> Change:
    """Return how an element moved: a rate in points, anything else by its growth."""
    if part.expected is None or part.actual is None:
        return pen.words.change(None, "money")
    if drill.is_rate:
        return pen.words.change(part.actual - part.expected, "percent")
    return pen.words.change(part.actual / part.expected - 1 if part.expected > 0 else None, "money")


def _lost(pen: Pen, drill: Drill) -> str:
    """Return what a channel brought less or more than beside the others as usual, as a range."""
    if drill.expected is None or drill.actual is None:
        return ""
    middle, low, high = (
        drill.actual - each for each in (drill.expected.value, drill.expected.high, drill.expected.low)
    )
    if low < 0 < high:
        return ""
    ends = sorted((abs(low), abs(high)))
    amounts = [pen.words.amount(value, "money", "", abs(middle)).beside for value in (abs(middle), *ends)]
    return pen.words("platform.lost", up=middle > 0, middle=amounts[0], low=amounts[1], high=amounts[2])


def _line(pen: Pen, drill: Drill) -> str:
    if drill.line is None:
        return ""
    return pen.words(
        "platform.cheap", who=line_name(pen, drill.line.dimension, drill.line.value),
        clicks=pen.words.amount(drill.line.clicks, "count", pen.spoken("ad_clicks").noun), price=pen.words.numbers.inline(drill.line.cpc, "ratio"),
    )  # fmt: skip


def summaries(study: Study, result: Result) -> Display:
    """Say of each part in one paragraph what it came to, why, what to watch, and what to do.

    `result` holds the metrics of the comparison matrix.
    """
    return Display("table", lambda pen: _draw_summaries(pen, study, result), block="2.10")


def _draw_summaries(pen: Pen, study: Study, result: Result) -> Drawn:
    words, told = pen.words, study.change
    keys = [str(key) for key in result.wide().sort_values("gmv", ascending=False).iloc[:, 0]]
    kept = [key for key in keys if result.cell("gmv", **{told.dimension: key})]
    if not kept:
        return Drawn("", title=words("platform.block_2_10"), lacks=("orders", "order_lines"))
    classes = study.quadrant.table["class"] if study.quadrant is not None else pd.Series(dtype=object)
    rows, marks = [], []
    for key in kept:
        kind = words(f"platform.class_{classes[key]}") if key in classes else ""
        rows.append(
            [
                words("platform.summary_head", part=pen.name(told.dimension, key), kind=kind),
                _summary(pen, study, result, key),
            ]
        )
        marks += [Reading(pen, result, "gmv", {told.dimension: key}).code()]
    title = words(
        "platform.summaries_title", count=len(kept), advised=sum(bool(_advice(study, key)) for key in kept)
    )
    listing = Listing(
        [words(f"labels.dimension_{told.dimension}"), words("platform.summary")], rows, widths=_WIDTHS
    )
    return listed(pen, title, listing, marks=marks)


def _summary(pen: Pen, study: Study, result: Result, key: str) -> str:
    """Return one paragraph by the grammar of every finding: what, against what, why, risk, action."""
    words, told = pen.words, study.change
    dims = {told.dimension: key}
    head, gmv = Reading(pen, result, told.money, dims), Reading(pen, result, "gmv", dims)
    lead = head if head.known else gmv
    return words(
        "platform.paragraph", head=lead, than=words(f"change.than_{told.against}") if told.against else "",
        change=lead.change(told.against), rate=words.numbers.rate(gmv.number("attainment")) if gmv.number("attainment") else "",
        target=gmv.money(gmv.number("target")), causes=_causes(pen, dict(records(told.effects)).get(key)),
        risk=_risk(pen, dict(records(study.spending.table)).get(key)),
        advice=_advised(pen, study, key),
    )  # fmt: skip


def _advised(pen: Pen, study: Study, key: str) -> str:
    """Return the advice in words, with the channel to restore and what that would bring, where they are known."""
    advice = _advice(study, key)
    if not advice:
        return ""
    found = next((drill for drill in study.drills if drill.part == key and drill.expected), None)
    channel = pen.name("channel", found.element) if found else ""
    low = high = ""
    if found and found.expected and found.actual is not None and found.expected.low > found.actual:
        low, high = (
            str(pen.words.amount(each - found.actual, "money"))
            for each in (found.expected.low, found.expected.high)
        )
    return pen.words(f"platform.advice_{advice}", channel=channel, low=low, high=high)


def _causes(pen: Pen, row: dict[str, Any] | None) -> str:
    """Return the two factors that did most."""
    if row is None or not row["change"]:
        return ""
    effects = {name: value for name, value in row.items() if name not in _SIDES and value}
    whole = abs(row["then"]) or None
    largest = sorted(effects, key=lambda name: -abs(effects[name]))[:2]
    return pen.words.list(
        [
            pen.words(
                "verdict.part",
                name=factor_name(pen, name),
                amount=pen.words.amount(effects[name], "money", "", whole),
            )
            for name in largest
        ]
    )


def _risk(pen: Pen, spent: dict[str, Any] | None) -> str:
    if spent is None or is_missing(spent["roi"]):
        return ""
    ratio = pen.words.numbers.inline
    return pen.words(
        "platform.risk", roi=ratio(spent["roi"], "ratio"), known=not is_missing(spent["breakeven"]),
        breakeven=ratio(spent["breakeven"], "ratio"), below=spent["roi"] < spent["breakeven"],
    )  # fmt: skip


def _advice(study: Study, key: str) -> str:
    """Return which advice a part gets: losing money first, then cheap clicks, then its worst factor; none where all is well."""
    spent = study.spending.table
    if key in spent.index and number(spent, key, "roi") < number(spent, key, "breakeven"):
        return "loses"
    if any(line.cheap and line.platform == key for line in study.ad_lines):
        return "cheap"
    if key not in study.change.effects.index:
        return ""
    row = study.change.effects.loc[key]
    least = -study.rules.change.advised * row["then"]
    worst = min(("visitors", "conversion", "buyers", "basket", "kept"), key=lambda name: row[name])
    return worst if row[worst] <= least < 0 else ""
