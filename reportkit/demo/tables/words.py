"""States and names as words: one look-up a category, not one a row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from reportkit.engines import connect
from reportkit.ingest.cells import MACROS

__all__ = ["provinces", "worded"]


def worded(values: pd.Series, meaning: Mapping[str, str | None]) -> pa.Array:
    """Return the word for each of `values`, categories or text; null for one that is null or has no word."""
    known = values.astype("category")
    words = [meaning.get(str(name)) or None for name in known.cat.categories]
    places = known.cat.codes.to_numpy()
    return pa.array([*words, None], pa.string()).take(pa.array(np.where(places < 0, len(words), places)))


@cache
def provinces(names: tuple[str, ...]) -> dict[str, str | None]:
    """Return by name of a province the one that an ingest writes."""
    with connect() as db:
        db.execute(MACROS)
        return dict(
            db.execute("SELECT name, province(name) FROM unnest(?) AS told(name)", [list(names)]).fetchall()
        )
