"""The books of plans: the promotion calendar, shops, products and their launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportkit.demo.files.forms_habits import habits
from reportkit.demo.numbers import item_id

if TYPE_CHECKING:
    from reportkit.demo.world import World

__all__ = ["launches", "products", "promos", "shops"]

_ALL = "all"
_AGES = {"导入": 120, "成长": 365, "成熟": 100_000}  # days since the listing, up to


def promos(world: World) -> pd.DataFrame:
    """Return the promotion calendar: what holds on most platforms, and the others' own days."""
    phases = world.calendar.phases()
    days = phases[["phase", "first", "last"]].astype(str).agg(" ".join, axis=1)
    plan = days.groupby([phases["promo_id"], phases["platform"]], sort=False).agg(" ".join)
    usual = plan.groupby("promo_id").agg(lambda plans: plans.mode().iloc[0])
    common = (plan == usual.reindex(plan.index.get_level_values("promo_id")).to_numpy()).to_dict()
    keys = zip(phases["promo_id"], phases["platform"], strict=True)
    named = [_ALL if common[key] else key[1] for key in keys]
    frame = pd.DataFrame(
        {
            "platform_id": named,
            "promo_id": phases["promo_id"],
            "promo_platform": named,
            "phase": phases["phase"],
            "name": phases["name"],
            "start_date": phases["first"].astype("datetime64[s]"),
            "end_date": phases["last"].astype("datetime64[s]"),
            "ref_promo_id": phases["ref"],
        }
    )
    return frame.drop_duplicates().sort_values("start_date", kind="stable", ignore_index=True)


def shops(world: World) -> pd.DataFrame:
    """Return the merchant's shops, as the exports name them."""
    places = world.merchant.platforms
    return pd.DataFrame(
        {
            "platform_id": list(places),
            "shop_id": [shop.shop for shop in places.values()],
            "shop_name": [shop.shop for shop in places.values()],
            "shop_type": [shop.type for shop in places.values()],
            "owner": habits().shop_owner,
        }
    )


def products(world: World) -> pd.DataFrame:
    """Return every product that is listed by the world's end, once a platform."""
    catalogue = world.catalogue.products
    known = catalogue[catalogue["listed"] <= pd.Timestamp(world.cutoff)]
    age = (pd.Timestamp(world.end) - known["listed"]).dt.days
    kept = pd.DataFrame(
        {
            "title": known["title"],
            "brand": known["brand"],
            "category_l1": known["l1"],
            "category_l2": known["l2"],
            "list_price": known["price"].astype("int64"),
            "listed_date": known["listed"],
            "season": known["season"],
            "lifecycle": np.array(list(_AGES))[np.searchsorted(list(_AGES.values()), age)],
            "role": known["role"],
        }
    )
    rows = [
        kept.assign(platform_id=platform, spu_id=item_id(platform, known.index).to_pylist())
        for platform in world.merchant.platforms
    ]
    return pd.concat(rows, ignore_index=True)


def launches(world: World) -> pd.DataFrame:
    """Return the products listed while the world ran: planned and actual days, and what was expected."""
    plan, catalogue = habits().launch, world.catalogue
    known = catalogue.products
    known = known[known["listed"].between(pd.Timestamp(world.start), pd.Timestamp(world.cutoff))]
    known = known.sort_values("listed", kind="stable")
    rng = world.rng("launches")
    late = pd.to_timedelta(rng.integers(*plan.late, len(known), endpoint=True), unit="D")
    least = catalogue.skus.groupby("product")["moq"].sum().reindex(known.index)
    first = (least * plan.batches).round().astype("int64")
    units = (first * plan.units).round().astype("int64")
    arrived = known["listed"] - pd.Timedelta(days=plan.stock_before)
    return pd.DataFrame(
        {
            "platform_id": _ALL,
            "launch_id": [
                f"N-{day:%y%m}-{code}" for day, code in zip(known["listed"], known["code"], strict=True)
            ],
            "launch_platform": _ALL,
            "title": known["title"],
            "category": known["l1"],
            "role": known["role"],
            "planned_date": (known["listed"] - late).astype("datetime64[s]"),
            "actual_date": known["listed"],
            "stock_planned_date": (arrived - late).astype("datetime64[s]"),
            "stock_actual_date": arrived.astype("datetime64[s]"),
            "list_price": known["price"].astype("int64"),
            "first_qty": first,
            "target_units": units,
            "target_amt": units * known["price"].astype("int64"),
            "owner": plan.owner,
            "status": "已上架",
        }
    ).reset_index(drop=True)
