"""What reports derive from what they know: rates, averages, names by place, and the levels of a channel's name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.demo.files.cells import decimals, yuan

__all__ = ["averages", "levels", "means", "picked", "rates"]

_BETWEEN = " › "


def rates(part: Any, whole: Any, digits: int = 2) -> pa.Array:
    """Write `part` of `whole`, counts row by row, as ``3.41%``; 0 of nothing."""
    shares = _rounded(_quotients(part, whole) * 10 ** (2 + digits))
    return pc.binary_join_element_wise(decimals(shares, digits), "%", "")


def averages(amount: Any, count: Any) -> pa.Array:
    """Write `amount` (fen) by `count` as yuan; 0 of nothing."""
    return yuan(means(amount, count))


def means(amount: Any, count: Any) -> np.ndarray:
    """Return `amount` (fen) by `count` in whole fen; 0 of nothing."""
    return _rounded(_quotients(amount, count))


def picked(names: pd.Series, places: Any) -> pa.Array:
    """Return of `names`, texts by place, that of each of `places`."""
    return pa.array(names, pa.string()).take(pa.array(np.asarray(places)))


def levels(channels: pd.Series, above: str) -> dict[str, pa.Array]:
    """Split channels such as ``搜索 › 品牌词`` into the fields level1 … level4; `above` where there is no such level."""
    parts = [str(channel).split(_BETWEEN) for channel in channels]
    columns = [[one[place] if place < len(one) else above for one in parts] for place in range(4)]
    return {f"level{place}": pa.array(column, pa.string()) for place, column in enumerate(columns, 1)}


def _rounded(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.floor(values + 0.5))


def _quotients(part: Any, whole: Any) -> np.ndarray:
    over, under = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.asarray(np.divide(over, under, out=np.zeros_like(over), where=under > 0))
