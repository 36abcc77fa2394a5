"""A shop that sells by the clock, so that every number of a running promotion can be worked out by hand.

Tmall sold one piece of 100 yuan an hour last year, at half past, and sells two this year, at a quarter past and a
quarter to. Pinduoduo's files tell days only: three pieces a day last year, six this year. The promotion runs from 1 to
10 November of either year; goods leave a day after they are paid.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import table
from tests.projects import make_shop
from tests.show.lakes import typed

NOW = pd.Timestamp("2025-11-07 11:45")
PROMO = "1111-2025"
SKU = "A1"
_ZONE = pd.Timedelta(hours=8)
_PHASES = (("预热", "01", "04"), ("爆发1", "05", "08"), ("返场", "09", "10"))


def shop(
    root: Path, now: pd.Timestamp = NOW, *, years: tuple[int, ...] = (2024, 2025), targets: bool = True,
    stock: float | None = 60, ads: bool = True, unsent: str = "", back: int = 12, platforms: tuple[str, ...] = ("tmall", "pdd"),
    ends: pd.Timestamp | None = None, **settings: Any,
) -> Project:  # fmt: skip
    """Make the shop at `root` as its files stand at `now`.

    `stock` was counted the evening before; goods paid from the day `unsent` on do not leave; every `back`-th order of
    this year is returned a day later, as every twelfth was; Tmall's file ends at `ends`.
    """
    project = make_shop(root, {}, **settings)
    sold = pd.concat(
        [_sold(name, year, now, ends) for name in platforms for year in years], ignore_index=True
    )
    frames = {
        "orders": _orders(sold, now, unsent),
        "order_lines": _lines(sold),
        "refunds": _refunds(sold, now, back),
        "promos": _promos(years),
        "skus": pd.DataFrame({"sku_id": [SKU], "title": ["被子"], "platform_id": "forms"}),
    }
    if targets:
        frames["targets"] = _targets()
    if stock is not None:
        day = now.normalize() - pd.Timedelta(days=1)
        frames["inventory"] = pd.DataFrame(
            {"date": [day], "sku_id": SKU, "available": stock, "platform_id": "forms"}
        )
    if ads:
        days = pd.date_range("2025-11-01", now.normalize() - pd.Timedelta(days=1))
        frames["ads"] = pd.DataFrame(
            {"date": days, "spend_cash": 100.0, "shop_id": "tmall-1", "platform_id": "tmall"}
        )
    frames["files"] = _files(frames, platforms, now)
    lake = Lake(project.lake)
    with lake.writing():
        for name, frame in frames.items():
            lake.write(name, typed(name, frame), predicate=None, partitioned=not table(name).governance)
        lake.publish()
    return project


def _sold(platform: str, year: int, now: pd.Timestamp, ends: pd.Timestamp | None) -> pd.DataFrame:
    last = min(pd.Timestamp(year, 11, 30), now) if year == now.year else pd.Timestamp(year, 11, 30)
    if platform == "pdd":
        times = pd.date_range(f"{year}-10-01", last).repeat(6 if year == now.year else 3)
    elif year == now.year:
        times = pd.date_range(f"{year}-10-01 00:15", last, freq="30min")
    else:
        times = pd.date_range(f"{year}-10-01 00:30", last, freq="h")
    if platform == "tmall" and ends is not None:
        times = times[times <= ends]
    return pd.DataFrame({"platform_id": platform, "paid": times})


def _orders(sold: pd.DataFrame, now: pd.Timestamp, unsent: str) -> pd.DataFrame:
    ids = [f"{platform}{place}" for place, platform in enumerate(sold["platform_id"])]
    sent = sold["paid"] + pd.Timedelta(days=1)
    stays = (sent > now) | (sold["platform_id"] == "pdd")
    if unsent:
        stays |= sold["paid"] >= unsent
    return pd.DataFrame(
        {
            "platform_id": sold["platform_id"], "platform_order_id": ids,
            "order_key": sold["platform_id"] + ":" + pd.Series(ids), "shop_id": sold["platform_id"] + "-1",
            "customer_key": ids, "status_std": "paid", "created_at": sold["paid"] - _ZONE,
            "created_date": sold["paid"].dt.normalize(), "paid_at": sold["paid"] - _ZONE,
            "paid_date": sold["paid"].dt.normalize(), "shipped_at": (sent - _ZONE).where(~stays),
        }
    )  # fmt: skip


def _lines(sold: pd.DataFrame) -> pd.DataFrame:
    orders = _orders(sold, NOW, "")
    kept = orders[["platform_id", "platform_order_id", "order_key", "created_at", "created_date"]]
    return kept.assign(
        platform_line_id=kept["platform_order_id"], sku_id=SKU, spu_id="P1", qty=1, goods_receivable_amt=100.0,
        list_amt=100.0, buyer_paid_goods_amt=100.0, is_placeholder=False,
    )  # fmt: skip


def _refunds(sold: pd.DataFrame, now: pd.Timestamp, back: int) -> pd.DataFrame:
    orders = _orders(sold, now, "")
    every = [back if year == now.year else 12 for year in sold["paid"].dt.year]
    sent = orders[orders.index % pd.Series(every) == 0]
    day = sent["paid_date"] + pd.Timedelta(days=1)
    refunds = pd.DataFrame(
        {
            "platform_id": sent["platform_id"], "platform_refund_id": "R" + sent["platform_order_id"],
            "platform_order_id": sent["platform_order_id"], "order_key": sent["order_key"], "spu_id": "P1",
            "shop_id": sent["shop_id"], "applied_at": day, "applied_date": day, "refunded_at": day, "refunded_date": day,
            "refund_goods_amt": 100.0, "status_std": "success",
        }
    )  # fmt: skip
    return refunds[refunds["refunded_date"] < now.normalize()].reset_index(drop=True)


def _promos(years: tuple[int, ...]) -> pd.DataFrame:
    rows = [
        (f"1111-{year}", "all", phase, "双11", f"{year}-11-{first}", f"{year}-11-{last}", f"1111-{year - 1}")
        for year in years
        for phase, first, last in _PHASES
    ]
    columns = ["promo_id", "promo_platform", "phase", "name", "start_date", "end_date", "ref_promo_id"]
    return pd.DataFrame(rows, columns=columns).assign(platform_id="forms")


def _targets() -> pd.DataFrame:
    rows = [
        (PROMO, name, metric, value)
        for metric, values in {
            "gmv": (54_000.0, 48_000.0, 6_000.0),
            "ad_spend": (None, 1_000.0, None),
        }.items()
        for name, value in zip(("all", "tmall", "pdd"), values, strict=True)
        if value
    ]
    return pd.DataFrame(rows, columns=["period", "target_platform", "metric_id", "value"]).assign(
        platform_id="forms"
    )


def _files(frames: dict[str, pd.DataFrame], platforms: tuple[str, ...], now: pd.Timestamp) -> pd.DataFrame:
    sources = {"orders": "orders", "refunds": "refunds", "ads": "ads"}
    rows = [
        {
            "source_file": f"{platform}-{name}", "source_sheet": "", "path": f"{platform}/{name}.csv",
            "source_id": f"{platform}/{source}", "source_version": "1", "platform_id": platform, "exported_at": now,
            "rows_read": 1, "accepted": 1, "superseded": 0, "rejected": 0, "skipped": 0,
            "date_min": pd.Timestamp("2024-10-01"),
            "date_max": now.normalize() - pd.Timedelta(days=0 if name == "orders" else 1),
        }
        for platform in platforms
        for name, source in sources.items()
        if name in frames
    ]  # fmt: skip
    return pd.DataFrame(rows)
