"""2.6 What each platform takes of the advertising and what it brings; what had better be moved, and what speaks against it."""

from __future__ import annotations

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import alt, money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING, is_missing, percentages
from reportkit.show.paper import figure
from reportkit.study import Study
from reportkit.study.rows import records

__all__ = ["allocation", "returns", "spend_shares"]

_BLOCK = "2.6"
_WIDTHS = (16, 12, 12, 10, 10, 10, 22, 8)


def spend_shares(study: Study, size: str = "right") -> Display:
    """Show each part's share of the advertising and of the visitors beside its share of what was sold."""
    return Display("figure", lambda pen: _draw_shares(pen, study, size), size, block=_BLOCK)


def _draw_shares(pen: Pen, study: Study, size: str) -> Drawn:
    words, found = pen.words, study.spending
    table = found.table
    if table.empty:
        return Drawn("", title=words("platform.block_2_6"), lacks=("ads",))
    if len(table) < 2:
        return Drawn("", "")
    rows = [
        row
        for kind, shares in (("ads", table), ("visits", found.visits))
        for row in _pairs(pen, study, kind, shares)
    ]
    label = words("platform.about", name=words("platform.shares_label"), unit="%", period=period_name(pen, study), then="",
                  rest="")  # fmt: skip
    paper = figures.dumbbells(
        size, rows, start=words("platform.input"), end=words("platform.output"), label=label
    )
    low, high = (rows[: len(table)][place] for place in (0, -1))
    title = words(
        "platform.shares_title", low=pen.name(found.dimension, table["index"].idxmin()), low_in=low.start_text,
        low_out=low.end_text, high=pen.name(found.dimension, table["index"].idxmax()), high_in=high.start_text,
        high_out=high.end_text,
    )  # fmt: skip
    items = [f"{row.name} {row.start_text} {row.end_text}" for row in rows]
    sides = ("input", "output")
    marks = [pen.prove(study, found.figure(str(part), side)) for part in table.index for side in sides]
    marks += [pen.prove(study, found.visit(str(part), side)) for part in found.visits.index for side in sides]
    return figure(pen, paper, title=title, alt=alt(pen, title, "pairs", items), marks=marks)


def _pairs(pen: Pen, study: Study, kind: str, table: pd.DataFrame) -> list[figures.Pair]:
    """Return a row a part, the one that brings least for what it takes first; none for a single part."""
    words = pen.words
    if len(table) < 2:
        return []
    table = table.sort_values("index")
    texts = [
        [words.numbers.rate(share / 100) for share in percentages(list(table[side]))]
        for side in ("input", "output")
    ]
    return [
        figures.Pair(
            words("platform.of", part=pen.name(study.spending.dimension, part), name=words(f"platform.input_{kind}")),
            float(row["input"]), float(row["output"]), taken, brought,
            words("platform.index", index=words.numbers.inline(row["index"], "ratio")), _tone(study, float(row["index"])),
        )
        for (part, row), taken, brought in zip(table.iterrows(), *texts, strict=True)
    ]  # fmt: skip


def _tone(study: Study, index: float) -> str:
    return "bad" if index < study.rules.spending.index_low else "plain"


def returns(study: Study, size: str = "left") -> Display:
    """List budget, spend, return, breakeven and marginal return of each part that spent."""
    return Display("table", lambda pen: _draw_returns(pen, study), size, block=_BLOCK)


def _draw_returns(pen: Pen, study: Study) -> Drawn:
    words, found = pen.words, study.spending
    table = found.table
    if table.empty:
        return Drawn("", title=words("platform.block_2_6_returns"), lacks=("ads",))
    numbers = words.numbers
    money = {name: numbers.column(table[name], "money") for name in ("budget", "spend")}
    rows = [
        [
            pen.name(found.dimension, part), money["budget"].texts[place], money["spend"].texts[place],
            numbers.rate(row["use"]), *(numbers.inline(row[name], "ratio") for name in ("roi", "breakeven")),
            _marginal(pen, row), MISSING if is_missing(row["days"]) else f"{row['days']:.0f}",
        ]
        for place, (part, row) in enumerate(table.iterrows())
    ]  # fmt: skip
    heads = [words(f"labels.dimension_{found.dimension}")]
    heads += [
        words("platform.spend_head", name=words(f"platform.spend_{name}"), unit=money[name].unit)
        for name in money
    ]
    heads += [words(f"platform.spend_{name}") for name in ("use", "roi", "breakeven", "marginal", "days")]
    tones = {
        (place, 4): "bad"
        for place, (_, row) in enumerate(records(table))
        if not is_missing(row["breakeven"]) and row["roi"] < row["breakeven"]
    }
    marks = [
        pen.prove(study, found.figure(str(part), name))
        for part in table.index
        for name in ("spend", "budget", "use", "roi", "breakeven", "marginal")
        if not is_missing(table.loc[part, name])
    ]
    listing = Listing(heads, rows, numbers=range(1, len(heads)), tones=tones, widths=_WIDTHS)
    level = numbers.rate(study.rules.spending.level, 0)
    rest = words("platform.spend_rest", level=level, days=study.rules.spending.days)
    return listed(
        pen,
        _returns_title(pen, study, table),
        listing,
        marks=marks,
        subtitle=period_name(pen, study),
        rest=rest,
    )


def _marginal(pen: Pen, row: pd.Series) -> str:
    if is_missing(row["marginal"]):
        return MISSING
    value, low, high = (
        pen.words.numbers.inline(row[name], "ratio") for name in ("marginal", "marginal_low", "marginal_high")
    )
    return pen.words("platform.range", value=value, low=low, high=high)


def _returns_title(pen: Pen, study: Study, table: pd.DataFrame) -> str:
    """Return who does not earn back its advertising, or that all do; without costs who earns most."""
    words, dimension = pen.words, study.spending.dimension
    known = table.dropna(subset=["breakeven"])
    ranked = table.dropna(subset=["roi"]).sort_values("roi")
    if ranked.empty:
        return words("platform.returns_unknown", spent=money(pen, float(table["spend"].sum())))
    ends = [
        (pen.name(dimension, ranked.index[end]), words.numbers.inline(ranked["roi"].iloc[end], "ratio"))
        for end in (-1, 0)
    ]
    losing = [pen.name(dimension, part) for part in known.index[known["roi"] < known["breakeven"]]]
    return words(
        "platform.returns_title", known=len(known), losing=words.list(losing), count=len(losing), best=ends[0], worst=ends[1],
        alone=len(table) == 1, breakeven=words.numbers.inline(table["breakeven"].iloc[0], "ratio"),
    )  # fmt: skip


def allocation(study: Study, size: str = "left") -> Display:
    """Propose a trial that moves some spend, with what it assumes, or say what speaks against any."""
    return Display("note", lambda pen: _draw_allocation(pen, study), size, block=_BLOCK)


def _draw_allocation(pen: Pen, study: Study) -> Drawn:
    words, found = pen.words, study.spending
    if len(found.table) < 2 or found.table["breakeven"].isna().all():
        return Drawn("", "")
    title = _shift_title(pen, study)
    items = [words("platform.shift_effect", **_gain(pen, study))] if found.shift else []
    items += [said] if (said := _blocked(pen, study)) and not found.shift else []
    items += [words("platform.shift_assumption", level=words.numbers.rate(study.rules.spending.level, 0))]
    html = fill(pen.project, "note.html", title=title, items=items, calm=True)
    return Drawn(html, title, words("platform.alt_note", title=title, items=" ".join(items)), " ".join(items))


def _shift_title(pen: Pen, study: Study) -> str:
    shift, words, dimension = study.spending.shift, pen.words, study.spending.dimension
    if shift is None:
        below = (study.spending.table["marginal_high"] < study.spending.table["breakeven"]).sum()
        return words("platform.shift_none", below=int(below), count=len(study.spending.table))
    return words(
        "platform.shift_title", giver=pen.name(dimension, shift.giver), taker=pen.name(dimension, shift.taker),
        low=words.amount(shift.low, "money"), high=words.amount(shift.high, "money"),
        shares=[words.numbers.rate(share, 0) for share in study.rules.spending.move],
    )  # fmt: skip


def _gain(pen: Pen, study: Study) -> dict[str, object]:
    shift = study.spending.shift
    assert shift is not None
    return {
        name: pen.words.numbers.beside(value, shift.gain_high, "money")
        for name, value in (("gain", shift.gain), ("low", shift.gain_low), ("high", shift.gain_high))
    }


def _blocked(pen: Pen, study: Study) -> str:
    """Return what speaks against giving each part more."""
    words, found = pen.words, study.spending
    said = [
        words("platform.blocked", part=pen.name(found.dimension, part), why=words.list([words(f"platform.guard_{name}", times=study.rules.spending.above_breakeven) for name in why]))
        for part, why in found.blocked.items()
        if why
    ]  # fmt: skip
    return words("platform.joined", items=said)
