"""Every metric of the dictionary, with a value that can be worked out by hand from tests/metrics/november.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from reportkit.metrics.query import Metrics
from tests.conftest import REPOSITORY

# Over both platforms and all of November.
GOLDEN: dict[str, float] = {
    # sales: 300 + 100 + 100 + 100 on tmall, 100 on jd
    "gmv": 700,
    "gmv_created": 750,
    "buyer_paid": 680,
    "gmv_live": 300,
    "brush_amt": 70,
    "gmv_platform": 30 * 20,
    "net_sales": 700 - 215,
    "revenue": 485 + 10 - 2,
    "freight_charged": 10,
    "orders": 5,
    "orders_created": 6,
    "orders_unpaid": 1,
    "unpaid_cancel_rate": 1 / 6,
    "presale_deposit_amt": 25,
    "presale_orders": 2,
    "presale_paid_orders": 1,
    "presale_pay_rate": 0.5,
    "units": 7,
    "buyers": 4,
    "new_buyers": 3,
    "old_buyers": 1,
    "gmv_new": 300 + 100 + 100,
    "new_share_gmv": 5 / 7,
    "aov_buyer": 700 / 4,
    "aov_order": 140,
    "asp": 100,
    "upt": 7 / 5,
    "attach_orders": 1,
    "attach_rate": 1 / 5,
    "list_amount": 830,
    "merchant_discount": 130,
    "discount_rate": 130 / 830,
    "subsidy_amount": 20,
    "subsidy_rate": 20 / 600,
    "hhi_platform": (6 / 7) ** 2 + (1 / 7) ** 2,
    "hhi_product": (4 / 7) ** 2 + (2 / 7) ** 2 + (1 / 7) ** 2,
    "hhi_sku": (4 / 7) ** 2 + (2 / 7) ** 2 + (1 / 7) ** 2,
    "growth_mom": 600 / 100 - 1,
    "growth_yoy": 600 / 200 - 1,
    "attain_month": 700 / 1000,
    "attain_quarter": 800 / 3200,
    "attain_year": 800 / 8000,
    # ads: 40 on tmall, 10 on jd, which tells nothing but that
    "ad_spend": 50,
    "ad_bonus": 5,
    "budget_use": 0.5,
    "roi_total": 14,
    "roi_total_net": 485 / 50,
    "roi_breakeven": 485 / 248,
    "ad_ratio": 50 / 700,
    "ad_impressions": 4000,
    "ad_thousand_impressions": 4,
    "ad_clicks": 100,
    "ad_ctr": 0.025,
    "cpc": 0.4,
    "cpm": 10,
    "cac_new": 50 / 3,
    "attr_gmv": 300,
    "attr_gmv_net": 240,
    "attr_gmv_settled": 200,
    "attr_orders": 4,
    "attr_new_buyers": 2,
    "attr_share": 0.5,
    "roas_attr": 7.5,
    "roas_net": 6,
    "roas_settled": 5,
    # costs: S1 for 60 + 30 + 30, S2 for 20 + 20, the code S4 of t3 unknown; 30 + 30 back in stock
    "gmv_costed": 600,
    "cost_coverage": 6 / 7,
    "refund_costed": 215,
    "net_sales_costed": 385,
    "cost_sold": 160,
    "cost_restocked": 60,
    "cogs": 100,
    "gross_profit": 285,
    "gross_margin_rate": 285 / 385,
    "gross_profit_gmv": 440,
    "gross_margin_gmv": 440 / 600,
    "fee_amount": 70,
    "variable_fees": 37,
    "fixed_fees": 33,
    "contribution_before_ads": 248,
    "contribution": 198,
    "contribution_rate": 198 / 485,
    "allocated_fees": 37,
    "allocated_ads": 50,
    "product_contribution": 198,
    "net_profit": 165,
    "net_margin_rate": 165 / 485,
    "expense_ratio": 70 / 485,
    **{
        name.format(kind): amount / whole
        for kind, amount in {
            "commission": 12, "service": 4, "influencer": 5, "freight": 10, "packing": 2, "insurance": 3,
            "payment": 1, "fine": 6, "labour": 20, "other": 7,
        }.items()
        for name, whole in (("fee_{}", 1), ("expense_ratio_{}", 485))
    },
    "fulfil_fees": 15,
    "orders_shipped": 4,
    "fulfil_cost_order": 15 / 4,
    "unsettled_receivable": (606 - 217 - 214) + 104,
    # refunds: half of a line of t1, all of t2, 20 and 5 of t5
    "refund_amount": 90 + 100 + 20 + 5,
    "refund_freight": 2,
    "refund_orders": 3,
    "refund_count": 4,
    "refund_rate_amt": 215 / 700,
    "refund_rate_order": 3 / 5,
    "refund_before_shipping": 100,
    "refund_on_the_way": 0,
    "refund_received": 115,
    "refund_rate_before_shipping": 100 / 700,
    "refund_rate_on_the_way": 0,
    "refund_rate_received": 115 / 700,
    "refund_staged": 215,
    "refund_stage_coverage": 1,
    "units_returned": 1,
    "return_rate": 1 / 7,
    "quality_refund_orders": 1,
    "quality_refund_rate": 1 / 5,
    # cases took 24, 12, 96 and 24 hours; two are open, one of them since less than 48 hours
    "aftersale_hours": 24,
    "aftersale_hours_p90": 24 + 0.7 * 72,
    "cases": 6,
    "cases_ended": 4,
    "cases_due": 5,
    "cases_ended_in_time": 3,
    "aftersale_close_rate": 3 / 5,
    "aftersale_in_sla": 3 / 4,
    "cases_intervened": 1,
    "intervene_rate": 1 / 6,
    "goods_lost": 0.2 * 30,
    "compensation": 5,
    "aftersale_cost": 6 + 2 + 5 + 3,
    "csat_index": (90 * 300 + 80 * 100 + 90 * 100) / 500,
    "item_score_index": 75,
    "reviews_written": 4,
    "reviews_bad": 2,
    "neg_review_rate": 0.5,
    "service_sessions": 40,
    "first_response_seconds": 10 * 20 + 30 * 60,
    "first_response_sec": 50,
    "service_converted": 4,
    "service_cvr": 0.1,
    "service_rated": 10,
    "service_satisfied": 9,
    "service_satisfaction": 0.9,
    # stock: 15 days of 460, then 15 of 320
    "inventory_value": 320,
    "inventory_value_avg": 390,
    "inventory_value_days": 15 * 460 + 15 * 320,
    "inventory_days": 390 * 30 / 100,
    "gmroi": 285 / 390,
    "stock_on_hand": 14,
    "stock_available": 14,
    "stock_in_transit": 8,
    "sku_days": 15 * 3 + 15 * 2,
    "stockout_days": 15,
    "stockout_rate": 0.2,
    "skus_on_sale": 3,
    "skus_sold": 2,
    "active_sku_rate": 2 / 3,
    "aging_0_30": 200,
    "aging_31_60": 120,
    # traffic: thirty equal days
    "visitors": 3000,
    "new_visitors": 1800,
    "new_visitor_share": 0.6,
    "pv": 7500,
    "pv_per_uv": 2.5,
    "bounce_visitors": 1200,
    "bounce_rate": 0.4,
    "stay_seconds": 150000,
    "page_stay_sec": 50,
    "impressions": 30000,
    "impression_users": 15000,
    "traffic_seen": 15000,
    "traffic_clicked": 3000,
    "ctr": 0.2,
    "cart_users": 300,
    "cart_rate": 0.1,
    "cart_qty": 450,
    "cart_qty_per_uv": 0.15,
    "fav_users": 150,
    "fav_rate": 0.05,
    "fav_cart_users": 450,
    "fav_cart_rate": 0.15,
    "reach_warm": 2 * 15,
    "order_buyers": 120,
    "order_rate": 0.04,
    "pay_buyers": 90,
    "pay_rate": 0.75,
    "cvr": 0.03,
    "uv_value": 600 / 3000,
    "first_purchase_cvr": 2 / 1800,
    "channel_visitors": 3500,
    "channel_pay_buyers": 90,
    "channel_gmv": 600,
    "channel_cvr": 90 / 3500,
    "hhi_channel": (4 / 7) ** 2 + (3 / 7) ** 2,
    "live_viewers": 80,
    "live_views": 0.4,
    "gpm": 300 / 0.4,
    "item_visitors": 50,
    "item_pay_buyers": 5,
    "item_cvr": 0.1,
    "item_seen": 400,
    "item_clicked": 80,
    "item_ctr": 0.2,
    "item_cart_users": 6,
    "item_cart_rate": 0.12,
    "item_fav_users": 4,
    "item_fav_cart_users": 10,
    "item_fav_cart_rate": 0.2,
}  # fmt: skip

# Of one part, or of other days.
_TMALL = {"scope": {"platform": "tmall"}}
_HALFWAY = {"as_of": "2025-11-15"}
_FIRST_DAY = {"period": "2025-11-01/2025-11-01"}
PARTS: dict[str, tuple[float, dict[str, Any]]] = {
    "platform_share": (6 / 7, _TMALL),
    "category_share": (4 / 7, {"scope": {"category": "床品"}}),
    "region_share": (4 / 5, {"scope": {"province": "浙江省"}}),
    "role_mix": (4 / 7, {"scope": {"role": "主推"}}),
    "role_mix_profit": (125 / 285, {"scope": {"role": "主推"}}),
    "pace": (600 / 500, _HALFWAY),
    "projection": (1200, _HALFWAY),
    "budget_pace": (1, _HALFWAY),
    "ad_spend_share": (0.8, _TMALL),
    "ad_index": (15 / 14, _TMALL),
    "refund_share_platform": (1, _TMALL),
    "refund_index": ((215 / 600) / (215 / 700), _TMALL),
    "refund_reason_share": (90 / 215, {"scope": {"reason": "质量"}}),
    "refund_reason_share_count": (1 / 4, {"scope": {"reason": "质量"}}),
    "csat_native": ((4.6 * 300 + 4.2 * 100) / 400, _TMALL),
    "channel_share": (4 / 7, {"scope": {"channel": "搜索"}}),
    "stockout_skus": (1, _FIRST_DAY),
    "aging_61_90": (100, _FIRST_DAY),
    "aging_91_180": (50, _FIRST_DAY),
    "aging_over_180": (10, _FIRST_DAY),
}

# These take a longer history than this merchant has.
_ELSEWHERE = {"projected.yaml": "test_projected.py"}


def _ask(metrics: Metrics, names: list[str], **kwargs: Any) -> dict[str, float | None]:
    found = metrics.query(names, **({"period": "2025-11", "as_of": "2025-11-30"} | kwargs))
    return {name: found.cell(name) for name in names}


def test_every_metric_over_the_whole_month(sold: Metrics) -> None:
    """Worked out by hand, all in one query."""
    assert _ask(sold, list(GOLDEN)) == pytest.approx(GOLDEN)


@pytest.mark.parametrize("name", PARTS)
def test_metrics_of_a_part(sold: Metrics, name: str) -> None:
    """Shares, indices, paces and stock of other days, worked out by hand."""
    value, asked = PARTS[name]
    assert _ask(sold, [name], **asked) == pytest.approx({name: value})


def test_no_metric_is_without_a_golden_value(sold: Metrics) -> None:
    """A metric that is added to the dictionary has a value here, or in the test that is named for its file."""
    told = set(GOLDEN) | set(PARTS)
    for file, test in _ELSEWHERE.items():
        text = Path(__file__).with_name(test).read_text("utf-8")
        own = yaml.safe_load((REPOSITORY / "params" / "metrics" / file).read_text("utf-8"))
        told |= {name for name in own if f'"{name}"' in text}
    assert sorted(set(sold.catalog) - told) == []
    assert sorted(told - set(sold.catalog)) == []


def test_what_no_file_tells_is_null_by_platform(sold: Metrics) -> None:
    """jd has no traffic, service or reviews, and no platform has stock of its own: null, neither 0 nor NaN."""
    names = ["visitors", "channel_visitors", "service_sessions", "reviews_written", "item_cvr", "attr_gmv"]
    stock = ["inventory_value", "inventory_value_avg", "inventory_days", "stockout_rate", "active_sku_rate"]
    found = sold.query([*names, *stock], by=["platform"], period="2025-11", as_of="2025-11-30")
    assert [found.cell(name, platform="jd") for name in names] == [None] * len(names)
    assert {found.cell(name, platform=one) for name in stock for one in ("tmall", "jd")} == {None}
    assert found.missing["inventory_value"] == ["tmall", "jd"]
    assert _ask(sold, stock, scope={"platform": "tmall"}) == dict.fromkeys(stock)
