"""Values as the text that stands in a platform's cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["dates", "grouped", "moments", "numbers", "whole", "words", "yuan"]


def yuan(fen: Iterable[int]) -> list[str]:
    """Write fen as yuan: ``1234.50``."""
    return [f"{value // 100}.{value % 100:02d}" for value in fen]


def grouped(fen: Iterable[int]) -> list[str]:
    """Write fen as yuan with thousands separators: ``1,234.50``."""
    return [f"{value // 100:,}.{value % 100:02d}" for value in fen]


def whole(values: Iterable[int]) -> list[str]:
    """Write counts with thousands separators."""
    return [f"{value:,}" for value in values]


def moments(times: pd.Series) -> list[str]:
    """Write times as ``2025-11-01 09:30:00``; nothing for a time that never came."""
    text = np.datetime_as_string(times.to_numpy(dtype="datetime64[s]"))
    return ["" if cell == "NaT" else cell.replace("T", " ") for cell in text.tolist()]


def dates(times: pd.Series, form: str = "%Y-%m-%d") -> list[str]:
    """Write days."""
    return [str(day) for day in times.dt.strftime(form)]


def words(values: pd.Series, meaning: dict[str, Any]) -> list[str]:
    """Write states in a platform's words; nothing for a state without a word."""
    return [meaning.get(str(value), "") for value in values]


def numbers(first: int, step: int, places: Iterable[int]) -> list[str]:
    """Number things the way platforms do: long, growing, never repeated."""
    return [str(first + step * int(place)) for place in places]
