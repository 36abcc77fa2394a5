"""What stands in stock on the last day: too little, too much, too long. Hard rules, of all platforms together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from reportkit.alerts.alert import NO_BAND, Band, Scope, Signal, chance
from reportkit.alerts.rules import Level, StockRule
from reportkit.alerts.watch import Watch
from reportkit.metrics.periods import enclosing
from reportkit.quality.figure import Unit
from reportkit.study.rows import records
from reportkit.study.stock import Shelf, counted

__all__ = ["stocked"]

_SLOW = ("slow", "dead")


def stocked(watch: Watch, name: str, rule: StockRule) -> Iterator[Signal]:
    """Yield what is wrong with the stock at the last count, if it is not older than the recall."""
    shelf = watch.study.stock
    if shelf.day is None or shelf.day < watch.first:
        return
    yield from _MEASURES[rule.measure](watch, name, rule, shelf)


def _skus(watch: Watch, name: str, rule: StockRule, shelf: Shelf) -> Iterator[Signal]:
    """Yield every SKU on sale in one of the states of the rule, against what it sells until the next delivery."""
    items = shelf.frame
    short = items[items["state"].isin(rule.states) & items["on_sale"] & (items["rate"] > 0)]
    begun = _out_since(watch, shelf, list(short.index))
    for sku, row in records(short):
        until = row["lead"] * row["rate"]
        error = np.sqrt(row["lead"] * row["sd"] ** 2 + (row["rate"] * row["lead_sd"]) ** 2)
        lack = max(row["lead"] - (row["cover"] if row["cover"] == row["cover"] else 0.0), 0.0)
        level = rule.states[row["state"]].get(str(row["klass"]), "warn")
        since = begun.get(sku) if row["state"] == "out" else None
        yield _signal(
            name, shelf, (("sku", sku),), level, -1, row["available"], until,
            lack * row["rate"] * _number(row["price"]), since=since, skus=[sku], bands=chance(until, error),
        )  # fmt: skip


def _out_since(watch: Watch, shelf: Shelf, skus: list[str]) -> dict[str, date]:
    """Return the first day of the run of days without stock that the last count ends, by SKU."""
    last = shelf.day or watch.last
    table = counted(watch.metrics, watch.first, last).pivot(index="day", columns="sku", values="available")
    found = {}
    for sku in [one for one in skus if one in table]:
        stocked_days = table.index[table[sku] > 0]
        out = table.index[table[sku] <= 0]
        after = out[out > stocked_days[-1]] if len(stocked_days) else out
        if len(after):
            found[sku] = after[0].date()
    return found


def _out(watch: Watch, name: str, rule: StockRule, shelf: Shelf) -> Iterator[Signal]:
    """Yield the share of the sales of A goods that is out of stock."""
    best = shelf.frame[(shelf.frame["klass"] == "A") & shelf.frame["on_sale"]]
    sales = best["rate"] * best["price"]
    share = float(sales[best["available"] <= 0].sum() / sales.sum()) if sales.sum() > 0 else 0.0
    if share > rule.above:
        gone = list(best.index[best["available"] <= 0])
        lost = float(sales[best["available"] <= 0].sum())
        parts = tuple((str(sku), float(sales[sku] / lost)) for sku in gone)
        yield _signal(name, shelf, (), rule.level, 1, share, rule.above, lost, parts=parts, skus=gone)


def _slow(watch: Watch, name: str, rule: StockRule, shelf: Shelf) -> Iterator[Signal]:
    """Yield the share of the money in stock that surely does not move, and every SKU that holds much of it alone."""
    items, limits = shelf.frame, shelf.rules.stock.limits
    sure = (items["cover_low"] > limits.high) | (items["idle_days"] >= limits.idle)
    slow = items[items["state"].isin(_SLOW) & sure].sort_values("value", ascending=False)
    whole, idle = float(items["value"].sum()), float(slow["value"].sum())
    share = idle / whole if whole > 0 else 0.0
    if share > rule.above:
        parts = tuple((sku, row["value"] / idle) for sku, row in records(slow.head(5)))
        yield _signal(
            name, shelf, (), rule.level, 1, share, rule.above, idle, unit="percent", parts=parts,
            skus=list(slow.index),
        )  # fmt: skip
    for sku, row in records(slow[slow["value"] >= rule.alone * whole]):
        usual = ((row["lead"], limits.healthy), (row["lead"], limits.high))
        yield _signal(
            name, shelf, (("sku", sku),), "info", 1, float(row["cover"]), limits.high, _number(row["value"]),
            unit="days", skus=[sku], bands=usual,
        )  # fmt: skip


def _turnover(watch: Watch, name: str, rule: StockRule, shelf: Shelf) -> Iterator[Signal]:
    """Yield the last whole month where stock lasts longer than the mean of the three before, by a share."""
    result = watch.study.turnover.whole
    rows = result.frame.sort_values("month")
    whole = rows[rows["month"] + pd.offsets.MonthEnd(0) <= pd.Timestamp(watch.last)]["value"].tail(4)
    if len(whole) < 4 or whole.isna().any():
        return
    now, usual = float(whole.iloc[-1]), float(whole.iloc[:-1].mean())
    if now >= usual * (1 + rule.above):
        tied = float(shelf.frame["value"].sum()) * (1 - usual / now)
        yield _signal(name, shelf, (), rule.level, 1, now, usual, tied)


def _season(watch: Watch, name: str, rule: StockRule, shelf: Shelf) -> Iterator[Signal]:
    """Yield the categories that have sold less of a season's goods than of its time is over.

    What is left of goods with several seasons a year is sold in the next.
    """
    seasons = shelf.rules.seasons.months
    for one in watch.study.seasons or ():
        if len(seasons[one.season]) == 1 and one.elapsed - one.rate >= rule.above:
            yield _signal(
                name, shelf, (("category", one.category),), rule.level, -1, one.rate, one.elapsed, one.left,
                unit="percent", rows=one.rows_sql,
            )  # fmt: skip


def _signal(
    name: str, shelf: Shelf, scope: Scope, level: Level, sign: int, actual: float, expected: float, stake: float,
    *, unit: Unit | None = None, since: date | None = None, parts: tuple[tuple[str, float], ...] = (), skus: list[str] | None = None,
    rows: dict[str, str] | None = None, bands: tuple[Band, Band] = (NO_BAND, NO_BAND),
) -> Signal:  # fmt: skip
    day = shelf.day or date.min
    found = rows or dict(shelf.figure("state", actual, {}, pd.Index(skus) if skus else None).rows_sql)
    return Signal(
        name,
        scope,
        day,
        level,
        sign,
        actual,
        expected,
        stake,
        band80=bands[0],
        band95=bands[1],
        at_once=True,
        unit=unit,
        since=since,
        named=None if since else enclosing("month", day).start,
        parts=parts,
        rows_sql=found,
    )


def _number(value: Any) -> float:
    return 0.0 if value is None or np.isnan(value) else float(value)


_MEASURES: dict[str, Callable[[Watch, str, StockRule, Shelf], Iterator[Signal]]] = {
    "skus": _skus,
    "out": _out,
    "slow": _slow,
    "turnover": _turnover,
    "season": _season,
}
