"""2.9 Which influencer a platform hangs on, and whose orders come back."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reportkit.show.blocks import money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import MISSING
from reportkit.study import Study

__all__ = ["influencers"]

_COUNTED = ("gmv", "orders")
_FIGURES = ("share", "low", "high", "of_platform")
_WIDTHS = (12, 17, 12, 10, 25, 12, 12)


def influencers(study: Study, size: str = "left") -> Display:
    """List the influencers that stand out beside others of their platforms; one line where none does.

    Nothing where the files name no influencer.
    """
    return Display("table", lambda pen: _draw(pen, study), size, block="2.9")


def _draw(pen: Pen, study: Study) -> Drawn:
    words, told = pen.words, study.influencers
    if told.table.empty:
        return Drawn("", "")
    if told.named.empty:
        quiet = words("platform.influencers_quiet", count=len(told.table))
        return listed(pen, quiet, Listing((), ()), subtitle=period_name(pen, study))
    first = told.named.index
    beside = told.table[told.table.index.isin(first.get_level_values(0), level=0)].drop(first)
    shown = pd.concat([told.named, beside]).head(pen.rules.influencers_shown)
    found: list[Any] = shown.to_dict("records")
    keyed = list(zip(shown.index, found, strict=True))
    sold = words.numbers.column(list(shown["sold"]), "money")
    orders = words.numbers.column(list(shown["orders"]), "count")
    rows = [
        [pen.name("platform", platform), pen.name("influencer", who), sold.texts[place], orders.texts[place],
         _part(pen, row), words.numbers.rate(row["share_then"]), _back(pen, row)]
        for place, ((platform, who), row) in enumerate(keyed)
    ]  # fmt: skip
    heads = [
        words("labels.dimension_platform"), words("labels.dimension_influencer"),
        words("platform.spend_head", name=pen.spoken("gmv").name, unit=sold.unit), pen.spoken("orders").name,
        words("platform.influencer_share"), words(f"platform.influencer_{told.against or 'then'}"),
        words("platform.influencer_back"),
    ]  # fmt: skip
    tones = {(place, 4): "bad" for place, (_, row) in enumerate(keyed) if row["leads"]}
    tones |= {(place, 6): "bad" for place, (_, row) in enumerate(keyed) if row["returned"]}
    rules = study.rules.influencers
    rest = words(
        "platform.influencers_rest", count=len(told.table), share=words.numbers.rate(rules.share, 0),
        level=words.numbers.rate(rules.level, 0), least=rules.least, times=words.numbers.inline(rules.times, "ratio"),
    )  # fmt: skip
    listing = Listing(heads, rows, numbers=range(2, len(heads)), tones=tones, widths=_WIDTHS)
    marks = [code for key, row in keyed for code in _marks(pen, study, key, row)]
    title = words("platform.joined", items=[_sentence(pen, key, row) for key, row in keyed[: len(first)]])
    return listed(pen, title, listing, marks=marks, subtitle=period_name(pen, study), rest=rest)


def _part(pen: Pen, row: dict[str, Any]) -> str:
    rate = pen.words.numbers.rate
    return pen.words("platform.ends", value=rate(row["share"]), low=rate(row["low"]), high=rate(row["high"]))


def _back(pen: Pen, row: dict[str, Any]) -> str:
    """Return the share of orders with a refund, where there are orders enough to tell."""
    return pen.words.numbers.rate(row["rate"]) if row["rate"] == row["rate"] else MISSING


def _sentence(pen: Pen, key: tuple[str, str], row: dict[str, Any]) -> str:
    """Return what one influencer sold, how much hangs on it, and what comes back if that stands out."""
    rate = pen.words.numbers.rate
    return pen.words(
        "platform.influencer_title", part=pen.name("platform", key[0]), who=pen.name("influencer", key[1]),
        sold=money(pen, row["sold"]), leads=row["leads"], share=_part(pen, row), of_platform=rate(row["of_platform"]),
        returned=row["returned"], rate=rate(row["rate"]), usual=rate(row["usual"]),
    )  # fmt: skip


def _marks(pen: Pen, study: Study, key: tuple[str, str], row: dict[str, Any]) -> list[str]:
    """Return the evidence of one row: what was sold and ordered, its parts, and what came back where that is told."""
    told, dims = study.influencers, dict(zip(("platform", "influencer"), key, strict=True))
    compared = ("rate", *(("usual",) if row["returned"] else ())) if row["rate"] == row["rate"] else ()
    counted = [pen.cite(told.result, request, **dims) for request in _COUNTED]
    return counted + [pen.prove(study, told.figure(**dims, column=name)) for name in (*_FIGURES, *compared)]
