"""The merchant's products ranked: what each sells and earns, and which of them need a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.analysis.inventory import abc
from reportkit.metrics.query import Result
from reportkit.study.change import COMPARISONS
from reportkit.study.goods import styles
from reportkit.study.products import Products
from reportkit.study.returned import returned

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["TAGS", "Ranking", "earned", "ranking"]

# In the order of their weight: what calls for a deed stands first.
TAGS = ("risk", "refunds", "busy", "slow", "quiet", "hit", "draw", "new")
_REQUESTS = (
    "gmv", "units", "item_cvr", "gross_margin_rate", "refund_rate_amt", "gross_profit", "orders", "refund_orders",
)  # fmt: skip


@dataclass(frozen=True)
class Ranking:
    """Products by GMV.

    `result` holds the metrics by style, `previous` beside them, `parts` GMV by style and platform, `whole` the
    metrics of all. `frame` has one row a style that sold in either period, the largest first: gmv, then, profit
    (money), units, margin, place and place_then (from 1; NaN without), klass (A, B, C by profit, by GMV where
    no cost is known), cover (days, NaN), new_share, title, category, role, refunds_more (share of its orders
    refunded beyond what is usual in its category), and a bool for each of TAGS.
    """

    result: Result
    parts: Result
    whole: Result
    frame: pd.DataFrame
    by_profit: bool

    def tags(self, style: str) -> list[str]:
        """Return the tags of a product, the gravest first."""
        return [tag for tag in TAGS if self.frame.at[style, tag]]


def ranking(study: Study) -> Ranking:
    """Rank the products of the period."""
    result = study.ask(_REQUESTS, by=["style"], compare=["previous"])
    whole = study.ask(_REQUESTS, compare=list(COMPARISONS))
    frame = _frame(result)
    known = styles(study.metrics).reindex(frame.index)
    frame = frame.join(known[["title", "category", "role", "listed"]])
    profit = frame["profit"] if frame["profit"].notna().any() else frame["gmv"]
    frame["klass"] = abc(profit, study.products.stock.abc)
    frame = frame.join(_shelved(study, frame.index)).assign(new_share=_new_share(study, frame.index))
    parts = study.ask(["gmv"], by=["style", "platform"])
    back = returned(study, frame["category"])
    frame = frame.assign(refunds=back["high"], refunds_more=back["more"])
    tagged = frame.assign(**_tags(study, frame, whole))
    return Ranking(result, parts, whole, tagged, bool(frame["profit"].notna().any()))


def _frame(result: Result) -> pd.DataFrame:
    """Return the values by style, without what is of no known product."""
    wide = result.wide().set_index("style")
    wide = wide[(wide.index != "unknown") & ((wide["gmv"] > 0) | (wide["gmv previous"] > 0))]
    columns = {
        "gmv": "gmv", "gmv previous": "then", "gross_profit": "profit", "units": "units", "orders": "orders",
        "gross_margin_rate": "margin", "refund_orders": "refund_orders",
    }  # fmt: skip
    frame = wide[list(columns)].rename(columns=columns).sort_values("gmv", ascending=False)
    for name, place in (("gmv", "place"), ("then", "place_then")):
        frame[place] = frame[name].where(frame[name] > 0).rank(ascending=False, method="first")
    return frame


def _shelved(study: Study, names: pd.Index) -> pd.DataFrame:
    """Return by style its days of cover, and whether a SKU of it is short or slow."""
    if study.stock.day is None:
        return pd.DataFrame({"cover": np.nan, "risk": False, "slow": False}, index=names)
    by = study.stock.frame.groupby("style")
    sums = by[["available", "rate"]].sum()
    found = pd.DataFrame({"cover": sums["available"] / sums["rate"].where(sums["rate"] > 0)})
    for zone in ("risk", "slow"):
        found[zone] = study.stock.frame["zone"].eq(zone).groupby(study.stock.frame["style"]).any()
    found = found.reindex(names)
    return found.assign(**{zone: found[zone].fillna(False).astype(bool) for zone in ("risk", "slow")})


def _new_share(study: Study, names: pd.Index) -> pd.Series:
    """Return by style the share of its buyers who bought for the first time; NaN where buyers are not told."""
    wide = study.ask(["buyers"], by=["style", "buyer"]).wide()
    table = wide.pivot_table(index="style", columns="buyer", values="buyers", aggfunc="sum")
    table = table.reindex(columns=["new", "returning"]).fillna(0.0)
    total = table.sum(axis=1)
    return (table["new"] / total.where(total > 0)).reindex(names)


def _tags(study: Study, frame: pd.DataFrame, whole: Result) -> dict[str, pd.Series]:
    rules: Products = study.products
    margin, share = whole.cell("gross_margin_rate"), frame["new_share"]
    usual = np.nan if margin is None else margin
    known = frame["orders"].where(share.notna())
    mean_new = (share * known).sum() / known.sum() if known.sum() > 0 else np.nan
    misfits = {
        kind: frame.index.isin([page.style for page in study.pages or () if page.kind == kind])
        for kind in ("busy", "quiet")
    }
    age = (pd.Timestamp(study.last) - frame["listed"]).dt.days
    return {
        **{kind: pd.Series(mask, index=frame.index) for kind, mask in misfits.items()},
        "hit": frame["klass"].eq("A") & (frame["margin"] >= usual) & ~frame["refunds"],
        "draw": (frame["margin"] < usual - rules.tags.margin_below)
        & (share > mean_new + rules.tags.new_above),
        "new": age <= rules.tags.new_days,
    }


def earned(study: Study) -> Result:
    """Return what each product earns after goods, fees and advertising."""
    return study.ask(["net_sales", "gross_profit", "product_contribution"], by=["style"])
