"""Products and their variants, by place in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reportkit.demo.world.merchant import Merchant, Product

__all__ = ["Catalogue", "build_catalogue"]

_MEDIUM = 10  # the size whose least orders the merchant's file tells


@dataclass(frozen=True)
class Catalogue:
    """`products` and `skus`, one row a place; prices and costs in fen.

    products: code, title, brand, l1, l2, price, role, season, listed (datetime64[s]), refund, weight.
    skus: product (place), code, spec, price, cost, weight (share within the product), lead_time,
    lead_time_sd (days), moq, supplier, season.
    """

    products: pd.DataFrame
    skus: pd.DataFrame

    def choose_skus(self, product: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return one of its SKUs (place) for every product (place)."""
        upto = self.skus.groupby("product")["weight"].cumsum() + self.skus["product"]
        drawn = product + rng.random(len(product)) * (1 - 1e-9)
        return np.searchsorted(upto.to_numpy(), drawn, side="right").clip(0, len(upto) - 1).astype("int32")

    def of_skus(self, values: np.ndarray) -> np.ndarray:
        """Return values of SKUs (last axis) as weighted means of their products."""
        shares = np.zeros((len(self.skus), len(self.products)))
        shares[self.skus.index, self.skus["product"]] = self.skus["weight"]
        return np.asarray(values @ shares)

    def place(self, code: str) -> int:
        """Return the place of the product or SKU of that `code`."""
        return self._places[code]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {
            code: place for frame in (self.products, self.skus) for place, code in enumerate(frame["code"])
        }


def build_catalogue(merchant: Merchant, scale: float) -> Catalogue:
    """Return the merchant's catalogue; least orders grow with `scale`."""
    products = [_product(merchant, product) for product in merchant.products]
    skus = [row for place, one in enumerate(merchant.products) for row in _skus(merchant, place, one, scale)]
    frame = pd.DataFrame(products)
    frame["listed"] = frame["listed"].astype("datetime64[s]")
    return Catalogue(frame, pd.DataFrame(skus))


def _product(merchant: Merchant, product: Product) -> dict[str, object]:
    names = ("code", "title", "l1", "l2", "role", "season", "refund", "weight", "listed")
    told = {name: getattr(product, name) for name in names}
    return told | {"brand": merchant.brand, "price": product.price * 100}


def _skus(merchant: Merchant, place: int, product: Product, scale: float) -> list[dict[str, object]]:
    supplier = merchant.suppliers[product.supplier]
    whole = sum(sku.share for sku in product.skus.values())
    return [
        {
            "product": place,
            "code": f"{product.code}-{suffix}",
            "spec": sku.spec,
            "price": round(product.price * sku.price) * 100,
            "cost": round(product.cost * sku.price * 10) * 10,
            "weight": sku.share / whole,
            "lead_time": supplier.lead,
            "lead_time_sd": supplier.sd,
            "moq": max(1, round(product.moq * scale / _MEDIUM)),
            "supplier": product.supplier,
            "season": product.season,
        }
        for suffix, sku in product.skus.items()
    ]
