"""What is of no single platform: the books that people keep, and the ERP's items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.demo.files.jushuitan import item_tables
from reportkit.demo.tables.told import shipped_sources

if TYPE_CHECKING:
    from reportkit.demo.world import World

__all__ = ["company_tables"]

_ITEMS = "jushuitan/items"


def company_tables(world: World, books: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every table that is not one platform's, by name, given the `books` people keep, by source (see Records.tables).

    Frames are like those of platform_tables; a table may come more than once.
    """
    for source, frame in books.items():
        (table,) = shipped_sources()[source].fed
        yield table, frame.assign(source_id=source)
    for table, frame in item_tables(world).items():
        yield table, frame.assign(source_id=_ITEMS)
