"""Which files the demo merchant downloaded, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

import pandas as pd

from reportkit.demo import daily, douyin, forms, tmall
from reportkit.demo.layouts import Frame
from reportkit.demo.world import World

__all__ = ["Download", "downloads"]

Report = Callable[[World, date, date, datetime], Frame]

# Refunds are downloaded with the month before, so that what was still open then is seen to its end.
_REPORTS: dict[str, tuple[Report, int]] = {
    "tmall/orders": (tmall.orders, 0),
    "tmall/order_lines": (tmall.order_lines, 0),
    "tmall/refunds": (tmall.refunds, 1),
    "tmall/traffic_shop": (daily.tmall_traffic, 0),
    "tmall/ads": (daily.tmall_ads, 0),
    "douyin/orders": (douyin.orders, 0),
    "douyin/refunds": (douyin.refunds, 1),
    "douyin/traffic_shop": (daily.douyin_traffic, 0),
    "douyin/ads": (daily.douyin_ads, 0),
}
_FORMS: dict[str, Callable[[World, int], Frame]] = {
    "forms/targets": forms.targets,
    "forms/promos": forms.promos,
    "forms/shops": forms.shops,
    "forms/products": forms.products,
}
_AT = time(9, 30)
_AGAIN = ("tmall/orders", "douyin/orders")
_COPIED = "tmall/orders"
_MONTHS_WITHOUT_LINES = 1


@dataclass(frozen=True)
class Download:
    """One file: the source that reads it, the days it is about, when it was written, and why it is there.

    `kind`: first; again (the same days, newer states); copy (the browser's second copy of the same bytes).
    """

    source: str
    first: date
    last: date
    exported: datetime
    kind: str
    make: Callable[[], Frame]


def downloads(world: World, seed: int) -> Iterator[Download]:
    """Yield every download, oldest first."""
    for source, form in _FORMS.items():
        kept = datetime.combine(world.end.replace(day=1), _AT)
        yield Download(source, world.start, world.end, kept, "first", partial(form, world, seed))
    for number, month in enumerate(world.months):
        for source in _REPORTS:
            if source != "tmall/order_lines" or number >= _MONTHS_WITHOUT_LINES:
                yield _download(world, source, month, "first")
    for month in world.months[-2:-1]:
        yield _download(world, _COPIED, month, "copy")
        for source in _AGAIN:
            yield _download(world, source, month, "again")


def _download(world: World, source: str, month: str, kind: str) -> Download:
    """A month is downloaded on the morning after its last day; again, ten minutes after the world's end."""
    report, months_before = _REPORTS[source]
    whole = pd.Period(month, "M")
    first = max((whole - months_before).start_time.date(), world.start)
    last = whole.end_time.date()
    morning = datetime.combine((world.end if kind == "again" else last) + timedelta(days=1), _AT)
    exported = morning + timedelta(minutes=10 if kind == "again" else 0)
    as_of = min(exported, world.cutoff)
    return Download(source, first, last, exported, kind, partial(report, world, first, last, as_of))
