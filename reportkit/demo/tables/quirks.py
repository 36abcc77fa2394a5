"""What single platforms tell of trade otherwise than it was."""

from __future__ import annotations

import pandas as pd

from reportkit.demo.files.jd_told import after_sales, called_off, shared_dues, told_orders
from reportkit.demo.files.pdd import agreed, told_states
from reportkit.demo.numbers import item_id, order_id
from reportkit.demo.tables.told import Told, Values, report
from reportkit.demo.tables.trade import Trade
from reportkit.demo.tables.words import worded

__all__ = ["TRADES"]

_OFF = ("cancelled", "called_off")  # the states of an order that JD calls deleted


class Tmall(Trade):
    """What the buyer gets back holds freight."""

    def refunds(self, told: Told) -> Values:
        return super().refunds(told) | {"refund_goods_amt": self._given_back()}


class Jd(Trade):
    """One number names product and variant; an order's amount is shared out; orders called off are no after-sales."""

    def _orders(self) -> pd.DataFrame:
        return told_orders(self.facts.orders)

    def _refunds(self) -> pd.DataFrame:
        return self.facts.refunds[after_sales(self.facts.refunds)]

    def orders(self, told: Told) -> Values:
        """A word behind (删除), whatever it is, tells of an order that is closed."""
        state, closed = self.orders_told["state"], self.orders_told["closed"].notna()
        words = told.words["state"]
        meaning = told.meaning("orders", "status_std", words) | dict.fromkeys(_OFF, "closed")
        return super().orders(told) | {
            "close_reason": worded(state.where(closed), words),
            "status_std": worded(state, meaning),
        }

    def lines(self, told: Told) -> Values:
        values = super().lines(told)
        return values | {
            "platform_sku_id": values["spu_id"],
            "goods_receivable_amt": shared_dues(self.facts.lines),
        }

    def refunds(self, told: Told) -> Values:
        """Only money that came back has an amount and a state that is known."""
        state, back = self.refunds_told["state"], self._given_back()
        values = super().refunds(told) | {"status_std": worded(state, {"success": "success"})}
        return values | {"refund_goods_amt": back.astype("Int64").where(state == "success")}

    def standing_in(self) -> list[pd.DataFrame]:
        told, place = report("jd/orders"), self.facts.lines["order"].to_numpy()
        off = called_off(self.facts.orders).to_numpy()[place]
        lines, orders = self.facts.lines[off], self.orders_told.take(place[off])
        values = {
            "platform_order_id": order_id("jd", lines["serial"]),
            "spu_id": item_id("jd", lines["product"]),
            **dict.fromkeys(("applied_at", "refunded_at", "closed_at"), orders["ended"]),
            "type": "仅退款",
            "stage": "发货前",
            "refund_goods_amt": shared_dues(self.facts.lines)[off],
            "qty": lines["qty"],
            "status_raw": worded(orders["state"], told.words["state"]),
            "status_std": "success",
        }
        return [told.frame("refunds", values).assign(is_placeholder=True)]


class Pdd(Trade):
    """An order's day stands in its number and nowhere else; money goes back when the refund is agreed to."""

    def _orders(self) -> pd.DataFrame:
        orders = super()._orders()
        return orders.assign(created=orders["created"].dt.normalize(), state=told_states(orders))

    def lines(self, told: Told) -> Values:
        return super().lines(told) | {"platform_subsidy_amt": self._borne()}

    def refunds(self, told: Told) -> Values:
        values = super().refunds(told) | {"agreed_at": agreed(self.refunds_told)}
        return values | {"refund_goods_amt": self._given_back()}


class Douyin(Trade):
    """An order that is closed tells no completion; an exchange is not closed; no subsidy given back is no amount."""

    def orders(self, told: Told) -> Values:
        return super().orders(told) | {"completed_at": self._completed()}

    def refunds(self, told: Told) -> Values:
        known = self.refunds_told
        ended = known["state"].isin(["refused", "cancelled"])
        return super().refunds(told) | {
            "closed_at": known["resolved"].where(ended),
            "refund_subsidy_amt": known["back_subsidy"].astype("Int64").where(known["back_subsidy"] != 0),
        }


class Xiaohongshu(Trade):
    """An order that is closed tells no completion; what influencers bear is the platform's."""

    def orders(self, told: Told) -> Values:
        return super().orders(told) | {"completed_at": self._completed()}

    def lines(self, told: Told) -> Values:
        return super().lines(told) | {"platform_subsidy_amt": self._borne()}


class TikTok(Trade):
    """Names of provinces stay as they are; a return is of one piece at least."""

    def orders(self, told: Told) -> Values:
        provinces = {name: name for name in self.world.merchant.provinces}
        return super().orders(told) | {"province": worded(self.orders_told["province"], provinces)}

    def refunds(self, told: Told) -> Values:
        return super().refunds(told) | {"qty": self.refunds_told["back_qty"].clip(lower=1)}


TRADES: dict[str, type[Trade]] = {
    "tmall": Tmall,
    "jd": Jd,
    "pdd": Pdd,
    "douyin": Douyin,
    "xiaohongshu": Xiaohongshu,
    "tiktok_shop": TikTok,
}
