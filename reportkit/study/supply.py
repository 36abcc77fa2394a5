"""What suppliers deliver: how long it takes, what is on its way."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from reportkit.metrics.query import Metrics
from reportkit.study.products import Stock

__all__ = ["SUPPLY", "supply"]

SUPPLY = ["lead", "lead_sd", "in_transit", "on_order", "next_arrival", "overdue"]

_MAD = 1.4826  # of a normal distribution's standard deviation

# An order is open on a day if it was placed by then and not yet received.
_TAKEN = """
SELECT sku_id, count(*) AS deliveries, median(days) AS lead, mad(days) AS spread
FROM (
  SELECT sku_id, date_diff('day', ordered_date, received_date) AS days
  FROM purchase_orders
  WHERE received_date <= DATE '{day}' AND ordered_date > DATE '{day}' - {back}
) AS taken
GROUP BY sku_id
"""
_OPEN = """
SELECT
  sku_id, date_diff('day', DATE '{day}', promised_date) AS due,
  qty - CASE WHEN received_date IS NULL THEN coalesce(received_qty, 0) ELSE 0 END AS units
FROM purchase_orders
WHERE ordered_date <= DATE '{day}' AND (received_date IS NULL OR received_date > DATE '{day}')
"""


def supply(metrics: Metrics, known: pd.DataFrame, day: date, rules: Stock) -> pd.DataFrame:
    """Return SUPPLY for every SKU of `known` (see goods.variants), as of `day`.

    `lead` and its deviation, in days: the median and the spread of last year's deliveries, where there were
    enough, else the item's card, else the usual. `on_order` (units) is open, `in_transit` the part of it that
    is promised within the lead time, `next_arrival` the days until the next promised one, NaN where none is
    promised for a day to come; `overdue` the days by which the oldest promise is broken, 0 where none is.
    """
    found = _lead(metrics, known, day, rules)
    opened = metrics.engine.frame(_OPEN.format(day=day))
    opened = opened[opened["units"] > 0].assign(due=lambda frame: frame["due"].astype("float64"))
    lead = opened["sku_id"].map(found["lead"])
    parts = {
        "in_transit": opened.loc[opened["due"] <= lead].groupby("sku_id")["units"].sum(),
        "on_order": opened.groupby("sku_id")["units"].sum(),
        "next_arrival": opened.loc[opened["due"] >= 0].groupby("sku_id")["due"].min(),
        "overdue": -opened.loc[opened["due"] < 0].groupby("sku_id")["due"].min(),
    }
    for name, values in parts.items():
        found[name] = values.reindex(found.index).astype("float64")
    gone = ["in_transit", "on_order", "overdue"]
    return found.assign(**{name: found[name].fillna(0.0) for name in gone})[SUPPLY]


def _lead(metrics: Metrics, known: pd.DataFrame, day: date, rules: Stock) -> pd.DataFrame:
    taken = metrics.engine.frame(_TAKEN.format(day=day, back=rules.deliveries_days)).set_index("sku_id")
    taken = taken[taken["deliveries"] >= rules.deliveries].reindex(known.index)
    lead = taken["lead"].fillna(known["lead"]).astype("float64").fillna(rules.lead.days)
    spread = (taken["spread"] * _MAD).fillna(known["lead_sd"]).astype("float64").fillna(rules.lead.sd)
    return pd.DataFrame({"lead": np.maximum(lead, 1.0), "lead_sd": spread}, index=known.index)
