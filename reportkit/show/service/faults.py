"""4.9 Products that come back for their quality more often than the others of their category."""

from __future__ import annotations

import pandas as pd

from reportkit.show.blocks import absent, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.product.grid import Column, Table, drawn, numbers, texts
from reportkit.show.service.said import between, product, times
from reportkit.study import Study
from reportkit.study.faults import UNITS
from reportkit.study.satisfaction import product_scores

__all__ = ["faults"]

_COLUMNS = ("n", "k", "rate", "usual")
_PROVED = (*_COLUMNS, "times", "over", "over_low", "over_high")


def faults(study: Study, size: str = "full") -> Display:
    """List the products whose refunds for quality are significantly above those of their category."""
    return Display("table", lambda pen: _draw(pen, study), size, block="4.9")


def _draw(pen: Pen, study: Study) -> Drawn:
    told, words = study.faults, pen.words
    if not told.judged:
        return absent(words("service.block_4_9"), "refunds")
    rules, subtitle = study.service.faults, words("service.faults_subtitle")
    rest = words(
        "service.faults_rest", period=period_name(pen, study), count=len(told.table), least=rules.least,
        discovery=words.numbers.rate(rules.discovery, 0), times=times(pen, rules.times),
        level=words.numbers.rate(rules.level, 0),
    )  # fmt: skip
    shown = told.listed.head(study.service.rows["faults"])
    if shown.empty:
        return listed(pen, _title(pen, study), Listing((), ()), subtitle=subtitle, rest=rest)
    marks = [pen.prove(study, told.figure(str(style), name)) for style in shown.index for name in _PROVED]
    return drawn(pen, Table(_title(pen, study), _columns(pen, study, shown), marks, subtitle, rest))


def _columns(pen: Pen, study: Study, shown: pd.DataFrame) -> list[Column]:
    words, styles = pen.words, [str(style) for style in shown.index]
    names = [pen.name("style", style) for style in styles]
    ranges = [between(pen, row["over_low"], row["over_high"], "money") for _, row in shown.iterrows()]
    return [
        *([texts(words("service.code_head"), styles)] if names != styles else []),
        texts(words("labels.dimension_product"), names),
        texts(words("labels.dimension_category"), [pen.name("category", kind) for kind in shown["kind"]]),
        *(numbers(pen, words(f"service.{name}_head"), list(shown[name]), UNITS[name]) for name in _COLUMNS),
        texts(
            words("service.times_head"), [times(pen, value) for value in shown["times"]], ["bad"] * len(shown)
        ),
        *_scored(pen, study, styles),
        numbers(pen, words("service.over_head"), list(shown["over"]), "money"),
        texts(words("service.range_head"), ranges),
    ]


def _scored(pen: Pen, study: Study, styles: list[str]) -> list[Column]:
    """Return a column of what buyers score these products, where anybody does."""
    scores = product_scores(study).reindex(styles)
    return (
        [numbers(pen, pen.words("service.score_head"), list(scores), "ratio")] if scores.notna().any() else []
    )


def _title(pen: Pen, study: Study) -> str:
    told, words = study.faults, pen.words
    listed = told.listed
    if listed.empty:
        return words("service.faults_none", count=len(told.table))
    top, row = listed.index[0], listed.iloc[0]
    return words(
        "service.faults_title", count=len(listed), name=product(pen, str(top)), rate=words.amount(row["rate"], "percent"),
        times=times(pen, row["times"]), over=words.amount(row["over"], "money"), range=between(pen, row["over_low"], row["over_high"], "money"),
    )  # fmt: skip
