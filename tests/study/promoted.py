"""A merchant whose promotion is the worked example: ten orders of 100 yuan a day, and what a promotion makes of them.

Tmall sells 9, 9, 8 in the warm-up, 30, 60, 45, 12 in the burst, 7, 8, 9 after it, then ten again. JD, which has no
promotion, sells five a day and three while Tmall's bursts. The promotion before warmed up for two days of eight and
burst for two, of 20 and 40.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import table
from tests.projects import make_shop
from tests.show.lakes import typed

__all__ = ["promoted"]

_FIRST, _LAST = "2025-02-10", "2025-08-31"
_USUAL = {"tmall": 10, "jd": 5}
_SOLD = {
    "tmall": {"2025-04-14": [8, 8, 20, 40], "2025-06-10": [9, 9, 8, 30, 60, 45, 12, 7, 8, 9]},
    "jd": {"2025-06-13": [3, 3, 3, 3]},
}
_PROMOS = [
    ("fest-2024", "预热", "2025-04-14", "2025-04-15", None),
    ("fest-2024", "爆发1", "2025-04-16", "2025-04-17", None),
    ("fest-2025", "预热", "2025-06-10", "2025-06-12", "fest-2024"),
    ("fest-2025", "爆发1", "2025-06-13", "2025-06-16", "fest-2024"),
]


def promoted(root: Path, *, lang: str = "zh") -> Project:
    """Make a project at `root` with the lake of this merchant."""
    project = make_shop(root, {}, lang=lang, name="示例商家" if lang == "zh" else "Sample shop")
    frames = [_trade(platform) for platform in _USUAL]
    tables = {
        "orders": pd.concat([orders for orders, _ in frames]),
        "order_lines": pd.concat([lines for _, lines in frames]),
        "promos": _promos(),
        "files": _files(),
    }
    lake = Lake(project.lake)
    with lake.writing():
        for name, frame in tables.items():
            whole = typed(name, frame.reset_index(drop=True))
            lake.write(name, whole, predicate=None, partitioned=not table(name).governance)
        lake.publish()
    return project


def _trade(platform: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    sold = pd.Series(_USUAL[platform], pd.date_range(_FIRST, _LAST))
    for first, counts in _SOLD[platform].items():
        sold[pd.date_range(first, periods=len(counts))] = counts
    days = sold.index.repeat(sold)
    key = [f"{platform}-{place}" for place in range(len(days))]
    same = {"platform_id": platform, "platform_order_id": key, "order_key": key, "created_date": days}
    same["created_at"] = paid = days + pd.Timedelta(hours=4)
    orders = pd.DataFrame(
        same | {"paid_at": paid, "paid_date": days, "status_std": "completed", "customer_key": key}
    )
    amounts = dict.fromkeys(("list_amt", "goods_receivable_amt", "buyer_paid_goods_amt"), 100.0)
    lines = pd.DataFrame(
        same | amounts | {"platform_line_id": key, "spu_id": "P1", "qty": 1, "is_placeholder": False}
    )
    return orders, lines


def _promos() -> pd.DataFrame:
    columns = ["promo_id", "phase", "start_date", "end_date", "ref_promo_id"]
    return pd.DataFrame(_PROMOS, columns=columns).assign(
        promo_platform="tmall", platform_id="forms", name=lambda frame: frame["promo_id"]
    )


def _files() -> pd.DataFrame:
    rows = [(f"{platform}-orders", f"{platform}/orders", platform) for platform in _USUAL]
    frame = pd.DataFrame(rows, columns=["source_file", "source_id", "platform_id"])
    return frame.assign(date_min=pd.Timestamp(_FIRST), date_max=pd.Timestamp(_LAST))
