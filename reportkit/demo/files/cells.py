"""Values as the text that stands in a platform's cells: each function returns a string array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["constant", "dates", "decimals", "grouped", "moments", "texts", "whole", "words", "yuan"]

Numbers = Sequence[int] | np.ndarray | pd.Series
Times = Sequence[Any] | np.ndarray | pd.Series


def texts(values: Numbers | pd.Series) -> pa.Array:
    """Write whole numbers, or names, as they are: ``1234``; nothing for a name that is missing."""
    if isinstance(values, pd.Series) and not pd.api.types.is_integer_dtype(values):
        names = pd.Categorical(values)
        return words(names, {str(name): str(name) for name in names.categories})
    return _integers(values).cast(pa.string())


def yuan(fen: Numbers) -> pa.Array:
    """Write fen as yuan: ``1234.50``."""
    return decimals(fen, 2)


def decimals(values: Numbers, digits: int) -> pa.Array:
    """Write whole numbers of the last of `digits` decimals: ``1234.50`` for 123450 and two."""
    units = _integers(values)
    return _signed(units, _whole_part(units, digits).cast(pa.string()), _rest(units, digits))


def grouped(fen: Numbers) -> pa.Array:
    """Write fen as yuan with thousands separators: ``1,234.50``."""
    amounts = _integers(fen)
    return _signed(amounts, _thousands(_whole_part(amounts)), _rest(amounts))


def whole(values: Numbers) -> pa.Array:
    """Write counts with thousands separators: ``1,234``."""
    return _thousands(_integers(values))


def moments(times: Times, form: str | None = None) -> pa.Array:
    """Write times, as ``2025-11-11 00:01:02`` where no `form` is given; nothing for a time that never came."""
    return _written(pa.array(np.asarray(times, dtype="datetime64[s]"), pa.timestamp("s")), form)


def dates(times: Times, form: str | None = None) -> pa.Array:
    """Write days, as ``2025-11-11`` where no `form` is given; nothing for a day that never came."""
    return _written(pa.array(np.asarray(times, dtype="datetime64[D]"), pa.date32()), form)


def words(values: Any, meaning: Mapping[str, str]) -> pa.Array:
    """Write states or flags in a platform's words; nothing for one without a word, or that is missing."""
    codes = pd.Categorical(values)
    said = pa.array([meaning.get(str(name), "") for name in codes.categories], pa.string())
    place = pa.array(codes.codes.astype("int32"), mask=codes.codes < 0)
    return pc.fill_null(said.take(place), "")


def constant(text: str, count: int) -> pa.Array:
    """Write the same text `count` times."""
    return pa.repeat(pa.scalar(text), count)


def _written(times: pa.Array, form: str | None) -> pa.Array:
    return pc.fill_null(pc.strftime(times, form) if form else times.cast(pa.string()), "")


def _integers(values: Numbers) -> pa.Array:
    return pa.array(np.asarray(values, dtype="int64"))


def _whole_part(units: pa.Array, digits: int = 2) -> pa.Array:
    return pc.divide(pc.abs(units), 10**digits)


def _rest(units: pa.Array, digits: int = 2) -> pa.Array:
    left = pc.subtract(pc.abs(units), pc.multiply(_whole_part(units, digits), 10**digits))
    return pc.utf8_lpad(left.cast(pa.string()), digits, "0")


def _signed(amounts: pa.Array, before: pa.Array, after: pa.Array) -> pa.Array:
    sign = pc.if_else(pc.less(amounts, 0), "-", "")
    return pc.binary_join_element_wise(sign, pc.binary_join_element_wise(before, after, "."), "")


def _thousands(values: pa.Array) -> pa.Array:
    """Group digits of values that are not negative, from the right."""
    rest, text = pc.divide(values, 1000), values.cast(pa.string())
    if not len(values) or not pc.any(pc.greater(rest, 0)).as_py():
        return text
    last = pc.subtract(values, pc.multiply(rest, 1000)).cast(pa.string())
    joined = pc.binary_join_element_wise(_thousands(rest), pc.utf8_lpad(last, 3, "0"), ",")
    return pc.if_else(pc.greater(rest, 0), joined, text)
