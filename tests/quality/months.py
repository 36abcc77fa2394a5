"""A November of each platform, as a shop's own files tell it and as the platform's screen shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.quality.exports_written import Export, Row
from tests.quality.platforms import Platform, Sale, Shown

PLANTED, UNFILED, UNSHOWN = date(2025, 11, 11), date(2025, 11, 20), date(2025, 11, 25)
WRITTEN = date(2025, 11, 24), date(2025, 12, 5)
_ZERO = Decimal(0)


@dataclass
class Month:
    """What was sold, what the screen shows of it, what is on the form of marked orders, and `others` of its files."""

    platform: Platform
    sales: list[Sale] = field(default_factory=list)
    shown: dict[tuple[str, date], Decimal] = field(default_factory=dict)
    marked: dict[str, str] = field(default_factory=dict)
    others: list[Export] = field(default_factory=list)

    def sell(self, goods: str, shown: str | None = None, day: date = PLANTED, **values: Any) -> Sale:
        """Add an order; the screen shows `shown` of it, by default its goods."""
        for name in ("freight", "platform", "influencer", "payment"):
            values[name] = Decimal(values.get(name, "0"))
        values.setdefault("shop", self.platform.shops[0])
        sale = Sale(len(self.sales) + 1, day, Decimal(goods), **values)
        self.sales.append(sale)
        self.show(goods if shown is None else shown, day, sale.shop)
        return sale

    def show(self, amount: str, day: date = PLANTED, shop: str = "") -> None:
        """Add `amount` to what the screen shows of a day."""
        key = (shop or self.platform.shops[0], day)
        self.shown[key] = self.shown.get(key, _ZERO) + Decimal(amount)

    def mark(self, sale: Sale, word: str) -> None:
        """Put an order on the form of marked orders."""
        self.marked[self.number(sale)] = word

    def orders(self) -> list[Export]:
        """The order files: one until the day before `UNFILED`, one from the day after it."""
        like, key, name, notes = self.platform.orders
        first: list[Row] = []
        second: list[Row] = []
        for sale in sorted(self.sales, key=lambda sale: sale.day):
            rows = first if sale.day < UNFILED else second
            rows.append(self.platform.sold(sale) | sale.cells)
            if sale.second:
                rows.append(rows[-1] | sale.second)
        return [
            Export(like, name.format(written), key, tuple(rows), notes)
            for written, rows in ((WRITTEN[0], first), (WRITTEN[1], second))
        ]

    def figures(self) -> Export:
        """The file of daily figures; `UNSHOWN` is lacking for the first shop."""
        like, key, name, notes = self.platform.figures
        lacking = (self.platform.shops[0], UNSHOWN)
        rows = [
            self.platform.told(Shown(shop, day, amount))
            for (shop, day), amount in sorted(self.shown.items())
            if (shop, day) != lacking
        ]
        return Export(like, name, key, tuple(rows), notes)

    def files(self) -> list[Export]:
        """Every file of the month."""
        return [*self.orders(), self.figures(), self.marks(), *self.others]

    def number(self, sale: Sale) -> str:
        """The order's number as its file writes it."""
        return str(self.platform.sold(sale)[self.platform.orders[1]])

    def marks(self) -> Export:
        """The form of marked orders."""
        rows = tuple(
            {"平台": self.platform.word, "订单号": number, "订单标记": word}
            for number, word in self.marked.items()
        )
        name = f"标记订单_{self.platform.name}_20251203.xlsx"
        return Export("forms/order_marks/标记订单_20251201.xlsx", name, "订单号", rows)


def november(platform: Platform, plant: Callable[[Month], None]) -> Month:
    """A month of one plain order of 100 a day in each shop, what every platform has, and what `plant` adds.

    The screen tells 500 of a day that no order file covers, and lacks a day that has orders of 160.
    """
    month = Month(platform)
    for place, shop in enumerate(platform.shops):
        for offset in range(30):
            day = date(2025, 11, 1) + timedelta(days=offset)
            if day != UNFILED:
                month.sell("100.00" if place == 0 else "20.00", day=day, shop=shop)
    month.show("500.00", UNFILED)
    month.sell("60.00", day=UNSHOWN, freight="7.00")
    for word in ("补单", "测试", "内部"):
        told = word in platform.remarks
        sale = month.sell("50.00", "56.00", freight="6.00", remark=f"{word} 11月" if told else "请发顺丰")
        if not told:
            month.mark(sale, word)
    month.mark(month.sell("70.00"), "补单")
    month.mark(month.sell("30.00"), "赠品")
    plant(month)
    return month
