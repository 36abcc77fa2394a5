"""Order files against settlement files: one order in each state, in a ledger of fees and one of gross amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.quality.settling import settle
from tests.quality.exports_written import Export, Row
from tests.quality.months import Month
from tests.quality.planted import loaded
from tests.quality.platforms import PLATFORMS, Sale

_DAY, _END = date(2025, 11, 3), "2025-11-30 12:20:57"
_PAID = "2025-11-14 12:20:57"
_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Case:
    """An order of `goods` and `freight`, received on a day of November (0: cancelled), and what came in for it."""

    goods: str
    freight: str = "0"
    received: int = 5
    came: tuple[str, ...] = ()
    back: str = "0"


_CASES = {
    "whole": Case("200.00", "10.00", came=("210.00",)),
    "returned in part": Case("90.00", came=("90.00", "-30.00"), back="30.00"),
    "cancelled": Case("66.00", received=0),
    "a cent more is within the tolerance": Case("50.00", came=("50.01",)),
    "too much": Case("50.00", came=("50.02",)),
    "too little": Case("70.00", came=("45.00",)),
    "not yet due": Case("33.00", received=16),
    "due": Case("44.00", received=14),
}
# Received on the 14th, due fifteen days later: on the 29th, a day before the ledger ends.
_STATES = {
    ("matched", "order"): (4, "320.00", "320.01"),
    ("pending", "order"): (1, "33.00", "0"),
    ("unmatched", "order"): (1, "44.00", "0"),
    ("unmatched", "money"): (1, "0", "12.00"),
    ("over", "order"): (1, "50.00", "50.02"),
    ("under", "order"): (1, "70.00", "45.00"),
}


def _jd_money(number: str, amount: Decimal, when: str) -> list[Row]:
    """Goods, or goods given back, in one row and JD's commission in another."""
    base: Row = {"订单编号": number, "订单状态": "已完成", "商品编号": "10170858471952", "结算时间": when,
                 "商户订单号": "202511300001", "资金动账备注": "商家结算款", "结算单类型": "订单"}  # fmt: skip
    income, fee = ("收入", "支出") if amount > 0 else ("支出", "收入")
    return [
        base | {"费用名称": "货款", "费用分类": income, "应结金额": amount},
        base
        | {
            "费用名称": "佣金",
            "费用分类": fee,
            "应结金额": (amount * Decimal("-0.05")).quantize(Decimal("0.01")),
        },
    ]


def _xiaohongshu_money(number: str, amount: Decimal, when: str) -> list[Row]:
    """What was due for goods, and what reached the shop after commission."""
    fee = (amount * Decimal("0.05")).quantize(Decimal("0.01"))
    kind: Row = (
        {"交易类型": "订单结算"}
        if amount > 0
        else {"交易类型": "售后结算", "售后单号": "R900000000000000001"}
    )
    when = when if amount > 0 else when.replace(":57", ":58")
    return [
        kind
        | {"订单号": number, "结算时间": when, "动账金额": amount - fee, "计佣基数": amount, "商品实付/实退": amount,
           "运费实付/实退": _NOTHING, "平台优惠补贴": _NOTHING, "平台运费补贴": _NOTHING, "佣金": -fee}
    ]  # fmt: skip


def _files(platform: str) -> list[Export]:
    month, entries, returned = Month(PLATFORMS[platform]), [], []
    money = _jd_money if platform == "jd" else _xiaohongshu_money
    for case in _CASES.values():
        sale = month.sell(case.goods, day=_DAY, freight=case.freight, cells=_ended(platform, case.received))
        for amount in case.came:
            entries += money(month.number(sale), Decimal(amount), _PAID)
        if case.back != "0":
            returned.append((sale, Decimal(case.back)))
    stranger = Sale(99_999, _DAY, _NOTHING)
    entries += money(month.number(stranger), Decimal("12.00"), _END)
    like, name, key = {
        "jd": ("jd/settlement/对账_20260804.xlsx", "对账_20251201.xlsx", "订单编号"),
        "xiaohongshu": ("xiaohongshu/settlement/结算账单_商品销售.xlsx", "结算账单_商品销售.xlsx", "订单号"),
    }[platform]
    return [
        month.orders()[0],
        Export(like, name, key, tuple(entries)),
        _after_sales(month, platform, returned),
    ]


def _ended(platform: str, received: int) -> Row:
    if received:
        return {
            "订单状态": "完成" if platform == "jd" else "已完成",
            "订单完成时间": f"2025-11-{received:02} 10:00:00",
        }
    closed = {"订单状态": "(删除)等待出库" if platform == "jd" else "已取消"}
    return closed | {"订单完成时间": "2025-11-04 10:00:00"}


def _after_sales(month: Month, platform: str, returned: list[tuple[Sale, Decimal]]) -> Export:
    ((sale, amount),) = returned
    if platform == "jd":
        row: Row = {"服务单号": "900001", "售后申请时间": "2025-11-08 10:00:00", "订单号": month.number(sale),
                    "服务单状态": "完成", "退款金额": amount, "退款时间": "2025-11-09 10:00:00"}  # fmt: skip
        return Export("jd/refunds/售后_20260710.xlsx", "售后_20251201.xlsx", "服务单号", (row,))
    row = {"售后单号": "R900000000000000001", "订单号": month.number(sale), "退货创建时间": "2025-11-08 10:00:00",
           "申请售后金额(元)": amount, "售后类型": "仅退款", "售后状态": "已完成"}  # fmt: skip
    return Export("xiaohongshu/refunds/千帆售后_含状态.xlsx", "千帆售后_20251201.xlsx", "售后单号", (row,))


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metrics]:
    """Orders, after-sales and settlements of both platforms."""
    files = [file for platform in ("jd", "xiaohongshu") for file in _files(platform)]
    project = loaded(tmp_path_factory.mktemp("settled") / "shop", files)
    engine = DuckDBEngine(Lake(project.lake))
    try:
        yield Metrics(project, engine)
    finally:
        engine.close()


@pytest.mark.parametrize("platform", ["jd", "xiaohongshu"])
def test_one_order_in_each_state(metrics: Metrics, platform: str) -> None:
    """What was due and what came in, before fees, is what was written; every state's rows add up to it."""
    found = settle(metrics, "2025-11", {"platform": platform})
    assert {(row.state, row.side): (row.n, row.due, row.got) for row in found.itertuples()} == {
        state: (n, Decimal(due), Decimal(got)) for state, (n, due, got) in _STATES.items()
    }
    for row in found.itertuples():
        sums = metrics.engine.rows(f"SELECT count(*), sum(due), sum(got) FROM ({row.rows_sql})")
        assert sums == [(row.n, row.due, row.got)], row.state
