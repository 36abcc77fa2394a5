"""November of a merchant on two platforms with every kind of file, so small that each metric can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.metrics.conftest import Shop, days

__all__ = ["november"]

_FIRST, _LAST = date(2025, 11, 1), date(2025, 11, 30)


def november(root: Path) -> Shop:
    """Return the merchant, before it is written: tmall has files of every kind, jd only orders, ads and scores.

    Sold in November: tmall 600 (t1 300, t2, t3 and t5 100 each), jd 100 (j1); before it, tmall 200 in November
    2024 and 100 in October. Codes S1 (cost 30, product A), S2 (20, B), S3 (50, C), S4 (unknown), S9 (not on sale).
    """
    shop = Shop(root)
    _goods(shop)
    _orders(shop)
    _refunds(shop)
    _money(shop)
    _traffic(shop)
    _care(shop)
    _stock(shop)
    for kind in ("orders", "refunds", "fees", "settlements", "ads"):
        shop.file(kind, "tmall", date(2025, 10, 1), _LAST)
        shop.file(kind, "jd", _FIRST, _LAST)
    shop.file("orders", "tmall", date(2024, 11, 1), date(2024, 11, 30))
    for platform in ("tmall", "jd"):
        shop.file("ratings", platform, _FIRST, _LAST)
    for kind in ("traffic", "reviews", "service"):
        shop.file(kind, "tmall", _FIRST, _LAST)
    return shop


def _goods(shop: Shop) -> None:
    codes = [
        ("S1", "A", "床品", 30),
        ("S2", "B", "被芯", 20),
        ("S3", "C", "毛巾", 50),
        ("S9", "D", "毛巾", 5),
    ]
    for code, style, category, cost in codes:
        told = {"spu_id": style, "category": category, "status": "停用" if code == "S9" else "启用"}
        shop.add("skus", "all", sku_id=code, **told)
        shop.add("costs", "all", sku_id=code, unit_cost=cost)
    shop.add("products", spu_id="p1", category_l1="床品", role="主推")
    shop.add("products", spu_id="p2", category_l1="被芯", role="引流")


def _line(code: str, spu: str | None, qty: int, listed: float, due: float, **values: Any) -> dict[str, Any]:
    money = {"list_amt": listed, "merchant_discount_amt": listed - due, "goods_receivable_amt": due}
    return {"sku_id": code, "spu_id": spu, "qty": qty, "buyer_paid_goods_amt": due} | money | values


def _order(shop: Shop, number: str, day: date, *lines: dict[str, Any], **values: Any) -> None:
    platform = "jd" if number.startswith("j") else "tmall"
    at = datetime.combine(day, datetime.min.time()) + timedelta(hours=4)
    own = {
        "platform_order_id": number,
        "order_key": f"{platform}:{number}",
        "created_at": at,
        "created_date": day,
    }
    paid = {"paid_at": at, "paid_date": day, "shop_id": f"{platform}-1", "status_std": "completed"}
    shop.add("orders", platform, **(own | paid | values))
    for place, line in enumerate(lines):
        shop.add(
            "order_lines", platform, **own, platform_line_id=f"{number}-{place}", is_placeholder=False, **line
        )


def _orders(shop: Shop) -> None:
    """Buyer b came back in November; c left one presale unpaid and paid another; one order is brushed."""
    one = _line("S1", "p1", 1, 125, 100)
    _order(shop, "t-1", date(2024, 11, 3), _line("S1", "p1", 2, 250, 200), customer_key="z")
    _order(shop, "t0", date(2025, 10, 20), one, customer_key="b")
    live = {"province": "浙江省", "carrier": "直播", "influencer_id": "x", "freight_charged": 6}
    subsidised = _line("S1", "p1", 2, 250, 200, buyer_paid_goods_amt=180, platform_subsidy_amt=20)
    _order(
        shop, "t1", date(2025, 11, 3), subsidised, _line("S2", "p2", 1, 120, 100), customer_key="a", **live
    )
    cancelled = {"customer_key": "b", "province": "江苏省", "status_std": "closed"}
    _order(shop, "t2", date(2025, 11, 4), one, **cancelled)
    _order(shop, "t3", date(2025, 11, 5), _line("S4", "p2", 1, 110, 100), customer_key="a")
    presale: dict[str, Any] = {"customer_key": "c", "is_presale": True}
    unpaid = {"paid_at": None, "paid_date": None, "status_std": "closed", "deposit_amt": 10}
    _order(shop, "t4", date(2025, 11, 6), _line("S2", "p2", 1, 60, 50), **presale, **unpaid)
    balance = {"paid_date": date(2025, 11, 10), "status_std": "shipped", "deposit_amt": 15}
    _order(shop, "t5", date(2025, 11, 6), one, **presale, **balance)
    _order(shop, "t6", date(2025, 11, 7), _line("S1", "p1", 1, 70, 70), customer_key="q", is_brush=True)
    bought = {"customer_key": "d", "province": "浙江省", "freight_charged": 4}
    _order(shop, "j1", _LAST, _line("S2", "k1", 1, 100, 100), **bought)


def _refund(shop: Shop, order: str, amount: float, day: int, hours: int | None, **values: Any) -> None:
    asked = datetime(2025, 11, day, 4)
    done = asked + timedelta(hours=hours) if hours else None
    told = {"order_key": f"tmall:{order}", "applied_at": asked, "applied_date": asked.date()}
    ended = {"refunded_at": done, "refunded_date": done and done.date(), "refund_goods_amt": amount}
    state = {"status_std": "success" if done else "requested", "platform_intervened": False}
    shop.add("refunds", **(told | ended | state | values))


def _refunds(shop: Shop) -> None:
    """Half of the first line of t1 comes back, t2 is cancelled, t5 keeps its goods; two cases are open."""
    received = {"stage": "签收后"}
    part = {"platform_line_id": "t1-0", "type": "退货退款", "refund_freight_amt": 2}
    _refund(shop, "t1", 90, 10, 24, reason_raw="质量问题", **part, **received)
    _refund(shop, "t2", 100, 4, 12, reason_raw="不想要了", type="仅退款", stage="发货前")
    late = {"reason_raw": "快递破损", "type": "仅退款", "platform_intervened": True}
    _refund(shop, "t5", 20, 20, 96, **late, **received)
    _refund(shop, "t5", 5, 25, 24, reason_raw="其他", type="补偿", **received)
    _refund(shop, "t1", 100, 28, None, type="仅退款", **received)
    _refund(shop, "t1", 100, 30, None, type="仅退款", **received)


_FEES = {
    "平台扣点": 12, "技术服务费": 4, "达人佣金": 5, "运费": 10, "包装": 2, "运费险": 3, "支付手续费": 1,
    "罚款": 6, "人工": 20, "其他": 7,
}  # fmt: skip


def _money(shop: Shop) -> None:
    """The commission is of t1, other fees of no order; half of t1 is settled."""
    for kind, amount in _FEES.items():
        order = {"order_key": "tmall:t1"} if kind == "平台扣点" else {}
        shop.add("fees", date=date(2025, 11, 12), fee_type=kind, amount=amount, **order)
    entry = {"settle_date": date(2025, 11, 20), "entry_std": "货款", "gross_amt": 214, "settled_amt": 200}
    shop.add("settlements", order_key="tmall:t1", **entry)
    told = {"impressions": 3000, "clicks": 60, "attr_gmv": 240, "attr_gmv_net": 200, "attr_gmv_settled": 180}
    shop.ad(date(2025, 11, 3), 30, spend_bonus=5, attr_orders=3, attr_new_buyers=2, **told)
    told = {"impressions": 1000, "clicks": 40, "attr_gmv": 60, "attr_gmv_net": 40, "attr_gmv_settled": 20}
    shop.ad(date(2025, 11, 4), 10, spend_bonus=0, attr_orders=1, attr_new_buyers=0, spu_id="p2", **told)
    shop.ad(date(2025, 11, 8), 10, "jd")
    for period, value in (("2025-11", 1000), ("2025-Q4", 3200), ("2025", 8000)):
        shop.target(period, value)
    shop.target("2025-11", 100, metric="ad_spend")


def _traffic(shop: Shop) -> None:
    """The same every day, two channels in a month's rows, one live session, one day of one product."""
    day = {
        "new_visitors": 60, "pv": 250, "bounce_visitors": 40, "stay_seconds_total": 5000, "cart_users": 10,
        "cart_qty": 15, "fav_users": 5, "order_buyers": 4, "pay_buyers": 3, "impressions": 1000,
        "impression_users": 500, "clicks": 200, "click_users": 100, "pay_amt_platform": 20,
    }  # fmt: skip
    for one in days(_FIRST, _LAST):
        shop.visit(one, 100, **day)
    month = {"date_to": _LAST, "period_grain": "month"}
    shop.visit(_FIRST, 2000, channel="搜索", pay_buyers=60, pay_amt_platform=400, **month)
    shop.visit(_FIRST, 1500, channel="推荐", pay_buyers=30, pay_amt_platform=200, **month)
    shop.visit(date(2025, 11, 3), 80, carrier="直播", session_id="s1", pv=400)
    item = {"pay_buyers": 5, "impressions": 400, "clicks": 80, "cart_users": 6, "fav_users": 4}
    shop.visit(date(2025, 11, 3), 50, scope="item", spu_id="p1", **item)
    warm = {"start_date": _FIRST, "end_date": date(2025, 11, 2), "name": "双11"}
    shop.add("promos", "all", promo_id="d11", promo_platform="all", phase="预热", **warm)


def _care(shop: Shop) -> None:
    five = {"scale_min": 1, "scale_max": 5}
    shop.add("ratings", date=date(2025, 11, 15), source="描述相符", score=4.8, n=100, **five)
    shop.add("ratings", date=_LAST, source="描述相符", score=4.6, n=300, **five)
    shop.add("ratings", date=_LAST, source="服务态度", score=4.2, n=100, **five)
    shop.add("ratings", date=_LAST, source="商品评分", spu_id="p1", score=4.0, n=10, **five)
    shop.add("ratings", "jd", date=_LAST, source="商品评价", score=9, scale_min=0, scale_max=10, n=100)
    for number, (rating, bad) in enumerate([(5, None), (4, False), (3, True), (1, None)]):
        written = {"review_id": str(number), "created_date": _FIRST, "spu_id": "p1"}
        shop.add("product_reviews", rating=rating, is_negative=bad, **written)
    team = {"date": date(2025, 11, 3), "shop_id": "tmall-1"}
    shop.add(
        "service", team="售前", sessions=10, converted=4, rated=5, satisfied=4, first_response_s=20, **team
    )
    shop.add(
        "service", team="售后", sessions=30, converted=0, rated=5, satisfied=5, first_response_s=60, **team
    )


def _stock(shop: Shop) -> None:
    """Counted on the 1st and the 16th: worth 460, then 320. S2 is out of stock until the 16th."""
    for row in _counts():
        names = ("date", "sku_id", "on_hand", "available", "in_transit", "unit_cost", "oldest_receipt_date")
        shop.add("inventory", "all", warehouse="一仓", **dict(zip(names, row, strict=True)))


def _counts() -> Iterator[tuple[Any, ...]]:
    yield _FIRST, "S1", 10, 10, 7, 30, date(2025, 10, 20)
    yield _FIRST, "S2", 5, 0, 0, 20, date(2025, 8, 20)
    yield _FIRST, "S3", 1, 1, 0, None, date(2025, 7, 1)
    yield _FIRST, "S9", 2, 0, 0, 5, date(2025, 1, 1)
    yield date(2025, 11, 16), "S1", 4, 4, 8, 30, date(2025, 10, 20)
    yield date(2025, 11, 16), "S2", 10, 10, 0, 20, date(2025, 11, 10)
