"""Scarce stock, shared out over platforms: what each reserves stays its own, the rest evens out how long all last."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["allocate", "share_out"]

_NOTHING = 1e-9  # of the largest contribution a unit
_LEAST = float(np.finfo(float).tiny)


def share_out(
    pool: int, reserved: np.ndarray, rate: np.ndarray, value: np.ndarray, days: float
) -> np.ndarray:
    """Return the whole units of `pool` that go to each platform (n,), on top of those it has `reserved`.

    `rate` is what a platform sells a day and `days` how long the stock must last, so its demand is rate·days.
    Water filling: the days of cover of all platforms rise together, in proportion to their `value` (contribution
    a unit), from what they have reserved up to their demand. A platform that brings nothing is served, by cover
    alone, from what the others leave; so is one that brings next to nothing beside the best. Units of the pool that nobody needs are not given out. Raises ValueError
    for numbers below zero or not finite.
    """
    numbers = np.concatenate([[pool, days], reserved, rate])
    if not (np.isfinite(numbers).all() and (numbers >= 0).all() and np.isfinite(value).all()):
        raise ValueError("units, rates and days must be finite and not negative")
    room = np.floor(np.maximum(np.ceil((rate * days).round(6)) - reserved, 0.0))
    given = np.zeros(len(rate))
    beside = value / max(value.max(initial=0.0), _LEAST)
    worth = beside > _NOTHING
    for group, weight in ((worth, beside), (~worth, np.ones(len(rate)))):
        left = min(pool - given.sum(), room[group].sum())
        parts = _filled(left, reserved[group], rate[group] * weight[group], room[group])
        given[group] = _whole(parts, room[group], left)
    return np.asarray(given.astype(int))


def _filled(units: float, held: np.ndarray, flow: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return room filled to one level: clip(level·flow - held, 0, room), with the level that gives out `units`."""
    wanting = room > 0  # so flow > 0: there is no demand without a rate
    if not wanting.any():
        return np.zeros(len(room))
    flow, held = np.where(wanting, flow, 1.0), np.where(wanting, held, 0.0)
    levels = np.unique(np.concatenate([held / flow, (held + room) / flow])[np.tile(wanting, 2)])
    given = np.clip(levels[:, None] * flow - held, 0.0, room)
    level = np.interp(units, given.sum(axis=1), levels)
    return np.asarray(np.clip(level * flow - held, 0.0, room))


def _whole(parts: np.ndarray, room: np.ndarray, units: float) -> np.ndarray:
    """Return `parts` as whole numbers that add up to `units`, the largest remainders rounded up, none over `room`."""
    floor: np.ndarray = np.minimum(np.floor(parts + 1e-9), room)
    order = np.argsort(-np.where(floor < room, parts - floor, -1.0), kind="stable")
    floor[order[: round(units - floor.sum())]] += 1
    return floor


def allocate(needs: pd.DataFrame, pools: pd.Series, days: pd.Series) -> pd.DataFrame:
    """Share out the pool of every SKU over its platforms.

    `needs` has one row a SKU and platform: sku_id, platform_id, rate (units a day), value (contribution a unit, NaN:
    not known) and reserved (units). `pools` are the units free to give and `days` how long they must last, by
    sku_id. Return `needs` with `given` (whole units out of the pool), `cover` (days that reserved and given last, NaN
    without sales) and `short` (units of demand that are not met). Where the value of a platform is not known, all
    of that SKU count alike.
    """
    given = pd.Series(0, index=needs.index)
    for sku, rows in needs.groupby("sku_id", sort=False):
        alike = rows.assign(value=1.0) if rows["value"].isna().any() else rows
        reserved, rate, value = alike[["reserved", "rate", "value"]].to_numpy(float).T
        given[rows.index] = share_out(int(pools[sku]), reserved, rate, value, float(days[sku]))
    held, demand = needs["reserved"] + given, needs["rate"] * needs["sku_id"].map(days)
    frame = needs.assign(given=given, cover=held / needs["rate"].where(needs["rate"] > 0))
    return frame.assign(short=(demand - held).clip(lower=0))
