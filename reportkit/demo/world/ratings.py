"""Scores of products and shops, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from reportkit.demo.world.habits import RatingHabits, Scale
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
    fall = _falls(len(sold), day, faults)
    rated = np.flatnonzero(counts)
    scale = habits.product
    scores = _scores(habits, scale, fall[rated], counts[rated], rng)
    products = _frame(rated, scale.source, scores, scale, counts[rated])
    total = int(counts.sum())
    if not total:
        return products.assign(date=pd.Timestamp(day).as_unit("s"))
    parts = [products]
    for source, of_shop in habits.shops[platform].items():
        drop = (fall * counts).sum() / total if of_shop.goods else 0.0
        score = _scores(habits, of_shop, np.array([drop]), np.array([total]), rng)
        parts.append(_frame(np.array([_SHOP]), source, score, of_shop, np.array([total])))
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(0, "date", pd.Timestamp(day).as_unit("s"))
    return frame


def _falls(products: int, day: date, faults: Sequence[Fault]) -> np.ndarray:
    """How far each product's score has fallen, in steps of a scale from 1 to 5."""
    fall = np.zeros(products)
    for fault in faults:
        fall[fault.product] += fault.rating * (np.datetime64(day) >= fault.since)
    return fall


def _scores(
    habits: RatingHabits, scale: Scale, fall: np.ndarray, counts: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Means of so many ratings, on the scale."""
    step = (scale.max - scale.min) / 4
    noise = rng.normal(0, habits.spread * step / np.sqrt(counts))
    return np.asarray((scale.score - fall * step + noise).clip(scale.min, scale.max).round(2))


def _frame(product: np.ndarray, source: str, score: np.ndarray, scale: Scale, n: np.ndarray) -> pd.DataFrame:
    told = {"product": product, "source": source, "score": score}
    return pd.DataFrame(told | {"scale_min": scale.min, "scale_max": scale.max, "n": n})
