"""Traffic and advertising of one platform as its own files tell them, in the schema's words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.files.figures import means
from reportkit.demo.numbers import campaign_id, item_id
from reportkit.demo.tables.told import Values
from reportkit.demo.world import Facts, World

__all__ = ["Daily"]


class Daily:
    """What is known of the days of `facts`; a platform that tells something otherwise has a class of its own."""

    def __init__(self, world: World, facts: Facts) -> None:
        self.world, self.facts, self.platform = world, facts, facts.platform
        self.shop = world.merchant.platforms[facts.platform].shop

    def days(self) -> Values:
        """Return every column of ``traffic`` that the world knows of the shop's days."""
        return self._visited(self._shop_rows())

    def channels(self) -> Values:
        """Return every column of ``traffic`` that the world knows of the days of its channels."""
        rows = self._channel_rows()
        return self._visited(rows) | {"channel": rows["channel"].astype("str")}

    def items(self) -> Values:
        """Return every column of ``traffic`` that the world knows of the days of its items."""
        rows = self.facts.items
        return {
            **self._day(rows, "item"),
            "spu_id": item_id(self.platform, rows["product"]),
            "visitors": rows["visitors"],
            "pv": rows["pv"],
            "cart_users": rows["cart"],
            "fav_users": rows["fav"],
            "click_users": rows["visitors"],
            "pay_buyers": rows["pay_buyers"],
            "pay_orders": rows["pay_orders"],
            "pay_amt_platform": rows["amount"],
        }

    def ads(self) -> Values:
        """Return every column of ``ads`` that the world knows."""
        rows, scenes = self.facts.ads, pd.Index(list(self.world.merchant.platforms[self.platform].ads))
        return {
            "date": rows["day"],
            "shop_id": self.shop,
            "product_line": rows["scene"].astype("str"),
            "campaign": campaign_id(self.platform, scenes.get_indexer(pd.Index(rows["scene"].astype(str)))),
            "spend_cash": rows["spend"],
            "spend_bonus": rows["bonus"],
            "impressions": rows["impressions"],
            "clicks": rows["clicks"],
            "attr_gmv": rows["gmv"],
            "attr_orders": rows["orders"],
            "attr_new_buyers": rows["new_buyers"],
            "attr_basis": "click",
        }

    def _shop_rows(self) -> pd.DataFrame:
        rows = self.facts.visitors
        return rows[rows["channel"] == ""]

    def _channel_rows(self) -> pd.DataFrame:
        """Rows of channels; one of several days has its last in `until`."""
        rows = self.facts.visitors
        return rows[rows["channel"] != ""]

    def _day(self, rows: pd.DataFrame, scope: str) -> Values:
        until = rows["until"] if "until" in rows else rows["day"]
        told = {"date_from": rows["day"], "date_to": until, "shop_id": self.shop, "scope": scope}
        grain = "month" if "until" in rows else "day"
        return {**told, "period_grain": grain, "agg_basis": None, "is_provisional": False}

    def _visited(self, rows: pd.DataFrame) -> Values:
        return {
            **self._day(rows, "shop"),
            "visitors": rows["visitors"],
            "pv": rows["pv"],
            "new_visitors": rows["new_visitors"],
            "impressions": rows["impressions"],
            "impression_users": rows["impressions"],
            "clicks": rows["clicks"],
            "click_users": rows["visitors"],
            "bounce_visitors": rows["bounce"],
            "stay_seconds_total": _stayed(rows),
            "cart_users": rows["cart"],
            "fav_users": rows["fav"],
            "order_buyers": rows["order_buyers"],
            "pay_buyers": rows["pay_buyers"],
            "pay_orders": rows["pay_orders"],
            "pay_amt_platform": rows["amount"],
        }


def _stayed(rows: pd.DataFrame) -> np.ndarray:
    """Seconds stayed in all, as they come out of the mean a visitor that files tell to two decimals."""
    mean = means(rows["stay_seconds"] * 100, rows["visitors"])
    return np.asarray(mean * rows["visitors"].to_numpy() / 100)
