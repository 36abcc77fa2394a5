"""File layouts: which columns a demo file has, in which order, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from reportkit.project import Strict, load_model, read_yaml

__all__ = ["Cell", "Frame", "Layout", "layouts"]

Cell = str | int | float
Frame = dict[str, Sequence[Cell]]

_FILE = Path(__file__).with_name("layouts.yaml")


class Layout(Strict):
    """One entry of ``layouts.yaml``; see the head of that file."""

    file: str
    encoding: str | None = None
    above: tuple[tuple[str, ...], ...] = ()
    headers: list[str]
    cells: dict[str, str]
    always: dict[str, str] = Field(default_factory=dict)
    formula: tuple[str, ...] = ()
    tabbed: tuple[str, ...] = ()
    words: dict[str, Any] = Field(default_factory=dict)

    def rows(self, frame: Frame) -> list[list[Cell]]:
        """Lay out `frame`, columns of equal length by field, in the order of the file."""
        count = len(next(iter(frame.values())))
        columns = [self._column(name, frame, count) for name in self.headers]
        return [list(row) for row in zip(*columns, strict=True)]

    def _column(self, header: str, frame: Frame, count: int) -> Sequence[Cell]:
        if header not in self.cells:
            return [self.always.get(header, "")] * count
        column = frame[self.cells[header]]
        if header in self.formula:
            return [f'="{cell}"' for cell in column]
        return [f"{cell}\t" for cell in column] if header in self.tabbed else column


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout by the id of the source that reads it."""
    data = read_yaml(_FILE)
    return {name: load_model(Layout, body, f"{_FILE.name}: {name}") for name, body in data.items()}
