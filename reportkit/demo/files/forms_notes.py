"""What people wrote down: steps of the flow, events, risks, feedback, actions … as ``forms.yaml`` tells it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit import schema
from reportkit.demo.files.forms_habits import Note, habits
from reportkit.demo.world.troubles import Troubles

if TYPE_CHECKING:
    from reportkit.demo.world import World

__all__ = ["notes"]

_EVERYWHERE = "all"
_PLATFORM = "_platform"
_FEN = 100  # of a yuan, in which people write


def notes(world: World) -> dict[str, pd.DataFrame]:
    """Return by source what was written while the world ran; nothing of what is planted where nothing is."""
    return {name: _table(name, world) for name in habits().notes}


def _table(source: str, world: World) -> pd.DataFrame:
    table = schema.table(source.removeprefix("forms/"))
    planted = world.troubles != Troubles()
    rows = [
        _row(note.row if planted else note.row | note.calm)
        for note in habits().notes[source]
        if note.since >= world.start and _complete(note, table) <= world.end and (planted or not note.planted)
    ]
    frame = pd.DataFrame(rows)
    for column in table.own:
        if column.name in frame and column.type == "date":
            frame[column.name] = frame[column.name].astype("datetime64[s]")
        elif column.name in frame and column.type == "money":
            frame[column.name] = (frame[column.name].astype("Float64") * _FEN).round().astype("Int64")
    return frame


def _complete(note: Note, table: schema.Table) -> date:
    """The day on which all of a row was known: what it tells of the past had happened."""
    past = [column.name for column in table.own if column.type == "date" and not column.future]
    told: list[date] = [note.row[name] for name in past if name in note.row]
    return max([note.since, *told])


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """`row` with its platform, the one that one of its columns names."""
    named = next((value for name, value in row.items() if name.endswith(_PLATFORM)), _EVERYWHERE)
    return {"platform_id": named} | row
