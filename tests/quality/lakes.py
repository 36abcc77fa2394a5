"""Lakes with planted differences, so that every step can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tests.metrics.conftest import Shop, days

NOVEMBER = date(2025, 11, 1), date(2025, 11, 30)
OF_LINE = ("sku_id", "platform_sku_id", "qty", "unit_cost", "title")
PARTS = ("platform_subsidy_amt", "influencer_subsidy_amt", "payment_subsidy_amt", "gov_subsidy_amt")


def at(day: date, hour: int = 4) -> datetime:
    """`hour` o'clock UTC on `day`; four in the morning is noon in Shanghai."""
    return datetime.combine(day, time(hour))


@dataclass
class Trade(Shop):
    """A shop whose orders tell who bore what, beside the figure that the platform's screen shows."""

    shown: dict[tuple[str, str, date], Decimal] = field(default_factory=dict)

    def sell(self, platform: str, day: date, goods: str, *, shown: str | None = None, **values: Any) -> str:
        """Add an order paid on `day`, and what the screen counts of it (`shown`, by default its goods).

        `platform_subsidy_amt` and the other parts go to its line; the buyer pays the rest.
        """
        parts = {name: Decimal(values.pop(name, "0")) for name in PARTS}
        own = {name: values.pop(name) for name in OF_LINE if name in values}
        number = values.pop("number", f"n{len(self.rows.get('orders', []))}")
        values = {"shop_id": f"{platform}-1", "freight_charged": "0"} | values
        key = self.order(day, 0, platform, number=number, **values)
        paid = Decimal(goods) - sum(parts.values())
        money = {"goods_receivable_amt": Decimal(goods), "buyer_paid_goods_amt": paid}
        self.rows["order_lines"][-1] |= money | parts | own
        self.show(platform, day, goods if shown is None else shown, values["shop_id"])
        return key

    def show(self, platform: str, day: date, amount: str, shop: str | None = None) -> None:
        """Add `amount` to what the platform's screen shows of a day."""
        key = (platform, shop or f"{platform}-1", day)
        self.shown[key] = self.shown.get(key, Decimal(0)) + Decimal(amount)

    def screens(self, **values: Any) -> None:
        """Write the rows of daily figures for everything shown so far."""
        for (platform, shop, day), amount in self.shown.items():
            self.visit(day, 100, platform, shop_id=shop, pay_amt_platform=amount, **values)
        self.shown.clear()


def november(trade: Trade, platform: str, plant: Callable[[Trade], None] | None = None) -> Trade:
    """A month of one plain order of 100 a day, alike on both sides, and what `plant` adds to it."""
    for day in days(*NOVEMBER):
        trade.sell(platform, day, "100.00")
    if plant:
        plant(trade)
    trade.screens()
    trade.file("orders", platform, *NOVEMBER)
    trade.file("traffic", platform, *NOVEMBER)
    return trade
