"""Rows of a frame as plain values."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

__all__ = ["number", "records"]


def records(frame: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """Return the index and the values by column of every row, in order."""
    rows: list[Any] = frame.to_dict("records")
    return list(zip(map(str, frame.index), rows, strict=True))


def number(frame: pd.DataFrame, row: Hashable, column: str) -> float:
    """Return one cell that holds a number; NaN where it is missing."""
    value: Any = frame.at[row, column]
    return float("nan") if pd.isna(value) else float(value)
