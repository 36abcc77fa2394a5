"""Two small sources that speak of the same orders, and files in their layouts."""

from __future__ import annotations

import csv
from pathlib import Path

ORDERS = {
    "platform": "tmall",
    "export": {"zh": "订单", "en": "Orders", "where": "千牛"},
    "recognise": {"headers": ["订单编号", "实付 | 实付金额", "状态", "创建时间"], "without": ["子订单"]},
    "unit": ["platform_order_id"],
    "exported_at": r"orders(?P<stamp>\d{14})",
    "personal": ["收货人", "电话"],
    "skip_rows": ["合计"],
    "tables": {
        "orders": {
            "columns": {
                "platform_order_id": {"from": "订单编号", "id": True},
                "customer_key": {"from": "收货人", "private": True, "optional": True},
                "status_std": {"from": "状态", "map": {"成功": "completed", "关闭": "closed"}},
                "created_at": {"from": "创建时间", "time": ["%Y/%m/%d %H:%M", "%Y#%m#%d"]},
                "paid_at": {"from": "创建时间", "time": ["%Y/%m/%d %H:%M", "%Y#%m#%d"]},
            }
        },
        "order_lines": {
            "placeholder": True,
            "columns": {
                "platform_order_id": {"from": "订单编号", "id": True},
                "created_at": {"from": "创建时间", "time": ["%Y/%m/%d %H:%M", "%Y#%m#%d"]},
                "qty": {"from": "件数", "number": "个", "optional": True},
                "goods_receivable_amt": {"from": ["实付", "实付金额"], "money": "CNY"},
            },
        },
    },
}

LINES = {
    "platform": "tmall",
    "export": {"zh": "宝贝", "en": "Lines", "where": "千牛"},
    "recognise": {"headers": ["订单编号", "子订单", "金额", "创建时间"]},
    "unit": ["platform_order_id"],
    "exported_at": r"lines(?P<stamp>\d{14})",
    "tables": {
        "orders": {
            "placeholder": True,
            "columns": {
                "platform_order_id": {"from": "订单编号", "id": True},
                "created_at": "创建时间",
            },
        },
        "order_lines": {
            "columns": {
                "platform_order_id": {"from": "订单编号", "id": True},
                "created_at": "创建时间",
                "goods_receivable_amt": {"from": "金额", "money": "CNY"},
            }
        },
    },
}

ORDER_HEADERS = ["订单编号", "实付", "状态", "创建时间", "收货人", "电话"]
LINE_HEADERS = ["订单编号", "子订单", "金额", "创建时间"]


def order(
    number: str, amount: str = "10.00", status: str = "成功", when: str = "2025-11-01 12:00:00"
) -> list[str]:
    """One row of an order file."""
    return [number, amount, status, when, "某人甲", "13800001234"]


def line(number: str, sub: str, amount: str, when: str = "2025-11-01 12:00:00") -> list[str]:
    """One row of a line file."""
    return [number, sub, amount, when]


def write_csv(path: Path, headers: list[str], rows: list[list[str]], encoding: str = "utf-8") -> Path:
    """Write a csv and return its path."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path
