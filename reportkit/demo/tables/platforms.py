"""One platform's month as its own files tell it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pandas as pd

from reportkit.demo.tables.daily import Daily
from reportkit.demo.tables.quirks import TRADES
from reportkit.demo.tables.quirks_daily import DAYS
from reportkit.demo.tables.told import Told, Values, reports
from reportkit.demo.tables.trade import Trade
from reportkit.demo.world import Facts, World

__all__ = ["platform_tables"]

_BILLED = ("settlements", "fees", "payments")


def platform_tables(world: World, facts: Facts) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every table that the files of `facts`' platform bring, by name, one after the other.

    `facts` are those of months in a row as known at some moment. Frames have ``platform_id``, ``source_id`` and the
    columns of the schema that the files tell: money whole fen, times naive local ones, ids and words text,
    customer_key the buyer's name as it stands in the file. A table may come more than once.
    """
    yield from _billed(world, facts)
    trade = TRADES.get(facts.platform, Trade)(world, facts)
    daily = DAYS.get(facts.platform, Daily)(world, facts)
    for table, told in reports(facts.platform).items():
        if table not in _BILLED:
            for one in told:
                yield table, one.frame(table, _values(table, one, trade, daily))
    for frame in trade.standing_in():
        yield "refunds", frame


def _values(table: str, told: Told, trade: Trade, daily: Daily) -> Values:
    """The rows of `table` as the report `told` has them."""
    if table == "orders":
        return trade.orders(told)
    if table == "order_lines":
        return trade.lines(told)
    if table == "refunds":
        return trade.refunds(told)
    if table == "ads":
        return daily.ads()
    by = {"traffic_item": daily.items, "traffic_source": daily.channels}
    return by.get(told.source.id.partition("/")[2], daily.days)()


def _billed(world: World, facts: Facts) -> Iterator[tuple[str, pd.DataFrame]]:
    """What the ledgers tell; rows of a table that several of them feed name their own source."""
    entries = import_module(f"reportkit.demo.files.{facts.platform}").entries(world, facts)
    while entries:
        table, rows = entries.popitem()
        told = {one.source.id: one for one in reports(facts.platform)[table]}
        if "source_id" not in rows:
            (one,) = told.values()
            yield table, one.marked(table, rows)
        else:
            for name, part in rows.groupby("source_id", sort=False):
                yield table, told[str(name)].marked(table, part)
