"""How a number is printed: scale, decimals, sign, missing; one place for both languages.

Rounding happens here and nowhere else, half away from zero, as people round.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from reportkit.project import Strict

__all__ = ["MISSING", "Column", "NumberWords", "Numbers", "Printed", "is_missing", "percentages"]

MISSING = "—"
_MINUS = "−"
_UP, _DOWN = "▲", "▼"
# Conversion rates live below 5 % and need two decimals; other rates have one.
_SMALL_RATE = 0.05

Unit = Literal["money", "count", "percent", "ratio", "hours", "days"]


class Scale(Strict):
    """From `over` on, numbers are divided by `by` and followed by `word`.

    `digits` says how many decimals are printed from which size (in units of `by`) on.
    """

    over: float
    by: float
    word: str
    digits: dict[int, int]


class Currency(Strict):
    """How a currency is named: before the number, after it, and after a scaled number in a sentence."""

    before: str = ""
    after: str = ""
    short: str = ""


class NumberWords(Strict):
    """``templates/words/<lang>/numbers.yaml``. Scales go from large to small.

    `scale_sticks`: the scale's word belongs to the digits (``22.1M``), not to the unit (``2,209 万元``).
    """

    scales: list[Scale]
    scale_sticks: bool
    currencies: dict[str, Currency]
    units: dict[str, str]
    points: str
    points_word: str


@dataclass(frozen=True)
class Printed:
    """A number ready to print: digits, and the unit that belongs to them."""

    text: str
    unit: str


@dataclass(frozen=True)
class Column:
    """A column of numbers in one unit with one count of decimals; `unit` goes into its header."""

    texts: tuple[str, ...]
    unit: str


def is_missing(value: float | None) -> bool:
    """Return whether there is no number: None, NaN or infinite."""
    return value is None or not math.isfinite(value)


def percentages(values: Sequence[float], digits: int = 1) -> list[float]:
    """Return shares in percent, rounded so that they sum to exactly 100 (largest remainder).

    Ties go to the larger value, then to the earlier one. All zeros give all zeros.

    >>> percentages([1, 1, 1])
    [33.4, 33.3, 33.3]
    """
    total = math.fsum(values)
    if total == 0:
        return [0.0] * len(values)
    unit = 10**digits
    exact = [value / total * 100 * unit for value in values]
    whole = [math.floor(part) for part in exact]
    left = round(100 * unit - sum(whole))
    order = sorted(range(len(values)), key=lambda i: (whole[i] - exact[i], -values[i], i))
    for i in order[:left]:
        whole[i] += 1
    return [part / unit for part in whole]


def _rounded(value: float, digits: int) -> Decimal:
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return exact if exact else abs(exact)


def _plain(value: float, digits: int) -> str:
    return f"{_rounded(value, digits):,f}".replace("-", _MINUS)


def _joined(printed: Printed) -> str:
    glue = "" if not printed.unit or printed.unit == "%" else " "
    return f"{printed.text}{glue}{printed.unit}"


def _plus(text: str) -> str:
    """Put a plus before a printed number that is above zero."""
    return text if text.startswith(_MINUS) or not text.strip("0.,") else f"+{text}"


@dataclass(frozen=True)
class Numbers:
    """Prints numbers in one language and one currency."""

    words: NumberWords
    currency: str

    def printed(self, value: float | None, unit: Unit, noun: str = "") -> Printed:
        """Return digits and unit apart, as a card shows them: ``2,209`` and ``万元``."""
        return self._printed(value, unit, noun, short=False)

    def inline(self, value: float | None, unit: Unit, noun: str = "") -> str:
        """Return a number as it stands in a sentence: ``2,209 万``, ``¥22.1M``, ``14.3%``."""
        return _joined(self._printed(value, unit, noun, short=True))

    def signed(self, value: float | None, unit: Unit, noun: str = "") -> str:
        """Return an absolute change with its sign: ``+127 万``, ``−¥1.3M``, ``+6.1 pp``."""
        if is_missing(value):
            return MISSING
        assert value is not None
        if unit == "percent":
            return _plus(_plain(value * 100, self._point_digits(value))) + self.words.points
        body = self.inline(value, unit, noun)
        return f"+{body}" if value > 0 and any(digit in body for digit in "123456789") else body

    def beside(self, value: float | None, whole: float | None, unit: Unit, noun: str = "") -> str:
        """Return a signed change in the scale of `whole`: ``+0.8 万`` beside ``31 万``."""
        if is_missing(value) or is_missing(whole) or unit not in ("money", "count"):
            return self.signed(value, unit, noun)
        assert value is not None
        assert whole is not None
        scale = self._column_scale([each for each in (whole, value) if each])
        smaller = self.words.scales[self.words.scales.index(scale) + 1 :]
        # One figure after zeros says little: 65K beside 1.3M, not 0.07M.
        if 0 < abs(value) < scale.by / 10 and scale.digits[0] > 1 and len(smaller) > 1:
            scale = smaller[0]
        text = _joined(self._at(value, scale, self._digits([value], scale), unit, noun, short=True))
        return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text

    def change(self, value: float | None, unit: Unit, digits: int | None = None) -> str:
        """Return a change with a direction mark: ``▲8.2%``, ``▼0.25pp``, ``▲0.39``; ``—`` if unknown.

        `value` is a growth rate for amounts (0.082), a difference for percent and ratio. `digits` fixes
        the decimals of percentage points, as a column of them needs.
        """
        if is_missing(value):
            return MISSING
        assert value is not None
        if unit == "percent":
            fixed = self._point_digits(value) if digits is None else digits
            size, tail = _plain(abs(value) * 100, fixed), self.words.points
        elif unit == "ratio":
            size, tail = _plain(abs(value), 2), ""
        else:
            size, tail = _plain(abs(value) * 100, 1), "%"
        zero = not size.strip("0.,")
        mark = "" if zero else (_UP if value > 0 else _DOWN)
        return f"{mark}{size}{tail}"

    def rate(self, value: float | None, digits: int = 1) -> str:
        """Return a share or rate in percent with fixed decimals: ``42.0%``."""
        if is_missing(value):
            return MISSING
        assert value is not None
        return _plain(value * 100, digits) + "%"

    def column(
        self, values: Iterable[float | None], unit: Unit, noun: str = "", signed: bool = False
    ) -> Column:
        """Return numbers that share one unit and one count of decimals, the unit apart."""
        given = list(values)
        known = [value for value in given if value is not None and math.isfinite(value)]
        if unit == "percent":
            digits = max((self._percent_digits(value) for value in known), default=1)
            if any(abs(value) >= _SMALL_RATE for value in known):
                digits = 1
            return Column(self._texts(given, 100.0, digits, signed), "%")
        if unit in ("money", "count"):
            scale = self._column_scale(known)
            header = self._column_unit(scale, unit, noun)
            return Column(self._texts(given, 1 / scale.by, self._digits(known, scale), signed), header)
        return Column(
            self._texts(given, 1.0, 2 if unit == "ratio" else 1, signed), self.words.units[unit] or noun
        )

    def divisor(self, values: Iterable[float | None], unit: Unit) -> float:
        """Return what `column` divides these values by, for an axis that shares its unit."""
        known = [value for value in values if value is not None and math.isfinite(value)]
        if unit == "percent":
            return 0.01
        return self._column_scale(known).by if unit in ("money", "count") else 1.0

    def _texts(self, values: list[float | None], times: float, digits: int, signed: bool) -> tuple[str, ...]:
        texts = (MISSING if is_missing(v) else _plain((v or 0.0) * times, digits) for v in values)
        return tuple(_plus(text) if signed and text != MISSING else text for text in texts)

    def _scale(self, values: Sequence[float]) -> Scale:
        """Return the largest scale that the largest value reaches, as it will be printed."""
        top = max((abs(value) for value in values), default=0.0)
        fit, *larger = self.words.scales[::-1]
        for scale in larger:
            if _rounded(top / fit.by, self._digits([top], fit)) * Decimal(fit.by) < scale.over:
                break
            fit = scale
        return fit

    def _column_scale(self, values: Sequence[float]) -> Scale:
        """Return the scale of a column: one smaller where the smallest number would print as zero."""
        scale = self._scale(values)
        least = min((abs(value) for value in values if value), default=0.0)
        smaller = self.words.scales[self.words.scales.index(scale) + 1 :]
        if least and not _rounded(least / scale.by, self._digits(values, scale)) and len(smaller) > 1:
            return smaller[0]
        return scale

    @staticmethod
    def _digits(values: Sequence[float], scale: Scale) -> int:
        top = max((abs(value) for value in values), default=0.0) / scale.by
        for size, digits in sorted(scale.digits.items(), reverse=True):
            if _rounded(top, digits) >= size:
                return digits
        return 0

    @staticmethod
    def _percent_digits(value: float) -> int:
        return 2 if 0 < abs(value) < _SMALL_RATE else 1

    @staticmethod
    def _point_digits(change: float) -> int:
        return 2 if abs(change) < 0.01 else 1

    def _printed(self, value: float | None, unit: Unit, noun: str, *, short: bool) -> Printed:
        if is_missing(value):
            return Printed(MISSING, "")
        assert value is not None
        if unit == "percent":
            return Printed(_plain(value * 100, self._percent_digits(value)), "%")
        if unit not in ("money", "count"):
            counted = unit == "days" and float(value).is_integer()
            digits = 2 if unit == "ratio" else 0 if counted else 1
            return Printed(_plain(value, digits), self.words.units[unit] or noun)
        scale = self._scale([value])
        return self._at(value, scale, self._digits([value], scale), unit, noun, short=short)

    def _at(self, value: float, scale: Scale, digits: int, unit: Unit, noun: str, *, short: bool) -> Printed:
        """Return money or a count at one scale."""
        money = self._currency() if unit == "money" else Currency(after=noun)
        text = money.before + _plain(abs(value) / scale.by, digits)
        if value < 0 and any(digit in text for digit in "123456789"):
            text = _MINUS + text
        after = money.short if short and unit == "money" and scale.word else money.after
        if self.words.scale_sticks:
            return Printed(text + scale.word, after)
        return Printed(text, scale.word + after)

    def _column_unit(self, scale: Scale, unit: Unit, noun: str) -> str:
        money = self._currency() if unit == "money" else Currency(after=noun)
        glue = " " if self.words.scale_sticks and money.after and scale.word else ""
        return f"{money.before}{scale.word}{glue}{money.after}".strip()

    def _currency(self) -> Currency:
        known = self.words.currencies
        return known.get(self.currency) or Currency(before=f"{self.currency} ")
