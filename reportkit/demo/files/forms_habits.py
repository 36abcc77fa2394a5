"""How the merchant keeps its books: ``forms.yaml``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reportkit.project import Strict, load_model, read_yaml

__all__ = ["Habits", "Note", "Step", "habits"]

_FILE = Path(__file__).with_name("forms.yaml")


class Fee(Strict):
    """A cost booked a month and platform: yuan a parcel, a piece and a customer's conversation."""

    name: str
    parcel: float = 0
    piece: float = 0
    session: float = 0


class Step(Strict):
    """A step of the flow whose hours the orders tell: from one time of an order to another."""

    node: str
    step: int
    link: str
    begins: str
    ends: str
    owner: str
    input: str
    output: str
    sla_hours: float
    platform: str | None = None


class Launch(Strict):
    """How launches come about: days of delay, days that stock comes before, least orders bought, share of them
    to be sold in the first month.
    """

    late: tuple[int, int]
    stock_before: int
    batches: float
    units: float
    owner: str


class Note(Strict):
    """A row that somebody wrote on day `since`; `planted`: about a trouble that a world without any lacks.

    `calm` is what the row says there instead.
    """

    since: date
    planted: bool = False
    calm: dict[str, Any] = {}
    row: dict[str, Any]


class Habits(Strict):
    """``forms.yaml``."""

    warehouse: str
    po: str
    shop_owner: str
    lists: dict[str, str]
    fees: dict[str, Fee]
    steps: list[Step]
    launch: Launch
    notes: dict[str, list[Note]]


@cache
def habits() -> Habits:
    """Return the merchant's habits of keeping books."""
    return load_model(Habits, read_yaml(_FILE), _FILE.name)
