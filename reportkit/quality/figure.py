"""A number about the data themselves, with the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Figure", "Unit"]

Unit = Literal["money", "count", "percent", "ratio", "hours", "days"]


@dataclass(frozen=True)
class Figure:
    """One number of the data-quality page.

    `id` names what it counts (``coverage.missing``), `dims` which platform, table … it is about.
    `rows_sql` are the SELECTs of its rows by name, each with source_file, source_sheet and
    source_row; for what is missing, the rows of what there is.
    """

    id: str
    value: float
    unit: Unit = "count"
    dims: Mapping[str, str] = field(default_factory=dict)
    rows_sql: Mapping[str, str] = field(default_factory=dict)
