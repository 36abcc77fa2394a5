"""Orders, lines and refunds of one platform as its own files tell them, in the schema's words."""

from __future__ import annotations

import pandas as pd

from reportkit.demo.numbers import (
    buyer_name,
    influencer_id,
    item_id,
    line_id,
    order_id,
    platform_sku_id,
    refund_id,
)
from reportkit.demo.tables.told import Told, Values
from reportkit.demo.tables.words import provinces, worded
from reportkit.demo.world import Facts, World

__all__ = ["Trade"]


_MARKS = ("is_brush", "is_internal", "is_test", "is_gift")


class Trade:
    """What is known of `facts`; a platform that tells something otherwise has a class of its own."""

    def __init__(self, world: World, facts: Facts) -> None:
        self.world, self.facts, self.platform = world, facts, facts.platform
        self.shop = world.merchant.platforms[facts.platform].shop
        self.orders_told, self.refunds_told = self._orders(), self._refunds()

    def _orders(self) -> pd.DataFrame:
        """The orders as the platform tells them: `state`, and `closed`, when one ended without a sale."""
        orders = self.facts.orders
        return orders.assign(closed=orders["cancelled"].fillna(orders["ended"]))

    def _refunds(self) -> pd.DataFrame:
        """The refunds that the platform's after-sales file holds."""
        return self.facts.refunds

    def orders(self, told: Told) -> Values:
        """Return every column of ``orders`` that the world knows."""
        known = self.orders_told
        places = self.world.merchant.provinces
        return {
            "platform_order_id": order_id(self.platform, known["serial"], known["created"]),
            "shop_id": self.shop,
            "customer_key": buyer_name(self.platform, known["buyer"]),
            **self.status(told, "orders", known["state"]),
            "created_at": known["created"],
            "deposit_paid_at": known["deposit_paid"],
            "paid_at": known["paid"],
            "shipped_at": known["shipped"],
            "collected_at": known["collected"],
            "signed_at": known["signed"],
            "completed_at": known["completed"],
            "closed_at": known["closed"],
            "close_reason": worded(known["state"], told.words.get("closed_because", {})),
            "is_presale": known["presale"],
            **dict.fromkeys(_MARKS, False),
            "province": worded(known["province"], provinces(tuple(places))),
            "city": worded(known["province"], {name: place.city for name, place in places.items()}),
            "carrier": worded(known["carrier"], {name: name for name in known["carrier"].cat.categories}),
            "influencer_id": influencer_id(self.platform, known["influencer"]),
            "freight_charged": known["freight"],
        }

    def lines(self, told: Told) -> Values:
        """Return every column of ``order_lines`` that the world knows."""
        lines, catalogue = self.facts.lines, self.world.catalogue
        created = self.orders_told["created"].take(lines["order"].to_numpy())
        return {
            "platform_order_id": order_id(self.platform, lines["serial"], created),
            "platform_line_id": line_id(self.platform, lines["serial"], lines["line"]),
            "spu_id": item_id(self.platform, lines["product"]),
            "platform_sku_id": platform_sku_id(self.platform, lines["sku"]),
            "sku_id": catalogue.skus["code"].take(lines["sku"].to_numpy()),
            "title": catalogue.products["title"].take(lines["product"].to_numpy()),
            "qty": lines["qty"],
            "list_amt": lines["listed"],
            "merchant_discount_amt": lines["discount"],
            "goods_receivable_amt": lines["due"],
            "platform_subsidy_amt": lines["platform"],
            "influencer_subsidy_amt": lines["influencer"],
            "payment_subsidy_amt": lines["payment"],
            "buyer_paid_goods_amt": lines["due"] - lines["platform"] - lines["influencer"] - lines["payment"],
            "created_at": created,
        }

    def refunds(self, told: Told) -> Values:
        """Return every column of ``refunds`` that the world knows."""
        known = self.refunds_told
        success = known["state"] == "success"
        return {
            "platform_refund_id": refund_id(self.platform, known["refund"]),
            "platform_order_id": order_id(self.platform, known["serial"], known["created"]),
            "platform_line_id": line_id(self.platform, known["serial"], known["line"]),
            "spu_id": item_id(self.platform, known["product"]),
            "shop_id": self.shop,
            "applied_at": known["asked"],
            "agreed_at": known["agreed"],
            "returned_at": known["returned"],
            "refunded_at": known["resolved"].where(success),
            "closed_at": known["resolved"].where(~success),
            "type": known["type"].astype("str"),
            "stage": known["stage"].astype("str"),
            "reason_raw": known["reason"].astype("str"),
            "refund_goods_amt": known["back_goods"],
            "refund_freight_amt": known["back_freight"],
            "refund_subsidy_amt": known["back_subsidy"],
            "qty": known["back_qty"],
            **self.status(told, "refunds", known["state"]),
            "platform_intervened": False,
        }

    def standing_in(self) -> list[pd.DataFrame]:
        """Return the refunds that only the order file tells; they give way to those of the after-sales file."""
        return []

    def _completed(self) -> pd.Series:
        """When orders were completed that still are."""
        known = self.orders_told
        completed: pd.Series = known["completed"].where(known["state"] == "completed")
        return completed

    def _given_back(self) -> pd.Series:
        """Goods and freight that went back, in fen."""
        back: pd.Series = self.refunds_told["back_goods"] + self.refunds_told["back_freight"]
        return back

    def _borne(self) -> pd.Series:
        """What platform and influencer bear of each line."""
        borne: pd.Series = self.facts.lines["platform"] + self.facts.lines["influencer"]
        return borne

    def status(self, told: Told, table: str, states: pd.Series) -> Values:
        """Return the platform's word for each of `states`, and what it means."""
        words = told.words.get("state", {})
        raw = worded(states, words)
        if "status_std" not in told.columns(table):
            return {"status_raw": raw}
        return {"status_raw": raw, "status_std": worded(states, told.meaning(table, "status_std", words))}
