"""Numbers as a report prints them, read back: value, precision and kind of what stands in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reportkit.show.numbers import NumberWords, is_missing

__all__ = ["Number", "Reader"]

_MINUS = ("−", "▼", "-")
# A share may be rounded up or down by one place, so that all of them make 100.0 %.
_SLACK = 1e-9

Kind = Literal["amount", "percent", "points", "noun", "plain"]


@dataclass(frozen=True)
class Number:
    """A printed number: ``14.3 万`` is 143,000 ± 500, ``12.6%`` is 0.126 ± 0.0005.

    `kind` is ``amount`` with a scale or currency, ``percent``, ``points``, ``noun`` with a word of its own
    (``644 单``), else ``plain``. `signed`: it carries + − ▲ or ▼. `start` and `end` are its place.
    """

    value: float
    half: float
    kind: Kind
    unit: str
    signed: bool
    start: int
    end: int

    def says(self, value: float | None, places: float = 1.0) -> bool:
        """Return whether `value` rounds to this number; `places` is how many halves of its last digit it may be off."""
        if value is None or is_missing(value):
            return False
        return abs(self.value - value) <= self.half * places + _SLACK * max(1.0, abs(value))


class Reader:
    """Reads numbers of one language; `nouns` are what its counts are counts of."""

    def __init__(self, words: NumberWords, nouns: Iterable[str] = ()) -> None:
        self._scales = {scale.word: scale.by for scale in words.scales if scale.word}
        currencies = words.currencies.values()
        self._before = sorted({currency.before for currency in currencies} - {""}, key=len, reverse=True)
        self._after = {name for each in currencies for name in (each.after, each.short)} - {""}
        self._points = {words.points.strip(), words.points_word.strip()}
        units = {unit for unit in words.units.values() if unit and unit != "%"}
        nouns = ({*nouns} | units) - self._after - {""}
        self._pattern = re.compile(
            r"(?<![A-Za-z0-9.,])(?P<sign>[+−▲▼±-]?)"
            rf"(?P<before>{_any(self._before)})?(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?!\d|\.\d)"
            rf" ?(?P<scale>{_any(self._scales)})?"
            rf" ?(?P<after>{_any({*self._after, *self._points, *nouns, '%'})})?"
        )

    def numbers(self, text: str) -> Iterator[Number]:
        """Yield the numbers of `text` in order."""
        for found in self._pattern.finditer(text):
            yield self._number(found)

    def first(self, text: str, start: int = 0) -> Number | None:
        """Return the number that begins at `start`, None where none does."""
        found = self._pattern.match(text, start)
        return self._number(found) if found else None

    def under(self, text: str, unit: str) -> Number | None:
        """Return the number that `text` begins with, in the unit of its column: ``14.3`` under ``万元``."""
        before = next((name for name in self._before if unit.startswith(name)), "")
        return self.first(f"{before}{text} {unit.removeprefix(before)}")

    def _number(self, found: re.Match[str]) -> Number:
        digits = found["digits"].replace(",", "")
        after = found["after"] or ""
        by = self._scales.get(found["scale"] or "", 1.0)
        by *= 0.01 if after == "%" or after in self._points else 1.0
        half = 0.5 * by / 10 ** len(digits.partition(".")[2])
        value = float(digits) * by * (-1 if found["sign"] in _MINUS else 1)
        return Number(
            value, half, self._kind(found, after), after, bool(found["sign"]), found.start(), found.end()
        )

    def _kind(self, found: re.Match[str], after: str) -> Kind:
        if after == "%":
            return "percent"
        if after in self._points:
            return "points"
        if after and after not in self._after:
            return "noun"
        return "amount" if after or found["before"] or found["scale"] else "plain"


def _any(words: Iterable[str]) -> str:
    """Return an expression for any of `words`; a Latin one ends where its letters end."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (r"(?![A-Za-z])" if word[-1:].isalpha() else "") for word in longest)
