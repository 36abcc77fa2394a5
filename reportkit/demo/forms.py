"""The workbooks the demo merchant keeps by hand: targets, promotions, shops, products."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from reportkit.demo import douyin, tmall
from reportkit.demo.calendar import promotions
from reportkit.demo.layouts import Cell, Frame, layouts
from reportkit.demo.states import happened
from reportkit.demo.truths import truths
from reportkit.demo.world import World

__all__ = ["products", "promos", "shops", "targets"]

_ROUND = 1000
_AMBITION = (0.94, 1.14)
_REFUNDED = 0.88
_BUDGET = 0.18
_ITEM_NUMBERS = {"tmall": tmall.item_numbers, "douyin": douyin.item_numbers}


def targets(world: World, seed: int) -> Frame:
    """Return targets of months, quarters, years and promotions; a company's is the sum of its platforms'.

    They are drawn around what came true, so that some are met and some are not; the months that the last
    year still has to come are there too, drawn around the same months a year before.
    """
    rng = np.random.default_rng([seed, 99])
    rows = _month_rows(world, rng)
    rows += _sum_rows(rows, 3, "Q") + _sum_rows(rows, 12, "Y") + _promo_rows(world, rng)
    say = layouts()["forms/targets"].words
    return {
        "period": [row["period"] for row in rows],
        "platform": [say["platform"][row["platform"]] for row in rows],
        "metric": [say["metric"][row["metric"]] for row in rows],
        "value": [row["value"] for row in rows],
        "budget": [row.get("budget", "") for row in rows],
        "weights": [row.get("weights", "") for row in rows],
        "set_at": [row["set_at"] for row in rows],
    }


def _month_rows(world: World, rng: np.random.Generator) -> list[dict[str, Any]]:
    came = truths(world)["monthly"]
    months = pd.period_range(world.start, f"{world.end.year}-12-31", freq="M")
    rows = []
    for month in months:
        gmv = _drawn(came["gmv"], month, rng, _ROUND)
        values = {
            "gmv": gmv,
            "net_sales": {name: _rounded(value * _REFUNDED, _ROUND) for name, value in gmv.items()},
            "orders": _drawn(came["orders"], month, rng, 10),
        }
        common = {"period": str(month), "weights": _weights(world, month), "set_at": f"{month}-01"}
        rows += [
            common | {"metric": metric, "platform": name, "value": value}
            for metric, by_platform in values.items()
            for name, value in _with_all(by_platform).items()
        ]
    return rows


def _drawn(
    came: dict[str, dict[str, Any]], month: pd.Period, rng: np.random.Generator, step: int
) -> dict[str, int]:
    """Targets of one month, by platform, around what came true, a year before where it has not yet."""
    return {
        name: _ambitious(float(months.get(str(month)) or months.get(str(month - 12), 0)), rng, step)
        for name, months in came.items()
        if name != "all"
    }


def _sum_rows(months: list[dict[str, Any]], size: int, freq: str) -> list[dict[str, Any]]:
    """Sum the months of every quarter (size 3) or year (size 12) that is there whole."""
    frame = pd.DataFrame(months)
    frame["whole"] = pd.PeriodIndex(frame["period"], freq="M").asfreq(freq)
    found = []
    for key, part in frame.groupby(["whole", "metric", "platform"], sort=False):
        whole, metric, platform = cast("tuple[pd.Period, str, str]", key)
        if len(part) == size:
            period = f"{whole.year}-Q{whole.quarter}" if freq == "Q" else str(whole)
            row = {"period": period, "metric": metric, "platform": platform}
            found.append(row | {"value": int(part["value"].sum()), "set_at": f"{part['period'].min()}-01"})
    return found


def _promo_rows(world: World, rng: np.random.Generator) -> list[dict[str, Any]]:
    rows = []
    for promo_id, day in world.days[world.days["promo_id"] != ""].groupby("promo_id", sort=False):
        first, last = day["date"].iloc[0], day["date"].iloc[-1]
        sold = {name: _ambitious(_sold(world, name, first, last), rng) for name in world.trades}
        common = {"period": promo_id, "metric": "gmv", "set_at": first.strftime("%Y-%m-01")}
        rows += [
            common | {"platform": name, "value": value, "budget": _rounded(value * _BUDGET, 100)}
            for name, value in _with_all(sold).items()
        ]
    return rows


def _sold(world: World, platform: str, first: pd.Timestamp, last: pd.Timestamp) -> float:
    trade = world.trades[platform]
    paid = trade.orders.index[happened(trade.orders["paid"], first, last)]
    return float(trade.lines.loc[trade.lines["order"].isin(paid), "due"].sum()) / 100


def _weights(world: World, month: pd.Period) -> str:
    """Daily weights where a promotion makes the days of a month unlike each other; else nothing."""
    days = world.days[world.days["date"].dt.to_period("M") == month]
    if not (days["promo_id"] != "").any():
        return ""
    expected = days["season"] * days["visitors"] * days["cvr"]
    weights = (expected / expected.sum()).round(4).to_list()
    weights[-1] = round(1 - sum(weights[:-1]), 4)
    return json.dumps(weights)


def _ambitious(value: float, rng: np.random.Generator, step: int = _ROUND) -> int:
    return _rounded(value * rng.uniform(*_AMBITION), step)


def _rounded(value: float, step: int) -> int:
    return int(round(value / step) * step)


def _with_all(values: dict[str, int]) -> dict[str, int]:
    return {"all": sum(values.values())} | values


def promos(world: World, seed: int) -> Frame:
    """Return the promotion calendar of the world's years."""
    frame = promotions(world.merchant, list(range(world.start.year, world.end.year + 1)))
    frame = frame.sort_values(["start", "promo_id"], kind="stable")
    return {
        "promo_id": list(frame["promo_id"]),
        "name": list(frame["name"]),
        "phase": list(frame["phase"]),
        "start": [day.isoformat() for day in frame["start"]],
        "end": [day.isoformat() for day in frame["end"]],
        "ref": ["" if pd.isna(ref) else ref for ref in frame["ref"]],
    }


def shops(world: World, seed: int) -> Frame:
    """Return the merchant's shops."""
    say = layouts()["forms/shops"].words["platform"]
    return {
        "platform": [say[name] for name in world.merchant.platforms],
        "shop": [shop.shop for shop in world.merchant.platforms.values()],
        "shop_type": [shop.shop_type for shop in world.merchant.platforms.values()],
    }


def products(world: World, seed: int) -> Frame:
    """Return the catalogue, every product once a platform."""
    say = layouts()["forms/products"].words["platform"]
    catalogue, names = world.merchant.products, list(world.merchant.platforms)
    places = pd.Series(range(len(catalogue)))
    columns: dict[str, Sequence[Cell]] = {
        field: [getattr(product, field) for product in catalogue] * len(names)
        for field in ("title", "l1", "l2", "price", "role")
    }
    return columns | {
        "platform": [say[name] for name in names for _ in catalogue],
        "item": [number for name in names for number in _ITEM_NUMBERS[name](places)],
        "listed": [product.listed.isoformat() for product in catalogue] * len(names),
        "brand": [world.merchant.brand] * (len(catalogue) * len(names)),
    }
