"""What was sold, given back and spent on, by the merchant's own goods."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from reportkit.metrics.query import Metrics

_DAY, _FIRST, _LAST = date(2025, 11, 5), date(2025, 11, 1), date(2025, 11, 30)


def _cut(metrics: Metrics, name: str, by: str, **kwargs: Any) -> dict[str, float]:
    found = metrics.query([name], by=[by.removesuffix("_id")], period="2025-11", **kwargs).frame
    return dict(zip(found[by], found["value"], strict=True))


def _month(shop: Any) -> Metrics:
    """The metrics of a November whose last day is seen."""
    shop.order(_LAST, 0, shop_id="last", spu_id=None)
    for kind in ("orders", "refunds"):
        shop.file(kind, "tmall", _FIRST, _LAST)
    found: Metrics = shop.metrics()
    return found


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        ("style", {"A": 400, "B": 300}),
        ("sku", {"S1": 400, "S2": 200, "S4": 100}),
        ("category", {"床品": 400, "被芯": 300}),
        ("role", {"主推": 400, "引流": 200, "unknown": 100}),
        ("buyer", {"new": 500, "returning": 200}),
        ("carrier", {"直播": 300, "unknown": 400}),
        ("influencer", {"x": 300, "unknown": 400}),
    ],
)
def test_sales_by_what_was_sold(sold: Metrics, by: str, parts: dict[str, float]) -> None:
    """A code that nobody knows is of the product it is sold as; a product that is not listed is known by its codes."""
    assert _cut(sold, "gmv", by) == parts


@pytest.mark.parametrize(
    "by", ["style", "sku", "category", "role", "product", "channel", "influencer", "buyer"]
)
def test_what_is_left_adds_up_over_goods(sold: Metrics, by: str) -> None:
    """Refunds, costs and profit of the parts come to those of the whole."""
    names = ["refund_amount", "cost_restocked", "gross_profit", "units_returned"]
    found = sold.query(names, by=[by], period="2025-11").frame.groupby("metric")["value"].sum()
    assert [found[name] for name in names] == pytest.approx([215, 60, 285, 1])


def test_costs_fall_on_what_caused_them(sold: Metrics) -> None:
    """The commission of t1 by its lines, other fees by the month's sales; ads of p2 on p2, others on that day's."""
    fees = {"A": 12 * 2 / 3 + 25 * 4 / 6, "B": 12 / 3 + 25 * 2 / 6}
    assert _cut(sold, "allocated_fees", "style", scope={"platform": "tmall"}) == pytest.approx(fees)
    ads = {"A": 30 * 2 / 3, "B": 30 / 3 + 10}
    assert _cut(sold, "allocated_ads", "style", scope={"platform": "tmall"}) == pytest.approx(ads)
    assert _cut(sold, "allocated_ads", "style", scope={"platform": "jd"}) == {"unknown": 10}


def test_allocated_or_not_it_is_the_same_money(sold: Metrics) -> None:
    """By platform and day both ways to count fees and ads come to the same."""
    pairs = {
        "allocated_fees": "variable_fees",
        "allocated_ads": "ad_spend",
        "product_contribution": "contribution",
    }
    wide = sold.query([*pairs, *pairs.values()], by=["platform", "day"], period="2025-11").wide()
    for one, other in pairs.items():
        assert list(wide[one]) == pytest.approx(list(wide[other]), nan_ok=True)


def test_a_bundle_has_its_own_code_and_the_pieces_inside(shop: Any) -> None:
    """A set of two codes of one product is of that product; of two products it is the platform's product."""
    for code, style in (("x1", "X"), ("x2", "X"), ("y1", "Y")):
        shop.add("skus", "all", sku_id=code, spu_id=style)
        shop.add("costs", "all", sku_id=code, unit_cost=10)
    for bundle, inside in (("SET", ("x1", "x2")), ("MIX", ("x1", "y1"))):
        for code in inside:
            told = {"sku_id": code, "units_multiplier": 1, "match_method": "bundle"}
            shop.add("sku_map", "all", map_platform="all", platform_sku_id=bundle, **told)
        shop.order(_DAY, 100, spu_id=f"p-{bundle}")
        shop.rows["order_lines"][-1]["sku_id"] = bundle
    metrics, scope = _month(shop), {"shop": "tmall-1"}
    assert _cut(metrics, "gmv", "sku", scope=scope) == {"MIX": 100, "SET": 100}
    assert _cut(metrics, "gmv", "style", scope=scope) == {"X": 100, "tmall:p-MIX": 100}
    assert _cut(metrics, "cost_sold", "sku", scope=scope) == {"MIX": 20, "SET": 20}
    assert metrics.query(["skus_sold"], period="2025-11").cell("skus_sold") == 3


# Each of these is a case of its own shop: pieces and cost of goods that came back.
_UNDONE: dict[str, tuple[dict[str, Any], float, float]] = {
    "half of its line": ({"platform_line_id": "half of its line-0"}, 0.5, 30),
    "more than its product was paid with": ({"spu_id": "p2"}, 1, 20),
    "a part of its order": ({}, 2 * 50 / 140, 80 * 50 / 140),
    "of a product not in the order": ({"spu_id": "other"}, 2 * 50 / 140, 80 * 50 / 140),
    "pieces that are told": ({"platform_line_id": "pieces that are told-0", "qty": 2}, 2, 30),
}


def test_a_refund_undoes_its_line_its_product_or_its_order(shop: Any) -> None:
    """By the share of their money that went back, and never more than all. p1 was paid with 100, p2 with 40."""
    for case, (values, *_) in _UNDONE.items():
        key = shop.order(_DAY, 0, number=case, shop_id=case, lines=[("p1", 100), ("p2", 40)])
        for line, cost in zip(shop.rows["order_lines"][-2:], (60, 20), strict=True):
            line["unit_cost"] = cost
        shop.refund(_DAY, 50, order_key=key, type="退货退款", stage="签收后", **values)
    metrics = _month(shop)
    units, cost = (_cut(metrics, name, "shop_id") for name in ("units_returned", "cost_restocked"))
    found = {case: (units[case], cost[case]) for case in _UNDONE}
    assert found == {case: pytest.approx(told[1:]) for case, told in _UNDONE.items()}


_RESTOCKED: dict[str, tuple[dict[str, Any], float]] = {
    "sent back": ({"type": "退货退款"}, 60),
    "kept": ({"type": "仅退款"}, 0),
    "never sent": ({"type": "仅退款", "stage": "发货前"}, 60),
    "not told, all of it": ({}, 60),
    "not told, half": ({"refund_goods_amt": 50}, 0),
    "exchanged": ({"type": "换货"}, 0),
}


def test_goods_back_in_stock(shop: Any) -> None:
    """Sent back, never sent, or, where that is not told, paid back whole."""
    for case, (values, _) in _RESTOCKED.items():
        key = shop.order(_DAY, 100, shop_id=case)
        shop.rows["order_lines"][-1]["unit_cost"] = 60
        shop.refund(_DAY, 0, order_key=key, **({"refund_goods_amt": 100} | values))
    found = _cut(_month(shop), "cost_restocked", "shop_id")
    assert {case: found[case] for case in _RESTOCKED} == {
        case: cost for case, (_, cost) in _RESTOCKED.items()
    }


_NOON, _TO_DAY = datetime(2025, 11, 5, 12), timedelta(days=1)
_STAGES: dict[str, tuple[dict[str, Any], str]] = {
    "shipped later": ({"shipped_at": _NOON + _TO_DAY}, "发货前"),
    "never shipped": ({"status_std": "closed"}, "发货前"),
    "received later": ({"shipped_at": _NOON - _TO_DAY, "signed_at": _NOON + _TO_DAY}, "发货后未签收"),
    "received": ({"shipped_at": _NOON - 2 * _TO_DAY, "signed_at": _NOON - _TO_DAY}, "签收后"),
    "completed": ({"shipped_at": _NOON - 2 * _TO_DAY, "completed_at": _NOON - _TO_DAY}, "签收后"),
    "between": ({"shipped_at": _NOON - 2 * _TO_DAY, "completed_at": _NOON + _TO_DAY}, "unknown"),
}


def test_a_stage_that_is_not_told_follows_from_the_order(shop: Any) -> None:
    """Between shipping and completion, without a time of receipt, it stays unknown."""
    for case, (order, _) in _STAGES.items():
        key = shop.order(_FIRST, 100, shop_id=case, **order)
        shop.refund(_DAY, 50, order_key=key, applied_at=_NOON)
    found = _month(shop).query(["refund_amount"], by=["shop", "stage"], period="2025-11").frame
    assert dict(zip(found["shop_id"], found["stage"], strict=True)) == {
        case: stage for case, (_, stage) in _STAGES.items()
    }


def test_without_times_of_shipping_no_stage_is_guessed(shop: Any) -> None:
    """A platform that never tells when goods leave leaves it open."""
    shop.refund(_DAY, 50, order_key=shop.order(_FIRST, 100, status_std="closed"))
    assert _cut(_month(shop), "refund_amount", "stage") == {"unknown": 50}


_REASONS = {
    "7天无理由退货": "买家原因", "不想要了": "买家原因", "拍错/多拍": "买家原因", "拒收": "买家原因",
    "地址/电话填错": "买家原因", "快递/物流一直未送到": "物流", "包裹破损": "物流", "质量问题": "质量", "尺寸不符": "质量",
    "与描述不符": "商品描述不符", "未按约定时间发货": "发货", "少件/漏发": "发货", "商家降价": "价格", "客服态度差": "服务",
    "Item is defective": "质量", "其他": "其他", "???": "unknown",
}  # fmt: skip


def test_reasons_in_the_words_of_platforms(shop: Any) -> None:
    """Each falls into the branch its words speak of; words that say nothing stay unknown."""
    for said in _REASONS:
        shop.refund(_DAY, 50, order_key=shop.order(_FIRST, 100, shop_id=said), reason_raw=said)
    found = _month(shop).query(["refund_amount"], by=["shop", "reason"], period="2025-11").frame
    assert dict(zip(found["shop_id"], found["reason"], strict=True)) == _REASONS


def test_a_code_that_changed_its_meaning(shop: Any) -> None:
    """Until the 10th the number stood for x, then for y; on each day it is what it was then."""
    told = {"map_platform": "tmall", "platform_sku_id": "9", "units_multiplier": 1, "match_method": "form"}
    shop.add("sku_map", "all", sku_id="x", valid_to=date(2025, 11, 10), **told)
    shop.add("sku_map", "all", sku_id="y", valid_from=date(2025, 11, 11), **told)
    for day in (10, 11):
        shop.order(date(2025, 11, day), 100)
        shop.rows["order_lines"][-1]["platform_sku_id"] = "9"
    assert _cut(_month(shop), "gmv", "sku", scope={"shop": "tmall-1"}) == {"x": 100, "y": 100}


def test_a_buyer_is_new_once(sold: Metrics) -> None:
    """New buyers of days add up to those of the month; a buyer of October is not new in November."""
    days = sold.query(["new_buyers"], by=["day"], period="2025-11").frame["value"]
    assert days.sum() == 3
    assert _cut(sold, "buyers", "buyer") == {"new": 3, "returning": 2}


def test_an_index_is_of_the_part_against_all(sold: Metrics) -> None:
    """Refund rates of 215/600 and of nothing, against 215/700; a part without data has none."""
    found = sold.query(["refund_index", "ad_index"], by=["platform"], period="2025-11")
    assert found.cell("refund_index", platform="tmall") == pytest.approx(7 / 6)
    assert found.cell("refund_index", platform="jd") == 0
    assert found.cell("ad_index", platform="jd") == pytest.approx(10 / 14)
