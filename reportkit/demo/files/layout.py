"""File layouts: which columns a demo file has, in which order, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
from pydantic import Field

from reportkit.project import Strict, load_model, read_yaml

__all__ = ["Column", "Frame", "Layout", "layouts"]

Column: TypeAlias = pa.Array | Sequence[str | int | float]
Frame = Mapping[str, Column]

_FOLDER = Path(__file__).with_name("layouts")


class Layout(Strict):
    """The layout of one source's files.

    `file` is the name below the inbox; its ending decides what is written, .xls being the HTML that platforms
    call so. `headers` stand in file order: `cells` names the field of the frame below each, `always` what
    stands in every row; the others stay empty. `above`, `below_header` and `below` are rows around them. A cell
    of a `formula` column is written ``="…"``, one of a `tabbed` column ends in a tab. `words` are the platform's.
    """

    file: str
    encoding: str = "utf-8"
    sheet: str | None = None
    above: tuple[tuple[str, ...], ...] = ()
    headers: list[str]
    below_header: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    cells: dict[str, str]
    always: dict[str, str] = Field(default_factory=dict)
    formula: tuple[str, ...] = ()
    tabbed: tuple[str, ...] = ()
    words: dict[str, Any] = Field(default_factory=dict)

    def columns(self, frame: Frame) -> list[Column | str]:
        """Lay out `frame`, columns of equal length by field, in file order; a text stands in every row."""
        return [
            frame[self.cells[header]] if header in self.cells else self.always.get(header, "")
            for header in self.headers
        ]


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout by the id of the source that reads it."""
    return {
        name: load_model(Layout, body, f"{path.name}: {name}")
        for path in sorted(_FOLDER.glob("*.yaml"))
        for name, body in read_yaml(path).items()
    }
