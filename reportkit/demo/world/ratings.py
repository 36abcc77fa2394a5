"""Scores of products and shops, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from reportkit.demo.world.habits import RatingHabits
from reportkit.demo.world.refunds import Fault

__all__ = ["sample_ratings"]

_SHOP = -1


def sample_ratings(
    habits: RatingHabits,
    platform: str,
    day: date,
    sold: np.ndarray,
    faults: Sequence[Fault],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the scores published on `day` for the month that ends with it.

    Columns: date, product (place; -1 the shop), source (whose score it is), score (two decimals), scale_min,
    scale_max, n (ratings behind it). `sold` are the pieces received by product in the month. A faulty product's
    score falls by its `rating`; the shop's score of goods falls by the product's weight in it.
    """
    counts = rng.binomial(sold, habits.share)
    rated, total = np.flatnonzero(counts), int(counts.sum())
    shops = habits.shops[platform] if total else {}
    scales, names = [habits.product, *shops.values()], [habits.product.source, *shops]
    which = np.concatenate([np.zeros(len(rated), int), np.arange(1, len(scales))])
    low, high, usual = (
        np.array([getattr(one, name) for one in scales])[which] for name in ("min", "max", "score")
    )
    fall, step = _falls(len(sold), day, faults), (high - low) / 4
    of_goods = [(fall * counts).sum() / total * one.goods for one in shops.values()]
    n = np.concatenate([counts[rated], np.full(len(shops), total)])
    noise = rng.normal(0, habits.spread * step / np.sqrt(n))
    score = usual - np.concatenate([fall[rated], of_goods]) * step + noise
    return pd.DataFrame(
        {
            "date": pd.Timestamp(day).as_unit("s"),
            "product": np.concatenate([rated, np.full(len(shops), _SHOP)]),
            "source": np.array(names)[which],
            "score": score.clip(low, high).round(2),
            "scale_min": low,
            "scale_max": high,
            "n": n,
        }
    )


def _falls(products: int, day: date, faults: Sequence[Fault]) -> np.ndarray:
    """How far each product's score has fallen, in steps of a scale from 1 to 5."""
    fall = np.zeros(products)
    for fault in faults:
        fall[fault.product] += fault.rating * (np.datetime64(day) >= fault.since)
    return fall
