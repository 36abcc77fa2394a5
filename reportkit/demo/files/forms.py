"""What the merchant keeps by hand: gathered while the world runs, then written into the shipped workbooks.

records = Records(world)
for stretch in world.stretches():
    records.collect(stretch)                      # aggregates only: orders are not held
frames = records.tables()                         # by source: the same rows in the schema's own words
for book in write_books(frames, folder, exported):
    book.path, book.rows                          # relative to folder; rows by source
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reportkit.demo.files.forms_care import Care
from reportkit.demo.files.forms_goods import inventory, purchase_orders, skus
from reportkit.demo.files.forms_notes import notes
from reportkit.demo.files.forms_plan import launches, products, promos, shops
from reportkit.demo.files.forms_steps import Steps
from reportkit.demo.files.forms_targets import Goals
from reportkit.demo.files.workbooks import write_books

if TYPE_CHECKING:
    from reportkit.demo.world import Stretch, World

__all__ = ["Records", "write_books"]


class Records:
    """The hand-kept tables of one world, by the source that reads them (``forms/targets`` …).

    Columns are those of the schema, and ``platform_id``: money int64 fen, days datetime64[s], ids and words
    text, absent values null.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._care, self._steps, self._goals = Care(world), Steps(world), Goals(world)
        self._stock: list[pd.DataFrame] = []
        self._purchases: list[pd.DataFrame] = []

    def collect(self, stretch: Stretch) -> None:
        """Take what the books need of `stretch`; months come in order."""
        self._care.collect(stretch)
        self._steps.collect(stretch)
        self._goals.collect(stretch)
        self._stock.append(inventory(self._world, stretch))
        self._purchases.append(purchase_orders(self._world, stretch))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the rows of every book that has some, oldest first, once all months are collected."""
        world = self._world
        found = {
            "forms/targets": self._goals.table(),
            "forms/promos": promos(world),
            "forms/shops": shops(world),
            "forms/products": products(world),
            "forms/launches": launches(world),
            "forms/skus": skus(world),
            "forms/inventory": pd.concat(self._stock, ignore_index=True),
            "forms/purchase_orders": pd.concat(self._purchases, ignore_index=True),
        }
        written = notes(world)
        steps = pd.concat([self._steps.table(), written["forms/process_nodes"]], ignore_index=True)
        found |= self._care.tables() | written | {"forms/process_nodes": steps}
        return {name: frame for name, frame in found.items() if len(frame)}
