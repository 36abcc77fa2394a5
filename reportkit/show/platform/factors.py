"""2.4 What moved the money of each platform: its factors, the mix that hides them, and the root."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.metrics.compile import column_of
from reportkit.show import figures
from reportkit.show.blocks import alt, compared, money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure
from reportkit.show.platform.said import factor_name, money_name
from reportkit.show.platform.told import drill_beside, drill_sentence, mix_sentence
from reportkit.study import Study
from reportkit.study.causes import Drill
from reportkit.study.rows import records

__all__ = ["chains", "factors", "mixture", "roots"]

_BLOCK = "2.4"
_WIDTHS = (13, 15, 27, 15, 15, 15)


def factors(study: Study, size: str = "left") -> Display:
    """Show what visitors, conversion, basket and refunds did to each part's money; they add up to its change."""
    return Display("figure", lambda pen: _draw_factors(pen, study, size), size, block=_BLOCK)


def _draw_factors(pen: Pen, study: Study, size: str) -> Drawn:
    told, words = study.change, pen.words
    if told.against is None or told.effects.empty:
        return Drawn("", title=words("platform.block_2_4"), lacks=("orders", "order_lines"))
    effects = told.effects.sort_values("change")
    names = [name for name in (*told.factors, "whole") if name != "whole" or (effects["whole"] != 0).any()]
    table = effects[["change", *names]]
    column = words.numbers.column(table.to_numpy("float64").ravel(), "money", signed=True)
    texts = [column.texts[place : place + table.shape[1]] for place in range(0, table.size, table.shape[1])]
    rows = [
        figures.Stack(pen.name(told.dimension, part), tuple(map(float, row[names])), said[1:], said[0])
        for (part, row), said in zip(table.iterrows(), texts, strict=True)
    ]
    label = words(
        "platform.about", name=words("platform.factors_label", name=money_name(pen, study)), unit=column.unit,
        period=period_name(pen, study), then=compared(pen, study, told.against), rest="",
    )  # fmt: skip
    paper = figures.diverging(
        size,
        rows,
        [factor_name(pen, name) for name in names],
        total=words("platform.factors_total"),
        label=label,
    )
    title = _factors_title(pen, study, names)
    marks = [
        pen.prove(study, told.figure(str(part), name))
        for part in effects.index
        for name in ("change", *names)
    ]
    items = [f"{row.name} {row.text}" for row in rows]
    return figure(pen, paper, title=title, alt=alt(pen, title, "factors", items), marks=marks)


def _factors_title(pen: Pen, study: Study, names: Sequence[str]) -> str:
    """Return the change of all parts together and the two factors that did most."""
    told = study.change
    total, then = float(told.effects["change"].sum()), float(told.effects["then"].sum())
    sums = told.effects[list(names)].sum()
    largest = sums.abs().sort_values(ascending=False).index[:2]
    said = [
        pen.words("verdict.part", name=factor_name(pen, name), amount=money(pen, float(sums[name])))
        for name in largest
    ]
    return pen.words(
        "platform.factors_title", name=money_name(pen, study), than=pen.words(f"change.than_{told.against}"),
        up=total > 0, size=money(pen, abs(total)), named=pen.words.list(said),
        flat=pen.words.change(total / then if then > 0 else None, "money").flat,
    )  # fmt: skip


def chains(study: Study, size: str = "right") -> Display:
    """Say by which chain each part was split, and which parts are not in it."""
    return Display("note", lambda pen: _draw_chains(pen, study), size, block=_BLOCK)


def _draw_chains(pen: Pen, study: Study) -> Drawn:
    told, words = study.change, pen.words
    if told.against is None or told.effects.empty:
        return Drawn("", "")
    ways: dict[str, list[str]] = {"visitors": [], "buyers": [], "whole": []}
    for part, row in told.effects.iterrows():
        way = "whole" if row["whole"] else "visitors" if row["visitors"] or row["conversion"] else "buyers"
        ways[way].append(pen.name(told.dimension, part))
    ways["uncompared"] = [pen.name(told.dimension, part) for part in told.uncompared]
    items = [words(f"platform.chain_{way}", names=words.list(names)) for way, names in ways.items() if names]
    title = words("platform.chain_title", count=len(told.effects), name=money_name(pen, study))
    html = fill(pen.project, "note.html", title=title, items=items, calm=True)
    return Drawn(html, title, words("platform.alt_note", title=title, items=" ".join(items)), " ".join(items))


def mixture(study: Study, size: str = "full") -> Display:
    """Say that a mix of platforms hides what they did: every one converts better and the whole worse.

    Nothing where the whole moves as its parts do.
    """
    return Display("figure", lambda pen: _draw_mixture(pen, study, size), size, block=_BLOCK)


def _draw_mixture(pen: Pen, study: Study, size: str) -> Drawn:
    found, words = study.mix, pen.words
    if found is None or not found.hidden:
        return Drawn("", "")
    rows = [
        figures.Stack(
            pen.name("platform", part), (float(row["within"]), float(row["mix"])),
            tuple(words.numbers.column([row["within"], row["mix"]], "percent", signed=True).texts),
            words("platform.mix_rates", before=words.numbers.inline(row["rate_before"], "percent"),
                  after=words.numbers.inline(row["rate_after"], "percent")),
        )
        for part, row in found.table.iterrows()
    ]  # fmt: skip
    label = words(
        "platform.about", name=words("platform.mix_label", name=pen.spoken(found.request).name), unit=words.numbers.words.points,
        period=period_name(pen, study), then=compared(pen, study, found.against), rest="",
    )  # fmt: skip
    names = [words("platform.mix_within"), words("platform.mix_mix")]
    paper = figures.diverging(size, rows, names, total=words("platform.factors_total"), label=label)
    title = mix_sentence(pen, study)
    marks = [pen.prove(study, figure) for figure in found.figures]
    items = [f"{row.name} {row.text}" for row in rows]
    return figure(pen, paper, title=title, alt=alt(pen, title, "factors", items), marks=marks)


def roots(study: Study, size: str = "left") -> Display:
    """Show what lies behind the largest fall and rise, level by level, with all others beside each element."""
    return Display("table", lambda pen: _draw_roots(pen, study), size, block=_BLOCK)


def _draw_roots(pen: Pen, study: Study) -> Drawn:
    words, found = pen.words, study.drills
    if study.change.against is None:
        return Drawn("", title=words("platform.block_2_4_roots"), lacks=("orders", "order_lines"))
    if not found:
        return Drawn("", "")
    rows = [row for drill in found for row in _levels(pen, study, drill)]
    heads = [words(f"platform.roots_{name}") for name in ("part", "level", "element", "then", "now", "power")]
    marks = [pen.prove(study, study.change.figure(drill.part, drill.factor)) for drill in found]
    marks += [pen.prove(study, each) for drill in found for each in drill.figures]
    title = words("platform.joined", items=[drill_sentence(pen, study, drill) for drill in found])
    beside = [said for drill in found if (said := drill_beside(pen, study, drill))]
    defined = words("platform.roots_rest", level=words.numbers.rate(study.rules.change.level, 0))
    rest = words("platform.joined", items=[*beside, defined])
    listing = Listing(heads, rows, numbers=[3, 4, 5], widths=_WIDTHS)
    return listed(pen, title, listing, marks=marks, subtitle=money_name(pen, study), rest=rest)


def _levels(pen: Pen, study: Study, drill: Drill) -> list[list[str]]:
    """Return the rows of one drill-down: the part, its factor, its elements and all others."""
    words, told = pen.words, study.change
    row = dict(records(told.effects))[drill.part]
    name = pen.name(told.dimension, drill.part)

    def money(value: float) -> str:
        return words.numbers.inline(value, "money")

    rows = [
        [name, words("platform.level_part"), money_name(pen, study), money(row["then"]), money(row["now"]),
         words.numbers.signed(drill.change, "money")],
        ["", words("platform.level_factor"), factor_name(pen, drill.factor), *_factor_sides(pen, study, drill),
         words.numbers.signed(drill.effect, "money")],
    ]  # fmt: skip
    if drill.cause is None:
        return rows
    level = words(f"labels.dimension_{drill.cause.dimension}")
    for part in (*drill.cause.parts, drill.cause.rest):
        said = pen.name(drill.cause.dimension, part.element) if part.element else words("platform.level_rest")
        sides = [_element(pen, drill, value) for value in (part.expected, part.actual)]
        rows.append(["", level if part.element else "", said, *sides, words.numbers.rate(part.power, 0)])
    return rows


def _factor_sides(pen: Pen, study: Study, drill: Drill) -> list[str]:
    """Return a factor then and now, where it is a metric of its own."""
    request = {"visitors": "visitors", "conversion": "cvr", "buyers": "buyers"}.get(drill.factor)
    told = study.change
    if request == "cvr":
        visitors, buyers = (_pair(study, name, drill.part) for name in ("visitors", "pay_buyers"))
        values = [b / v if v else None for v, b in zip(visitors, buyers, strict=True)]
        return [pen.words.numbers.inline(value, "percent") for value in values]
    if request is None or request not in told.result.requests:
        return [MISSING, MISSING]
    return [pen.words.numbers.inline(value, "count") for value in _pair(study, request, drill.part)]


def _pair(study: Study, request: str, part: str) -> list[float]:
    told = study.change
    rows = told.result.frame
    row = rows[(rows["metric"] == request) & (rows[column_of(told.dimension)] == part)].iloc[0]
    return [float(row[f"{told.against}_{side}"]) for side in ("then", "now")]


def _element(pen: Pen, drill: Drill, value: float | None) -> str:
    if drill.is_rate:
        return pen.words.numbers.inline(value, "percent")
    return pen.words.numbers.inline(value, "count" if drill.factor == "visitors" else "money")
