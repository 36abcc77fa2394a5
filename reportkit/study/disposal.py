"""What to do with stock that does not move, and what that may bring back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["ADVICE", "Disposal", "disposal"]

# Send back, stop what is ordered, clear, sell along with its pair, order no more.
ADVICE = ("return", "stop", "clear", "bundle", "hold")


@dataclass(frozen=True)
class Disposal:
    """The slow SKUs, the dearest first.

    `frame` is that of study.stock with `advice` (one of ADVICE), `partner` (the style it sells with, or None),
    `spare` (units beyond the cover to keep), and what these bring: recovered between low and high (money).
    `value` is the stock of all SKUs, NaN where no cost is known.
    """

    frame: pd.DataFrame
    value: float
    slow: float

    @property
    def rate(self) -> float:
        """The share of the stock's value that is slow."""
        return self.slow / self.value if self.value > 0 else float("nan")


def disposal(study: Study) -> Disposal | None:
    """Return what is slow or dead, and a way out of it; None where nobody counted stock."""
    if study.stock.day is None:
        return None
    rules, stock = study.products.disposal, study.stock.frame
    value = stock["value"].sum(min_count=1)
    slow = stock[stock["zone"] == "slow"].sort_values("value", ascending=False)
    partner = slow["style"].map(_partners(study)).astype(object)
    spare = (slow["available"] - slow["rate"].fillna(0.0) * rules.keep).clip(lower=0).round()
    price = slow["price"].fillna(slow["unit_cost"])
    back = {
        name: spare * price * (1 - share) for name, share in zip(("low", "high"), rules.discount, strict=True)
    }
    frame = slow.assign(partner=partner.where(partner.notna(), None), spare=spare, **back)
    cover = frame["cover"].fillna(np.inf)
    choices = {
        "return": frame["age_days"] <= rules.returns,
        "stop": frame["on_order"] > 0,
        "clear": cover >= rules.clear,
        "bundle": frame["partner"].notna(),
    }
    frame["advice"] = np.select(list(choices.values()), list(choices), "hold")
    return Disposal(frame, float(value), float(slow["value"].sum()))


def _partners(study: Study) -> dict[str, str]:
    """Return by style the one it is surest bought with."""
    found: dict[str, str] = {}
    for row in study.together.frame.to_dict("records"):
        for one, other in ((row["first"], row["second"]), (row["second"], row["first"])):
            found.setdefault(one, other)
    return found
