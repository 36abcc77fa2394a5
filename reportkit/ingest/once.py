"""What a statement needs more than once stands in a relation of its own: the plan is a fraction as large.

A macro is written out with its argument, and an alias of the same SELECT with its expression, at every
place that names it: the CASE that unwraps an id would stand six times in every id.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

__all__ = ["in_steps", "read_once"]

# Macros of reportkit.ingest.cells over one raw column.
_OF_ID = re.compile(r"""\b(clean_id|is_rounded)\(("[^"]+")\)""")
_UNWRAPPED = {"clean_id": "whole_id", "is_rounded": "is_power"}
_UNWRAPPING = re.compile(r"""\bunwrapped\("[^"]+"\)""")
_READING = re.compile(r"""\b(?:number|dotted|moment|whole_id|is_power)\("[^"]+"(?:, '[^']+')?\)""")


def read_once(texts: Sequence[str]) -> tuple[str, str, list[str]]:
    """Return the SELECT lists that unwrap ids and read cells, one over the other, and `texts` with their columns.

    >>> read_once(['round(number("a"))', 'number("a") > 0 AND number("b") > 0', 'clean_id("c")'])
    ('*, unwrapped("c") AS "#unwrapped0"', '*, number("a") AS "#read0"', ['round("#read0")', '"#read0" > 0 AND number("b") > 0', 'whole_id("#unwrapped0")'])
    """
    texts = [
        _OF_ID.sub(lambda found: f"{_UNWRAPPED[found[1]]}(unwrapped({found[2]}))", text) for text in texts
    ]
    unwrapped, texts = _named("unwrapped", _UNWRAPPING, texts, least=1)
    read, texts = _named("read", _READING, texts, least=2)
    return unwrapped, read, texts


def in_steps(computed: Mapping[str, str]) -> list[str]:
    """Return the SELECT lists, each over the one before, of `computed`: names by their SQL, which may name those before.

    >>> in_steps({"a + 1": "b", "a + 2": "c", '"b" * "c"': "d"})
    ['a + 1 AS "b", a + 2 AS "c"', '"b" * "c" AS "d"']
    """
    step: dict[str, int] = {}
    for sql, name in computed.items():
        step[name] = max((step[other] + 1 for other in step if f'"{other}"' in sql), default=0)
    return [
        ", ".join(f'{sql} AS "{name}"' for sql, name in computed.items() if step[name] == number)
        for number in range(max(step.values()) + 1)
    ]


def _named(name: str, calls: re.Pattern[str], texts: Sequence[str], least: int) -> tuple[str, list[str]]:
    """Return the SELECT list that names what `texts` call at `least` so often, and `texts` with the names."""
    counted = Counter(found for text in texts for found in calls.findall(text))
    names = {call: f'"#{name}{place}"' for place, (call, n) in enumerate(counted.items()) if n >= least}
    listed = ", ".join(["*", *(f"{call} AS {column}" for call, column in names.items())])
    return listed, [calls.sub(lambda found: names.get(found[0], found[0]), text) for text in texts]
