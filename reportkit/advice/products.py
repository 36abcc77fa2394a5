"""Advice about products: their pages, stock, pairs, prices and launches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import ndtri

from reportkit.advice.advice import Advice, Effect, Ground
from reportkit.quality.figure import Figure
from reportkit.study.pages import Page
from reportkit.study.rows import records

__all__ = ["bundles", "dear_cuts", "hurried", "launched", "mended", "stock"]


def mended(ground: Ground) -> Iterator[Advice]:
    """REC-02: busy pages that hardly sell, of products that never ran out."""
    study = ground.study
    gone = (
        {study.stock.frame["style"].get(one.sku) for one in study.outages.found}
        if study.outages.found
        else set()
    )
    for page in study.pages or ():
        if page.kind == "busy" and page.style not in gone:
            yield _page(ground, page)


def _page(ground: Ground, page: Page) -> Advice:
    worth = page.figure(ground.study.page_traffic)
    about = {"platform": page.platform, "style": page.style}
    units = {"n": page.visitors, "rate": page.rate, "usual": page.usual}
    figures = {
        name: Figure(f"pages.{name}", value, "count" if name == "n" else "percent", about, worth.rows_sql)
        for name, value in units.items()
    }
    each = page.worth / (page.usual - page.mean)
    low, high = (max(page.usual - end, 0.0) * each for end in (page.high, page.low))
    return ground.advice(about, figures, ground.effect("sales", page.worth, about, worth.rows_sql, low, high))


def stock(ground: Ground) -> Iterator[Advice]:
    """REC-04: SKUs that are out and wanted, and those that stand and cost money."""
    study = ground.study
    shelf, told = study.stock, study.disposal
    if told is None:
        return
    out = shelf.frame[(shelf.frame["state"] == "out") & shelf.frame["on_sale"] & (shelf.frame["rate"] > 0)]
    for sku, row in records(out):
        yield _reorder(ground, sku, row, "out" if row["order"] > 0 else "late")
    for sku, row in records(told.frame[told.frame["value"] >= ground.number("money")]):
        index = shelf.frame.index[shelf.frame.index == sku]
        about = {"sku": sku}
        figures = {
            "value": shelf.figure("slow", row["value"], about, index),
            "cover": shelf.figure("cover", row["cover"], about, index, "days"),
            "available": shelf.figure("available", row["available"], about, index, "count"),
            "spare": shelf.figure("spare", row["spare"], about, index, "count"),
            "ordered": shelf.figure("ordered", row["on_order"], about, index, "count"),
        }  # fmt: skip
        found = ground.effect(
            "cash", (row["low"] + row["high"]) / 2, about, figures["value"].rows_sql, row["low"], row["high"]
        )
        text = "slow" if row["cover"] == row["cover"] and row["cover"] != float("inf") else "still"
        figures = (
            figures if text == "slow" else {name: one for name, one in figures.items() if name != "cover"}
        )
        partner = str(row["partner"] or "")
        yield ground.advice(
            about, figures, found if row["spare"] > 0 else None, text=text, way=row["advice"], partner=partner
        )


def hurried(ground: Ground) -> Iterator[Advice]:
    """REC-16: A SKUs that last shorter than a delivery takes."""
    frame = ground.study.stock.frame
    if frame.empty:
        return
    short = frame[
        (frame["klass"] == "A") & (frame["state"] == "at_risk") & frame["on_sale"] & (frame["rate"] > 0)
    ]
    for sku, row in records(short):
        yield _reorder(ground, sku, row, "")


def _reorder(ground: Ground, sku: str, row: dict[str, Any], text: str) -> Advice:
    """Return the advice to order what a SKU lacks, with what would not be sold until a delivery."""
    shelf = ground.study.stock
    index, about = shelf.frame.index[shelf.frame.index == sku], {"sku": sku}
    figures = {
        "available": shelf.figure("available", row["available"], about, index, "count"),
        "rate": shelf.figure("rate", row["rate"], about, index, "count"),
        "cover": shelf.figure("cover", row["cover"], about, index, "days"),
        "lead": shelf.figure("lead", row["lead"], about, index, "days"),
        "order": shelf.figure("order", row["order"], about, index, "count"),
        "ordered": shelf.figure("ordered", row["on_order"], about, index, "count"),
    }
    return ground.advice(about, figures, _kept(ground, about, row, figures["rate"]), text=text)


def _kept(ground: Ground, about: dict[str, str], row: dict[str, Any], figure: Figure) -> Effect | None:
    """Return what a SKU would sell on the days that it lacks stock, less buyers who take something else.

    The range holds both what they may take and the chance of so many days' demand, as far as earlier ones tell.
    """
    lost, lack = ground.study.products.lost, max(row["lead"] - row["cover"], 0.0)
    if row["price"] != row["price"] or lack <= 0:
        return None
    spread = ndtri((1 + lost.level) / 2) * row["sd"] * np.sqrt(1 / max(row["days"], 1) + 1 / lack)
    spread = spread if spread == spread else 0.0
    middle, low, high = (
        lack * max(row["rate"] + chance, 0.0) * row["price"] * (1 - share)
        for chance, share in ((0.0, lost.substitution), (-spread, lost.most), (spread, lost.least))
    )
    return ground.effect("sales", middle, about, figure.rows_sql, low, high)


def bundles(ground: Ground) -> Iterator[Advice]:
    """REC-12: pairs that are surely bought together."""
    told = ground.study.together
    for row in told.frame.to_dict("records"):
        if row["advice"] == "bundle":
            about = {"style": row["first"], "partner": row["second"]}
            lift = told.figure(row["first"], row["second"], row["lift"])
            figures = {
                "lift": lift,
                "low": Figure("pairs.lift_low", row["lift_low"], "ratio", about, lift.rows_sql),
                "n": Figure("pairs.n", row["n"], "count", about, lift.rows_sql),
                "confidence": Figure("pairs.confidence", row["confidence"], "percent", about, lift.rows_sql),
            }
            yield ground.advice(about, figures)


def dear_cuts(ground: Ground) -> Iterator[Advice]:
    """REC-13: price cuts that sold nothing more, and cost money."""
    for cut in ground.study.cuts:
        if cut.worked or cut.effect >= 0:
            continue
        about = {"style": cut.style, "first": cut.first.isoformat(), "last": cut.last.isoformat()}
        rows = cut.figure.rows_sql
        values = {
            "deeper": (cut.deeper, "percent"),
            "units": (cut.units, "count"),
            "usual": (cut.usual, "count"),
        }
        figures = {"given": cut.figure} | {
            name: Figure(f"cut.{name}", value, unit, about, rows)  # type: ignore[arg-type]
            for name, (value, unit) in values.items()
        }
        found = ground.effect("profit", -cut.effect, about, rows, -cut.most, -cut.least)
        text = "" if cut.last >= ground.study.last else "over"
        yield ground.advice(about, figures, found, text=text)


def launched(ground: Ground) -> Iterator[Advice]:
    """REC-15: new products that lie below most of those before them."""
    for one in ground.study.launches.found:
        young = (ground.study.last - one.listed).days < ground.study.products.launches.days
        if one.verdict in ("watch", "stop") and young and one.low is not None:
            about, rows = {"style": one.style}, one.figure.rows_sql
            figures = {
                "sold": one.figure,
                "low": Figure("launch.low", one.low, "money", about, rows),
                "n": Figure("launch.earlier", one.earlier, "count", about, rows),
            }
            yield ground.advice(about, figures, day=str(one.age))
