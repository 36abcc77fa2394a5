"""Xiaohongshu's files: orders, after-sales, the settlement of goods, and advertising."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from reportkit.demo.files.bills import fee_rows
from reportkit.demo.files.cells import constant, dates, moments, texts, words, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import (
    buyer_name,
    campaign_id,
    influencer_id,
    item_id,
    order_id,
    platform_sku_id,
    refund_id,
)
from reportkit.demo.world import Facts, World

__all__ = ["REPORTS", "entries"]

_ID = "xiaohongshu"


def orders(span: Span) -> Frame:
    """Return one row a line; what belongs to the order stands on each of its rows."""
    say = layouts()["xiaohongshu/orders"].words
    catalogue, lines = span.world.catalogue, span.facts.lines
    of = span.facts.orders.take(lines["order"].to_numpy())
    product, sku = (pa.array(lines[name].to_numpy()) for name in ("product", "sku"))
    borne = lines["platform"] + lines["influencer"]
    place = span.world.merchant.provinces
    return {
        "number": order_id(_ID, of["serial"]),
        "state": words(of["state"], say["state"]),
        "refund_state": words(lines["refund_state"], say["refund_state"]),
        "kind": words(of["presale"], say["kind"]),
        "province": words(of["province"], {name: name for name in place}),
        "city": words(of["province"], {name: place[name].city for name in place}),
        "sku": platform_sku_id(_ID, lines["sku"]),
        "influencer": influencer_id(_ID, of["influencer"]),
        "title": texts(catalogue.products["title"]).take(product),
        "spec": texts(catalogue.skus["spec"]).take(sku),
        "qty": texts(lines["qty"]),
        "listed": yuan(lines["listed"]),
        "payable": yuan(lines["due"] - borne),
        "platform": yuan(borne),
        "discount": yuan(lines["discount"]),
        "payment": yuan(lines["payment"]),
        "due": yuan(lines["due"]),
        "paid": moments(of["paid"]),
        "freight": yuan(of["freight"]),
        "created": moments(of["created"]),
        "shipped": moments(of["shipped"]),
        "ended": moments(of["ended"].fillna(of["completed"]).fillna(of["cancelled"])),
        "shop": constant(span.world.merchant.platforms[_ID].shop, len(lines)),
        "buyer": buyer_name(_ID, of["buyer"]),
        "code": texts(catalogue.skus["code"]).take(sku),
        "item": item_id(_ID, lines["product"]),
    }


def refunds(span: Span) -> Frame:
    """Return one row an after-sale; the amount is what was asked for."""
    say, rows = layouts()["xiaohongshu/refunds"].words, span.facts.refunds
    success = rows["state"] == "success"
    return {
        "refund_number": refund_id(_ID, rows["refund"]),
        "number": order_id(_ID, rows["serial"]),
        "item": item_id(_ID, rows["product"]),
        "title": texts(span.world.catalogue.products["title"]).take(pa.array(rows["product"].to_numpy())),
        "kind": words(rows["type"], say["kind"]),
        "reason": texts(rows["reason"]),
        "goods": yuan(rows["back_goods"]),
        "state": words(rows["state"], say["state"]),
        "asked": moments(rows["asked"]),
        "returned": moments(rows["returned"]),
        "refunded": moments(rows["resolved"].where(success)),
    }


def settlement(span: Span) -> Frame:
    """Return one row a line settled, or taken back; fees are written as what they do to the balance."""
    say, rows = layouts()["xiaohongshu/settlement"].words, span.facts.payouts
    subsidy = rows["platform"] + rows["influencer"] + rows["payment"]
    return {
        "number": order_id(_ID, rows["serial"]),
        "refund_number": refund_id(_ID, rows["refund"]),
        "created": moments(rows["created"]),
        "at": moments(rows["at"]),
        "kind": words(rows["kind"], say["kind"]),
        "net": yuan(rows["net"]),
        "due": yuan(rows["due"]),
        "goods": yuan(rows["due"] - subsidy),
        "freight": yuan(rows["freight"]),
        "subsidy": yuan(subsidy),
        "commission": yuan(-_commission(rows)),
        "payment_fee": yuan(-rows["payment_fee"]),
        "influencer_fee": yuan(-rows["influencer_fee"]),
    }


def ads(span: Span) -> Frame:
    """Return one row a day and campaign."""
    rows, scenes = span.facts.ads, pd.Index(list(span.world.merchant.platforms[_ID].ads))
    return {
        "day": dates(rows["day"]),
        "scene": texts(rows["scene"]),
        "campaign": campaign_id(_ID, scenes.get_indexer(pd.Index(rows["scene"]))),
        "spend": yuan(rows["spend"] + rows["bonus"]),
        "impressions": texts(rows["impressions"]),
        "clicks": texts(rows["clicks"]),
    }


REPORTS = (
    Report("xiaohongshu/orders", orders),
    Report("xiaohongshu/refunds", refunds),
    Report("xiaohongshu/settlement", settlement),
    Report("xiaohongshu/ads", ads),
)


def entries(world: World, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the rows of ``settlements`` and ``fees`` that the settlement file brings, in the schema's words.

    Money is whole fen, times are naive local ones.
    """
    rows, say = facts.payouts, layouts()["xiaohongshu/settlement"].words["kind"]
    order = order_id(_ID, rows["serial"]).to_pandas()
    gross = (rows["due"] + rows["freight"]).to_numpy()
    settlements = pd.DataFrame(
        {
            "settle_date": rows["at"].dt.normalize().to_numpy(),
            "settled_at": rows["at"].to_numpy(),
            "flow_id": refund_id(_ID, rows["refund"]).to_pandas(),
            "platform_order_id": order,
            "entry_raw": rows["kind"].astype(str).map(say).to_numpy(),
            "entry_std": np.where(rows["kind"] == "refund", "退款", "货款"),
            "gross_amt": gross,
            "deductions": gross - rows["net"].to_numpy(),
            "settled_amt": rows["net"].to_numpy(),
        }
    )
    return {"settlements": settlements, "fees": _fees(rows, settlements)}


def _commission(rows: pd.DataFrame) -> pd.Series:
    """The platform's commission holds what it takes for its service."""
    return rows["commission"] + rows["service"]


def _fees(rows: pd.DataFrame, settlements: pd.DataFrame) -> pd.DataFrame:
    """What no column names is the rest of the deductions."""
    named = {
        ("平台扣点", "佣金"): _commission(rows).to_numpy(),
        ("支付手续费", "支付渠道费"): rows["payment_fee"].to_numpy(),
        ("达人佣金", "分销佣金"): rows["influencer_fee"].to_numpy(),
    }
    rest = settlements["deductions"].to_numpy() - sum(named.values())
    return fee_rows(settlements, {**named, ("其他", "其他扣除"): rest})
