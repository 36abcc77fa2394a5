"""What the cells of a column look like, where nobody has said what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import pyarrow as pa

from reportkit.ingest.cells import tidy

__all__ = ["LOOKS_OF", "Look", "looks", "said"]

Look = Literal["time", "date", "number", "id"]

# What the cells of a column must look like to be read as a type of the schema; other types take any text.
LOOKS_OF: dict[str, set[Look]] = {
    "time": {"time", "date"},
    "date": {"time", "date"},
    "money": {"number"},
    "number": {"number"},
    "int": {"number"},
}

_MOST = 0.9  # a total row or a stray remark does not change what a column is
_DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?:19|20)\d{6}|\d{1,2}/\d{1,2}/\d{4}"
_CLOCK = r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z| ?[+-]\d{2}:?\d{2})?"
_SHAPES: dict[Look, re.Pattern[str]] = {
    "time": re.compile(f"(?:{_DAY}){_CLOCK}"),
    "date": re.compile(f"(?:{_DAY})(?:[ T]+00:00:00)?"),
    "number": re.compile(
        r"(?:[A-Z]{3} ?|[¥￥$€£฿])?[+-]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?(?: ?[元万件个%])?(?:[(（].*)?"
    ),
    "id": re.compile(r'(?:="?|[\'`])?(?=[^"]*\d)[A-Za-z0-9_.-]{4,}"?'),
}


def looks(cells: Sequence[str]) -> set[Look]:
    """Return everything that `cells` may be; nothing but text where the set is empty.

    >>> sorted(looks(["2025-11-01 08:00:00", "-"]))
    ['time']
    >>> sorted(looks(["3000000000000000001", "3000000000000000002"]))
    ['id', 'number']
    """
    found = said(cells)
    return {
        look
        for look, shape in _SHAPES.items()
        if found and sum(bool(shape.fullmatch(cell)) for cell in found) >= _MOST * len(found)
    }


def said(cells: Sequence[str], missing: Sequence[str] = ()) -> list[str]:
    """Return the cells that hold a value, trimmed; `missing` are further words for "no value"."""
    return [cell for cell in tidy(pa.array(cells, pa.string()), missing).to_pylist() if cell]
