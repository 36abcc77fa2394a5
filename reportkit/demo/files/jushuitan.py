"""The ERP's files, about the whole company: its items with their costs, and every platform's paid orders.

Each of REPORTS takes the spans of all platforms over the same days. The rows of the orders only stand in: they
give way to the platforms' own files and add nothing where those are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from reportkit.demo.files.cells import moments, texts, words, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.numbers import line_id, order_id

if TYPE_CHECKING:
    from reportkit.demo.files.plan import Span
    from reportkit.demo.world import World

__all__ = ["REPORTS", "item_tables"]

_ID = "jushuitan"
_MONEY = ("list_price", "unit_cost")


def item_tables(world: World) -> dict[str, pd.DataFrame]:
    """Return ``skus`` and ``costs`` as the items bring them, in the schema's words; money is whole fen."""
    items = _items(world)
    return {"skus": items.drop(columns="unit_cost"), "costs": items[["platform_id", "sku_id", "unit_cost"]]}


def _items(world: World) -> pd.DataFrame:
    say = layouts()["jushuitan/items"].words
    skus = world.catalogue.skus
    styles = world.catalogue.products.take(skus["product"].to_numpy()).reset_index(drop=True)
    return pd.DataFrame(
        {
            "platform_id": _ID,
            "sku_id": skus["code"],
            "spu_id": styles["code"],
            "title": styles["title"],
            "spec": skus["spec"],
            "barcode": [say["barcode"].format(place) for place in skus.index],
            "brand": styles["brand"],
            "category": styles["l1"],
            "list_price": skus["price"].astype("int64"),
            "supplier": skus["supplier"],
            "status": say["status"],
            "unit_cost": skus["cost"].astype("int64"),
        }
    )


def items(spans: Sequence[Span]) -> Frame:
    """Return one row a variant."""
    known = _items(spans[0].world)
    rest = known.drop(columns=list(_MONEY)).astype(str)
    told = {str(name): pa.array(column, pa.string()) for name, column in rest.items()}
    return told | {name: yuan(known[name]) for name in _MONEY}


def orders(spans: Sequence[Span]) -> Frame:
    """Return one row an order and variant of what is paid; internal orders are numbered through."""
    frames = [_orders(span) for span in spans]
    joined = {name: pa.concat_arrays([frame[name] for frame in frames]) for name in frames[0]}
    place, first = [], int(layouts()["jushuitan/orders"].words["internal"])
    for frame in frames:
        number = frame["order"].dictionary_encode().indices.to_numpy()
        place.append(number + first)
        first += int(number.max(initial=-1)) + 1
    return {**joined, "number": texts(pd.Series([one for part in place for one in part], dtype="int64"))}


def _orders(span: Span) -> dict[str, pa.Array]:
    say = layouts()["jushuitan/orders"].words
    orders, catalogue = span.facts.orders, span.world.catalogue
    lines = span.facts.lines
    lines = lines[orders["paid"].notna().to_numpy()[lines["order"]]]
    of = orders.take(lines["order"].to_numpy())
    due = lines["due"].groupby(lines["order"]).transform("sum").to_numpy() + of["freight"].to_numpy()
    skus = catalogue.skus.take(lines["sku"].to_numpy())
    shop = span.world.merchant.platforms[span.platform].shop
    return {
        "order": order_id(span.platform, of["serial"], of["created"]),
        "line": line_id(span.platform, of["serial"], lines["line"]),
        "shop": pa.array([shop] * len(of), pa.string()),
        "platform": pa.array([say["platform"][span.platform]] * len(of), pa.string()),
        "created": moments(of["created"]),
        "paid": moments(of["paid"]),
        "payable": yuan(due),
        "state": words(of["state"], say["state"]),
        "code": pa.array(skus["code"], pa.string()),
        "title": pa.array(catalogue.products["title"].take(lines["product"].to_numpy()), pa.string()),
        "qty": texts(lines["qty"]),
        "price": yuan(lines["due"] // lines["qty"]),
        "due": yuan(lines["due"]),
        "listed": yuan(lines["listed"] // lines["qty"]),
        "freight": yuan(of["freight"]),
        "cost": yuan(skus["cost"]),
    }


REPORTS: tuple[tuple[str, Callable[[Sequence[Span]], Frame]], ...] = (
    ("jushuitan/items", items),
    ("jushuitan/orders", orders),
)
