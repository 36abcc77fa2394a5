"""Advice about what rises."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.advice.advice import Advice, Ground
from reportkit.quality.figure import Figure

__all__ = ["tried"]


def tried(ground: Ground) -> Iterator[Advice]:
    """REC-20: categories, products, regions and carriers that rise and are still small."""
    for one in ground.answered("opportunity"):
        figures = {
            "share": Figure("rise.share", one.actual, "percent", one.scope, one.rows_sql),
            "before": Figure("rise.before", one.expected, "percent", one.scope, one.rows_sql),
            "n": Figure("rise.orders", one.n, "count", one.scope, one.rows_sql),
        }
        risen = one.actual - one.expected
        high, low = ((one.actual - end) / risen * one.stake for end in one.band80)
        effect = ground.effect("sales", one.stake, one.scope, one.rows_sql, low, high)
        yield ground.advice(one.scope, figures, effect, alert=one)
