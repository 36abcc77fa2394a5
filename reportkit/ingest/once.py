"""Cells that a statement reads more than once are read in a relation of their own: the plan is a fraction as large."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["read_once"]

# A macro of reportkit.ingest.cells over one raw column.
_READING = re.compile(r"""\b(?:number|dotted|moment|clean_id)\("[^"]+"(?:, '[^']+')?\)""")


def read_once(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return the SELECT list that reads such cells, and `texts` with its columns in their place.

    >>> read_once(['round(number("a"))', 'number("a") > 0 AND number("b") > 0'])
    ('*, number("a") AS "#read0"', ['round("#read0")', '"#read0" > 0 AND number("b") > 0'])
    """
    counted = Counter(found for text in texts for found in _READING.findall(text))
    names = {call: f'"#read{place}"' for place, (call, n) in enumerate(counted.items()) if n > 1}
    listed = ", ".join(["*", *(f"{call} AS {name}" for call, name in names.items())])
    return listed, [_READING.sub(lambda found: names.get(found[0], found[0]), text) for text in texts]
