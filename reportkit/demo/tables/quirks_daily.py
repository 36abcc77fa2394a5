"""What single platforms tell of days otherwise than it was."""

from __future__ import annotations

import pandas as pd

from reportkit.demo.files.douyin_daily import accounts
from reportkit.demo.files.jd_told import deal_amounts
from reportkit.demo.files.pdd_daily import advertised
from reportkit.demo.numbers import item_id
from reportkit.demo.tables.daily import Daily
from reportkit.demo.tables.told import Values, report
from reportkit.demo.tables.words import worded

__all__ = ["DAYS"]


class Tmall(Daily):
    """Channels are told by the month; advertising is for the shop."""

    def _channel_rows(self) -> pd.DataFrame:
        rows = super()._channel_rows()
        figures = [name for name in rows.select_dtypes("number") if name != "bounce"]
        month = rows["day"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
        by = rows.groupby([month, rows["channel"].astype(str)], sort=False)
        ends = by["day"].agg(day="min", until="max")
        return by[figures].sum().join(ends).assign(bounce=0).reset_index("channel")

    def ads(self) -> Values:
        return super().ads() | {"spu_id": None}


class Jd(Daily):
    """The shop's amount lacks what was cancelled on the day it was paid."""

    def days(self) -> Values:
        rows = self._shop_rows()
        return super().days() | {"pay_amt_platform": deal_amounts(rows, self.facts.refunds)}


class Pdd(Daily):
    """Amounts are what users paid; a plan advertises one item, and credit is inside the spend."""

    def days(self) -> Values:
        rows = self._shop_rows()
        paid = rows["amount"] - rows["platform"] - rows["influencer"] - rows["payment"]
        return super().days() | {"pay_amt_platform": paid}

    def ads(self) -> Values:
        values = super().ads()
        item = item_id(self.platform, advertised(self.world, self.facts.ads["scene"]))
        plan = values["product_line"] + report("pdd/ads").words["plan"]
        return values | {
            "campaign": plan,
            "spu_id": item,
            "spend_cash": self.facts.ads["spend"] + self.facts.ads["bonus"],
        }


class Douyin(Daily):
    """The payment service's discount is no sale of a shop, and nobody's subsidy is one of an item."""

    def days(self) -> Values:
        rows = self._shop_rows()
        return super().days() | {"pay_amt_platform": rows["amount"] - rows["payment"]}

    def items(self) -> Values:
        rows = self.facts.items
        return super().items() | {"pay_amt_platform": rows["amount"] - rows["borne"]}

    def ads(self) -> Values:
        return super().ads() | {"account": worded(self.facts.ads["scene"], accounts(self.world))}


class Xiaohongshu(Daily):
    """Credit is inside the spend."""

    def ads(self) -> Values:
        return super().ads() | {"spend_cash": self.facts.ads["spend"] + self.facts.ads["bonus"]}


DAYS: dict[str, type[Daily]] = {
    "tmall": Tmall,
    "jd": Jd,
    "pdd": Pdd,
    "douyin": Douyin,
    "xiaohongshu": Xiaohongshu,
}
