"""Product pages whose visitors and conversion do not fit: busy and poor, or good and hardly seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.shrink import shrink
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.rows import records

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Page", "pages", "seen"]

_FEW = 8  # pages of a platform below which quarters of them mean nothing


@dataclass(frozen=True)
class Page:
    """A product on one platform. `kind` is busy (many visitors, few of whom buy) or quiet (the other way round).

    `rate` is the conversion as it is, `mean` drawn towards that of the platform's pages, with `low` and `high`
    around it; `usual` is the platform's own. `worth` is the money that the platform's usual conversion, or
    visitors as many as its middle page has, would bring more in the period.
    """

    kind: str
    style: str
    platform: str
    visitors: float
    rate: float
    mean: float
    low: float
    high: float
    usual: float
    worth: float

    def figure(self, traffic: Result) -> Figure:
        """Return what the page is worth; `traffic` is what `seen` returns."""
        dims = {"style": self.style, "platform": self.platform}
        return Figure("pages.worth", self.worth, "money", dims, traffic.rows_sql("item_cvr", **dims))


def seen(study: Study) -> Result:
    """Return visitors, buyers and GMV by product and platform."""
    return study.ask(["item_visitors", "item_pay_buyers", "item_cvr", "gmv"], by=["style", "platform"])


def pages(study: Study) -> tuple[Page, ...] | None:
    """Return the pages that do not fit, the dearest first; None where no platform tells visitors of products."""
    wide = study.page_traffic.wide().dropna(subset=["item_visitors", "item_pay_buyers"])
    wide = wide[(wide["style"] != "unknown") & (wide["item_visitors"] > 0)]
    if wide.empty:
        return None
    found = [
        page for _, rows in wide.groupby("platform_id") if len(rows) >= _FEW for page in _misfits(study, rows)
    ]
    return tuple(sorted(found, key=lambda page: -page.worth))


def _misfits(study: Study, rows: pd.DataFrame) -> list[Page]:
    """Return those of one platform."""
    rules = study.products.pages
    visitors, buyers = rows["item_visitors"], rows["item_pay_buyers"]
    _, told = shrink(buyers, visitors, level=rules.level)
    usual = float(buyers.sum() / visitors.sum())
    many, few = (visitors.quantile(rules.busy), visitors.quantile(rules.quiet))
    good, poor = (told["mean"].quantile(rules.busy), told["mean"].quantile(rules.quiet))
    kinds = {
        "busy": (visitors >= many) & (visitors >= rules.least_visitors) & (told["mean"] <= poor) & (told["high"] < usual),
        "quiet": (visitors <= few) & (buyers >= rules.least_buyers) & (told["mean"] >= good) & (told["low"] > usual),
    }  # fmt: skip
    value = (rows["gmv"] / buyers.where(buyers > 0)).fillna(rows["gmv"].sum() / max(buyers.sum(), 1))
    worth = {
        "busy": visitors * (usual - told["mean"]) * value,
        "quiet": (visitors.median() - visitors) * told["mean"] * value,
    }
    return [
        Page(kind, row["style"], row["platform_id"], row["item_visitors"], row["raw"], row["mean"], row["low"],
             row["high"], usual, row[kind])
        for kind, mask in kinds.items() for _, row in records(rows.join(told).assign(**worth)[mask])
    ]  # fmt: skip
