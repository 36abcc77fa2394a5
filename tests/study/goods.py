"""A small lake of goods whose numbers can be worked out by hand: four SKUs, two platforms, three months.

Every day Tmall sells 4 pieces of A-1 and 1 of A-2 for 100 each, 10 of B-1 for 50, and from September on 1 of C-1
for 200; JD sells 2 of A-2. A-1 is out of stock from 11 to 20 October. B-1 is 10 cheaper from 10 to 14 September.
Each platform takes 15 a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import table
from tests.projects import make_shop
from tests.show.lakes import typed

FIRST, LAST = date(2025, 8, 1), date(2025, 10, 31)
OUT = (date(2025, 10, 11), date(2025, 10, 20))
CUT = (date(2025, 9, 10), date(2025, 9, 14))
LISTED = date(2025, 9, 1)
_PRICE = {"A-1": 100.0, "A-2": 100.0, "B-1": 50.0, "C-1": 200.0}
_COST = {"A-1": 40.0, "A-2": 40.0, "B-1": 30.0, "C-1": 100.0}
_ON_HAND = {"A-1": 60, "A-2": 20, "B-1": 1000, "C-1": 400}
_PRODUCT = {"A-1": "1", "A-2": "1", "B-1": "2", "C-1": "3"}
_DAILY = (
    ("tmall", "A-1", 4),
    ("tmall", "A-2", 1),
    ("tmall", "B-1", 10),
    ("tmall", "C-1", 1),
    ("jd", "A-2", 2),
)


def _days() -> Iterator[date]:
    for offset in range((LAST - FIRST).days + 1):
        yield FIRST + timedelta(days=offset)


def _sales() -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for day in _days():
        for platform, sku, pieces in _DAILY:
            if (sku == "A-1" and OUT[0] <= day <= OUT[1]) or (sku == "C-1" and day < LISTED):
                continue
            off = 10.0 if sku == "B-1" and CUT[0] <= day <= CUT[1] else 0.0
            for _ in range(pieces):
                number = f"{platform}-{len(rows)}"
                rows.append(
                    {
                        "platform_id": platform, "platform_order_id": number, "order_key": f"{platform}:{number}",
                        "platform_line_id": number, "shop_id": f"{platform}-1", "status_std": "completed",
                        "customer_key": f"c{len(rows) % 97}", "created_at": pd.Timestamp(day) + pd.Timedelta(hours=4),
                        "created_date": day, "paid_at": pd.Timestamp(day) + pd.Timedelta(hours=4), "paid_date": day,
                        "spu_id": f"{platform}{_PRODUCT[sku]}", "sku_id": sku, "qty": 1, "list_amt": _PRICE[sku],
                        "goods_receivable_amt": _PRICE[sku] - off, "buyer_paid_goods_amt": _PRICE[sku] - off,
                        "is_placeholder": False,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _inventory() -> pd.DataFrame:
    rows = [
        {
            "platform_id": "all", "date": day, "warehouse": "w", "sku_id": sku, "on_hand": float(pieces),
            "available": 0.0 if sku == "A-1" and OUT[0] <= day <= OUT[1] else float(pieces),
            "unit_cost": _COST[sku], "oldest_receipt_date": date(2025, 9, 1),
        }
        for day in _days()
        for sku, pieces in _ON_HAND.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _goods() -> dict[str, pd.DataFrame]:
    codes = list(_PRICE)
    erp = {"platform_id": "erp", "sku_id": codes, "spu_id": [code[0] for code in codes],
           "title": [f"{code[0]}款" for code in codes], "category": ["床品", "床品", "毛巾", "床品"]}  # fmt: skip
    form = {"platform_id": "all", "sku_id": codes, "lead_time_days": 12.0, "lead_time_sd": 2.0,
            "season": ["秋", None, None, None]}  # fmt: skip
    listed = pd.DataFrame({"platform_id": "tmall", "spu_id": ["tmall1", "tmall2", "tmall3"],
                           "title": ["A款", "B款", "C款"], "category_l1": ["床品", "毛巾", "床品"],
                           "role": ["主推", "引流", "新品"], "listed_date": [date(2023, 1, 1), date(2023, 1, 1), LISTED]})  # fmt: skip
    bought = {"platform_id": "all", "po_id": "p1", "sku_id": ["A-1"], "qty": 400.0, "received_qty": 400.0,
              "ordered_date": date(2025, 8, 3), "promised_date": date(2025, 8, 15), "received_date": date(2025, 8, 15)}  # fmt: skip
    costs = {"platform_id": "erp", "sku_id": codes, "unit_cost": [_COST[code] for code in codes]}
    return {
        "skus": pd.concat([pd.DataFrame(erp), pd.DataFrame(form)], ignore_index=True),
        "products": listed,
        "purchase_orders": pd.DataFrame(bought),
        "costs": pd.DataFrame(costs),
    }


def _spent() -> dict[str, pd.DataFrame]:
    """Each platform takes 10 a day for its service, and 5 for advertising."""
    days = pd.DataFrame(
        [(name, day) for name in ("tmall", "jd") for day in _days()], columns=["platform_id", "date"]
    )
    return {"fees": days.assign(fee_type="技术服务费", amount=10.0), "ads": days.assign(spend_cash=5.0)}


def _refunds(sold: pd.DataFrame) -> pd.DataFrame:
    """The first order of each platform came back, so that refunds are known to be told."""
    first = sold.groupby("platform_id", as_index=False).first()
    told = {"applied_at": first["paid_at"], "applied_date": first["paid_date"], "refunded_at": first["paid_at"],
            "refunded_date": first["paid_date"], "refund_goods_amt": first["goods_receivable_amt"],
            "status_std": "success", "platform_refund_id": "r" + first["platform_order_id"]}  # fmt: skip
    names = ["platform_id", "platform_order_id", "order_key", "spu_id", "shop_id"]
    return first[names].assign(**told)


def _files(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = [
        {
            "source_file": f"{platform}-{name}", "source_sheet": "", "path": f"{platform}/{name}.csv",
            "source_id": f"{platform}/{name}", "source_version": "1", "platform_id": platform,
            "exported_at": pd.Timestamp(LAST), "rows_read": len(frame), "accepted": len(frame), "superseded": 0,
            "rejected": 0, "skipped": 0, "date_min": pd.Timestamp(FIRST), "date_max": pd.Timestamp(LAST),
        }
        for name, frame in tables.items()
        for platform in sorted(set(frame["platform_id"]))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def shop(root: Path, lang: str = "zh") -> Project:
    """Make a project at `root` that holds this lake."""
    project = make_shop(root, {}, lang=lang, name="示例商家" if lang == "zh" else "Sample shop")
    sold = _sales()
    tables = {
        "orders": sold,
        "order_lines": sold,
        "refunds": _refunds(sold),
        "inventory": _inventory(),
        **_goods(),
        **_spent(),
    }
    tables["files"] = _files(tables)
    lake = Lake(project.lake)
    with lake.writing():
        for name, frame in tables.items():
            lake.write(name, typed(name, frame), predicate=None, partitioned=not table(name).governance)
        lake.publish()
    return project
