"""Parts and their whole: published parts come to the published total, printed shares to 100.0 %."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reportkit.render.finding import Finding
from reportkit.render.known import Fact, Known
from reportkit.render.printed import Number
from reportkit.render.texts import Told

__all__ = ["shares", "sums"]

# Parts are added in another order than their total.
_NOISE = 1e-6
_FEWEST = 3


def sums(known: Known) -> Iterator[Finding]:
    """Yield the totals that all their published parts do not come to, for metrics whose parts add up.

    Parts are all there are where they count as many source rows as their total.
    """
    for whole in known.facts:
        if whole.get("dims") or whole["value"] is None or not known.is_additive(whole):
            continue
        for dimension in sorted({name for fact in known.facts for name in fact.get("dims") or {}}):
            parts = known.parts(whole, dimension)
            if len(parts) > 1 and all(map(known.is_additive, parts)) and known.is_whole(parts):
                yield from _sum(known, whole, dimension, parts)


def _sum(known: Known, whole: Fact, dimension: str, parts: list[Fact]) -> Iterator[Finding]:
    values = [fact["value"] for fact in parts if fact["value"] is not None]
    if not math.isclose(math.fsum(values), whole["value"], rel_tol=_NOISE, abs_tol=0.005):
        said = f"{len(parts)} parts by {dimension} come to {math.fsum(values):,.12g}, the total is {whole['value']:,.12g}"
        yield Finding("sums", known.spoken(whole), f"{said} ({whole['code']})")


def shares(told: Told, known: Known, within: float) -> Iterator[Finding]:
    """Yield lists of percentages that are meant as shares of one whole and do not come to 100 exactly.

    A list is meant so where it comes to within `within` points of 100 and the display has no rate of its
    own by part; that of a table is a column of its own.
    """
    rates = [fact for fact in told.display.facts if fact.get("dims") and fact.get("unit") == "percent"]
    if any(
        known.metrics[fact["metric"]].view != "share" for fact in rates if fact["metric"] in known.metrics
    ):
        return
    glue = known.words("labels.list_glue")
    lists = [[_rate(item, known) for item in told.display.alt.split(glue)]]
    for grid in told.grids:
        body = grid.rows[1:] if grid.total else grid.rows
        lists += [[_rate(row[place].text, known) for row in body] for place in range(1, len(grid.heads))]
    for found in lists:
        if problem := _off([number for number in found if number], len(found), within):
            yield Finding("shares", told.where, problem)


def _rate(item: str, known: Known) -> Number | None:
    """Return the percentage that ends `item`, where it has no sign."""
    numbers = [number for number in known.reader.numbers(item) if number.end == len(item.rstrip(" 。."))]
    return numbers[0] if numbers and numbers[0].kind == "percent" and not numbers[0].signed else None


def _off(found: Sequence[Number], items: int, within: float) -> str:
    if len(found) < max(_FEWEST, items):
        return ""
    total = math.fsum(number.value for number in found) * 100
    exact = math.isclose(total, 100, abs_tol=min(number.half for number in found) * 100)
    return "" if exact or abs(total - 100) > within else f"shares come to {total:.1f}%, not to 100.0%"
