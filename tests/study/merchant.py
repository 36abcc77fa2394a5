"""A merchant whose every number can be worked out by hand: two Septembers, a year apart, and the months between.

Tmall loses its search: 100 visitors a day become 60, those of search 60 become 20. Douyin buys cheap clicks:
50 visitors a day become 200, and fewer of them buy. Xiaohongshu tells no visitors. Every order is of 100 yuan,
Xiaohongshu's of 50; nothing is refunded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import table
from tests.projects import make_shop
from tests.show.lakes import typed

__all__ = ["ALL", "merchant"]

ALL = ("tmall", "douyin", "xiaohongshu")
_NOW, _THEN = pd.date_range("2025-09-01", "2025-09-30"), pd.date_range("2024-09-01", "2024-09-30")
_FIRST, _LAST = "2024-09-01", "2025-09-30"
# Orders, visitors and what a day spends on advertising, then and now.
_DAILY: Mapping[str, tuple[tuple[int, int, float], tuple[int, int, float]]] = {
    "tmall": ((3, 100, 20.0), (2, 60, 20.0)),
    "douyin": ((2, 50, 20.0), (3, 200, 60.0)),
    "xiaohongshu": ((1, 0, 0.0), (2, 0, 5.0)),
}
_SOURCES = {"orders": "orders", "refunds": "refunds", "traffic": "traffic_shop", "ads": "ads"}
_FEES = {"tmall": "fee_bill", "douyin": "funds", "xiaohongshu": "settlement"}


def merchant(root: Path, platforms: Sequence[str] = ALL, *, plain: bool = False) -> Project:
    """Make a project at `root` with the lake of `platforms`; a `plain` one has orders of one month and nothing else."""
    project = make_shop(root, {}, name="示例商家")
    frames: dict[str, list[pd.DataFrame]] = {}
    for platform in platforms:
        for name, frame in _platform(platform, plain=plain).items():
            frames.setdefault(name, []).append(frame.assign(platform_id=platform))
    if not plain:
        frames["targets"] = [_targets()]
    tables = {name: pd.concat(found, ignore_index=True) for name, found in frames.items()}
    tables["files"] = _files(tables, platforms, "2025-09-01" if plain else _FIRST)
    lake = Lake(project.lake)
    with lake.writing():
        for name, frame in tables.items():
            lake.write(name, typed(name, frame), predicate=None, partitioned=not table(name).governance)
        lake.publish()
    return project


def _platform(platform: str, *, plain: bool) -> dict[str, pd.DataFrame]:
    then, now = _DAILY[platform]
    spans = [(_NOW, *now)] if plain else [(_THEN, *then), (_NOW, *now)]
    told = [pd.DataFrame({"day": span, "orders": n, "visitors": v, "spend": s}) for span, n, v, s in spans]
    days = pd.concat(told, ignore_index=True)
    orders, lines = _trade(platform, days)
    if plain:
        return {"orders": orders, "order_lines": lines.drop(columns=["spu_id", "unit_cost"])}
    found = {
        "orders": orders,
        "order_lines": lines,
        "products": _products(),
        "fees": _fees(days),
        "refunds": _refund(),
    }
    if platform != "xiaohongshu":
        found["traffic"] = pd.concat([_traffic(days), *([_channels()] if platform == "tmall" else [])])
    found["ads"] = _ads(platform, days[days["spend"] > 0])
    return found


def _trade(platform: str, days: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    each = days.loc[days.index.repeat(days["orders"])].reset_index(drop=True)
    number = [f"{platform}-{place:04d}" for place in range(len(each))]
    at = each["day"] + pd.Timedelta(hours=4)
    times = {"created_at": at, "created_date": each["day"], "paid_at": at, "paid_date": each["day"]}
    same = {"platform_order_id": number, "order_key": [f"{platform}:{one}" for one in number]}
    orders = pd.DataFrame(
        same | times | {
            "shop_id": f"{platform}-1", "status_std": "completed", "province": "浙江省",
            "carrier": "直播" if platform == "douyin" else None,
            "customer_key": None if platform == "douyin" else number,
        }
    )  # fmt: skip
    amount = 50.0 if platform == "xiaohongshu" else 100.0
    lines = pd.DataFrame(
        same | {
            "platform_line_id": number, "spu_id": ["P1", "P2"] * (len(each) // 2) + ["P1"] * (len(each) % 2), "qty": 1,
            "list_amt": amount, "goods_receivable_amt": amount, "buyer_paid_goods_amt": amount, "unit_cost": amount * 0.4,
            "is_placeholder": False, "created_at": at, "created_date": each["day"],
        }
    )  # fmt: skip
    return orders, lines


def _products() -> pd.DataFrame:
    return pd.DataFrame({"spu_id": ["P1", "P2"], "title": ["甲", "乙"], "category_l1": ["被子", "枕头"]})


def _refund() -> pd.DataFrame:
    """One refund that was turned down, so that there is a file and nothing in it counts."""
    day = pd.Timestamp("2025-09-02")
    return pd.DataFrame(
        {
            "platform_refund_id": ["R1"],
            "order_key": [None],
            "applied_at": [day],
            "applied_date": [day],
            "status_std": "rejected",
        }
    )


def _fees(days: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"date": days["day"], "fee_type": "平台扣点", "amount": 10.0})


def _traffic(days: pd.DataFrame) -> pd.DataFrame:
    day = {"date_from": days["day"], "date_to": days["day"], "scope": "shop", "period_grain": "day"}
    return pd.DataFrame(
        day
        | {"visitors": days["visitors"], "cart_users": days["visitors"] // 5, "pay_buyers": days["orders"]}
    )


def _channels() -> pd.DataFrame:
    """Search brings one and a half times what recommendations bring, a little more or less each month, until it falls."""
    rows = []
    for place, first in enumerate(pd.date_range(_FIRST, "2025-09-01", freq="MS")):
        search, other = (1800 + 30 * (place % 3 - 1), 1200) if first < _NOW[0] else (600, 1200)
        rows += [(first, "搜索", search, search * 3.0), (first, "推荐", other, other * 3.0)]
    frame = pd.DataFrame(rows, columns=["date_from", "channel", "visitors", "pay_amt_platform"])
    ends = frame["date_from"] + pd.offsets.MonthEnd(0)
    return frame.assign(date_to=ends, scope="shop", period_grain="month", pay_buyers=frame["visitors"] // 30)


def _ads(platform: str, days: pd.DataFrame) -> pd.DataFrame:
    """Douyin spends on two accounts: one sells, the other buys clicks for a tenth of the price that hardly buy."""
    if platform != "douyin":
        return pd.DataFrame(
            {"date": days["day"], "spend_cash": days["spend"], "clicks": 10, "attr_gmv": 60.0}
        )
    one = {
        "account": "sells",
        "spend_cash": days["spend"] / 2,
        "clicks": days["spend"] / 2,
        "attr_gmv": days["spend"] * 2,
    }
    other = {
        "account": "cheap",
        "spend_cash": days["spend"] / 2,
        "clicks": days["spend"] * 5,
        "attr_gmv": days["spend"] / 4,
    }
    return pd.concat([pd.DataFrame({"date": days["day"]} | line) for line in (one, other)])


def _targets() -> pd.DataFrame:
    rows = [
        ("tmall", "gmv", 8000.0),
        ("douyin", "gmv", 8000.0),
        ("tmall", "ad_spend", 600.0),
        ("douyin", "ad_spend", 900.0),
    ]
    frame = pd.DataFrame(rows, columns=["target_platform", "metric_id", "value"])
    return frame.assign(period="2025-09", platform_id=frame["target_platform"])


def _files(tables: Mapping[str, pd.DataFrame], platforms: Sequence[str], first: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "source_file": f"{platform}-{name}", "source_sheet": "", "path": f"{platform}/{name}.csv",
            "source_id": f"{platform}/{source}", "source_version": "1", "platform_id": platform,
            "exported_at": pd.Timestamp(_LAST), "rows_read": 1, "accepted": 1, "superseded": 0, "rejected": 0, "skipped": 0,
            "date_min": pd.Timestamp(first), "date_max": pd.Timestamp(_LAST),
        }
        for platform in platforms
        for name, source in {**_SOURCES, "fees": _FEES[platform]}.items()
        if name in tables and platform in set(tables[name]["platform_id"])
    ]  # fmt: skip
    return pd.DataFrame(rows)
