"""Small orders made by hand, for whatever happens after payment."""

from __future__ import annotations

import numpy as np
import pandas as pd

START = np.datetime64("2026-03-01", "s")
PRODUCTS = pd.DataFrame({"refund": [1.0, 0.6, 1.3, 0.9], "l1": ["床品", "枕芯", "毛巾", "床品"]})


def paid_orders(count: int, lines: int = 3, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders of March 2026 and their lines, 1 to `lines` each; one order in twenty is never paid."""
    rng = np.random.default_rng(seed)
    created = START + np.sort(rng.integers(0, 31 * 86400, count)).astype("timedelta64[s]")
    paid = np.where(rng.random(count) < 0.05, np.datetime64("NaT"), created + np.timedelta64(60, "s"))
    orders = pd.DataFrame({"serial": 1000 + np.arange(count), "created": created, "paid": paid})
    orders["deposit_paid"] = np.datetime64("NaT", "s")
    orders["cancelled"] = (orders["created"] + pd.Timedelta(days=1)).where(orders["paid"].isna())
    for name, before, hours in (
        ("shipped", "paid", (4, 60)),
        ("collected", "shipped", (1, 6)),
        ("signed", "collected", (30, 90)),
        ("completed", "signed", (24, 200)),
    ):
        orders[name] = orders[before] + (rng.uniform(*hours, count) * 3600).astype("timedelta64[s]")
    orders["buyer"], orders["province"] = np.arange(count), pd.Categorical(["广东省"] * count)
    orders["influencer"] = np.where(rng.random(count) < 0.3, 2, -1)
    orders["freight"] = np.where(rng.random(count) < 0.3, 800, 0)
    return orders, _lines(orders, lines, rng)


def _lines(orders: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    size = rng.integers(1, most + 1, len(orders))
    order = np.repeat(np.arange(len(orders)), size).astype("int32")
    line = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    frame = pd.DataFrame(
        {"order": order, "serial": orders["serial"].to_numpy()[order], "line": line.astype("int8")}
    )
    frame["product"] = rng.integers(0, len(PRODUCTS), len(order)).astype("int32")
    frame["sku"] = 2 * frame["product"]
    frame["qty"] = rng.choice([1, 2, 3], len(order), p=[0.85, 0.12, 0.03]).astype("int16")
    frame["due"] = frame["qty"] * rng.integers(1999, 60000, len(order))
    for name, rate in {"platform": 0.05, "influencer": 0.03, "payment": 0.01}.items():
        given = rng.random(len(order)) < 0.4
        frame[name] = np.where(given, (frame["due"] * rate).round(), 0).astype("int64")
    return frame
