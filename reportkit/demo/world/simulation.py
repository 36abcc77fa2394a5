"""The months of a world, some at a time; what reaches into later months is carried along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.demo.world.ads import ads_table
from reportkit.demo.world.buyers import Buyers
from reportkit.demo.world.calendar import BURST, places
from reportkit.demo.world.facts import Facts, Stretch
from reportkit.demo.world.finish import finish_lines, finish_orders
from reportkit.demo.world.funnel import item_table, visitor_table
from reportkit.demo.world.habits import habits
from reportkit.demo.world.lots import Lot
from reportkit.demo.world.orders import draft_orders
from reportkit.demo.world.payments import payments
from reportkit.demo.world.payouts import Gap, sample_payouts
from reportkit.demo.world.refunds import Fault, happening, refund_rows, sample_refunds
from reportkit.demo.world.service import service_days
from reportkit.demo.world.stock import Warehouse
from reportkit.demo.world.troubles import SlowHandling
from reportkit.demo.world.visitors import Visits, sample_visits

if TYPE_CHECKING:
    from reportkit.demo.world import World

__all__ = ["simulate"]

_MONTHS = {"small": 24, "medium": 6, "large": 1}  # of a stretch: the fewer, the less memory


@dataclass
class _Carried:
    """What one platform carries from stretch to stretch: its buyers, the next serial, and what has yet to happen."""

    buyers: Buyers
    serial: int = 1
    waiting: dict[str, pd.DataFrame] = field(default_factory=dict)

    def happening(self, what: str, frame: pd.DataFrame, column: str, over: np.datetime64) -> pd.DataFrame:
        """Return what of `frame`, and of what waited, happens before `over`; the rest waits on."""
        if len(rest := self.waiting.get(what, frame[:0])):
            frame = pd.concat([rest, frame], ignore_index=True)
        now, self.waiting[what] = happening(frame, column, over)
        return now


def simulate(world: World) -> Iterator[Stretch]:
    """Yield the world's months, oldest first, as many at a time as one download is about."""
    warehouse = _warehouse(world)
    carried = {name: _Carried(_buyers(world, name)) for name in world.platforms}
    months = pd.period_range(world.start, world.end, freq="M")
    for start in range(0, len(months), _MONTHS[world.size]):
        yield _stretch(world, months[start : start + _MONTHS[world.size]], warehouse, carried)


def _stretch(
    world: World, months: pd.PeriodIndex, warehouse: Warehouse, carried: dict[str, _Carried]
) -> Stretch:
    label, first, last = str(months[0]), months[0].start_time.date(), months[-1].end_time.date()
    begin, end = ((day - world.start).days for day in (first, last))
    visits, lots = {}, {}
    for name in world.platforms:
        rng = world.rng("visits", name, label)
        visits[name] = sample_visits(world.merchant, world.rates[name], name, slice(begin, end + 1), rng)
        lots[name] = _orders(world, name, label, visits[name], carried[name])
    kept, lost = warehouse.draw(begin, end, lots)
    facts = {}
    for name in world.platforms:
        lot = lots.pop(name).keep(kept[name])
        facts[name] = _facts(world, name, label, visits[name], lot, carried[name])
    stock, purchases = warehouse.table(begin, end), warehouse.purchasing.table(begin, end)
    return Stretch(first, last, facts, stock, purchases, lost)


def _warehouse(world: World) -> Warehouse:
    """Let the merchant, who knows no troubles, reckon what every SKU will sell."""
    units = sum(world.plan[name].units() for name in world.platforms)
    skus = world.catalogue.skus
    expected = np.asarray(units)[:, skus["product"]] * skus["weight"].to_numpy()
    return Warehouse(
        world.merchant, world.catalogue, world.troubles, world.calendar.days, expected, world.seed
    )


def _buyers(world: World, platform: str) -> Buyers:
    told, shop = world.merchant, world.merchant.platforms[platform]
    rate = shop.visitors * world.scale * shop.cvr * (1 - shop.repeat)
    return Buyers(told.repurchase, shop.repeat, len(world.calendar.days), told.history, rate)


def _orders(world: World, name: str, label: str, visits: Visits, carried: _Carried) -> Lot:
    """Return the orders that visitors place, with their refunds and payouts, as if nothing were out of stock."""
    told, rates = world.merchant, world.rates[name]
    midnights = world.calendar.days
    draft = draft_orders(told, world.catalogue, rates, visits, midnights, world.rng("orders", name, label))
    day, channel = draft.orders["day"].to_numpy(), draft.orders["channel"].to_numpy()
    buyer = carried.buyers.assign(day, world.rng("buyers", name, label))
    rng = world.rng("finish", name, label)
    orders = finish_orders(told, world.troubles, name, draft, buyer, carried.serial, rng)
    carried.serial += len(orders)
    lines = finish_lines(told.platforms[name], draft, orders, rng)
    phase = rates.phases["phase"].to_numpy()[places(orders["paid"].to_numpy(), midnights[0])]
    burst = np.char.startswith(phase.astype(str), BURST) & orders["paid"].notna().to_numpy()
    rng = world.rng("refunds", name, label)
    products = world.catalogue.products
    orders, lines = sample_refunds(
        habits().refunds, name, orders, lines, products, burst, _faults(world), rng, _slow(world, name)
    )
    rng = world.rng("payouts", name, label)
    return Lot(
        day, channel, orders, lines, sample_payouts(habits().payouts, name, orders, lines, rng, _gap(world))
    )


def _facts(world: World, name: str, label: str, visits: Visits, lot: Lot, carried: _Carried) -> Facts:
    """Return what happened in the lot's months, of its orders and of earlier ones."""
    told, rates, rng = world.merchant, world.rates[name], world.rng("funnel", name, label)
    days = world.calendar.days[visits.first : visits.first + len(visits.visitors)]
    over = days[-1] + np.timedelta64(1, "D")
    refunds = carried.happening("refunds", refund_rows(lot.orders, lot.lines), "asked", over)
    settled = carried.happening("payouts", lot.payouts, "at", over)
    paid = payments(lot, days, lambda what, frame: carried.happening(what, frame, "paid", over))
    visitors = visitor_table(told.platforms[name], rates, visits, paid, days, rng)
    items = item_table(rates, visits, paid, days, rng)
    ads = ads_table(told, name, rates, visits, days, rng)
    shop = visitors[visitors["channel"] == ""]
    asked = np.bincount(places(refunds["asked"].to_numpy(), days[0]), minlength=len(days))
    counts = (shop["visitors"].to_numpy(), shop["pay_orders"].to_numpy(), asked)
    served = service_days(habits().service, days, *counts, world.rng("service", name, label))
    return Facts(name, lot.orders, lot.lines, refunds, settled, visitors, items, ads, served)


def _faults(world: World) -> list[Fault]:
    if (fault := world.troubles.quality) is None:
        return []
    place = world.catalogue.place(fault.product)
    return [Fault(place, np.datetime64(fault.first, "s"), fault.refund, fault.rating)]


def _slow(world: World, platform: str) -> SlowHandling | None:
    slow = world.troubles.slow_handling
    return slow if slow and platform in slow.platforms else None


def _gap(world: World) -> Gap | None:
    if (gap := world.troubles.short_payout) is None:
        return None
    return Gap(gap.platform, gap.first, gap.last, gap.share, gap.missing)
