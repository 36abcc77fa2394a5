"""How the page about products speaks of products, variants, days and money."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.show import blocks
from reportkit.show.blocks import money
from reportkit.show.display import Drawn, Pen

__all__ = [
    "absent",
    "category",
    "sku",
    "style",
    "tags",
]


def style(pen: Pen, name: str) -> str:
    """Return what a reader calls one of the merchant's products."""
    return pen.name("style", name)


def sku(pen: Pen, code: str) -> str:
    """Return what a reader calls a variant: its code, and the product it belongs to."""
    return pen.name("sku", code)


def category(pen: Pen, name: str) -> str:
    """Return what a reader calls a category; the whole where it is empty."""
    return pen.name("category", name) if name else pen.words("labels.total")


def between(pen: Pen, low: float, high: float) -> str:
    """Return a range of money in one unit."""
    column = pen.words.numbers.column([low, high], "money")
    ends = [money(pen, low), money(pen, high)]
    return pen.words(
        "product.between", low=column.texts[0], high=column.texts[1], unit=column.unit, ends=ends
    )


def absent(pen: Pen, block: str, *tables: str) -> Drawn:
    """Return a block that has no data, named for the list of what lacks, with the tables that would fill it."""
    return blocks.absent(pen.words(f"product.block_{block}"), *tables)


def tags(pen: Pen, given: Sequence[str]) -> str:
    """Return the tags of a product in words."""
    return pen.words.list([pen.words(f"product.tag_{tag}") for tag in given])
