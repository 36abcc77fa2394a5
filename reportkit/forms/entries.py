"""Rows of a table, in the schema's words, as the cells of the form that people keep it in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reportkit import schema
from reportkit.forms.model import Cell
from reportkit.forms.workbook import Columns
from reportkit.ingest.form import Form
from reportkit.ingest.source import Source

__all__ = ["as_cells"]

_FEN = 100


def as_cells(frame: pd.DataFrame, source: Source) -> Columns:
    """Return `frame`, a table in the schema's words, as columns of `source`'s sheet by header.

    Money is whole hundredths (int64), days are timestamps; a missing value leaves its cell empty.
    """
    found: dict[str, list[Cell | None]] = {}
    for table, column, form in source.forms():
        header = form.raw_columns()[0] if form.raw else None
        if header and column in frame and header not in found:
            kind = schema.table(table).column(column).type
            found[header] = _cells(frame[column], kind, _words(form, source))
    return found


def _cells(values: pd.Series, kind: str, words: Mapping[str, str]) -> list[Cell | None]:
    """Write `values` of a schema type; with `words`, as the word that means each; None where there is none."""
    there = values.notna()
    known = values[there]
    if words:
        cells: list[Cell] = [words[value] for value in _plain(known, kind).astype(str)]
    else:
        cells = _plain(known, kind).tolist()
    if there.all():
        return list(cells)
    rest = iter(cells)
    return [next(rest) if one else None for one in there]


def _plain(known: pd.Series, kind: str) -> pd.Series:
    """`known`, none of them missing, as cells of the schema type `kind`; money in yuan."""
    match kind:
        case "date":
            return pd.Series(known.dt.date)
        case "money":
            return known.astype("int64") / _FEN
        case "number":
            return known.astype(float)
        case "int":
            return known.astype("int64")
        case _:
            return known.astype(object)


def _words(form: Form, source: Source) -> dict[str, str]:
    """The first word of the drop-down for each meaning; nothing where cells hold no words."""
    named = source.vocabularies[form.map] if isinstance(form.map, str) else form.map or {}
    return {str(meaning): str(word) for word, meaning in reversed(named.items())}
