"""What the statement reads before a cell is typed: pseudo columns, cells carried over, the rows of an order."""

from __future__ import annotations

from reportkit.ingest.form import bare
from reportkit.ingest.read import ROW
from reportkit.ingest.source import Source

__all__ = ["BELOW", "ENDED", "FIRST", "Rows"]

BELOW = "#below"
ENDED = "#ended"
FIRST = "#first"


class Rows:
    """The rows of one layout of `source`. `present` holds the raw columns the file has, by first name."""

    def __init__(self, source: Source, present: set[str]) -> None:
        self.source, self.present = source, present
        self.spreads = any(form.spread for _, _, form in source.forms())
        self.order = f'PARTITION BY "#origin", "{bare(source.rows_of)}"' if source.rows_of else ""

    def cells(self) -> str:
        """Return the SELECT list over what was read; a raw column that the file lacks is null."""
        names = ["#origin", ROW, *self.source.file_patterns.values()]
        names += [FIRST] if self.source.skip_rows else []
        names += [ENDED] if self.source.ends else []
        names += [BELOW] if self.source.note_row else []
        quoted = [f'"{name}"' for name in names]
        return ", ".join([*quoted, *map(self._cell, self.source.raw_columns)])

    def _cell(self, name: str) -> str:
        return f'"{name}"' if name in self.present else f'NULL::VARCHAR AS "{name}"'

    def filled(self) -> str:
        """Return the SELECT list that gives a cell which only one row of an order holds to its other rows."""
        names = [f'"{bare(spec)}"' for spec in self.source.fill]
        values = [f"coalesce({name}, max({name}) OVER ({self.order})) AS {name}" for name in names]
        listed = f"* REPLACE ({', '.join(values)})" if values else "*"
        return f"{listed}, {self._content()}" if self.spreads else listed

    def _content(self) -> str:
        """What a row holds: it puts the rows of an order in an order that does not hang on their place."""
        return f'hash({", ".join(f"{chr(34)}{name}{chr(34)}" for name in self.source.raw_columns)}) AS "#content"'

    def windows(self) -> str:
        """Return the WINDOW clause over the rows of an order: all of them, and those up to a row."""
        if not self.spreads:
            return ""
        return f"""WINDOW whole AS ({self.order}),
            upto AS ({self.order} ORDER BY "#content" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"""
