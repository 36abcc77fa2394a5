"""Settlements and payments against orders, and the ladder of every line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportkit.errors import QueryError
from reportkit.metrics.query import Metrics
from reportkit.quality.settling import ALIKE, LADDER, SETTLED, alike, ladder, settle
from tests.quality.lakes import Trade, at

_DAY = date(2025, 11, 5)
_END = date(2025, 11, 30)


def _entry(trade: Trade, platform: str, key: str | None, gross: str | None, **values: Any) -> None:
    """Add one entry of the platform's ledger; without `settled_amt` nothing was taken off."""
    base = {"settle_date": date(2025, 11, 20), "entry_std": "货款", "settled_amt": gross}
    trade.add("settlements", platform, order_key=key, gross_amt=gross, **(base | values))


def _ended(trade: Trade, platform: str = "douyin", day: date = _END) -> None:
    """The ledger goes on until `day`: an entry that is no money for goods proves nothing, so settle one order."""
    key = trade.sell(platform, date(2025, 10, 1), "1.00", number="last")
    _entry(trade, platform, key, "1.00", settle_date=day)


def _states(metrics: Metrics, **kwargs: Any) -> dict[tuple[str, ...], tuple[Any, ...]]:
    found = settle(metrics, "2025-11", **kwargs)
    return {
        (row.platform_id, row.ledger, row.state, row.side): (row.n, row.due, row.got)
        for row in found.itertuples()
    }


def _done(day: int) -> dict[str, Any]:
    return {"completed_at": at(date(2025, 11, day))}


def _douyin(trade: Trade) -> None:
    """A ledger of one row an order, with gross and what was taken off."""
    whole = trade.sell("douyin", _DAY, "100.00", freight_charged="8.00", **_done(10))
    _entry(trade, "douyin", whole, "108.00", deductions="5.40", settled_amt="102.60")
    net = trade.sell("douyin", _DAY, "60.00", **_done(10))
    _entry(trade, "douyin", net, None, deductions="3.00", settled_amt="57.00")
    part = trade.sell("douyin", _DAY, "90.00", **_done(10))
    trade.refund(_DAY, 30, "douyin", order_key=part)
    _entry(trade, "douyin", part, "90.00")
    _entry(trade, "douyin", part, "-30.00", entry_std="退款")
    nearly = trade.sell("douyin", _DAY, "50.00", **_done(10))
    _entry(trade, "douyin", nearly, "50.01")
    over = trade.sell("douyin", _DAY, "50.00", **_done(10))
    _entry(trade, "douyin", over, "50.02")
    under = trade.sell("douyin", _DAY, "70.00", **_done(10))
    _entry(trade, "douyin", under, "45.00")
    trade.sell("douyin", _DAY, "33.00", **_done(15))
    trade.sell("douyin", _DAY, "44.00", **_done(14))
    trade.sell("douyin", _DAY, "55.00")
    trade.sell("douyin", _DAY, "66.00", status_std="closed")
    back = trade.sell("douyin", _DAY, "77.00", status_std="closed")
    trade.refund(_DAY, 77, "douyin", order_key=back)
    _entry(trade, "douyin", "douyin:stranger", "12.00")
    _entry(trade, "douyin", None, "5.00")
    _entry(trade, "douyin", "douyin:stranger", "9.00", settle_date=date(2025, 10, 9))
    _entry(trade, "douyin", whole, "-5.00", entry_std="提现", settled_amt="-5.00")
    _ended(trade)


_DOUYIN = {
    "matched": (6, Decimal("278.00"), Decimal("278.01")),
    "pending": (2, Decimal("88.00"), 0),
    "unmatched": (1, Decimal("44.00"), 0),
    "over": (1, Decimal("50.00"), Decimal("50.02")),
    "under": (1, Decimal("70.00"), Decimal("45.00")),
}


def test_every_state_of_an_order(tmp_path: Path) -> None:
    """With gross or net of fees, with a refund, off by a cent or two, late, not due, closed, unknown."""
    trade = Trade(tmp_path)
    _douyin(trade)
    found = _states(trade.metrics())
    orders = {("douyin", "settlements", state, "order"): sums for state, sums in _DOUYIN.items()}
    assert found == orders | {("douyin", "settlements", "unmatched", "money"): (2, 0, 17)}


def test_the_rows_behind_a_state(tmp_path: Path) -> None:
    """Each state's rows are as many as it counts, add up to its sums, and say where they stand."""
    trade = Trade(tmp_path)
    _douyin(trade)
    metrics = trade.metrics()
    found = settle(metrics, "2025-11")
    assert list(found) == SETTLED
    for row in found.itertuples():
        rows = metrics.engine.frame(row.rows_sql)
        told = metrics.engine.rows(f"SELECT sum(due), sum(got), sum(difference) FROM ({row.rows_sql})")[0]
        assert (len(rows), *told) == (row.n, row.due, row.got, row.difference)
        assert {"order_key", "day", "state", "source_file", "source_sheet", "source_row"} <= set(rows)


def test_a_ledger_of_one_row_a_fee(tmp_path: Path) -> None:
    """JD books goods, refund and each fee apart: fees are no money for goods, and goods going out are a refund."""
    trade = Trade(tmp_path)
    kept = trade.sell("jd", _DAY, "200.00", **_done(8))
    for entry, gross, taken, settled in (
        ("货款", "200.00", None, "200.00"),
        ("扣费", None, "16.00", "-16.00"),
        ("扣费", None, "2.50", "-2.50"),
    ):
        _entry(trade, "jd", kept, gross, entry_std=entry, deductions=taken, settled_amt=settled)
    back = trade.sell("jd", _DAY, "80.00", **_done(8))
    trade.refund(_DAY, 80, "jd", order_key=back)
    _entry(trade, "jd", back, "80.00")
    _entry(trade, "jd", back, None, settled_amt="-80.00", entry_std="退款")
    only_fees = trade.sell("jd", _DAY, "30.00", **_done(8))
    _entry(trade, "jd", only_fees, None, deductions="1.00", settled_amt="-1.00", entry_std="扣费")
    _ended(trade, "jd")
    found = _states(trade.metrics())
    assert found == {
        ("jd", "settlements", "matched", "order"): (2, 200, 200),
        ("jd", "settlements", "unmatched", "order"): (1, 30, 0),
    }


@pytest.mark.parametrize(("platform", "last"), [("pdd", 17), ("jd", 25), ("tiktok_shop", 30)])
def test_days_to_wait_differ_by_platform(tmp_path: Path, platform: str, last: int) -> None:
    """Confirmed on the 10th: pending through the last day of its wait, unmatched on the next."""
    states = []
    for end in (last, last + 1):
        trade = Trade(tmp_path / str(end))
        trade.sell(platform, _DAY, "10.00", **_done(10))
        _ended(trade, platform, date(2025, 11, 1) + timedelta(days=end - 1))
        (found,) = _states(trade.metrics())
        states.append(found[2])
    assert states == ["pending", "unmatched"]


def _paid(trade: Trade, number: str, amount: str, channel: str = "alipay", **values: Any) -> None:
    base = {"occurred_at": at(date(2025, 11, 28)), "occurred_date": date(2025, 11, 28), "kind_std": "收款"}
    trade.add("payments", channel, amount=amount, **({"platform_order_id": number} | base | values))


def test_payments_are_matched_by_order_number(tmp_path: Path) -> None:
    """Alipay and WeChat name no platform: the number does, told by the platform or given by the merchant."""
    trade = Trade(tmp_path)
    for number, goods in (("330001", "100.00"), ("330002", "50.00"), ("330003", "40.00")):
        trade.sell("tmall", _DAY, goods, number=number, **_done(10))
    _paid(trade, "330001", "100.00")
    _paid(trade, "330002", "50.00", "wechat_pay", platform_order_id=None, merchant_order_no="330002")
    _paid(trade, "330002", "-5.00", "wechat_pay", kind_std="退款")
    _paid(trade, "330001", "-0.60", kind_std="扣费")
    _paid(trade, "999", "8.00", "wechat_pay")
    trade.sell("pdd", _DAY, "70.00", **_done(10))
    assert _states(trade.metrics()) == {
        ("tmall", "payments", "matched", "order"): (1, 100, 100),
        ("tmall", "payments", "unmatched", "order"): (1, 40, 0),
        ("tmall", "payments", "under", "order"): (1, 50, 45),
        ("wechat_pay", "payments", "unmatched", "money"): (1, 0, 8),
    }


def test_a_channel_is_not_asked_for_orders_that_the_platform_settles(tmp_path: Path) -> None:
    """Where both are there, an order that Alipay never moved is the settlement's to judge."""
    trade = Trade(tmp_path)
    one, other = (trade.sell("tmall", _DAY, "20.00", number=number, **_done(10)) for number in ("1", "2"))
    _entry(trade, "tmall", one, "20.00")
    _entry(trade, "tmall", other, "20.00")
    _paid(trade, "1", "20.00")
    assert _states(trade.metrics()) == {
        ("tmall", "settlements", "matched", "order"): (2, 40, 40),
        ("tmall", "payments", "matched", "order"): (1, 20, 20),
    }


def test_scope_keeps_platforms_and_shops(tmp_path: Path) -> None:
    """One shop of one platform alone; another dimension is refused by name."""
    trade = Trade(tmp_path)
    for platform in ("jd", "pdd"):
        for shop in ("a", "b"):
            key = trade.sell(platform, _DAY, "10.00", shop_id=shop, **_done(10))
            _entry(trade, platform, key, "10.00", shop_id=shop)
    metrics = trade.metrics()
    assert _states(metrics, scope={"platform": "jd", "shop": ["b"]}) == {
        ("jd", "settlements", "matched", "order"): (1, 10, 10)
    }
    with pytest.raises(QueryError, match=r'no dimension "shops"\n.*did you mean "shop"'):
        settle(metrics, "2025-11", {"shops": "a"})


def test_many_orders_short_by_the_same_share_are_told_apart(tmp_path: Path) -> None:
    """Ten orders lack a tenth each, to the rows; one that lacks a third, and what came back whole, are chance."""
    trade = Trade(tmp_path)
    for number in range(10):
        due = 40 + 10 * number
        key = trade.sell("douyin", _DAY, f"{due}.00", **_done(10))
        _entry(trade, "douyin", key, f"{due * 0.9:.2f}")
    for amount, came in (("60.00", "40.00"), ("5.00", "0.00")):
        _entry(trade, "douyin", trade.sell("douyin", _DAY, amount, **_done(10)), came)
    _ended(trade)
    metrics = trade.metrics()
    found = alike(metrics, settle(metrics, "2025-11"))
    assert list(found.columns) == ALIKE
    (row,) = found.itertuples()
    assert (row.platform_id, row.share, row.n, row.difference) == ("douyin", 0.1, 10, Decimal("-85.00"))
    assert len(metrics.engine.rows(row.rows_sql)) == 10


def test_without_ledgers_nothing_is_said(tmp_path: Path) -> None:
    """No settlement file is no finding, and neither is a platform that has none."""
    trade = Trade(tmp_path)
    trade.sell("jd", _DAY, "10.00", **_done(10))
    found = settle(trade.metrics(), "2025-11")
    assert (list(found), len(found)) == (SETTLED, 0)


def test_ten_times_the_money_is_the_same_finding(tmp_path: Path) -> None:
    """Counts and states stay but for what was within a cent; amounts are ten times as much."""
    trades = [Trade(tmp_path / str(scale), scale) for scale in (1, 10)]
    for trade in trades:
        _douyin(trade)
        for row in trade.rows["settlements"]:
            row["gross_amt"] = {"50.01": "50.00", "50.02": "51.00"}.get(row["gross_amt"], row["gross_amt"])
    one, ten = (_states(trade.metrics()) for trade in trades)
    assert {key: (n, due * 10, got * 10) for key, (n, due, got) in one.items()} == ten


def test_a_ladder_that_does_not_add_up_is_found(tmp_path: Path) -> None:
    """A cent is borne, two are not; a line of which one side is not told is counted apart."""
    trade = Trade(tmp_path)
    trade.sell("pdd", _DAY, "100.00", platform_subsidy_amt="12.00", payment_subsidy_amt="3.00")
    for off in ("0.01", "-0.01", "0.02", "-30.00"):
        trade.sell("pdd", _DAY, "50.00", gov_subsidy_amt="5.00", influencer_subsidy_amt="1.00")
        trade.rows["order_lines"][-1]["buyer_paid_goods_amt"] += Decimal(off)
    trade.sell("pdd", _DAY, "20.00")
    trade.rows["order_lines"][-1]["buyer_paid_goods_amt"] = None
    trade.sell("jd", _DAY, "20.00")
    trade.sell("pdd", date(2025, 10, 5), "20.00")
    trade.rows["order_lines"][-1]["buyer_paid_goods_amt"] = Decimal(1)
    metrics = trade.metrics()
    found = ladder(metrics, "2025-11")
    assert list(found) == LADDER
    told = [tuple(row)[:-1] for row in found.itertuples(index=False)]
    assert told == [
        ("jd", "jd/order_lines", 1, 0, 0, 0),
        ("pdd", "pdd/order_lines", 6, 1, 2, Decimal("30.02")),
    ]
    rows = metrics.engine.rows(f"SELECT off_by FROM ({found['rows_sql'].iloc[1]}) ORDER BY 1")
    assert [row[0] for row in rows] == [Decimal("-0.02"), Decimal("30.00")]


@pytest.mark.parametrize("ask", [settle, ladder], ids=["settle", "ladder"])
def test_a_period_that_is_none_is_refused(tmp_path: Path, ask: Callable[..., object]) -> None:
    """A period must be named in a form that is known."""
    trade = Trade(tmp_path)
    trade.sell("jd", _DAY, "10.00")
    with pytest.raises(QueryError, match="2025-13"):
        ask(trade.metrics(), "2025-13")
