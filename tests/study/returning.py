"""A merchant whose every refund can be followed by hand: four months, 20 orders of 100 yuan a day on two platforms.

Of each day's orders, by their number: 0 comes back after 2 days (not wanted, asked for 12 hours before, not yet
sent), 1 after 10 days (faulty, 60 hours), on Douyin also 2 (lost on the way) and 3 (not as described). So Tmall's
rate is 10 % in the end and Douyin's 20 %. Product P1 has the orders 1, 6, 11 and 16, province 四川省 order 2. Tmall
sends after 24 hours, from 10 to 12 September after 96; Douyin tells only when orders are completed, after 5 days. Tmall
is scored 4.8 month by month and 4.6 in September. Three cases are open: two for a day, one for twenty.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import table
from tests.projects import make_shop
from tests.show.lakes import typed

__all__ = ["returning"]

_FIRST, _LAST = "2025-06-01", "2025-09-30"
_ORDERS = 20
_LATE = pd.date_range("2025-09-10", "2025-09-12")
# Of each day's orders: number, days until the money is back, hours from being asked, reason, stage, type.
_BACK = [
    (0, 2, 12, "不想要了", "发货前", "仅退款"),
    (1, 10, 60, "质量问题", "签收后", "退货退款"),
    (2, 10, 60, "快递/物流一直未送到", "发货后未签收", "仅退款"),
    (3, 10, 60, "与描述不符", "签收后", "退货退款"),
]
_RETURNS = {"tmall": _BACK[:2], "douyin": _BACK}


def returning(root: Path, *, lang: str = "zh") -> Project:
    """Make a project at `root` with the lake of this merchant."""
    project = make_shop(root, {}, lang=lang, name="示例商家" if lang == "zh" else "Sample shop")
    frames: dict[str, list[pd.DataFrame]] = {}
    for platform in _RETURNS:
        for name, frame in _platform(platform).items():
            frames.setdefault(name, []).append(frame.assign(platform_id=platform))
    tables = {name: pd.concat(found, ignore_index=True) for name, found in frames.items()} | {
        "files": _files()
    }
    lake = Lake(project.lake)
    with lake.writing():
        for name, frame in tables.items():
            lake.write(name, typed(name, frame), predicate=None, partitioned=not table(name).governance)
        lake.publish()
    return project


def _platform(platform: str) -> dict[str, pd.DataFrame]:
    days = pd.date_range(_FIRST, _LAST)
    each = pd.DataFrame({"day": days.repeat(_ORDERS), "number": [*range(_ORDERS)] * len(days)})
    key = [f"{platform}-{day:%m%d}-{number}" for day, number in zip(each["day"], each["number"], strict=True)]
    each = each.assign(key=key, paid=each["day"] + pd.Timedelta(hours=4))
    found = {"orders": _orders(platform, each), "order_lines": _lines(each), "products": _products()}
    return found | {"refunds": _refunds(platform, each), "ratings": _ratings(platform)}


def _times(each: pd.DataFrame) -> dict[str, object]:
    return {
        "platform_order_id": each["key"], "order_key": each["key"],
        "created_at": each["paid"], "created_date": each["day"],
    }  # fmt: skip


def _orders(platform: str, each: pd.DataFrame) -> pd.DataFrame:
    sent = each["paid"] + pd.to_timedelta(each["day"].isin(_LATE).map({True: 96, False: 24}), unit="h")
    sent = sent.where(each["number"] > 0)
    step = (
        {"shipped_at": sent} if platform == "tmall" else {"completed_at": each["paid"] + pd.Timedelta(days=5)}
    )
    province = each["number"].map({2: "四川省"}).fillna("浙江省")
    told = {
        "paid_at": each["paid"],
        "paid_date": each["day"],
        "shop_id": f"{platform}-1",
        "province": province,
    }
    return pd.DataFrame(_times(each) | told | step).assign(status_std="completed", customer_key=each["key"])


def _lines(each: pd.DataFrame) -> pd.DataFrame:
    money = dict.fromkeys(["list_amt", "goods_receivable_amt", "buyer_paid_goods_amt"], 100.0)
    product = [f"P{number % 5}" for number in each["number"]]
    told = {"platform_line_id": each["key"], "spu_id": product, "qty": 1, "is_placeholder": False}
    return pd.DataFrame(_times(each) | told | money)


def _products() -> pd.DataFrame:
    names = [f"P{place}" for place in range(5)]
    return pd.DataFrame({"spu_id": names, "title": [f"{name} 枕" for name in names], "category_l1": "枕芯"})


def _refunds(platform: str, each: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for number, days, hours, reason, stage, kind in _RETURNS[platform]:
        own = each[each["number"] == number]
        ended = own["paid"] + pd.Timedelta(days=days)
        parts.append(_asked(own, ended - pd.Timedelta(hours=hours), reason, stage, kind).assign(ended=ended))
    found = pd.concat(parts, ignore_index=True)
    found = found[found["ended"] < pd.Timestamp(_LAST) + pd.Timedelta(days=1)]
    found = found.assign(
        refunded_at=found["ended"], refunded_date=found["ended"].dt.normalize(), status_std="success"
    )
    return pd.concat([found, _open(platform, each)], ignore_index=True).drop(columns="ended")


def _asked(own: pd.DataFrame, at: pd.Series, reason: str, stage: str, kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "platform_refund_id": own["key"] + "-r", "order_key": own["key"], "platform_line_id": own["key"],
            "spu_id": [f"P{number % 5}" for number in own["number"]], "applied_at": at, "applied_date": at.dt.normalize(),
            "reason_raw": reason, "stage": stage, "type": kind, "refund_goods_amt": 100.0,
        }
    )  # fmt: skip


def _open(platform: str, each: pd.DataFrame) -> pd.DataFrame:
    """Two cases of the last day but one and one of twenty days ago, all on Tmall, and never decided."""
    if platform != "tmall":
        return pd.DataFrame()
    own = each[(each["number"] == 10) & (each["day"] > pd.Timestamp(_LAST) - pd.Timedelta(days=3))]
    at = pd.Series(
        pd.to_datetime(["2025-09-29 02:00", "2025-09-29 03:00", "2025-09-10 02:00"]), index=own.index
    )
    return _asked(own, at, "7天无理由退货", "签收后", "退货退款").assign(status_std="requested")


def _ratings(platform: str) -> pd.DataFrame:
    ends = pd.date_range(_FIRST, _LAST, freq="ME")
    score, low, high, source = (4.8, 1, 5, "描述相符") if platform == "tmall" else (90.0, 50, 100, "商品体验")
    scores = [score] * (len(ends) - 1) + [4.6 if platform == "tmall" else score]
    shop = pd.DataFrame(
        {"date": ends, "source": source, "score": scores, "scale_min": low, "scale_max": high, "n": 100}
    )
    product = shop.tail(1).assign(source="商品评分", score=3.0, scale_min=1, scale_max=5, spu_id="P1")
    return pd.concat([shop, product])


def _files() -> pd.DataFrame:
    sources = {"orders": "orders", "refunds": "refunds"}
    return pd.DataFrame(
        {
            "source_file": f"{platform}-{name}", "source_sheet": "", "path": f"{platform}/{name}.csv",
            "source_id": f"{platform}/{source}", "source_version": "1", "platform_id": platform,
            "exported_at": pd.Timestamp(_LAST), "rows_read": 1, "accepted": 1, "superseded": 0, "rejected": 0,
            "skipped": 0, "date_min": pd.Timestamp(_FIRST), "date_max": pd.Timestamp(_LAST),
        }
        for platform in _RETURNS
        for name, source in sources.items()
    )  # fmt: skip
